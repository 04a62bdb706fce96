// SPDX-License-Identifier: MPL-2.0

package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	own "github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// fewInputs and mostInputs are the sizes of the mixes: what a user has in most cases, and the largest there can be.
const fewInputs, mostInputs = 2, 16

// withoutRules serves the resource as it is but for the rules that concern more than one attribute, so that their own
// cost can be told from the framework's.
type withoutRules struct{ provider.Provider }

func (p withoutRules) Resources(ctx context.Context) []func() resource.Resource {
	constructors := p.Provider.Resources(ctx)
	for i, construct := range constructors {
		constructors[i] = func() resource.Resource { return ruleless{construct()} }
	}
	return constructors
}

// ruleless shows the framework only what every resource has: rules are an addition to that.
type ruleless struct{ resource.Resource }

// mixOf is a mix of n inputs, each with a size, a place and a crop, of which all rules have something to look at.
func mixOf(n int, t tftypes.Type) tftypes.Value {
	var inputs []any
	for i := range n {
		inputs = append(inputs, acctest.JSON{
			"input_stream_name": fmt.Sprintf("stream_%d", i),
			"layout_params":     acctest.JSON{"image_layer": i + 1, "image_width": 1920 - 20*i, "image_height": 0.25, "location_x": 10 * i, "location_y": 0.5},
			"crop_params":       acctest.JSON{"crop_width": 640, "crop_height": 360, "crop_start_location_x": 10, "crop_start_location_y": 20},
		})
	}
	return acctest.FromJSON(acctest.JSON{
		"mix_stream_session_id": "room",
		"input_stream_list":     inputs,
		"output_params":         acctest.JSON{"output_stream_name": "stage", "output_stream_bit_rate": 2500},
		"control_params":        acctest.JSON{"pass_input_sei": true},
		"timeouts":              acctest.JSON{"create": "10m"},
	}, t)
}

// mixServer drives a server as Terraform does. It ends the benchmark on an error or a warning, which would be measured.
type mixServer struct {
	b *testing.B
	tfprotov6.ProviderServer
	mix  tftypes.Type
	null *tfprotov6.DynamicValue
}

func newMixServer(b *testing.B, server tfprotov6.ProviderServer) *mixServer {
	b.Helper()
	mix := mixType(b, server)
	return &mixServer{b, server, mix, acctest.ToWire(tftypes.NewValue(mix, nil))}
}

func (s *mixServer) check(err error, diags []*tfprotov6.Diagnostic) {
	s.b.Helper()
	if err != nil || len(diags) > 0 {
		s.b.Fatal(err, acctest.Prose(diags))
	}
}

func (s *mixServer) validate(config *tfprotov6.DynamicValue) {
	s.b.Helper()
	resp, err := s.ValidateResourceConfig(s.b.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: mixName, Config: config})
	s.check(err, resp.Diagnostics)
}

func (s *mixServer) plan(prior, proposed, config *tfprotov6.DynamicValue, private []byte) *tfprotov6.PlanResourceChangeResponse {
	s.b.Helper()
	resp, err := s.PlanResourceChange(s.b.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: mixName, PriorState: prior, ProposedNewState: proposed, Config: config, PriorPrivate: private,
	})
	s.check(err, resp.Diagnostics)
	return resp
}

func (s *mixServer) read(state *tfprotov6.DynamicValue, private []byte) *tfprotov6.ReadResourceResponse {
	s.b.Helper()
	resp, err := s.ReadResource(s.b.Context(), &tfprotov6.ReadResourceRequest{TypeName: mixName, CurrentState: state, Private: private})
	s.check(err, resp.Diagnostics)
	return resp
}

func (s *mixServer) upgrade(state []byte) {
	s.b.Helper()
	resp, err := s.UpgradeResourceState(s.b.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: mixName, RawState: &tfprotov6.RawState{JSON: state}})
	s.check(err, resp.Diagnostics)
}

// apply creates a mix and returns its state, with the private one.
func (s *mixServer) apply(config *tfprotov6.DynamicValue) (state *tfprotov6.DynamicValue, private []byte) {
	s.b.Helper()
	plan := s.plan(s.null, config, config, nil)
	resp, err := s.ApplyResourceChange(s.b.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: mixName, PriorState: s.null, PlannedState: plan.PlannedState, Config: config, PlannedPrivate: plan.PlannedPrivate,
	})
	s.check(err, resp.Diagnostics)
	return resp.NewState, resp.Private
}

// configure points the provider to a simulator in which all streams push.
func (s *mixServer) configure() {
	s.b.Helper()
	options := livesim.DefaultOptions()
	options.AnyStreamPushes = true
	sim, err := livesim.Start("", options)
	if err != nil {
		s.b.Fatal(err)
	}
	s.b.Cleanup(func() {
		if err := sim.Close(); err != nil {
			s.b.Error(err)
		}
	})
	schemas, err := s.GetProviderSchema(s.b.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		s.b.Fatal(err)
	}
	config := acctest.FromJSON(acctest.JSON{
		"secret_id": "AKIDsimulator", "secret_key": "simulator-secret-key", "endpoints": acctest.JSON{"live": sim.URL()},
	}, schemas.Provider.ValueType())
	resp, err := s.ConfigureProvider(s.b.Context(), &tfprotov6.ConfigureProviderRequest{Config: acctest.ToWire(config)})
	s.check(err, resp.Diagnostics)
}

