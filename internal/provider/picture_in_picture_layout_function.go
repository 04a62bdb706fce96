// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

var _ function.Function = (*pictureInPictureLayoutFunction)(nil)

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
