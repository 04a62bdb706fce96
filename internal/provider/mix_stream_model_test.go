// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
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

// The schema and the model agree, and the framework finds nothing wrong with either schema.
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
	// A wholly unknown object still has every attribute, so that reading it compares the model with the schema.
	objectType := resp.Schema.Type().TerraformType(ctx).(tftypes.Object)
	attributes := map[string]tftypes.Value{}
	for name, attributeType := range objectType.AttributeTypes {
		attributes[name] = tftypes.NewValue(attributeType, tftypes.UnknownValue)
	}
	plan := tfsdk.Plan{Schema: resp.Schema, Raw: tftypes.NewValue(objectType, attributes)}
	if diags := plan.Get(ctx, &mixStreamModel{}); diags.HasError() {
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
		output types.String
		inputs []types.String
		want   types.Int64
	}{
		"one of the inputs":                  {name("b"), []types.String{name("a"), name("b")}, types.Int64Value(0)},
		"a new name":                         {name("c"), []types.String{name("a"), name("b")}, types.Int64Value(1)},
		"unknown output":                     {unknown, []types.String{name("a")}, types.Int64Unknown()},
		"unknown input":                      {name("c"), []types.String{name("a"), unknown}, types.Int64Unknown()},
		"found in spite of an unknown input": {name("b"), []types.String{unknown, name("b")}, types.Int64Value(0)},
		"no inputs are known":                {name("b"), []types.String{unknown}, types.Int64Unknown()},
	}
	for name, tt := range tests {
		if got := outputStreamType(tt.output, tt.inputs); !got.Equal(tt.want) {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func TestInputTypeNumber(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]int64{"audio_video": 0, "picture": 2, "canvas": 3, "audio": 4, "video": 5, "web_page": 8} {
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
	mix, diags := expandMixStream(t.Context(), &mixStreamModel{
		SessionID:       types.StringValue("s"),
		TemplateID:      types.Int64Null(),
		InputStreamList: types.ListNull(types.ObjectType{}),
		OutputParams:    types.ObjectNull(nil),
		ControlParams:   types.ObjectNull(nil),
	})
	if diags.HasError() {
		t.Fatal(diags)
	}
	b, err := json.Marshal(mix)
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
	if expandLayout(nil) != nil || expandCrop(nil) != nil || expandPortraitSegment(nil) != nil || expandOutput(nil, nil) != nil || expandControl(nil) != nil {
		t.Error("an absent object is sent")
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
