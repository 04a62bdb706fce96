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

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// readArguments reads the arguments of a call into targets, one for each parameter and one more for a variadic one. It is
// not ok where there is nothing to compute: one is wrong, and resp says so, or is not known yet, and so is the result.
//
// Terraform itself refuses nulls and keeps unknown values back, also those deep inside. Other callers do not, and the
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

// wholeNumber reads a whole number; null is 0. The error goes on from the name of what is read.
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

// anyNumber reads a number; null is 0. The error goes on from the name of what is read.
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

// bigNumber reads a number as Terraform would convert it to one.
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

// typeInWords is the type of a value in Terraform's words, with an article.
func typeInWords(v tftypes.Value) string {
	switch t := v.Type(); {
	case v.IsNull():
		return "null"
	case t.Is(tftypes.String):
		return "a string"
	case t.Is(tftypes.Number):
		return "a number"
	case t.Is(tftypes.Bool):
		return "a bool"
	case t.Is(tftypes.Object{}):
		return "an object"
	case t.Is(tftypes.Map{}):
		return "a map"
	default:
		return "a list"
	}
}

// optionsParameter is the last parameter of a function that takes an optional object. The protocol has optional
// parameters as variadic ones only, and no objects with optional attributes: so any value passes, and readOptions checks it.
func optionsParameter(description string) function.Parameter {
	return function.DynamicParameter{
		Name:                "options",
		AllowNullValue:      true,
		MarkdownDescription: "At most one object, such as " + description,
	}
}

// optionValues are the attributes of the object of options that are given and not null.
type optionValues map[string]tftypes.Value

// readOptions reads the variadic argument of optionsParameter. The attributes are those that there are; hints are what to
// say of some others.
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

// text is an option that is a string; "" where it is not given.
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

// whole is an option that is a whole number; nil where it is not given.
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

// didYouMean is the name that is closest to a mistyped one; "" where none is close.
func didYouMean(name string, names []string) string {
	const leastSimilarity = 0.55 // Two letters in the wrong order in a word of five.
	best, most := "", leastSimilarity
	for _, candidate := range names {
		if similarity := levenshtein.Similarity(strings.ToLower(name), candidate, nil); similarity > most {
			best, most = candidate, similarity
		}
	}
	return best
}

// alternatives ends a sentence about an attribute that there is not: with the one that was probably meant, else with all.
func alternatives(meant string, all []string) string {
	if meant != "" {
		return fmt.Sprintf("; did you mean %q?", meant)
	}
	return "; it takes " + strings.Join(all, ", ")
}
