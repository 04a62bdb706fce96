// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

var _ function.Function = (*layoutTextFunction)(nil)

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
