// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// eachMix calls a test with each file *.tf of a directory, the body of a mix.
func eachMix(t *testing.T, dir string, test func(t *testing.T, file string, mix tftypes.Value)) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".tf"), func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			test(t, file, mixConfig(t, string(body)))
		})
	}
}

// Each file testdata/rules/*.tf is the body of a mix that breaks one rule, and the .txt beside it is what the user reads.
func TestMixStreamRules(t *testing.T) {
	t.Parallel()
	server := newServer(New("test")())
	eachMix(t, "testdata/rules", func(t *testing.T, file string, mix tftypes.Value) {
		diags := validateMix(t, server, mix)
		// The framework goes through the attributes of an object in no order.
		slices.SortStableFunc(diags, func(a, b *tfprotov6.Diagnostic) int {
			return strings.Compare(acctest.WirePath(a.Attribute), acctest.WirePath(b.Attribute))
		})
		for _, d := range diags {
			// Most CLIs show the line of the resource only.
			if at := acctest.WirePath(d.Attribute); !strings.Contains(d.Detail, at) {
				t.Errorf("%q does not name %s", d.Detail, at)
			}
		}
		got := acctest.Prose(diags)
		compareGolden(t, strings.TrimSuffix(file, ".tf")+".txt", got)
		if severity := strings.Split(filepath.Base(file), "_")[0]; severity == "warning" && strings.Contains(got, "Error:") || !strings.Contains(strings.ToLower(got), severity+":") {
			t.Errorf("%s says:\n%s", file, got)
		}
	})
}

// Each file testdata/silent/*.tf is the body of a mix that has no diagnostics: it is valid, or an unknown value could still
// make it so.
func TestMixStreamRulesStaySilent(t *testing.T) {
	t.Parallel()
	server := newServer(New("test")())
	eachMix(t, "testdata/silent", func(t *testing.T, _ string, mix tftypes.Value) {
		if diags := validateMix(t, server, mix); len(diags) > 0 {
			t.Errorf("unexpected:\n%s", acctest.Prose(diags))
		}
	})
}

// All problems are reported at once.
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
		at = append(at, acctest.WirePath(d.Attribute))
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

// What an unknown input may lack is not reported; what a known one beside it lacks is.
func TestUnknownInputBesideOmission(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"an unknown input alone": {
			body: `input_stream_list = [unknown, { input_stream_name = "b", layout_params = { image_layer = 2 } }]`,
		},
		"a name missing beside it": {
			body: `input_stream_list = [unknown, { layout_params = { image_layer = 2 } }]`,
			want: []string{"input_stream_list[1].input_stream_name"},
		},
		"a layer missing beside an unknown layout": {
			body: `input_stream_list = [{ input_stream_name = "a", layout_params = {} }, { input_stream_name = "b", layout_params = unknown }, unknown]`,
			want: []string{"input_stream_list[0].layout_params.image_layer"},
		},
		"all inputs unknown, and no name of the output": {
			body: `
				input_stream_list = [unknown, unknown]
				output_params     = {}`,
			want: []string{"output_params.output_stream_name"},
		},
		"all unknown, and no output": {
			body: `
				input_stream_list = unknown
				output_params     = null`,
			want: []string{"output_params"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `mix_stream_session_id = "s"` + "\n" + tt.body
			if !strings.Contains(body, "output_params") {
				body += "\n" + `output_params = { output_stream_name = "b" }`
			}
			diags := validateMix(t, newServer(New("test")()), mixConfig(t, body))
			var at []string
			for _, d := range diags {
				at = append(at, acctest.WirePath(d.Attribute))
			}
			if strings.Join(at, " ") != strings.Join(tt.want, " ") {
				t.Errorf("problems at %q, want %q:\n%s", at, tt.want, acctest.Prose(diags))
			}
		})
	}
}

// A configuration is decoded for a complaint that could be about a part of something unknown, and for no other: here is
// none that could be decoded.
func TestUnknownPartsAreSoughtOnlyWhereNeeded(t *testing.T) {
	t.Parallel()
	diags := validateMix(t, newServer(New("test")()), mixConfig(t, `
		mix_stream_session_id = "no name"
		input_stream_list     = [{ input_stream_name = "a", layout_params = { image_layer = 1 } }]`))
	if len(diags) < 3 {
		t.Fatalf("only\n%s", acctest.Prose(diags))
	}
	if kept := withoutUnknownParts(diags, nil, nil); len(kept) != len(diags) {
		t.Errorf("of %d diagnostics %d are left", len(diags), len(kept))
	}
}

