// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
	"weak"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest/randommix"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
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

// StopProvider interrupts a create, a change and a destroy that are waiting for an answer.
func TestServerStops(t *testing.T) {
	t.Parallel()
	mix := func(template string) tftypes.Value {
		return mixConfig(t, `
			mix_stream_session_id  = "room"
			mix_stream_template_id = `+template+`
			input_stream_list      = [{ input_stream_name = "host", layout_params = { image_layer = 1 } }, { input_stream_name = "guest", layout_params = { image_layer = 2 } }]
			output_params          = { output_stream_name = "stage" }`)
	}
	none := tftypes.NewValue(mixObjectType(t), nil)
	for name, change := range map[string][2]tftypes.Value{"create": {none, mix("20")}, "change": {mix("10"), mix("20")}, "destroy": {mix("10"), none}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			called := make(chan struct{})
			server, _ := newWired(t, roundTrip(func(req *http.Request) (*http.Response, error) {
				called <- struct{}{}
				<-req.Context().Done()
				return nil, req.Context().Err()
			}))
			done := make(chan string)
			go func() {
				resp, err := server.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
					TypeName: mixStreamType, PriorState: acctest.ToWire(change[0]), PlannedState: acctest.ToWire(change[1]), Config: acctest.ToWire(change[1]),
				})
				if err != nil {
					done <- err.Error()
					return
				}
				done <- acctest.Prose(resp.Diagnostics)
			}()
			<-called
			if _, err := server.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
				t.Fatal(err)
			}
			if text := <-done; !strings.Contains(text, "The operation was interrupted") {
				t.Error(text)
			}
		})
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

// What a shortcut answers is what the framework answers, for any state and any configuration beside it.
func TestShortcutsAnswerAsTheFramework(t *testing.T) {
	t.Parallel()
	var taken struct{ upgrade, read, plan int }
	wired, _ := newWired(t, noAnswer)
	h := shortcutsHarness{t: t, core: newMixCore(t, wired), server: wired.(*server)}
	rapid.Check(t, func(t *rapid.T) {
		h.server.shortcuts.data().claims = newSessionClaims()
		mix := randommix.Valid(t)
		config := randommix.Wire(t, mix, h.core.object)
		state := h.state(t, config)
		if randommix.OneIn(t, 3) {
			h.change(t, mix)
			config = randommix.Wire(t, mix, h.core.object)
		}
		private := h.private(t)
		if h.upgrade(t, state) {
			taken.upgrade++
		}
		if h.read(t, state, private) {
			taken.read++
		}
		if h.plan(t, config, state, private) {
			taken.plan++
		}
	})
	if taken.upgrade == 0 || taken.read == 0 || taken.plan == 0 {
		t.Errorf("taken: %+v", taken)
	}
}

type shortcutsHarness struct {
	t      *testing.T
	core   *mixCore
	server *server
}

