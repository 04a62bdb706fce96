// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// object is the value of an object of a configuration: numbers are float64, nil is null, and unknownValue unknown.
type object = map[string]any

type unknownValue struct{}

// wire turns a value into what the CLI sends. Attributes that are left out are null.
func wire(v any, t tftypes.Type) tftypes.Value {
	switch v := v.(type) {
	case unknownValue:
		return tftypes.NewValue(t, tftypes.UnknownValue)
	case object:
		attributes := t.(tftypes.Object).AttributeTypes
		fields := make(map[string]tftypes.Value, len(attributes))
		for name := range v {
			if _, ok := attributes[name]; !ok {
				panic("there is no attribute " + name)
			}
		}
		for name, attributeType := range attributes {
			fields[name] = wire(v[name], attributeType)
		}
		return tftypes.NewValue(t, fields)
	case []any:
		elements := make([]tftypes.Value, len(v))
		for i, element := range v {
			elements[i] = wire(element, t.(tftypes.List).ElementType)
		}
		return tftypes.NewValue(t, elements)
	case float64:
		// The CLI reads decimals with this precision.
		number, _, err := big.ParseFloat(mixlayout.Number(v), 10, 512, big.ToNearestEven)
		if err != nil {
			panic(err)
		}
		return tftypes.NewValue(t, number)
	default:
		return tftypes.NewValue(t, v)
	}
}

// configuration is a mix that a failure shows as the body of a resource block.
type configuration struct{ object }

// GoString is what rapid prints. An expression of HCL may be written as JSON.
func (c configuration) GoString() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(c.object)) {
		text, err := json.Marshal(c.object[name])
		if err != nil {
			text = []byte(err.Error())
		}
		fmt.Fprintf(&b, "\n%s = %s", name, bytes.ReplaceAll(text, []byte(`"`+unknownWord+`"`), []byte("unknown")))
	}
	return b.String()
}

// unknownWord stands for an unknown value until GoString has written it.
const unknownWord = "this value is not known"

// MarshalText makes an unknown value a word.
func (unknownValue) MarshalText() ([]byte, error) { return []byte(unknownWord), nil }

func oneIn(t *rapid.T, n int) bool { return between(t, 1, n) == n }

func between(t *rapid.T, low, high int) int { return rapid.IntRange(low, high).Draw(t, "") }

func pick[T any](t *rapid.T, from ...T) T { return rapid.SampledFrom(from).Draw(t, "") }
