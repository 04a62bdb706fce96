// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = (*pushURLsFunction)(nil)

func newPushURLsFunction() function.Function { return &pushURLsFunction{} }

type pushURLsFunction struct{}

func (f *pushURLsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "push_urls"
}

func (f *pushURLsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The URLs to push a stream to",
		MarkdownDescription: "Returns an object with the URLs to push a stream to, by protocol: `rtmp`, `rtmps`, `srt` and `webrtc`. " +
			"With a `key` they are signed (`txSecret` is the MD5 of key, stream name and `txTime`) and valid until `expires`." + urlNotes,
		Parameters: urlParameters("push"),
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"rtmp": types.StringType, "rtmps": types.StringType, "srt": types.StringType, "webrtc": types.StringType,
		}},
	}
}

func (f *pushURLsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	u, err := readLiveURL(ctx, req.Arguments)
	if err != nil {
		resp.Error = err
		return
	}
	resp.Error = resp.Result.Set(ctx, struct {
		RTMP   types.String `tfsdk:"rtmp"`
		RTMPS  types.String `tfsdk:"rtmps"`
		SRT    types.String `tfsdk:"srt"`
		WebRTC types.String `tfsdk:"webrtc"`
	}{u.at("rtmp", ""), u.at("rtmps", ""), u.srt(), u.at("webrtc", "")})
}
