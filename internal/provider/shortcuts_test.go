// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"io"
	"math/big"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/booldefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/boolplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/listplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/objectplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest/randommix"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// What the shortcut plans the framework plans, with the same diagnostics and private state, whatever is created or changed
// and whatever other objects have the session.
func TestChangeShortcutPlansAsTheFramework(t *testing.T) {
	t.Parallel()
	wired, _ := newWired(t, noAnswer)
	h := shortcutsHarness{t: t, core: newMixCore(t, wired), server: wired.(*server)}
	var saw struct{ creates, updates, replaced, warned, refused, unknown, left int }
	rapid.Check(t, func(t *rapid.T) {
		mix := randommix.Valid(t)
		config := randommix.Wire(t, mix, h.core.object)
		state := tftypes.NewValue(h.core.object, nil)
		if !randommix.OneIn(t, 3) {
			state = h.state(t, config)
			for range randommix.Pick(t, 0, 1, 2, 2) {
				h.change(t, mix)
			}
			config = randommix.Wire(t, mix, h.core.object)
		}
		for range randommix.Pick(t, 0, 0, 1, 2) {
			config = misplace(t, config)
		}
		if config.IsNull() || !config.IsKnown() {
			return
		}
		req := &tfprotov6.PlanResourceChangeRequest{
			TypeName: mixStreamType, PriorState: acctest.ToWire(state), ProposedNewState: acctest.ToWire(h.core.proposed(config, state)),
			Config: acctest.ToWire(config), PriorPrivate: h.private(t),
		}
		others := h.otherClaims(t, config, req.PriorPrivate)
		others()
		short := h.server.changes.plan(h.t.Context(), req)
		if short == nil {
			saw.left++
			return
		}
		others()
		long, err := h.server.protocolServer.PlanResourceChange(h.t.Context(), req)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := h.core.decode(short.PlannedState), h.core.decode(long.PlannedState); !got.Equal(want) {
			t.Fatalf("planned:\n%s\nthe framework:\n%s", got, want)
		}
		if got, want := acctest.Prose(short.Diagnostics), acctest.Prose(long.Diagnostics); got != want || !reflect.DeepEqual(short.Diagnostics, long.Diagnostics) {
			t.Fatalf("diagnostics:\n%s\nthe framework:\n%s", got, want)
		}
		if !slices.EqualFunc(short.RequiresReplace, long.RequiresReplace, (*tftypes.AttributePath).Equal) {
			t.Fatalf("replaces %s, the framework: %s", short.RequiresReplace, long.RequiresReplace)
		}
		h.samePrivate(t, short.PlannedPrivate, long.PlannedPrivate)
		h.sameIdentity(t, short.PlannedIdentity, long.PlannedIdentity)
		for n, seen := range map[*int]bool{
			&saw.creates: state.IsNull(), &saw.updates: !state.IsNull(), &saw.replaced: len(short.RequiresReplace) > 0,
			&saw.warned: len(short.Diagnostics) > 0, &saw.refused: mixChange{diags: short.Diagnostics}.failed(), &saw.unknown: !config.IsFullyKnown(),
		} {
			if seen {
				*n++
			}
		}
	})
	if saw.creates == 0 || saw.updates == 0 || saw.replaced == 0 || saw.warned == 0 || saw.refused == 0 || saw.unknown == 0 || saw.left == 0 {
		t.Errorf("saw %+v", saw)
	}
}

// otherClaims returns a function that makes the claims of other objects, the same at each call.
func (h *shortcutsHarness) otherClaims(t *rapid.T, config tftypes.Value, private []byte) func() {
	data := h.server.changes.data()
	var values map[string]tftypes.Value
	if err := config.As(&values); err != nil {
		t.Fatal(err)
	}
	session := textOf(values["mix_stream_session_id"]).ValueString()
	keys, _ := readPrivate(private)
	last := readLastApply(context.Background(), keys, nil)
	kind, noted := randommix.Between(t, 1, 6), randommix.OneIn(t, 2)
	return func() {
		data.claims = newSessionClaims()
		switch kind {
		case 1:
			data.claims.keep(session, "another", noted)
		case 2:
			data.claims.destroy(session, "another", noted)
		case 3:
			data.claims.create(session, tftypes.NewValue(tftypes.String, "another"))
		case 4:
			// The object itself was planned before, as the first half of a replacement.
			data.claims.keep(session, last.Generation, noted)
		}
	}
}

