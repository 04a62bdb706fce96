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

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// An import knows the session ID alone. The first apply adopts the session in place, whatever its output is called.
func TestAccMixStream_importAdopts(t *testing.T) {
	sim := newSim(t)
	mix := providerBlock(sim) + minimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{Config: mix},
			{
				Config: providerBlock(sim) + `removed {
  from = tencentcss_mix_stream.test
  lifecycle { destroy = false }
}`,
				Check: resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCancel, 0)),
			},
			{
				Config:             mix,
				ResourceName:       testAddress,
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
					plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionUpdate),
					// Without a monitor there is nothing that an apply would find out.
					plancheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_stream_state"), knownvalue.Null()),
				}},
				Check: resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCancel, 0), func(*terraform.State) error {
					if s, _ := sim.Session("room"); s.Updates != 1 {
						return errors.New("the mix was not sent again")
					}
					return nil
				}),
			},
		},
	})
}

func TestAccMixStream_importInvalidID(t *testing.T) {
	sim := newSim(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:        providerBlock(sim) + minimalMix("room"),
			ResourceName:  testAddress,
			ImportState:   true,
			ImportStateId: "not a session",
			ExpectError:   message("Invalid session ID", `"not a session"`, "A-Z, a-z, 0-9 and _"),
		}},
	})
}

func TestAccMixStream_importByIdentity(t *testing.T) {
	sim := newSim(t)
	mix := providerBlock(sim) + minimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config: mix,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(testAddress, map[string]knownvalue.Check{"mix_stream_session_id": knownvalue.StringExact("room")}),
				},
			},
			{
				Config:             mix,
				ResourceName:       testAddress,
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
	sim := newSim(t)
	block := requires + providerBlock(sim)
	owner := newWorkspace(t, map[string]string{"main.tf": block + minimalMix("room")})
	owner.run("apply", "-auto-approve")

	// Terraform takes a provider in an import block exactly where it is to generate the resource.
	importBlock := func(more string) string {
		return fmt.Sprintf("\nimport {\n  to = %s\n  id = \"room\"\n%s}\n", testAddress, more)
	}
	w := newWorkspace(t, map[string]string{"main.tf": block + importBlock("  provider = tencentcss\n")})
	cmd, out := w.command("plan", "-generate-config-out=generated.tf")
	if cmd.Run() == nil {
		t.Errorf("a generated configuration without inputs passed:\n%s", out)
	}
	generated, err := os.ReadFile(filepath.Join(w.Dir, "generated.tf"))
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, want := range []string{`mix_stream_session_id = "room"`, "input_stream_list = null", "output_params = null"} {
		if !strings.Contains(oneLine(string(generated)), want) {
			t.Errorf("no word of %q in the generated configuration:\n%s", want, generated)
		}
	}
	if text := oneLine(out.String()); !strings.Contains(text, "input_stream_list is required") && !strings.Contains(text, "Missing Configuration for Required Attribute") {
		t.Errorf("the plan does not say what is missing: %s", text)
	}

	// The inputs and the output are filled in, and the mix is taken over in place.
	if err := os.Remove(filepath.Join(w.Dir, "generated.tf")); err != nil {
		t.Fatal(err)
	}
	w.write(map[string]string{"main.tf": block + importBlock(""), "mix.tf": minimalMix("room")})
	if out := w.run("apply", "-auto-approve"); !strings.Contains(out, "1 imported, 0 added, 1 changed, 0 destroyed") {
		t.Errorf("apply:\n%s", out)
	}
	if len(sim.RequestsOf(livesim.ActionCancel)) != 0 || sessionIDs(sim) != "room" {
		t.Errorf("live: %q", sessionIDs(sim))
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
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

// A crash of the provider in the middle of an update empties the private state and the identity. Nothing is lost by it.
func TestAccCLI_stateAfterCrash(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + minimalMix("room")})
	w.run("apply", "-auto-approve")

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
	if out := w.run("apply", "-auto-approve"); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") || len(sim.RequestsOf(livesim.ActionCreate)) != 2 {
		t.Errorf("apply:\n%s", out)
	}
	if out := w.run("plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("plan:\n%s", out)
	}
	w.write(map[string]string{"main.tf": requires + providerBlock(sim) + strings.Replace(minimalMix("room"), "20", "30", 1)})
	if out := w.run("apply", "-auto-approve"); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("apply:\n%s", out)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

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
