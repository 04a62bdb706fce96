// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// Environment variables. The first group is the official Tencent provider's, so that one environment serves both.
const (
	envSecretID         = "TENCENTCLOUD_SECRET_ID"
	envSecretKey        = "TENCENTCLOUD_SECRET_KEY" // #nosec G101 -- the name of a variable, not a key.
	envSecurityToken    = "TENCENTCLOUD_SECURITY_TOKEN"
	envRegion           = "TENCENTCLOUD_REGION"
	envProtocol         = "TENCENTCLOUD_PROTOCOL"
	envDomain           = "TENCENTCLOUD_DOMAIN"
	envLiveEndpoint     = "TENCENTCSS_LIVE_ENDPOINT"
	envSTSEndpoint      = "TENCENTCSS_STS_ENDPOINT"
	envMetadataEndpoint = "TENCENTCSS_METADATA_ENDPOINT"
	envUserAgent        = "TF_APPEND_USER_AGENT"
)

// providerModel mirrors the provider block.
type providerModel struct {
	SecretID          types.String `tfsdk:"secret_id"`
	SecretKey         types.String `tfsdk:"secret_key"`
	SecurityToken     types.String `tfsdk:"security_token"`
	Region            types.String `tfsdk:"region"`
	Protocol          types.String `tfsdk:"protocol"`
	Domain            types.String `tfsdk:"domain"`
	Endpoints         types.Object `tfsdk:"endpoints"`
	MaxRetries        types.Number `tfsdk:"max_retries"`
	RequestsPerSecond types.Object `tfsdk:"requests_per_second"`
	Pacing            types.Object `tfsdk:"pacing"`

	AssumeRole           types.Object `tfsdk:"assume_role"`
	WebIdentity          types.Object `tfsdk:"assume_role_with_web_identity"`
	EnablePodOIDC        types.Bool   `tfsdk:"enable_pod_oidc"`
	SharedCredentialsDir types.String `tfsdk:"shared_credentials_dir"`
	Profile              types.String `tfsdk:"profile"`
	CAMRoleName          types.String `tfsdk:"cam_role_name"`
	AllowedAccountIDs    types.Set    `tfsdk:"allowed_account_ids"`
	ForbiddenAccountIDs  types.Set    `tfsdk:"forbidden_account_ids"`
}

type ratesModel struct {
	Create types.Number `tfsdk:"create"`
	Cancel types.Number `tfsdk:"cancel"`
	State  types.Number `tfsdk:"state"`
}

type endpointsModel struct {
	Live types.String `tfsdk:"live"`
	STS  types.String `tfsdk:"sts"`
}

type pacingModel struct {
	CancelAfterCreate types.String `tfsdk:"cancel_after_create"`
	ReuseAfterCancel  types.String `tfsdk:"reuse_after_cancel"`
}

// resolveConfig turns the provider block and the environment into the client's configuration. It reports all problems
// at once, each on its attribute. known is false while a value is unknown; the configuration is then incomplete.
func resolveConfig(ctx context.Context, m providerModel, env environment) (cfg liveapi.Config, known bool, _ diag.Diagnostics) {
	r := &resolver{environment: env, known: true}

	cfg.Credentials = r.credentials(ctx, m)
	cfg.AllowedAccountIDs = r.accountIDs(ctx, path.Root("allowed_account_ids"), m.AllowedAccountIDs)
	cfg.ForbiddenAccountIDs = r.accountIDs(ctx, path.Root("forbidden_account_ids"), m.ForbiddenAccountIDs)
	cfg.Region = r.text(path.Root("region"), m.Region, envRegion, regionRule()).value
	cfg.UserAgent = r.text(path.Empty(), types.StringNull(), envUserAgent, lineRule{}).value
	r.endpoints(ctx, m, &cfg)

	cfg.MaxRetries = int(r.number(m.MaxRetries, liveapi.DefaultMaxRetries))
	cfg.Rates = r.rates(ctx, m.RequestsPerSecond)
	cfg.Pacing = r.pacing(ctx, m.Pacing)
	return cfg, r.known, r.diags
}

