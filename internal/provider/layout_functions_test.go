// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// streamList is an argument with the names of streams; "null" is a name that is null.
func streamList(names ...string) types.List {
	elements := []attr.Value{}
	for _, name := range names {
		elements = append(elements, text(name))
	}
	return types.ListValueMust(types.StringType, elements)
}

func someStreams(n int) []string {
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("stream_%d", i+1))
	}
	return names
}

// inputsOf reads a list of inputs.
func inputsOf(t *testing.T, list attr.Value) []inputModel {
	t.Helper()
	raw := rawOf(t, list)
	m, err := readMix(tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"input_stream_list": raw.Type()}}, map[string]tftypes.Value{"input_stream_list": raw}))
	if err != nil {
		t.Fatal(err)
	}
	return m.inputs
}

// layoutLines writes the inputs of a list as name layer type x,y width,height color.
func layoutLines(t *testing.T, list attr.Value) string {
	t.Helper()
	var lines []string
	for _, in := range inputsOf(t, list) {
		layout := in.layout
		lines = append(lines, fmt.Sprintf("%s %s %s %s,%s %s,%s %s", in.name.ValueString(), layout.layer, layout.kind.ValueString(),
			layout.x, layout.y, layout.width, layout.height, layout.color))
		if in.crop.state != valueNull || in.matte.state != valueNull || !layout.watermarkID.IsNull() || !layout.webPageURL.IsNull() {
			t.Errorf("%s has more than a place", in.name)
		}
	}
	return strings.ReplaceAll(strings.Join(lines, "\n"), ".000000", "")
}

func TestLayoutFunctions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name      string
		f         function.Function
		arguments []attr.Value
		want      string
	}{
		{
			"grid", newGridLayoutFunction(),
			[]attr.Value{streamList("a", "canvas", "c"), types.Int64Value(1280), types.Int64Value(720)},
			`canvas_1 1 canvas <null>,<null> 1280,720 "0x000000"
a 2 audio_video 0,0 640,360 <null>
canvas 3 audio_video 640,0 640,360 <null>
c 4 audio_video 320,360 640,360 <null>`,
		},
		{
			"picture in picture", newPictureInPictureLayoutFunction(),
			[]attr.Value{
				types.StringValue("host"), streamList("a", "b"), types.Int64Value(1920), types.Int64Value(1080),
				types.StringValue("bottom_right"), types.Int64Value(32), types.Float64Value(0.25),
			},
			`canvas 1 canvas <null>,<null> 1920,1080 "0x000000"
host 2 audio_video 0,0 1920,1080 <null>
a 3 audio_video 1408,778 480,270 <null>
b 4 audio_video 1408,476 480,270 <null>`,
		},
		{
			"side by side", newSideBySideLayoutFunction(),
			[]attr.Value{
				types.StringValue("a"), types.StringValue("b"), types.Int64Value(1280), types.Int64Value(720),
				types.Int64Value(0), types.Float64Value(0.5),
			},
			`canvas 1 canvas <null>,<null> 1280,720 "0x000000"
a 2 audio_video 0,180 640,360 <null>
b 3 audio_video 640,180 640,360 <null>`,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			list, err := call(t, tc.f, tc.arguments...)
			if err != nil {
				t.Fatal(err)
			}
			if got := layoutLines(t, list); got != tc.want {
				t.Errorf("got\n%s\nwant\n%s", got, tc.want)
			}
			// Nothing is to be converted when the result is assigned.
			wanted, ok := mixObjectType(t).AttributeTypes["input_stream_list"]
			if got := list.Type(t.Context()).TerraformType(t.Context()); !ok || !got.Equal(wanted) {
				t.Errorf("the type is %s, and the attribute's is %s", got, wanted)
			}
		})
	}
}

