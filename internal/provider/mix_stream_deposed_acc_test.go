// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// An interrupted create_before_destroy has left a deposed object with the session of the current one: the next apply destroys
// the deposed one, and the show goes on, in whatever order Terraform comes to the two.
func TestAccCLI_deposedObjectWithTheSameSession(t *testing.T) {
	t.Parallel()
	for range 4 {
		sim := newSim(t)
		w := applied(t, sim, minimalMix("room"))
		depose(t, filepath.Join(w.Dir, "terraform.tfstate"))
		out := oneLine(w.run("apply", "-auto-approve"))
		wantText(t, out, "1 destroyed", "moved block")
		if got := sessionIDs(sim); got != "room" {
			t.Errorf("live: %q after: %s", got, out)
		}
		if plan := w.run("plan"); !strings.Contains(plan, "No changes.") {
			t.Error(plan)
		}
		w.run("destroy", "-auto-approve")
		if err := nothingLeft(sim)(nil); err != nil {
			t.Error(err)
		}
	}
}

// depose adds to the one object of a state file a deposed one of another generation.
func depose(t *testing.T, file string) {
	t.Helper()
	var state map[string]any
	text, err := os.ReadFile(file)
	if err := errors.Join(err, json.Unmarshal(text, &state)); err != nil {
		t.Fatal(err)
	}
	mix := state["resources"].([]any)[0].(map[string]any)
	current := mix["instances"].([]any)[0].(map[string]any)
	var private map[string][]byte
	encoded, err := base64.StdEncoding.DecodeString(current["private"].(string))
	if err := errors.Join(err, json.Unmarshal(encoded, &private)); err != nil {
		t.Fatal(err)
	}
	var remembered map[string]any
	if err := json.Unmarshal(private[lastApplyKey], &remembered); err != nil {
		t.Fatal(err)
	}
	remembered["generation"] = "an older one"
	private[lastApplyKey], err = json.Marshal(remembered)
	if err != nil {
		t.Fatal(err)
	}
	if encoded, err = json.Marshal(private); err != nil {
		t.Fatal(err)
	}
	deposed := maps.Clone(current)
	deposed["deposed"], deposed["private"] = "0a1b2c3d", base64.StdEncoding.EncodeToString(encoded)
	mix["instances"] = []any{current, deposed}
	state["serial"] = state["serial"].(float64) + 1
	if text, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
