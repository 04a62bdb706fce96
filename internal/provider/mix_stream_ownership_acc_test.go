// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"strings"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

func applied(t *testing.T, sim *livesim.Server, mix string, extra ...string) *workspace {
	t.Helper()
	return &workspace{acctest.Applied(t, sim, mix, extra...)}
}

// fails runs the CLI, which must fail, and returns what it printed in one line.
func (w *workspace) fails(args ...string) string {
	w.T.Helper()
	cmd, out := w.command(args...)
	if cmd.Run() == nil {
		w.T.Fatalf("%s succeeded:\n%s", strings.Join(args, " "), out)
	}
	return oneLine(out.String())
}

func wantText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("no word of %q in: %s", part, text)
		}
	}
}

// wantLive checks that the session room lives, and that it was cancelled as often as said.
func wantLive(t *testing.T, sim *livesim.Server, cancels int) {
	t.Helper()
	if got, n := sessionIDs(sim), len(sim.RequestsOf(livesim.ActionCancel)); got != "room" || n != cancels {
		t.Errorf("live: %q after %d cancels, want room after %d", got, n, cancels)
	}
}

// A mix is renamed without a moved block and applied with -target first, then in full: the show goes on.
func TestAccCLI_renamedWithTarget(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := applied(t, sim, minimalMix("room"))
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + strings.Replace(minimalMix("room"), `"test"`, `"renamed"`, 1)})
	w.run("apply", "-auto-approve", "-target=tencentcss_mix_stream.renamed")
	// The object at the old address knows nothing of this change, so that its cancel keeps no distance to it.
	sim.Advance(time.Second)
	out := oneLine(w.run("apply", "-auto-approve"))
	wantText(t, out, "Warning: Mix stream will", "moved block", "removed block with lifecycle { destroy = false }", "1 destroyed")
	if got := sessionIDs(sim); got != "room" {
		t.Errorf("live: %q", got)
	}
	if plan := w.run("plan"); !strings.Contains(plan, "No changes.") {
		t.Error(plan)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// The outcome of a cancel is not known, and the user keeps the mix: the next apply sends it again.
func TestAccCLI_applyAfterAnUncertainCancel(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := applied(t, sim, minimalMix("room"), "max_retries = 0")
	sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Cut: true, After: true})
	wantText(t, w.fails("destroy", "-auto-approve"), "Unable to cancel mix stream", "may still run")
	if got := sessionIDs(sim); got != "" {
		t.Fatalf("live: %q", got)
	}
	wantText(t, oneLine(w.run("plan")), "Whether the last cancel of the session \"room\" took effect is not known", "0 to add, 1 to change, 0 to destroy")
	w.run("apply", "-auto-approve")
	wantLive(t, sim, 1)
	if plan := w.run("plan"); !strings.Contains(plan, "No changes.") {
		t.Error(plan)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// With the keys of another account "does not exist" is a warning, as the session may run on where it was applied.
func TestAccCLI_destroyedWithOtherKeys(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	elsewhere := newSim(t, func(o *livesim.Options) {
		o.Credentials = []livesim.Credential{{ID: "AKIDother", Key: "another-secret-key"}}
	})
	w := applied(t, sim, minimalMix("room"))
	w.write(map[string]string{"main.tf": requires + strings.NewReplacer("AKIDsimulator", "AKIDother", "simulator-secret-key", "another-secret-key").Replace(providerBlock(elsewhere)) + minimalMix("room")})
	wantText(t, oneLine(w.run("destroy", "-auto-approve")), "Warning: Mix stream may still be running", "other credentials", "another account")
	wantLive(t, sim, 0)
}

// A simulator that comes back on another port is the same to the provider: sessions that it has lost are destroyed in peace.
func TestAccCLI_destroyedAtANewSimulator(t *testing.T) {
	t.Parallel()
	w := applied(t, newSim(t), minimalMix("room"))
	w.write(map[string]string{"main.tf": requires + providerBlock(newSim(t)) + minimalMix("room")})
	if out := w.run("destroy", "-auto-approve"); strings.Contains(out, "Warning") || !strings.Contains(out, "1 destroyed") {
		t.Error(out)
	}
}

// Tencent refuses the first update after an import; the next apply succeeds, and a destroy cancels.
func TestAccCLI_updateAfterImportRefused(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := applied(t, sim, minimalMix("room"))
	w.run("state", "rm", testAddress)
	w.run("import", testAddress, "room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InvalidParameter.InvalidBitrate", Message: "no"}})
	wantText(t, w.fails("apply", "-auto-approve"), "Unable to update mix stream", `The session "room" is unchanged`)
	w.run("apply", "-auto-approve")
	wantLive(t, sim, 0)
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// A timeout changes beside the destroy of an object with the same session: the show goes on.
func TestAccCLI_timeoutChangedBesideADestroy(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := applied(t, sim, minimalMix("room"))
	renamed := strings.Replace(minimalMix("room"), `"test"`, `"renamed"`, 1)
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + renamed})
	w.run("apply", "-auto-approve", "-target=tencentcss_mix_stream.renamed")
	// The object at the old address knows nothing of this change, so that its cancel keeps no distance to it.
	sim.Advance(time.Second)
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + strings.Replace(renamed, "output_params", "timeouts = { create = \"9m\" }\n  output_params", 1)})
	w.run("apply", "-auto-approve")
	if got := sessionIDs(sim); got != "room" {
		t.Errorf("live: %q", got)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// After an import nothing of the mix is in the state, so that ignore_changes would send a mix without inputs.
func TestAccCLI_importWithIgnoredInputs(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	mix := strings.Replace(minimalMix("room"), "output_params", "lifecycle { ignore_changes = [input_stream_list] }\n  output_params", 1)
	w := applied(t, sim, mix)
	w.run("state", "rm", testAddress)
	w.run("import", testAddress, "room")
	wantText(t, w.fails("plan"), "Mix stream is incomplete", "lifecycle.ignore_changes keeps input_stream_list as in the state", "Take input_stream_list out of ignore_changes")
	if n := len(sim.RequestsOf(livesim.ActionCreate)); n != 1 {
		t.Errorf("%d creates", n)
	}
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + minimalMix("room")})
	w.run("apply", "-auto-approve")
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + mix})
	if plan := w.run("plan"); !strings.Contains(plan, "No changes.") {
		t.Error(plan)
	}
	wantLive(t, sim, 0)
}

