// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// A live stream that turns from sound alone to sound and picture, or back, is warned of; nothing else is.
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
		t.Errorf("says %v", diags)
	}
}
