// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// The framework converts every value of a mix several times in every call, also where nothing has changed
// (https://github.com/hashicorp/terraform-plugin-framework/issues/775): that is nearly all of the processor time of a plan
// with many mixes. The shortcuts answer three calls about mixes without a conversion, where the answer is certain to be what
// came. In every other case, they leave the call to the framework. With them, a plan of 1,000 mixes takes a seventh of the
// processor time (docs/benchmarks.md). TestShortcutsAnswerAsTheFramework holds the two together.
type shortcuts struct {
	// data is nil until the provider is configured.
	data func() *providerData

	once    sync.Once
	mix     tftypes.Object
	version int64 // of the mix's schema
}

// schema returns the type of a mix on the wire, and the version of its schema.
func (s *shortcuts) schema(ctx context.Context) (tftypes.Object, int64) {
	s.once.Do(func() {
		var resp resource.SchemaResponse
		(&mixStreamResource{}).Schema(ctx, resource.SchemaRequest{}, &resp)
		s.mix, _ = resp.Schema.Type().TerraformType(ctx).(tftypes.Object) // A schema always is an object.
		s.version = resp.Schema.Version
	})
	return s.mix, s.version
}

// upgrade answers the upgrade of a state that has the present version and no attribute that the schema lacks.
func (s *shortcuts) upgrade(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) *tfprotov6.UpgradeResourceStateResponse {
	if req.TypeName != mixTypeName || req.RawState == nil || len(req.RawState.JSON) == 0 {
		return nil
	}
	mix, version := s.schema(ctx)
	if req.Version != version {
		return nil
	}
	decoder := json.NewDecoder(bytes.NewReader(req.RawState.JSON))
	decoder.UseNumber()
	var state any
	if decoder.Decode(&state) != nil || !hasOnly(state, mix) {
		return nil
	}
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}
}

// hasOnly tells whether a JSON value has the shape of a type, and no attribute that the type lacks.
func hasOnly(v any, t tftypes.Type) bool {
	if v == nil {
		return true
	}
	switch t := t.(type) {
	case tftypes.Object:
		object, ok := v.(map[string]any)
		for name, value := range object {
			attribute, known := t.AttributeTypes[name]
			if !known || !hasOnly(value, attribute) {
				return false
			}
		}
		return ok
	case tftypes.List:
		list, ok := v.([]any)
		for _, element := range list {
			if !hasOnly(element, t.ElementType) {
				return false
			}
		}
		return ok
	}
	switch v.(type) {
	case string:
		return t.Is(tftypes.String)
	case bool:
		return t.Is(tftypes.Bool)
	case json.Number:
		return t.Is(tftypes.Number)
	}
	return false
}

// read answers the read of a mix without a monitor.
func (s *shortcuts) read(req *tfprotov6.ReadResourceRequest) *tfprotov6.ReadResourceResponse {
	if req.TypeName != mixTypeName {
		return nil
	}
	state, ok := summarize(req.CurrentState)
	last, appliedOK := appliedAlone(req.Private)
	if !ok || !appliedOK || last.Generation == "" || state.monitor || !state.session.known {
		return nil
	}
	data := s.data()
	if data == nil || data.claims.see(state.session.text, last.Generation) {
		return nil
	}
	identity, err := msgpack.Marshal(map[string]string{"mix_stream_session_id": state.session.text})
	if err != nil {
		return nil
	}
	if have := req.CurrentIdentity; have != nil && have.IdentityData != nil && !bytes.Equal(have.IdentityData.MsgPack, identity) {
		return nil
	}
	return &tfprotov6.ReadResourceResponse{
		NewState:    req.CurrentState,
		Private:     req.Private,
		NewIdentity: &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: identity}},
	}
}

// plan answers the plan of a mix that runs as the state says and of which nothing changes.
func (s *shortcuts) plan(req *tfprotov6.PlanResourceChangeRequest) *tfprotov6.PlanResourceChangeResponse {
	if req.TypeName != mixTypeName || req.PriorState == nil || req.ProposedNewState == nil ||
		len(req.PriorState.MsgPack) == 0 || !bytes.Equal(req.PriorState.MsgPack, req.ProposedNewState.MsgPack) {
		return nil
	}
	state, stateOK := summarize(req.PriorState)
	config, configOK := summarize(req.Config)
	last, appliedOK := appliedAlone(req.PriorPrivate)
	data := s.data()
	if !stateOK || !configOK || !appliedOK || data == nil || !last.Known() || !state.settled() || !state.followsFrom(config) {
		return nil
	}
	if shared, lost, _ := data.claims.keep(state.session.text, last.Generation, false); shared || lost {
		return nil
	}
	identity := req.PriorIdentity
	if identity == nil {
		identity = &tfprotov6.ResourceIdentityData{IdentityData: &tfprotov6.DynamicValue{MsgPack: []byte{msgpackNil}}}
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: req.PriorState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: identity}
}

// appliedAlone reads the private state, if it holds nothing but what is remembered of the last apply.
func appliedAlone(private []byte) (a liveapi.LastApply, ok bool) {
	var keys map[string][]byte
	if len(private) == 0 || json.Unmarshal(private, &keys) != nil || len(keys) != 1 || json.Unmarshal(keys[lastApplyKey], &a) != nil {
		return a, false
	}
	return a, true
}

