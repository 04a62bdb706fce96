// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// monitoredMix is a mix with a monitor of its output; more lines go into the monitor and into the resource.
func monitoredMix(session, monitor, more string) string {
	return fmt.Sprintf(`
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = %q
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params  = { output_stream_name = "show" }
  output_monitor = {
    domain_name = "push.example.com"
    %s
  }
  %s
}
`, session, monitor, more)
}

// withDomain lets the inputs push under the domain that monitors ask for.
func withDomain(sim *livesim.Server) *livesim.Server {
	for _, name := range []string{"host", "guest"} {
		sim.Publish(name, livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	return sim
}

func expectState(state string) statecheck.StateCheck {
	return statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_stream_state"), knownvalue.StringExact(state))
}

func oneLine(out string) string { return acctest.OneLine(out) }

// An output that is found inactive plans to send the mix again, in place, and a destroy cancels all the same.
func TestAccMixStream_monitorInactive(t *testing.T) {
	sim := withDomain(newSim(t))
	mix := providerBlock(sim) + monitoredMix("room", `active_timeout = "0s"`, "")
	offline := func() { sim.Unpublish("host"); sim.Unpublish("guest") }
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             resource.ComposeTestCheckFunc(nothingLeft(sim), calls(sim, livesim.ActionCancel, 1)),
		Steps: []resource.TestStep{
			{Config: mix, ConfigStateChecks: []statecheck.StateCheck{expectState("active")}},
			{
				PreConfig:    offline,
				RefreshState: true,
				RefreshPlanChecks: resource.RefreshPlanChecks{PostRefresh: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionUpdate),
					plancheck.ExpectUnknownValue(testAddress, tfjsonpath.New("output_stream_state")),
				}},
				ExpectNonEmptyPlan: true,
			},
			{
				PreConfig:        func() { withDomain(sim) },
				Config:           mix,
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			},
			// The last refresh before the destroy sees an inactive output.
			{
				PreConfig:          offline,
				RefreshState:       true,
				ExpectNonEmptyPlan: true,
				Check:              func(*terraform.State) error { return live(sim, "room")(nil) },
			},
		},
	})
}

// A mix whose output stays down is sent again by each apply.
func TestAccCLI_monitorSendsAgain(t *testing.T) {
	t.Parallel()
	sim := withDomain(newSim(t))
	w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + monitoredMix("room", `active_timeout = "1s"`, "")})
	w.run("apply", "-auto-approve")
	if n := len(sim.RequestsOf(livesim.ActionCreate)); n != 1 {
		t.Fatalf("%d creates", n)
	}

	sim.Unpublish("host")
	sim.Unpublish("guest")
	// A refresh-only run takes the state over and leaves the mix alone.
	out := w.run("apply", "-refresh-only", "-auto-approve")
	if !strings.Contains(out, `"active" -> "inactive"`) || len(sim.RequestsOf(livesim.ActionCreate)) != 1 {
		t.Errorf("refresh-only:\n%s", out)
	}
	out = w.run("plan")
	if !strings.Contains(out, "0 to add, 1 to change, 0 to destroy") || !strings.Contains(out, `"inactive" -> (known after apply)`) {
		t.Errorf("plan:\n%s", out)
	}

	withDomain(sim)
	out = w.run("apply", "-auto-approve", "-refresh=false")
	if !strings.Contains(out, "0 added, 1 changed, 0 destroyed") || len(sim.RequestsOf(livesim.ActionCreate)) != 2 {
		t.Errorf("apply:\n%s", out)
	}
	if out := w.run("plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("plan:\n%s", out)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// An output that does not come up in time is a warning, and its state is saved.
func TestAccCLI_activeTimeout(t *testing.T) {
	t.Parallel()
	sim := newSim(t) // The inputs push under another domain, so that the output does not show under this one.
	sim.Publish("host", livesim.LongSince(), livesim.Domain("elsewhere.example.com"))
	w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + monitoredMix("room", `active_timeout = "1s"`, "")})
	start := time.Now()
	out := oneLine(w.run("apply", "-auto-approve"))
	if took := time.Since(start); took < time.Second {
		t.Errorf("the apply took %s and did not wait", took)
	}
	for _, want := range []string{
		"Warning: The output stream is not active",
		`Tencent accepted the mix "room", but its output "show" under push.example.com/live was still inactive after 1s.`,
		"Check that the inputs push and that domain_name and app_name are those of the output.",
		"1 added, 0 changed, 0 destroyed",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no word of %q in: %s", want, out)
		}
	}
	if out := w.run("show"); !strings.Contains(out, `output_stream_state    = "inactive"`) {
		t.Errorf("state:\n%s", out)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// A banned output is told at once and does not plan a change that could not help.
func TestAccCLI_forbiddenOutput(t *testing.T) {
	t.Parallel()
	sim := withDomain(newSim(t))
	w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + monitoredMix("room", "", "")})
	w.run("apply", "-auto-approve")
	sim.Forbid("show")
	w.run("apply", "-refresh-only", "-auto-approve")
	if out := w.run("plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("plan:\n%s", out)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// A monitor that cannot be read is a warning: the state stays, and neither plan nor destroy fails for it.
func TestAccCLI_monitorUnreadable(t *testing.T) {
	t.Parallel()
	sim := withDomain(newSim(t))
	w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim, "max_retries = 1") + monitoredMix("room", "", "")})
	w.run("apply", "-auto-approve")
	sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "InternalError.GetStreamInfoError", Message: "oops"}})
	out := oneLine(w.run("plan"))
	for _, want := range []string{"No changes.", "Warning: Unable to read the state of the output stream", `The session "room" is not touched by this`, "Attempts: 2"} {
		if !strings.Contains(out, want) {
			t.Errorf("no word of %q in: %s", want, out)
		}
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// A mix waits for an input that comes late, if it is told to.
func TestAccMixStream_waitForInputs(t *testing.T) {
	sim := newSim(t, func(o *livesim.Options) { o.PushSettle = time.Second })
	sim.Unpublish("guest")
	mix := providerBlock(sim) + strings.Replace(minimalMix("room"), "output_params", "wait_for_inputs = true\n  output_params", 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{{
			PreConfig: func() {
				go func() {
					for len(sim.RequestsOf(livesim.ActionCreate)) == 0 {
						time.Sleep(10 * time.Millisecond)
					}
					sim.Publish("guest")
				}()
			},
			Config: mix,
			Check:  resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCreate, 2)),
		}},
	})
}

