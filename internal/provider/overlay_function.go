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

var _ function.Function = (*overlayFunction)(nil)

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
