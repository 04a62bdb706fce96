// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

var _ function.Function = (*sideBySideLayoutFunction)(nil)

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
