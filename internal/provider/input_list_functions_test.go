// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

const twoStreams = `[
  { input_stream_name = "host", layout_params = { image_layer = 1 } },
  { input_stream_name = "guest", layout_params = { image_layer = 2 } },
]`

func TestLayoutSVG(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, list string
		template   types.Int64
		want       []string
	}{
		{
			"template", twoStreams, types.Int64Value(20),
			[]string{
				"template 20 · approximate", "Layer 1: host, video and sound, about 1920 × 1080 at 0, 0.",
				"Layer 2: guest, video and sound, about 640 × 360 at 1260, 700.",
			},
		},
		{
			"everything",
			`[
  { input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720, color = "#cc0033" } },
  { input_stream_name = "host", layout_params = { image_layer = 2, location_x = 0.5, location_y = 0.25, image_width = 0.25, image_height = 0.5 },
    crop_params = { crop_width = 300, crop_height = 200, crop_start_location_x = 10, crop_start_location_y = 20 }, portrait_segment_params = null },
  { input_stream_name = "logo", layout_params = { image_layer = 3, input_type = "picture", watermark_id = 1, image_width = 160, image_height = 90 } },
  { input_stream_name = "site", layout_params = { image_layer = 4, input_type = "web_page", web_page_url = "https://example.com", location_y = 400, image_width = 320, image_height = 180 } },
  { input_stream_name = "voice", layout_params = { image_layer = 5, input_type = "audio" } },
]`,
			types.Int64Null(),
			[]string{
				`fill="#cc0033"`, "Layer 2: host, video and sound, 320 × 360 at 640, 180, crop 300 × 200 from 10, 20.",
				"Layer 3: logo, picture, 160 × 90 at 0, 0.", "Layer 4: site, web page, 320 × 180 at 0, 400.", "sound only (1): voice",
			},
		},
		{
			"a number as a text, a text as a number",
			`[{ input_stream_name = 7, layout_params = { image_layer = "1", image_width = "640", image_height = 360 } }]`,
			types.Int64Null(),
			[]string{"Layer 1: 7, video and sound, 640 × 360 at 0, 0."},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			drawn, err := call(t, newLayoutSVGFunction(), plainList(t, tc.list), tc.template)
			if err != nil {
				t.Fatal(err)
			}
			for _, want := range tc.want {
				if svg := drawn.(types.String).ValueString(); !strings.Contains(svg, want) {
					t.Errorf("there is no %q in\n%s", want, svg)
				}
			}
		})
	}
}

// A resource's attribute has the type of the schema, and so has the result of another function.
func TestLayoutSVGOfGrid(t *testing.T) {
	t.Parallel()
	list, err := call(t, newGridLayoutFunction(), streamList(someStreams(9)...), types.Int64Value(1920), types.Int64Value(1080))
	if err != nil {
		t.Fatal(err)
	}
	drawn, err := call(t, newLayoutSVGFunction(), types.DynamicValue(list), types.Int64Null())
	if err != nil {
		t.Fatal(err)
	}
	svg := drawn.(types.String).ValueString()
	if got := strings.Count(svg, ">640 × 360<"); got != 9 {
		t.Errorf("%d tiles of 640 × 360 in\n%s", got, svg)
	}
	if strings.Contains(svg, "approximate") {
		t.Error("a grid is exact")
	}
}

