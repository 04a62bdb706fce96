// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// What core does with values.

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

// withUnknown is a value of which a part is not known yet.
func withUnknown(v tftypes.Value, at *tftypes.AttributePath) tftypes.Value {
	v, err := tftypes.Transform(v, func(path *tftypes.AttributePath, part tftypes.Value) (tftypes.Value, error) {
		if path.Equal(at) {
			part = tftypes.NewValue(part.Type(), tftypes.UnknownValue)
		}
		return part, nil
	})
	if err != nil {
		panic(err)
	}
	return v
}
