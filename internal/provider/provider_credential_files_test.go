// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// A default file that nobody asked for and that holds no keys is as good as none, and the error for missing keys names it.
func TestCredentialsDefaultFilesWithoutKeys(t *testing.T) {
	t.Parallel()
	for name, files := range map[string]map[string]string{
		"profile of a CVM":        {".tccli/default.credential": `{"type":"cvm-role"}`},
		"empty profile":           {".tccli/default.credential": ""},
		"SDK file, empty":         {".tencentcloud/credentials": ""},
		"SDK file, other section": {".tencentcloud/credentials": "[work]\nsecret_id = a\nsecret_key = b\n"},
		"both":                    {".tccli/default.credential": "{}", ".tencentcloud/credentials": "\ufeff[default]\r\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			empty := credentialSource{files: files}
			for _, source := range credentialSources()[:10] {
				cfg, _, diags := resolveFrom(t, empty, source)
				if diags.HasError() || originOf(cfg.Credentials) != source.origin {
					t.Errorf("with %s: got %s, %v", source.name, originOf(cfg.Credentials), diags)
				}
			}
			_, _, diags := resolveFrom(t, empty)
			if len(diags) != 1 || diags[0].Summary() != "No credentials" {
				t.Fatalf("got %v", diags)
			}
			for file := range files {
				acctest.ExpectText(t, diags[0].Detail(), file+" was passed over")
			}
		})
	}
	// The file of the SDK is found past a profile without keys.
	cfg, _, diags := resolveFrom(t, credentialSource{files: map[string]string{
		".tccli/default.credential": `{"type":"cvm-role"}`, ".tencentcloud/credentials": sdkCredentials("sdk"),
	}})
	if diags.HasError() || originOf(cfg.Credentials) != "sdk" {
		t.Errorf("got %s, %v", originOf(cfg.Credentials), diags)
	}
}

// Half a key in the environment is an error by itself, and no matter beside a source that the block names.
func TestCredentialsHalfKeyBesideTheBlock(t *testing.T) {
	t.Parallel()
	half := credentialSource{env: map[string]string{envSecretID: "half"}}
	for _, source := range credentialSources()[1:5] {
		if cfg, _, diags := resolveFrom(t, half, source); diags.HasError() || originOf(cfg.Credentials) != source.origin {
			t.Errorf("with %s: got %s, %v", source.name, originOf(cfg.Credentials), diags)
		}
	}
}

// The file that TENCENTCLOUD_CREDENTIALS_FILE names must be usable; the error shows the true cause and the path.
func TestCredentialsSDKFileUnusable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"empty": "", "section": "[work]\nsecret_id = hush\n", "half": "[default]\nsecret_id = hush\n", "bad": "[default]\nhush\n"})
	for name, want := range map[string]string{
		"missing": "no such file", "empty": "holds no keys", "section": "no section [default]", "half": "has a secret_id but no secret_key", "bad": "not an INI file", ".": "it is a directory",
	} {
		file := filepath.Join(dir, name)
		_, _, diags := resolve(emptyProvider(), map[string]string{liveapi.SDKFileVariable: file})
		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), want) || !strings.Contains(diags[0].Detail(), file) || !strings.Contains(diags[0].Detail(), liveapi.SDKFileVariable) {
			t.Errorf("%s: got %v", name, diags)
		}
		if len(diags) > 0 && strings.Contains(diags[0].Detail(), "hush") {
			t.Errorf("%s: a secret is shown: %v", name, diags)
		}
	}
}