// Every template is drawn, and what is drawn the provider and the API accept.
func TestLayoutSVGOfTemplates(t *testing.T) {
	t.Parallel()
	h := newLayoutHarness(t)
	for _, template := range mixlayout.Templates() {
		id := int64(template.ID)
		inputs := []string{`{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720 } }`}
		for layer := 2; layer <= template.Inputs; layer++ {
			inputs = append(inputs, fmt.Sprintf(`{ input_stream_name = "stream_%d", layout_params = { image_layer = %[1]d } }`, layer))
		}
		list := plainList(t, "["+strings.Join(inputs, ", ")+"]")
		drawn, err := call(t, newLayoutSVGFunction(), list, types.Int64Value(id))
		if err != nil {
			t.Fatal(err)
		}
		if svg := drawn.(types.String).ValueString(); !strings.Contains(svg, fmt.Sprintf("template %d · approximate", id)) || strings.Count(svg, "<g>") != template.Inputs {
			t.Errorf("template %d:\n%s", id, svg)
		}
		typed, _, err := readInputs(t.Context(), rawOf(t, list), &template.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.accept(t, typed, id); err != nil {
			t.Errorf("template %d: %v", id, err)
		}
	}
}

func TestLayoutSVGErrors(t *testing.T) {
	t.Parallel()
	input := func(rest string) string {
		return `[{ input_stream_name = "host", layout_params = { image_layer = 1, image_width = 1280, image_height = 720 } }, ` + rest + `]`
	}
	for _, tc := range []struct {
		name, list string
		template   types.Int64
		position   int64
		want       string
	}{
		{"no list", `"host"`, types.Int64Null(), 0, "input_stream_list must be a list; got a string"},
		{"an object", `{ input_stream_name = "host" }`, types.Int64Null(), 0, "input_stream_list must be a list; got an object"},
		{"a list of texts", `["host"]`, types.Int64Null(), 0, "input_stream_list[0] must be an object; got a string"},
		{"nothing", `[]`, types.Int64Null(), 0, "input_stream_list is empty"},
		{"null", `[null]`, types.Int64Null(), 0, "the input_stream_list[0].input_stream_name attribute"},
		{"no name", input(`{ layout_params = { image_layer = 2 } }`), types.Int64Null(), 0, "the input_stream_list[1].input_stream_name attribute as the provider has marked it as required"},
		{"no layout", input(`{ input_stream_name = "a" }`), types.Int64Null(), 0, "input_stream_list[1].layout_params attribute as the provider has marked it as required"},
		{"no layer", input(`{ input_stream_name = "a", layout_params = {} }`), types.Int64Null(), 0, "input_stream_list[1].layout_params.image_layer attribute as the provider has marked it as required"},
		{"a typing mistake", input(`{ input_stream_name = "a", layout_params = { image_layer = 2, location_z = 1 } }`), types.Int64Null(), 0, `input_stream_list[1].layout_params has no attribute "location_z"; did you mean "location_x"?`},
		{"no number", input(`{ input_stream_name = "a", layout_params = { image_layer = "two" } }`), types.Int64Null(), 0, `input_stream_list[1].layout_params.image_layer must be a number; got "two"`},
		{"a boolean for a number", input(`{ input_stream_name = "a", layout_params = { image_layer = true } }`), types.Int64Null(), 0, "image_layer must be a number; got a bool"},
		{"a boolean for a text", input(`{ input_stream_name = true, layout_params = { image_layer = 2 } }`), types.Int64Null(), 0, "input_stream_name must be a string; got a bool"},
		{"half a layer", input(`{ input_stream_name = "a", layout_params = { image_layer = 1.5 } }`), types.Int64Null(), 0, "input_stream_list[1].layout_params.image_layer must be a whole number; got 1.5"},
		{"a bad name", input(`{ input_stream_name = "a b", layout_params = { image_layer = 2 } }`), types.Int64Null(), 0, "input_stream_list[1].input_stream_name must be 1 to 80 characters"},
		{"a bad color", input(`{ input_stream_name = "a", layout_params = { image_layer = 2, color = "red" } }`), types.Int64Null(), 0, "must be a color such as 0xCC0033"},
		{"a bad type", input(`{ input_stream_name = "a", layout_params = { image_layer = 2, input_type = "film" } }`), types.Int64Null(), 0, "film"},
		{"a bad width", input(`{ input_stream_name = "a", layout_params = { image_layer = 2, image_width = 2001 } }`), types.Int64Null(), 0, "2001"},
		{"a bad crop", input(`{ input_stream_name = "a", layout_params = { image_layer = 2 }, crop_params = { crop_width = -1 } }`), types.Int64Null(), 0, "crop_params.crop_width"},
		{"a layer twice", input(`{ input_stream_name = "a", layout_params = { image_layer = 1 } }`), types.Int64Null(), 0, `input_stream_list[1].layout_params.image_layer is 1, which is already the layer of input_stream_list[0] ("host")`},
		{"out of the background", input(`{ input_stream_name = "a", layout_params = { image_layer = 2, location_x = 1000, image_width = 640 } }`), types.Int64Null(), 0, "extends beyond the background"},
		{"too many for the template", input(`{ input_stream_name = "a", layout_params = { image_layer = 2 } }`), types.Int64Value(410), 1, "mix_stream_template_id is 410, a layout of 4 visual inputs"},
		{"no such template", twoStreams, types.Int64Value(7), 1, "7"},
		{"template 0", twoStreams, types.Int64Value(0), 1, "610"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := call(t, newLayoutSVGFunction(), plainList(t, tc.list), tc.template)
			expectArgumentError(t, err, tc.position, tc.want)
		})
	}
}

