// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// Environment variables. The first group is the official Tencent provider's, so that one environment serves both.
const (
	envSecretID      = "TENCENTCLOUD_SECRET_ID"
	envSecretKey     = "TENCENTCLOUD_SECRET_KEY" // #nosec G101 -- the name of a variable, not a key.
	envSecurityToken = "TENCENTCLOUD_SECURITY_TOKEN"
	envRegion        = "TENCENTCLOUD_REGION"
	envProtocol      = "TENCENTCLOUD_PROTOCOL"
	envDomain        = "TENCENTCLOUD_DOMAIN"
	envLiveEndpoint  = "TENCENTCSS_LIVE_ENDPOINT"
	envSTSEndpoint   = "TENCENTCSS_STS_ENDPOINT"
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
	MaxRetries        types.Int64  `tfsdk:"max_retries"`
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
	Create types.Float64 `tfsdk:"create"`
	Cancel types.Float64 `tfsdk:"cancel"`
	State  types.Float64 `tfsdk:"state"`
}

type endpointsModel struct {
	Live types.String `tfsdk:"live"`
	STS  types.String `tfsdk:"sts"`
}

type pacingModel struct {
	CancelAfterCreate timetypes.GoDuration `tfsdk:"cancel_after_create"`
	ReuseAfterCancel  timetypes.GoDuration `tfsdk:"reuse_after_cancel"`
}

// providerData is what Configure hands to resources.
type providerData struct {
	client *liveapi.Client
	claims *sessionClaims
}

// withMaskedSecrets returns a context whose log lines never show a secret. Loggers live in the context of one RPC, so
// that each method of a resource has to call it.
func (d *providerData) withMaskedSecrets(ctx context.Context) context.Context {
	secrets := d.client.Secrets()
	return tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, secrets...), secrets...)
}

// environment is what the resolution reads beside the configuration.
type environment struct {
	getenv func(string) string
	// home is the user's home directory, empty where there is none.
	home string
	// sdkFile reads the credentials file of the SDK.
	sdkFile func() (liveapi.Keys, error)
}

// processEnvironment is that of this process.
func processEnvironment() environment {
	home, err := os.UserHomeDir()
	if err != nil {
		// Without a home there are no files in it.
		home = ""
	}
	return environment{getenv: os.Getenv, home: home, sdkFile: liveapi.ReadSDKFile}
}

// resolver picks each value from the configuration, else from the environment, else from a default, and collects what is
// wrong on the way.
type resolver struct {
	environment
	diags diag.Diagnostics
	// known turns false when a value will only be known later.
	known bool
}

// value returns the value and where it stems from, for messages.
func (r *resolver) value(attribute path.Path, configured types.String, env, fallback string) (value, source string) {
	switch {
	case configured.IsUnknown():
		r.known = false
		return "", ""
	case !configured.IsNull():
		return configured.ValueString(), "the attribute " + attribute.String()
	}
	if v := r.getenv(env); v != "" {
		return v, "the environment variable " + env
	}
	return fallback, "the default"
}

// resolveConfig turns the provider block and the environment into the client's configuration. All problems are reported
// at once, each on its attribute. known is false while a value is not known yet; the configuration is incomplete then.
func resolveConfig(ctx context.Context, m providerModel, env environment) (cfg liveapi.Config, known bool, _ diag.Diagnostics) {
	r := &resolver{environment: env, known: true}

	cfg.Credentials = r.credentials(ctx, m)
	cfg.AllowedAccountIDs = r.accountIDs(ctx, m.AllowedAccountIDs)
	cfg.ForbiddenAccountIDs = r.accountIDs(ctx, m.ForbiddenAccountIDs)
	cfg.Region, _ = r.value(path.Root("region"), m.Region, envRegion, "")
	r.endpoints(ctx, m, &cfg)

	cfg.MaxRetries = liveapi.DefaultMaxRetries
	if m.MaxRetries.IsUnknown() {
		r.known = false
	} else if !m.MaxRetries.IsNull() {
		cfg.MaxRetries = int(m.MaxRetries.ValueInt64())
	}
	cfg.Rates = r.rates(ctx, m.RequestsPerSecond)
	cfg.Pacing = r.pacing(ctx, m.Pacing)
	return cfg, r.known, r.diags
}

