// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"weak"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// heavy stands for the loggers that a context carries.
type heavy struct{ _ [1 << 16]byte }

type heavyKey struct{}

// heavyContext is a context with something heavy, and a pointer to that which does not keep it.
func heavyContext(t *testing.T) (context.Context, weak.Pointer[heavy]) {
	t.Helper()
	value := new(heavy)
	return context.WithValue(t.Context(), heavyKey{}, value), weak.Make(value)
}

// A call leaves nothing of its context behind in the server.
func TestServerLetsGoOfContexts(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	mix := mixConfig(t, `
		mix_stream_session_id = "room"
		input_stream_list     = [{ input_stream_name = "host", layout_params = { image_layer = 1 } }, { input_stream_name = "guest", layout_params = { image_layer = 2 } }]
		output_params         = { output_stream_name = "stage" }`)
	config, none := acctest.ToWire(mix), acctest.ToWire(tftypes.NewValue(mix.Type(), nil))
	identity := &tfprotov6.RawState{JSON: []byte(`{"mix_stream_session_id":"room"}`)}

	for name, call := range map[string]func(context.Context) error{
		"ValidateResourceConfig": func(ctx context.Context) error {
			_, err := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: config})
			return err
		},
		"UpgradeResourceState": func(ctx context.Context) error {
			_, err := server.UpgradeResourceState(ctx, &tfprotov6.UpgradeResourceStateRequest{TypeName: mixStreamType, RawState: &tfprotov6.RawState{JSON: []byte("{}")}})
			return err
		},
		"UpgradeResourceIdentity": func(ctx context.Context) error {
			_, err := server.UpgradeResourceIdentity(ctx, &tfprotov6.UpgradeResourceIdentityRequest{TypeName: mixStreamType, RawIdentity: identity})
			return err
		},
		"ReadResource": func(ctx context.Context) error {
			_, err := server.ReadResource(ctx, &tfprotov6.ReadResourceRequest{TypeName: mixStreamType, CurrentState: config})
			return err
		},
		"PlanResourceChange": func(ctx context.Context) error {
			_, err := server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{TypeName: mixStreamType, PriorState: none, ProposedNewState: config, Config: config})
			return err
		},
		"ApplyResourceChange": func(ctx context.Context) error {
			_, err := server.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{TypeName: mixStreamType, PriorState: none, PlannedState: config, Config: config})
			return err
		},
		"ImportResourceState": func(ctx context.Context) error {
			_, err := server.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: mixStreamType, ID: "room"})
			return err
		},
		"ValidateDataResourceConfig": func(ctx context.Context) error {
			_, err := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: streamStateType})
			return err
		},
		"ReadDataSource": func(ctx context.Context) error {
			_, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: streamStateType})
			return err
		},
		"CallFunction": func(ctx context.Context) error {
			_, err := server.CallFunction(ctx, &tfprotov6.CallFunctionRequest{Name: "layout_svg"})
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, kept := heavyContext(t)
			if err := call(ctx); err != nil {
				t.Fatal(err)
			}
			runtime.GC()
			if kept.Value() != nil {
				t.Error("the server still holds the context of the call")
			}
		})
	}
}

// The context of a call is the caller's until the call ends, and a cancelled one from then on.
func TestCallContext(t *testing.T) {
	t.Parallel()
	caller, cancel := context.WithCancel(context.WithValue(t.Context(), heavyKey{}, "value"))
	defer cancel()
	var kept context.Context
	_, err := inCallContext(caller, 1, func(ctx context.Context, _ int) (int, error) {
		kept = ctx
		if ctx.Value(heavyKey{}) != "value" || ctx.Err() != nil {
			t.Errorf("in the call: value %v, %v", ctx.Value(heavyKey{}), ctx.Err())
		}
		derived, end := context.WithCancel(ctx)
		defer end()
		cancel()
		<-derived.Done()
		return 0, ctx.Err()
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("in the call, after its caller gave up: %v", err)
	}
	if kept.Value(heavyKey{}) != nil || !errors.Is(kept.Err(), context.Canceled) {
		t.Errorf("after the call: value %v, %v", kept.Value(heavyKey{}), kept.Err())
	}
	<-kept.Done()
	if _, ok := kept.Deadline(); ok {
		t.Error("after the call there is a deadline")
	}
}

// Arguments without a value are null, as OpenTofu sends them.
func TestServerNullArguments(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	text := func(s string) *tfprotov6.DynamicValue { return acctest.ToWire(tftypes.NewValue(tftypes.String, s)) }
	call := func(null *tfprotov6.DynamicValue) string {
		t.Helper()
		resp, err := server.CallFunction(t.Context(), &tfprotov6.CallFunctionRequest{
			Name: "play_urls", Arguments: []*tfprotov6.DynamicValue{text("play.example.com"), text("live"), text("show"), null, null},
		})
		if err != nil {
			t.Fatal(err)
		}
		if resp.Error != nil {
			t.Fatal(resp.Error.Text)
		}
		return string(resp.Result.MsgPack)
	}
	want := call(acctest.ToWire(tftypes.NewValue(tftypes.String, nil)))
	for name, null := range map[string]*tfprotov6.DynamicValue{"no argument": nil, "an empty argument": {}} {
		if got := call(null); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}