// A tilde stands for the home directory, wherever the path comes from.
func TestCredentialsTilde(t *testing.T) {
	t.Parallel()
	files := map[string]string{"keys/default.credential": tccliProfile("tilde"), "keys/sdk": sdkCredentials("tilde"), "keys/token": "jwt"}
	webIdentity := func(m *providerModel, file string) {
		m.WebIdentity = webIdentityWith("arn", "tilde", types.StringNull(), types.StringValue(file))
	}
	for name, source := range map[string]credentialSource{
		"directory in the block":       {block: func(m *providerModel) { m.SharedCredentialsDir = types.StringValue("~/keys") }},
		"directory in the environment": {env: map[string]string{envSharedDir: "~/keys"}},
		"SDK file":                     {env: map[string]string{liveapi.SDKFileVariable: "~/keys/sdk"}},
		"token file in the block":      {block: func(m *providerModel) { webIdentity(m, "~/keys/token") }},
		"token file in the environment": {env: map[string]string{
			envWebIdentityTokenFile: "~/keys/token", envRoleARN: "arn", envRoleProviderID: "tilde",
		}},
		"token file of the pod": {block: func(m *providerModel) { m.EnablePodOIDC = types.BoolValue(true) }, env: map[string]string{
			envPodRegion: "r", envPodProviderID: "tilde", envPodRoleARN: "a", envPodTokenFile: "~/keys/token",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, _, diags := resolveFrom(t, source, credentialSource{files: files})
			if diags.HasError() || originOf(cfg.Credentials) != "tilde" {
				t.Fatalf("got %s, %v", originOf(cfg.Credentials), diags)
			}
			if w := cfg.Credentials.WebIdentity; w != nil && (!filepath.IsAbs(w.TokenFile) || filepath.Base(w.TokenFile) != "token") {
				t.Errorf("the token file is %s", w.TokenFile)
			}
		})
	}
	// Other uses of a tilde are left alone, and so is any without a home directory.
	e := environment{home: "/home/me"}
	for file, want := range map[string]string{"~": "/home/me", "~/x": "/home/me/x", "~other/x": "~other/x", "/a/~/x": "/a/~/x", "": "", "~x": "~x"} {
		if got := e.expand(file); got != filepath.FromSlash(want) {
			t.Errorf("%s: got %s", file, got)
		}
	}
	if got := (environment{}).expand("~/x"); got != "~/x" {
		t.Errorf("without a home directory: got %s", got)
	}
}

// A home directory of which the files cannot be read is an error that says so.
func TestCredentialsDefaultFileUnreadable(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	if err := os.MkdirAll(filepath.Join(home, ".tccli", "default.credential"), 0o700); err != nil {
		t.Fatal(err)
	}
	_, _, diags := resolveConfig(t.Context(), emptyProvider(), environment{getenv: func(string) string { return "" }, home: home})
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "it is a directory") {
		t.Errorf("got %v", diags)
	}
}

// Without a home directory a profile is not looked for in whatever directory Terraform runs.
func TestCredentialsProfileWithoutHome(t *testing.T) {
	t.Parallel()
	if _, _, diags := resolve(emptyProvider(), map[string]string{envProfile: "team"}); len(diags) != 1 || !strings.Contains(diags[0].Detail(), "Set shared_credentials_dir") || !strings.Contains(diags[0].Detail(), envProfile) {
		t.Errorf("got %v", diags)
	}
	if _, _, diags := resolve(emptyProvider(), nil); len(diags) != 1 || diags[0].Summary() != "No credentials" {
		t.Errorf("got %v", diags)
	}
}

// A named pipe in place of a credentials file is refused by its path, and nobody waits for its writer.
func TestCredentialsNamedPipe(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no named pipes in directories")
	}
	home := t.TempDir()
	pipe := filepath.Join(home, "team.credential")
	if err := exec.CommandContext(t.Context(), "mkfifo", pipe).Run(); err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		block func(*providerModel)
		env   map[string]string
	}{
		"profile": {block: func(m *providerModel) {
			m.SharedCredentialsDir, m.Profile = types.StringValue("~"), types.StringValue("team")
		}},
		"SDK file": {env: map[string]string{liveapi.SDKFileVariable: pipe}},
		"token":    {env: map[string]string{envWebIdentityTokenFile: pipe, envRoleARN: "arn", envRoleProviderID: "issuer"}},
		"pod": {block: func(m *providerModel) { m.EnablePodOIDC = types.BoolValue(true) }, env: map[string]string{
			envPodRegion: "r", envPodProviderID: "p", envPodRoleARN: "a", envPodTokenFile: pipe,
		}},
	} {
		m := emptyProvider()
		if tt.block != nil {
			tt.block(&m)
		}
		_, _, diags := resolveConfig(t.Context(), m, environment{getenv: func(v string) string { return tt.env[v] }, home: home})
		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), pipe) || !strings.Contains(diags[0].Detail(), "it is a named pipe") {
			t.Errorf("%s: got %v", name, diags)
		}
	}
}

