// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// readInputs turns any value that could be assigned to input_stream_list into inputs, and checks them and the template as
// the resource would: Terraform itself converts and checks nothing in an argument of any type.
func readInputs(ctx context.Context, list types.Dynamic, template types.Int64) ([]inputModel, *function.FuncError) {
	var resourceSchema resource.SchemaResponse
	(&mixStreamResource{}).Schema(ctx, resource.SchemaRequest{}, &resourceSchema)
	listAttribute := resourceSchema.Schema.Attributes["input_stream_list"]
	templateAttribute := resourceSchema.Schema.Attributes["mix_stream_template_id"]

	given, err := list.UnderlyingValue().ToTerraformValue(ctx)
	if err != nil {
		return nil, function.NewArgumentFuncError(svgInputs, err.Error())
	}
	rawList, err := conform(ctx, given, listAttribute.GetType(), "input_stream_list")
	if err != nil {
		return nil, function.NewArgumentFuncError(svgInputs, err.Error())
	}
	inputs, err := listAttribute.GetType().ValueFromTerraform(ctx, rawList)
	if err != nil {
		return nil, function.NewArgumentFuncError(svgInputs, err.Error())
	}
	rawTemplate, err := template.ToTerraformValue(ctx)
	if err != nil {
		return nil, function.NewArgumentFuncError(svgTemplate, err.Error())
	}

	var diags diag.Diagnostics
	validateAttribute(ctx, listAttribute, inputs, path.Root("input_stream_list"), &diags)
	validateAttribute(ctx, templateAttribute, template, path.Root("mix_stream_template_id"), &diags)
	if !diags.HasError() {
		checkInputs(rawList, rawTemplate, &diags)
	}
	if funcErr := inputsError(diags); funcErr != nil {
		return nil, funcErr
	}
	m := mixStreamModel{InputStreamList: inputs.(types.List)}
	models := m.inputs(ctx, &diags)
	return models, inputsError(diags)
}

// checkInputs runs those rules of the resource that concern what can be seen.
func checkInputs(rawList, rawTemplate tftypes.Value, diags *diag.Diagnostics) {
	values := map[string]tftypes.Value{"input_stream_list": rawList, "mix_stream_template_id": rawTemplate}
	kinds := map[string]tftypes.Type{}
	for name, v := range values {
		kinds[name] = v.Type()
	}
	m, err := readConfiguredMix(tftypes.NewValue(tftypes.Object{AttributeTypes: kinds}, values))
	if err != nil {
		diags.AddAttributeError(path.Root("input_stream_list"), "Unable to read the inputs", err.Error())
		return
	}
	// One input is a copy or a cancel, which other attributes decide. It has a picture all the same.
	if m.inputCount != 1 {
		checkCount(m, diags)
	}
	for _, rule := range []func(*configuredMix, *diag.Diagnostics){checkLayers, checkTemplate, checkInputKinds, checkGeometry, checkCrops} {
		rule(m, diags)
	}
}

// inputsError turns errors into one that points at an argument; nil where there are none.
func inputsError(diags diag.Diagnostics) *function.FuncError {
	position := int64(svgTemplate)
	var texts []string
	for _, d := range diags.Errors() {
		at, ok := d.(diag.DiagnosticWithPath)
		if !ok {
			position, texts = svgInputs, append(texts, d.Detail())
			continue
		}
		if !at.Path().Equal(path.Root("mix_stream_template_id")) {
			position = svgInputs
		}
		text := d.Detail()
		if !strings.Contains(text, at.Path().String()) {
			text = at.Path().String() + ": " + text
		}
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return nil
	}
	return function.NewArgumentFuncError(position, strings.Join(texts, "\n"))
}

