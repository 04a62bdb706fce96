// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// readArguments reads the arguments of a call into targets, one for each parameter and one more for a variadic one. ok
// is false if there is nothing to compute: an argument is wrong, as resp says, or is unknown, and so is the result.
//
// Terraform itself refuses nulls and holds back unknown values, even nested ones. Other callers do not, and the
// framework reports what it cannot convert as an error of the provider.
func readArguments(ctx context.Context, req function.RunRequest, resp *function.RunResponse, parameters []function.Parameter, targets ...any) (ok bool) {
	known := true
	for i, target := range targets {
		position := int64(i)
		var argument attr.Value
		if resp.Error = req.Arguments.GetArgument(ctx, i, &argument); resp.Error != nil {
			return false
		}
		raw, err := argument.ToTerraformValue(ctx)
		if err != nil {
			resp.Error = function.NewArgumentFuncError(position, err.Error())
			return false
		}
		switch {
		case !raw.IsFullyKnown():
			known = false
			continue
		case raw.IsNull() && i < len(parameters) && !parameters[i].GetAllowNullValue():
			resp.Error = function.NewArgumentFuncError(position, parameters[i].GetName()+" must not be null")
			return false
		}
		switch target := target.(type) {
		case *int:
			*target, err = wholeNumber(raw)
		case *float64:
			*target, err = anyNumber(raw)
		case **int:
			if !raw.IsNull() {
				*target = new(int)
				**target, err = wholeNumber(raw)
			}
		case *tftypes.Value:
			*target = raw
		default:
			if resp.Error = req.Arguments.GetArgument(ctx, i, target); resp.Error != nil {
				return false
			}
		}
		if err != nil {
			resp.Error = function.NewArgumentFuncError(position, parameters[i].GetName()+" "+err.Error())
			return false
		}
	}
	return known
}

// wholeNumber reads a whole number; null is 0. The error continues a sentence that begins with the name of the value.
func wholeNumber(v tftypes.Value) (int, error) {
	f, err := bigNumber(v)
	if err != nil {
		return 0, err
	}
	n, exact := f.Int64()
	if exact != big.Exact || int64(int(n)) != n {
		if f.IsInt() {
			return 0, fmt.Errorf("is too large a number; got %s", f.Text('g', 10))
		}
		return 0, fmt.Errorf("must be a whole number; got %s", f.Text('g', 10))
	}
	return int(n), nil
}

// anyNumber reads a number; null is 0. The error continues a sentence that begins with the name of the value.
func anyNumber(v tftypes.Value) (float64, error) {
	f, err := bigNumber(v)
	if err != nil {
		return 0, err
	}
	n, _ := f.Float64()
	if math.IsInf(n, 0) {
		return 0, fmt.Errorf("is too large a number; got %s", f.Text('g', 10))
	}
	return n, nil
}

// bigNumber reads a number as Terraform would convert it.
func bigNumber(v tftypes.Value) (*big.Float, error) {
	number := new(big.Float)
	if v.IsNull() {
		return number, nil
	}
	var text string
	switch {
	case v.Type().Is(tftypes.String) && v.As(&text) == nil:
		if _, ok := number.SetPrec(512).SetString(text); !ok || number.IsInf() {
			return nil, fmt.Errorf("must be a number; got %q", text)
		}
	case !v.Type().Is(tftypes.Number) || v.As(number) != nil:
		return nil, fmt.Errorf("must be a number; got %s", typeInWords(v))
	}
	return number, nil
}

// optionsParameter returns the last parameter of a function that takes an optional object. In the protocol only a
// variadic parameter is optional, and objects have no optional attributes: so any value passes, and readOptions checks
// it.
func optionsParameter(description string) function.Parameter {
	return function.DynamicParameter{
		Name:                "options",
		AllowNullValue:      true,
		MarkdownDescription: "At most one object, such as " + description,
	}
}

// optionValues are the attributes of the options object that are set and not null.
type optionValues map[string]tftypes.Value

// readOptions reads the variadic argument of optionsParameter. attributes are the allowed names; hints say what to do
// about some others.
func readOptions(given tftypes.Value, attributes []string, hints map[string]string) (optionValues, error) {
	var objects []tftypes.Value
	if err := given.As(&objects); err != nil {
		return nil, err
	}
	switch {
	case len(objects) == 0 || len(objects) == 1 && objects[0].IsNull():
		return nil, nil
	case len(objects) > 1:
		return nil, fmt.Errorf("options must be at most one object; got %d arguments", len(objects))
	}
	object := objects[0]
	values := map[string]tftypes.Value{}
	if !object.Type().Is(tftypes.Object{}) && !object.Type().Is(tftypes.Map{}) || object.As(&values) != nil {
		return nil, fmt.Errorf("options must be an object such as { %s = … }; got %s", attributes[0], typeInWords(object))
	}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if hint, ok := hints[name]; ok {
			return nil, fmt.Errorf("options has no attribute %q: %s", name, hint)
		}
		if !slices.Contains(attributes, name) {
			return nil, fmt.Errorf("options has no attribute %q%s", name, alternatives(didYouMean(name, attributes), attributes))
		}
	}
	maps.DeleteFunc(values, func(_ string, v tftypes.Value) bool { return v.IsNull() })
	return values, nil
}

