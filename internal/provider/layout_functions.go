// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// Functions that arrange streams and return an input_stream_list.
var (
	_ function.Function = (*gridLayoutFunction)(nil)
	_ function.Function = (*pictureInPictureLayoutFunction)(nil)
	_ function.Function = (*sideBySideLayoutFunction)(nil)
	_ function.Function = (*speakerLayoutFunction)(nil)
)

func newGridLayoutFunction() function.Function { return &gridLayoutFunction{} }

type gridLayoutFunction struct{}

func (f *gridLayoutFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "grid_layout"
}

func (f *gridLayoutFunction) parameters() []function.Parameter {
	return []function.Parameter{
		function.ListParameter{
			Name:                "streams",
			ElementType:         types.StringType,
			MarkdownDescription: "The names of 1 to 15 streams, row by row.",
		},
		widthParameter(), heightParameter(),
	}
}

func (f *gridLayoutFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Streams of one size in rows and columns",
		MarkdownDescription: "Returns the `input_stream_list` of a grid: a canvas with all streams on it, all of one size and as large as possible. " +
			"The rest of the canvas becomes gaps and an even border, and a last row that is not full is centered. " +
			"With the ratio `fill`, each row takes the whole width; if the streams do not divide evenly, the first rows hold one more." + layoutNotes + layoutOptionsText("By default, what the streams leave over.", false),
		Parameters:        f.parameters(),
		VariadicParameter: layoutOptionsParameter(),
		Return:            layoutReturn(),
	}
}

func (f *gridLayoutFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var list []types.String
	var width, height int
	o, ok := readLayout(ctx, req, resp, f.parameters(), false, &list, &width, &height)
	if !ok {
		return
	}
	streams, funcErr := readStreamNames(0, "streams", list)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	inputs, err := mixlayout.Grid(streams, width, height, o)
	setLayout(ctx, resp, f.parameters(), inputs, err)
}

func newPictureInPictureLayoutFunction() function.Function { return &pictureInPictureLayoutFunction{} }

type pictureInPictureLayoutFunction struct{}

func (f *pictureInPictureLayoutFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "picture_in_picture_layout"
}

func (f *pictureInPictureLayoutFunction) parameters() []function.Parameter {
	return []function.Parameter{
		function.StringParameter{Name: "host", MarkdownDescription: "The name of the large stream."},
		function.ListParameter{
			Name:                "guests",
			ElementType:         types.StringType,
			MarkdownDescription: "The names of 1 to 14 small streams, the first of them in the corner.",
		},
		widthParameter(), heightParameter(),
		function.StringParameter{Name: "corner", MarkdownDescription: "`top_left`, `top_right`, `bottom_left` or `bottom_right`."},
		function.NumberParameter{
			Name:                "margin",
			MarkdownDescription: "The distance of the small streams from the edges of the canvas in pixels, and between them unless there is a `gap`: an even number from 0 to 2000.",
		},
		function.NumberParameter{
			Name:                "scale",
			MarkdownDescription: "The width of a small stream as a part of the canvas's, above 0 and up to 1, such as `0.25`. It is rounded down to a size with the ratio and even sides.",
		},
	}
}

func (f *pictureInPictureLayoutFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A large stream with small ones in a corner",
		MarkdownDescription: "Returns the `input_stream_list` of a picture in picture: a canvas, a host as large as possible, " +
			"and guests on top of it in a column that begins in a corner. With the ratio `fill`, the host takes the whole canvas, and the guests have its ratio." + layoutNotes + layoutOptionsText(gapIsMargin, true),
		Parameters:        f.parameters(),
		VariadicParameter: layoutOptionsParameter(),
		Return:            layoutReturn(),
	}
}

func (f *pictureInPictureLayoutFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var host, corner string
	var list []types.String
	var width, height, margin int
	var scale float64
	o, ok := readLayout(ctx, req, resp, f.parameters(), true, &host, &list, &width, &height, &corner, &margin, &scale)
	if !ok {
		return
	}
	if resp.Error = (streamName{0, "host", host}).check(); resp.Error != nil {
		return
	}
	guests, funcErr := readStreamNames(1, "guests", list)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	inputs, err := mixlayout.PictureInPicture(host, guests, width, height, mixlayout.Corner(corner), margin, scale, o)
	setLayout(ctx, resp, f.parameters(), inputs, err)
}