// An apply by the shortcut calls the API, saves and says what an apply by the framework does, whatever the API answers.
func TestChangeShortcutAppliesAsTheFramework(t *testing.T) {
	t.Parallel()
	var sent, answers []string
	api := roundTrip(func(req *http.Request) (*http.Response, error) {
		body, err := io.ReadAll(req.Body)
		sent = append(sent, req.Header.Get("X-TC-Action")+string(body))
		answer := `{"Response":{"StreamState":"active","RequestId":"r"}}`
		if req.Header.Get("X-TC-Action") == livesim.ActionCreate {
			answer, answers = answers[0], answers[1:]
		}
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(answer)), Request: req}, err
	})
	wired := func(transport roundTrip) *server { s, _ := newWired(t, transport); return s.(*server) }
	short, long, planner := wired(api), wired(api), wired(noAnswer)
	h := shortcutsHarness{t: t, core: newMixCore(t, planner), server: planner}
	var saw struct{ creates, updates, failed, removed, left int }
	rapid.Check(t, func(t *rapid.T) {
		req := h.applyRequest(t)
		if req == nil {
			return
		}
		answer := randommix.Pick(t, `{"Response":{"RequestId":"r"}}`, `{"Response":{"RequestId":"r"}}`,
			`{"Response":{"Error":{"Code":"InvalidParameter.OtherError","Message":"InnerErrCode:[ -2 ]"},"RequestId":"r"}}`,
			`{"Response":{"Error":{"Code":"AnUnknownCode","Message":"m"},"RequestId":"r"}}`)
		apply := func(s *server, byShortcut bool) (resp *tfprotov6.ApplyResourceChangeResponse, calls []string) {
			var err error
			s.changes.data().claims = newSessionClaims()
			sent, answers = nil, []string{answer}
			if byShortcut {
				resp = s.changes.apply(h.t.Context(), req)
			} else if resp, err = s.protocolServer.ApplyResourceChange(h.t.Context(), req); err != nil {
				t.Fatal(err)
			}
			return resp, sent
		}
		got, calls := apply(short, true)
		if got == nil {
			saw.left++
			return
		}
		want, wantCalls := apply(long, false)
		if !slices.Equal(calls, wantCalls) {
			t.Fatalf("sent %q, the framework: %q", calls, wantCalls)
		}
		state, wantState := h.core.decode(got.NewState), h.core.decode(want.NewState)
		if !state.Equal(wantState) {
			t.Fatalf("state:\n%s\nthe framework:\n%s", state, wantState)
		}
		if !reflect.DeepEqual(got.Diagnostics, want.Diagnostics) {
			t.Fatalf("diagnostics:\n%s\nthe framework:\n%s", acctest.Prose(got.Diagnostics), acctest.Prose(want.Diagnostics))
		}
		created := h.core.decode(req.PriorState).IsNull()
		h.samePrivate(t, h.withoutChance(t, got.Private, created), h.withoutChance(t, want.Private, created))
		h.sameIdentity(t, got.NewIdentity, want.NewIdentity)
		for n, seen := range map[*int]bool{
			&saw.creates: created, &saw.updates: !created, &saw.failed: mixChange{diags: got.Diagnostics}.failed(), &saw.removed: state.IsNull(),
		} {
			if seen {
				*n++
			}
		}
	})
	if saw.creates*saw.updates*saw.failed*saw.removed*saw.left == 0 {
		t.Errorf("saw %+v", saw)
	}
}