// conform gives a value the type of an attribute as Terraform does with a configuration: attributes that are left out are
// null, and numbers and texts are turned into each other. An attribute that the type does not have is an error, as it would
// be without effect.
func conform(ctx context.Context, v tftypes.Value, t attr.Type, at string) (tftypes.Value, error) {
	if v.IsNull() {
		return tftypes.NewValue(t.TerraformType(ctx), nil), nil
	}
	switch t := t.(type) {
	case attr.TypeWithElementType:
		var given []tftypes.Value
		if !v.Type().Is(tftypes.List{}) && !v.Type().Is(tftypes.Tuple{}) && !v.Type().Is(tftypes.Set{}) || v.As(&given) != nil {
			return tftypes.Value{}, fmt.Errorf("%s is not a list", at)
		}
		elements := make([]tftypes.Value, 0, len(given))
		for i, element := range given {
			conformed, err := conform(ctx, element, t.ElementType(), fmt.Sprintf("%s[%d]", at, i))
			if err != nil {
				return tftypes.Value{}, err
			}
			elements = append(elements, conformed)
		}
		return tftypes.NewValue(t.TerraformType(ctx), elements), nil
	case attr.TypeWithAttributeTypes:
		var given map[string]tftypes.Value
		if !v.Type().Is(tftypes.Object{}) && !v.Type().Is(tftypes.Map{}) || v.As(&given) != nil {
			return tftypes.Value{}, fmt.Errorf("%s is not an object", at)
		}
		known := slices.Sorted(maps.Keys(t.AttributeTypes()))
		for _, name := range slices.Sorted(maps.Keys(given)) {
			if !slices.Contains(known, name) {
				return tftypes.Value{}, fmt.Errorf("%s has no attribute %q. Remove it; there are %s", at, name, strings.Join(known, ", "))
			}
		}
		attributes := map[string]tftypes.Value{}
		for _, name := range known {
			conformed, err := conform(ctx, given[name], t.AttributeTypes()[name], at+"."+name)
			if err != nil {
				return tftypes.Value{}, err
			}
			attributes[name] = conformed
		}
		return tftypes.NewValue(t.TerraformType(ctx), attributes), nil
	case basetypes.StringTypable:
		return conformText(v, at)
	default:
		return conformNumber(ctx, v, t, at)
	}
}

func conformText(v tftypes.Value, at string) (tftypes.Value, error) {
	var number big.Float
	switch {
	case v.Type().Is(tftypes.String):
		return v, nil
	case v.Type().Is(tftypes.Number) && v.As(&number) == nil:
		return tftypes.NewValue(tftypes.String, number.Text('f', -1)), nil
	default:
		return tftypes.Value{}, fmt.Errorf("%s is not a text", at)
	}
}

func conformNumber(ctx context.Context, v tftypes.Value, t attr.Type, at string) (tftypes.Value, error) {
	number := new(big.Float)
	var text string
	switch {
	case v.Type().Is(tftypes.String) && v.As(&text) == nil:
		if _, ok := number.SetPrec(512).SetString(text); !ok {
			return tftypes.Value{}, fmt.Errorf("%s is %q, which is not a number", at, text)
		}
	case !v.Type().Is(tftypes.Number) || v.As(number) != nil:
		return tftypes.Value{}, fmt.Errorf("%s is not a number", at)
	}
	conformed := tftypes.NewValue(tftypes.Number, number)
	if _, err := t.ValueFromTerraform(ctx, conformed); err != nil {
		return tftypes.Value{}, fmt.Errorf("%s is %s, which is not a whole number", at, number.Text('g', 10))
	}
	return conformed, nil
}

// validateAttribute runs the validators of an attribute and of all within it.
func validateAttribute(ctx context.Context, attribute schema.Attribute, value attr.Value, at path.Path, diags *diag.Diagnostics) {
	if value.IsNull() {
		if attribute.IsRequired() {
			diags.AddAttributeError(at, "Missing value", "it is required, and there is none.")
		}
		return
	}
	switch a := attribute.(type) {
	case schema.StringAttribute:
		for _, v := range a.Validators {
			var resp validator.StringResponse
			v.ValidateString(ctx, validator.StringRequest{Path: at, PathExpression: at.Expression(), ConfigValue: value.(types.String)}, &resp)
			diags.Append(resp.Diagnostics...)
		}
	case schema.Int64Attribute:
		for _, v := range a.Validators {
			var resp validator.Int64Response
			v.ValidateInt64(ctx, validator.Int64Request{Path: at, PathExpression: at.Expression(), ConfigValue: value.(types.Int64)}, &resp)
			diags.Append(resp.Diagnostics...)
		}
	case schema.Float64Attribute:
		for _, v := range a.Validators {
			var resp validator.Float64Response
			v.ValidateFloat64(ctx, validator.Float64Request{Path: at, PathExpression: at.Expression(), ConfigValue: value.(types.Float64)}, &resp)
			diags.Append(resp.Diagnostics...)
		}
	case schema.SingleNestedAttribute:
		validateObject(ctx, a.Attributes, value, at, diags)
	case schema.ListNestedAttribute:
		for i, element := range value.(types.List).Elements() {
			if element.IsNull() {
				diags.AddAttributeError(at.AtListIndex(i), "Missing value", "it is null. Give an input, or leave it out.")
				continue
			}
			validateObject(ctx, a.NestedObject.Attributes, element, at.AtListIndex(i), diags)
		}
	default:
		diags.AddAttributeError(at, "Unable to check the attribute", fmt.Sprintf("it is a %T, which the function cannot check.", attribute))
	}
}

func validateObject(ctx context.Context, attributes map[string]schema.Attribute, value attr.Value, at path.Path, diags *diag.Diagnostics) {
	values := value.(types.Object).Attributes()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		validateAttribute(ctx, attributes[name], values[name], at.AtName(name), diags)
	}
}