// One line for each input, by layer.
func TestLayoutText(t *testing.T) {
	t.Parallel()
	got, err := call(t, newLayoutTextFunction(), plainList(t, `[
		{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720, color = "#cc0033" } },
		{ input_stream_name = "voice", layout_params = { image_layer = 5, input_type = "audio" } },
		{ input_stream_name = "host", layout_params = { image_layer = 2, location_x = 0.5, image_width = 0.25, image_height = 0.5 }, portrait_segment_params = {} },
	]`), types.Int64Null())
	if err != nil {
		t.Fatal(err)
	}
	want := ` 1  stage  canvas #cc0033   1280 × 720 at 0, 0
 2  host   video and sound  320 × 360 at 640, 0, cut out of its background
 5  voice  sound only
`
	if text := got.(types.String).ValueString(); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if _, err := call(t, newLayoutTextFunction(), plainList(t, twoStreams), types.Int64Value(410)); err == nil || *err.FunctionArgument != svgTemplate {
		t.Errorf("a template of another number of inputs: %+v", err)
	}
}

func overlayArguments(list attr.Value, name string, watermark, width, height int64, corner string, margin int64) []attr.Value {
	return []attr.Value{list, text(name), types.Int64Value(watermark), types.Int64Value(width), types.Int64Value(height), text(corner), types.Int64Value(margin)}
}

// A logo and a lower third come on top of a layout one after the other, and the layout itself stays as it is.
func TestOverlayFunction(t *testing.T) {
	t.Parallel()
	list, err := call(t, newGridLayoutFunction(), streamList("a", "b"), types.Int64Value(1280), types.Int64Value(720))
	if err != nil {
		t.Fatal(err)
	}
	before := layoutLines(t, list)
	logo, err := call(t, newOverlayFunction(), overlayArguments(types.DynamicValue(list), "logo", 7, 160, 90, "top_right", 20)...)
	if err != nil {
		t.Fatal(err)
	}
	both, err := call(t, newOverlayFunction(), overlayArguments(types.DynamicValue(logo), "lower_third", 8, 1280, 160, "bottom_left", 0)...)
	if err != nil {
		t.Fatal(err)
	}
	elements := both.(types.List).Elements()
	if got := layoutLines(t, types.ListValueMust(inputType(), elements[:3])); got != before || len(elements) != 5 {
		t.Errorf("%d inputs, the first of them\n%s\nwant\n%s", len(elements), got, before)
	}
	models := inputsOf(t, both)
	for i, want := range map[int]layoutModel{
		3: {layer: types.Int64Value(4), watermarkID: types.Int64Value(7), x: types.Float64Value(1100), y: types.Float64Value(20), width: types.Float64Value(160), height: types.Float64Value(90)},
		4: {layer: types.Int64Value(5), watermarkID: types.Int64Value(8), x: types.Float64Value(0), y: types.Float64Value(560), width: types.Float64Value(1280), height: types.Float64Value(160)},
	} {
		want.kind = types.StringValue("picture")
		if got := models[i].layout; !reflect.DeepEqual(got, want) {
			t.Errorf("input %d is %+v, want %+v", i, got, want)
		}
	}
	if err := newLayoutHarness(t).accept(t, both.(types.List), 0); err != nil {
		t.Error(err)
	}
}

