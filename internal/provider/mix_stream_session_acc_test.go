// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"strings"
	"testing"
	"time"

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

// A refusal proves that nothing was started: the state stays empty, and so the next plan creates.
func TestAccMixStream_createRefused(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InvalidParameter.InvalidPictureID", Message: "no such picture"}})
	testMix(t, sim, []resource.TestStep{
		{
			Config:      mix,
			ExpectError: acctest.Message("Unable to create mix stream", "A picture has no valid ID", "was not started", "Code: InvalidParameter.InvalidPictureID", "Attempts: 1"),
		},
		{
			Config:           mix,
			ConfigPlanChecks: expectAction(plancheck.ResourceActionCreate),
			Check: func(*terraform.State) error {
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 0), acctest.Calls(sim, livesim.ActionCreate, 2))
			},
		},
	})
}

func TestAccMixStream_wrongSecretKey(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := strings.ReplaceAll(acctest.ProviderBlock(sim), "simulator-secret-key", "a-wrong-secret-key") + acctest.MinimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:      mix,
			ExpectError: acctest.Message("Unable to create mix stream", "The signature of the call is wrong", "Check the secret ID, the secret key", "Code: AuthFailure.SignatureFailure", "Attempts: 1"),
		}},
	})
	if n := len(sim.Requests()); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

// The user does not notice a lost answer while retries are left: the second create updates the session of the first.
func TestAccMixStream_createRetried(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	testMix(t, sim, []resource.TestStep{{
		Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
		Check: func(*terraform.State) error {
			return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCreate, 2))
		},
	}})
}

// The answer to the create is lost after it took effect, and the retries are used up: the session is in the state as
// tainted, and is cancelled before a new one is created.
func TestAccMixStream_createAnswerLost(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim, "max_retries = 0") + acctest.MinimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	testMix(t, sim, []resource.TestStep{
		{
			Config:      mix,
			ExpectError: acctest.Message("Mix stream may be running", "stays in the state as tainted", "Code: ClientError.NetworkError"),
		},
		{
			PreConfig: func() {
				if err := acctest.Live(sim, "room"); err != nil {
					t.Error(err)
				}
			},
			Config:           mix,
			ConfigPlanChecks: expectAction(plancheck.ResourceActionReplace),
			Check: func(*terraform.State) error {
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 1), acctest.Calls(sim, livesim.ActionCreate, 2))
			},
		},
	})
}

// The same, but the user destroys the mix: no session is left.
func TestAccMixStream_createAnswerLostThenDestroyed(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim, "max_retries = 0") + acctest.MinimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	testMix(t, sim, []resource.TestStep{
		{Config: mix, ExpectError: acctest.Message("Mix stream may be running")},
		{Config: mix, Destroy: true, PreConfig: func() {
			if err := acctest.Live(sim, "room"); err != nil {
				t.Error(err)
			}
		}},
	})
	if got := acctest.CancelledIDs(sim); got != "room" {
		t.Errorf("cancelled: %q, want room", got)
	}
}

func TestAccMixStream_cancelRetriesInternalError(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy: func(*terraform.State) error {
			return errors.Join(acctest.NothingLeft(sim), acctest.Calls(sim, livesim.ActionCancel, 3))
		},
		Steps: []resource.TestStep{{
			Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
			Check: func(*terraform.State) error {
				sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Times: 2, Error: &livesim.APIError{Code: "InternalError", Message: "internal error"}})
				return nil
			},
		}},
	})
}

// An InternalError that never ends leaves the resource in the state. It may have cancelled the session all the same, so the
// next apply sends the mix again; a destroy cancels it.
func TestAccMixStream_cancelFailsForEver(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim, "max_retries = 2") + acctest.MinimalMix("room")
	testMix(t, sim, []resource.TestStep{
		{Config: mix, Check: func(*terraform.State) error { return acctest.Live(sim, "room") }},
		{
			PreConfig: func() {
				sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Times: -1, Error: &livesim.APIError{Code: "InternalError", Message: "internal error"}})
			},
			Config:      mix,
			Destroy:     true,
			ExpectError: acctest.Message("Unable to cancel mix stream", "The API failed", "It stays in the state", "Code: InternalError", "Message: internal error", "RequestId:", "Attempts: 3"),
		},
		{
			PreConfig:        sim.ClearFaults,
			Config:           mix,
			ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCreate, 2))
			},
		},
	})
}

