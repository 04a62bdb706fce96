// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = (*playURLsFunction)(nil)

func newPlayURLsFunction() function.Function { return &playURLsFunction{} }

type playURLsFunction struct{}

func (f *playURLsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "play_urls"
}

func (f *playURLsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The URLs to play a stream from",
		MarkdownDescription: "Returns an object with the URLs to play a stream from, by protocol: `rtmp`, `flv`, `hls` and `webrtc`. " +
			urlSignedText + " They are valid until `expires`, and for as long again as the playback domain is configured to allow.\n\n" +
			"`flv` and `hls` begin with `http://`, which every playback domain serves. Where the domain has a certificate, replace it with `https://`.\n\n" +
			"A transcoded stream is signed with the name of its source stream, so its URLs cannot be made with its own name." + urlNotes + "the ephemeral resource `tencentcss_play_urls` leaves no trace.",
		Parameters:        urlParameters("playback"),
		VariadicParameter: urlOptionsParameter(),
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"rtmp": types.StringType, "flv": types.StringType, "hls": types.StringType, "webrtc": types.StringType,
		}},
	}
}

func (f *playURLsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	u, ok := readLiveURL(ctx, req, resp, "playback")
	if !ok {
		return
	}
	resp.Error = resp.Result.Set(ctx, struct {
		RTMP   types.String `tfsdk:"rtmp"`
		FLV    types.String `tfsdk:"flv"`
		HLS    types.String `tfsdk:"hls"`
		WebRTC types.String `tfsdk:"webrtc"`
	}{u.at("rtmp", ""), u.at("http", ".flv"), u.at("http", ".m3u8"), u.at("webrtc", "")})
}