// Each failure has one message that names the source, the path or variable and the way out, and shows no secret.
func TestCredentialsFailures(t *testing.T) {
	t.Parallel()
	const secret = "not-to-be-shown"
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{
		"bad.credential": `{"secretId":"` + secret, "half.credential": `{"secretId":"` + secret + `"}`, "cvm.credential": `{"type":"cvm-role"}`,
	})
	keys := credentialSources()[0]
	profile := func(name string) credentialSource {
		return credentialSource{block: func(m *providerModel) {
			m.SharedCredentialsDir, m.Profile = types.StringValue(dir), types.StringValue(name)
		}}
	}
	tests := map[string]struct {
		source []credentialSource
		at     []string
		text   []string
	}{
		"nothing at all": {nil, []string{"secret_id"}, []string{envSecretID + " and " + envSecretKey, authenticationGuide}},
		"half a key": {
			[]credentialSource{{env: map[string]string{envSecretID: "id"}}},
			[]string{"secret_key"},
			[]string{"The environment variable " + envSecretID + " is set, but there is no secret key", envSecretKey},
		},
		"no key in a profile that was asked for": {
			[]credentialSource{profile("cvm")}, []string{"profile"}, []string{"cvm.credential", "holds no keys"},
		},
		"no such profile": {[]credentialSource{profile("nobody")}, []string{"profile"}, []string{"nobody.credential", "no such file", "tccli configure --profile nobody"}},
		"no such profile of the environment": {
			[]credentialSource{{env: map[string]string{envProfile: "nobody"}}},
			[]string{"profile"},
			[]string{"nobody.credential", envProfile},
		},
		"profile that is not JSON": {[]credentialSource{profile("bad")}, []string{"profile"}, []string{"bad.credential", "not the JSON object"}},
		"half a profile":           {[]credentialSource{profile("half")}, []string{"profile"}, []string{"half.credential", "has a secretId but no secretKey"}},
		"default profile that is not JSON": {
			[]credentialSource{{files: map[string]string{".tccli/default.credential": secret}}},
			[]string{"shared_credentials_dir"},
			[]string{"default.credential", "not the JSON object"},
		},
		"no pod": {
			[]credentialSource{{block: func(m *providerModel) { m.EnablePodOIDC = types.BoolValue(true) }, env: map[string]string{envPodRegion: "r"}}},
			[]string{"enable_pod_oidc"},
			[]string{envPodProviderID, envPodTokenFile, envPodRoleARN},
		},
		"no token of the pod": {
			[]credentialSource{{block: func(m *providerModel) { m.EnablePodOIDC = types.BoolValue(true) }, env: map[string]string{
				envPodRegion: "r", envPodProviderID: "p", envPodRoleARN: "a", envPodTokenFile: "/nowhere/token",
			}}},
			[]string{"enable_pod_oidc"},
			[]string{"/nowhere/token", envPodTokenFile},
		},
		"web identity without anything": {
			[]credentialSource{{env: map[string]string{envWebIdentityTokenFile: "/nowhere/token"}}},
			[]string{"assume_role_with_web_identity.provider_id", "assume_role_with_web_identity.role_arn", "assume_role_with_web_identity.web_identity_token_file"},
			[]string{"/nowhere/token", envRoleARN, envRoleProviderID},
		},
		"role without an ARN": {
			[]credentialSource{keys, {block: func(m *providerModel) {
				m.AssumeRole = assumeRoleObject(types.StringNull(), types.StringNull(), types.NumberNull())
			}}},
			[]string{"assume_role.role_arn"},
			[]string{envRoleARN},
		},
		"role with a wrong duration": {
			[]credentialSource{keys, {env: map[string]string{envRoleARN: "arn", envRoleDuration: "soon"}}},
			[]string{"assume_role.session_duration"},
			[]string{`"soon"`, envRoleDuration},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, _, diags := resolveFrom(t, tt.source...)
			if got := attributesOf(diags); !slices.Equal(got, tt.at) {
				t.Errorf("problems at %v, want %v", got, tt.at)
			}
			var all strings.Builder
			for _, d := range diags {
				fmt.Fprintf(&all, "%s: %s\n", d.Summary(), d.Detail())
			}
			acctest.ExpectText(t, all.String(), tt.text...)
			if strings.Contains(all.String(), secret) {
				t.Errorf("a secret is shown:\n%s", all.String())
			}
		})
	}
}