// An input that never comes is an error with a hint, and the timeout is named.
func TestAccMixStream_waitForInputsInVain(t *testing.T) {
	sim := newSim(t)
	sim.Unpublish("guest")
	mix := providerBlock(sim) + strings.Replace(minimalMix("room"), "output_params", "wait_for_inputs = true\n  timeouts = { create = \"2s\" }\n  output_params", 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{{
			Config: mix,
			ExpectError: message("Unable to create mix stream", "The create timeout of 2s ran out. Its last attempt failed: An input does not push", `The session "room" was not started`,
				"Code: FailedOperation.StreamNotExist"),
		}},
	})
}

// -replace cancels, waits and creates; with create_before_destroy and the same session ID it must not cancel what it has
// just created.
func TestAccCLI_replace(t *testing.T) {
	t.Parallel()
	needAcceptance(t)
	for name, tt := range map[string]struct {
		lifecycle string
		cancels   int
	}{
		"destroy first": {cancels: 1},
		"create first":  {lifecycle: "lifecycle { create_before_destroy = true }", cancels: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t)
			mix := strings.Replace(minimalMix("room"), "output_params", tt.lifecycle+"\n  output_params", 1)
			w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + mix})
			w.run("apply", "-auto-approve")
			out := oneLine(w.run("apply", "-auto-approve", "-replace="+testAddress))
			if !strings.Contains(out, "1 added, 0 changed, 1 destroyed") {
				t.Error(out)
			}
			if got := strings.Contains(out, "Warning: Mix stream will not be cancelled"); got != (tt.cancels == 0) {
				t.Errorf("warning: %t in: %s", got, out)
			}
			if n := len(sim.RequestsOf(livesim.ActionCancel)); n != tt.cancels || sessionIDs(sim) != "room" {
				t.Errorf("%d cancels, live: %q", n, sessionIDs(sim))
			}
			w.run("destroy", "-auto-approve")
			if err := nothingLeft(sim)(nil); err != nil {
				t.Error(err)
			}
		})
	}
}

// A tainted mix with create_before_destroy is created anew and not cancelled after.
func TestAccCLI_taintedCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	mix := strings.Replace(minimalMix("room"), "output_params", "lifecycle { create_before_destroy = true }\n  output_params", 1)
	w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim, "max_retries = 0") + mix})
	cmd, out := w.command("apply", "-auto-approve")
	if cmd.Run() == nil {
		t.Fatalf("the first apply succeeded:\n%s", out)
	}
	w.run("apply", "-auto-approve")
	if got := sessionIDs(sim); got != "room" || len(sim.RequestsOf(livesim.ActionCancel)) != 0 {
		t.Errorf("live: %q after %d cancels", got, len(sim.RequestsOf(livesim.ActionCancel)))
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
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

// A change whose answer is lost may have taken effect. The user who takes it back gets the former mix again, although
// the state never knew of another.
func TestAccCLI_changeTakenBack(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	mix := func(template string) map[string]string {
		return map[string]string{"main.tf": requires + providerBlock(sim, "max_retries = 0") + strings.Replace(minimalMix("room"), "20", template, 1)}
	}
	w := newWorkspace(t, mix("20"))
	w.run("apply", "-auto-approve")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	w.write(mix("30"))
	if cmd, out := w.command("apply", "-auto-approve"); cmd.Run() == nil || !strings.Contains(oneLine(out.String()), "Whether the session \"room\" has changed is not known") {
		t.Errorf("apply:\n%s", out)
	}
	w.write(mix("20"))
	if out := w.run("apply", "-auto-approve"); !strings.Contains(out, "0 added, 1 changed, 0 destroyed") {
		t.Errorf("apply:\n%s", out)
	}
	if s, _ := sim.Session("room"); s.Template != 20 {
		t.Errorf("the mix has template %d", s.Template)
	}
	if out := w.run("plan"); !strings.Contains(out, "No changes.") {
		t.Errorf("plan:\n%s", out)
	}
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
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
