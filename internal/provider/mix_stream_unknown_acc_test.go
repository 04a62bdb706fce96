// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"maps"
	"strings"
	"testing"
)

// An input that only a variable, a module's caller or another resource knows passes validate and plan, and is mixed as it
// turns out. Terraform validates with unknown variables.
func TestAccCLI_unknownInputs(t *testing.T) {
	t.Parallel()
	needAcceptance(t)
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
				"room/main.tf": requires + `
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
			sim := newSim(t)
			files := maps.Clone(tt.files)
			files["main.tf"] = requires + providerBlock(sim) + files["main.tf"]
			w := newWorkspace(t, files)
			w.run("validate")
			w.run(append([]string{"plan", "-out=room.tfplan"}, tt.flags...)...)
			w.run("apply", "room.tfplan")
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
			if out := w.run(append([]string{"plan", "-detailed-exitcode"}, tt.flags...)...); !strings.Contains(out, "No changes") {
				t.Error(out)
			}
			w.run(append([]string{"destroy", "-auto-approve"}, tt.flags...)...)
			if err := nothingLeft(sim)(nil); err != nil {
				t.Error(err)
			}
		})
	}
}
