// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// mixesIn reads the files *.tf of a directory, each of which is the body of a mix.
func mixesIn(t *testing.T, dir string) map[string]tftypes.Value {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.tf"))
	if err != nil || len(files) == 0 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	mixes := map[string]tftypes.Value{}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		mixes[strings.TrimSuffix(filepath.Base(file), ".tf")] = mixConfig(t, string(body))
	}
	return mixes
}

// Each file testdata/rules/*.tf is a mix that breaks one rule, and the .txt beside it is what the user reads.
func TestMixStreamRules(t *testing.T) {
	t.Parallel()
	server := newServer(New("test")())
	for name, mix := range mixesIn(t, "testdata/rules") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
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
			compareGolden(t, filepath.Join("testdata", "rules", name+".txt"), got)
			if severity := strings.Split(name, "_")[0]; severity == "warning" && strings.Contains(got, "Error:") || !strings.Contains(strings.ToLower(got), severity+":") {
				t.Errorf("%s says:\n%s", name, got)
			}
		})
	}
}

// Each file testdata/silent/*.tf is a mix without diagnostics: it is valid, or an unknown value could still make it so.
func TestMixStreamRulesStaySilent(t *testing.T) {
	t.Parallel()
	server := newServer(New("test")())
	for name, mix := range mixesIn(t, "testdata/silent") {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diags := validateMix(t, server, mix); len(diags) > 0 {
				t.Errorf("unexpected:\n%s", acctest.Prose(diags))
			}
		})
	}
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

// A new output name replaces the mix with its session ID: that takes the show off air, and a create timeout that ends before
// the ID may be used again is refused at plan.
func TestMixStreamReplacedWithItsSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		object := s.process().change(s.mix(), nil)
		renamed := func(extra string) tftypes.Value {
			return mixConfig(t, fmt.Sprintf(`
				mix_stream_session_id  = "room"
				mix_stream_template_id = 20
				input_stream_list = [
					{ input_stream_name = "host", layout_params = { image_layer = 1 } },
					{ input_stream_name = "guest", layout_params = { image_layer = 2 } },
				]
				output_params = { output_stream_name = "show" }
				%s`, extra))
		}
		core := s.process()
		first := core.plan(renamed(""), object)
		acctest.ExpectText(t, first.text(), "Warning: Mix stream goes off air", "at output_params.output_stream_name", "35s", "create_before_destroy", "new mix_stream_session_id")
		if !first.replace {
			t.Error("no replacement is planned")
		}
		acctest.ExpectText(t, core.planAfter(renamed(""), core.null(), first.private).text())

		short := s.process().plan(renamed(`timeouts = { create = "20s" }`), object)
		acctest.ExpectText(t, short.text(), "Error: Timeout too short to reuse the session ID", "at timeouts.create", "timeouts.create is 20s", `"room"`, "at least 1m30s")

		// Terraform tells nobody of -replace but by planning a create with the private state of the object.
		core = s.process()
		tooShort := s.mix(`timeouts = { create = "20s" }`)
		first = core.plan(tooShort, object)
		if first.failed() {
			t.Error(first.text())
		}
		acctest.ExpectText(t, core.planAfter(tooShort, core.null(), first.private).text(), "Error: Timeout too short to reuse the session ID")
	})
}

// Two new resources with one session ID: the second create is refused, and nothing is sent for it.
func TestMixStreamTwoNewWithOneSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		core := s.process()
		other := s.mix(`wait_for_inputs = true`)
		acctest.ExpectText(t, core.plan(s.mix(), nil).text())
		acctest.ExpectText(t, core.plan(s.mix(), nil).text()) // The same configuration may be the same resource, planned again.
		second := core.plan(other, nil)
		acctest.ExpectText(t, second.text(), "Warning: Session ID used twice", `mix_stream_session_id is "room" for two resources`)
		core.change(s.mix(), nil)
		object, text := core.apply(other, nil, second)
		if object != nil {
			t.Error("the second one is in the state")
		}
		acctest.ExpectText(t, text, "Error: Session ID used twice", "at mix_stream_session_id", "Nothing was sent for this one")
		s.ends(true, 1, 0)
	})
}

