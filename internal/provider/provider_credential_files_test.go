// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

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

// A profile with a role assumes it, unless a role is asked for: in the block in any case, in the environment where the
// block does not name the profile.
func TestCredentialsRoleOfProfile(t *testing.T) {
	t.Parallel()
	file := func(more string) credentialSource {
		return credentialSource{files: map[string]string{".tccli/default.credential": `{"secretId":"id","secretKey":"key","role-arn":"profile-arn"` + more + `}`}}
	}
	inBlock := credentialSource{block: func(m *providerModel) { m.Profile = types.StringValue("default") }}
	roleInBlock := credentialSource{block: func(m *providerModel) {
		m.AssumeRole = assumeRoleObject(types.StringValue("block-arn"), types.StringNull(), types.NumberNull())
	}}
	roleInEnv := credentialSource{env: map[string]string{envRoleARN: "env-arn"}}
	for name, tt := range map[string]struct {
		sources            []credentialSource
		wantARN, wantLabel string
	}{
		"with a session name":                           {[]credentialSource{file(`,"role-session-name":"show"`)}, "profile-arn", "show"},
		"without one":                                   {[]credentialSource{file("")}, "profile-arn", defaultRoleSession},
		"profile of the block":                          {[]credentialSource{file(""), inBlock}, "profile-arn", defaultRoleSession},
		"role of the block":                             {[]credentialSource{file(""), roleInBlock}, "block-arn", defaultRoleSession},
		"role of the block, profile of the block":       {[]credentialSource{file(""), inBlock, roleInBlock}, "block-arn", defaultRoleSession},
		"role of the environment":                       {[]credentialSource{file(""), roleInEnv}, "env-arn", defaultRoleSession},
		"role of the environment, profile of the block": {[]credentialSource{file(""), inBlock, roleInEnv}, "profile-arn", defaultRoleSession},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, _, diags := resolveFrom(t, tt.sources...)
			got := cfg.Credentials.AssumeRole
			if diags.HasError() || got == nil || got.RoleARN != tt.wantARN || got.SessionName != tt.wantLabel || got.Duration != 2*time.Hour {
				t.Errorf("got %+v, %v", got, diags)
			}
		})
	}
}

// A web identity has one token: the block wins over the environment, and the token over its file.
func TestCredentialsWebIdentityToken(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"block": "jwt", "env": "jwt"})
	file := func(name string) types.String { return types.StringValue(filepath.Join(dir, name)) }
	env := map[string]string{envWebIdentityToken: "env-token", envWebIdentityTokenFile: filepath.Join(dir, "env")}
	for name, tt := range map[string]struct {
		token, file         types.String
		env                 map[string]string
		wantToken, wantFile string
		problem             bool
	}{
		"token of the block":      {token: types.StringValue("own"), env: env, wantToken: "own"},
		"file of the block":       {file: file("block"), env: env, wantFile: "block"},
		"both of the environment": {env: env, wantToken: "env-token"},
		"both of the block":       {token: types.StringValue("own"), file: file("block"), problem: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := emptyProvider()
			m.WebIdentity = webIdentityWith("arn", "issuer", tt.token, tt.file)
			cfg, _, diags := resolve(m, tt.env)
			if tt.problem {
				if len(diags) != 1 || attributesOf(diags)[0] != "assume_role_with_web_identity.web_identity_token_file" {
					t.Errorf("got %v", diags)
				}
				return
			}
			w := cfg.Credentials.WebIdentity
			if diags.HasError() || w == nil || w.Token != tt.wantToken || (tt.wantFile == "") != (w.TokenFile == "") || tt.wantFile != "" && filepath.Base(w.TokenFile) != tt.wantFile {
				t.Errorf("got %+v, %v", w, diags)
			}
		})
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