// applyRequest is the request to create or update a mix, or nil if the plan is refused or replaces it.
func (h *shortcutsHarness) applyRequest(t *rapid.T) *tfprotov6.ApplyResourceChangeRequest {
	h.server.changes.data().claims = newSessionClaims()
	mix := randommix.Valid(t)
	config := randommix.Wire(t, mix, h.core.object)
	prior, private := tftypes.NewValue(h.core.object, nil), []byte(nil)
	if !randommix.OneIn(t, 3) {
		prior, private = h.state(t, config), h.private(t)
		h.change(t, mix)
		config = randommix.Wire(t, mix, h.core.object)
	}
	change := h.core.planAfter(config, prior, private)
	if change.replace || change.failed() {
		return nil
	}
	var session string
	planned, err := tftypes.Transform(change.value, func(at *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		switch name := at.LastStep(); {
		case name == tftypes.AttributeName("mix_stream_session_id"):
			return v, v.As(&session)
		case name == tftypes.AttributeName("image_layer") && randommix.OneIn(t, 16):
			return tftypes.NewValue(tftypes.Number, 1.5), nil // A value that was not known at plan may not fit its type.
		}
		return v, nil
	})
	if err != nil {
		t.Fatal(err)
	}
	identity := map[string]string{"mix_stream_session_id": randommix.Pick(t, session, session, session, "another")}
	encoded, err := msgpack.Marshal(randommix.Pick[any](t, nil, identity, identity))
	if err != nil {
		t.Fatal(err)
	}
	req := &tfprotov6.ApplyResourceChangeRequest{
		TypeName: mixStreamType, PriorState: acctest.ToWire(prior), PlannedState: acctest.ToWire(planned), Config: acctest.ToWire(config), PlannedPrivate: change.private,
	}
	if !randommix.OneIn(t, 4) {
		req.PlannedIdentity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: encoded}}
	}
	return req
}

// Odd values, and a provider that is not configured, are left to the framework.
func TestChangeShortcutLeavesOddValues(t *testing.T) {
	t.Parallel()
	wired, _ := newWired(t, noAnswer)
	core, planning := newMixCore(t, wired), &wired.(*server).changes
	null, mix := acctest.ToWire(core.null()), acctest.ToWire(mixConfig(t, "mix_stream_session_id = \"s\"\noutput_params = { output_stream_name = \"o\" }"))
	base := tfprotov6.PlanResourceChangeRequest{TypeName: mixStreamType, PriorState: null, ProposedNewState: mix, Config: mix}
	for name, change := range map[string]func(*tfprotov6.PlanResourceChangeRequest){
		"another type":     func(r *tfprotov6.PlanResourceChangeRequest) { r.TypeName = "tencentcss_other" },
		"a destroy":        func(r *tfprotov6.PlanResourceChangeRequest) { r.ProposedNewState, r.Config = null, null },
		"no configuration": func(r *tfprotov6.PlanResourceChangeRequest) { r.Config = nil },
		"an unknown mix": func(r *tfprotov6.PlanResourceChangeRequest) {
			r.Config = acctest.ToWire(tftypes.NewValue(core.object, tftypes.UnknownValue))
		},
		"no mix": func(r *tfprotov6.PlanResourceChangeRequest) {
			r.Config = &tfprotov6.DynamicValue{MsgPack: []byte{0x93}}
		},
		"no private state": func(r *tfprotov6.PlanResourceChangeRequest) { r.PriorPrivate = []byte("{") },
		"the framework's keys": func(r *tfprotov6.PlanResourceChangeRequest) {
			r.PriorPrivate = []byte(`{".import_before_read":"dHJ1ZQ=="}`)
		},
		"a list of another length": func(r *tfprotov6.PlanResourceChangeRequest) {
			r.ProposedNewState = acctest.ToWire(mixConfig(t, `
				mix_stream_session_id = "s"
				input_stream_list     = [{ input_stream_name = "i", layout_params = { image_layer = 1 } }]
				output_params         = { output_stream_name = "o" }`))
		},
	} {
		req := base
		change(&req)
		if planning.plan(t.Context(), &req) != nil {
			t.Errorf("%s is planned", name)
		}
	}
	if planning.plan(t.Context(), &base) == nil {
		t.Error("a mix is not planned")
	}
	if (&changeShortcut{data: func() *providerData { return nil }}).plan(t.Context(), &base) != nil {
		t.Error("a mix is planned without a configured provider")
	}
}

