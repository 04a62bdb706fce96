// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// The first configuration of the index page goes on air with nothing but credentials and an endpoint in the environment.
func TestAccExamples_provider(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.NewWorkspace(t, below(claimed(t), "provider"), environment(sim)...)
	w.Run("apply", "-auto-approve")
	if err := acctest.Live(sim, "duet"); err != nil {
		t.Error(err)
	}
	w.Run("plan", "-detailed-exitcode")
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// environment are credentials that the simulator accepts, and its endpoint.
func environment(sim *livesim.Server) []string {
	return []string{"TENCENTCLOUD_SECRET_ID=AKIDsimulator", "TENCENTCLOUD_SECRET_KEY=simulator-secret-key", liveEndpoint + "=" + sim.URL()}
}

// stage is a simulator on which the show of the resource's page can go on air.
func stage(t *testing.T) *livesim.Server {
	t.Helper()
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.Watermarks = []int64{4711} })
	for _, name := range []string{"speaker_left", "speaker_right"} {
		sim.Publish(name, livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	return sim
}

// The mixes of the resource's page go on air, one with its logo, and its output is watched.
func TestAccExamples_mixStream(t *testing.T) {
	t.Parallel()
	sim := stage(t)
	w := acctest.NewWorkspace(t, configuration(acctest.Requires+acctest.ProviderBlock(sim), claimed(t)))
	w.Run("apply", "-auto-approve")
	if err := acctest.Live(sim, "duet", "evening_show"); err != nil {
		t.Error(err)
	}
	expectWords(t, w.Run("show"), `output_stream_state = "active"`)
	w.Run("plan", "-detailed-exitcode")
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// A session that the state has lost is taken over in place by each way to import it, without a cancel.
func TestAccExamples_mixStreamImport(t *testing.T) {
	t.Parallel()
	sim := stage(t)
	files := below(claimed(t), "resources/"+mixStreamType)
	w := acctest.NewWorkspace(t, configuration(acctest.Requires+acctest.ProviderBlock(sim), map[string]string{"resource.tf": files["resource_show.tf"]}))
	w.Run("apply", "-auto-approve")

	commands := 0
	for line := range strings.Lines(files["import.sh"]) {
		if command, ok := strings.CutPrefix(line, "terraform "); ok {
			commands++
			w.Run("state", "rm", "tencentcss_mix_stream.show")
			expectWords(t, w.Run(strings.Fields(command)...), "Import successful!")
			expectWords(t, w.Run("apply", "-auto-approve"), "0 added, 1 changed, 0 destroyed")
		}
	}
	if commands != 1 {
		t.Errorf("import.sh has %d commands", commands)
	}
	importAgain(t, w, files["import-by-string-id.tf"])
	adopted(t, sim, w, 3)
}

// The same by identity.
func TestAccExamples_mixStreamIdentity(t *testing.T) {
	t.Parallel()
	acctest.NeedVersion(t, "import by identity", "1.12.0", "1.12.0")
	sim := stage(t)
	files := below(claimed(t), "resources/"+mixStreamType)
	w := acctest.NewWorkspace(t, configuration(acctest.Requires+acctest.ProviderBlock(sim), map[string]string{"resource.tf": files["resource_show.tf"]}))
	w.Run("apply", "-auto-approve")
	importAgain(t, w, files["import-by-identity.tf"])
	adopted(t, sim, w, 2)
}

// importAgain forgets the show and imports it by a block.
func importAgain(t *testing.T, w *acctest.Workspace, block string) {
	t.Helper()
	w.Run("state", "rm", "tencentcss_mix_stream.show")
	w.Write(map[string]string{"import.tf": block})
	expectWords(t, w.Run("apply", "-auto-approve"), "1 imported, 0 added, 1 changed, 0 destroyed")
}

// adopted looks for a show that was sent so often and was on air all the time, until it is destroyed.
func adopted(t *testing.T, sim *livesim.Server, w *acctest.Workspace, sent int) {
	t.Helper()
	if err := acctest.Live(sim, "evening_show"); err != nil {
		t.Error(err)
	}
	for action, want := range map[string]int{livesim.ActionCreate: sent, livesim.ActionCancel: 0} {
		if err := acctest.Calls(sim, action, want); err != nil {
			t.Error(err)
		}
	}
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// inputAttributes are the names of all attributes of an input.
func inputAttributes(attributes []*tfprotov6.SchemaAttribute) []string {
	var names []string
	for _, a := range attributes {
		names = append(names, a.Name)
		if a.NestedType != nil {
			names = append(names, inputAttributes(a.NestedType.Attributes)...)
		}
	}
	return names
}

// The check of the resource's page passes the inputs as they stand there, knows every attribute, and finds a misspelled one,
// which Terraform itself drops.
func TestAccExamples_mixStreamCheckedInputs(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	example := below(claimed(t), "resources/"+mixStreamType)["checked_inputs.tf"]
	_, has := schemas(t)
	mix := has.ResourceSchemas[mixStreamType].Block.Attributes
	inputs := mix[slices.IndexFunc(mix, func(a *tfprotov6.SchemaAttribute) bool { return a.Name == "input_stream_list" })]
	for _, name := range inputAttributes(inputs.NestedType.Attributes) {
		if !strings.Contains(example, `"`+name+`"`) {
			t.Errorf("the check does not know %s", name)
		}
	}
	const last = "image_height = 180 }"
	if !strings.Contains(example, last) {
		t.Fatalf("no %q in the example", last)
	}
	w := acctest.NewWorkspace(t, map[string]string{"settings.tf": acctest.Requires + acctest.ProviderBlock(sim)})
	for changed, good := range map[string]bool{
		last: true,
		last + ", crop_params = { crop_width = 100 }": true,
		"imageheight = 180 }":                         false,
		last + ", crop_params = { cropwidth = 100 }":  false,
		last + ", crop_parms = { crop_width = 100 }":  false,
	} {
		w.Write(map[string]string{"main.tf": strings.Replace(example, last, changed, 1)})
		cmd, out := w.Command("apply", "-auto-approve")
		err := cmd.Run()
		refused := strings.Contains(acctest.OneLine(out.String()), "An input has an attribute that input_stream_list does not know.")
		if (err == nil) != good || refused == good {
			t.Errorf("%s: %v\n%s", changed, err, out)
		}
	}
	w.Write(map[string]string{"main.tf": example})
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}