// With -refresh=false, a plan destroys a deposed object and keeps another one with its session. The apply would plan the
// destroy again, without a trace of the other one, and cancel the session of both.
func TestMixStreamDeposedBesideItsSessionUnread(t *testing.T) {
	t.Parallel()
	refused := []string{"Error: Refresh needed", `with the session "room"`, "neither was refreshed", "-refresh=false"}
	for i := range 1 << 2 {
		keptFirst, afterCrash := i&1 == 1, i&2 == 2
		t.Run(fmt.Sprintf("kept planned first: %t, after a crash: %t", keptFirst, afterCrash), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				deposed, kept := s.renamed()
				if afterCrash {
					deposed.private = nil
				}
				core := s.process()
				if keptFirst {
					acctest.ExpectText(t, core.plan(s.mix(), kept).text())
					acctest.ExpectText(t, core.plan(core.null(), deposed).text(), refused...)
				} else {
					acctest.ExpectText(t, core.plan(core.null(), deposed).text())
					acctest.ExpectText(t, core.plan(s.mix(), kept).text(), append(refused, "at mix_stream_session_id")...)
				}

				core = s.process()
				kept, deposed = core.refresh(kept), core.refresh(deposed)
				core.settled(s.mix(), kept)
				acctest.ExpectText(t, core.plan(core.null(), deposed).text(), "Warning: Mix stream will not be cancelled")
				core = s.process()
				if left, _ := core.apply(core.null(), deposed, core.plan(core.null(), deposed)); left != nil {
					t.Error("the deposed object stays")
				}
				s.lives(true)
			})
		})
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

// A stream that turns into sound alone while the mix runs is a warning, and the change is planned all the same.
func TestMixStreamInputTurnsToAudioOnAir(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		mix := func(kind string) tftypes.Value {
			return mixConfig(t, fmt.Sprintf(`
				mix_stream_session_id = "room"
				input_stream_list = [
					{ input_stream_name = "host", layout_params = { image_layer = 1 } },
					{ input_stream_name = "guest", layout_params = { image_layer = 2, input_type = %q } },
				]
				output_params = { output_stream_name = "host" }`, kind))
		}
		object := s.process().change(mix("audio_video"), nil)
		change := s.process().plan(mix("audio"), object)
		if acctest.ExpectText(t, change.text(), "Warning: Input changes between audio and video on air", "input_stream_list[1].layout_params.input_type"); !change.changes(object) {
			t.Error("the change is not planned")
		}
	})
}

func TestGeometryValidators(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64][2]bool{ // pixels or fraction, pixels only
		-1: {false, false}, 0: {true, true}, 0.005: {false, true}, 0.01: {true, true}, 0.5: {true, true}, 0.99: {true, true},
		0.995: {false, true}, 1: {true, true}, 2000: {true, true}, 2000.5: {false, false}, 4000: {false, false},
	} {
		for i, v := range []validator.Float64{pixelsOrFraction(), pixels()} {
			var resp validator.Float64Response
			v.ValidateFloat64(t.Context(), validator.Float64Request{Path: path.Root("x"), ConfigValue: types.Float64Value(value)}, &resp)
			if resp.Diagnostics.HasError() == want[i] {
				t.Errorf("%v by %s: %v", value, v.Description(t.Context()), resp.Diagnostics)
			}
		}
	}
}

func TestExpandColor(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0xCC0033": "0xCC0033", "0XcC0033": "0xCC0033", "#cc0033": "0xCC0033", "#CC0033": "0xCC0033",
	} {
		if !colorPattern.MatchString(in) {
			t.Errorf("%q is refused", in)
		}
		if got := *expandColor(types.StringValue(in)); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{"", "red", "CC0033", "0xCC003", "#CC00333", "0xGG0033", "x0xCC0033"} {
		if colorPattern.MatchString(in) {
			t.Errorf("%q is accepted", in)
		}
	}
	if expandColor(types.StringNull()) != nil {
		t.Error("a color that is not set is sent")
	}
}

