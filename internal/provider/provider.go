// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform side of live-stream mixing on Tencent Cloud CSS: schemas, plan-time rules, the life
// of a mix and the texts a user reads.
package provider

import (
	"context"
	"maps"
	"os"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/float64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

var (
	_ provider.Provider                       = (*tencentcssProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*tencentcssProvider)(nil)
	_ provider.ProviderWithFunctions          = (*tencentcssProvider)(nil)
)

// New returns the constructor of the provider; version is the one of the release, "dev" for a local build.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &tencentcssProvider{version: version} }
}

type tencentcssProvider struct {
	version string
}

func (p *tencentcssProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "tencentcss"
	resp.Version = p.version
}

func (p *tencentcssProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Mixes live streams on Tencent Cloud CSS (Cloud Streaming Services).",
		Attributes: map[string]schema.Attribute{
			"secret_id": schema.StringAttribute{
				MarkdownDescription: "The secret ID of an API key. Else the environment variable `TENCENTCLOUD_SECRET_ID`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"secret_key": schema.StringAttribute{
				MarkdownDescription: "The secret key that belongs to `secret_id`. Else the environment variable `TENCENTCLOUD_SECRET_KEY`.",
				Optional:            true,
				Sensitive:           true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"security_token": schema.StringAttribute{
				MarkdownDescription: "The token of temporary credentials. Else the environment variable `TENCENTCLOUD_SECURITY_TOKEN`.",
				Optional:            true,
				Sensitive:           true,
			},
			"region": schema.StringAttribute{
				MarkdownDescription: "The region to name in each call (`X-TC-Region`), such as `ap-guangzhou`. The Live API does not need it, and by default none is sent. Else the environment variable `TENCENTCLOUD_REGION`.",
				Optional:            true,
			},
			"protocol": schema.StringAttribute{
				MarkdownDescription: "`HTTPS` (default) or `HTTP`. Plain HTTP is accepted for endpoints on the loopback interface only. Else the environment variable `TENCENTCLOUD_PROTOCOL`.",
				Optional:            true,
				Validators:          []validator.String{stringvalidator.OneOfCaseInsensitive("HTTPS", "HTTP")},
			},
			"domain": schema.StringAttribute{
				MarkdownDescription: "The root domain of the API: `" + liveapi.DefaultDomain + "` (default), `intl." + liveapi.DefaultDomain + "` for the international site, or a regional one such as `ap-singapore." + liveapi.DefaultDomain + "`. Else the environment variable `TENCENTCLOUD_DOMAIN`.",
				Optional:            true,
			},
			"endpoints": schema.SingleNestedAttribute{
				MarkdownDescription: "Whole endpoints in place of `protocol` and `domain`: a host, a host with a port, or a URL without a path.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"live": schema.StringAttribute{
						MarkdownDescription: "The endpoint of the Live API. Else the environment variable `TENCENTCSS_LIVE_ENDPOINT`.",
						Optional:            true,
						Validators:          []validator.String{endpointValidator{}},
					},
					"sts": schema.StringAttribute{
						MarkdownDescription: "The endpoint of the Security Token Service. Else the environment variable `TENCENTCSS_STS_ENDPOINT`.",
						Optional:            true,
						Validators:          []validator.String{endpointValidator{}},
					},
				},
			},
			"max_retries": schema.Int64Attribute{
				MarkdownDescription: "How often a call is repeated after a first attempt that failed for a passing reason, such as `InternalError`, throttling or a lost connection: 0 to 100, 10 by default, `0` for never. The resource's timeouts bound the whole.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.Between(0, 100)},
			},
			"requests_per_second": schema.SingleNestedAttribute{
				MarkdownDescription: "The most calls per second that this provider makes, by call. By default what Tencent grants an account; the provider slows down by itself when it is refused for the rate, and recovers. Several processes that share an account do better with a share each.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"create": rateAttribute("`CreateCommonMixStream`, the create and the change of a mix. 200 by default."),
					"cancel": rateAttribute("`CancelCommonMixStream`, the destroy of a mix. 100 by default."),
					"state":  rateAttribute("`DescribeLiveStreamState`, the reading of a monitor. 300 by default."),
				},
			},
			"pacing": schema.SingleNestedAttribute{
				MarkdownDescription: "The distances that Tencent asks for between two calls for one mix session. The provider waits for what is left of them. `0s` switches one off.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"cancel_after_create": schema.StringAttribute{
						MarkdownDescription: "The least time between a create (or change) and the cancel of a session. `5s` by default.",
						CustomType:          timetypes.GoDurationType{},
						Optional:            true,
						Validators:          []validator.String{durationAtLeastZero{}},
					},
					"reuse_after_cancel": schema.StringAttribute{
						MarkdownDescription: "The least time between the cancel of a session and the reuse of its ID. `30s` by default.",
						CustomType:          timetypes.GoDurationType{},
						Optional:            true,
						Validators:          []validator.String{durationAtLeastZero{}},
					},
				},
			},
		},
	}
	maps.Copy(resp.Schema.Attributes, credentialAttributes())
}

func rateAttribute(description string) schema.Float64Attribute {
	return schema.Float64Attribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.Float64{float64validator.Between(0.01, 10000)},
	}
}

// Configure builds the client that all resources of this provider configuration share.
func (p *tencentcssProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	cfg, known, diags := resolveConfig(ctx, model, processEnvironment())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() || !known {
		// A value that another resource will yield is not known at plan; there is nothing to call with until then.
		return
	}
	cfg.UserAgent = userAgent(req.TerraformVersion, p.version, os.Getenv("TF_APPEND_USER_AGENT"))
	cfg.RequestClient = requestClient(p.version)

	client, err := liveapi.New(cfg)
	if err != nil {
		resp.Diagnostics.AddError("Unable to configure the Tencent Live API client", err.Error())
		return
	}
	data := &providerData{client: client, claims: newSessionClaims()}
	resp.ResourceData, resp.DataSourceData, resp.ActionData = data, data, data
}

func (p *tencentcssProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{NewMixStreamResource}
}

func (p *tencentcssProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{NewStreamStateDataSource, NewOnlineStreamsDataSource}
}

// EphemeralResources returns the ephemeral resources. They make no call either, but Terraform configures the provider for them.
func (p *tencentcssProvider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{NewPushURLsEphemeralResource, NewPlayURLsEphemeralResource}
}

// Functions returns the functions. They are pure: none of them needs a configured provider or makes a call.
func (p *tencentcssProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newPushURLsFunction,
		newPlayURLsFunction,
		newGridLayoutFunction,
		newPictureInPictureLayoutFunction,
		newSideBySideLayoutFunction,
		newSpeakerLayoutFunction,
		newOverlayFunction,
		newInputsFunction,
		newLayoutSVGFunction,
		newLayoutTextFunction,
	}
}
