// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"errors"
	"strings"
	"syscall"
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
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
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
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
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
		},
	})
}

// The same, but the user destroys the mix: no session is left.
func TestAccMixStream_createAnswerLostThenDestroyed(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim, "max_retries = 0") + acctest.MinimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
			{Config: mix, ExpectError: acctest.Message("Mix stream may be running")},
			{Config: mix, Destroy: true, PreConfig: func() {
				if err := acctest.Live(sim, "room"); err != nil {
					t.Error(err)
				}
			}},
		},
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
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{{
			Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
			Check: func(*terraform.State) error {
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCreate, 2))
			},
		}},
	})
}

// A refusal proves that nothing was started: the state stays empty, and so the next plan creates.
func TestAccMixStream_createRefused(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InvalidParameter.InvalidPictureID", Message: "no such picture"}})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
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
		},
	})
}

// A cancel whose outcome nobody learns, by whatever cuts it off, in a destroy and in a replacement: a destroy that follows
// leaves nothing, and an apply that follows leaves the mix running. Where a process was killed, nothing of it is in the
// state, so that only a monitor shows that the session is gone.
func TestAccCLI_cancelCutOff(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	group := func(signal syscall.Signal) func(*testing.T, int) {
		return func(t *testing.T, terraform int) {
			t.Helper()
			if err := syscall.Kill(-terraform, signal); err != nil {
				t.Fatal(err)
			}
		}
	}
	ways := map[string]func(*testing.T, int){
		"interrupt":        group(syscall.SIGINT),
		"terminate":        group(syscall.SIGTERM),
		"Terraform killed": group(syscall.SIGKILL),
		"provider killed":  acctest.KillProvider,
		"connection cut":   nil,
	}
	for way, cutOff := range ways {
		for operation, args := range map[string][]string{
			"destroy": {"destroy", "-auto-approve"},
			"replace": {"apply", "-auto-approve", "-replace=" + acctest.MixAddress},
		} {
			for moment, after := range map[string]bool{"before the effect": false, "after the effect": true} {
				t.Run(strings.Join([]string{operation, way, moment}, ", "), func(t *testing.T) {
					t.Parallel()
					sim := withDomain(acctest.StartSimulator(t))
					mix := acctest.MinimalMix("room")
					if strings.HasSuffix(way, "killed") {
						mix = monitoredMix("room", `active_timeout = "0s"`, "")
					}
					w := acctest.Applied(t, sim, mix, "max_retries = 0")
					sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Hang: cutOff != nil, Cut: cutOff == nil, After: after})
					cmd, out := w.Command(args...)
					if err := cmd.Start(); err != nil {
						t.Fatal(err)
					}
					acctest.WaitFor(t, "the cancel", func() bool {
						return len(sim.RequestsOf(livesim.ActionCancel)) == 1 && (acctest.SessionIDs(sim) == "") == after
					})
					if cutOff != nil {
						cutOff(t, cmd.Process.Pid)
					}
					if cmd.Wait() == nil {
						t.Fatalf("the run succeeded:\n%s", out)
					}

					if strings.HasSuffix(way, "killed") {
						// No process that follows can know when the session was cancelled.
						sim.Advance(time.Second)
					}
					w.Run("apply", "-auto-approve", "-lock=false")
					if got := acctest.SessionIDs(sim); got != "room" {
						t.Errorf("after an apply the sessions are %q", got)
					}
					w.Unchanged("-lock=false")
					w.Destroy(sim, "-lock=false")
				})
			}
		}
	}
}

// The outcome of a cancel is not known, and the user keeps the mix: the next apply sends it again.
func TestAccCLI_applyAfterAnUncertainCancel(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"), "max_retries = 0")
	sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Cut: true, After: true})
	expectText(t, w.Fails("destroy", "-auto-approve"), "Unable to cancel mix stream", "may still run")
	if got := acctest.SessionIDs(sim); got != "" {
		t.Fatalf("live: %q", got)
	}
	expectText(t, acctest.OneLine(w.Run("plan")), "Whether the last cancel of the session \"room\" took effect is not known", "0 to add, 1 to change, 0 to destroy")
	w.Run("apply", "-auto-approve")
	wantLive(t, sim, 1)
	w.Unchanged()
	w.Destroy(sim)
}

// A change whose answer is lost may have taken effect. If the user reverts it, the former mix is sent again, although the
// state never held another.
func TestAccCLI_changeTakenBack(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := func(template string) map[string]string {
		return map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim, "max_retries = 0") + strings.Replace(acctest.MinimalMix("room"), "20", template, 1)}
	}
	w := acctest.NewWorkspace(t, mix("20"))
	w.Run("apply", "-auto-approve")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	w.Write(mix("30"))
	if cmd, out := w.Command("apply", "-auto-approve"); cmd.Run() == nil || !strings.Contains(acctest.OneLine(out.String()), "Whether the session \"room\" has changed is not known") {
		t.Errorf("apply:\n%s", out)
	}
	w.Write(mix("20"))
	if out := w.Run("apply", "-auto-approve"); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("apply:\n%s", out)
	}
	if s, _ := sim.Session("room"); s.Template != 20 {
		t.Errorf("the mix has template %d", s.Template)
	}
	w.Unchanged()
	w.Destroy(sim)
}
