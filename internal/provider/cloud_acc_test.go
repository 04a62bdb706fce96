// SPDX-License-Identifier: MPL-2.0

package provider

import (
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
)

// cloud is where a test runs that needs no control over the API: the simulator, or Tencent Cloud.
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
	needAcceptance(t)
	if os.Getenv(acctest.CloudVariable) == "" {
		sim := startSim(t)
		return cloud{
			block: providerBlock(sim), session: "anywhere", streams: []string{"host", "guest"},
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

// A mix is created, changed in place, imported and cancelled, here as there.
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
					statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("id"), knownvalue.StringExact(c.session)),
					statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(1)),
				},
			},
			{
				Config:           c.mix(30),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			},
			{
				ResourceName:            testAddress,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"mix_stream_template_id", "input_stream_list", "output_params"},
			},
		},
	})
}