func (r *resolver) endpoints(ctx context.Context, m providerModel, cfg *liveapi.Config) {
	protocol, protocolSource := r.value(path.Root("protocol"), m.Protocol, envProtocol, "HTTPS")
	scheme := strings.ToLower(protocol)
	if protocol != "" && scheme != "http" && scheme != "https" {
		r.diags.AddAttributeError(path.Root("protocol"), "Unknown protocol",
			fmt.Sprintf("%q, from %s, is neither HTTPS nor HTTP.", protocol, protocolSource))
		return
	}
	domain, domainSource := r.value(path.Root("domain"), m.Domain, envDomain, liveapi.DefaultDomain)

	endpoints := endpointsModel{Live: types.StringNull(), STS: types.StringNull()}
	if m.Endpoints.IsUnknown() {
		r.known = false
	} else if !m.Endpoints.IsNull() {
		r.diags.Append(m.Endpoints.As(ctx, &endpoints, basetypes.ObjectAsOptions{})...)
	}
	if !r.known {
		return
	}
	cfg.Endpoint = r.endpoint(path.Root("endpoints").AtName("live"), endpoints.Live, envLiveEndpoint, "live."+domain, scheme, protocolSource, domainSource)
	if cfg.Endpoint == nil && r.getenv(envSTSEndpoint) == "" && endpoints.STS.IsNull() {
		// Both hosts follow from the same protocol and domain, of which the problem has been told.
		return
	}
	cfg.STSEndpoint = r.endpoint(path.Root("endpoints").AtName("sts"), endpoints.STS, envSTSEndpoint, "sts."+domain, scheme, protocolSource, domainSource)
	if own := r.getenv(envMetadataEndpoint); own != "" {
		u, err := liveapi.ParseEndpoint(own, "http")
		if err != nil {
			r.diags.AddAttributeError(path.Root("cam_role_name"), "Invalid endpoint", fmt.Sprintf("The endpoint from the environment variable %s cannot be used: %s.", envMetadataEndpoint, err))
		}
		cfg.MetadataEndpoint = u
	}
}

// endpoint returns an endpoint of its own, else the default host by protocol and domain. What is wrong is reported on the
// attribute that it stems from.
func (r *resolver) endpoint(at path.Path, configured types.String, env, host, scheme, protocolSource, domainSource string) *url.URL {
	endpoint, source := r.value(at, configured, env, "")
	if endpoint == "" {
		at, endpoint, source = path.Root("domain"), host, domainSource
		if scheme == "http" {
			at, source = path.Root("protocol"), protocolSource
		}
	}
	if !r.known {
		return nil
	}
	u, err := liveapi.ParseEndpoint(endpoint, scheme)
	if err != nil {
		r.diags.AddAttributeError(at, "Invalid endpoint", fmt.Sprintf("The endpoint from %s cannot be used: %s.", source, err))
	}
	return u
}

func (r *resolver) rates(ctx context.Context, configured types.Object) liveapi.Rates {
	if configured.IsUnknown() {
		r.known = false
	}
	if configured.IsNull() || configured.IsUnknown() {
		return liveapi.Rates{}
	}
	var m ratesModel
	r.diags.Append(configured.As(ctx, &m, basetypes.ObjectAsOptions{})...)
	if m.Create.IsUnknown() || m.Cancel.IsUnknown() || m.State.IsUnknown() {
		r.known = false
	}
	return liveapi.Rates{Create: m.Create.ValueFloat64(), Cancel: m.Cancel.ValueFloat64(), StreamState: m.State.ValueFloat64()}
}

func (r *resolver) pacing(ctx context.Context, configured types.Object) liveapi.Pacing {
	pacing := liveapi.DefaultPacing()
	if configured.IsUnknown() {
		r.known = false
		return pacing
	}
	if configured.IsNull() {
		return pacing
	}
	var m pacingModel
	r.diags.Append(configured.As(ctx, &m, basetypes.ObjectAsOptions{})...)
	r.duration(m.CancelAfterCreate, &pacing.CancelAfterCreate)
	r.duration(m.ReuseAfterCancel, &pacing.ReuseAfterCancel)
	return pacing
}

func (r *resolver) duration(configured timetypes.GoDuration, target *time.Duration) {
	switch {
	case configured.IsUnknown():
		r.known = false
	case !configured.IsNull():
		d, diags := configured.ValueGoDuration()
		r.diags.Append(diags...)
		*target = d
	}
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

// requestClient is the provider's name as X-TC-RequestClient may bear it. The SDK drops a whole value that holds any
// other character, such as the plus of build metadata.
func requestClient(version string) string {
	return notRequestClient.ReplaceAllString("terraform-provider-tencentcss-"+version, "-")
}

// endpointValidator refuses what liveapi.ParseEndpoint refuses.
type endpointValidator struct{}

func (endpointValidator) Description(context.Context) string {
	return "a host, a host with a port, or a URL without a path; plain HTTP for the loopback interface only"
}

func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := liveapi.ParseEndpoint(req.ConfigValue.ValueString(), "https"); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid endpoint", "The endpoint cannot be used: "+err.Error()+".")
	}
}

// durationAtLeastZero refuses negative durations. That the text is a duration at all is checked by its type.
type durationAtLeastZero struct{}

func (durationAtLeastZero) Description(context.Context) string { return "a duration of at least 0s" }

func (v durationAtLeastZero) MarkdownDescription(ctx context.Context) string {
	return v.Description(ctx)
}

func (durationAtLeastZero) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if d, err := time.ParseDuration(req.ConfigValue.ValueString()); err == nil && d < 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid duration",
			fmt.Sprintf("%s is %q, which is negative. Give a duration such as \"30s\", or \"0s\" for none.", req.Path, req.ConfigValue.ValueString()))
	}
}
