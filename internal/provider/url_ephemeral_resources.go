// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const ephemeralNotes = "The URLs that the function `%[1]s` returns, without a trace of them or of the key in the plan or the state. " +
	"They can be used where Terraform accepts ephemeral values: in write-only attributes, provider configurations, provisioners and ephemeral outputs of modules.\n\n" +
	"They need Terraform 1.10 or OpenTofu 1.11, and a configured provider, although no API is called: the URLs are computed. " + urlSignedText + urlSHA256Note

// urlAttributes returns the attributes that both ephemeral resources, push_urls and play_urls, share; kind is "push" or
// "playback".
func urlAttributes(kind string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"domain":    schema.StringAttribute{MarkdownDescription: urlDomainText(kind), Required: true},
		"app":       schema.StringAttribute{MarkdownDescription: urlAppText, Required: true},
		"stream":    schema.StringAttribute{MarkdownDescription: urlStreamText, Required: true},
		"key":       schema.StringAttribute{MarkdownDescription: urlKeyText(kind), Optional: true, Sensitive: true},
		"expires":   schema.StringAttribute{MarkdownDescription: urlExpiresText, Optional: true},
		"algorithm": schema.StringAttribute{MarkdownDescription: urlAlgorithmText + ".", Optional: true},
	}
}

// urlAttribute returns the attribute of a URL in the result.
func urlAttribute(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true, Sensitive: true}
}

// urlModel holds the arguments.
type urlModel struct {
	Domain    types.String `tfsdk:"domain"`
	App       types.String `tfsdk:"app"`
	Stream    types.String `tfsdk:"stream"`
	Key       types.String `tfsdk:"key"`
	Expires   types.String `tfsdk:"expires"`
	Algorithm types.String `tfsdk:"algorithm"`
}

// readURLModel reads the arguments one by one, because the result has other attributes for each kind of URLs.
func readURLModel(ctx context.Context, config tfsdk.Config) (m urlModel, diags diag.Diagnostics) {
	for name, target := range map[string]*types.String{
		"domain": &m.Domain, "app": &m.App, "stream": &m.Stream, "key": &m.Key, "expires": &m.Expires, "algorithm": &m.Algorithm,
	} {
		diags.Append(config.GetAttribute(ctx, path.Root(name), target)...)
	}
	return m, diags
}

// url checks the arguments and signs the URL. known is false while an argument is unknown.
func (m urlModel) url(diags *diag.Diagnostics) (u liveURL, known bool) {
	for _, v := range []types.String{m.Domain, m.App, m.Stream, m.Key, m.Expires, m.Algorithm} {
		if v.IsUnknown() {
			return u, false
		}
	}
	u, position, err := urlRequest{
		domain: m.Domain.ValueString(), app: m.App.ValueString(), stream: m.Stream.ValueString(),
		key: m.Key, expires: m.Expires, algorithm: m.Algorithm.ValueString(),
	}.url()
	if err != nil {
		name := []string{"domain", "app", "stream", "key", "expires", "algorithm"}[position]
		diags.AddAttributeError(path.Root(name), "Unable to make the URLs", err.Error()+".")
		return u, false
	}
	return u, true
}

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