func TestLayoutFunctionErrors(t *testing.T) {
	t.Parallel()
	grid := func(streams types.List, width, height int64) []attr.Value {
		return []attr.Value{streams, types.Int64Value(width), types.Int64Value(height)}
	}
	inset := func(host string, guests types.List, width, height int64, corner string, margin int64, scale float64) []attr.Value {
		return []attr.Value{
			types.StringValue(host), guests, types.Int64Value(width), types.Int64Value(height),
			types.StringValue(corner), types.Int64Value(margin), types.Float64Value(scale),
		}
	}
	beside := func(left, right string, width, height, margin int64, scale float64) []attr.Value {
		return []attr.Value{
			types.StringValue(left), types.StringValue(right), types.Int64Value(width), types.Int64Value(height),
			types.Int64Value(margin), types.Float64Value(scale),
		}
	}
	for _, tc := range []struct {
		name      string
		f         function.Function
		arguments []attr.Value
		position  int64
		want      string
	}{
		{"grid of none", newGridLayoutFunction(), grid(streamList(), 1280, 720), 0, "streams must hold 1 to 15 names"},
		{"grid of 16", newGridLayoutFunction(), grid(streamList(someStreams(16)...), 1280, 720), 0, "got 16"},
		{"grid with a null", newGridLayoutFunction(), grid(streamList("a", "null"), 1280, 720), 0, "streams[1] must not be null"},
		{"grid with a bad name", newGridLayoutFunction(), grid(streamList("a", "b c"), 1280, 720), 0, `streams[1] must be 1 to 80 characters long and contain only A-Z, a-z, 0-9 and _; got "b c"`},
		{"grid on an odd width", newGridLayoutFunction(), grid(streamList("a"), 1279, 720), 1, "width must be an even number of pixels from 16 to 2000; got 1279"},
		{"grid on an odd height", newGridLayoutFunction(), grid(streamList("a"), 1280, 719), 2, "height must be an even number of pixels from 16 to 2000; got 719"},

		{"bad host", newPictureInPictureLayoutFunction(), inset("", streamList("a"), 1280, 720, "top_left", 0, 0.25), 0, `host must be 1 to 80 characters long and contain only A-Z, a-z, 0-9 and _; got ""`},
		{"no guest", newPictureInPictureLayoutFunction(), inset("h", streamList(), 1280, 720, "top_left", 0, 0.25), 1, "guests must hold 1 to 14 names"},
		{"bad guest", newPictureInPictureLayoutFunction(), inset("h", streamList("a-b"), 1280, 720, "top_left", 0, 0.25), 1, `guests[0] must be 1 to 80 characters long and contain only A-Z, a-z, 0-9 and _; got "a-b"`},
		{"width", newPictureInPictureLayoutFunction(), inset("h", streamList("a"), 0, 720, "top_left", 0, 0.25), 2, "width must be an even number of pixels from 16 to 2000; got 0"},
		{"height", newPictureInPictureLayoutFunction(), inset("h", streamList("a"), 1280, 2160, "top_left", 0, 0.25), 3, "height must be an even number of pixels from 16 to 2000; got 2160"},
		{"corner", newPictureInPictureLayoutFunction(), inset("h", streamList("a"), 1280, 720, "left", 0, 0.25), 4, `corner must be "top_left", "top_right", "bottom_left" or "bottom_right"; got "left"`},
		{"margin", newPictureInPictureLayoutFunction(), inset("h", streamList("a"), 1280, 720, "top_left", 1, 0.25), 5, "margin must be an even number of pixels from 0 to 2000; got 1"},
		{"scale", newPictureInPictureLayoutFunction(), inset("h", streamList("a"), 1280, 720, "top_left", 0, 25), 6, "scale must be above 0 and at most 1: the width of a guest as a part of the canvas's, such as 0.25; got 25"},

		{"bad left", newSideBySideLayoutFunction(), beside("a b", "c", 1280, 720, 0, 0.5), 0, `left must be 1 to 80 characters long and contain only A-Z, a-z, 0-9 and _; got "a b"`},
		{"bad right", newSideBySideLayoutFunction(), beside("a", "b c", 1280, 720, 0, 0.5), 1, `right must be 1 to 80 characters long and contain only A-Z, a-z, 0-9 and _; got "b c"`},
		{"width of two", newSideBySideLayoutFunction(), beside("a", "b", 1, 720, 0, 0.5), 2, "got 1"},
		{"height of two", newSideBySideLayoutFunction(), beside("a", "b", 1280, 1, 0, 0.5), 3, "got 1"},
		{"margin of two", newSideBySideLayoutFunction(), beside("a", "b", 1280, 720, 900, 0.5), 4, "margin is 900"},
		{"scale of two", newSideBySideLayoutFunction(), beside("a", "b", 1280, 720, 0, 1), 5, "scale must lie between 0 and 1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := call(t, tc.f, tc.arguments...)
			expectArgumentError(t, err, tc.position, tc.want)
		})
	}
}

// layoutHarness is a provider and a simulator in which every stream pushes, without a socket between them.
type layoutHarness struct {
	server tfprotov6.ProviderServer
	object tftypes.Object
	sim    *livesim.Server
	client *liveapi.Client
}