// A list of one's own is checked as the resource would, and what cannot be placed is an error at its argument.
func TestOverlayFunctionErrors(t *testing.T) {
	t.Parallel()
	stage := plainList(t, `[{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720 } }]`)
	host := plainList(t, `[{ input_stream_name = "host", layout_params = { image_layer = 1 } }]`)
	for _, tc := range []struct {
		name      string
		arguments []attr.Value
		position  int64
		want      string
	}{
		{"mistyped", overlayArguments(plainList(t, `[{ input_stream_name = "a", layout_params = { layer = 1 } }]`), "logo", 7, 160, 90, "top_left", 0), 0, `input_stream_list[0].layout_params has no attribute "layer"`},
		{"layer left out", overlayArguments(plainList(t, `[{ input_stream_name = "a", layout_params = {} }]`), "logo", 7, 160, 90, "top_left", 0), 0, "the input_stream_list[0].layout_params.image_layer attribute as the provider has marked it as required"},
		{"bad name", overlayArguments(stage, "the logo", 7, 160, 90, "top_left", 0), 1, `name must be 1 to 80 characters long and contain only A-Z, a-z, 0-9 and _; got "the logo"`},
		{"name taken", overlayArguments(stage, "stage", 7, 160, 90, "top_left", 0), 1, "name must be a new one"},
		{"no watermark", overlayArguments(stage, "logo", 0, 160, 90, "top_left", 0), 2, "watermark_id must be at least 1; got 0"},
		{"odd width", overlayArguments(stage, "logo", 7, 161, 90, "top_left", 0), 3, "width must be an even number of pixels from 2 to 2000; got 161"},
		{"too high", overlayArguments(stage, "logo", 7, 160, 722, "top_left", 0), 4, "height is 722"},
		{"no such corner", overlayArguments(stage, "logo", 7, 160, 90, "center", 0), 5, `got "center"`},
		{"background without a size", overlayArguments(host, "logo", 7, 160, 90, "top_right", 0), 5, "Give it image_width and image_height in pixels, or take top_left"},
		{"odd margin", overlayArguments(stage, "logo", 7, 160, 90, "top_left", 1), 6, "margin must be an even number"},
	} {
		_, err := call(t, newOverlayFunction(), tc.arguments...)
		if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != tc.position || !strings.Contains(err.Text, tc.want) {
			t.Errorf("%s: got %+v, want %d: %s", tc.name, err, tc.position, tc.want)
		}
	}
	if _, err := call(t, newOverlayFunction(), overlayArguments(host, "logo", 7, 160, 90, "top_left", 8)...); err != nil {
		t.Errorf("the top left corner of a background without a size: %v", err)
	}
}

// What is given comes back, with nulls for what is left out.
func TestInputsFunction(t *testing.T) {
	t.Parallel()
	list, err := call(t, newInputsFunction(), plainList(t, `[
		{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = "720", color = "#cc0033" } },
		{ input_stream_name = "host", layout_params = { image_layer = 2, location_x = 0.5 }, crop_params = { crop_width = 100 }, portrait_segment_params = null },
	]`))
	if err != nil {
		t.Fatal(err)
	}
	models := inputsOf(t, list)
	stage, host := models[0], models[1]
	if stage.layout.height.ValueFloat64() != 720 || stage.layout.color.ValueString() != "#cc0033" || host.layout.x.ValueFloat64() != 0.5 || !host.layout.kind.IsNull() {
		t.Errorf("got %+v and %+v", stage, host)
	}
	if host.crop.width.ValueFloat64() != 100 || host.matte.state != valueNull {
		t.Errorf("got %+v", host)
	}
	if wanted := mixObjectType(t).AttributeTypes["input_stream_list"]; !list.Type(t.Context()).TerraformType(t.Context()).Equal(wanted) {
		t.Errorf("the type is %s", list.Type(t.Context()))
	}
}