// mixSummary is what the shortcuts look at in a mix on the wire.
type mixSummary struct {
	session, id, outputState wireText
	inputTypes               []wireText
	outputType               bool // known
	monitor                  bool
	appName, activeTimeout   wireText
}

// wireText is a string on the wire. A value that is neither known nor null is not known yet.
type wireText struct {
	text        string
	known, null bool
}

// settled tells whether everything that the provider fills in has the value that it would be given again.
func (m *mixSummary) settled() bool {
	if !m.session.known || m.id != m.session || !m.outputType {
		return false
	}
	if !m.monitor {
		return m.outputState.null
	}
	return m.outputState.null || m.outputState.text == stateActive
}

// followsFrom tells whether what the configuration leaves out has its default. The proposed state keeps the prior value
// there, which may be another one.
func (m *mixSummary) followsFrom(config mixSummary) bool {
	follows := func(value, configured wireText, fallback string) bool {
		return configured == value || configured.null && value.text == fallback
	}
	if len(m.inputTypes) != len(config.inputTypes) || m.monitor != config.monitor {
		return false
	}
	for i := range m.inputTypes {
		if !follows(m.inputTypes[i], config.inputTypes[i], string(mixlayout.AudioVideo)) {
			return false
		}
	}
	return !m.monitor || follows(m.appName, config.appName, defaultAppName) && follows(m.activeTimeout, config.activeTimeout, defaultActiveTimeout)
}

// summarize reads a mix on the wire and skips what it does not look at. ok is false for a null, and for anything that has
// not the shape of a mix.
func summarize(v *tfprotov6.DynamicValue) (m mixSummary, ok bool) {
	if v == nil || len(v.MsgPack) == 0 {
		return m, false
	}
	r := wireReader{msgpack.NewDecoder(bytes.NewReader(v.MsgPack)), true}
	found := r.object(func(name string) {
		switch name {
		case "mix_stream_session_id":
			m.session = r.text()
		case "id":
			m.id = r.text()
		case "output_stream_state":
			m.outputState = r.text()
		case "output_params":
			r.object(func(name string) {
				if name == "output_stream_type" {
					code := r.peek()
					m.outputType = code != msgpcode.Nil && !msgpcode.IsExt(code)
				}
				r.skip()
			})
		case "output_monitor":
			m.monitor = r.object(func(name string) {
				switch name {
				case "app_name":
					m.appName = r.text()
				case "active_timeout":
					m.activeTimeout = r.text()
				default:
					r.skip()
				}
			})
		case "input_stream_list":
			m.inputTypes = r.inputTypes()
		default:
			r.skip()
		}
	})
	return m, found && r.ok
}

// wireReader reads MessagePack. After the first surprise ok is false, and what it returns means nothing.
type wireReader struct {
	decoder *msgpack.Decoder
	ok      bool
}

func (r *wireReader) check(err error) { r.ok = r.ok && err == nil }

func (r *wireReader) skip() {
	if r.ok {
		r.check(r.decoder.Skip())
	}
}

// peek returns the code of the next value.
func (r *wireReader) peek() byte {
	if !r.ok {
		return msgpcode.Nil
	}
	code, err := r.decoder.PeekCode()
	r.check(err)
	return code
}

// text reads a string, null or an unknown string.
func (r *wireReader) text() wireText {
	switch code := r.peek(); {
	case code == msgpcode.Nil:
		r.skip()
		return wireText{null: true}
	case !msgpcode.IsString(code):
		r.skip()
		return wireText{}
	}
	text, err := r.decoder.DecodeString()
	r.check(err)
	return wireText{text: text, known: true}
}

// object reads an object and hands the name of each attribute to read, which reads or skips its value. It returns false
// for null, and for an object that is not known yet.
func (r *wireReader) object(read func(name string)) bool {
	if code := r.peek(); !msgpcode.IsFixedMap(code) && code != msgpcode.Map16 && code != msgpcode.Map32 {
		r.skip()
		return false
	}
	n, err := r.decoder.DecodeMapLen()
	r.check(err)
	for i := 0; i < n && r.ok; i++ {
		name, err := r.decoder.DecodeString()
		r.check(err)
		read(name)
	}
	return r.ok
}

// inputTypes reads the list of the inputs.
func (r *wireReader) inputTypes() []wireText {
	if code := r.peek(); !msgpcode.IsFixedArray(code) && code != msgpcode.Array16 && code != msgpcode.Array32 {
		r.skip()
		return nil
	}
	n, err := r.decoder.DecodeArrayLen()
	r.check(err)
	var found []wireText
	for i := 0; i < n && r.ok; i++ {
		var inputType wireText
		r.object(func(name string) {
			if name != "layout_params" {
				r.skip()
				return
			}
			r.object(func(name string) {
				if name == "input_type" {
					inputType = r.text()
				} else {
					r.skip()
				}
			})
		})
		found = append(found, inputType)
	}
	return found
}
