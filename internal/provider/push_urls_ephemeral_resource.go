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
	_ ephemeral.EphemeralResource                   = (*pushURLsEphemeralResource)(nil)
	_ ephemeral.EphemeralResourceWithValidateConfig = (*pushURLsEphemeralResource)(nil)
)

// NewPushURLsEphemeralResource returns the ephemeral resource tencentcss_push_urls.
func NewPushURLsEphemeralResource() ephemeral.EphemeralResource { return &pushURLsEphemeralResource{} }

type pushURLsEphemeralResource struct{}

func (e *pushURLsEphemeralResource) Metadata(_ context.Context, req ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_push_urls"
}

func (e *pushURLsEphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	attributes := urlAttributes("push")
	for name, description := range map[string]string{
		"rtmp": "The URL for RTMP.", "rtmps": "The URL for RTMPS.", "srt": "The URL for SRT.", "webrtc": "The URL for WebRTC.",
	} {
		attributes[name] = urlAttribute(description)
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf(ephemeralNotes, "push_urls"),
		Attributes:          attributes,
	}
}

func (e *pushURLsEphemeralResource) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	m, diags := readURLModel(ctx, req.Config)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		m.url(&resp.Diagnostics)
	}
}

func (e *pushURLsEphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
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
		RTMPS  types.String `tfsdk:"rtmps"`
		SRT    types.String `tfsdk:"srt"`
		WebRTC types.String `tfsdk:"webrtc"`
	}{m, u.at("rtmp", ""), u.at("rtmps", ""), u.srt(), u.at("webrtc", "")})...)
}
