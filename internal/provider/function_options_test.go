// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"pgregory.net/rapid"
)

// The options of each layout function change what it returns.
func TestLayoutFunctionOptions(t *testing.T) {
	t.Parallel()
	canvas := func(width, height int64) []attr.Value {
		return []attr.Value{types.Int64Value(width), types.Int64Value(height)}
	}
	grid := append([]attr.Value{streamList("a", "b")}, canvas(720, 1280)...)
	inset := append(append([]attr.Value{text("host"), streamList("a")}, canvas(720, 1280)...), text("top_right"), types.Int64Value(20), types.Float64Value(0.25))
	beside := append(append([]attr.Value{text("a"), text("b")}, canvas(720, 1280)...), types.Int64Value(0), types.Float64Value(0.5))
	speaker := append(append([]attr.Value{text("host"), streamList("a", "b")}, canvas(720, 1280)...), text("bottom"), types.Float64Value(0.25))
	for _, tc := range []struct {
		name      string
		f         function.Function
		arguments []attr.Value
		options   string
		want      string
	}{
		{"grid", newGridLayoutFunction(), grid, `{ ratio = "fill", gap = 8, margin = "4", color = "#1d3557" }`, `canvas 1 canvas <null>,<null> 720,1280 "#1d3557"
a 2 audio_video 4,4 712,632 <null>
b 3 audio_video 4,644 712,632 <null>`},
		{"grid without any", newGridLayoutFunction(), grid, `{ ratio = null }`, `canvas 1 canvas <null>,<null> 720,1280 "0x000000"
a 2 audio_video 8,240 704,396 <null>
b 3 audio_video 8,644 704,396 <null>`},
		{"picture in picture", newPictureInPictureLayoutFunction(), inset, `{ ratio = "9:16" }`, `canvas 1 canvas <null>,<null> 720,1280 "0x000000"
host 2 audio_video 0,0 720,1280 <null>
a 3 audio_video 520,20 180,320 <null>`},
		{"side by side", newSideBySideLayoutFunction(), beside, `{ ratio = "9:16", gap = 36 }`, `canvas 1 canvas <null>,<null> 720,1280 "0x000000"
a 2 audio_video 0,336 342,608 <null>
b 3 audio_video 378,336 342,608 <null>`},
		{"speaker", newSpeakerLayoutFunction(), speaker, `{ ratio = "fill" }`, `canvas 1 canvas <null>,<null> 720,1280 "0x000000"
host 2 audio_video 0,0 720,960 <null>
a 3 audio_video 0,960 360,320 <null>
b 4 audio_video 360,960 360,320 <null>`},
	} {
		list, err := call(t, tc.f, append(tc.arguments[:len(tc.arguments):len(tc.arguments)], plainList(t, tc.options))...)
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got := layoutLines(t, list); got != tc.want {
			t.Errorf("%s: got\n%s\nwant\n%s", tc.name, got, tc.want)
		}
	}

	for _, tc := range []struct {
		f             function.Function
		arguments     []attr.Value
		options, want string
	}{
		{newGridLayoutFunction(), grid, `{ ratio = "16/9" }`, `options.ratio must be two whole numbers from 1 to 100 with a colon, such as 16:9, 9:16 or 4:3, or fill; got "16/9"`},
		{newGridLayoutFunction(), grid, `{ ratio = "" }`, `options.ratio must be two whole numbers`},
		{newGridLayoutFunction(), grid, `{ ratio = 1.5 }`, "options.ratio must be a string; got a number"},
		{newGridLayoutFunction(), grid, `{ gap = 3 }`, "options.gap must be an even number of pixels from 0 to 2000; got 3"},
		{newGridLayoutFunction(), grid, `{ gap = 2.5 }`, "options.gap must be a whole number; got 2.5"},
		{newGridLayoutFunction(), grid, `{ gap = "wide" }`, `options.gap must be a number; got "wide"`},
		{newGridLayoutFunction(), grid, `{ margin = true }`, "options.margin must be a number; got a bool"},
		{newGridLayoutFunction(), grid, `{ color = "" }`, `options.color must be a color such as 0xCC0033 or #cc0033; got ""`},
		{newGridLayoutFunction(), grid, `{ colors = "#1d3557" }`, `options has no attribute "colors"; did you mean "color"?`},
		{newGridLayoutFunction(), grid, `{ spacing = 3 }`, `options has no attribute "spacing"; it takes ratio, gap, margin, color`},
		{newGridLayoutFunction(), grid, `"9:16"`, "options must be an object such as { ratio = … }; got a string"},
		{newSideBySideLayoutFunction(), beside, `{ margin = 8 }`, `options has no attribute "margin": the margin is a parameter of this function`},
		{newPictureInPictureLayoutFunction(), inset, `{ margin = 8 }`, `options has no attribute "margin": the margin is a parameter of this function`},
		{newSpeakerLayoutFunction(), speaker, `{ gap = -2 }`, "options.gap must be an even number of pixels from 0 to 2000; got -2"},
	} {
		_, err := call(t, tc.f, append(tc.arguments[:len(tc.arguments):len(tc.arguments)], plainList(t, tc.options))...)
		if err == nil || !strings.HasPrefix(err.Text, tc.want) || err.FunctionArgument == nil || *err.FunctionArgument != int64(len(tc.arguments)) {
			t.Errorf("%s: got %+v, want %s", tc.options, err, tc.want)
		}
	}
}