// So are applies of what is no mix, and of what the framework refuses.
func TestChangeShortcutLeavesOddApplies(t *testing.T) {
	t.Parallel()
	wired, _ := newWired(t, noAnswer)
	core, changes := newMixCore(t, wired), &wired.(*server).changes
	null, mix := acctest.ToWire(core.null()), acctest.ToWire(mixConfig(t, `mix_stream_session_id = "s"`))
	for name, req := range map[string]tfprotov6.ApplyResourceChangeRequest{
		"another type":         {TypeName: "tencentcss_other", PriorState: null, PlannedState: mix},
		"a destroy":            {TypeName: mixStreamType, PriorState: mix, PlannedState: null},
		"no mix":               {TypeName: mixStreamType, PriorState: null, PlannedState: &tfprotov6.DynamicValue{MsgPack: []byte{0x93}}},
		"the framework's keys": {TypeName: mixStreamType, PriorState: mix, PlannedState: mix, PlannedPrivate: []byte(`{".import_before_read":"dHJ1ZQ=="}`)},
		"no JSON in a key":     {TypeName: mixStreamType, PriorState: mix, PlannedState: mix, PlannedPrivate: []byte(`{"a":"fQ=="}`)},
		"no identity data":     {TypeName: mixStreamType, PriorState: null, PlannedState: mix, PlannedIdentity: &tfprotov6.ResourceIdentityData{}},
	} {
		if changes.apply(t.Context(), &req) != nil {
			t.Errorf("%s is applied", name)
		}
	}
}

// A schema with anything that the shortcut does not know is left to the framework.
func TestChangeShortcutLeavesUnfamiliarSchemas(t *testing.T) {
	t.Parallel()
	inner := map[string]schema.Attribute{"inner": schema.StringAttribute{Optional: true}}
	for name, a := range map[string]schema.Attribute{
		"a set":                  schema.SetAttribute{Optional: true, ElementType: types.StringType},
		"write-only":             schema.StringAttribute{Optional: true, WriteOnly: true},
		"default of a bool":      schema.BoolAttribute{Optional: true, Computed: true, Default: booldefault.StaticBool(true)},
		"modifier of a bool":     schema.BoolAttribute{Optional: true, PlanModifiers: []planmodifier.Bool{boolplanmodifier.RequiresReplace()}},
		"modifier of an object":  schema.SingleNestedAttribute{Optional: true, Attributes: inner, PlanModifiers: []planmodifier.Object{objectplanmodifier.RequiresReplace()}},
		"computed object":        schema.SingleNestedAttribute{Optional: true, Computed: true, Attributes: inner},
		"modifier of a list":     schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: inner}, PlanModifiers: []planmodifier.List{listplanmodifier.RequiresReplace()}},
		"modifier of an element": schema.ListNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: inner, PlanModifiers: []planmodifier.Object{objectplanmodifier.RequiresReplace()}}},
	} {
		for _, attribute := range []schema.Attribute{a, schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{"inner": a}}} {
			if _, ok := planAttributes(t.Context(), map[string]schema.Attribute{"attribute": attribute}); ok {
				t.Errorf("%s is taken", name)
			}
		}
	}
	var names []string
	var planning changeShortcut
	planning.prepare(t.Context())
	for _, a := range planning.attributes {
		names = append(names, a.name)
	}
	if slices.Sort(names); !planning.familiar || !slices.Equal(names, []string{"id", "input_stream_list", "mix_stream_session_id", "output_monitor", "output_params", "output_stream_state"}) {
		t.Errorf("familiar: %t; taken: %s", planning.familiar, names)
	}
}

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
		req := &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: acctest.ToWire(config)}
		resp, err := server.protocolServer.ValidateResourceConfig(t.Context(), req)
		if err != nil {
			r.Fatal(err)
		}
		want := len(resp.Diagnostics) == 0 && config.IsFullyKnown()
		if got := server.validation.accepts(t.Context(), req); got != want {
			r.Fatalf("accepted: %t; the framework on %s:\n%s", got, config, acctest.Prose(resp.Diagnostics))
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
		"null":       acctest.ToWire(tftypes.NewValue(object, nil)),
		"unknown":    acctest.ToWire(tftypes.NewValue(object, tftypes.UnknownValue)),
		"no mix":     {MsgPack: []byte{0x93}},
		"null input": acctest.ToWire(mixConfig(t, "mix_stream_session_id = \"s\"\ninput_stream_list = [null]\noutput_params = { output_stream_name = \"o\" }")),
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
