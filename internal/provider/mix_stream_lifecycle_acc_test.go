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

// monitoredMix is a mix with a monitor of its output; more lines go into the monitor and into the resource.
func monitoredMix(session, monitor, more string) string {
	return fmt.Sprintf(`
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = %q
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params  = { output_stream_name = "show" }
  output_monitor = {
    domain_name = "push.example.com"
    %s
  }
  %s
}
`, session, monitor, more)
}

// withDomain lets the inputs push under the domain that monitors ask for.
func withDomain(sim *livesim.Server) *livesim.Server {
	for _, name := range []string{"host", "guest"} {
		sim.Publish(name, livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	return sim
}

func expectState(state string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.StringExact(state))
}

// An output that is found inactive plans to send the mix again, in place, and a destroy cancels all the same.
func TestAccMixStream_monitorInactive(t *testing.T) {
	acctest.Need(t)
	sim := withDomain(acctest.StartSimulator(t))
	mix := acctest.ProviderBlock(sim) + monitoredMix("room", `active_timeout = "0s"`, "")
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
				PreConfig:        func() { withDomain(sim) },
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

// A mix whose output stays down is sent again by each apply.
func TestAccCLI_monitorSendsAgain(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := withDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, monitoredMix("room", `active_timeout = "1s"`, ""))
	if n := len(sim.RequestsOf(livesim.ActionCreate)); n != 1 {
		t.Fatalf("%d creates", n)
	}

	sim.Unpublish("host")
	sim.Unpublish("guest")
	// A refresh-only run takes the state over and leaves the mix alone.
	out := w.Run("apply", "-refresh-only", "-auto-approve")
	if !strings.Contains(out, `"active" -> "inactive"`) || len(sim.RequestsOf(livesim.ActionCreate)) != 1 {
		t.Errorf("refresh-only:\n%s", out)
	}
	out = w.Run("plan")
	if !strings.Contains(out, "0 to add, 1 to change, 0 to destroy") || !strings.Contains(out, `"inactive" -> (known after apply)`) {
		t.Errorf("plan:\n%s", out)
	}

	withDomain(sim)
	out = w.Run("apply", "-auto-approve", "-refresh=false")
	if !strings.Contains(out, "0 added, 1 changed, 0 destroyed") || len(sim.RequestsOf(livesim.ActionCreate)) != 2 {
		t.Errorf("apply:\n%s", out)
	}
	w.Unchanged()
	w.Destroy(sim)
}

// An output that is not active in time is a warning, and its state is saved.
func TestAccCLI_activeTimeout(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t) // The inputs push under another domain, so that the output does not show under this one.
	sim.Publish("host", livesim.LongSince(), livesim.Domain("elsewhere.example.com"))
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + monitoredMix("room", `active_timeout = "1s"`, "")})
	start := time.Now()
	out := acctest.OneLine(w.Run("apply", "-auto-approve"))
	if took := time.Since(start); took < time.Second {
		t.Errorf("the apply took %s and did not wait", took)
	}
	expectText(t, out,
		"Warning: The output stream is not active",
		`Tencent accepted the mix "room", but its output "show" under push.example.com/live was still inactive after 1s.`,
		"Check that the inputs push and that domain_name and app_name are those of the output.",
		"1 added, 0 changed, 0 destroyed")
	if out := w.Run("show"); !strings.Contains(out, `output_stream_state    = "inactive"`) {
		t.Errorf("state:\n%s", out)
	}
	w.Destroy(sim)
}

// A banned output plans no change, as none would help.
func TestAccCLI_forbiddenOutput(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := withDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, monitoredMix("room", "", ""))
	sim.Forbid("show")
	w.Run("apply", "-refresh-only", "-auto-approve")
	w.Unchanged()
	w.Destroy(sim)
}

// A monitor that cannot be read is a warning: the state stays, and neither plan nor destroy fails for it.
func TestAccCLI_monitorUnreadable(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := withDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, monitoredMix("room", "", ""), "max_retries = 1")
	sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "InternalError.GetStreamInfoError", Message: "oops"}})
	out := acctest.OneLine(w.Run("plan"))
	expectText(t, out, "No changes.", "Warning: Unable to read the state of the output stream", `The session "room" is not touched by this`, "Attempts: 2")
	w.Destroy(sim)
}

// A monitor that finds its output inactive or banned warns at plan.
func TestAccCLI_monitorWarnings(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := withDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, monitoredMix("room", `active_timeout = "0s"`, ""))
	for _, name := range []string{"host", "guest"} {
		sim.Unpublish(name)
	}
	expectText(t, acctest.OneLine(w.Run("plan")), "Warning: Output stream is inactive", "This plan sends the mix again", "1 to change")
	sim.Forbid("show")
	out := acctest.OneLine(w.Run("plan"))
	expectText(t, out, "Warning: Output stream is forbidden", "Lift the ban")
}

// With wait_for_inputs, a mix waits for an input that starts late.
func TestAccMixStream_waitForInputs(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.PushSettle = time.Second })
	sim.Unpublish("guest")
	mix := acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), "output_params", "wait_for_inputs = true\n  output_params", 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{{
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
		}},
	})
}

// An input that never comes is an error with a hint, and the timeout is named.
func TestAccMixStream_waitForInputsInVain(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Unpublish("guest")
	mix := acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), "output_params", "wait_for_inputs = true\n  timeouts = { create = \"2s\" }\n  output_params", 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{{
			Config: mix,
			ExpectError: acctest.Message("Unable to create mix stream", "The create timeout of 2s ran out. Its last attempt failed: An input does not push", `The session "room" was not started`,
				"Code: FailedOperation.StreamNotExist"),
		}},
	})
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