// text returns an option that is a string, or "" if it is not set.
func (o optionValues) text(name string) (string, error) {
	v, ok := o[name]
	if !ok {
		return "", nil
	}
	var s string
	if !v.Type().Is(tftypes.String) || v.As(&s) != nil {
		return "", fmt.Errorf("options.%s must be a string; got %s", name, typeInWords(v))
	}
	return s, nil
}

// whole returns an option that is a whole number, or nil if it is not set.
func (o optionValues) whole(name string) (*int, error) {
	v, ok := o[name]
	if !ok {
		return nil, nil
	}
	n, err := wholeNumber(v)
	if err != nil {
		return nil, fmt.Errorf("options.%s %w", name, err)
	}
	return &n, nil
}

// The positions of the parameters of layout_svg.
const (
	svgInputs = iota
	svgTemplate
)

// readInputs turns any value that could be assigned to input_stream_list into inputs, and checks them and the template
// as the resource would: Terraform converts and checks nothing in an argument of any type. A nil template means none.
func readInputs(ctx context.Context, given tftypes.Value, template *int) (types.List, []inputModel, *function.FuncError) {
	list, raw, err := conformInputs(ctx, given)
	if err != nil {
		return list, nil, function.NewArgumentFuncError(svgInputs, err.Error())
	}
	if raw.IsNull() {
		return list, nil, function.NewArgumentFuncError(svgInputs, "input_stream_list must not be null")
	}
	mix := mixOf(ctx, raw, template)
	if funcErr := validateInputs(ctx, mix); funcErr != nil {
		return list, nil, funcErr
	}
	m, err := readMix(mix)
	if err != nil {
		return list, nil, function.NewArgumentFuncError(svgInputs, err.Error())
	}
	return list, m.inputs, nil
}

// mixOf returns the configuration of a mix in which everything but the inputs and the template is unknown, so that the
// rules that need more stay silent.
func mixOf(ctx context.Context, inputs tftypes.Value, template *int) tftypes.Value {
	var resp resource.SchemaResponse
	(&mixStreamResource{}).Schema(ctx, resource.SchemaRequest{}, &resp)
	mix, _ := resp.Schema.Type().TerraformType(ctx).(tftypes.Object) // A schema is always an object.
	values := map[string]tftypes.Value{}
	for name, t := range mix.AttributeTypes {
		values[name] = tftypes.NewValue(t, tftypes.UnknownValue)
		if resp.Schema.Attributes[name].IsComputed() {
			values[name] = tftypes.NewValue(t, nil)
		}
	}
	values["input_stream_list"] = inputs
	values["mix_stream_template_id"] = tftypes.NewValue(tftypes.Number, nil)
	if template != nil {
		values["mix_stream_template_id"] = tftypes.NewValue(tftypes.Number, *template)
	}
	return tftypes.NewValue(mix, values)
}

// validateInputs lets the provider validate a configuration as Terraform would.
func validateInputs(ctx context.Context, mix tftypes.Value) *function.FuncError {
	config, err := tfprotov6.NewDynamicValue(mix.Type(), mix)
	if err != nil {
		return function.NewFuncError(err.Error())
	}
	resp, err := newServer(New("")()).ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: mixTypeName, Config: &config})
	if err != nil {
		return function.NewFuncError(err.Error())
	}
	position := int64(svgTemplate)
	var texts []string
	for _, d := range resp.Diagnostics {
		if d.Severity != tfprotov6.DiagnosticSeverityError {
			continue
		}
		if !d.Attribute.Equal(tftypes.NewAttributePath().WithAttributeName("mix_stream_template_id")) {
			position = svgInputs
		}
		text, _, _ := strings.Cut(d.Detail, "\n\n")
		texts = append(texts, text)
	}
	if len(texts) == 0 {
		return nil
	}
	return function.NewArgumentFuncError(position, asClause(strings.Join(texts, "\n")))
}

// conformInputs gives a value the type of input_stream_list, as a framework value and as a raw one.
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

// conform gives a value the type of an attribute as Terraform does with a configuration: missing attributes are null,
// and numbers and strings are converted into each other. Unknown values stay unknown. An attribute that the type does
// not have is an error, because it would have no effect.
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

// rightPlace returns the attribute that was probably meant by an unsupported one: one of the object's own or of an
// object in it, or "" if none is close.
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
