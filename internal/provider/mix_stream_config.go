// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// setting is a value of a configuration, which may be null or not known yet.
type setting[T any] struct {
	value T
	state settingState
}

type settingState uint8

const (
	settingNull settingState = iota
	settingUnknown
	settingKnown
)

func (s setting[T]) known() bool   { return s.state == settingKnown }
func (s setting[T]) unknown() bool { return s.state == settingUnknown }

// or returns the value, or the fallback where the configuration has none; ok is false while it is not known.
func (s setting[T]) or(fallback T) (value T, ok bool) {
	switch s.state {
	case settingKnown:
		return s.value, true
	case settingNull:
		return fallback, true
	default:
		return fallback, false
	}
}

// frameworkString is a setting as the framework has it.
func frameworkString(s setting[string]) types.String {
	switch s.state {
	case settingKnown:
		return types.StringValue(s.value)
	case settingUnknown:
		return types.StringUnknown()
	default:
		return types.StringNull()
	}
}

// configuredMix is a configuration as the rules see it. It is read from the raw value: the framework's own conversion
// to a model costs several times what all rules do.
type configuredMix struct {
	template   setting[float64]
	inputs     []configuredInput // those that are known
	inputCount int               // of known and unknown ones
	allInputs  bool              // all inputs of the list are known
	outputName setting[string]
	mixSei     setting[string]
	bitRate    setting[float64]
	allowCopy  setting[bool]
}

// configuredInput is one input that is known as such, though any part of it may not be.
type configuredInput struct {
	index      int
	name       setting[string]
	kind       setting[string]
	layer      setting[float64]
	x, y       setting[float64]
	width      setting[float64]
	height     setting[float64]
	color      setting[string]
	watermark  setting[float64]
	webPage    setting[string]
	crop       settingState
	cropX      setting[float64]
	cropY      setting[float64]
	cropWidth  setting[float64]
	cropHeight setting[float64]
	matting    settingState
}

// at is the path of an attribute of the input.
func (in *configuredInput) at(names ...string) path.Path {
	p := path.Root("input_stream_list").AtListIndex(in.index)
	for _, name := range names {
		p = p.AtName(name)
	}
	return p
}

func (in *configuredInput) layout(name string) path.Path { return in.at("layout_params", name) }

// is tells whether the input is known to be of one of the kinds.
func (in *configuredInput) is(kinds ...string) bool {
	kind, ok := in.kind.or(inputAudioVideo)
	if !ok {
		return false
	}
	for _, k := range kinds {
		if kind == k {
			return true
		}
	}
	return false
}

// readConfiguredMix reads a configuration. A part that is null or unknown where it may not be null is left to the schema.
func readConfiguredMix(raw tftypes.Value) (*configuredMix, error) {
	var r rawReader
	root := r.object(raw)
	m := &configuredMix{
		template: number(&r, root["mix_stream_template_id"]),
	}
	output := root["output_params"]
	m.outputName, m.mixSei, m.bitRate = setting[string]{state: state(output)}, setting[string]{state: state(output)}, setting[float64]{state: state(output)}
	if m.outputName.known() {
		attributes := r.object(output)
		m.outputName, m.mixSei = value[string](&r, attributes["output_stream_name"]), value[string](&r, attributes["mix_sei"])
		m.bitRate = number(&r, attributes["output_stream_bit_rate"])
	}
	control := root["control_params"]
	m.allowCopy = setting[bool]{state: state(control)}
	if m.allowCopy.known() {
		m.allowCopy = value[bool](&r, r.object(control)["allow_copy"])
	}

	list := root["input_stream_list"]
	m.allInputs = state(list) == settingKnown
	if m.allInputs {
		var elements []tftypes.Value
		r.note(list.As(&elements))
		m.inputCount = len(elements)
		for i, element := range elements {
			if state(element) != settingKnown {
				m.allInputs = false
				continue
			}
			m.inputs = append(m.inputs, r.input(i, element))
		}
	}
	return m, r.err
}

