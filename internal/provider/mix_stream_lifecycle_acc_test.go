// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

func expectState(state string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.StringExact(state))
}

// An output that is found inactive plans to send the mix again, in place, and a destroy cancels all the same.
func TestAccMixStream_monitorInactive(t *testing.T) {
	acctest.Need(t)
	sim := acctest.WithDomain(acctest.StartSimulator(t))
	mix := acctest.ProviderBlock(sim) + acctest.MonitoredMix("room", `active_timeout = "0s"`, "")
	offline := func() { sim.Unpublish("host"); sim.Unpublish("guest") }
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy: func(*terraform.State) error {
			return errors.Join(acctest.NothingLeft(sim), acctest.Calls(sim, livesim.ActionCancel, 1))
		},
		Steps: []resource.TestStep{
			{Config: mix, ConfigStateChecks: []statecheck.StateCheck{expectState("active")}},
			{
				PreConfig:    offline,
				RefreshState: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(acctest.MixAddress, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state")),
				}},
				ExpectNonEmptyPlan: true,
			},
			{
				PreConfig:        func() { acctest.WithDomain(sim) },
				Config:           mix,
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			// The last refresh before the destroy sees an inactive output.
			{
				PreConfig:          offline,
				RefreshState:       true,
				ExpectNonEmptyPlan: true,
				Check:              func(*terraform.State) error { return acctest.Live(sim, "room") },
			},
		},
	})
}

// With wait_for_inputs, a mix waits for an input that starts late.
func TestAccMixStream_waitForInputs(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.PushSettle = time.Second })
	sim.Unpublish("guest")
	mix := acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), "output_params", "wait_for_inputs = true\n  output_params", 1)
	testMix(t, sim, []resource.TestStep{{
		PreConfig: func() {
			go func() {
				for len(sim.RequestsOf(livesim.ActionCreate)) == 0 {
					time.Sleep(10 * time.Millisecond)
				}
				sim.Publish("guest")
			}()
		},
		Config: mix,
		Check: func(*terraform.State) error {
			return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCreate, 2))
		},
	}})
}

// An input that never comes is an error with a hint, and the timeout is named.
func TestAccMixStream_waitForInputsInVain(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Unpublish("guest")
	mix := acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), "output_params", "wait_for_inputs = true\n  timeouts = { create = \"2s\" }\n  output_params", 1)
	testMix(t, sim, []resource.TestStep{{
		Config: mix,
		ExpectError: acctest.Message("Unable to create mix stream", "The create timeout of 2s ran out. Its last attempt failed: An input does not push", `The session "room" was not started`,
			"Code: FailedOperation.StreamNotExist"),
	}})
}

// cloud is where a test runs that does not control the API: the simulator or Tencent Cloud.
type cloud struct {
	// block is the provider block, and session a session ID that is free.
	block, session string
	// streams are two that push.
	streams []string
	client  *liveapi.Client
}

// anyCloud is a simulator; with TENCENTCSS_ACC_CLOUD it is Tencent Cloud, with the credentials of the environment and the
// two streams that TENCENTCSS_ACC_STREAMS names, separated by a comma.
func anyCloud(t *testing.T) cloud {
	t.Helper()
	acctest.Need(t)
	if os.Getenv(acctest.CloudVariable) == "" {
		sim := acctest.StartSimulator(t)
		return cloud{
			block: acctest.ProviderBlock(sim), session: "anywhere", streams: []string{"host", "guest"},
			client: newClient(t, environment{getenv: func(name string) string {
				return map[string]string{
					"TENCENTCLOUD_SECRET_ID": "AKIDsimulator", "TENCENTCLOUD_SECRET_KEY": "simulator-secret-key",
					"TENCENTCSS_LIVE_ENDPOINT": sim.URL(),
				}[name]
			}}),
		}
	}
	streams := strings.Split(os.Getenv("TENCENTCSS_ACC_STREAMS"), ",")
	if len(streams) != 2 {
		t.Fatalf("TENCENTCSS_ACC_STREAMS names %q, and must name two streams that push, as in host,guest", streams)
	}
	return cloud{
		block: `provider "tencentcss" {}`, session: fmt.Sprintf("tf_acc_%d", time.Now().UnixNano()), streams: streams,
		client: newClient(t, processEnvironment()),
	}
}

// newClient is a client of an environment alone.
func newClient(t *testing.T, env environment) *liveapi.Client {
	t.Helper()
	cfg, _, diags := resolveConfig(t.Context(), providerModel{}, env)
	if diags.HasError() {
		t.Fatal(diags)
	}
	client, err := liveapi.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

func (c cloud) mix(template int) string {
	return fmt.Sprintf(`%s
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = %q
  mix_stream_template_id = %d
  input_stream_list = [
    { input_stream_name = %q, layout_params = { image_layer = 1 } },
    { input_stream_name = %q, layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "%[2]s_out" }
}
`, c.block, c.session, template, c.streams[0], c.streams[1])
}

// A mix is created, changed in place, imported and cancelled, on the simulator as on Tencent Cloud.
func TestAccCloud_life(t *testing.T) {
	c := anyCloud(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		// No API tells what runs, but a cancel tells whether the session is gone.
		CheckDestroy: func(*terraform.State) error {
			switch cancelled, err := c.client.CancelAnyMixStream(t.Context(), c.session, func(string) {}); {
			case err != nil:
				return err
			case cancelled != liveapi.OutcomeNotFound:
				return fmt.Errorf("the session %s outlived its destroy; it is cancelled now", c.session)
			}
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config:           c.mix(20),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("id"), knownvalue.StringExact(c.session)),
					statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(1)),
				},
			},
			{
				Config:           c.mix(30),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			},
			{
				ResourceName:            acctest.MixAddress,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"mix_stream_template_id", "input_stream_list", "output_params"},
			},
		},
	})
}
