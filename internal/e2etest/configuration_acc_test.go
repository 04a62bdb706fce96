// SPDX-License-Identifier: MPL-2.0

//go:build unix

package e2etest

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// An input that only a variable, a module's caller or another resource knows passes validate and plan, and is mixed as it
// turns out. Terraform validates with unknown variables.
func TestAccCLI_unknownInputs(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	mix := func(inputs string) string {
		return `
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id = "room"
  input_stream_list     = ` + inputs + `
  output_params         = { output_stream_name = "show" }
}
`
	}
	const (
		background = `{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720 } }`
		guest      = `{ input_stream_name = "guest", layout_params = { image_layer = 2 } }`
	)
	for name, tt := range map[string]struct {
		files map[string]string
		flags []string
		want  string // an input that is mixed
	}{
		"a layout by a variable": {
			files: map[string]string{"main.tf": `
variable "picture_in_picture" {
  type = bool
}
` + mix(`(var.picture_in_picture
    ? provider::tencentcss::picture_in_picture_layout("host", ["guest"], 1280, 720, "bottom_right", 32, 0.25)
    : provider::tencentcss::side_by_side_layout("host", "guest", 1280, 720, 24, 0.5))`)},
			flags: []string{"-var=picture_in_picture=false"},
			want:  "host",
		},
		"an input by the caller of a module": {
			files: map[string]string{
				"room/main.tf": acctest.Requires + `
variable "background" {
  type = any
}
` + mix("[var.background, "+guest+"]"),
				"main.tf": `
variable "width" {
  type = number
}

module "room" {
  source     = "./room"
  background = ` + strings.Replace(background, "1280", "var.width", 1) + `
}
`,
			},
			flags: []string{"-var=width=1280"},
			want:  "stage",
		},
		"an input by another resource": {
			files: map[string]string{"main.tf": `
resource "terraform_data" "background" {
  input = ` + background + `
}
` + mix("[terraform_data.background.output, "+guest+"]")},
			want: "stage",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.StartSimulator(t)
			files := maps.Clone(tt.files)
			files["main.tf"] = acctest.Requires + acctest.ProviderBlock(sim) + files["main.tf"]
			w := acctest.NewWorkspace(t, files)
			w.Run("validate")
			w.Run(append([]string{"plan", "-out=room.tfplan"}, tt.flags...)...)
			w.Run("apply", "room.tfplan")
			sessions := sim.Sessions()
			if len(sessions) != 1 {
				t.Fatalf("%d sessions", len(sessions))
			}
			found := false
			for _, in := range sessions[0].Inputs {
				found = found || in.Name == tt.want
			}
			if !found {
				t.Errorf("no input %s in %+v", tt.want, sessions[0].Inputs)
			}
			if out := w.Run(append([]string{"plan", "-detailed-exitcode"}, tt.flags...)...); !strings.Contains(out, "No changes") {
				t.Error(out)
			}
			w.Destroy(sim, tt.flags...)
		})
	}
}

// A module with for_each that loses one of its instances cancels the session of that one, once.
func TestAccCLI_forEachLosesOne(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	module, err := os.ReadFile(filepath.Join("testdata", "room", "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	rooms := func(names ...string) map[string]string {
		for _, name := range names {
			sim.Publish("host_"+name, livesim.LongSince())
		}
		return map[string]string{
			"room/main.tf": string(module),
			"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + fmt.Sprintf(`
module "room" {
  source   = "./room"
  for_each = toset(["%s"])
  name     = each.key
}
`, strings.Join(names, `", "`)),
		}
	}
	w := acctest.NewWorkspace(t, rooms("a", "b", "c"))
	w.Run("apply", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "room_a room_b room_c" {
		t.Fatalf("live sessions: %q", got)
	}
	w.Write(rooms("a", "c"))
	out := w.Run("apply", "-auto-approve")
	if !strings.Contains(out, "0 added, 0 changed, 1 destroyed") {
		t.Error(out)
	}
	if got := acctest.SessionIDs(sim); got != "room_a room_c" {
		t.Errorf("live sessions: %q", got)
	}
	if got := acctest.CancelledIDs(sim); got != "room_b" || len(sim.RequestsOf(livesim.ActionCancel)) != 1 {
		t.Errorf("cancelled: %q", got)
	}
	w.Destroy(sim)
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
	acctest.ExpectText(t, w.Fails("apply", "-auto-approve"), "one input", "The configuration itself is valid", "lifecycle.ignore_changes keeps a part of the mix as in the state")
	wantLive(t, sim, 0)
}
