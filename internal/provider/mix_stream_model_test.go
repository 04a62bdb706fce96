// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

type (
	attrType  = attr.Type
	attrValue = attr.Value
)

func validateString(v validator.String, at path.Path, value types.String) diag.Diagnostics {
	var resp validator.StringResponse
	v.ValidateString(context.Background(), validator.StringRequest{Path: at, ConfigValue: value}, &resp)
	return resp.Diagnostics
}

// The framework finds nothing wrong with either schema, and every attribute is described.
func TestMixStreamSchema(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := &mixStreamResource{}
	var resp resource.SchemaResponse
	r.Schema(ctx, resource.SchemaRequest{}, &resp)
	if diags := resp.Schema.ValidateImplementation(ctx); diags.HasError() {
		t.Error(diags)
	}
	var identity resource.IdentitySchemaResponse
	r.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &identity)
	if diags := identity.IdentitySchema.ValidateImplementation(ctx); diags.HasError() {
		t.Error(diags)
	}
	describedAttributes(t, "", resp.Schema.Attributes)
}

// describedAttributes wants a description of every attribute at any depth.
func describedAttributes(t *testing.T, prefix string, attributes map[string]schema.Attribute) {
	t.Helper()
	for name, a := range attributes {
		if a.GetMarkdownDescription() == "" && a.GetDescription() == "" && name != "timeouts" {
			t.Errorf("%s%s has no description", prefix, name)
		}
		switch nested := a.(type) {
		case schema.SingleNestedAttribute:
			describedAttributes(t, prefix+name+".", nested.Attributes)
		case schema.ListNestedAttribute:
			describedAttributes(t, prefix+name+".", nested.NestedObject.Attributes)
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

func TestOutputStreamType(t *testing.T) {
	t.Parallel()
	name, unknown := types.StringValue, types.StringUnknown()
	tests := map[string]struct {
		output  types.String
		inputs  []types.String
		missing int
		want    types.Int64
	}{
		"one of the inputs":                  {name("b"), []types.String{name("a"), name("b")}, 0, types.Int64Value(0)},
		"a new name":                         {name("c"), []types.String{name("a"), name("b")}, 0, types.Int64Value(1)},
		"unknown output":                     {unknown, []types.String{name("a")}, 0, types.Int64Unknown()},
		"unknown input":                      {name("c"), []types.String{name("a"), unknown}, 0, types.Int64Unknown()},
		"found in spite of an unknown input": {name("b"), []types.String{unknown, name("b")}, 0, types.Int64Value(0)},
		"no name is known":                   {name("b"), []types.String{unknown}, 0, types.Int64Unknown()},
		"an input is not known":              {name("b"), []types.String{name("a")}, 1, types.Int64Unknown()},
	}
	for name, tt := range tests {
		m := mixModel{output: outputModel{name: tt.output}, inputList: valueKnown, inputCount: len(tt.inputs) + tt.missing}
		for _, input := range tt.inputs {
			m.inputs = append(m.inputs, inputModel{name: input})
		}
		if got := m.outputStreamType(); !got.Equal(tt.want) {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func TestInputTypeNumber(t *testing.T) {
	t.Parallel()
	for word, want := range map[mixlayout.Kind]int64{"audio_video": 0, "picture": 2, "canvas": 3, "audio": 4, "video": 5, "web_page": 8} {
		if got := inputTypeNumber(word); got == nil || *got != want {
			t.Errorf("%s: got %v, want %d", word, got, want)
		}
	}
	if inputTypeNumber("") != nil {
		t.Error("an unset type is sent")
	}
}

// What is null is left out of the request, which the JSON shows.
func TestExpandMixStreamLeavesOut(t *testing.T) {
	t.Parallel()
	m, err := readMix(mixConfig(t, `mix_stream_session_id = "s"`))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(expandMix(m))
	if err != nil {
		t.Fatal(err)
	}
	var sent map[string]any
	if err := json.Unmarshal(b, &sent); err != nil {
		t.Fatal(err)
	}
	for name, value := range sent {
		if name != "MixStreamSessionId" && value != nil {
			t.Errorf("%s is sent as %v", name, value)
		}
	}
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

// Each attribute of the schema is read, so that none of them is mistyped or forgotten. The library reads the timeouts.
func TestReadMixReadsEveryAttribute(t *testing.T) {
	t.Parallel()
	objectType := mixObjectType(t)
	empty, err := readMix(filled(objectType, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range leaves(objectType) {
		if at[0] == "timeouts" {
			continue
		}
		m, err := readMix(filled(objectType, at))
		if err != nil {
			t.Fatal(err)
		}
		parent, err := readMix(filled(objectType, append(slices.Clone(at[:len(at)-1]), "")))
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(m, empty) || reflect.DeepEqual(m, parent) {
			t.Errorf("%s is not read", strings.Join(at, "."))
		}
	}
}

// leaves are the paths of all attributes that are no objects. That of a list goes on with those of its elements.
func leaves(t tftypes.Type) [][]string {
	switch t := t.(type) {
	case tftypes.Object:
		var all [][]string
		for name, attribute := range t.AttributeTypes {
			for _, rest := range leaves(attribute) {
				all = append(all, append([]string{name}, rest...))
			}
		}
		return all
	case tftypes.List:
		return leaves(t.ElementType)
	default:
		return [][]string{nil}
	}
}

// filled is a value of which only the attribute at the path is set. A path that ends with "" sets the object before it.
func filled(t tftypes.Type, at []string) tftypes.Value {
	switch t := t.(type) {
	case tftypes.Object:
		values := map[string]tftypes.Value{}
		for name, attribute := range t.AttributeTypes {
			values[name] = tftypes.NewValue(attribute, nil)
			if len(at) > 0 && at[0] == name {
				values[name] = filled(attribute, at[1:])
			}
		}
		return tftypes.NewValue(t, values)
	case tftypes.List:
		return tftypes.NewValue(t, []tftypes.Value{filled(t.ElementType, at)})
	}
	switch {
	case t.Is(tftypes.Bool):
		return tftypes.NewValue(t, true)
	case t.Is(tftypes.Number):
		return tftypes.NewValue(t, 7)
	default:
		return tftypes.NewValue(t, "7s")
	}
}

// BenchmarkReadMix sets the reading of a mix beside the framework's conversion of the same value, which reading it into a
// struct begins with.
func BenchmarkReadMix(b *testing.B) {
	var resp resource.SchemaResponse
	(&mixStreamResource{}).Schema(b.Context(), resource.SchemaRequest{}, &resp)
	raw := mixConfig(b, `
		mix_stream_session_id = "room"
		input_stream_list = [
			{ input_stream_name = "host",
			  layout_params     = { image_layer = 1, image_width = 1920, image_height = 0.25, location_x = 0, location_y = 0.5 },
			  crop_params       = { crop_width = 640, crop_height = 360, crop_start_location_x = 10, crop_start_location_y = 20 } },
			{ input_stream_name = "guest",
			  layout_params     = { image_layer = 2, image_width = 1900, image_height = 0.25, location_x = 10, location_y = 0.5 },
			  crop_params       = { crop_width = 640, crop_height = 360, crop_start_location_x = 10, crop_start_location_y = 20 } },
		]
		output_params  = { output_stream_name = "stage", output_stream_bit_rate = 2500 }
		control_params = { pass_input_sei = true }
		timeouts       = { create = "10m" }`)
	b.Run("own", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := readMix(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("framework", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := resp.Schema.Type().ValueFromTerraform(b.Context(), raw); err != nil {
				b.Fatal(err)
			}
		}
	})
}
