// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

var _ function.Function = (*speakerLayoutFunction)(nil)

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
