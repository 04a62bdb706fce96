// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// Functions that take an input_stream_list.
var (
	_ function.Function = (*overlayFunction)(nil)
	_ function.Function = (*inputsFunction)(nil)
	_ function.Function = (*layoutSVGFunction)(nil)
	_ function.Function = (*layoutTextFunction)(nil)
)

func newOverlayFunction() function.Function { return &overlayFunction{} }

type overlayFunction struct{}

func (f *overlayFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "overlay"
}

func (f *overlayFunction) parameters() []function.Parameter {
	return []function.Parameter{
		function.DynamicParameter{
			Name:                "input_stream_list",
			MarkdownDescription: "The `input_stream_list` to add the picture to: the result of a layout function or of another `overlay`, or a list of your own.",
		},
		function.StringParameter{Name: "name", MarkdownDescription: "The name that the picture goes by: 1 to 80 letters, digits and underscores, and not that of another input."},
		function.NumberParameter{Name: "watermark_id", MarkdownDescription: "The ID of the picture, as `AddLiveWatermark` returned it."},
		function.NumberParameter{Name: "width", MarkdownDescription: "The width of the picture in pixels: an even number from 2 to 2000."},
		function.NumberParameter{Name: "height", MarkdownDescription: "The height of the picture in pixels: an even number from 2 to 2000."},
		function.StringParameter{Name: "corner", MarkdownDescription: "`top_left`, `top_right`, `bottom_left` or `bottom_right`. For a lower third of the whole width, use either of the bottom ones."},
		function.NumberParameter{Name: "margin", MarkdownDescription: "The distance from the two edges of the background in pixels: an even number from 0 to 2000."},
	}
}

func (f *overlayFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A logo or a lower third on top of a mix",
		MarkdownDescription: "Returns an `input_stream_list` with one more picture: a logo, a lower third or anything else that was uploaded with `AddLiveWatermark`, in a corner, on the layer above all others.\n\n" +
			"The background is the input on layer 1. It must give its size in pixels, as the canvas of a layout function does, except for the corner `top_left`. " +
			"With a `mix_stream_template_id`, the picture counts as one of the inputs that the template lays out.\n\n" +
			"For several pictures, nest the calls. To keep the transparent parts of a picture transparent, set `control_params = { use_picture_transparent = true }` (mainland site only).",
		Parameters: f.parameters(),
		Return:     layoutReturn(),
	}
}

func (f *overlayFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var list tftypes.Value
	var name, corner string
	var watermark, width, height, margin int
	if !readArguments(ctx, req, resp, f.parameters(), &list, &name, &watermark, &width, &height, &corner, &margin) {
		return
	}
	if resp.Error = (streamName{1, "name", name}).check(); resp.Error != nil {
		return
	}
	if watermark < 1 {
		resp.Error = function.NewArgumentFuncError(2, fmt.Sprintf("watermark_id must be at least 1; got %d", watermark))
		return
	}
	given, inputs, funcErr := readInputs(ctx, list, nil)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	picture, err := mixlayout.Overlay(placedInputs(inputs), name, width, height, mixlayout.Corner(corner), margin)
	if err != nil {
		resp.Error = argumentError(f.parameters(), err)
		return
	}
	added, diags := flattenInput(ctx, picture, types.Int64Value(int64(watermark)))
	if resp.Error = function.FuncErrorFromDiags(ctx, diags); resp.Error != nil {
		return
	}
	resp.Error = resp.Result.Set(ctx, append(given.Elements(), added))
}

func newInputsFunction() function.Function { return &inputsFunction{} }

type inputsFunction struct{}

func (f *inputsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "inputs"
}

func (f *inputsFunction) parameters() []function.Parameter {
	return []function.Parameter{function.DynamicParameter{
		Name: "input_stream_list",
		// The known part of a list is checked and passed on at plan, so that the rules of the resource apply to it
		// there.
		AllowUnknownValues:  true,
		MarkdownDescription: "A list of objects with the attributes of `input_stream_list` of `tencentcss_mix_stream`, of which the optional ones may be left out.",
	}}
}

func (f *inputsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A list of inputs, checked for misspelled attributes",
		MarkdownDescription: "Returns an `input_stream_list` unchanged, and refuses attributes that an input does not have.\n\n" +
			"Terraform and OpenTofu drop such attributes silently, before a provider sees them: with `imagewidth = 320`, the input goes on air in its own size. Within `inputs`, it is an error:\n\n" +
			"```text\ninput_stream_list[1].layout_params has no attribute \"imagewidth\"; did you mean \"image_width\"?\n```\n\n" +
			"Values are not checked beyond their types; the resource does that. To join the lists of several functions, use `concat`.",
		Parameters: f.parameters(),
		Return:     layoutReturn(),
	}
}