// A misspelled attribute, which Terraform itself drops, is an error that names the element and the attribute that was meant.
func TestInputsFunctionRefusesUnknownAttributes(t *testing.T) {
	t.Parallel()
	for element, want := range map[string]string{
		`{ input_stream_name = "b", layout_params = { image_layer = 2, imagewidth = 320 } }`:    `input_stream_list[1].layout_params has no attribute "imagewidth"; did you mean "image_width"?`,
		`{ input_stream_name = "b", layout_params = { image_layer = 2, ImageWidth = 320 } }`:    `input_stream_list[1].layout_params has no attribute "ImageWidth"; did you mean "image_width"?`,
		`{ input_stream_name = "b", layout_params = { image_layer = 2 }, image_width = 320 }`:   `input_stream_list[1] has no attribute "image_width"; did you mean "layout_params.image_width"?`,
		`{ input_stream_name = "b", layout_param = { image_layer = 2 } }`:                       `input_stream_list[1] has no attribute "layout_param"; did you mean "layout_params"?`,
		`{ input_stream_name = "b", layout_params = { image_layer = 2 }, volume = 3 }`:          `input_stream_list[1] has no attribute "volume"; it takes crop_params, input_stream_name, layout_params, portrait_segment_params`,
		`{ input_stream_name = "b", layout_params = {}, crop_params = { crop_heigth = 10 } }`:   `input_stream_list[1].crop_params has no attribute "crop_heigth"; did you mean "crop_height"?`,
		`{ input_stream_name = "b", layout_params = [] }`:                                       "input_stream_list[1].layout_params must be an object; got a list",
		`{ input_stream_name = "b", layout_params = { image_layer = 1.5 } }`:                    "input_stream_list[1].layout_params.image_layer must be a whole number; got 1.5",
		`{ input_stream_name = "b", layout_params = { image_layer = 1e30 } }`:                   "input_stream_list[1].layout_params.image_layer is too large a number; got 1e+30",
		`{ input_stream_name = "b", layout_params = { image_layer = 1, image_width = 1e400 } }`: "input_stream_list[1].layout_params.image_width is too large a number; got 1e+400",
	} {
		_, err := call(t, newInputsFunction(), plainList(t, `[{ input_stream_name = "a", layout_params = { image_layer = 1 } }, `+element+`]`))
		if err == nil || err.Text != want || *err.FunctionArgument != 0 {
			t.Errorf("%s\ngot  %+v\nwant %s", element, err, want)
		}
	}
	if _, err := call(t, newInputsFunction(), types.DynamicValue(types.StringValue("host"))); err == nil || !strings.Contains(err.Text, "must be a list; got a string") {
		t.Errorf("no list: %+v", err)
	}
}

// What is known of a list is checked at plan, and what is not known stays so.
func TestInputsFunctionKeepsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	layout := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"image_layer": tftypes.Number, "image_width": tftypes.Number}}
	element := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"input_stream_name": tftypes.String, "layout_params": layout}}
	list := tftypes.NewValue(tftypes.List{ElementType: element}, []tftypes.Value{tftypes.NewValue(element, map[string]tftypes.Value{
		"input_stream_name": rawText("host"),
		"layout_params": tftypes.NewValue(layout, map[string]tftypes.Value{
			"image_layer": rawNumber(1), "image_width": tftypes.NewValue(tftypes.Number, tftypes.UnknownValue),
		}),
	})})
	result, err := callRaw(t, NewServer("test")(), "inputs", []tftypes.Value{list})
	if err != nil {
		t.Fatal(err.Text)
	}
	mix, readErr := readMix(tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"input_stream_list": result.Type()}}, map[string]tftypes.Value{"input_stream_list": result}))
	if readErr != nil {
		t.Fatal(readErr)
	}
	if in := mix.inputs[0]; in.name.ValueString() != "host" || in.layout.layer.ValueInt64() != 1 || !in.layout.width.IsUnknown() {
		t.Errorf("got %+v", in)
	}
}