// ignore_changes keeps allow_copy from being sent, and Tencent would take the mix of one input for a cancel.
func TestAccCLI_ignoredAllowCopy(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	one := `
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id = "room"
  input_stream_list     = [{ input_stream_name = "host", layout_params = { image_layer = 1 } }]
  output_params         = { output_stream_name = "copy" }
  control_params        = { allow_copy = true }
  lifecycle { ignore_changes = [control_params] }
}
`
	two := strings.Replace(one, "layout_params = { image_layer = 1 } }", "layout_params = { image_layer = 1 } }, { input_stream_name = \"guest\", layout_params = { image_layer = 2 } }", 1)
	w := applied(t, sim, strings.Replace(two, "control_params        = { allow_copy = true }", "", 1))
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + one})
	wantText(t, w.fails("apply", "-auto-approve"), "one input", "The configuration itself is valid", "lifecycle.ignore_changes keeps a part of the mix as in the state")
	wantLive(t, sim, 0)
}

// A replacement that keeps the session ID takes the show off air, and the plan says so.
func TestAccCLI_newOutputNameWarns(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := applied(t, sim, minimalMix("room"))
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + strings.Replace(minimalMix("room"), `output_stream_name = "host"`, `output_stream_name = "show"`, 1)})
	wantText(t, oneLine(w.run("plan")), "Warning: Mix stream goes off air", "give a new mix_stream_session_id as well", "must be replaced")
}

// The way without a gap: a new session ID and a new output name, and the new mix first.
func TestAccCLI_newOutputNameWithoutAGap(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	mix := strings.Replace(minimalMix("room"), "output_params", "lifecycle { create_before_destroy = true }\n  output_params", 1)
	w := applied(t, sim, mix)
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + strings.NewReplacer(`"room"`, `"room_2"`, `output_stream_name = "host"`, `output_stream_name = "show"`).Replace(mix)})
	if out := w.run("apply", "-auto-approve"); strings.Contains(out, "Warning") {
		t.Error(out)
	}
	create, cancel := sim.RequestsOf(livesim.ActionCreate), sim.RequestsOf(livesim.ActionCancel)
	if len(create) != 2 || len(cancel) != 1 || cancel[0].Time.Before(create[1].Time) || sessionIDs(sim) != "room_2" {
		t.Errorf("%d creates, %d cancels, live: %q", len(create), len(cancel), sessionIDs(sim))
	}
}

// A monitor that finds its output down or banned says so at plan.
func TestAccCLI_monitorWarnings(t *testing.T) {
	t.Parallel()
	sim := withDomain(newSim(t))
	w := applied(t, sim, monitoredMix("room", `active_timeout = "0s"`, ""))
	for _, name := range []string{"host", "guest"} {
		sim.Unpublish(name)
	}
	wantText(t, oneLine(w.run("plan")), "Warning: Output stream is inactive", "This plan sends the mix again", "1 to change")
	sim.Forbid("show")
	out := oneLine(w.run("plan"))
	wantText(t, out, "Warning: Output stream is forbidden", "Lift the ban")
}