// Cancelling what is gone is a success, however Tencent spells it.
func TestAccMixStream_cancelOfAGoneSession(t *testing.T) {
	acctest.Need(t)
	for name, change := range map[string]func(*livesim.Options){
		"failed operation":       func(*livesim.Options) {},
		"invalid parameter":      func(o *livesim.Options) { o.CancelNotExist = "InvalidParameter.CancelSessionNotExist" },
		"inner code":             func(o *livesim.Options) { o.CancelNotExist = "-30300"; o.Errors = livesim.OtherErrorInner },
		"inner code, older form": func(o *livesim.Options) { o.CancelNotExist = "-31001"; o.Errors = livesim.InvalidParameterInner },
	} {
		t.Run(name, func(t *testing.T) {
			sim := acctest.StartSimulator(t, change)
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				CheckDestroy: func(*terraform.State) error {
					return errors.Join(acctest.NothingLeft(sim), acctest.Calls(sim, livesim.ActionCancel, 1))
				},
				Steps: []resource.TestStep{{
					Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
					// All inputs go offline, and the session ends by itself after a quarter of an hour.
					Check: func(*terraform.State) error {
						sim.Unpublish("host")
						sim.Unpublish("guest")
						sim.Advance(16 * time.Minute)
						return acctest.Live(sim)
					},
				}},
			})
		})
	}
}

// The answer to the cancel is lost after it took effect: the second cancel finds nothing, and that is a success.
func TestAccMixStream_cancelAnswerLost(t *testing.T) {
	acctest.Need(t)
	for name, fault := range map[string]livesim.Fault{
		"cut connection": {Cut: true, After: true},
		"cut body":       {Truncate: true},
		"not JSON":       {NotJSON: true, After: true},
		"HTTP 502":       {Status: 502, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			sim := acctest.StartSimulator(t)
			fault.Action = livesim.ActionCancel
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				CheckDestroy: func(*terraform.State) error {
					return errors.Join(acctest.NothingLeft(sim), acctest.Calls(sim, livesim.ActionCancel, 2))
				},
				Steps: []resource.TestStep{{
					Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
					Check:  func(*terraform.State) error { sim.Inject(fault); return nil },
				}},
			})
		})
	}
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

func expectState(state string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.StringExact(state))
}

// An output that is found inactive plans to send the mix again, in place, and a destroy cancels all the same.
func TestAccMixStream_monitorInactive(t *testing.T) {
	acctest.Need(t)
	sim := acctest.WithDomain(acctest.StartSimulator(t))
	mix := acctest.ProviderBlock(sim) + acctest.MonitoredMix("room", `active_timeout = "0s"`)
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

// A reuse that the timeout does not allow is refused at plan, before the session is cancelled.
func TestAccMixStream_pacingLongerThanTimeout(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.ReuseAfterCancel = time.Hour })
	block := strings.Replace(acctest.ProviderBlock(sim), `reuse_after_cancel = "300ms"`, `reuse_after_cancel = "1h"`, 1)
	mix := block + acctest.MinimalMix("room")
	testMix(t, sim, []resource.TestStep{
		{Config: mix},
		{
			Config:      strings.Replace(mix, `output_stream_name = "host"`, `output_stream_name = "show"`, 1),
			ExpectError: acctest.Message("Timeout too short to reuse the session ID", "timeouts.create is 5m0s", "only 1h0m0s later", "at least 1h1m0s"),
		},
	})
}

// Of two new resources with one session ID the second one is refused, before anything is sent for it.
func TestAccMixStream_sessionUsedTwice(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	second := strings.Replace(acctest.MinimalMix("room"), `"test"`, `"second"`, 1)
	testMix(t, sim, []resource.TestStep{{
		Config:      acctest.ProviderBlock(sim) + acctest.MinimalMix("room") + second,
		ExpectError: acctest.Message("Session ID used twice", `mix_stream_session_id is "room" for two resources`, "Nothing was sent for this one", "Give each resource a session ID of its own"),
	}})
	if creates, cancels := len(sim.RequestsOf(livesim.ActionCreate)), len(sim.RequestsOf(livesim.ActionCancel)); creates != 1 || cancels != 1 {
		t.Errorf("%d creates and %d cancels, want 1 of each", creates, cancels)
	}
}

// A second resource beside one that exists is a warning at plan. With another output Tencent refuses it, and the first one
// is left alone.
func TestAccMixStream_sessionUsedTwiceLater(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	second := strings.NewReplacer(`"test"`, `"second"`, `output_stream_name = "host"`, `output_stream_name = "other"`).Replace(acctest.MinimalMix("room"))
	first := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	testMix(t, sim, []resource.TestStep{
		{Config: first},
		{
			Config:      first + second,
			ExpectError: acctest.Message("Unable to create mix stream", "A session with this ID runs already, with another output name", "runs with another output, and that mix is unchanged", "Code: InvalidParameter.SessionOutputStreamChanged"),
		},
		{
			Config:           first,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check:            func(*terraform.State) error { return acctest.Live(sim, "room") },
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
