// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

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

// environment is what the resolver reads besides the configuration.
type environment struct {
	getenv func(string) string
	// home is the user's home directory, or empty if there is none.
	home string
}

// processEnvironment returns the environment of this process.
func processEnvironment() environment {
	home, err := os.UserHomeDir()
	if err != nil {
		// Without a home directory, no files are looked up in it.
		home = ""
	}
	return environment{getenv: os.Getenv, home: home}
}

// expand replaces a leading tilde in a path, as a shell does for an unquoted path.
func (e environment) expand(file string) string {
	rest, ok := strings.CutPrefix(file, "~")
	if !ok || e.home == "" || rest != "" && !os.IsPathSeparator(rest[0]) {
		return file
	}
	return filepath.Join(e.home, rest)
}

// resolver picks each value from the configuration, otherwise from the environment, otherwise from a default, and
// collects the problems it finds.
type resolver struct {
	environment
	diags diag.Diagnostics
	// known turns false when a value is not known yet.
	known bool
	// filesWithoutKeys are files that the user did not name and that hold no keys.
	filesWithoutKeys []string
}

// sourced is a text with its origin, for messages.
type sourced struct {
	value  string
	at     path.Path
	source string
	// block reports whether the origin is an attribute rather than a variable.
	block bool
}

// or substitutes a default for an empty text.
func (s sourced) or(fallback string) sourced {
	if s.value == "" {
		s.value = fallback
	}
	return s
}

// by says which setting names a file, if any does.
func (s sourced) by() string {
	if s.source == "" {
		return ""
	}
	return " (named by " + s.source + ")"
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

// text reads a text from its attribute, otherwise from its variable. Empty counts as unset in both.
func (r *resolver) text(at path.Path, configured types.String, env string, rule settingRule) sourced {
	s := sourced{value: trimText(configured.ValueString()), at: at, source: at.String(), block: true}
	switch {
	case configured.IsUnknown():
		r.known = false
		return s
	case s.value == "" && env != "":
		if v := trimText(r.getenv(env)); v != "" {
			s = sourced{value: v, at: at, source: "the environment variable " + env}
		}
	}
	if problem := rule.problem(s.value); problem != "" {
		r.refuse(at, "Invalid value", s.source+" "+problem)
		s.value = ""
	}
	return s
}

// file reads a path.
func (r *resolver) file(at path.Path, configured types.String, env string) sourced {
	s := r.text(at, configured, env, lineRule{})
	s.value = r.expand(s.value)
	return s
}

// refuse reports a problem on an attribute, or on none for the empty path. The detail has no final period and begins in
// lower case, as it may begin with an attribute's name.
func (r *resolver) refuse(at path.Path, summary, detail string) {
	if strings.HasPrefix(detail, "the ") || strings.HasPrefix(detail, "each ") {
		detail = capital(detail)
	}
	if detail += "."; at.Equal(path.Empty()) {
		r.diags.AddError(summary, detail)
		return
	}
	r.diags.AddAttributeError(at, summary, detail)
}

// object reads a nested attribute and reports whether it is set.
func (r *resolver) object(ctx context.Context, configured types.Object, target any) bool {
	if configured.IsUnknown() {
		r.known = false
		return false
	}
	if configured.IsNull() {
		return false
	}
	r.diags.Append(configured.As(ctx, target, basetypes.ObjectAsOptions{})...)
	return true
}

// number reads a number whose bounds its attribute has checked.
func (r *resolver) number(configured types.Number, fallback float64) float64 {
	switch {
	case configured.IsUnknown():
		r.known = false
	case !configured.IsNull():
		f, _ := configured.ValueBigFloat().Float64()
		return f
	}
	return fallback
}

func (r *resolver) duration(at path.Path, configured types.String, fallback time.Duration) time.Duration {
	s := r.text(at, configured, "", pacingRule{})
	d, err := time.ParseDuration(s.value)
	if err != nil {
		// Empty, unknown, or refused by the rule.
		return fallback
	}
	return d
}

// accountIDs reads a list of accounts. An empty list is refused, not ignored: a guard that guards nothing is a trap.
func (r *resolver) accountIDs(ctx context.Context, at path.Path, set types.Set) []string {
	if set.IsUnknown() {
		r.known = false
	}
	if set.IsNull() || set.IsUnknown() {
		return nil
	}
	var elements []types.String
	r.diags.Append(set.ElementsAs(ctx, &elements, false)...)
	var ids []string
	for _, e := range elements {
		if e.IsUnknown() {
			r.known = false
			continue
		}
		id := trimText(e.ValueString())
		problem := accountRule().problem(id)
		if id == "" {
			problem = "must not be empty; name the account, or remove the element"
		}
		if problem != "" {
			r.refuse(at, "Invalid account ID", "each element of "+at.String()+" "+problem)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}