// plannedMix is what plan and read need of a plan or a state.
type plannedMix struct {
	session, id, outputState setting[string]
	output, monitor          settingState
	outputName               setting[string]
	outputType               setting[float64]
	inputNames               []types.String
}

func readPlannedMix(raw tftypes.Value) (*plannedMix, error) {
	var r rawReader
	root := r.object(raw)
	output := r.object(root["output_params"])
	m := &plannedMix{
		session:     value[string](&r, root["mix_stream_session_id"]),
		id:          value[string](&r, root["id"]),
		outputState: value[string](&r, root["output_stream_state"]),
		output:      state(root["output_params"]),
		monitor:     state(root["output_monitor"]),
		outputName:  value[string](&r, output["output_stream_name"]),
		outputType:  number(&r, output["output_stream_type"]),
	}
	switch list := root["input_stream_list"]; state(list) {
	case settingUnknown:
		m.inputNames = []types.String{types.StringUnknown()}
	case settingKnown:
		var elements []tftypes.Value
		r.note(list.As(&elements))
		for _, element := range elements {
			name := types.StringUnknown()
			if state(element) == settingKnown {
				name = frameworkString(value[string](&r, r.object(element)["input_stream_name"]))
			}
			m.inputNames = append(m.inputNames, name)
		}
	}
	return m, r.err
}

// rawReader keeps the first error of many reads. There is none for a value that the schema has accepted.
type rawReader struct{ err error }

func (r *rawReader) note(err error) {
	if r.err == nil {
		r.err = err
	}
}

// object returns the attributes of an object; none where it is null or unknown.
func (r *rawReader) object(v tftypes.Value) map[string]tftypes.Value {
	if state(v) != settingKnown {
		return nil
	}
	var attributes map[string]tftypes.Value
	r.note(v.As(&attributes))
	return attributes
}

func (r *rawReader) input(index int, v tftypes.Value) configuredInput {
	attributes := r.object(v)
	in := configuredInput{
		index:   index,
		name:    value[string](r, attributes["input_stream_name"]),
		crop:    state(attributes["crop_params"]),
		matting: state(attributes["portrait_segment_params"]),
	}
	layout := attributes["layout_params"]
	if s := state(layout); s != settingKnown {
		unknown := setting[float64]{state: s}
		in.kind, in.color, in.webPage = setting[string]{state: s}, setting[string]{state: s}, setting[string]{state: s}
		in.layer, in.x, in.y, in.width, in.height, in.watermark = unknown, unknown, unknown, unknown, unknown, unknown
	} else {
		l := r.object(layout)
		in.kind, in.color, in.webPage = value[string](r, l["input_type"]), value[string](r, l["color"]), value[string](r, l["web_page_url"])
		in.layer, in.watermark = number(r, l["image_layer"]), number(r, l["watermark_id"])
		in.x, in.y = number(r, l["location_x"]), number(r, l["location_y"])
		in.width, in.height = number(r, l["image_width"]), number(r, l["image_height"])
	}
	crop := r.object(attributes["crop_params"])
	if in.crop == settingKnown {
		in.cropX, in.cropY = number(r, crop["crop_start_location_x"]), number(r, crop["crop_start_location_y"])
		in.cropWidth, in.cropHeight = number(r, crop["crop_width"]), number(r, crop["crop_height"])
	}
	return in
}

// state tells what is known of a value. An attribute that is absent from its object counts as null.
func state(v tftypes.Value) settingState {
	switch {
	case !v.IsKnown():
		return settingUnknown
	case v.IsNull():
		return settingNull
	default:
		return settingKnown
	}
}

func value[T any](r *rawReader, v tftypes.Value) setting[T] {
	s := setting[T]{state: state(v)}
	if s.known() {
		r.note(v.As(&s.value))
	}
	return s
}

// number reads a number. A float64 holds all that the API takes.
func number(r *rawReader, v tftypes.Value) setting[float64] {
	s := setting[float64]{state: state(v)}
	if s.known() {
		var exact big.Float
		r.note(v.As(&exact))
		s.value, _ = exact.Float64()
	}
	return s
}
