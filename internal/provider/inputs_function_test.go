// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

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
