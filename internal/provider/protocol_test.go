// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
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

func wireValue(v cty.Value, t tftypes.Type) (tftypes.Value, error) { return acctest.WireValue(v, t) }

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

func prose(diags []*tfprotov6.Diagnostic) string { return acctest.Prose(diags) }

func wirePath(p *tftypes.AttributePath) string { return acctest.WirePath(p) }
