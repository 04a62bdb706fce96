// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
)

// JSON is a block in Terraform's JSON syntax, or the parameters of a call.
type JSON = map[string]any

// WireValue converts a value to a type as Terraform does before it sends a configuration: missing attributes are null,
// and a name that the type does not have is an error.
func WireValue(v cty.Value, t tftypes.Type) (tftypes.Value, error) {
	switch {
	case !v.IsKnown():
		return tftypes.NewValue(t, tftypes.UnknownValue), nil
	case v.IsNull():
		return tftypes.NewValue(t, nil), nil
	}
	switch t := t.(type) {
	case tftypes.Object:
		fields := map[string]tftypes.Value{}
		given := v.AsValueMap()
		for name := range given {
			if _, ok := t.AttributeTypes[name]; !ok {
				return tftypes.Value{}, fmt.Errorf("there is no attribute %q", name)
			}
		}
		for name, fieldType := range t.AttributeTypes {
			field, ok := given[name]
			if !ok {
				field = cty.NullVal(cty.DynamicPseudoType)
			}
			converted, err := WireValue(field, fieldType)
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
			}
			fields[name] = converted
		}
		return tftypes.NewValue(t, fields), nil
	case tftypes.List:
		elements, err := wireValues(v, t.ElementType)
		return tftypes.NewValue(t, elements), err
	case tftypes.Set:
		elements, err := wireValues(v, t.ElementType)
		return tftypes.NewValue(t, elements), err
	}
	switch {
	case t.Is(tftypes.String) && v.Type() == cty.String:
		return tftypes.NewValue(t, v.AsString()), nil
	case t.Is(tftypes.Number) && v.Type() == cty.Number:
		return tftypes.NewValue(t, new(big.Float).Set(v.AsBigFloat())), nil
	case t.Is(tftypes.Bool) && v.Type() == cty.Bool:
		return tftypes.NewValue(t, v.True()), nil
	}
	return tftypes.Value{}, fmt.Errorf("%#v is not a %s", v, t)
}

func wireValues(v cty.Value, t tftypes.Type) ([]tftypes.Value, error) {
	elements := []tftypes.Value{}
	for _, element := range v.AsValueSlice() {
		converted, err := WireValue(element, t)
		if err != nil {
			return nil, err
		}
		elements = append(elements, converted)
	}
	return elements, nil
}

// FromJSON returns the wire value of a block in JSON syntax.
func FromJSON(block JSON, t tftypes.Type) tftypes.Value {
	text, err := json.Marshal(block)
	if err != nil {
		panic(err)
	}
	var simple ctyjson.SimpleJSONValue
	if err := simple.UnmarshalJSON(text); err != nil {
		panic(err)
	}
	v, err := WireValue(simple.Value, t)
	if err != nil {
		panic(err)
	}
	return v
}

// ToJSON returns a value as the state file holds it.
func ToJSON(v tftypes.Value) any {
	var err error
	defer func() {
		if err != nil {
			panic(err)
		}
	}()
	switch t := v.Type(); {
	case v.IsNull():
		return nil
	case t.Is(tftypes.String):
		var s string
		err = v.As(&s)
		return s
	case t.Is(tftypes.Bool):
		var b bool
		err = v.As(&b)
		return b
	case t.Is(tftypes.Number):
		var f big.Float
		err = v.As(&f)
		return json.Number(f.Text('f', -1))
	case t.Is(tftypes.List{}):
		var elements []tftypes.Value
		err = v.As(&elements)
		out := []any{}
		for _, e := range elements {
			out = append(out, ToJSON(e))
		}
		return out
	default:
		var fields map[string]tftypes.Value
		err = v.As(&fields)
		out := JSON{}
		for name, field := range fields {
			out[name] = ToJSON(field)
		}
		return out
	}
}

// ToWire encodes a value for the wire. It panics on a value that is not of its type.
func ToWire(v tftypes.Value) *tfprotov6.DynamicValue {
	dynamic, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		panic(err)
	}
	return &dynamic
}

// FromWire decodes a value of a type. It panics if the value is not of that type.
func FromWire(dynamic *tfprotov6.DynamicValue, t tftypes.Type) tftypes.Value {
	v, err := dynamic.Unmarshal(t)
	if err != nil {
		panic(err)
	}
	return v
}

// ProposedNew merges a configuration with a prior object, as Terraform's core does before it asks for a plan: what the
// configuration leaves out and the provider may compute stays as it was. It panics on values that are not of the schema.
func ProposedNew(attributes []*tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() || !config.IsKnown() {
		return config
	}
	var was, is map[string]tftypes.Value
	if err := config.As(&is); err != nil {
		panic(err)
	}
	if !prior.IsNull() {
		if err := prior.As(&was); err != nil {
			panic(err)
		}
	}
	fields := map[string]tftypes.Value{}
	for _, a := range attributes {
		old, ok := was[a.Name]
		if !ok {
			old = tftypes.NewValue(a.ValueType(), nil)
		}
		fields[a.Name] = is[a.Name]
		switch {
		case is[a.Name].IsNull():
			if a.Computed {
				fields[a.Name] = old
			}
		case a.NestedType == nil, !is[a.Name].IsKnown():
		case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			fields[a.Name] = ProposedNew(a.NestedType.Attributes, old, is[a.Name])
		case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeList:
			var olds, news []tftypes.Value
			if err := is[a.Name].As(&news); err != nil {
				panic(err)
			}
			if !old.IsNull() {
				if err := old.As(&olds); err != nil {
					panic(err)
				}
			}
			elements := []tftypes.Value{} // Not in place: the configuration shares its elements.
			for i := range news {
				element := tftypes.NewValue(news[i].Type(), nil)
				if i < len(olds) {
					element = olds[i]
				}
				elements = append(elements, ProposedNew(a.NestedType.Attributes, element, news[i]))
			}
			fields[a.Name] = tftypes.NewValue(a.ValueType(), elements)
		default:
			panic("a nesting that this model of core does not know")
		}
	}
	return tftypes.NewValue(config.Type(), fields)
}

// EqualJSON compares parameters as sent with the expected JSON text.
func EqualJSON(got map[string]any, want string) error {
	sent, err := json.Marshal(got)
	if err != nil {
		return err
	}
	var a, b any
	if err := errors.Join(json.Unmarshal(sent, &a), json.Unmarshal([]byte(want), &b)); err != nil {
		return err
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("sent %s, want %s", sent, want)
	}
	return nil
}

// Prose formats diagnostics as a user reads them.
func Prose(diags []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for i, d := range diags {
		if i > 0 {
			b.WriteString("\n")
		}
		severity := "Error"
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			severity = "Warning"
		}
		fmt.Fprintf(&b, "%s: %s\n  at %s\n\n%s\n", severity, d.Summary, WirePath(d.Attribute), d.Detail)
	}
	return b.String()
}

// WirePath formats the path of a diagnostic as in a configuration.
func WirePath(p *tftypes.AttributePath) string {
	var b strings.Builder
	for _, step := range p.Steps() {
		switch step := step.(type) {
		case tftypes.AttributeName:
			if b.Len() > 0 {
				b.WriteString(".")
			}
			b.WriteString(string(step))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&b, "[%d]", int64(step))
		default:
			fmt.Fprintf(&b, "[%v]", step)
		}
	}
	return b.String()
}
