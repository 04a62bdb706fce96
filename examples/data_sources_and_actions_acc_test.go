// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// expectWords looks for texts in what the CLI printed, and for the absence of those that begin with a minus sign.
func expectWords(t *testing.T, out string, want ...string) {
	t.Helper()
	text := acctest.OneLine(out)
	for _, part := range want {
		if unwanted, ok := strings.CutPrefix(part, "-"); ok == strings.Contains(text, strings.TrimPrefix(part, "-")) {
			t.Errorf("%q is not as it should be (unwanted: %t) in:\n%s", unwanted, ok, out)
		}
	}
}

// nothingToDo is what a plan says where nothing is planned but a check that reads its data again at the apply.
const nothingToDo = "0 to add, 0 to change, 0 to destroy."

// A check warns of an input that does not push, and of a state that cannot be read. Neither stops an apply or a destroy.
func TestAccExamples_streamState(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.NewWorkspace(t, configuration(acctest.Requires+acctest.ProviderBlock(sim), claimed(t)))
	expectWords(t, w.Run("apply", "-auto-approve"), "1 added, 0 changed, 0 destroyed", "-Warning")

	sim.Unpublish("host")
	expectWords(t, w.Run("plan"), nothingToDo, "Warning: Check block assertion failed", "The stream of the host is inactive.")

	sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "AuthFailure.TokenFailure", Message: "no token"}})
	expectWords(t, w.Run("plan"), nothingToDo, "Warning: Unable to read stream state", "The security token is wrong or has expired")
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// Whoever is live in the room is mixed, on each apply anew.
func TestAccExamples_onlineStreams(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
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
	w := acctest.NewWorkspace(t, configuration(acctest.Requires+acctest.ProviderBlock(sim), claimed(t)))

	// Nobody is there.
	cmd, out := w.Command("apply", "-auto-approve")
	if err := cmd.Run(); err == nil {
		t.Errorf("a mix of nobody was applied:\n%s", out)
	}
	expectWords(t, out.String(), "Nobody is live in room 42.")

	join("room_42_bob", "room_42_ann", "room_43_carl")
	w.Run("apply", "-auto-approve")
	mixed("room_42_ann room_42_bob")
	expectWords(t, w.Run("plan"), "No changes.")

	join("room_42_dora")
	sim.Unpublish("room_42_bob")
	expectWords(t, w.Run("apply", "-auto-approve"), "0 added, 1 changed, 0 destroyed")
	mixed("room_42_ann room_42_dora")

	// A list that cannot be read stops a plan, and a destroy that reads it.
	sim.Inject(livesim.Fault{Action: livesim.ActionOnlineList, Times: -1, Error: &livesim.APIError{Code: "UnauthorizedOperation", Message: "no"}})
	for _, args := range [][]string{{"plan"}, {"destroy", "-auto-approve"}} {
		cmd, out := w.Command(args...)
		if err := cmd.Run(); err == nil {
			t.Errorf("%v succeeded:\n%s", args, out)
		}
		expectWords(t, out.String(), "Error: Unable to read online streams")
	}
	w.Run("destroy", "-auto-approve", "-refresh=false")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// One check watches all inputs of a mix.
func TestAccExamples_onlineStreamsCheck(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	for _, name := range []string{"moderator", "expert", "critic"} {
		sim.Publish(name, livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	w := acctest.NewWorkspace(t, configuration(acctest.Requires+acctest.ProviderBlock(sim), claimed(t)))
	expectWords(t, w.Run("apply", "-auto-approve"), "1 added, 0 changed, 0 destroyed", "-Warning")
	expectWords(t, w.Run("plan"), nothingToDo, "-Warning")
	sim.Unpublish("critic")
	expectWords(t, w.Run("plan"), nothingToDo, "Warning: Check block assertion failed", "Not every input of the panel is live.")
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// A stray session is cancelled by hand, and once more with no harm; and by a trigger, before another mix is created.
func TestAccExamples_cancelMixStream(t *testing.T) {
	t.Parallel()
	acctest.NeedVersion(t, "actions", "1.14.0", "")
	sim := acctest.StartSimulator(t)
	for _, name := range []string{"stage", "interpreter"} {
		sim.Publish(name, livesim.LongSince())
	}
	stray := func(session string) string {
		return strings.NewReplacer(`"test"`, fmt.Sprintf("%q", session), `"host" }`, fmt.Sprintf("%q }", session+"_mix")).Replace(acctest.MinimalMix(session))
	}
	other := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + stray("forgotten_show") + stray("rehearsal")})
	other.Run("apply", "-auto-approve")
	w := acctest.NewWorkspace(t, configuration(acctest.Requires+acctest.ProviderBlock(sim), claimed(t)))

	byHand := []string{"apply", "-auto-approve", "-invoke=action.tencentcss_cancel_mix_stream.stray"}
	expectWords(t, w.Run(byHand...), "cancelling session forgotten_show", "session forgotten_show is cancelled")
	if got := acctest.SessionIDs(sim); got != "rehearsal" {
		t.Errorf("live sessions: %q", got)
	}
	expectWords(t, w.Run(byHand...), "session forgotten_show no longer exists")

	expectWords(t, w.Run("apply", "-auto-approve"), "session rehearsal is cancelled", "1 added, 0 changed, 0 destroyed")
	if got := acctest.SessionIDs(sim); got != "premiere" {
		t.Errorf("live sessions: %q", got)
	}
	// Their resource still has them, and destroys them as what is gone.
	expectWords(t, other.Run("plan"), "No changes.")
	expectWords(t, other.Run("destroy", "-auto-approve"), "2 destroyed")
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}
