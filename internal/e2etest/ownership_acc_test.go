// SPDX-License-Identifier: MPL-2.0

//go:build unix

package e2etest

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// wantLive checks that the session room lives, and that it was cancelled as often as said.
func wantLive(t *testing.T, sim *livesim.Server, cancels int) {
	t.Helper()
	if got, n := acctest.SessionIDs(sim), len(sim.RequestsOf(livesim.ActionCancel)); got != "room" || n != cancels {
		t.Errorf("live: %q after %d cancels, want room after %d", got, n, cancels)
	}
}

// -replace cancels, waits and creates; with create_before_destroy and the same session ID it must not cancel what it has
// just created.
func TestAccCLI_replace(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	for name, tt := range map[string]struct {
		lifecycle string
		cancels   int
	}{
		"destroy first": {cancels: 1},
		"create first":  {lifecycle: "lifecycle { create_before_destroy = true }", cancels: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.StartSimulator(t)
			mix := strings.Replace(acctest.MinimalMix("room"), "output_params", tt.lifecycle+"\n  output_params", 1)
			w := acctest.Applied(t, sim, mix)
			out := acctest.OneLine(w.Run("apply", "-auto-approve", "-replace="+acctest.MixAddress))
			if !strings.Contains(out, "1 added, 0 changed, 1 destroyed") {
				t.Error(out)
			}
			if got := strings.Contains(out, "Warning: Mix stream will not be cancelled"); got != (tt.cancels == 0) {
				t.Errorf("warning: %t in: %s", got, out)
			}
			if n := len(sim.RequestsOf(livesim.ActionCancel)); n != tt.cancels || acctest.SessionIDs(sim) != "room" {
				t.Errorf("%d cancels, live: %q", n, acctest.SessionIDs(sim))
			}
			w.Destroy(sim)
		})
	}
}

// A tainted mix with create_before_destroy is created anew and not cancelled after.
func TestAccCLI_taintedCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	mix := strings.Replace(acctest.MinimalMix("room"), "output_params", "lifecycle { create_before_destroy = true }\n  output_params", 1)
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim, "max_retries = 0") + mix})
	w.Fails("apply", "-auto-approve")
	w.Run("apply", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "room" || len(sim.RequestsOf(livesim.ActionCancel)) != 0 {
		t.Errorf("live: %q after %d cancels", got, len(sim.RequestsOf(livesim.ActionCancel)))
	}
	w.Destroy(sim)
}

// A mix is renamed without a moved block and applied with -target first, then in full: the show goes on.
func TestAccCLI_renamedWithTarget(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), `"test"`, `"renamed"`, 1)})
	w.Run("apply", "-auto-approve", "-target=tencentcss_mix_stream.renamed")
	// The object at the old address knows nothing of this change, so that its cancel keeps no distance to it.
	sim.Advance(time.Second)
	acctest.ExpectText(t, w.Fails("plan", "-refresh=false"), "Error: Refresh needed")
	out := acctest.OneLine(w.Run("apply", "-auto-approve"))
	acctest.ExpectText(t, out, "Warning: Mix stream will", "moved block", "removed block with lifecycle { destroy = false }", "1 destroyed")
	if got := acctest.SessionIDs(sim); got != "room" {
		t.Errorf("live: %q", got)
	}
	w.Unchanged()
	w.Destroy(sim)
}

// A timeout changes beside the destroy of an object with the same session: the show goes on.
func TestAccCLI_timeoutChangedBesideADestroy(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	renamed := strings.Replace(acctest.MinimalMix("room"), `"test"`, `"renamed"`, 1)
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + renamed})
	w.Run("apply", "-auto-approve", "-target=tencentcss_mix_stream.renamed")
	// The object at the old address knows nothing of this change, so that its cancel keeps no distance to it.
	sim.Advance(time.Second)
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.Replace(renamed, "output_params", "timeouts = { create = \"9m\" }\n  output_params", 1)})
	w.Run("apply", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "room" {
		t.Errorf("live: %q", got)
	}
	w.Destroy(sim)
}

// A replacement that keeps the session ID takes the show off air, and the plan says so.
func TestAccCLI_newOutputNameWarns(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), `output_stream_name = "host"`, `output_stream_name = "show"`, 1)})
	acctest.ExpectText(t, acctest.OneLine(w.Run("plan")), "Warning: Mix stream goes off air", "give a new mix_stream_session_id as well", "must be replaced")
}

// The way without a gap: a new session ID and a new output name, and the new mix first.
func TestAccCLI_newOutputNameWithoutAGap(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := strings.Replace(acctest.MinimalMix("room"), "output_params", "lifecycle { create_before_destroy = true }\n  output_params", 1)
	w := acctest.Applied(t, sim, mix)
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.NewReplacer(`"room"`, `"room_2"`, `output_stream_name = "host"`, `output_stream_name = "show"`).Replace(mix)})
	if out := w.Run("apply", "-auto-approve"); strings.Contains(out, "Warning") {
		t.Error(out)
	}
	create, cancel := sim.RequestsOf(livesim.ActionCreate), sim.RequestsOf(livesim.ActionCancel)
	if len(create) != 2 || len(cancel) != 1 || cancel[0].Time.Before(create[1].Time) || acctest.SessionIDs(sim) != "room_2" {
		t.Errorf("%d creates, %d cancels, live: %q", len(create), len(cancel), acctest.SessionIDs(sim))
	}
}

