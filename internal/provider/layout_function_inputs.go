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
// the resource would: Terraform itself converts and checks nothing in an argument of any type. The template is nil for none.
func readInputs(ctx context.Context, given tftypes.Value, template *int) ([]inputModel, *function.FuncError) {
	var resourceSchema resource.SchemaResponse
	(&mixStreamResource{}).Schema(ctx, resource.SchemaRequest{}, &resourceSchema)
	listAttribute := resourceSchema.Schema.Attributes["input_stream_list"]
	templateAttribute := resourceSchema.Schema.Attributes["mix_stream_template_id"]

	inputs, rawList, err := conformInputs(ctx, given)
	if err != nil {
		return nil, function.NewArgumentFuncError(svgInputs, err.Error())
	}
	templateID, rawTemplate := types.Int64Null(), tftypes.NewValue(tftypes.Number, nil)
	if template != nil {
		templateID, rawTemplate = types.Int64Value(int64(*template)), tftypes.NewValue(tftypes.Number, *template)
	}

	var diags diag.Diagnostics
	validateAttribute(ctx, listAttribute, inputs, path.Root("input_stream_list"), &diags)
	validateAttribute(ctx, templateAttribute, templateID, path.Root("mix_stream_template_id"), &diags)
	if !diags.HasError() {
		checkInputs(rawList, rawTemplate, &diags)
	}
	if funcErr := inputsError(diags); funcErr != nil {
		return nil, funcErr
	}
	m := mixStreamModel{InputStreamList: inputs}
	models := m.inputs(ctx, &diags)
	return models, inputsError(diags)
}

// conformInputs gives a value the type of input_stream_list, as a value of the framework and as a raw one.
func conformInputs(ctx context.Context, given tftypes.Value) (types.List, tftypes.Value, error) {
	t := types.ListType{ElemType: inputType()}
	raw, err := conform(ctx, given, t, "input_stream_list")
	if err != nil {
		return types.List{}, raw, err
	}
	list, err := t.ValueFromTerraform(ctx, raw)
	if err != nil {
		return types.List{}, raw, err
	}
	return list.(types.List), raw, nil
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
	return function.NewArgumentFuncError(position, asClause(strings.Join(texts, "\n")))
}

// asClause takes the period from the end of a text: Terraform adds one to the error of a function.
func asClause(text string) string { return strings.TrimSuffix(text, ".") }

// conform gives a value the type of an attribute as Terraform does with a configuration: attributes that are left out are
// null, and numbers and texts are turned into each other. What is not known stays so. An attribute that the type does not
// have is an error, as it would be without effect.
func conform(ctx context.Context, v tftypes.Value, t attr.Type, at string) (tftypes.Value, error) {
	switch {
	case !v.IsKnown():
		return tftypes.NewValue(t.TerraformType(ctx), tftypes.UnknownValue), nil
	case v.IsNull():
		return tftypes.NewValue(t.TerraformType(ctx), nil), nil
	}
	switch t := t.(type) {
	case attr.TypeWithElementType:
		return conformList(ctx, v, t, at)
	case attr.TypeWithAttributeTypes:
		return conformObject(ctx, v, t, at)
	case basetypes.StringTypable:
		return conformText(v, at)
	default:
		return conformNumber(v, t, at)
	}
}

