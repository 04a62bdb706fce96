// SPDX-License-Identifier: MPL-2.0

//go:build unix

package e2etest

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

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
					sim := acctest.WithDomain(acctest.StartSimulator(t))
					mix := acctest.MinimalMix("room")
					if strings.HasSuffix(way, "killed") {
						mix = acctest.MonitoredMix("room", `active_timeout = "0s"`)
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
	acctest.ExpectText(t, w.Fails("destroy", "-auto-approve"), "Unable to cancel mix stream", "may still run")
	if got := acctest.SessionIDs(sim); got != "" {
		t.Fatalf("live: %q", got)
	}
	acctest.ExpectText(t, acctest.OneLine(w.Run("plan")), "Whether the last cancel of the session \"room\" took effect is not known", "0 to add, 1 to change, 0 to destroy")
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
