// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// The state is read anew by each plan.
func TestAccStreamState(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Publish("band", livesim.App("stage"), livesim.LongSince())
	config := acctest.ProviderBlock(sim) + `
data "tencentcss_stream_state" "host" {
  domain_name = "push.example.com"
  stream_name = "host"
}

data "tencentcss_stream_state" "band" {
  domain_name = "push.example.com"
  app_name    = "stage"
  stream_name = "band"
}

output "host" {
  value = data.tencentcss_stream_state.host.state
}
`
	expect := func(name, app, state string) []statecheck.StateCheck {
		at := "data.tencentcss_stream_state." + name
		return []statecheck.StateCheck{
			statecheck.ExpectKnownValue(at, tfjsonpath.New("app_name"), knownvalue.StringExact(app)),
			statecheck.ExpectKnownValue(at, tfjsonpath.New("state"), knownvalue.StringExact(state)),
		}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: append(expect("host", "live", "active"), expect("band", "stage", "active")...)},
			{PreConfig: func() { sim.Unpublish("host") }, Config: config, ConfigStateChecks: expect("host", "live", "inactive")},
			{PreConfig: func() { sim.Forbid("host") }, Config: config, ConfigStateChecks: expect("host", "live", "forbid")},
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "AuthFailure.TokenFailure", Message: "no token"}})
				},
				Config:      config,
				ExpectError: acctest.Message("Unable to read stream state", "The security token is wrong or has expired", "AuthFailure.TokenFailure", "RequestId:", "Attempts: 1"),
			},
			{PreConfig: sim.ClearFaults, Config: config},
		},
	})
}

// All pages of the API make one list, and a list that has not changed plans nothing.
func TestAccOnlineStreams(t *testing.T) {
	acctest.Need(t)
	const n = 250
	sim := acctest.StartSimulator(t)
	for i := range n {
		sim.Publish(fmt.Sprintf("room_%03d", i), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	const at = "data.tencentcss_online_streams.rooms"
	config := acctest.ProviderBlock(sim) + `
data "tencentcss_online_streams" "rooms" {
  domain_name        = "push.example.com"
  stream_name_prefix = "room_"
}

output "names" {
  value = join(" ", data.tencentcss_online_streams.rooms.streams[*].stream_name)
}
`
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("room_%03d", i))
	}
	stream := func(name string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"domain_name": knownvalue.StringExact("push.example.com"), "app_name": knownvalue.StringExact("live"), "stream_name": knownvalue.StringExact(name),
			"publish_times": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))}),
		})
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListSizeExact(n)),
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams").AtSliceIndex(0), stream("room_000")),
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams").AtSliceIndex(n-1), stream("room_249")),
					statecheck.ExpectKnownOutputValue("names", knownvalue.StringExact(strings.Join(names, " "))),
				},
			},
			{
				PreConfig: func() {
					for _, name := range names[1:] {
						sim.Unpublish(name)
					}
				},
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListExact([]knownvalue.Check{stream("room_000")})),
				},
			},
			{
				PreConfig:         func() { sim.Unpublish(names[0]) },
				Config:            config,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListExact([]knownvalue.Check{}))},
			},
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionOnlineList, Times: -1, Error: &livesim.APIError{Code: "UnauthorizedOperation", Message: "not allowed"}})
				},
				Config:      config,
				ExpectError: acctest.Message("Unable to read online streams", "The credentials do not allow this call", "RequestId:"),
			},
			{PreConfig: sim.ClearFaults, Config: config},
		},
	})
}

// needActions skips a test on a CLI that does not know actions.
var needActions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_14_0)}

// A trigger cancels a session of which the state knows nothing, before the mix that takes its place is created.
func TestAccCancelMixStream_trigger(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	_, stray := newWired(t, inProcess{sim})
	config := acctest.ProviderBlock(sim) + `
action "tencentcss_cancel_mix_stream" "stray" {
  config {
    mix_stream_session_id = "room"
  }
}
` + strings.Replace(acctest.MinimalMix("show"), "output_params", `lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.tencentcss_cancel_mix_stream.stray]
    }
  }
  output_params`, 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		TerraformVersionChecks:   needActions,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
			{
				PreConfig: func() { startMix(t, sim, stray) },
				Config:    config,
				Check: func(*terraform.State) error {
					return errors.Join(acctest.Live(sim, "show"), acctest.Calls(sim, livesim.ActionCancel, 1))
				},
			},
			// Nothing is created any more, so that nothing is cancelled.
			{Config: config, Check: func(*terraform.State) error { return acctest.Calls(sim, livesim.ActionCancel, 1) }},
		},
	})
}

// An action that fails stops the run before what depends on it.
func TestAccCancelMixStream_triggerFails(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	config := acctest.ProviderBlock(sim) + `
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
				ExpectError: acctest.Message("Unable to cancel mix stream", "Top the account up", `The session "room" may still run`, "ResourceNotFound.StopService"),
			},
			{Config: strings.ReplaceAll(config, `"room"`, `"room 1"`), ExpectError: acctest.Message(invalidValue, "mix_stream_session_id")},
		},
	})
}
