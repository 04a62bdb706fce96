// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// withoutRules serves the resource as it is but for the rules that concern more than one attribute, so that their own
// cost can be told from the framework's.
type withoutRules struct{ provider.Provider }

func (withoutRules) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource { return &ruleless{} }}
}

type ruleless struct{ mixStreamResource }

func (*ruleless) ConfigValidators(context.Context) []resource.ConfigValidator { return nil }

// benchmarkMix is a mix of n inputs, each with a size, a place and a crop, of which all rules have something to look at.
func benchmarkMix(b *testing.B, n int) tftypes.Value {
	b.Helper()
	var inputs strings.Builder
	for i := range n {
		fmt.Fprintf(&inputs, `
			{ input_stream_name = "stream_%[1]d",
			  layout_params     = { image_layer = %[2]d, image_width = %[3]d, image_height = 0.25, location_x = %[4]d, location_y = 0.5 },
			  crop_params       = { crop_width = 640, crop_height = 360, crop_start_location_x = 10, crop_start_location_y = 20 } },`,
			i, i+1, 1920-20*i, 10*i)
	}
	return mixConfig(b, fmt.Sprintf(`
		mix_stream_session_id = "room"
		input_stream_list     = [%s]
		output_params         = { output_stream_name = "stage", output_stream_bit_rate = 2500 }
		control_params        = { pass_input_sei = true }
		timeouts              = { create = "10m" }`, inputs.String()))
}

// dynamicValue is a value as the CLI sends it.
func dynamicValue(b *testing.B, v tftypes.Value) *tfprotov6.DynamicValue {
	b.Helper()
	dynamic, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		b.Fatal(err)
	}
	return &dynamic
}

// silent ends a benchmark that would measure how errors are told.
func silent(b *testing.B, diags []*tfprotov6.Diagnostic) {
	b.Helper()
	if len(diags) > 0 {
		b.Fatal(prose(diags))
	}
}

func BenchmarkValidateResourceConfig(b *testing.B) {
	for _, n := range []int{2, mixlayout.MaxLayers} {
		config := dynamicValue(b, benchmarkMix(b, n))
		for _, rules := range []struct {
			name     string
			provider provider.Provider
		}{{"with", New("test")()}, {"without", withoutRules{New("test")()}}} {
			b.Run(fmt.Sprintf("inputs=%d/rules=%s", n, rules.name), func(b *testing.B) {
				server := newServer(rules.provider)
				b.ReportAllocs()
				for b.Loop() {
					resp, err := server.ValidateResourceConfig(b.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: config})
					if err != nil {
						b.Fatal(err)
					}
					silent(b, resp.Diagnostics)
				}
			})
		}
	}
}

// planMix plans a change from prior, which is null for a create, as the CLI proposes it.
func planMix(b *testing.B, server tfprotov6.ProviderServer, prior, proposed, config *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	b.Helper()
	resp, err := server.PlanResourceChange(b.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: mixStreamType, PriorState: prior, ProposedNewState: proposed, Config: config,
	})
	if err != nil {
		b.Fatal(err)
	}
	silent(b, resp.Diagnostics)
	return resp.PlannedState
}

func BenchmarkPlanResourceChange(b *testing.B) {
	server := newServer(New("test")())
	mix := benchmarkMix(b, mixlayout.MaxLayers)
	config, none := dynamicValue(b, mix), dynamicValue(b, tftypes.NewValue(mix.Type(), nil))
	state := planMix(b, server, none, config, config)
	for _, change := range []struct {
		name            string
		prior, proposed *tfprotov6.DynamicValue
	}{{"create", none, config}, {"unchanged", state, state}} {
		b.Run(fmt.Sprintf("inputs=%d/%s", mixlayout.MaxLayers, change.name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				planMix(b, server, change.prior, change.proposed, config)
			}
		})
	}
}

func BenchmarkReadResource(b *testing.B) {
	server := newServer(New("test")())
	mix := benchmarkMix(b, mixlayout.MaxLayers)
	// The plan of a mix without a monitor leaves nothing unknown, so that it is a state as well.
	config := dynamicValue(b, mix)
	state := planMix(b, server, dynamicValue(b, tftypes.NewValue(mix.Type(), nil)), config, config)
	b.Run(fmt.Sprintf("inputs=%d", mixlayout.MaxLayers), func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			resp, err := server.ReadResource(b.Context(), &tfprotov6.ReadResourceRequest{TypeName: mixStreamType, CurrentState: state})
			if err != nil {
				b.Fatal(err)
			}
			silent(b, resp.Diagnostics)
		}
	})
}