func FuzzColor(f *testing.F) {
	f.Add("#cc0033")
	f.Add("0XCC0033")
	f.Fuzz(func(t *testing.T, s string) {
		if !colorPattern.MatchString(s) {
			return
		}
		got := *expandColor(types.StringValue(s))
		if len(got) != 8 || got[:2] != "0x" || !colorPattern.MatchString(got) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

func validateString(v validator.String, at path.Path, value types.String) diag.Diagnostics {
	var resp validator.StringResponse
	v.ValidateString(context.Background(), validator.StringRequest{Path: at, ConfigValue: value}, &resp)
	return resp.Diagnostics
}

// Each message names the attribute's full path, the rule, the value and the way out, and no password.
func TestDomainValidator(t *testing.T) {
	t.Parallel()
	at := path.Root("output_monitor").AtName("domain_name")
	for value, want := range map[string]string{
		"push.example.com":                  "",
		"PUSH.example.com":                  "",
		"xn--fiqs8s.example":                "",
		"live.tencentcloudapi.com":          "",
		"":                                  `got ""`,
		"https://push.example.com":          `got "https://push.example.com". Use "push.example.com".`,
		"rtmp://push.example.com/live?a=b":  `Use "push.example.com".`,
		"push.example.com:1935":             `Use "push.example.com".`,
		"push.example.com/live":             `Use "push.example.com".`,
		"push.example.com.":                 `Use "push.example.com".`,
		"\tpush.example.com":                `got "\tpush.example.com". Use "push.example.com".`,
		"push.example.com\n":                `got "push.example.com\n". Use "push.example.com".`,
		"https://me:hush@push.example.com/": `without a scheme, port or path. Use "push.example.com".`,
		"*.example.com":                     `got "*.example.com". It may contain letters, digits, hyphens and dots.`,
		"a.example.com,b.example.com":       "It may contain letters, digits, hyphens and dots.",
		"push\u200b.example.com":            `got "push\u200b.example.com"`,
		"127.0.0.1":                         `got "127.0.0.1"`,
		"直播.example.com":                    "ASCII form (xn--…)",
	} {
		diags := validateString(domainValidator{}, at, types.StringValue(value))
		if want == "" {
			if diags.HasError() {
				t.Errorf("%q: %v", value, diags)
			}
			continue
		}
		if len(diags) != 1 || !strings.HasPrefix(diags[0].Detail(), "output_monitor.domain_name must be a plain host name") || !strings.Contains(diags[0].Detail(), want) {
			t.Errorf("%q: got %v, want %s", value, diags, want)
		}
		if len(diags) > 0 && strings.Contains(diags[0].Detail(), "hush") {
			t.Errorf("a password is shown: %v", diags)
		}
	}
	for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
		if diags := validateString(domainValidator{}, at, value); diags.HasError() {
			t.Errorf("%s: %v", value, diags)
		}
	}
}

// The root domain of the API may be empty, and is not one of the hosts below it.
func TestDomainValidatorOfTheAPI(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"": "", "\t": "", "tencentcloudapi.com": "", "intl.tencentcloudapi.com\n": "", "live.example.com": "", "internal": "",
		"live.tencentcloudapi.com":              `Use "tencentcloudapi.com".`,
		"LIVE.intl.tencentcloudapi.com":         `Use "intl.tencentcloudapi.com".`,
		"sts.ap-singapore.tencentcloudapi.com":  `Use "ap-singapore.tencentcloudapi.com".`,
		"https://live.intl.tencentcloudapi.com": `Use "intl.tencentcloudapi.com".`,
		"https://intl.tencentcloudapi.com/":     `Use "intl.tencentcloudapi.com".`,
	} {
		diags := validateString(domainValidator{api: true}, path.Root("domain"), types.StringValue(value))
		if got := len(diags) == 0; got != (want == "") || !got && (!strings.HasPrefix(diags[0].Detail(), "domain must be ") || !strings.Contains(diags[0].Detail(), want)) {
			t.Errorf("%q: got %v, want %s", value, diags, want)
		}
	}
}

func TestEndpointValidator(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{"": true, "\n": true, "live.example.com": true, "http://127.0.0.1:1\n": true, "http://live.example.com": false, "live.example.com:0": false} {
		if diags := validateString(endpointValidator{}, path.Root("endpoints").AtName("live"), types.StringValue(value)); diags.HasError() == ok ||
			!ok && !strings.HasPrefix(diags[0].Detail(), "endpoints.live cannot be used: ") {
			t.Errorf("%q: %v", value, diags)
		}
	}
}
