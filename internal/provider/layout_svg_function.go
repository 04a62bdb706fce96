// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

var _ function.Function = (*layoutSVGFunction)(nil)

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