func (r *resolver) endpoints(ctx context.Context, m providerModel, cfg *liveapi.Config) {
	before := len(r.diags)
	protocol := r.text(path.Root("protocol"), m.Protocol, envProtocol, protocolRule()).or("https")
	domain := r.text(path.Root("domain"), m.Domain, envDomain, domainValidator{api: true}).or(liveapi.DefaultDomain)
	endpoints := endpointsModel{Live: types.StringNull(), STS: types.StringNull()}
	r.object(ctx, m.Endpoints, &endpoints)
	at := path.Root("endpoints")
	live := r.text(at.AtName("live"), endpoints.Live, envLiveEndpoint, endpointValidator{})
	sts := r.text(at.AtName("sts"), endpoints.STS, envSTSEndpoint, endpointValidator{})
	if !r.known || len(r.diags) > before {
		return
	}
	cfg.Endpoint = r.endpoint(live, "live.", protocol, domain)
	if cfg.Endpoint == nil && sts.value == "" {
		// Both hosts derive from the same protocol and domain, whose problem has already been reported.
		return
	}
	cfg.STSEndpoint = r.endpoint(sts, "sts.", protocol, domain)
	if own := trimText(r.getenv(envMetadataEndpoint)); own != "" {
		u, err := liveapi.ParseEndpoint(own, "http")
		if err != nil {
			r.refuse(path.Root("cam_role_name"), "Invalid endpoint", fmt.Sprintf("the environment variable %s cannot be used: %s", envMetadataEndpoint, err))
		}
		cfg.MetadataEndpoint = u
	}
}

// endpoint returns an explicit endpoint, or builds the host of a service from protocol and domain. Problems are
// reported on the attribute that they come from.
func (r *resolver) endpoint(own sourced, service string, protocol, domain sourced) *url.URL {
	blamed, endpoint := own, own.value
	if endpoint == "" {
		blamed, endpoint = domain, service+domain.value
		if strings.EqualFold(protocol.value, "http") {
			blamed = protocol
		}
	}
	u, err := liveapi.ParseEndpoint(endpoint, strings.ToLower(protocol.value))
	if err != nil {
		r.refuse(blamed.at, "Invalid endpoint", fmt.Sprintf("%s cannot be used: %s", blamed.source, err))
	}
	return u
}

func (r *resolver) rates(ctx context.Context, configured types.Object) liveapi.Rates {
	var m ratesModel
	if !r.object(ctx, configured, &m) {
		return liveapi.Rates{}
	}
	return liveapi.Rates{Create: r.number(m.Create, 0), Cancel: r.number(m.Cancel, 0), StreamState: r.number(m.State, 0)}
}

func (r *resolver) pacing(ctx context.Context, configured types.Object) liveapi.Pacing {
	pacing, at := liveapi.DefaultPacing(), path.Root("pacing")
	var m pacingModel
	if r.object(ctx, configured, &m) {
		pacing.CancelAfterCreate = r.duration(at.AtName("cancel_after_create"), m.CancelAfterCreate, pacing.CancelAfterCreate)
		pacing.ReuseAfterCancel = r.duration(at.AtName("reuse_after_cancel"), m.ReuseAfterCancel, pacing.ReuseAfterCancel)
	}
	return pacing
}

// userAgent follows the convention of Terraform providers; TF_APPEND_USER_AGENT is the user's own addition.
func userAgent(terraformVersion, version, appended string) string {
	ua := fmt.Sprintf("Terraform/%s terraform-provider-tencentcss/%s", terraformVersion, version)
	if appended = strings.TrimSpace(appended); appended != "" {
		ua += " " + appended
	}
	return ua
}

var notRequestClient = regexp.MustCompile(`[^0-9A-Za-z_ ,;.-]+`)

// requestClient returns the provider's name for X-TC-RequestClient. The SDK drops a whole value that contains any other
// character, such as the plus of build metadata.
func requestClient(version string) string {
	return notRequestClient.ReplaceAllString("terraform-provider-tencentcss-"+version, "-")
}
