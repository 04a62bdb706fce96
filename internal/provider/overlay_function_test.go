// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"reflect"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

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
