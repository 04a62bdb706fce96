// SPDX-License-Identifier: MPL-2.0

// Package randommix draws random configurations of a mix, for tests of properties.
package randommix

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// Object is the value of an object of a configuration: numbers are float64, nil is null, and [Unknown] unknown.
type Object = map[string]any

// Unknown is a value that is not known yet.
type Unknown struct{}

// UnknownWord represents an unknown value in JSON.
const UnknownWord = "this value is not known"

// MarshalText encodes an unknown value as UnknownWord.
func (Unknown) MarshalText() ([]byte, error) { return []byte(UnknownWord), nil }

// Wire turns a value into what the CLI sends. Missing attributes are null.
func Wire(t rapid.TB, v any, of tftypes.Type) tftypes.Value {
	t.Helper()
	switch v := v.(type) {
	case Unknown:
		return tftypes.NewValue(of, tftypes.UnknownValue)
	case Object:
		attributes := of.(tftypes.Object).AttributeTypes
		fields := make(map[string]tftypes.Value, len(attributes))
		for name := range v {
			if _, ok := attributes[name]; !ok {
				t.Fatalf("there is no attribute %s", name)
			}
		}
		for name, attributeType := range attributes {
			fields[name] = Wire(t, v[name], attributeType)
		}
		return tftypes.NewValue(of, fields)
	case []any:
		elements := make([]tftypes.Value, len(v))
		for i, element := range v {
			elements[i] = Wire(t, element, of.(tftypes.List).ElementType)
		}
		return tftypes.NewValue(of, elements)
	case float64:
		// The CLI reads decimals with this precision.
		number, _, err := big.ParseFloat(mixlayout.Number(v), 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		return tftypes.NewValue(of, number)
	default:
		return tftypes.NewValue(of, v)
	}
}

// OneIn is true once in n times.
func OneIn(t *rapid.T, n int) bool { return Between(t, 1, n) == n }

// Between draws a whole number between low and high, both included.
func Between(t *rapid.T, low, high int) int { return rapid.IntRange(low, high).Draw(t, "") }

// Pick draws one of the given values.
func Pick[T any](t *rapid.T, from ...T) T { return rapid.SampledFrom(from).Draw(t, "") }
