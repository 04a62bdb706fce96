// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"errors"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

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
