// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What core does with values.

// proposedNew merges a configuration with a prior object: what the configuration leaves out and the provider may compute
// stays as it was.
func proposedNew(attributes []*tfprotov6.SchemaAttribute, prior, config tftypes.Value) tftypes.Value {
	if config.IsNull() {
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
		case a.NestedType == nil:
		case a.NestedType.Nesting == tfprotov6.SchemaObjectNestingModeSingle:
			fields[a.Name] = proposedNew(a.NestedType.Attributes, old, is[a.Name])
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
			var elements []tftypes.Value // Not in place: the configuration shares its elements.
			for i := range news {
				element := tftypes.NewValue(news[i].Type(), nil)
				if i < len(olds) {
					element = olds[i]
				}
				elements = append(elements, proposedNew(a.NestedType.Attributes, element, news[i]))
			}
			fields[a.Name] = tftypes.NewValue(a.ValueType(), elements)
		default:
			panic("a nesting that this model of core does not know")
		}
	}
	return tftypes.NewValue(config.Type(), fields)
}

// keeps tells whether an object keeps what was planned: all that was known, and the shape of the rest.
func keeps(planned, actual tftypes.Value) error {
	switch {
	case !planned.IsKnown(), planned.IsFullyKnown() && planned.Equal(actual):
		return nil
	case planned.IsFullyKnown() || planned.IsNull() || actual.IsNull():
		return fmt.Errorf("planned %s, is %s", planned, actual)
	case planned.Type().Is(tftypes.List{}):
		var before, after []tftypes.Value
		if err := errors.Join(planned.As(&before), actual.As(&after)); err != nil {
			return err
		}
		if len(before) != len(after) {
			return fmt.Errorf("planned %s, is %s", planned, actual)
		}
		for i := range before {
			if err := keeps(before[i], after[i]); err != nil {
				return fmt.Errorf("[%d]: %w", i, err)
			}
		}
		return nil
	}
	var before, after map[string]tftypes.Value
	if err := errors.Join(planned.As(&before), actual.As(&after)); err != nil {
		return err
	}
	for name := range before {
		if err := keeps(before[name], after[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
