// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// emptyProvider is a provider block without any attribute.
func emptyProvider() providerModel {
	return providerModel{
		Endpoints: types.ObjectNull(nil), Pacing: types.ObjectNull(nil), RequestsPerSecond: types.ObjectNull(nil),
		AssumeRole: types.ObjectNull(nil), WebIdentity: types.ObjectNull(nil),
		AllowedAccountIDs: types.SetNull(types.StringType), ForbiddenAccountIDs: types.SetNull(types.StringType),
	}
}

// withKeys is an environment with credentials and the given variables.
func withKeys(more map[string]string) map[string]string {
	env := map[string]string{envSecretID: "env-id", envSecretKey: "env-key"}
	maps.Copy(env, more)
	return env
}

func resolve(m providerModel, env map[string]string) (liveapi.Config, bool, diag.Diagnostics) {
	return resolveConfig(context.Background(), m, environment{getenv: func(name string) string { return env[name] }})
}

// attributesOf lists the attributes that diagnostics point at.
func attributesOf(diags diag.Diagnostics) []string {
	var at []string
	for _, d := range diags {
		if withPath, ok := d.(diag.DiagnosticWithPath); ok {
			at = append(at, withPath.Path().String())
		} else {
			at = append(at, d.Summary())
		}
	}
	slices.Sort(at)
	return at
}

func endpointsObject(live, sts types.String) types.Object {
	return types.ObjectValueMust(map[string]attr.Type{"live": types.StringType, "sts": types.StringType},
		map[string]attr.Value{"live": live, "sts": sts})
}

func numberValue(f float64) types.Number { return types.NumberValue(big.NewFloat(f)) }

func pacingObject(cancelAfterCreate, reuseAfterCancel types.String) types.Object {
	return types.ObjectValueMust(map[string]attr.Type{"cancel_after_create": types.StringType, "reuse_after_cancel": types.StringType},
		map[string]attr.Value{"cancel_after_create": cancelAfterCreate, "reuse_after_cancel": reuseAfterCancel})
}

func ratesObject(create, cancel, state types.Number) types.Object {
	return types.ObjectValueMust(map[string]attr.Type{"create": types.NumberType, "cancel": types.NumberType, "state": types.NumberType},
		map[string]attr.Value{"create": create, "cancel": cancel, "state": state})
}

func TestResolveConfigRates(t *testing.T) {
	t.Parallel()
	m := emptyProvider()
	m.RequestsPerSecond = ratesObject(types.NumberNull(), numberValue(25), numberValue(0.5))
	cfg, known, diags := resolve(m, withKeys(nil))
	if diags.HasError() || !known || cfg.Rates != (liveapi.Rates{Cancel: 25, StreamState: 0.5}) {
		t.Errorf("got %+v, known %t, %v", cfg.Rates, known, diags)
	}
}

