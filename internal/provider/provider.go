// SPDX-License-Identifier: MPL-2.0

// Package provider is the Terraform side of live-stream mixing on Tencent Cloud CSS: schemas, plan-time rules, the
// lifecycle of a mix and all texts for users.
//
// A number such as 267/43404 is a page of Tencent's: https://cloud.tencent.com/document/product/267/43404.
package provider

import (
	"context"
	"maps"
	"sync/atomic"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

var (
	_ provider.Provider                       = (*tencentcssProvider)(nil)
	_ provider.ProviderWithActions            = (*tencentcssProvider)(nil)
	_ provider.ProviderWithEphemeralResources = (*tencentcssProvider)(nil)
	_ provider.ProviderWithFunctions          = (*tencentcssProvider)(nil)
)

// New returns the constructor of the provider; version is the release, or "dev" for a local build.
func New(version string) func() provider.Provider {
	return func() provider.Provider {
		return &tencentcssProvider{version: version, environment: processEnvironment}
	}
}

type tencentcssProvider struct {
	version string
	// environment returns what Configure reads besides the provider block.
	environment func() environment
	data        atomic.Pointer[providerData] // from the last Configure
}

// shared returns what the last Configure created, or nil before the first one.
func (p *tencentcssProvider) shared() *providerData { return p.data.Load() }

func (p *tencentcssProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "tencentcss"
	resp.Version = p.version
}

func (p *tencentcssProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Mixes live streams on Tencent Cloud CSS (Cloud Streaming Services).",
		Attributes: map[string]schema.Attribute{
			"secret_id":      optionalText("The secret ID of an API key.", envSecretID, keyValidator()),
			"secret_key":     sensitiveText(optionalText("The secret key that belongs to `secret_id`.", envSecretKey, keyValidator())),
			"security_token": sensitiveText(optionalText("The token of temporary credentials. It belongs to the `secret_key` beside it: a token from the environment never joins a key from the provider block.", envSecurityToken, keyValidator())),
			"region": optionalText("The region to send with each call (`X-TC-Region`), such as `ap-guangzhou`. The Live API does not need one, and none is sent by default.", envRegion,
				ruleValidator{regionRule(), "Invalid region", "a region such as ap-guangzhou"}),
			"protocol": optionalText("`HTTPS` or `HTTP`. Defaults to `HTTPS`. Plain HTTP is only allowed for endpoints on the loopback interface.", envProtocol,
				ruleValidator{protocolRule(), "Unknown protocol", "HTTPS or HTTP"}),
			"domain": optionalText("The root domain of the API: `intl."+liveapi.DefaultDomain+"` for the international site, or a regional one such as `ap-singapore."+liveapi.DefaultDomain+"`. Defaults to `"+liveapi.DefaultDomain+"`.", envDomain,
				domainValidator{api: true}),
			"endpoints": schema.SingleNestedAttribute{
				MarkdownDescription: "Endpoints to use instead of those that follow from `protocol` and `domain`: a host, a host with a port, or a URL without a path.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"live": optionalText("The endpoint of the Live API.", envLiveEndpoint, endpointValidator{}),
					"sts":  optionalText("The endpoint of the Security Token Service.", envSTSEndpoint, endpointValidator{}),
				},
			},
			"max_retries": schema.NumberAttribute{
				MarkdownDescription: "How often to retry a call after a transient failure such as `InternalError`, throttling or a lost connection: a whole number from 0 to 100. Defaults to `10`; `0` turns retries off. The resource's timeouts still apply.",
				Optional:            true,
				Validators:          []validator.Number{settingNumber{0, 100, true}},
			},
			"requests_per_second": schema.SingleNestedAttribute{
				MarkdownDescription: "The maximum rate of calls, by kind of call, from 0.01 to 10000 per second. Defaults to Tencent's quotas for an account. When Tencent throttles the provider, it slows down by itself and recovers later. Give each process a share if several of them use one account.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"create": rateAttribute("`CreateCommonMixStream`, which creates and changes mixes. Defaults to `200`."),
					"cancel": rateAttribute("`CancelCommonMixStream`, which destroys mixes. Defaults to `100`."),
					"state":  rateAttribute("`DescribeLiveStreamState`, which reads monitors. Defaults to `300`."),
				},
			},
			"pacing": schema.SingleNestedAttribute{
				MarkdownDescription: "The minimum time between two calls for one mix session, which Tencent asks for. The provider waits for what is left of it. `0s` turns a wait off.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"cancel_after_create": optionalText("The minimum time between creating (or changing) a session and cancelling it. Defaults to `5s`.", "", pacingValidator()),
					"reuse_after_cancel":  optionalText("The minimum time between cancelling a session and reusing its ID. Defaults to `30s`.", "", pacingValidator()),
				},
			},
		},
	}
	maps.Copy(resp.Schema.Attributes, credentialAttributes())
}

func rateAttribute(description string) schema.NumberAttribute {
	return schema.NumberAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.Number{settingNumber{min: 0.01, max: 10000}}}
}

