// SPDX-License-Identifier: MPL-2.0

package bench

import (
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// An object is planned with unknown values and applied with known ones, in the places that the provider fills in and
// nowhere else.
func TestLeastServerCreates(t *testing.T) {
	t.Parallel()
	server := NewLeastServer(provider.NewServer("test")())
	mix := mixType(t, server)
	config := acctest.FromJSON(acctest.JSON{
		"mix_stream_session_id": "room",
		"input_stream_list": []any{
			acctest.JSON{"input_stream_name": "host", "layout_params": acctest.JSON{"image_layer": 1, "image_width": 0.25}},
			acctest.JSON{"input_stream_name": "guest", "layout_params": acctest.JSON{"image_layer": 2, "input_type": "video"}},
		},
		"output_params":  acctest.JSON{"output_stream_name": "stage"},
		"output_monitor": acctest.JSON{"domain_name": "push.example.com", "app_name": "live"},
	}, mix)
	null := acctest.ToWire(tftypes.NewValue(mix, nil))

	plan, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: mixName, PriorState: null, ProposedNewState: acctest.ToWire(config), Config: acctest.ToWire(config),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"id", "input_stream_list[0].layout_params.input_type", "output_monitor.active_timeout", "output_params.output_stream_type", "output_stream_state",
	}
	if got := differences(t, config, acctest.FromWire(plan.PlannedState, mix), tftypes.Value.IsKnown); !slices.Equal(got, want) {
		t.Errorf("planned as unknown: %q, want %q", got, want)
	}
	applied, err := server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: mixName, PriorState: null, PlannedState: plan.PlannedState, Config: acctest.ToWire(config),
	})
	if err != nil {
		t.Fatal(err)
	}
	isNull := func(v tftypes.Value) bool { return !v.IsKnown() || v.IsNull() }
	if got := differences(t, config, acctest.FromWire(applied.NewState, mix), isNull); !slices.Equal(got, want) {
		t.Errorf("applied: %q, want %q", got, want)
	}
}

// What exists is passed on as it came.
func TestLeastServerPassesOn(t *testing.T) {
	t.Parallel()
	server := NewLeastServer(provider.NewServer("test")())
	state, proposed := &tfprotov6.DynamicValue{MsgPack: []byte("state")}, &tfprotov6.DynamicValue{MsgPack: []byte("proposed")}
	read, err := server.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: mixName, CurrentState: state})
	if err != nil || read.NewState != state {
		t.Errorf("read %v, %v", read, err)
	}
	plan, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{TypeName: mixName, PriorState: state, ProposedNewState: proposed})
	if err != nil || plan.PlannedState != proposed {
		t.Errorf("planned %v, %v", plan, err)
	}
	applied, err := server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{TypeName: mixName, PriorState: state, PlannedState: proposed})
	if err != nil || applied.NewState != proposed {
		t.Errorf("applied %v, %v", applied, err)
	}
	upgraded, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{TypeName: mixName, RawState: &tfprotov6.RawState{JSON: []byte("{}")}})
	if err != nil || string(upgraded.UpgradedState.JSON) != "{}" {
		t.Errorf("upgraded %v, %v", upgraded, err)
	}
}

const mixName = "tencentcss_mix_stream"

// mixType is the type of a mix on the wire.
func mixType(tb testing.TB, server tfprotov6.ProviderServer) tftypes.Type {
	tb.Helper()
	resp, err := server.GetProviderSchema(tb.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		tb.Fatal(err)
	}
	return resp.ResourceSchemas[mixName].ValueType()
}

// differences are the paths at which a value is not that of the configuration, sorted. Only what is null there may differ,
// and what it became must not have the property.
func differences(t *testing.T, config, v tftypes.Value, property func(tftypes.Value) bool) []string {
	t.Helper()
	diffs, err := config.Diff(v)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, diff := range diffs {
		if diff.Value1 == nil || diff.Value2 == nil {
			t.Errorf("%s: %v became %v", acctest.WirePath(diff.Path), diff.Value1, diff.Value2)
			continue
		}
		if kind := diff.Value1.Type(); !diff.Value1.IsNull() && (kind.Is(tftypes.Object{}) || kind.Is(tftypes.List{})) {
			continue // It holds what differs.
		}
		if !diff.Value1.IsNull() || property(*diff.Value2) {
			t.Errorf("%s: %s became %s", acctest.WirePath(diff.Path), diff.Value1, diff.Value2)
		}
		paths = append(paths, acctest.WirePath(diff.Path))
	}
	slices.Sort(paths)
	return slices.Compact(paths)
}