// For each attribute: the configuration wins over the environment, and the environment over the default.
func TestResolveConfigPrecedence(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		env        string
		fromEnv    string
		configured func(*providerModel)
		get        func(liveapi.Config) string
		// wantDefault is empty where the attribute is required.
		wantDefault, wantEnv, wantConfigured string
	}{
		"secret_id": {
			env: envSecretID, fromEnv: "env-id", configured: func(m *providerModel) { m.SecretID = types.StringValue("own-id") },
			get: func(c liveapi.Config) string { return c.Credentials.Static.SecretID }, wantEnv: "env-id", wantConfigured: "own-id",
		},
		"secret_key": {
			env: envSecretKey, fromEnv: "env-key", configured: func(m *providerModel) { m.SecretKey = types.StringValue("own-key") },
			get: func(c liveapi.Config) string { return c.Credentials.Static.SecretKey }, wantEnv: "env-key", wantConfigured: "own-key",
		},
		"security_token": {
			env: envSecurityToken, fromEnv: "env-token", configured: func(m *providerModel) {
				m.SecretKey, m.SecurityToken = types.StringValue("own-key"), types.StringValue("own-token")
			},
			get: func(c liveapi.Config) string { return c.Credentials.Static.Token }, wantDefault: "", wantEnv: "env-token", wantConfigured: "own-token",
		},
		"region": {
			env: envRegion, fromEnv: "ap-env", configured: func(m *providerModel) { m.Region = types.StringValue("ap-own") },
			get: func(c liveapi.Config) string { return c.Region }, wantDefault: "", wantEnv: "ap-env", wantConfigured: "ap-own",
		},
		"domain": {
			env: envDomain, fromEnv: "env.example.com", configured: func(m *providerModel) { m.Domain = types.StringValue("own.example.com") },
			get:         func(c liveapi.Config) string { return c.Endpoint.String() },
			wantDefault: "https://live.tencentcloudapi.com", wantEnv: "https://live.env.example.com", wantConfigured: "https://live.own.example.com",
		},
		"endpoints.live": {
			env: envLiveEndpoint, fromEnv: "http://127.0.0.1:1", configured: func(m *providerModel) {
				m.Endpoints = endpointsObject(types.StringValue("own.example.com:8443"), types.StringNull())
			},
			get:         func(c liveapi.Config) string { return c.Endpoint.String() },
			wantDefault: "https://live.tencentcloudapi.com", wantEnv: "http://127.0.0.1:1", wantConfigured: "https://own.example.com:8443",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			check := func(what, want string, m providerModel, env map[string]string) {
				t.Helper()
				cfg, known, diags := resolve(m, env)
				if diags.HasError() || !known || tt.get(cfg) != want {
					t.Errorf("%s: got %q, known %t, %v, want %q", what, tt.get(cfg), known, diags, want)
				}
			}
			own := emptyProvider()
			tt.configured(&own)
			if tt.env != envSecretID && tt.env != envSecretKey {
				check("default", tt.wantDefault, emptyProvider(), withKeys(nil))
			}
			check("environment", tt.wantEnv, emptyProvider(), withKeys(map[string]string{tt.env: tt.fromEnv}))
			check("configuration", tt.wantConfigured, own, withKeys(nil))
			check("configuration over environment", tt.wantConfigured, own, withKeys(map[string]string{tt.env: tt.fromEnv}))
		})
	}
}

// An endpoint makes protocol and domain idle.
func TestResolveConfigEndpointOverDomain(t *testing.T) {
	t.Parallel()
	m := emptyProvider()
	m.Domain = types.StringValue("intl.tencentcloudapi.com")
	cfg, _, diags := resolve(m, withKeys(map[string]string{envLiveEndpoint: "http://localhost:9", envProtocol: "HTTPS"}))
	if diags.HasError() || cfg.Endpoint.String() != "http://localhost:9" {
		t.Errorf("got %v, %v", cfg.Endpoint, diags)
	}
}

func TestResolveConfigDefaults(t *testing.T) {
	t.Parallel()
	cfg, known, diags := resolve(emptyProvider(), withKeys(nil))
	if diags.HasError() || !known {
		t.Fatal(diags)
	}
	if cfg.MaxRetries != 10 || cfg.Pacing != (liveapi.Pacing{CancelAfterCreate: 5 * time.Second, ReuseAfterCancel: 30 * time.Second}) {
		t.Errorf("got %+v", cfg)
	}
}

func TestResolveConfigProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(*providerModel)
		env    map[string]string
		want   []string // the attributes that are pointed at
		text   []string
	}{
		"no credentials at all": {want: []string{"secret_id"}, text: []string{"TENCENTCLOUD_SECRET_ID", "TENCENTCLOUD_SECRET_KEY"}},
		"everything wrong at once": {
			change: func(m *providerModel) {
				m.SecretID = types.StringValue("own")
				m.Endpoints = endpointsObject(types.StringValue("http://live.example.com"), types.StringValue("ftp://sts.example.com"))
			},
			want: []string{"endpoints.live", "endpoints.sts", "secret_key"},
			text: []string{"plain HTTP", `scheme "ftp"`},
		},
		"plain HTTP by protocol": {
			env: withKeys(map[string]string{envProtocol: "http"}), want: []string{"protocol"}, text: []string{"TENCENTCLOUD_PROTOCOL", "plain HTTP"},
		},
		"unknown protocol": {
			env: withKeys(map[string]string{envProtocol: "gopher"}), want: []string{"protocol"}, text: []string{`"gopher"`, "TENCENTCLOUD_PROTOCOL"},
		},
		"bad endpoint of the environment": {
			env:  withKeys(map[string]string{envLiveEndpoint: "http://live.example.com/path"}),
			want: []string{"endpoints.live"}, text: []string{"TENCENTCSS_LIVE_ENDPOINT", "path"},
		},
		"bad domain": {
			change: func(m *providerModel) { m.Domain = types.StringValue("example.com/x") },
			env:    withKeys(nil), want: []string{"domain"}, text: []string{"path"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := emptyProvider()
			if tt.change != nil {
				tt.change(&m)
			}
			_, _, diags := resolve(m, tt.env)
			if got := attributesOf(diags); !slices.Equal(got, tt.want) {
				t.Errorf("problems at %v, want %v: %v", got, tt.want, diags)
			}
			var all strings.Builder
			for _, d := range diags {
				all.WriteString(d.Summary() + ": " + d.Detail() + "\n")
			}
			acctest.ExpectText(t, all.String(), tt.text...)
		})
	}
}

// What is not known yet is no problem, and nothing is made of it.
func TestResolveConfigUnknown(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*providerModel){
		"secret_id":  func(m *providerModel) { m.SecretID = types.StringUnknown() },
		"secret_key": func(m *providerModel) { m.SecretKey = types.StringUnknown() },
		"secret_key beside an ID": func(m *providerModel) {
			m.SecretID, m.SecretKey = types.StringValue("own-id"), types.StringUnknown()
		},
		"token":    func(m *providerModel) { m.SecurityToken = types.StringUnknown() },
		"domain":   func(m *providerModel) { m.Domain = types.StringUnknown() },
		"protocol": func(m *providerModel) { m.Protocol = types.StringUnknown() },
		"endpoint": func(m *providerModel) {
			m.Endpoints = endpointsObject(types.StringUnknown(), types.StringNull())
		},
		"endpoints":   func(m *providerModel) { m.Endpoints = types.ObjectUnknown(nil) },
		"max_retries": func(m *providerModel) { m.MaxRetries = types.NumberUnknown() },
		"pacing":      func(m *providerModel) { m.Pacing = types.ObjectUnknown(nil) },
		"rates":       func(m *providerModel) { m.RequestsPerSecond = types.ObjectUnknown(nil) },
		"rate": func(m *providerModel) {
			m.RequestsPerSecond = ratesObject(types.NumberUnknown(), types.NumberNull(), types.NumberNull())
		},
	} {
		m := emptyProvider()
		change(&m)
		if _, known, diags := resolve(m, withKeys(nil)); known || diags.HasError() {
			t.Errorf("%s: known %t, %v", name, known, diags)
		}
	}
}

func TestUserAgentAndRequestClient(t *testing.T) {
	t.Parallel()
	if got := userAgent("1.11.4", "0.1.0", " team/7 "); got != "Terraform/1.11.4 terraform-provider-tencentcss/0.1.0 team/7" {
		t.Errorf("user agent %q", got)
	}
	if got := userAgent("1.11.4", "0.1.0", ""); got != "Terraform/1.11.4 terraform-provider-tencentcss/0.1.0" {
		t.Errorf("user agent %q", got)
	}
	if got := requestClient("0.1.0-rc1+build/5"); got != "terraform-provider-tencentcss-0.1.0-rc1-build-5" {
		t.Errorf("request client %q", got)
	}
}