// Configure builds the client that all resources of this provider configuration share. While a value from another resource
// is unknown, at plan, there is none: nothing can make calls, but the plan still finds objects with the same session.
func (p *tencentcssProvider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	var model providerModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &model)...)
	if resp.Diagnostics.HasError() {
		return
	}
	cfg, known, diags := resolveConfig(ctx, model, p.environment())
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	data := &providerData{claims: newSessionClaims()}
	if known {
		cfg.UserAgent = userAgent(req.TerraformVersion, p.version, cfg.UserAgent)
		cfg.RequestClient = requestClient(p.version)
		client, err := liveapi.New(cfg)
		if err != nil {
			resp.Diagnostics.AddError("Unable to configure the Tencent Live API client", err.Error())
			return
		}
		data.client = client
	}
	p.data.Store(data)
	resp.ResourceData, resp.DataSourceData, resp.ActionData = data, data, data
}

func (p *tencentcssProvider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{NewMixStreamResource}
}

func (p *tencentcssProvider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{NewStreamStateDataSource, NewOnlineStreamsDataSource}
}

// Actions returns the actions. Terraform has had them since 1.14.
func (p *tencentcssProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{NewCancelMixStreamAction}
}

// EphemeralResources returns the ephemeral resources. They make no calls, but Terraform configures the provider for
// them.
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

// optionalText returns an optional string of the provider block that can also be set with a variable, unless variable
// is empty.
func optionalText(description, variable string, rule validator.String) schema.StringAttribute {
	if variable != "" {
		description += " Can also be set with `" + variable + "`."
	}
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{rule}}
}

func sensitiveText(attribute schema.StringAttribute) schema.StringAttribute {
	attribute.Sensitive = true
	return attribute
}

// credentialAttributes returns the attributes besides plain keys, named as in the official provider.
func credentialAttributes() map[string]schema.Attribute {
	line := lineValidator()
	roleARN := optionalText("The ARN of the role, such as `qcs::cam::uin/100000000001:roleName/mixer`.", envRoleARN, line)
	sessionName := optionalText("The name of the session in Tencent's audit log, 2 to 128 characters. Defaults to `"+defaultRoleSession+"`.", envRoleSessionName,
		ruleValidator{sessionNameRule{}, "Invalid session name", "2 to 128 characters"})
	sessionDuration := schema.NumberAttribute{
		MarkdownDescription: "How long the role's keys last, in whole seconds from 1 to 43200. Defaults to `7200`. The provider renews them in time, also during an apply. Can also be set with `" + envRoleDuration + "`.",
		Optional:            true,
		Validators:          []validator.Number{settingNumber{1, maxRoleDuration, true}},
	}
	return map[string]schema.Attribute{
		"assume_role": schema.SingleNestedAttribute{
			MarkdownDescription: "Assumes a role with the credentials from any other source, and calls the API with the role's keys.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"role_arn":         roleARN,
				"session_name":     sessionName,
				"session_duration": sessionDuration,
				"policy": schema.StringAttribute{
					MarkdownDescription: "A JSON policy that restricts what the role may do.",
					Optional:            true,
				},
				"external_id": optionalText("The external ID that the role's trust policy requires.", envRoleExternalID, line),
			},
		},
		"assume_role_with_web_identity": schema.SingleNestedAttribute{
			MarkdownDescription: "Assumes a role with the token of an OIDC identity provider. No API key is needed.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"role_arn":           roleARN,
				"session_name":       sessionName,
				"session_duration":   sessionDuration,
				"provider_id":        optionalText("The name of the identity provider in CAM.", envRoleProviderID, line),
				"web_identity_token": sensitiveText(optionalText("The token.", envWebIdentityToken, keyValidator())),
				"web_identity_token_file": optionalText("The path of a file that contains the token. The file is read again whenever the keys are renewed. `~` stands for the home directory.",
					envWebIdentityTokenFile, line),
			},
		},
		"enable_pod_oidc": schema.BoolAttribute{
			MarkdownDescription: "Whether to use the role of the TKE pod that Terraform runs in. TKE sets `" + envPodRegion + "`, `" + envPodProviderID + "`, `" + envPodTokenFile + "` and `" + envPodRoleARN + "` in such a pod. Defaults to `false`.",
			Optional:            true,
		},
		"shared_credentials_dir": optionalText("The directory with the profiles of `tccli`, Tencent's command line tool. Defaults to `~/.tccli`.", envSharedDir, line),
		"profile":                optionalText("The `tccli` profile to use. Defaults to `default`.", envProfile, line),
		"cam_role_name":          optionalText("The role of the CVM that Terraform runs on. The metadata service hands out its keys.", envCAMRole, line),
		"allowed_account_ids": schema.SetAttribute{
			MarkdownDescription: "The accounts that the provider may write to. Before its first write the provider asks STS which account its credentials belong to, and stops if it is not one of these.",
			ElementType:         types.StringType,
			Optional:            true,
		},
		"forbidden_account_ids": schema.SetAttribute{
			MarkdownDescription: "The accounts that the provider must not write to.",
			ElementType:         types.StringType,
			Optional:            true,
		},
	}
}