func newSideBySideLayoutFunction() function.Function { return &sideBySideLayoutFunction{} }

type sideBySideLayoutFunction struct{}

func (f *sideBySideLayoutFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "side_by_side_layout"
}

func (f *sideBySideLayoutFunction) parameters() []function.Parameter {
	return []function.Parameter{
		function.StringParameter{Name: "left", MarkdownDescription: "The name of the left stream."},
		function.StringParameter{Name: "right", MarkdownDescription: "The name of the right stream."},
		widthParameter(), heightParameter(),
		function.NumberParameter{
			Name:                "margin",
			MarkdownDescription: "The distance of the streams from the edges of the canvas in pixels, and between them unless there is a `gap`: an even number from 0 to 2000.",
		},
		function.NumberParameter{
			Name:                "scale",
			MarkdownDescription: "The part of the room that is the left stream's, between 0 and 1. `0.5` makes both equal, `0.7` suits slides on the left and a speaker on the right.",
		},
	}
}

func (f *sideBySideLayoutFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Two streams side by side",
		MarkdownDescription: "Returns the `input_stream_list` of two streams side by side on a canvas, each as large as its part of the room allows. " +
			"For more streams, see `grid_layout`." + layoutNotes + layoutOptionsText(gapIsMargin, true),
		Parameters:        f.parameters(),
		VariadicParameter: layoutOptionsParameter(),
		Return:            layoutReturn(),
	}
}

func (f *sideBySideLayoutFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var left, right string
	var width, height, margin int
	var scale float64
	o, ok := readLayout(ctx, req, resp, f.parameters(), true, &left, &right, &width, &height, &margin, &scale)
	if !ok {
		return
	}
	for _, n := range []streamName{{0, "left", left}, {1, "right", right}} {
		if resp.Error = n.check(); resp.Error != nil {
			return
		}
	}
	inputs, err := mixlayout.SideBySide(left, right, width, height, margin, scale, o)
	setLayout(ctx, resp, f.parameters(), inputs, err)
}

func newSpeakerLayoutFunction() function.Function { return &speakerLayoutFunction{} }

type speakerLayoutFunction struct{}

func (f *speakerLayoutFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "speaker_layout"
}

func (f *speakerLayoutFunction) parameters() []function.Parameter {
	return []function.Parameter{
		function.StringParameter{Name: "speaker", MarkdownDescription: "The name of the large stream."},
		function.ListParameter{
			Name:                "others",
			ElementType:         types.StringType,
			MarkdownDescription: "The names of 1 to 14 small streams, from top to bottom or from left to right.",
		},
		widthParameter(), heightParameter(),
		function.StringParameter{Name: "side", MarkdownDescription: "Where the strip of small streams lies: `left`, `right`, `top` or `bottom`."},
		function.NumberParameter{
			Name:                "scale",
			MarkdownDescription: "The part of the width (`left`, `right`) or of the height (`top`, `bottom`) that the strip may take, between 0 and 1, such as `0.2`. Streams of a fixed ratio may take less, and the speaker gets the rest.",
		},
	}
}

func (f *speakerLayoutFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A large stream with a strip of small ones along one side",
		MarkdownDescription: "Returns the `input_stream_list` of a speaker and a strip of other streams along one side of the canvas. No stream covers another. " +
			"For small streams on top of the large one, see `picture_in_picture_layout`." + layoutNotes + layoutOptionsText(gapIsMargin, false),
		Parameters:        f.parameters(),
		VariadicParameter: layoutOptionsParameter(),
		Return:            layoutReturn(),
	}
}

func (f *speakerLayoutFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var speaker, side string
	var list []types.String
	var width, height int
	var scale float64
	o, ok := readLayout(ctx, req, resp, f.parameters(), false, &speaker, &list, &width, &height, &side, &scale)
	if !ok {
		return
	}
	if resp.Error = (streamName{0, "speaker", speaker}).check(); resp.Error != nil {
		return
	}
	others, funcErr := readStreamNames(1, "others", list)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	inputs, err := mixlayout.Speaker(speaker, others, width, height, mixlayout.Side(side), scale, o)
	setLayout(ctx, resp, f.parameters(), inputs, err)
}