// An empty text in any attribute of the block counts as unset: the environment is looked at, or the default used.
func TestResolveConfigEmptyCountsAsUnset(t *testing.T) {
	t.Parallel()
	empty := types.StringValue("")
	m := emptyProvider()
	m.SecretID, m.SecretKey, m.SecurityToken, m.Region, m.Protocol, m.Domain = empty, empty, empty, empty, empty, empty
	m.Profile, m.SharedCredentialsDir, m.CAMRoleName = empty, empty, empty
	m.Endpoints, m.Pacing = endpointsObject(empty, empty), pacingObject(empty, empty)
	cfg, known, diags := resolve(m, withKeys(map[string]string{envSecurityToken: "env-token", envRegion: "ap-env", envLiveEndpoint: "live.example.com"}))
	if diags.HasError() || !known {
		t.Fatal(diags)
	}
	if got, want := *cfg.Credentials.Static, (liveapi.Keys{SecretID: "env-id", SecretKey: "env-key", Token: "env-token"}); got != want {
		t.Errorf("keys %+v", got)
	}
	if cfg.Region != "ap-env" || cfg.Endpoint.String() != "https://live.example.com" || cfg.STSEndpoint.String() != "https://sts.tencentcloudapi.com" || cfg.Pacing != liveapi.DefaultPacing() {
		t.Errorf("got %+v", cfg)
	}
}

// An empty variable counts as unset too, that of the SDK's file included.
func TestResolveConfigEmptyVariables(t *testing.T) {
	t.Parallel()
	env := withKeys(nil)
	for _, name := range []string{
		envSecurityToken, envRegion, envProtocol, envDomain, envLiveEndpoint, envSTSEndpoint, envUserAgent, envRoleARN, envRoleSessionName, envRoleDuration,
		envRoleExternalID, envWebIdentityToken, envWebIdentityTokenFile, envProfile, envSharedDir, envCAMRole, envMetadataEndpoint, liveapi.SDKFileVariable,
	} {
		env[name] = " "
	}
	if cfg, known, diags := resolve(emptyProvider(), env); diags.HasError() || !known || cfg.Credentials.Static == nil {
		t.Errorf("got %+v, %v", cfg.Credentials, diags)
	}
}

// White space around what is sent in a header is trimmed, from the block and from the environment.
func TestResolveConfigTrimsEnds(t *testing.T) {
	t.Parallel()
	m := emptyProvider()
	m.SecretID, m.SecretKey, m.SecurityToken = types.StringValue("\ufeff own-id\r\n"), types.StringValue("own-key\n"), types.StringValue("\towntoken\x00")
	cfg, _, diags := resolve(m, map[string]string{envRegion: " ap-guangzhou\n", envUserAgent: "team/7\r\n"})
	if diags.HasError() {
		t.Fatal(diags)
	}
	if got, want := *cfg.Credentials.Static, (liveapi.Keys{SecretID: "own-id", SecretKey: "own-key", Token: "owntoken"}); got != want {
		t.Errorf("got %+v", got)
	}
	if cfg.Region != "ap-guangzhou" || cfg.UserAgent != "team/7" {
		t.Errorf("region %q, user agent %q", cfg.Region, cfg.UserAgent)
	}
	cfg, _, diags = resolve(emptyProvider(), map[string]string{envSecretID: "env-id\n", envSecretKey: " env-key", envSecurityToken: "env-token\r\n"})
	if want := (liveapi.Keys{SecretID: "env-id", SecretKey: "env-key", Token: "env-token"}); diags.HasError() || *cfg.Credentials.Static != want {
		t.Errorf("got %+v, %v", cfg.Credentials.Static, diags)
	}
}

func TestResolveConfigPacing(t *testing.T) {
	t.Parallel()
	m := emptyProvider()
	m.Pacing = pacingObject(types.StringValue("0s"), types.StringNull())
	cfg, _, diags := resolve(m, withKeys(nil))
	if want := (liveapi.Pacing{ReuseAfterCancel: 30 * time.Second}); diags.HasError() || cfg.Pacing != want {
		t.Errorf("got %+v, %v", cfg.Pacing, diags)
	}
}

