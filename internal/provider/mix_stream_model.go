// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"maps"
	"math"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// mixModel is a mix as in a configuration, a plan or a state. Any value may be null or unknown. The attributes of an
// object that is null or unknown are null or unknown too.
//
// It is read from the raw value. The framework's own conversion to structs takes 70 times as long, and would add two
// thirds to the cost of validating a mix of two inputs. BenchmarkReadMix shows the part of it that comes before the
// structs.
type mixModel struct {
	id, sessionID     types.String
	templateID        types.Int64
	inputs            []inputModel // The known ones. The framework refuses a null among them.
	inputCount        int          // of known and unknown inputs
	inputList         valueState
	output            outputModel
	control           controlModel
	waitForInputs     types.Bool
	monitor           monitorModel
	outputStreamState types.String

	// misfits are the values that their types cannot hold, such as 29.97 for an integer. They count as unknown.
	misfits path.Paths
}

type inputModel struct {
	index  int
	name   types.String
	layout layoutModel
	crop   cropModel
	matte  matteModel
}

type layoutModel struct {
	layer               types.Int64
	kind                types.String
	width, height, x, y types.Float64
	color               types.String
	watermarkID         types.Int64
	webPageURL          types.String
}

type cropModel struct {
	state               valueState
	width, height, x, y types.Float64
}

// matteModel is portrait_segment_params.
type matteModel struct {
	state valueState
	color types.String
}

type outputModel struct {
	state                                   valueState
	name                                    types.String
	kind                                    types.Int64 // output_stream_type
	bitRate, gop, frameRate                 types.Int64
	audioBitRate, audioSampleRate, channels types.Int64
	sei                                     types.String
}

type controlModel struct {
	state                                            valueState
	cropCenter, allowCopy, passInputSEI, transparent types.Bool
}

type monitorModel struct {
	state               valueState
	domainName, appName types.String
	activeTimeout       time.Duration // 0 while it is unknown
}

// valueState is what is known of an object or a list.
type valueState uint8

const (
	valueNull valueState = iota
	valueUnknown
	valueKnown
)

func stateOf(v tftypes.Value) valueState {
	switch {
	case !v.IsKnown():
		return valueUnknown
	case v.IsNull():
		return valueNull
	default:
		return valueKnown
	}
}

// isKnown reports whether a value is neither null nor unknown.
func isKnown(v attr.Value) bool { return !v.IsNull() && !v.IsUnknown() }

// allInputs reports whether every input is known, although parts of it may be unknown.
func (m *mixModel) allInputs() bool {
	return m.inputList == valueKnown && len(m.inputs) == m.inputCount
}

// background returns the input on layer 1, or nil if none is known to be there.
func (m *mixModel) background() *inputModel {
	for i := range m.inputs {
		if m.inputs[i].layout.layer.ValueInt64() == 1 {
			return &m.inputs[i]
		}
	}
	return nil
}

// outputStreamType returns whether the output replaces an input (0) or is a new stream (1). It is unknown while a name
// that could decide it is.
func (m *mixModel) outputStreamType() types.Int64 {
	const replacesInput, newStream = 0, 1
	if m.output.name.IsUnknown() {
		return types.Int64Unknown()
	}
	undecided := m.inputList == valueUnknown || len(m.inputs) < m.inputCount
	for _, in := range m.inputs {
		switch {
		case in.name.IsUnknown():
			undecided = true
		case in.name.ValueString() == m.output.name.ValueString():
			return types.Int64Value(replacesInput)
		}
	}
	if undecided {
		return types.Int64Unknown()
	}
	return types.Int64Value(newStream)
}

// at returns the path of an attribute of the input.
func (in *inputModel) at(names ...string) path.Path {
	p := path.Root("input_stream_list").AtListIndex(in.index)
	for _, name := range names {
		p = p.AtName(name)
	}
	return p
}

func (in *inputModel) layoutAt(name string) path.Path { return in.at("layout_params", name) }

// kind returns the kind of the input, or "" if it is unknown. A configuration may leave it out.
func (in *inputModel) kind() mixlayout.Kind {
	switch {
	case in.layout.kind.IsUnknown():
		return ""
	case in.layout.kind.IsNull():
		return mixlayout.AudioVideo
	default:
		return mixlayout.Kind(in.layout.kind.ValueString())
	}
}