// layoutReturn is what the layout functions return.
func layoutReturn() function.Return { return function.ListReturn{ElementType: inputType()} }

// layoutNotes end the description of each layout function.
const layoutNotes = "\n\nThe canvas lies on layer 1 and is called `canvas`, or `canvas_1` and so on if a stream has that name. " +
	"All sizes and positions are even, and no stream extends beyond the canvas. A stream whose aspect ratio differs from that of its place is stretched; with `control_params = { use_mix_crop_center = true }` it is cropped around its center instead, which suits the ratio `fill`.\n\n" +
	"The result is a whole `input_stream_list`. To change a part of it, use a `for` expression and `merge`. The guide [Layouts](https://registry.terraform.io/providers/tencentcss/tencentcss/latest/docs/guides/layouts) shows pictures."

// layoutOptionsParameter is the last parameter of each layout function.
func layoutOptionsParameter() function.Parameter {
	return optionsParameter("`{ ratio = \"9:16\", gap = 8 }`; the options are listed above.")
}

// layoutOptionsText describes the options; gap is this function's default for the gap. Functions that have a parameter
// for the margin have no option for it.
func layoutOptionsText(gap string, marginIsParameter bool) string {
	text := "\n\nThe last argument is optional. It is an object with any of these options:\n\n" +
		"- `ratio` - The aspect ratio of the streams' places: `\"16:9\"` (default), `\"9:16\"`, `\"4:3\"` or any other, or `\"fill\"` for all the room there is.\n" +
		"- `gap` - The distance between streams in pixels, an even number from 0 to 2000. " + gap + "\n"
	if !marginIsParameter {
		text += "- `margin` - The minimum distance from the edges of the canvas in pixels, an even number from 0 to 2000. `0` by default.\n"
	}
	return text + "- `color` - The color of the canvas, such as `\"#1d3557\"`. Black by default."
}

const gapIsMargin = "The margin by default."

// readLayout reads the arguments of a layout function and its options. ok is false if there is nothing to lay out.
func readLayout(ctx context.Context, req function.RunRequest, resp *function.RunResponse, parameters []function.Parameter, marginIsParameter bool, targets ...any) (o mixlayout.Options, ok bool) {
	var given tftypes.Value
	if !readArguments(ctx, req, resp, parameters, append(targets, &given)...) {
		return o, false
	}
	o, err := layoutOptions(given, marginIsParameter)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(int64(len(parameters)), err.Error())
		return o, false
	}
	return o, true
}

// layoutOptions reads the options object of a layout function. Functions that have a parameter for the margin have no
// option for it.
func layoutOptions(given tftypes.Value, marginIsParameter bool) (mixlayout.Options, error) {
	attributes, hints := []string{"ratio", "gap", "margin", "color"}, map[string]string(nil)
	if marginIsParameter {
		attributes, hints = []string{"ratio", "gap", "color"}, map[string]string{"margin": "the margin is a parameter of this function"}
	}
	var o mixlayout.Options
	values, err := readOptions(given, attributes, hints)
	if err != nil {
		return o, err
	}
	ratio, err := values.text("ratio")
	if err != nil {
		return o, err
	}
	if _, ok := values["ratio"]; ok {
		if o.Ratio, err = mixlayout.ParseRatio(ratio); err != nil {
			return o, fmt.Errorf("options.ratio %w", err)
		}
	}
	if o.Color, err = values.text("color"); err != nil {
		return o, err
	}
	if _, ok := values["color"]; ok && !colorPattern.MatchString(o.Color) {
		return o, fmt.Errorf("options.color must be a color such as 0xCC0033 or #cc0033; got %q", o.Color)
	}
	if o.Gap, err = values.whole("gap"); err != nil {
		return o, err
	}
	o.Margin, err = values.whole("margin")
	return o, err
}

func widthParameter() function.Parameter {
	return function.NumberParameter{Name: "width", MarkdownDescription: "The width of the canvas in pixels: an even number from 16 to 2000."}
}

func heightParameter() function.Parameter {
	return function.NumberParameter{Name: "height", MarkdownDescription: "The height of the canvas in pixels: an even number from 16 to 2000."}
}