func conformList(ctx context.Context, v tftypes.Value, t attr.TypeWithElementType, at string) (tftypes.Value, error) {
	var given []tftypes.Value
	if !v.Type().Is(tftypes.List{}) && !v.Type().Is(tftypes.Tuple{}) && !v.Type().Is(tftypes.Set{}) || v.As(&given) != nil {
		return tftypes.Value{}, fmt.Errorf("%s must be a list; got %s", at, typeInWords(v))
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
}

func conformObject(ctx context.Context, v tftypes.Value, t attr.TypeWithAttributeTypes, at string) (tftypes.Value, error) {
	var given map[string]tftypes.Value
	if !v.Type().Is(tftypes.Object{}) && !v.Type().Is(tftypes.Map{}) || v.As(&given) != nil {
		return tftypes.Value{}, fmt.Errorf("%s must be an object; got %s", at, typeInWords(v))
	}
	known := slices.Sorted(maps.Keys(t.AttributeTypes()))
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if !slices.Contains(known, name) {
			return tftypes.Value{}, fmt.Errorf("%s has no attribute %q%s", at, name, alternatives(rightPlace(name, t.AttributeTypes()), known))
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
}

// rightPlace is the attribute that was probably meant by one that an object does not have: one of its own, or one of the
// objects in it. It is "" where none is close.
func rightPlace(name string, attributes map[string]attr.Type) string {
	names := slices.Sorted(maps.Keys(attributes))
	if proposal := didYouMean(name, names); proposal != "" {
		return proposal
	}
	for _, outer := range names {
		inner, ok := attributes[outer].(attr.TypeWithAttributeTypes)
		if !ok {
			continue
		}
		if _, ok := inner.AttributeTypes()[name]; ok {
			return outer + "." + name
		}
	}
	return ""
}

func conformText(v tftypes.Value, at string) (tftypes.Value, error) {
	var number big.Float
	switch {
	case v.Type().Is(tftypes.String):
		return v, nil
	case v.Type().Is(tftypes.Number) && v.As(&number) == nil:
		return tftypes.NewValue(tftypes.String, number.Text('f', -1)), nil
	default:
		return tftypes.Value{}, fmt.Errorf("%s must be a string; got %s", at, typeInWords(v))
	}
}

func conformNumber(v tftypes.Value, t attr.Type, at string) (tftypes.Value, error) {
	number, err := bigNumber(v)
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("%s %w", at, err)
	}
	conformed := tftypes.NewValue(tftypes.Number, number)
	if _, ok := t.(basetypes.Int64Typable); ok {
		_, err = wholeNumber(conformed)
	} else {
		_, err = anyNumber(conformed)
	}
	if err != nil {
		return tftypes.Value{}, fmt.Errorf("%s %w", at, err)
	}
	return conformed, nil
}

// validateAttribute runs the validators of an attribute and of all within it.
func validateAttribute(ctx context.Context, attribute schema.Attribute, value attr.Value, at path.Path, diags *diag.Diagnostics) {
	if value.IsNull() {
		if attribute.IsRequired() {
			diags.AddAttributeError(at, "Missing value", "it is required")
		}
		return
	}
	req := attributeAt{path: at, expression: at.Expression()}
	switch a := attribute.(type) {
	case schema.StringAttribute:
		if v, ok := value.(basetypes.StringValuable); ok {
			req.validateString(ctx, a.Validators, v, diags)
		}
	case schema.Int64Attribute:
		if v, ok := value.(basetypes.Int64Valuable); ok {
			req.validateInt64(ctx, a.Validators, v, diags)
		}
	case schema.NumberAttribute:
		if v, ok := value.(basetypes.NumberValuable); ok {
			req.validateNumber(ctx, a.Validators, v, diags)
		}
	case schema.Float64Attribute:
		if v, ok := value.(basetypes.Float64Valuable); ok {
			req.validateFloat64(ctx, a.Validators, v, diags)
		}
	case schema.SingleNestedAttribute:
		validateObject(ctx, a.Attributes, value, at, diags)
	case schema.ListNestedAttribute:
		for i, element := range value.(types.List).Elements() {
			if element.IsNull() {
				diags.AddAttributeError(at.AtListIndex(i), "Missing value", "it is null. Give an input, or leave it out")
				continue
			}
			validateObject(ctx, a.NestedObject.Attributes, element, at.AtListIndex(i), diags)
		}
	default:
		diags.AddAttributeError(at, "Unable to check the attribute", fmt.Sprintf("it is a %T, which the function cannot check", attribute))
	}
}

func validateObject(ctx context.Context, attributes map[string]schema.Attribute, value attr.Value, at path.Path, diags *diag.Diagnostics) {
	values := value.(types.Object).Attributes()
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		validateAttribute(ctx, attributes[name], values[name], at.AtName(name), diags)
	}
}

// attributeAt is where a value stands, for its validators.
type attributeAt struct {
	path       path.Path
	expression path.Expression
}

func (at attributeAt) validateString(ctx context.Context, validators []validator.String, value basetypes.StringValuable, diags *diag.Diagnostics) {
	v, d := value.ToStringValue(ctx)
	diags.Append(d...)
	for _, rule := range validators {
		var resp validator.StringResponse
		rule.ValidateString(ctx, validator.StringRequest{Path: at.path, PathExpression: at.expression, ConfigValue: v}, &resp)
		diags.Append(resp.Diagnostics...)
	}
}

func (at attributeAt) validateInt64(ctx context.Context, validators []validator.Int64, value basetypes.Int64Valuable, diags *diag.Diagnostics) {
	v, d := value.ToInt64Value(ctx)
	diags.Append(d...)
	for _, rule := range validators {
		var resp validator.Int64Response
		rule.ValidateInt64(ctx, validator.Int64Request{Path: at.path, PathExpression: at.expression, ConfigValue: v}, &resp)
		diags.Append(resp.Diagnostics...)
	}
}

func (at attributeAt) validateNumber(ctx context.Context, validators []validator.Number, value basetypes.NumberValuable, diags *diag.Diagnostics) {
	v, d := value.ToNumberValue(ctx)
	diags.Append(d...)
	for _, rule := range validators {
		var resp validator.NumberResponse
		rule.ValidateNumber(ctx, validator.NumberRequest{Path: at.path, PathExpression: at.expression, ConfigValue: v}, &resp)
		diags.Append(resp.Diagnostics...)
	}
}

func (at attributeAt) validateFloat64(ctx context.Context, validators []validator.Float64, value basetypes.Float64Valuable, diags *diag.Diagnostics) {
	v, d := value.ToFloat64Value(ctx)
	diags.Append(d...)
	for _, rule := range validators {
		var resp validator.Float64Response
		rule.ValidateFloat64(ctx, validator.Float64Request{Path: at.path, PathExpression: at.expression, ConfigValue: v}, &resp)
		diags.Append(resp.Diagnostics...)
	}
}
