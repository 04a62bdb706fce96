// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// An import knows the session ID alone. The first apply adopts the session in place, whatever its output is called.
func TestAccMixStream_importAdopts(t *testing.T) {
	acctest.NeedVersion(t, "lifecycle in removed blocks", "1.7.0", "1.10.0")
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
			{Config: mix},
			{
				Config: acctest.ProviderBlock(sim) + `removed {
  from = tencentcss_mix_stream.test
  lifecycle { destroy = false }
}`,
				Check: func(*terraform.State) error {
					return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 0))
				},
			},
			{
				Config:             mix,
				ResourceName:       acctest.MixAddress,
				ImportState:        true,
				ImportStateId:      "room",
				ImportStatePersist: true,
				ImportStateCheck: func(states []*terraform.InstanceState) error {
					if len(states) != 1 || states[0].ID != "room" || states[0].Attributes["mix_stream_session_id"] != "room" {
						return fmt.Errorf("imported %v", states)
					}
					return nil
				},
			},
			{
				Config: mix,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(acctest.MixAddress, plancheck.ResourceActionUpdate),
					// Without a monitor there is nothing that an apply would find out.
					plancheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.Null()),
				}},
				Check: func(*terraform.State) error {
					if s, _ := sim.Session("room"); s.Updates != 1 {
						return errors.New("the mix was not sent again")
					}
					return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 0))
				},
			},
		},
	})
}

func TestAccMixStream_importInvalidID(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:        acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
			ResourceName:  acctest.MixAddress,
			ImportState:   true,
			ImportStateId: "not a session",
			ExpectError:   acctest.Message("Invalid session ID", `"not a session"`, "A-Z, a-z, 0-9 and _"),
		}},
	})
}

func TestAccMixStream_importByIdentity(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config: mix,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(acctest.MixAddress, map[string]knownvalue.Check{"mix_stream_session_id": knownvalue.StringExact("room")}),
				},
			},
			{
				Config:             mix,
				ResourceName:       acctest.MixAddress,
				ImportState:        true,
				ImportStateKind:    resource.ImportBlockWithResourceIdentity,
				ExpectNonEmptyPlan: true,
			},
		},
	})
}

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
	expectText(t, acctest.OneLine(string(generated)), `mix_stream_session_id = "room"`, "input_stream_list = null", "output_params = null")
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
	expectText(t, w.Fails("apply", "-auto-approve"), "Unable to update mix stream", `The session "room" is unchanged`)
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
	expectText(t, w.Fails("plan"), "Mix stream is incomplete", "lifecycle.ignore_changes keeps input_stream_list as in the state", "Take input_stream_list out of ignore_changes")
	if n := len(sim.RequestsOf(livesim.ActionCreate)); n != 1 {
		t.Errorf("%d creates", n)
	}
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + acctest.MinimalMix("room")})
	w.Run("apply", "-auto-approve")
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + mix})
	w.Unchanged()
	wantLive(t, sim, 0)
}

// ignore_changes keeps allow_copy from being sent, and Tencent would take the mix of one input for a cancel.
func TestAccCLI_ignoredAllowCopy(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
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
	w := acctest.Applied(t, sim, strings.Replace(two, "control_params        = { allow_copy = true }", "", 1))
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + one})
	expectText(t, w.Fails("apply", "-auto-approve"), "one input", "The configuration itself is valid", "lifecycle.ignore_changes keeps a part of the mix as in the state")
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

// An interrupted create_before_destroy has left a deposed object with the session of the current one: the next apply destroys
// the deposed one, and the show goes on, in whatever order Terraform comes to the two.
func TestAccCLI_deposedObjectWithTheSameSession(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	for range 4 {
		sim := acctest.StartSimulator(t)
		w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
		depose(t, filepath.Join(w.Dir, "terraform.tfstate"))
		out := acctest.OneLine(w.Run("apply", "-auto-approve"))
		expectText(t, out, "1 destroyed", "moved block")
		if got := acctest.SessionIDs(sim); got != "room" {
			t.Errorf("live: %q after: %s", got, out)
		}
		w.Unchanged()
		w.Destroy(sim)
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
	generation, rest, ok := strings.Cut(string(private["a"]), ".")
	if !ok {
		t.Fatalf("private state: %s", private["a"])
	}
	private["a"] = []byte(generation + "older." + rest)
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
