// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

var _ function.Function = (*gridLayoutFunction)(nil)

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