// is reports whether the input is known to be of one of the kinds.
func (in *inputModel) is(kinds ...mixlayout.Kind) bool { return slices.Contains(kinds, in.kind()) }

// String names the input in a message.
func (in *inputModel) String() string {
	if isKnown(in.name) {
		return fmt.Sprintf("%s (%q)", in.at(), in.name.ValueString())
	}
	return in.at().String()
}

// called names the input in a sentence that already contains its path.
func (in *inputModel) called() string {
	if isKnown(in.name) {
		return fmt.Sprintf("input %q", in.name.ValueString())
	}
	return "the input"
}

// noun returns the kind as words for a sentence.
func (in *inputModel) noun() string { return strings.ReplaceAll(string(in.kind()), "_", " ") }

// axis is one of the two axes of the picture.
type axis struct {
	name               string // as in "640 pixels wide"
	position, size     string // attributes of layout_params
	positionOf, sizeOf func(*inputModel) types.Float64
}

func axes() []axis {
	return []axis{
		{
			name: "wide", position: "location_x", size: "image_width",
			positionOf: func(in *inputModel) types.Float64 { return in.layout.x },
			sizeOf:     func(in *inputModel) types.Float64 { return in.layout.width },
		},
		{
			name: "tall", position: "location_y", size: "image_height",
			positionOf: func(in *inputModel) types.Float64 { return in.layout.y },
			sizeOf:     func(in *inputModel) types.Float64 { return in.layout.height },
		},
	}
}

// readMix reads a mix from the raw value of a configuration, a plan or a state. It returns no error for a value that
// the schema accepts.
func readMix(raw tftypes.Value) (*mixModel, error) {
	r := mixReader{mix: &mixModel{}}
	m := r.mix
	root := r.object(raw, path.Empty())
	m.id, m.sessionID = root.text("id"), root.text("mix_stream_session_id")
	m.templateID = root.whole("mix_stream_template_id")
	m.waitForInputs, m.outputStreamState = root.flag("wait_for_inputs"), root.text("output_stream_state")

	output := root.object("output_params")
	m.output = outputModel{
		state: output.state, name: output.text("output_stream_name"), kind: output.whole("output_stream_type"),
		bitRate: output.whole("output_stream_bit_rate"), gop: output.whole("output_stream_gop"), frameRate: output.whole("output_stream_frame_rate"),
		audioBitRate: output.whole("output_audio_bit_rate"), audioSampleRate: output.whole("output_audio_sample_rate"),
		channels: output.whole("output_audio_channels"), sei: output.text("mix_sei"),
	}
	control := root.object("control_params")
	m.control = controlModel{
		state: control.state, cropCenter: control.flag("use_mix_crop_center"), allowCopy: control.flag("allow_copy"),
		passInputSEI: control.flag("pass_input_sei"), transparent: control.flag("use_picture_transparent"),
	}
	monitor := root.object("output_monitor")
	m.monitor = monitorModel{
		state: monitor.state, domainName: monitor.text("domain_name"), appName: monitor.text("app_name"), activeTimeout: monitor.duration("active_timeout"),
	}
	r.inputs(root.values["input_stream_list"])
	return m, r.err
}

// mixReader keeps the first error of several reads.
type mixReader struct {
	mix *mixModel
	err error
}

func (r *mixReader) note(err error) {
	if r.err == nil {
		r.err = err
	}
}

func (r *mixReader) inputs(list tftypes.Value) {
	r.mix.inputList = stateOf(list)
	if r.mix.inputList != valueKnown {
		return
	}
	var elements []tftypes.Value
	r.note(list.As(&elements))
	r.mix.inputCount = len(elements)
	for i, element := range elements {
		if stateOf(element) != valueKnown {
			continue
		}
		input := r.object(element, path.Root("input_stream_list").AtListIndex(i))
		layout, crop, matte := input.object("layout_params"), input.object("crop_params"), input.object("portrait_segment_params")
		r.mix.inputs = append(r.mix.inputs, inputModel{
			index: i,
			name:  input.text("input_stream_name"),
			layout: layoutModel{
				layer: layout.whole("image_layer"), kind: layout.text("input_type"),
				width: layout.decimal("image_width"), height: layout.decimal("image_height"),
				x: layout.decimal("location_x"), y: layout.decimal("location_y"),
				color: layout.text("color"), watermarkID: layout.whole("watermark_id"), webPageURL: layout.text("web_page_url"),
			},
			crop: cropModel{
				state: crop.state, width: crop.decimal("crop_width"), height: crop.decimal("crop_height"),
				x: crop.decimal("crop_start_location_x"), y: crop.decimal("crop_start_location_y"),
			},
			matte: matteModel{state: matte.state, color: matte.text("color")},
		})
	}
}