// state is an object that an apply of the configuration may leave behind.
func (h *shortcutsHarness) state(t *rapid.T, config tftypes.Value) tftypes.Value {
	planned := h.core.plan(config, nil).value
	output := randommix.Pick(t, stateActive, stateInactive, stateForbid, "")
	state, err := tftypes.Transform(planned, func(at *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if v.IsKnown() {
			return v, nil
		}
		if output == "" {
			return tftypes.NewValue(v.Type(), nil), nil
		}
		return tftypes.NewValue(v.Type(), output), nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return state
}

// change changes something of a configuration, what has a default above all.
func (h *shortcutsHarness) change(t *rapid.T, mix randommix.Object) {
	inputs := mix["input_stream_list"].([]any)
	layout := randommix.Pick(t, inputs...).(randommix.Object)["layout_params"].(randommix.Object)
	monitor, _ := mix["output_monitor"].(randommix.Object)
	switch randommix.Between(t, 1, 8) {
	case 1:
		delete(layout, "input_type")
	case 2:
		layout["input_type"] = randommix.Pick(t, string(mixlayout.Canvas), string(mixlayout.Video), string(mixlayout.AudioVideo))
	case 3:
		mix["mix_stream_session_id"] = "another"
	case 4:
		delete(monitor, "app_name")
		delete(monitor, "active_timeout")
	case 5:
		delete(mix, "output_monitor")
	case 6:
		mix["wait_for_inputs"] = true
	case 7:
		mix["output_params"].(randommix.Object)["output_stream_name"] = "another"
	case 8:
		// Every layer is refused but that of the background.
		for _, input := range inputs {
			input.(randommix.Object)["layout_params"].(randommix.Object)["image_layer"] = 1
		}
	}
}

// private is the private state after an apply, an import, a crash and what else there is.
func (h *shortcutsHarness) private(t *rapid.T) []byte {
	keys := map[string][]byte{}
	applied := liveapi.NewLastApply()
	switch randommix.Between(t, 1, 8) {
	case 1:
		return nil
	case 2:
		applied = liveapi.Adopted()
	case 3:
		applied.CancelledAt, applied.Uncertain = time.Now().UTC().Add(-time.Hour), true
	case 4:
		keys[".framework"] = []byte(`"something of its own"`)
	}
	b, err := json.Marshal(applied)
	if err != nil {
		t.Fatal(err)
	}
	keys[lastApplyKey] = b
	if b, err = json.Marshal(keys); err != nil {
		t.Fatal(err)
	}
	return b
}

func (h *shortcutsHarness) upgrade(t *rapid.T, state tftypes.Value) bool {
	value := acctest.ToJSON(state)
	if randommix.OneIn(t, 4) {
		value.(acctest.JSON)["attribute_of_an_older_version"] = "x"
	}
	b, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	req := &tfprotov6.UpgradeResourceStateRequest{TypeName: mixStreamType, RawState: &tfprotov6.RawState{JSON: b}}
	short := h.server.shortcuts.upgrade(h.t.Context(), req)
	if short == nil {
		return false
	}
	long, err := h.server.protocolServer.UpgradeResourceState(h.t.Context(), req)
	if err != nil || len(long.Diagnostics) > 0 {
		t.Fatal(err, acctest.Prose(long.Diagnostics))
	}
	if got, want := h.core.decode(short.UpgradedState), h.core.decode(long.UpgradedState); !got.Equal(want) {
		t.Fatalf("upgraded:\n%s\nthe framework:\n%s", got, want)
	}
	return true
}

func (h *shortcutsHarness) read(t *rapid.T, state tftypes.Value, private []byte) bool {
	req := &tfprotov6.ReadResourceRequest{TypeName: mixStreamType, CurrentState: acctest.ToWire(state), Private: private}
	short := h.server.shortcuts.read(req)
	if short == nil {
		return false
	}
	long, err := h.server.protocolServer.ReadResource(h.t.Context(), req)
	if err != nil || len(long.Diagnostics) > 0 {
		t.Fatal(err, acctest.Prose(long.Diagnostics))
	}
	if got, want := h.core.decode(short.NewState), h.core.decode(long.NewState); !got.Equal(want) {
		t.Fatalf("read:\n%s\nthe framework:\n%s", got, want)
	}
	h.samePrivate(t, short.Private, long.Private)
	h.sameIdentity(t, short.NewIdentity, long.NewIdentity)
	return true
}

func (h *shortcutsHarness) plan(t *rapid.T, config, state tftypes.Value, private []byte) bool {
	req := &tfprotov6.PlanResourceChangeRequest{
		TypeName: mixStreamType, PriorState: acctest.ToWire(state), ProposedNewState: acctest.ToWire(h.core.proposed(config, state)),
		Config: acctest.ToWire(config), PriorPrivate: private,
	}
	short := h.server.shortcuts.plan(req)
	if short == nil {
		return false
	}
	long, err := h.server.protocolServer.PlanResourceChange(h.t.Context(), req)
	if err != nil || len(long.Diagnostics) > 0 || len(long.RequiresReplace) > 0 {
		t.Fatal(err, acctest.Prose(long.Diagnostics), long.RequiresReplace)
	}
	if got, want := h.core.decode(short.PlannedState), h.core.decode(long.PlannedState); !got.Equal(want) {
		t.Fatalf("planned:\n%s\nthe framework:\n%s", got, want)
	}
	h.samePrivate(t, short.PlannedPrivate, long.PlannedPrivate)
	h.sameIdentity(t, short.PlannedIdentity, long.PlannedIdentity)
	return true
}

func (h *shortcutsHarness) samePrivate(t *rapid.T, got, want []byte) {
	a, aOK := readPrivate(got)
	b, bOK := readPrivate(want)
	if !aOK || !bOK || !maps.EqualFunc(a, b, bytes.Equal) {
		t.Fatalf("private %s, the framework: %s", got, want)
	}
}

// withoutChance is a private state without what differs in each apply: times, and a new generation.
func (h *shortcutsHarness) withoutChance(t *rapid.T, private []byte, created bool) []byte {
	keys, ok := readPrivate(private)
	diags := new(diag.Diagnostics)
	last := readLastApply(h.t.Context(), keys, diags)
	if !ok || last.Generation == "" {
		return private // Nothing was sent.
	}
	if created {
		last.Generation = "new"
	}
	for _, at := range []*time.Time{&last.At, &last.CancelledAt} {
		if !at.IsZero() {
			*at = time.Unix(0, 0)
		}
	}
	writeLastApply(h.t.Context(), keys, last, diags)
	return keys.bytes(diags)
}

func (h *shortcutsHarness) sameIdentity(t *rapid.T, got, want *tfprotov6.ResourceIdentityData) {
	if got == nil || want == nil {
		if got != want {
			t.Fatalf("identity %v, the framework: %v", got, want)
		}
		return
	}
	identity := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"mix_stream_session_id": tftypes.String}}
	a, err := got.IdentityData.Unmarshal(identity)
	if err != nil {
		t.Fatal(err)
	}
	b, err := want.IdentityData.Unmarshal(identity)
	if err != nil || !a.Equal(b) {
		t.Fatalf("identity %s, the framework: %s, %v", a, b, err)
	}
}

// The server hides nothing that the framework's server offers, and that Terraform would use.
func TestServerOffersWhatTheFrameworkDoes(t *testing.T) {
	t.Parallel()
	wrapped := any(newServer(New("test")()))
	framework := any(newServer(New("test")()).protocolServer)
	for name, offers := range map[string]func(any) bool{
		"actions":             func(s any) bool { _, ok := s.(tfprotov6.ActionServer); return ok },
		"functions":           func(s any) bool { _, ok := s.(tfprotov6.FunctionServer); return ok },
		"ephemeral resources": func(s any) bool { _, ok := s.(tfprotov6.EphemeralResourceServer); return ok },
		"list resources":      func(s any) bool { _, ok := s.(tfprotov6.ListResourceServer); return ok },
		"state stores":        func(s any) bool { _, ok := s.(tfprotov6.StateStoreServer); return ok },
	} {
		if offers(framework) && !offers(wrapped) {
			t.Errorf("the server hides %s", name)
		}
	}
}
