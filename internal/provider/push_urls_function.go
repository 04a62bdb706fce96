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
			urlSignedText + " They are valid until `expires`." + urlNotes + "the ephemeral resource `tencentcss_push_urls` leaves no trace.",
		Parameters:        urlParameters("push"),
		VariadicParameter: urlOptionsParameter(),
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"rtmp": types.StringType, "rtmps": types.StringType, "srt": types.StringType, "webrtc": types.StringType,
		}},
	}
}

func (f *pushURLsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	u, ok := readLiveURL(ctx, req, resp, "push")
	if !ok {
		return
	}
	resp.Error = resp.Result.Set(ctx, struct {
		RTMP   types.String `tfsdk:"rtmp"`
		RTMPS  types.String `tfsdk:"rtmps"`
		SRT    types.String `tfsdk:"srt"`
		WebRTC types.String `tfsdk:"webrtc"`
	}{u.at("rtmp", ""), u.at("rtmps", ""), u.srt(), u.at("webrtc", "")})
}