func (r *mixReader) object(v tftypes.Value, at path.Path) objectReader {
	o := objectReader{r: r, at: at, state: stateOf(v)}
	if o.state == valueKnown {
		r.note(v.As(&o.values))
	}
	return o
}

// objectReader reads the attributes of an object. An attribute that the object does not have counts as null.
type objectReader struct {
	r      *mixReader
	at     path.Path
	state  valueState
	values map[string]tftypes.Value
}

// attribute returns an attribute and its state. If the object is null or unknown, so is the attribute.
func (o objectReader) attribute(name string) (tftypes.Value, valueState) {
	if o.state != valueKnown {
		return tftypes.Value{}, o.state
	}
	v := o.values[name]
	return v, stateOf(v)
}

func (o objectReader) object(name string) objectReader {
	v, state := o.attribute(name)
	if state != valueKnown {
		return objectReader{r: o.r, state: state}
	}
	return o.r.object(v, o.at.AtName(name))
}

func (o objectReader) text(name string) types.String {
	v, state := o.attribute(name)
	switch state {
	case valueNull:
		return types.StringNull()
	case valueUnknown:
		return types.StringUnknown()
	}
	var s string
	o.r.note(v.As(&s))
	return types.StringValue(s)
}

func (o objectReader) flag(name string) types.Bool {
	v, state := o.attribute(name)
	switch state {
	case valueNull:
		return types.BoolNull()
	case valueUnknown:
		return types.BoolUnknown()
	}
	var b bool
	o.r.note(v.As(&b))
	return types.BoolValue(b)
}

func (o objectReader) whole(name string) types.Int64 {
	v, state := o.attribute(name)
	switch state {
	case valueNull:
		return types.Int64Null()
	case valueUnknown:
		return types.Int64Unknown()
	}
	var number big.Float
	o.r.note(v.As(&number))
	n, accuracy := number.Int64()
	if accuracy != big.Exact {
		o.r.mix.misfits.Append(o.at.AtName(name))
		return types.Int64Unknown()
	}
	return types.Int64Value(n)
}

// decimal reads a number that may have a fraction. A float64 holds everything that the API accepts.
func (o objectReader) decimal(name string) types.Float64 {
	v, state := o.attribute(name)
	switch state {
	case valueNull:
		return types.Float64Null()
	case valueUnknown:
		return types.Float64Unknown()
	}
	var number big.Float
	o.r.note(v.As(&number))
	f, _ := number.Float64()
	if math.IsInf(f, 0) {
		o.r.mix.misfits.Append(o.at.AtName(name))
		return types.Float64Unknown()
	}
	return types.Float64Value(f)
}

func (o objectReader) duration(name string) time.Duration {
	text := o.text(name)
	if !isKnown(text) {
		return 0
	}
	d, err := time.ParseDuration(text.ValueString())
	if err != nil {
		o.r.mix.misfits.Append(o.at.AtName(name))
	}
	return d
}

// setValue changes an attribute of a raw mix, or one of an object in it. It does without the framework's lookups by path.
func setValue(ctx context.Context, raw *tftypes.Value, value attr.Value, diags *diag.Diagnostics, names ...string) {
	v, err := value.ToTerraformValue(ctx)
	if err == nil {
		v, err = withAttribute(*raw, v, names)
	}
	if err != nil {
		diags.AddError("Unable to set "+strings.Join(names, "."), err.Error())
		return
	}
	*raw = v
}

// withAttribute returns an object in which the attribute that the names lead to has a new value.
func withAttribute(object, value tftypes.Value, names []string) (tftypes.Value, error) {
	if len(names) == 0 {
		return value, nil
	}
	var attributes map[string]tftypes.Value
	if err := object.As(&attributes); err != nil {
		return object, err
	}
	attribute, err := withAttribute(attributes[names[0]], value, names[1:])
	if err != nil {
		return object, err
	}
	attributes = maps.Clone(attributes) // The map belongs to the object.
	attributes[names[0]] = attribute
	return tftypes.NewValue(object.Type(), attributes), nil
}
