// SPDX-License-Identifier: MPL-2.0

//go:build unix

package e2etest

import (
	"strings"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// A mix whose output stays down is sent again by each apply.
func TestAccCLI_monitorSendsAgain(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.WithDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, acctest.MonitoredMix("room", `active_timeout = "1s"`))
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

	acctest.WithDomain(sim)
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
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + acctest.MonitoredMix("room", `active_timeout = "1s"`)})
	start := time.Now()
	out := acctest.OneLine(w.Run("apply", "-auto-approve"))
	if took := time.Since(start); took < time.Second {
		t.Errorf("the apply took %s and did not wait", took)
	}
	acctest.ExpectText(t, out,
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
	sim := acctest.WithDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, acctest.MonitoredMix("room", ""))
	sim.Forbid("show")
	w.Run("apply", "-refresh-only", "-auto-approve")
	w.Unchanged()
	w.Destroy(sim)
}

// A monitor that cannot be read is a warning: the state stays, and neither plan nor destroy fails for it.
func TestAccCLI_monitorUnreadable(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.WithDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, acctest.MonitoredMix("room", ""), "max_retries = 1")
	sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "InternalError.GetStreamInfoError", Message: "oops"}})
	out := acctest.OneLine(w.Run("plan"))
	acctest.ExpectText(t, out, "No changes.", "Warning: Unable to read the state of the output stream", `The session "room" is not touched by this`, "Attempts: 2")
	w.Destroy(sim)
}

// A monitor that finds its output inactive or banned warns at plan.
func TestAccCLI_monitorWarnings(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.WithDomain(acctest.StartSimulator(t))
	w := acctest.Applied(t, sim, acctest.MonitoredMix("room", `active_timeout = "0s"`))
	for _, name := range []string{"host", "guest"} {
		sim.Unpublish(name)
	}
	acctest.ExpectText(t, acctest.OneLine(w.Run("plan")), "Warning: Output stream is inactive", "This plan sends the mix again", "1 to change")
	sim.Forbid("show")
	out := acctest.OneLine(w.Run("plan"))
	acctest.ExpectText(t, out, "Warning: Output stream is forbidden", "Lift the ban")
}