// What layouts with options return, with a logo on top, is a mix that neither the provider nor the API objects to.
func TestLayoutsWithOptionsAreAccepted(t *testing.T) {
	t.Parallel()
	h := newLayoutHarness(t)
	accepted := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		side := rapid.Map(rapid.IntRange(64, 1000), func(n int) int64 { return int64(2 * n) })
		width, height := types.Int64Value(side.Draw(rt, "width")), types.Int64Value(side.Draw(rt, "height"))
		streams := streamList(someStreams(rapid.IntRange(1, 9).Draw(rt, "streams"))...)
		corner := text(rapid.SampledFrom([]string{"top_left", "top_right", "bottom_left", "bottom_right"}).Draw(rt, "corner"))
		edge := text(rapid.SampledFrom([]string{"left", "right", "top", "bottom"}).Draw(rt, "side"))
		scale := types.Float64Value(rapid.Float64Range(0.1, 0.9).Draw(rt, "scale"))
		options := plainList(t, fmt.Sprintf(`{ ratio = %q, gap = %d, color = "#1d3557" }`,
			rapid.SampledFrom([]string{"16:9", "9:16", "4:3", "1:1", "fill"}).Draw(rt, "ratio"), 2*rapid.IntRange(0, 20).Draw(rt, "gap")))
		margin := types.Int64Value(int64(2 * rapid.IntRange(0, 20).Draw(rt, "margin")))
		layouts := map[string]func() (attr.Value, *function.FuncError){
			"grid": func() (attr.Value, *function.FuncError) {
				return call(t, newGridLayoutFunction(), streams, width, height, options)
			},
			"speaker": func() (attr.Value, *function.FuncError) {
				return call(t, newSpeakerLayoutFunction(), text("host"), streams, width, height, edge, scale, options)
			},
			"side by side": func() (attr.Value, *function.FuncError) {
				return call(t, newSideBySideLayoutFunction(), text("a"), text("b"), width, height, margin, scale, options)
			},
			"picture in picture": func() (attr.Value, *function.FuncError) {
				return call(t, newPictureInPictureLayoutFunction(), text("host"), streams, width, height, corner, margin, scale, options)
			},
		}
		name := rapid.SampledFrom(slices.Sorted(maps.Keys(layouts))).Draw(rt, "layout")
		list, err := layouts[name]()
		if err != nil {
			return // There is no room, which the tests of the geometry look at.
		}
		if with, err := call(t, newOverlayFunction(), types.DynamicValue(list), text("logo"), types.Int64Value(7), types.Int64Value(64), types.Int64Value(64), corner, margin); err == nil {
			list = with
		}
		accepted[name]++
		if err := h.accept(t, list.(types.List), 0); err != nil {
			rt.Fatalf("%s: %v", name, err)
		}
	})
	if len(accepted) != 4 {
		t.Errorf("accepted: %v", accepted)
	}
}