func (f *inputsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var given types.Dynamic
	if resp.Error = req.Arguments.Get(ctx, &given); resp.Error != nil {
		return
	}
	raw, err := given.ToTerraformValue(ctx)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	if raw.IsNull() {
		resp.Error = function.NewArgumentFuncError(0, "input_stream_list must not be null")
		return
	}
	list, _, err := conformInputs(ctx, raw)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(0, err.Error())
		return
	}
	resp.Error = resp.Result.Set(ctx, list)
}

func newLayoutSVGFunction() function.Function { return &layoutSVGFunction{} }

type layoutSVGFunction struct{}

func (f *layoutSVGFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "layout_svg"
}

func (f *layoutSVGFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A picture of a mix",
		MarkdownDescription: "Returns an SVG image of a mix as its viewers will see it: the background, the inputs by layer with their names, sizes and positions in pixels, and a caption. " +
			"Corner marks show a crop, a dashed outline a size that only the stream itself knows, and signs a picture, a web page, a stream without its sound and one that is cut out of its background. " +
			"The inputs follow the rules of `tencentcss_mix_stream`, and it is an error to break them.\n\n" +
			"What only the live mix knows is marked as approximate: the geometry of a template, which Tencent documents with pictures only, and sizes that the inputs do not give. " +
			"A background without a size is drawn with 1920 by 1080 pixels.\n\n" +
			"The same arguments give the same bytes, so the image can be kept as a file and compared. For a plan, `layout_text` says the same in a few lines. The guide [Layouts](https://registry.terraform.io/providers/tencentcss/tencentcss/latest/docs/guides/layouts) shows some pictures.",
		Parameters: drawnParameters(),
		Return:     function.StringReturn{},
	}
}

func (f *layoutSVGFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	if layout, ok := readDrawn(ctx, req, resp); ok {
		resp.Error = resp.Result.Set(ctx, mixlayout.SVG(layout))
	}
}

func newLayoutTextFunction() function.Function { return &layoutTextFunction{} }

type layoutTextFunction struct{}

func (f *layoutTextFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "layout_text"
}

func (f *layoutTextFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A mix in words, one line for each input",
		MarkdownDescription: "Returns a text with one line for each input of a mix, by layer, with its name, kind, size and position in pixels. " +
			"As an output, it shows in a plan what a change does to the picture, line by line.\n\n" +
			"The rules, and what is approximate (`≈`), are those of `layout_svg`.",
		Parameters: drawnParameters(),
		Return:     function.StringReturn{},
	}
}

func (f *layoutTextFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	if layout, ok := readDrawn(ctx, req, resp); ok {
		resp.Error = resp.Result.Set(ctx, mixlayout.Text(layout))
	}
}

// drawnParameters are the parameters of layout_svg and layout_text.
func drawnParameters() []function.Parameter {
	return []function.Parameter{
		function.DynamicParameter{
			Name:                "input_stream_list",
			MarkdownDescription: "The `input_stream_list` of a `tencentcss_mix_stream`, the result of a layout function, or a list of objects of the same attributes, of which the optional ones may be left out.",
		},
		function.NumberParameter{
			Name:                "template_id",
			MarkdownDescription: "The `mix_stream_template_id`; null for none.",
			AllowNullValue:      true,
		},
	}
}

// readDrawn reads the arguments of layout_svg and layout_text. ok is false if there is nothing to draw.
func readDrawn(ctx context.Context, req function.RunRequest, resp *function.RunResponse) (layout mixlayout.Layout, ok bool) {
	var list tftypes.Value
	var template *int
	if !readArguments(ctx, req, resp, drawnParameters(), &list, &template) {
		return layout, false
	}
	_, inputs, funcErr := readInputs(ctx, list, template)
	if funcErr != nil {
		resp.Error = funcErr
		return layout, false
	}
	id := 0
	if template != nil {
		id = *template
	}
	layout, err := mixlayout.Resolve(placedInputs(inputs), id)
	if err != nil {
		resp.Error = function.NewArgumentFuncError(svgTemplate, asClause(err.Error()))
		return layout, false
	}
	return layout, true
}

// placedInputs turns fully known inputs into the geometry of a layout.
func placedInputs(models []inputModel) []mixlayout.Input {
	var inputs []mixlayout.Input
	for i := range models {
		m := &models[i]
		inputs = append(inputs, mixlayout.Input{
			Name: m.name.ValueString(), Layer: int(m.layout.layer.ValueInt64()), Kind: m.kind(),
			Width: m.layout.width.ValueFloat64Pointer(), Height: m.layout.height.ValueFloat64Pointer(),
			X: m.layout.x.ValueFloat64Pointer(), Y: m.layout.y.ValueFloat64Pointer(),
			Color: m.layout.color.ValueString(),
			Crop: mixlayout.Rect{
				X: m.crop.x.ValueFloat64(), Y: m.crop.y.ValueFloat64(),
				Width: m.crop.width.ValueFloat64(), Height: m.crop.height.ValueFloat64(),
			},
			Matting: m.matte.state == valueKnown,
		})
	}
	return inputs
}