// hush stands in each secret and in each bad file of the situations; no message may show it.
const hush = "hush-hush"

// providerSituation is a provider block with its environment, and the files in its home directory.
type providerSituation struct {
	name, block string
	env         map[string]string
	files       map[string]string
}

func providerSituations() []providerSituation {
	keys := withKeys(nil)
	block := func(name, text string) providerSituation {
		return providerSituation{name: name, block: text, env: keys}
	}
	env := func(name string, env map[string]string) providerSituation {
		return providerSituation{name: name, env: env}
	}
	home := func(name, file, text string) providerSituation {
		return providerSituation{name: name, files: map[string]string{file: text}}
	}
	return []providerSituation{
		{name: "no credentials"},
		home("no credentials, and a profile without keys", ".tccli/default.credential", `{"type":"cvm-role"}`),
		env("half a key in the environment", map[string]string{envSecretID: "AKID"}),
		{name: "half a key in the block", block: `secret_key = "` + hush + `"`},
		block("two sources in the block", `
			secret_id     = "AKID"
			secret_key    = "`+hush+`"
			cam_role_name = "mixer"`),
		block("token without its keys", `security_token = "`+hush+`"`),
		block("line break in a key", `
			secret_id  = "AKID"
			secret_key = "`+hush+`\n`+hush+`"`),
		env("line break in a key of the environment", map[string]string{envSecretID: "AKID", envSecretKey: hush + "\n" + hush}),
		home("space in a key of a profile", ".tccli/default.credential", `{"secretId":"AKID","secretKey":"`+hush+` `+hush+`"}`),
		block("space in the region", `region = "ap guangzhou"`),
		env("line break in the user agent", withKeys(map[string]string{envUserAgent: "team\r\nX-Evil: yes"})),
		{name: "missing profile", block: `profile = "team"`},
		{name: "profile without keys", block: `profile = "team"`, files: map[string]string{".tccli/team.credential": `{"type":"cvm-role"}`}},
		home("profile that is not JSON", ".tccli/default.credential", hush),
		env("missing credentials file", map[string]string{liveapi.SDKFileVariable: "~/credentials"}),
		{
			name: "credentials file without a default section", env: map[string]string{liveapi.SDKFileVariable: "~/credentials"},
			files: map[string]string{"credentials": "[work]\nsecret_key = " + hush},
		},
		home("credentials file that is not INI", ".tencentcloud/credentials", "[default]\n"+hush),
		{name: "missing token file", block: `assume_role_with_web_identity = { role_arn = "arn", provider_id = "issuer", web_identity_token_file = "~/token" }`},
		{
			name:  "token and token file",
			block: `assume_role_with_web_identity = { role_arn = "arn", provider_id = "issuer", web_identity_token = "` + hush + `", web_identity_token_file = "~/token" }`,
		},
		{name: "web identity without a role", block: `assume_role_with_web_identity = { web_identity_token = "` + hush + `" }`},
		{name: "no pod", block: `enable_pod_oidc = true`},
		block("role without an ARN", `assume_role = {}`),
		block("role for too long", `assume_role = { role_arn = "arn", session_duration = 86400 }`),
		env("role for half a second", withKeys(map[string]string{envRoleARN: "arn", envRoleDuration: "0.5"})),
		block("session name of one letter", `assume_role = { role_arn = "arn", session_name = "x" }`),
		block("domain with a scheme", `domain = "https://intl.tencentcloudapi.com/"`),
		block("domain with the service", `domain = "live.tencentcloudapi.com"`),
		block("domain with an asterisk", `domain = "*.tencentcloudapi.com"`),
		env("domain with a port in the environment", withKeys(map[string]string{envDomain: "tencentcloudapi.com:443"})),
		block("endpoint with a password", `endpoints = { live = "https://me:`+hush+`@live.example.com" }`),
		block("endpoint with a path", `endpoints = { live = "https://live.example.com/v1" }`),
		block("endpoint with port 0", `endpoints = { live = "live.example.com:0" }`),
		block("endpoint with port 99999", `endpoints = { sts = "live.example.com:99999" }`),
		block("two endpoints", `endpoints = { live = "live.example.com,sts.example.com" }`),
		block("endpoint with an invisible character", `endpoints = { live = "live.example\u200b.com" }`),
		env("plain HTTP by protocol", withKeys(map[string]string{envProtocol: "http"})),
		block("unknown protocol", `protocol = "gopher"`),
		block("fraction of a retry", `max_retries = 1.5`),
		block("too many retries", `max_retries = 1e400`),
		block("no calls per second", `requests_per_second = { create = 0 }`),
		block("duration without a unit", `pacing = { cancel_after_create = "5" }`),
		block("negative duration", `pacing = { reuse_after_cancel = "-30s" }`),
	}
}

