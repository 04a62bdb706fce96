// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// These helpers drive the provider by its protocol: what the CLI would send, without the CLI, in well under a millisecond.

const mixStreamType = "tencentcss_mix_stream"

// mixObjectType is the resource's type on the wire.
func mixObjectType(tb testing.TB) tftypes.Object {
	tb.Helper()
	var resp resource.SchemaResponse
	(&mixStreamResource{}).Schema(tb.Context(), resource.SchemaRequest{}, &resp)
	object, ok := resp.Schema.Type().TerraformType(tb.Context()).(tftypes.Object)
	if !ok {
		tb.Fatal("the resource is not an object")
	}
	return object
}

// mixConfig turns the body of a resource block into a value on the wire. The word unknown stands for a value that is not
// known yet.
func mixConfig(tb testing.TB, body string) tftypes.Value {
	tb.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(body), "test.tf", hcl.InitialPos)
	if diags.HasErrors() {
		tb.Fatal(diags)
	}
	attributes, diags := file.Body.JustAttributes()
	if diags.HasErrors() {
		tb.Fatal(diags)
	}
	values := map[string]cty.Value{}
	for name, attribute := range attributes {
		v, diags := attribute.Expr.Value(&hcl.EvalContext{Variables: map[string]cty.Value{"unknown": cty.DynamicVal}})
		if diags.HasErrors() {
			tb.Fatal(diags)
		}
		values[name] = v
	}
	v, err := wireValue(cty.ObjectVal(values), mixObjectType(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// wireValue converts a value to a type as Terraform does before it sends a configuration: attributes that are left out
// are null, and a name that the type does not have is an error.
func wireValue(v cty.Value, t tftypes.Type) (tftypes.Value, error) {
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
			converted, err := wireValue(field, fieldType)
			if err != nil {
				return tftypes.Value{}, fmt.Errorf("%s: %w", name, err)
			}
			fields[name] = converted
		}
		return tftypes.NewValue(t, fields), nil
	case tftypes.List:
		elements := []tftypes.Value{}
		for _, element := range v.AsValueSlice() {
			converted, err := wireValue(element, t.ElementType)
			if err != nil {
				return tftypes.Value{}, err
			}
			elements = append(elements, converted)
		}
		return tftypes.NewValue(t, elements), nil
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

// validateMix asks the provider what is wrong with a configuration.
func validateMix(tb testing.TB, server tfprotov6.ProviderServer, config tftypes.Value) []*tfprotov6.Diagnostic {
	tb.Helper()
	dynamic, err := tfprotov6.NewDynamicValue(config.Type(), config)
	if err != nil {
		tb.Fatal(err)
	}
	resp, err := server.ValidateResourceConfig(tb.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: &dynamic})
	if err != nil {
		tb.Fatal(err)
	}
	return resp.Diagnostics
}

// prose writes diagnostics as a user reads them.
func prose(diags []*tfprotov6.Diagnostic) string {
	var b strings.Builder
	for i, d := range diags {
		if i > 0 {
			b.WriteString("\n")
		}
		severity := "Error"
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			severity = "Warning"
		}
		fmt.Fprintf(&b, "%s: %s\n  at %s\n\n%s\n", severity, d.Summary, wirePath(d.Attribute), d.Detail)
	}
	return b.String()
}

// wirePath writes the path of a diagnostic as a configuration would.
func wirePath(p *tftypes.AttributePath) string {
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
