// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// plainList evaluates an expression as Terraform does before it passes an argument of any type: lists are tuples, and
// objects have just the attributes that are written.
func plainList(t *testing.T, expression string) types.Dynamic {
	t.Helper()
	parsed, diags := hclsyntax.ParseExpression([]byte(expression), "test.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := parsed.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return types.DynamicValue(frameworkValue(t, v))
}

func frameworkValue(t *testing.T, v cty.Value) attr.Value {
	t.Helper()
	switch {
	case v.IsNull():
		return types.DynamicNull()
	case v.Type() == cty.String:
		return types.StringValue(v.AsString())
	case v.Type() == cty.Bool:
		return types.BoolValue(v.True())
	case v.Type() == cty.Number:
		return types.NumberValue(new(big.Float).Set(v.AsBigFloat()))
	case v.Type().IsTupleType():
		var elements []attr.Value
		var kinds []attr.Type
		for _, element := range v.AsValueSlice() {
			converted := frameworkValue(t, element)
			elements, kinds = append(elements, converted), append(kinds, converted.Type(t.Context()))
		}
		return types.TupleValueMust(kinds, elements)
	default:
		attributes, kinds := map[string]attr.Value{}, map[string]attr.Type{}
		for name, attribute := range v.AsValueMap() {
			converted := frameworkValue(t, attribute)
			attributes[name], kinds[name] = converted, converted.Type(t.Context())
		}
		return types.ObjectValueMust(kinds, attributes)
	}
}

func rawOf(t *testing.T, v attr.Value) tftypes.Value {
	t.Helper()
	raw, err := v.ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

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
			t.Log(err)
			if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != tc.position || !strings.Contains(err.Text, tc.want) {
				t.Errorf("got %+v, want %d: %s", err, tc.position, tc.want)
			}
		})
	}
}
