// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each file testdata/rules/*.tf is the body of a mix that breaks one rule, and the .txt beside it is what the user reads.
func TestMixStreamRules(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/rules/*.tf")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	server := newServer(New("test")())
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tf"), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			diags := validateMix(t, server, mixConfig(t, string(body)))
			// The framework goes through the attributes of an object in no order.
			slices.SortStableFunc(diags, func(a, b *tfprotov6.Diagnostic) int {
				return strings.Compare(wirePath(a.Attribute), wirePath(b.Attribute))
			})
			for _, d := range diags {
				// Most CLIs show the line of the resource only.
				if at := wirePath(d.Attribute); !strings.Contains(d.Detail, at) {
					t.Errorf("%q does not name %s", d.Detail, at)
				}
			}
			got := prose(diags)
			golden := strings.TrimSuffix(file, ".tf") + ".txt"
			if *update {
				if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if got != string(want) {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
			if severity := strings.Split(filepath.Base(file), "_")[0]; severity == "warning" && strings.Contains(got, "Error:") || !strings.Contains(strings.ToLower(got), severity+":") {
				t.Errorf("%s says:\n%s", file, got)
			}
		})
	}
}

// A valid mix draws no word, and neither does one of which a part is not known that could put it right.
func TestMixStreamRulesStaySilent(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		"template": `
			mix_stream_session_id  = "s"
			mix_stream_template_id = 20
			input_stream_list = [
				{ input_stream_name = "a", layout_params = { image_layer = 1 } },
				{ input_stream_name = "b", layout_params = { image_layer = 2 } },
			]
			output_params = { output_stream_name = "a" }`,
		"audio on top of a template": `
			mix_stream_session_id  = "s"
			mix_stream_template_id = 20
			input_stream_list = [
				{ input_stream_name = "a", layout_params = { image_layer = 1 } },
				{ input_stream_name = "b", layout_params = { image_layer = 2 } },
				{ input_stream_name = "c", layout_params = { image_layer = 3, input_type = "audio" } },
			]
			output_params = { output_stream_name = "a" }`,
		"canvas template": `
			mix_stream_session_id  = "s"
			mix_stream_template_id = 390
			input_stream_list = [
				{ input_stream_name = "canvas", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1920, image_height = 1080 } },
				{ input_stream_name = "a", layout_params = { image_layer = 2 } },
				{ input_stream_name = "b", layout_params = { image_layer = 3 } },
			]
			output_params = { output_stream_name = "b" }`,
		"copy": `
			mix_stream_session_id = "s"
			input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 1 } }]
			output_params  = { output_stream_name = "b" }
			control_params = { allow_copy = true }`,
		"flush with the edges": `
			mix_stream_session_id = "s"
			input_stream_list = [
				{ input_stream_name = "canvas", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720, color = "#000000" } },
				{ input_stream_name = "a", layout_params = { image_layer = 2, image_width = 640, image_height = 720, location_x = 640 } },
				{ input_stream_name = "b", layout_params = { image_layer = 3, image_width = 0.3, image_height = 0.3, location_x = 0.7, location_y = 0.7 } },
				{ input_stream_name = "c", layout_params = { image_layer = 4, image_width = 320, image_height = 0.5, location_x = 0.75, location_y = 360 } },
			]
			output_params = { output_stream_name = "c" }`,
		"the largest there is": `
			mix_stream_session_id = "s"
			input_stream_list = [
				{ input_stream_name = "a", layout_params = { image_layer = 1 } },
				{ input_stream_name = "b", layout_params = { image_layer = 2, image_width = 2000, image_height = 1000, location_y = 1000 },
				  crop_params = { crop_width = 1000, crop_start_location_x = 1000 } },
			]
			output_params = { output_stream_name = "a" }`,
		"everything unknown": `
			mix_stream_session_id  = unknown
			mix_stream_template_id = unknown
			input_stream_list      = unknown
			output_params          = unknown
			control_params         = unknown
			output_monitor         = unknown`,
		"allow_copy unknown": `
			mix_stream_session_id = "s"
			input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 1 } }]
			output_params  = { output_stream_name = "b" }
			control_params = { allow_copy = unknown }`,
		"parts unknown": `
			mix_stream_session_id  = "s"
			mix_stream_template_id = 390
			input_stream_list = [
				{ input_stream_name = unknown, layout_params = { image_layer = 1, input_type = unknown, image_width = unknown, image_height = 100 } },
				{ input_stream_name = "c", layout_params = { image_layer = unknown, input_type = "canvas", image_width = unknown, image_height = unknown } },
				{ input_stream_name = "p", layout_params = { image_layer = 2, input_type = "picture", watermark_id = unknown } },
				{ input_stream_name = "w", layout_params = { image_layer = unknown, input_type = "web_page", web_page_url = unknown } },
				{ input_stream_name = "l", layout_params = unknown, crop_params = unknown, portrait_segment_params = unknown },
			]
			output_params  = { output_stream_name = unknown, mix_sei = unknown }
			control_params = unknown
			timeouts       = { create = unknown }`,
		"an input unknown": `
			mix_stream_session_id  = "s"
			mix_stream_template_id = 410
			input_stream_list = [
				{ input_stream_name = "b", layout_params = { image_layer = 2 } },
				unknown,
			]
			output_params = { output_stream_name = "b" }`,
		"only input unknown": `
			mix_stream_session_id = "s"
			input_stream_list     = [unknown]
			output_params         = { output_stream_name = "b" }`,
		"background unknown": `
			mix_stream_session_id = "s"
			input_stream_list = [
				{ input_stream_name = "a", layout_params = { image_layer = 1, image_width = unknown, image_height = unknown } },
				{ input_stream_name = "b", layout_params = { image_layer = 2, image_width = 1900, image_height = 1900, location_x = 1900, location_y = 1900 } },
			]
			output_params = { output_stream_name = "a" }`,
	}
	server := newServer(New("test")())
	for name, body := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diags := validateMix(t, server, mixConfig(t, body)); len(diags) > 0 {
				t.Errorf("says:\n%s", prose(diags))
			}
		})
	}
}

// All that is wrong is told at once.
func TestMixStreamRulesTellAll(t *testing.T) {
	t.Parallel()
	diags := validateMix(t, newServer(New("test")()), mixConfig(t, `
		mix_stream_session_id  = "not a name"
		mix_stream_template_id = 410
		input_stream_list = [
			{ input_stream_name = "canvas", layout_params = { image_layer = 2, input_type = "canvas" } },
			{ input_stream_name = "a", layout_params = { image_layer = 2, location_x = 3000 } },
		]
		output_params = { output_stream_name = "canvas", mix_sei = "" }
		timeouts      = { delete = "0s" }`))
	var at []string
	for _, d := range diags {
		at = append(at, wirePath(d.Attribute))
	}
	slices.Sort(at)
	want := []string{
		"input_stream_list",
		"input_stream_list[0].layout_params.image_height",
		"input_stream_list[0].layout_params.image_layer",
		"input_stream_list[0].layout_params.image_width",
		"input_stream_list[1].layout_params",
		"input_stream_list[1].layout_params.image_layer",
		"input_stream_list[1].layout_params.location_x",
		"mix_stream_session_id",
		"mix_stream_template_id",
		"output_params.mix_sei",
		"output_params.output_stream_name",
		"timeouts.delete",
	}
	if !slices.Equal(at, want) {
		t.Errorf("problems at\n%s\nwant\n%s", strings.Join(at, "\n"), strings.Join(want, "\n"))
	}
}
