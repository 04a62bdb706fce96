// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ ephemeral.EphemeralResource                   = (*playURLsEphemeralResource)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*playURLsEphemeralResource)(nil)
)

// NewPlayURLsEphemeralResource returns the ephemeral resource tencentcss_play_urls.
func NewPlayURLsEphemeralResource() ephemeral.EphemeralResource { return &playURLsEphemeralResource{} }

type playURLsEphemeralResource struct{}

func (e *playURLsEphemeralResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_play_urls"
}

func (e *playURLsEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := urlAttributes("playback")
	for name, description := range map[string]string{
		"rtmp": "The URL for RTMP.", "flv": "The URL for HTTP-FLV, beginning with `http://`, which every playback domain serves.",
		"hls": "The URL for HLS, beginning with `http://`, which every playback domain serves.", "webrtc": "The URL for WebRTC.",
	} {
		attributes[name] = urlAttribute(description)
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf(ephemeralNotes, "play_urls"),
		Attributes:          attributes,
	}
}

func (e *playURLsEphemeralResource) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	m, diags := readURLModel(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		m.url(&resp.Diagnostics)
	}
}

func (e *playURLsEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	m, diags := readURLModel(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	u, ok := m.url(&resp.Diagnostics)
	if !ok {
		return
	}
	resp.Diagnostics.Append(resp.Result.Set(ctx, struct {
		urlModel
		RTMP   types.String `tfsdk:"rtmp"`
		FLV    types.String `tfsdk:"flv"`
		HLS    types.String `tfsdk:"hls"`
		WebRTC types.String `tfsdk:"webrtc"`
	}{m, u.at("rtmp", ""), u.at("http", ".flv"), u.at("http", ".m3u8"), u.at("webrtc", "")})...)
}