// A live stream that changes between audio only and video is a warning; no other change is.
func TestWarnOfKindChange(t *testing.T) {
	t.Parallel()
	const host = `{ input_stream_name = "host", layout_params = { image_layer = 1 } }`
	input := func(name, kind string) string {
		return `{ input_stream_name = "` + name + `", layout_params = { image_layer = 2, input_type = ` + kind + ` } }`
	}
	for name, tt := range map[string]struct {
		before, after string
		want          []string
	}{
		"nothing changes":               {before: host + "," + input("a", `"audio"`), after: host + "," + input("a", `"audio"`)},
		"to audio":                      {before: host + "," + input("a", `"audio_video"`), after: host + "," + input("a", `"audio"`), want: []string{"input_stream_list[1].layout_params.input_type"}},
		"from audio, elsewhere":         {before: host + "," + input("a", `"audio"`), after: input("a", `"video"`) + "," + host, want: []string{"input_stream_list[0].layout_params.input_type"}},
		"to audio, from the default":    {before: host + "," + input("a", "null"), after: host + "," + input("a", `"audio"`), want: []string{"input_stream_list[1].layout_params.input_type"}},
		"video without its sound":       {before: host + "," + input("a", `"audio_video"`), after: host + "," + input("a", `"video"`)},
		"a new audio input":             {before: host, after: host + "," + input("a", `"audio"`)},
		"another stream in its place":   {before: host + "," + input("a", `"audio"`), after: host + "," + input("b", `"audio_video"`)},
		"a picture with its name":       {before: host + "," + input("a", `"picture"`), after: host + "," + input("a", `"audio"`)},
		"sound added beside picture":    {before: host + "," + input("a", `"video"`), after: host + "," + input("a", `"video"`) + "," + input("a", `"video"`)},
		"split into sound and picture":  {before: host + "," + input("a", `"audio_video"`), after: host + "," + input("a", `"video"`) + "," + input("a", `"audio"`), want: []string{"input_stream_list[2].layout_params.input_type"}},
		"not known what it becomes":     {before: host + "," + input("a", `"audio"`), after: host + "," + input("a", "unknown")},
		"not known which it is":         {before: host + "," + input("a", `"audio"`), after: host + ", unknown"},
		"nothing before (after import)": {before: "", after: host + "," + input("a", `"audio"`)},
	} {
		var mixes [2]*mixModel
		for i, inputs := range []string{tt.before, tt.after} {
			var err error
			if mixes[i], err = readMix(mixConfig(t, "input_stream_list = ["+inputs+"]")); err != nil {
				t.Fatal(err)
			}
		}
		var diags diag.Diagnostics
		warnOfKindChange(mixes[0], mixes[1], &diags)
		var at []string
		for _, d := range diags.Warnings() {
			if withPath, ok := d.(diag.DiagnosticWithPath); ok {
				at = append(at, withPath.Path().String())
			}
		}
		if diags.HasError() || !slices.Equal(at, tt.want) {
			t.Errorf("%s: warned at %q, want %q: %v", name, at, tt.want, diags)
		}
	}
}

func TestWarnOfKindChangeSays(t *testing.T) {
	t.Parallel()
	var mixes [2]*mixModel
	for i, kind := range []string{"audio", "audio_video"} {
		var err error
		mixes[i], err = readMix(mixConfig(t, `input_stream_list = [{ input_stream_name = "guest", layout_params = { image_layer = 2, input_type = "`+kind+`" } }]`))
		if err != nil {
			t.Fatal(err)
		}
	}
	var diags diag.Diagnostics
	warnOfKindChange(mixes[0], mixes[1], &diags)
	const want = `input_stream_list[0].layout_params.input_type changes input "guest" from audio only to a picture while the mix runs. ` +
		"Tencent advises against this: it resets RTMP connections and splits recordings into small files. If the change can wait, apply it while the mix is not running."
	if len(diags) != 1 || diags[0].Detail() != want {
		t.Errorf("got %v", diags)
	}
}
