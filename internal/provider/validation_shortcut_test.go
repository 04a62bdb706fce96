// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"
)

// What the shortcut accepts the framework accepts, and what the framework accepts without a warning the shortcut accepts,
// if all of it is known.
func TestValidationShortcutAcceptsWhatTheFrameworkAccepts(t *testing.T) {
	t.Parallel()
	server := newServer(New("test")())
	object := mixObjectType(t)
	var accepted, left int
	rapid.Check(t, func(r *rapid.T) {
		mix := drawValid(r)
		for range pick(r, 0, 0, 1, 1, 2) {
			pick(r, mutations()...)(r, mix)
		}
		var v any = mix
		if oneIn(r, 6) {
			v = blank(r, 20, v, object)
		}
		config := wire(v, object)
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