// streamName is a stream name passed to a layout function: a mix allows fewer characters than a URL does.
type streamName struct {
	position  int64
	at, value string
}

func (n streamName) check() *function.FuncError {
	if namePattern.MatchString(n.value) {
		return nil
	}
	return function.NewArgumentFuncError(n.position, fmt.Sprintf("%s %s; got %q", n.at, nameRule, n.value))
}

// readStreamNames checks the names of a list. A null element is an error.
func readStreamNames(position int64, parameter string, list []types.String) ([]string, *function.FuncError) {
	var names []string
	for i, name := range list {
		at := fmt.Sprintf("%s[%d]", parameter, i)
		if name.IsNull() {
			return nil, function.NewArgumentFuncError(position, at+" must not be null. Give the name of a stream, or leave it out")
		}
		if err := (streamName{position, at, name.ValueString()}).check(); err != nil {
			return nil, err
		}
		names = append(names, name.ValueString())
	}
	return names, nil
}

// setLayout sets the result of a call to an arrangement, or points at the argument that rules it out. parameters are in
// order; an error about any other name is one about the options after them.
func setLayout(ctx context.Context, resp *function.RunResponse, parameters []function.Parameter, inputs []mixlayout.Input, err error) {
	if err != nil {
		resp.Error = argumentError(parameters, err)
		return
	}
	list, diags := flattenInputs(ctx, inputs)
	if resp.Error = function.FuncErrorFromDiags(ctx, diags); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, list)
	}
}

// argumentError points at the argument that an arrangement blames.
func argumentError(parameters []function.Parameter, err error) *function.FuncError {
	var wrong *mixlayout.ArgumentError
	if !errors.As(err, &wrong) {
		return function.NewFuncError(err.Error())
	}
	position := slices.IndexFunc(parameters, func(p function.Parameter) bool { return p.GetName() == wrong.Argument })
	if position < 0 {
		position = len(parameters)
	}
	return function.NewArgumentFuncError(int64(position), wrong.Problem)
}

// flattenInputs turns an arrangement into an input_stream_list. What is not set is null.
func flattenInputs(ctx context.Context, inputs []mixlayout.Input) (types.List, diag.Diagnostics) {
	var diags diag.Diagnostics
	elements := make([]attr.Value, 0, len(inputs))
	for _, in := range inputs {
		element, d := flattenInput(ctx, in, types.Int64Null())
		diags.Append(d...)
		elements = append(elements, element)
	}
	list, d := types.ListValue(inputType(), elements)
	return list, append(diags, d...)
}

func flattenInput(ctx context.Context, in mixlayout.Input, watermark types.Int64) (types.Object, diag.Diagnostics) {
	t := inputType()
	color := types.StringNull()
	if in.Color != "" {
		color = types.StringValue(in.Color)
	}
	layout, diags := objectOf(ctx, t.AttrTypes["layout_params"].(types.ObjectType), map[string]attr.Value{
		"image_layer": types.Int64Value(int64(in.Layer)), "input_type": types.StringValue(string(in.Kind)),
		"image_width": types.Float64PointerValue(in.Width), "image_height": types.Float64PointerValue(in.Height),
		"location_x": types.Float64PointerValue(in.X), "location_y": types.Float64PointerValue(in.Y),
		"color": color, "watermark_id": watermark,
	})
	input, d := objectOf(ctx, t, map[string]attr.Value{"input_stream_name": types.StringValue(in.Name), "layout_params": layout})
	return input, append(diags, d...)
}

// objectOf returns an object whose other attributes are null.
func objectOf(ctx context.Context, t types.ObjectType, set map[string]attr.Value) (types.Object, diag.Diagnostics) {
	values := map[string]attr.Value{}
	for name, attribute := range t.AttrTypes {
		if v, ok := set[name]; ok {
			values[name] = v
			continue
		}
		null, err := attribute.ValueFromTerraform(ctx, tftypes.NewValue(attribute.TerraformType(ctx), nil))
		if err != nil {
			return types.ObjectNull(t.AttrTypes), diag.Diagnostics{diag.NewErrorDiagnostic("Unable to build an object", err.Error())}
		}
		values[name] = null
	}
	return types.ObjectValue(t.AttrTypes, values)
}