func newLayoutHarness(t *testing.T) layoutHarness {
	t.Helper()
	var key livesim.Credential
	sim := quietSim(t, func(o *livesim.Options) { o.AnyStreamPushes, o.Quota, key = true, nil, o.Credentials[0] })
	client := newClient(t, liveapi.Config{
		Credentials: liveapi.Credentials{Static: &liveapi.Keys{SecretID: key.ID, SecretKey: key.Key}},
		Endpoint:    &url.URL{Scheme: "https", Host: "live.test"},
		Rates:       liveapi.Rates{Create: 1e9},
		Transport:   inProcess{sim},
	})
	return layoutHarness{newServer(New("test")()), mixObjectType(t), sim, client}
}

// accept gives a list, and a template or 0, to the provider, which must say nothing about it, not even a warning, and to the
// simulator, which must mix it.
func (h layoutHarness) accept(t *testing.T, list types.List, template int64) error {
	t.Helper()
	raw, err := list.ToTerraformValue(t.Context())
	if err != nil {
		return err
	}
	values := map[string]tftypes.Value{}
	for name, kind := range h.object.AttributeTypes {
		values[name] = tftypes.NewValue(kind, nil)
	}
	values["input_stream_list"] = raw
	values["mix_stream_session_id"] = tftypes.NewValue(tftypes.String, "wall")
	if template != 0 {
		values["mix_stream_template_id"] = tftypes.NewValue(tftypes.Number, template)
	}
	output := map[string]tftypes.Value{}
	outputType := h.object.AttributeTypes["output_params"].(tftypes.Object)
	for name, kind := range outputType.AttributeTypes {
		output[name] = tftypes.NewValue(kind, nil)
	}
	output["output_stream_name"] = tftypes.NewValue(tftypes.String, "the_mix")
	values["output_params"] = tftypes.NewValue(outputType, output)
	configuration := tftypes.NewValue(h.object, values)
	if diags := validateMix(t, h.server, configuration); len(diags) > 0 {
		return fmt.Errorf("the provider says:\n%s", acctest.Prose(diags))
	}

	m, err := readMix(configuration)
	if err != nil {
		return err
	}
	defer h.sim.Reset()
	_, err = h.client.ApplyMixStream(t.Context(), expandMix(m), liveapi.Apply{Last: liveapi.NewLastApply()})
	return err
}

// What the layout functions return is a mix that neither the provider nor the API objects to, and that can be drawn.
func TestLayoutFunctionsAreAccepted(t *testing.T) {
	t.Parallel()
	h := newLayoutHarness(t)
	check := func(t *testing.T, list attr.Value, err *function.FuncError) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		if err := h.accept(t, list.(types.List), 0); err != nil {
			t.Error(err)
		}
		if _, err := call(t, newLayoutSVGFunction(), types.DynamicValue(list), types.Int64Null()); err != nil {
			t.Error(err)
		}
	}
	for n := 1; n <= 15; n++ {
		list, err := call(t, newGridLayoutFunction(), streamList(someStreams(n)...), types.Int64Value(1920), types.Int64Value(1080))
		check(t, list, err)
	}
	corners := []string{"top_left", "top_right", "bottom_left", "bottom_right"}
	for n := 1; n <= 14; n++ {
		list, err := call(t, newPictureInPictureLayoutFunction(), types.StringValue("host"), streamList(someStreams(n)...),
			types.Int64Value(1920), types.Int64Value(1080), types.StringValue(corners[n%len(corners)]), types.Int64Value(4), types.Float64Value(0.06))
		check(t, list, err)
	}
	for _, scale := range []float64{0.1, 0.25, 0.5, 0.7, 0.9} {
		list, err := call(t, newSideBySideLayoutFunction(), types.StringValue("left"), types.StringValue("right"),
			types.Int64Value(1280), types.Int64Value(720), types.Int64Value(16), types.Float64Value(scale))
		check(t, list, err)
	}
}

// The same for canvases of all sizes.
func TestGridLayoutIsAccepted(t *testing.T) {
	t.Parallel()
	h := newLayoutHarness(t)
	side := rapid.Map(rapid.IntRange(64, 1000), func(n int) int64 { return int64(2 * n) })
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(1, 15).Draw(rt, "streams")
		width, height := side.Draw(rt, "width"), side.Draw(rt, "height")
		list, err := call(t, newGridLayoutFunction(), streamList(someStreams(n)...), types.Int64Value(width), types.Int64Value(height))
		if err != nil {
			if !strings.Contains(err.Text, "is too small") {
				rt.Fatal(err)
			}
			return
		}
		if err := h.accept(t, list.(types.List), 0); err != nil {
			rt.Fatal(err)
		}
	})
}

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