// run validates and configures a provider, as the CLI does.
func (s providerSituation) run(t *testing.T) []*tfprotov6.Diagnostic {
	t.Helper()
	home := t.TempDir()
	writeFiles(t, home, s.files)
	server := newServer(&tencentcssProvider{version: "test", environment: func() environment {
		return environment{getenv: func(name string) string { return s.env[name] }, home: home}
	}})
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	wire, err := acctest.WireValue(cty.ObjectVal(blockValues(t, s.block)), schema.Provider.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	validated, err := server.ValidateProviderConfig(t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: acctest.ToWire(wire)})
	if err != nil || len(validated.Diagnostics) > 0 {
		return validated.Diagnostics
	}
	configured, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.11.4", Config: acctest.ToWire(wire)})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range configured.Diagnostics {
		d.Detail = strings.ReplaceAll(d.Detail, home, filepath.FromSlash("/home/me"))
	}
	return configured.Diagnostics
}

// The golden file shows what a user reads of each situation. No message shows a secret, and each names its attribute, its
// variable or its file.
func TestProviderMessages(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for _, s := range providerSituations() {
		diags := s.run(t)
		if len(diags) == 0 {
			t.Errorf("%s: no diagnostics", s.name)
		}
		said := acctest.Prose(diags)
		if strings.Contains(said, hush) {
			t.Errorf("%s: a secret is shown:\n%s", s.name, said)
		}
		fmt.Fprintf(&text, "== %s ==\n%s\n", s.name, said)
		for _, d := range diags {
			names := []string{"environment variable", "/home/me/"}
			if at := acctest.WirePath(d.Attribute); at != "" {
				names = append(names, at)
			}
			if !slices.ContainsFunc(names, func(name string) bool { return strings.Contains(d.Detail, name) }) {
				t.Errorf("%s: the message names no source: %s", s.name, d.Detail)
			}
		}
	}
	compareGolden(t, "testdata/provider_messages.txt", text.String())
}