// Terraform keeps nulls and unknown values from functions. Who calls them with one all the same gets an error that names
// the parameter, or a result that is not known, and no panic.
func TestFunctionsTakeNullAndUnknownArguments(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	all := anArgumentList(t)
	if want := len((&tencentcssProvider{}).Functions(t.Context())); len(all) != want {
		t.Errorf("%d functions are tested, and there are %d", len(all), want)
	}
	for name, arguments := range all {
		if _, err := callRaw(t, server, name, arguments); err != nil {
			t.Fatalf("%s: %s", name, err.Text)
		}
		for i, parameter := range functionNamed(t, name).Parameters {
			t.Run(fmt.Sprintf("%s %s", name, parameter.GetName()), func(t *testing.T) {
				t.Parallel()
				given := slices.Clone(arguments)
				kind := parameter.GetType().TerraformType(t.Context())
				given[i] = tftypes.NewValue(kind, nil)
				_, err := callRaw(t, server, name, given)
				want := parameter.GetName() + " must not be null"
				if !parameter.GetAllowNullValue() && (err == nil || err.Text != want || err.FunctionArgument == nil || *err.FunctionArgument != int64(i)) {
					t.Errorf("null: got %+v, want %d: %s", err, i, want)
				}
				given[i] = tftypes.NewValue(kind, tftypes.UnknownValue)
				if result, err := callRaw(t, server, name, given); err != nil || result.IsFullyKnown() {
					t.Errorf("unknown: got %s, %+v", result, err)
				}
			})
		}
	}
}

// An unknown value may also lie deep inside an argument, or in the options.
func TestFunctionsTakeUnknownElements(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	unknownText := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	options := func(name string, v tftypes.Value) tftypes.Value {
		return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{name: v.Type()}}, map[string]tftypes.Value{name: v})
	}
	element := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"input_stream_name": tftypes.String}}
	list := tftypes.NewValue(tftypes.List{ElementType: element}, []tftypes.Value{
		tftypes.NewValue(element, tftypes.UnknownValue),
		tftypes.NewValue(element, map[string]tftypes.Value{"input_stream_name": unknownText}),
	})
	for _, tc := range []struct {
		name      string
		arguments []tftypes.Value
	}{
		{"grid_layout", []tftypes.Value{rawTexts(rawText("a"), unknownText), rawNumber(1280), rawNumber(720)}},
		{"grid_layout", []tftypes.Value{rawTexts(rawText("a")), rawNumber(1280), rawNumber(720), options("ratio", unknownText)}},
		{"push_urls", append(anArgumentList(t)["push_urls"], options("algorithm", unknownText))},
		{"layout_svg", []tftypes.Value{list, rawNumber(20)}},
		{"inputs", []tftypes.Value{list}},
	} {
		if result, err := callRaw(t, server, tc.name, tc.arguments); err != nil || result.IsFullyKnown() {
			t.Errorf("%s: got %s, %+v", tc.name, result, err)
		}
	}
}

// Where a whole number is wanted, and where a number is out of all bounds, the error names parameter, rule and value.
func TestFunctionNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	huge, _, err := big.ParseFloat("1e400", 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	for name, arguments := range anArgumentList(t) {
		for i, parameter := range functionNamed(t, name).Parameters {
			if _, ok := parameter.(function.NumberParameter); !ok {
				continue
			}
			for _, tc := range []struct {
				value tftypes.Value
				want  string
			}{
				{rawNumber(1280.5), "must be a whole number; got 1280.5"},
				{rawNumber(1e30), "is too large a number; got 1e+30"},
				{tftypes.NewValue(tftypes.Number, huge), "is too large a number; got 1e+400"},
			} {
				given := slices.Clone(arguments)
				given[i] = tc.value
				_, err := callRaw(t, server, name, given)
				if parameter.GetName() == "scale" && !strings.Contains(tc.want, "e+400") {
					continue // 1280.5 is a number, and its rule is another one.
				}
				if want := parameter.GetName() + " " + tc.want; err == nil || err.Text != want || *err.FunctionArgument != int64(i) {
					t.Errorf("%s: got %+v, want %d: %s", name, err, i, want)
				}
			}
		}
	}
}
