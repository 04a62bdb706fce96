// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// needActions skips a test on a CLI that does not know actions.
var needActions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)}

// A trigger cancels a session of which the state knows nothing, before the mix that takes its place is created.
func TestAccCancelMixStream_trigger(t *testing.T) {
	sim := newSim(t)
	_, stray := newWired(t, inProcess{sim})
	config := providerBlock(sim) + `
action "tencentcss_cancel_mix_stream" "stray" {
  config {
    mix_stream_session_id = "room"
  }
}
` + strings.Replace(minimalMix("show"), "output_params", `lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.tencentcss_cancel_mix_stream.stray]
    }
  }
  output_params`, 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		TerraformVersionChecks:   needActions,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{
				PreConfig: func() { startMix(t, sim, stray) },
				Config:    config,
				Check:     resource.ComposeTestCheckFunc(live(sim, "show"), calls(sim, livesim.ActionCancel, 1)),
			},
			// Nothing is created any more, so that nothing is cancelled.
			{Config: config, Check: calls(sim, livesim.ActionCancel, 1)},
		},
	})
}

// An action that fails stops the run before what depends on it.
func TestAccCancelMixStream_triggerFails(t *testing.T) {
	sim := newSim(t)
	config := providerBlock(sim) + `
action "tencentcss_cancel_mix_stream" "stray" {
  config {
    mix_stream_session_id = "room"
  }
}

resource "terraform_data" "after" {
  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.tencentcss_cancel_mix_stream.stray]
    }
  }
}
`
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		TerraformVersionChecks:   needActions,
		Steps: []resource.TestStep{
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Error: &livesim.APIError{Code: "ResourceNotFound.StopService", Message: "stopped"}})
				},
				Config:      config,
				ExpectError: message("Unable to cancel mix stream", "Top the account up", `The session "room" may still run`, "ResourceNotFound.StopService"),
			},
			{Config: strings.ReplaceAll(config, `"room"`, `"room 1"`), ExpectError: message(invalidValue, "mix_stream_session_id")},
		},
	})
}