// variant is a server to measure.
type variant struct {
	name   string
	server func() tfprotov6.ProviderServer
}

// ownAndFramework are the provider's server and the bare framework below it.
func ownAndFramework() []variant {
	return []variant{{"own", ownServer}, {"framework", providerserver.NewProtocol6(own.New("test")())}}
}

func ownServer() tfprotov6.ProviderServer { return own.NewServer("test")() }

func BenchmarkValidateResourceConfig(b *testing.B) {
	for _, n := range []int{fewInputs, mostInputs} {
		for _, variant := range []variant{
			{"server=own", ownServer},
			{"server=framework/rules=with", providerserver.NewProtocol6(own.New("test")())},
			{"server=framework/rules=without", providerserver.NewProtocol6(withoutRules{own.New("test")()})},
		} {
			b.Run(fmt.Sprintf("inputs=%d/%s", n, variant.name), func(b *testing.B) {
				server := newMixServer(b, variant.server())
				config := acctest.ToWire(mixOf(n, server.mix))
				b.ReportAllocs()
				for b.Loop() {
					server.validate(config)
				}
			})
		}
	}
}

// BenchmarkPlanResourceChange plans a create, and a mix of which nothing is remembered, by the provider's server and by the
// bare framework below it. What runs and does not change is in BenchmarkNoOpPlan.
func BenchmarkPlanResourceChange(b *testing.B) {
	for _, n := range []int{fewInputs, mostInputs} {
		for _, variant := range ownAndFramework() {
			server := newMixServer(b, variant.server())
			server.configure()
			config := acctest.ToWire(mixOf(n, server.mix))
			// The plan of a mix without a monitor leaves nothing unknown, so that it is a state as well.
			state := server.plan(server.null, config, config, nil).PlannedState
			for _, change := range []struct {
				name            string
				prior, proposed *tfprotov6.DynamicValue
				private         []byte
			}{{"create", server.null, config, nil}, {"unchanged", state, state, server.read(state, nil).Private}} {
				b.Run(fmt.Sprintf("inputs=%d/%s/server=%s", n, change.name, variant.name), func(b *testing.B) {
					b.ReportAllocs()
					for b.Loop() {
						server.plan(change.prior, change.proposed, config, change.private)
					}
				})
			}
		}
	}
}

// BenchmarkApplyResourceChange applies a change that sends nothing, such as that of a timeout, by the provider's server and by
// the bare framework below it.
func BenchmarkApplyResourceChange(b *testing.B) {
	for _, n := range []int{fewInputs, mostInputs} {
		for _, variant := range ownAndFramework() {
			b.Run(fmt.Sprintf("inputs=%d/server=%s", n, variant.name), func(b *testing.B) {
				server := newMixServer(b, variant.server())
				server.configure()
				config := acctest.ToWire(mixOf(n, server.mix))
				state, private := server.apply(config)
				b.ReportAllocs()
				for b.Loop() {
					resp, err := server.ApplyResourceChange(b.Context(), &tfprotov6.ApplyResourceChangeRequest{
						TypeName: mixName, PriorState: state, PlannedState: state, Config: config, PlannedPrivate: private,
					})
					server.check(err, resp.Diagnostics)
				}
			})
		}
	}
}

// BenchmarkReadResource reads a state of which nothing is remembered, as after an import.
func BenchmarkReadResource(b *testing.B) {
	for _, n := range []int{fewInputs, mostInputs} {
		b.Run(fmt.Sprintf("inputs=%d", n), func(b *testing.B) {
			server := newMixServer(b, ownServer())
			config := acctest.ToWire(mixOf(n, server.mix))
			state := server.plan(server.null, config, config, nil).PlannedState
			b.ReportAllocs()
			for b.Loop() {
				server.read(state, nil)
			}
		})
	}
}

// BenchmarkNoOpPlan makes the calls of Terraform about a mix that runs and does not change, to the provider and to the
// least server.
func BenchmarkNoOpPlan(b *testing.B) {
	for _, n := range []int{fewInputs, mostInputs} {
		for _, variant := range []variant{
			{"own", ownServer},
			{"least", func() tfprotov6.ProviderServer { return NewLeastServer(ownServer()) }},
		} {
			b.Run(fmt.Sprintf("inputs=%d/server=%s", n, variant.name), func(b *testing.B) {
				server := newMixServer(b, variant.server())
				server.configure()
				config := acctest.ToWire(mixOf(n, server.mix))
				state, private := server.apply(config)
				stored, err := json.Marshal(acctest.ToJSON(acctest.FromWire(state, server.mix)))
				if err != nil {
					b.Fatal(err)
				}
				b.ReportAllocs()
				for b.Loop() {
					// Terraform validates before it plans, and once more in the plan.
					server.validate(config)
					server.upgrade(stored)
					read := server.read(state, private)
					server.validate(config)
					plan := server.plan(read.NewState, read.NewState, config, read.Private)
					if !slices.Equal(plan.PlannedState.MsgPack, state.MsgPack) {
						b.Fatal("the plan is not empty")
					}
				}
			})
		}
	}
}
