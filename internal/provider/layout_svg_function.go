// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

var _ function.Function = (*layoutSVGFunction)(nil)

func newLayoutSVGFunction() function.Function { return &layoutSVGFunction{} }

type layoutSVGFunction struct{}

// The positions of the parameters of layout_svg.
const (
	svgInputs = iota
	svgTemplate
)

func (f *layoutSVGFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "layout_svg"
}

func (f *layoutSVGFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "A picture of a mix",
		MarkdownDescription: "Returns an SVG image of a mix as its viewers will see it: the background, the inputs by layer with their names and sizes in pixels, marks on those that are cropped, and a caption. " +
			"The inputs follow the rules of `tencentcss_mix_stream`, and what breaks them is an error.\n\n" +
			"What only the live mix knows is marked as approximate: the geometry of a template, which Tencent documents by pictures, and sizes that the inputs do not give. " +
			"A background without a size is taken for 1920 by 1080 pixels.\n\n" +
			"The same arguments give the same bytes, so the image can be kept as a file and compared. The guide [Layouts](../guides/layouts) shows some.",
		Parameters: []function.Parameter{
			function.DynamicParameter{
				Name:                "input_stream_list",
				MarkdownDescription: "The `input_stream_list` of a `tencentcss_mix_stream`, the result of a layout function, or a list of objects of the same attributes, of which the optional ones may be left out.",
			},
			function.Int64Parameter{
				Name:                "template_id",
				MarkdownDescription: "The `mix_stream_template_id`; null for none.",
				AllowNullValue:      true,
			},
		},
		Return: function.StringReturn{},
	}
}

func (f *layoutSVGFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var list types.Dynamic
	var template types.Int64
	if resp.Error = req.Arguments.Get(ctx, &list, &template); resp.Error != nil {
		return
	}
	models, funcErr := readInputs(ctx, list, template)
	if funcErr != nil {
		resp.Error = funcErr
		return
	}
	inputs, diags := expandInputs(ctx, models)
	if resp.Error = function.FuncErrorFromDiags(ctx, diags); resp.Error != nil {
		return
	}
	layout, err := mixlayout.Resolve(inputs, int(template.ValueInt64()))
	if err != nil {
		resp.Error = function.NewArgumentFuncError(svgTemplate, err.Error()+".")
		return
	}
	resp.Error = resp.Result.Set(ctx, mixlayout.SVG(layout))
}