// With the keys of another account "does not exist" is a warning, as the session may run on where it was applied.
func TestAccCLI_destroyedWithOtherKeys(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	elsewhere := acctest.StartSimulator(t, func(o *livesim.Options) {
		o.Credentials = []livesim.Credential{{ID: "AKIDother", Key: "another-secret-key"}}
	})
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + strings.NewReplacer("AKIDsimulator", "AKIDother", "simulator-secret-key", "another-secret-key").Replace(acctest.ProviderBlock(elsewhere)) + acctest.MinimalMix("room")})
	acctest.ExpectText(t, acctest.OneLine(w.Run("destroy", "-auto-approve")), "Warning: Mix stream may still be running", "other credentials", "another account")
	wantLive(t, sim, 0)
}

// A simulator that comes back on another port is the same to the provider: sessions that it has lost are destroyed in peace.
func TestAccCLI_destroyedAtANewSimulator(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	w := acctest.Applied(t, acctest.StartSimulator(t), acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(acctest.StartSimulator(t)) + acctest.MinimalMix("room")})
	if out := w.Run("destroy", "-auto-approve"); strings.Contains(out, "Warning") || !strings.Contains(out, "1 destroyed") {
		t.Error(out)
	}
}

// An interrupted create_before_destroy has left a deposed object with the session of the current one: the next apply destroys
// the deposed one, and the show goes on, in whatever order Terraform comes to the two. Without a refresh there is no plan.
func TestAccCLI_deposedObjectWithTheSameSession(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	for range 4 {
		sim := acctest.StartSimulator(t)
		w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
		depose(t, filepath.Join(w.Dir, "terraform.tfstate"))
		acctest.ExpectText(t, w.Fails("apply", "-auto-approve", "-refresh=false"), "Error: Refresh needed", `the session "room"`, "Plan again without -refresh=false")
		out := acctest.OneLine(w.Run("apply", "-auto-approve"))
		acctest.ExpectText(t, out, "1 destroyed", "moved block")
		if got := acctest.SessionIDs(sim); got != "room" {
			t.Errorf("live: %q after: %s", got, out)
		}
		w.Unchanged()
		w.Destroy(sim)
	}
}

// lastApply is the key under which the provider keeps what it remembers of a session. Its text begins with the generation.
const lastApply = "a"

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
	generation, rest, ok := strings.Cut(string(private[lastApply]), ".")
	if !ok {
		t.Fatalf("private state: %s", private[lastApply])
	}
	private[lastApply] = []byte(generation + "older." + rest)
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

// testedModule is a module that is tested with "terraform test".
const testedModule = `
variable "session" {
  type = string
}

variable "rate" {
  type = number
}

resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = var.session
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "${var.session}_out", output_stream_bit_rate = var.rate }
}
`

// lifeOfOneSession plans and applies one session again and again, each run with the state of the one before.
const lifeOfOneSession = `
variables {
  session = "lobby"
  rate    = 1000
}

run "is_planned" {
  command = plan
}

run "goes_on_air" {
  assert {
    condition     = tencentcss_mix_stream.test.id == "lobby"
    error_message = "The session is not the one that was asked for."
  }
}

run "stays_as_it_is" {}

run "would_change" {
  command = plan

  variables {
    rate = 2000
  }

  assert {
    condition     = tencentcss_mix_stream.test.output_params.output_stream_bit_rate == 2000
    error_message = "The change is not planned."
  }
}

run "changes_on_air" {
  variables {
    rate = 2000
  }
}

run "moves_to_another_session" {
  variables {
    session = "hall"
  }
}

run "comes_back" {}
`

// Terraform 1.13 and later configure a provider that the test file declares once, and all runs of the file share its
// process: what one run plans must not stand in the way of the next.
func TestAccTerraformTest_runsShareAProvider(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	acctest.NeedVersion(t, "one provider for all runs of a test file", "1.13.0", "")
	sim := acctest.StartSimulator(t)
	const name = "life.tftest.hcl"
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + testedModule, name: acctest.ProviderBlock(sim) + lifeOfOneSession})
	w.RunTestFile(name)

	var applied []string
	for _, r := range sim.RequestsOf(livesim.ActionCreate) {
		applied = append(applied, r.SessionID)
	}
	if want := []string{"lobby", "lobby", "hall", "lobby"}; !slices.Equal(applied, want) {
		t.Errorf("applied: %q, want %q", applied, want)
	}
	if got := strings.Fields(acctest.CancelledIDs(sim)); !slices.Equal(got, []string{"lobby", "hall", "lobby"}) {
		t.Errorf("cancelled: %q", got)
	}
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}