// Account IDs that guard nothing are refused.
func TestAccountIDsThatGuardNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct{ id, want string }{{"", "must not be empty"}, {"my-account", "must be an account ID"}, {" 100000000001\n", ""}} {
		id, want := tt.id, tt.want
		m := emptyProvider()
		m.AllowedAccountIDs = types.SetValueMust(types.StringType, []attr.Value{types.StringValue(id)})
		cfg, _, diags := resolve(m, withKeys(nil))
		switch {
		case want == "" && (diags.HasError() || len(cfg.AllowedAccountIDs) != 1 || cfg.AllowedAccountIDs[0] != "100000000001"):
			t.Errorf("%q: got %q, %v", id, cfg.AllowedAccountIDs, diags)
		case want != "" && (len(diags) != 1 || !strings.Contains(diags[0].Detail(), want) || attributesOf(diags)[0] != path.Root("allowed_account_ids").String()):
			t.Errorf("%q: got %v", id, diags)
		}
	}
}

// A number is judged at the precision that the CLI sends, and named as it was written.
func TestSettingNumber(t *testing.T) {
	t.Parallel()
	whole, rate := settingNumber{0, 100, true}, settingNumber{min: 0.01, max: 10000}
	for _, tt := range []struct {
		rule       settingNumber
		text, want string
	}{
		{whole, "0", ""},
		{whole, "100", ""},
		{whole, "1.0", ""},
		{whole, "1e2", ""},
		{rate, "0.01", ""},
		{rate, "10000", ""},
		{rate, "0.1", ""},
		{whole, "1.5", "x must be a whole number from 0 to 100; got 1.5."},
		{whole, "-1", "got -1."},
		{whole, "101", "got 101."},
		{whole, "1e30", "got 1e+30."},
		{whole, "1e400", "got 1e+400."},
		{whole, "0.0000000000000000000000000000000001", "got 1e-34."},
		{rate, "0.009", "x must be a number from 0.01 to 10000; got 0.009."},
		{rate, "10000.1", "got 10000.1."},
	} {
		n, _, err := big.ParseFloat(tt.text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		var resp validator.NumberResponse
		tt.rule.ValidateNumber(t.Context(), validator.NumberRequest{Path: path.Root("x"), ConfigValue: types.NumberValue(n)}, &resp)
		if ok := !resp.Diagnostics.HasError(); ok != (tt.want == "") || !ok && !strings.Contains(resp.Diagnostics[0].Detail(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.text, resp.Diagnostics, tt.want)
		}
	}
}

// What a rule finds follows the name of the attribute; a text that keeps the rule has no problem, nor has an empty one.
func TestSettingRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule       settingRule
		text, want string
	}{
		{wordRule{}, "", ""},
		{wordRule{}, "AKIDx/+=", ""},
		{wordRule{}, "\r\nAKID\n", ""},
		{wordRule{}, "AK ID", "contains white space"},
		{wordRule{}, "AK\nID", "contains"},
		{wordRule{}, "AK\u200bID", "contains"},
		{wordRule{}, "AKID\u200b", "contains"},
		{wordRule{}, "AK\x00ID", "contains"},
		{wordRule{}, "schlüssel", "contains"},
		{lineRule{}, "team/7 (a b)", ""},
		{lineRule{}, "Büro", ""},
		{lineRule{}, "a\r\nb", `got "a\r\nb"`},
		{lineRule{}, "a\u200bb", `got "a\u200bb"`},
		{regionRule(), "ap-guangzhou", ""},
		{regionRule(), "ap guangzhou", `must be a region such as ap-guangzhou; got "ap guangzhou"`},
		{protocolRule(), "https", ""},
		{protocolRule(), "HTTP", ""},
		{protocolRule(), "httpss", "must be HTTPS or HTTP"},
		{sessionNameRule{}, "ab", ""},
		{sessionNameRule{}, strings.Repeat("x", 128), ""},
		{sessionNameRule{}, "x", "got 1"},
		{sessionNameRule{}, strings.Repeat("x", 129), "got 129"},
		{pacingRule{}, "0s", ""},
		{pacingRule{}, "1m30s", ""},
		{pacingRule{}, "5", `got "5". Use "5s" for seconds`},
		{pacingRule{}, "-1s", `got "-1s"`},
		{pacingRule{}, "soon", `got "soon"`},
	} {
		if got := tt.rule.problem(tt.text); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%T, %q: got %q, want %q", tt.rule, tt.text, got, tt.want)
		}
	}
}
