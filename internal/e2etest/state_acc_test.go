// SPDX-License-Identifier: MPL-2.0

//go:build unix

package e2etest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// An import block adopts a session, and generated configuration says what is left to write.
func TestAccCLI_importBlock(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	block := acctest.Requires + acctest.ProviderBlock(sim)
	owner := acctest.NewWorkspace(t, map[string]string{"main.tf": block + acctest.MinimalMix("room")})
	owner.Run("apply", "-auto-approve")

	// Terraform takes a provider in an import block exactly where it is to generate the resource.
	importBlock := func(more string) string {
		return fmt.Sprintf("\nimport {\n  to = %s\n  id = \"room\"\n%s}\n", acctest.MixAddress, more)
	}
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": block + importBlock("  provider = tencentcss\n")})
	cmd, out := w.Command("plan", "-generate-config-out=generated.tf")
	if cmd.Run() == nil {
		t.Errorf("a generated configuration without inputs passed:\n%s", out)
	}
	generated, err := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	acctest.ExpectText(t, acctest.OneLine(string(generated)), `mix_stream_session_id = "room"`, "input_stream_list = null", "output_params = null")
	if text := acctest.OneLine(out.String()); !strings.Contains(text, "input_stream_list is required") && !strings.Contains(text, "Missing Configuration for Required Attribute") {
		t.Errorf("the plan does not say what is missing: %s", text)
	}

	// The inputs and the output are filled in, and the mix is taken over in place.
	if err := os.Remove(filepath.Join(w.Dir, "generated.tf")); err != nil {
		t.Fatal(err)
	}
	w.Write(map[string]string{"main.tf": block + importBlock(""), "mix.tf": acctest.MinimalMix("room")})
	if out := w.Run("apply", "-auto-approve"); !strings.Contains(out, "1 imported, 0 added, 1 changed, 0 destroyed") {
		t.Errorf("apply:\n%s", out)
	}
	if len(sim.RequestsOf(livesim.ActionCancel)) != 0 || acctest.SessionIDs(sim) != "room" {
		t.Errorf("live: %q", acctest.SessionIDs(sim))
	}
	w.Destroy(sim)
}

// Tencent refuses the first update after an import; the next apply succeeds, and a destroy cancels.
func TestAccCLI_updateAfterImportRefused(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	w.Run("state", "rm", acctest.MixAddress)
	w.Run("import", acctest.MixAddress, "room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InvalidParameter.InvalidBitrate", Message: "no"}})
	acctest.ExpectText(t, w.Fails("apply", "-auto-approve"), "Unable to update mix stream", `The session "room" is unchanged`)
	w.Run("apply", "-auto-approve")
	wantLive(t, sim, 0)
	w.Destroy(sim)
}

// After an import nothing of the mix is in the state, so that ignore_changes would send a mix without inputs.
func TestAccCLI_importWithIgnoredInputs(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := strings.Replace(acctest.MinimalMix("room"), "output_params", "lifecycle { ignore_changes = [input_stream_list] }\n  output_params", 1)
	w := acctest.Applied(t, sim, mix)
	w.Run("state", "rm", acctest.MixAddress)
	w.Run("import", acctest.MixAddress, "room")
	acctest.ExpectText(t, w.Fails("plan"), "Mix stream is incomplete", "lifecycle.ignore_changes keeps input_stream_list as in the state", "Take input_stream_list out of ignore_changes")
	if n := len(sim.RequestsOf(livesim.ActionCreate)); n != 1 {
		t.Errorf("%d creates", n)
	}
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + acctest.MinimalMix("room")})
	w.Run("apply", "-auto-approve")
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + mix})
	w.Unchanged()
	wantLive(t, sim, 0)
}

// A crash of the provider in the middle of an update empties the private state and the identity. Nothing is lost by it.
func TestAccCLI_stateAfterCrash(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))

	file := filepath.Join(w.Dir, "terraform.tfstate")
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(b, &state); err != nil {
		t.Fatal(err)
	}
	instance := state["resources"].([]any)[0].(map[string]any)["instances"].([]any)[0].(map[string]any)
	if instance["private"] == nil {
		t.Fatal("there is no private state to lose")
	}
	delete(instance, "private")
	delete(instance, "identity")
	delete(instance, "identity_schema_version")
	if b, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}

	// What the crash cut off is not known, so that the mix is sent again, once.
	if out := w.Run("apply", "-auto-approve"); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") || len(sim.RequestsOf(livesim.ActionCreate)) != 2 {
		t.Errorf("apply:\n%s", out)
	}
	w.Unchanged()
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), "20", "30", 1)})
	if out := w.Run("apply", "-auto-approve"); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("apply:\n%s", out)
	}
	w.Destroy(sim)
}
