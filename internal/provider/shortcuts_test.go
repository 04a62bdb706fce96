// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"math/big"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest/randommix"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

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
	switch randommix.Between(t, 1, 6) {
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
		applied.CancelledAt, applied.Uncertain = time.Now().UTC(), true
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
	value := jsonOf(state)
	if randommix.OneIn(t, 4) {
		value.(map[string]any)["attribute_of_an_older_version"] = "x"
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
		t.Fatal(err, prose(long.Diagnostics))
	}
	if got, want := h.core.decode(short.UpgradedState), h.core.decode(long.UpgradedState); !got.Equal(want) {
		t.Fatalf("upgraded:\n%s\nthe framework:\n%s", got, want)
	}
	return true
}

func (h *shortcutsHarness) read(t *rapid.T, state tftypes.Value, private []byte) bool {
	req := &tfprotov6.ReadResourceRequest{TypeName: mixStreamType, CurrentState: onTheWire(h.t, state), Private: private}
	short := h.server.shortcuts.read(req)
	if short == nil {
		return false
	}
	long, err := h.server.protocolServer.ReadResource(h.t.Context(), req)
	if err != nil || len(long.Diagnostics) > 0 {
		t.Fatal(err, prose(long.Diagnostics))
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
		TypeName: mixStreamType, PriorState: onTheWire(h.t, state), ProposedNewState: onTheWire(h.t, h.core.proposed(config, state)),
		Config: onTheWire(h.t, config), PriorPrivate: private,
	}
	short := h.server.shortcuts.plan(req)
	if short == nil {
		return false
	}
	long, err := h.server.protocolServer.PlanResourceChange(h.t.Context(), req)
	if err != nil || len(long.Diagnostics) > 0 || len(long.RequiresReplace) > 0 {
		t.Fatal(err, prose(long.Diagnostics), long.RequiresReplace)
	}
	if got, want := h.core.decode(short.PlannedState), h.core.decode(long.PlannedState); !got.Equal(want) {
		t.Fatalf("planned:\n%s\nthe framework:\n%s", got, want)
	}
	h.samePrivate(t, short.PlannedPrivate, long.PlannedPrivate)
	h.sameIdentity(t, short.PlannedIdentity, long.PlannedIdentity)
	return true
}

func (h *shortcutsHarness) samePrivate(t *rapid.T, got, want []byte) {
	var a, b map[string][]byte
	if json.Unmarshal(got, &a) != nil || json.Unmarshal(want, &b) != nil || len(a) != len(b) || string(a[lastApplyKey]) != string(b[lastApplyKey]) {
		t.Fatalf("private %s, the framework: %s", got, want)
	}
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

// jsonOf is a value as a state file holds it.
func jsonOf(v tftypes.Value) any {
	if v.IsNull() {
		return nil
	}
	var (
		object  map[string]tftypes.Value
		list    []tftypes.Value
		text    string
		number  big.Float
		boolean bool
	)
	switch {
	case v.As(&object) == nil:
		out := map[string]any{}
		for name, attribute := range object {
			out[name] = jsonOf(attribute)
		}
		return out
	case v.As(&list) == nil:
		out := []any{}
		for _, element := range list {
			out = append(out, jsonOf(element))
		}
		return out
	case v.As(&text) == nil:
		return text
	case v.As(&number) == nil:
		return json.Number(number.Text('g', -1))
	case v.As(&boolean) == nil:
		return boolean
	}
	return nil
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
