// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// documented reads the examples of one data source or action, for a configuration of a simulator.
func documented(t *testing.T, sim *livesim.Server, kind, typeName string, want ...string) map[string]string {
	t.Helper()
	dir := filepath.Join("..", "..", "examples", kind, typeName)
	found, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) != len(want) {
		t.Errorf("%s holds %v, of which %v are tested", dir, found, want)
	}
	files := map[string]string{"main.tf": requires + providerBlock(sim)}
	for _, name := range want {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(b)
	}
	return files
}

// expectWords looks for texts in what the CLI printed, and for the absence of those that begin with a minus sign.
func expectWords(t *testing.T, out string, want ...string) {
	t.Helper()
	text := oneLine(out)
	for _, part := range want {
		if unwanted, ok := strings.CutPrefix(part, "-"); ok == strings.Contains(text, strings.TrimPrefix(part, "-")) {
			t.Errorf("%q is not as it should be (unwanted: %t) in:\n%s", unwanted, ok, out)
		}
	}
}

// There are examples of all data sources and actions, and of nothing else.
func TestExamplesOfDataSourcesAndActions(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]int{
		"data-sources": len((&tencentcssProvider{}).DataSources(t.Context())),
		"actions":      len((&tencentcssProvider{}).Actions(t.Context())),
	} {
		dirs, err := os.ReadDir(filepath.Join("..", "..", "examples", kind))
		if err != nil || len(dirs) != want {
			t.Errorf("examples/%s: %v, %v, want %d", kind, dirs, err, want)
		}
	}
}

// nothingToDo is what a plan says where nothing is planned but a check that reads its data again at the apply.
const nothingToDo = "0 to add, 0 to change, 0 to destroy."

// A check warns of an input that does not push, and of a state that cannot be read. Neither stops an apply or a destroy.
func TestAccCLI_streamStateExample(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := newWorkspace(t, documented(t, sim, "data-sources", streamStateType, "data-source.tf"))
	expectWords(t, w.run("apply", "-auto-approve"), "1 added, 0 changed, 0 destroyed", "-Warning")

	sim.Unpublish("host")
	expectWords(t, w.run("plan"), nothingToDo, "Warning: Check block assertion failed", "The stream of the host is inactive.")

	sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "AuthFailure.TokenFailure", Message: "no token"}})
	expectWords(t, w.run("plan"), nothingToDo, "Warning: Unable to read stream state", "The security token is wrong or has expired")
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// Whoever is live in the room is mixed, on each apply anew.
func TestAccCLI_onlineStreamsExample(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	join := func(names ...string) {
		for _, name := range names {
			sim.Publish(name, livesim.LongSince(), livesim.Domain("push.example.com"))
		}
	}
	mixed := func(want string) {
		t.Helper()
		var names []string
		for _, session := range sim.Sessions() {
			for _, in := range session.Inputs {
				names = append(names, in.Name)
			}
		}
		// The first input is the canvas.
		if got := strings.Join(names[min(1, len(names)):], " "); got != want {
			t.Errorf("mixed %q, want %q", got, want)
		}
	}
	files := documented(t, sim, "data-sources", onlineStreamsType, "data-source.tf", "data-source_check.tf")
	delete(files, "data-source_check.tf")
	w := newWorkspace(t, files)

	// Nobody is there.
	cmd, out := w.command("apply", "-auto-approve")
	if err := cmd.Run(); err == nil {
		t.Errorf("a mix of nobody was applied:\n%s", out)
	}
	expectWords(t, out.String(), "Nobody is live in room 42.")

	join("room_42_bob", "room_42_ann", "room_43_carl")
	w.run("apply", "-auto-approve")
	mixed("room_42_ann room_42_bob")
	expectWords(t, w.run("plan"), "No changes.")

	join("room_42_dora")
	sim.Unpublish("room_42_bob")
	expectWords(t, w.run("apply", "-auto-approve"), "0 added, 1 changed, 0 destroyed")
	mixed("room_42_ann room_42_dora")

	// A list that cannot be read stops a plan, and a destroy that reads it.
	sim.Inject(livesim.Fault{Action: livesim.ActionOnlineList, Times: -1, Error: &livesim.APIError{Code: "UnauthorizedOperation", Message: "no"}})
	for _, args := range [][]string{{"plan"}, {"destroy", "-auto-approve"}} {
		cmd, out := w.command(args...)
		if err := cmd.Run(); err == nil {
			t.Errorf("%v succeeded:\n%s", args, out)
		}
		expectWords(t, out.String(), "Error: Unable to read online streams")
	}
	w.run("destroy", "-auto-approve", "-refresh=false")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// One check watches all inputs of a mix.
func TestAccCLI_onlineStreamsCheckExample(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	for _, name := range []string{"moderator", "expert", "critic"} {
		sim.Publish(name, livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	files := documented(t, sim, "data-sources", onlineStreamsType, "data-source.tf", "data-source_check.tf")
	delete(files, "data-source.tf")
	w := newWorkspace(t, files)
	expectWords(t, w.run("apply", "-auto-approve"), "1 added, 0 changed, 0 destroyed", "-Warning")
	expectWords(t, w.run("plan"), nothingToDo, "-Warning")
	sim.Unpublish("critic")
	expectWords(t, w.run("plan"), nothingToDo, "Warning: Check block assertion failed", "Not every input of the panel is live.")
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// A stray session is cancelled by hand, and once more with no harm; and by a trigger, before another mix is created.
func TestAccCLI_cancelMixStreamExample(t *testing.T) {
	t.Parallel()
	acctest.NeedVersion(t, "actions", "1.14.0", "")
	sim := newSim(t)
	for _, name := range []string{"stage", "interpreter"} {
		sim.Publish(name, livesim.LongSince())
	}
	stray := func(session string) string {
		return strings.NewReplacer(`"test"`, fmt.Sprintf("%q", session), `"host" }`, fmt.Sprintf("%q }", session+"_mix")).Replace(minimalMix(session))
	}
	other := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + stray("forgotten_show") + stray("rehearsal")})
	other.run("apply", "-auto-approve")
	w := newWorkspace(t, documented(t, sim, "actions", cancelMixStreamType, "action.tf", "action_trigger.tf"))

	byHand := []string{"apply", "-auto-approve", "-invoke=action.tencentcss_cancel_mix_stream.stray"}
	expectWords(t, w.run(byHand...), "cancelling session forgotten_show", "session forgotten_show is cancelled")
	if got := sessionIDs(sim); got != "rehearsal" {
		t.Errorf("live sessions: %q", got)
	}
	expectWords(t, w.run(byHand...), "session forgotten_show no longer exists")

	expectWords(t, w.run("apply", "-auto-approve"), "session rehearsal is cancelled", "1 added, 0 changed, 0 destroyed")
	if got := sessionIDs(sim); got != "premiere" {
		t.Errorf("live sessions: %q", got)
	}
	// Their resource still has them, and destroys them as what is gone.
	expectWords(t, other.run("plan"), "No changes.")
	expectWords(t, other.run("destroy", "-auto-approve"), "2 destroyed")
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}
