// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

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
	needAcceptance(t)
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
			"replace": {"apply", "-auto-approve", "-replace=" + testAddress},
		} {
			for moment, after := range map[string]bool{"before the effect": false, "after the effect": true} {
				t.Run(strings.Join([]string{operation, way, moment}, ", "), func(t *testing.T) {
					t.Parallel()
					sim := withDomain(newSim(t))
					mix := minimalMix("room")
					if strings.HasSuffix(way, "killed") {
						mix = monitoredMix("room", `active_timeout = "0s"`, "")
					}
					w := applied(t, sim, mix, "max_retries = 0")
					sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Hang: cutOff != nil, Cut: cutOff == nil, After: after})
					cmd, out := w.command(args...)
					if err := cmd.Start(); err != nil {
						t.Fatal(err)
					}
					waitFor(t, "the cancel", func() bool {
						return len(sim.RequestsOf(livesim.ActionCancel)) == 1 && (sessionIDs(sim) == "") == after
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
					w.run("apply", "-auto-approve", "-lock=false")
					if got := sessionIDs(sim); got != "room" {
						t.Errorf("after an apply the sessions are %q", got)
					}
					if plan := w.run("plan", "-lock=false"); !strings.Contains(plan, "No changes.") {
						t.Error(plan)
					}
					w.run("destroy", "-auto-approve", "-lock=false")
					if err := nothingLeft(sim)(nil); err != nil {
						t.Error(err)
					}
				})
			}
		}
	}
}
