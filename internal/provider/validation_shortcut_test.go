// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest/randommix"
)

// What the shortcut accepts the framework accepts, and what the framework accepts without a warning the shortcut accepts,
// if all of it is known.
func TestValidationShortcutAcceptsWhatTheFrameworkAccepts(t *testing.T) {
	t.Parallel()
	server := newServer(New("test")())
	object := mixObjectType(t)
	var accepted, left int
	rapid.Check(t, func(r *rapid.T) {
		config := randommix.Wire(r, randommix.Valid(r), object)
		for range randommix.Pick(r, 0, 0, 1, 1, 2) {
			config = misplace(r, config)
		}
		req := &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: onTheWire(t, config)}
		resp, err := server.protocolServer.ValidateResourceConfig(t.Context(), req)
		if err != nil {
			r.Fatal(err)
		}
		want := len(resp.Diagnostics) == 0 && config.IsFullyKnown()
		if got := server.validation.accepts(t.Context(), req); got != want {
			r.Fatalf("accepted: %t; the framework on %s:\n%s", got, config, prose(resp.Diagnostics))
		}
		if want {
			accepted++
		} else {
			left++
		}
	})
	if accepted == 0 || left == 0 {
		t.Errorf("%d accepted, %d left to the framework", accepted, left)
	}
}

// misplace puts a value that may be wrong, null or unknown in the place of any attribute.
func misplace(t *rapid.T, mix tftypes.Value) tftypes.Value {
	var paths []string
	note := func(at *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if len(at.Steps()) > 0 {
			paths = append(paths, at.String())
		}
		return v, nil
	}
	if _, err := tftypes.Transform(mix, note); err != nil {
		t.Fatal(err)
	}
	slices.Sort(paths)
	chosen := randommix.Pick(t, paths...)
	changed, err := tftypes.Transform(mix, func(at *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if at.String() != chosen {
			return v, nil
		}
		odd := []any{nil, tftypes.UnknownValue}
		switch {
		case v.Type().Is(tftypes.String):
			odd = append(odd, "", "a b", "canvas", "audio", "0s", "-1m", "90", "0xCC0033", "push.example.com", "https://example.com/x")
		case v.Type().Is(tftypes.Number):
			odd = append(odd, 0, -1, 1, 2, 17, 610, 48000, 99999, 0.005, 0.5, 1.5, new(big.Float).SetMantExp(big.NewFloat(1), 2000))
		case v.Type().Is(tftypes.Bool):
			odd = append(odd, true, false)
		}
		return tftypes.NewValue(v.Type(), randommix.Pick(t, odd...)), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return changed
}

// A null where an object stands, and what is no mix at all, are left to the framework.
func TestValidationShortcutLeavesOddValues(t *testing.T) {
	t.Parallel()
	var s validationShortcut
	object := mixObjectType(t)
	for name, config := range map[string]*tfprotov6.DynamicValue{
		"nothing":    nil,
		"null":       onTheWire(t, tftypes.NewValue(object, nil)),
		"unknown":    onTheWire(t, tftypes.NewValue(object, tftypes.UnknownValue)),
		"no mix":     {MsgPack: []byte{0x93}},
		"null input": onTheWire(t, mixConfig(t, "mix_stream_session_id = \"s\"\ninput_stream_list = [null]\noutput_params = { output_stream_name = \"o\" }")),
	} {
		if s.accepts(t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: config}) {
			t.Errorf("%s is accepted", name)
		}
	}
}

// A schema with anything that the shortcut does not know is left to the framework.
func TestValidationShortcutLeavesUnfamiliarSchemas(t *testing.T) {
	t.Parallel()
	inObject := func(a schema.Attribute) schema.Attribute {
		return typed(schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{"inner": a}})
	}
	for name, a := range map[string]schema.Attribute{
		"a set":       schema.SetAttribute{Optional: true, ElementType: types.StringType},
		"deprecated":  schema.StringAttribute{Optional: true, DeprecationMessage: "use another one"},
		"write-only":  schema.StringAttribute{Optional: true, WriteOnly: true},
		"looks aside": schema.StringAttribute{Optional: true, Validators: []validator.String{looksAside{}}},
	} {
		for _, attribute := range []schema.Attribute{a, inObject(a)} {
			if _, ok := quickAttributes(map[string]schema.Attribute{"attribute": attribute}); ok {
				t.Errorf("%s is taken", name)
			}
		}
	}
	if _, ok := quickAttributes(map[string]schema.Attribute{"attribute": inObject(schema.StringAttribute{Optional: true})}); !ok {
		t.Error("a text is not taken")
	}
}

// looksAside may look at other attributes, for all that the shortcut knows.
type looksAside struct{ textRule }
