// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = (*inputsFunction)(nil)

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
