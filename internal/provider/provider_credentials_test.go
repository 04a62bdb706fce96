// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// credentialSource is what one source of credentials puts into the block, the environment and the home directory.
type credentialSource struct {
	name, origin string
	block        func(*providerModel)
	env          map[string]string
	files        map[string]string // below the home directory
}

func tccliProfile(id string) string {
	return fmt.Sprintf(`{"secretId":%q,"secretKey":"key"}`, id)
}

func sdkCredentials(id string) string {
	return fmt.Sprintf("[default]\nsecret_id = %s\nsecret_key = key\n", id)
}

// credentialSources are all sources of keys: those of the block, those of the environment in the order in which they win,
// and the files that nobody has to ask for.
func credentialSources() []credentialSource {
	return []credentialSource{
		{name: "`secret_id`, `secret_key`", origin: "block-keys", block: func(m *providerModel) {
			m.SecretID, m.SecretKey = types.StringValue("block-keys"), types.StringValue("key")
		}},
		{name: "`assume_role_with_web_identity`", origin: "block-issuer", block: func(m *providerModel) { m.WebIdentity = webIdentityObject("arn", "block-issuer", "jwt") }},
		{
			name: "`profile`", origin: "block-profile", block: func(m *providerModel) { m.Profile = types.StringValue("block") },
			files: map[string]string{".tccli/block.credential": tccliProfile("block-profile")},
		},
		{
			name: "`enable_pod_oidc`", origin: "tke", block: func(m *providerModel) { m.EnablePodOIDC = types.BoolValue(true) },
			env:   map[string]string{envPodRegion: "ap-pod", envPodProviderID: "tke", envPodRoleARN: "pod-arn", envPodTokenFile: "~/pod/token"},
			files: map[string]string{"pod/token": "jwt\n"},
		},
		{name: "`cam_role_name`", origin: "block-cvm", block: func(m *providerModel) { m.CAMRoleName = types.StringValue("block-cvm") }},

		{name: "`TENCENTCLOUD_SECRET_ID`, `…_SECRET_KEY`", origin: "env-keys", env: map[string]string{envSecretID: "env-keys", envSecretKey: "key"}},
		{name: "`TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN`, `…_TOKEN_FILE`", origin: "env-issuer", env: map[string]string{
			envRoleARN: "env-arn", envRoleProviderID: "env-issuer", envWebIdentityToken: "jwt",
		}},
		{
			name: "`TENCENTCLOUD_PROFILE`", origin: "env-profile", env: map[string]string{envProfile: "env"},
			files: map[string]string{".tccli/env.credential": tccliProfile("env-profile")},
		},
		{
			name: "`TENCENTCLOUD_CREDENTIALS_FILE`", origin: "env-sdk", env: map[string]string{liveapi.SDKFileVariable: "~/env-sdk"},
			files: map[string]string{"env-sdk": sdkCredentials("env-sdk")},
		},
		{name: "`TENCENTCLOUD_CAM_ROLE_NAME`", origin: "env-cvm", env: map[string]string{envCAMRole: "env-cvm"}},

		{name: "`~/.tccli/default.credential`", origin: "home-profile", files: map[string]string{".tccli/default.credential": tccliProfile("home-profile")}},
		{name: "`~/.tencentcloud/credentials`", origin: "home-sdk", files: map[string]string{".tencentcloud/credentials": sdkCredentials("home-sdk")}},
	}
}

// resolveFrom resolves a configuration in which the given sources are all there.
func resolveFrom(t *testing.T, sources ...credentialSource) (liveapi.Config, bool, diag.Diagnostics) {
	t.Helper()
	m, env := emptyProvider(), map[string]string{}
	home := t.TempDir()
	for _, s := range sources {
		if s.block != nil {
			s.block(&m)
		}
		maps.Copy(env, s.env)
		writeFiles(t, home, s.files)
	}
	return resolveConfig(t.Context(), m, environment{getenv: func(name string) string { return env[name] }, home: home})
}

func writeFiles(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		file := filepath.Join(dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o700), os.WriteFile(file, []byte(text), 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

// originOf names the source that credentials were taken from.
func originOf(c liveapi.Credentials) string {
	switch {
	case c.Static != nil:
		return c.Static.SecretID
	case c.WebIdentity != nil:
		return c.WebIdentity.ProviderID
	case c.Metadata != nil:
		return c.Metadata.Role
	}
	return "none"
}

func webIdentityObject(arn, issuer, token string) types.Object {
	return webIdentityWith(arn, issuer, types.StringValue(token), types.StringNull())
}

func webIdentityWith(arn, issuer string, token, file types.String) types.Object {
	return types.ObjectValueMust(map[string]attr.Type{
		"role_arn": types.StringType, "session_name": types.StringType, "session_duration": types.NumberType,
		"provider_id": types.StringType, "web_identity_token": types.StringType, "web_identity_token_file": types.StringType,
	}, map[string]attr.Value{
		"role_arn": types.StringValue(arn), "session_name": types.StringNull(), "session_duration": types.NumberNull(),
		"provider_id": types.StringValue(issuer), "web_identity_token": token, "web_identity_token_file": file,
	})
}

func assumeRoleObject(arn, name types.String, seconds types.Number) types.Object {
	return types.ObjectValueMust(map[string]attr.Type{
		"role_arn": types.StringType, "session_name": types.StringType, "session_duration": types.NumberType, "policy": types.StringType, "external_id": types.StringType,
	}, map[string]attr.Value{
		"role_arn": arn, "session_name": name, "session_duration": seconds, "policy": types.StringValue(`{"version":"2.0"}`), "external_id": types.StringValue("ext"),
	})
}

// For every pair of sources: two of the block contradict each other; the block wins over the environment, the environment
// over the files in the home directory, and within these two the source that stands first. The guide has this table.
func TestCredentialsPrecedence(t *testing.T) {
	t.Parallel()
	sources := credentialSources()
	var table strings.Builder
	table.WriteString("| | source |")
	for i := range sources {
		fmt.Fprintf(&table, " %d |", i+1)
	}
	table.WriteString("\n|---|---|" + strings.Repeat("---|", len(sources)) + "\n")
	for i, a := range sources {
		fmt.Fprintf(&table, "| %d | %s |", i+1, a.name)
		for j, b := range sources {
			winner := fmt.Sprint(min(i, j) + 1)
			switch {
			case i == j:
				winner = "·"
			case a.block != nil && b.block != nil:
				winner = "✗"
			}
			fmt.Fprintf(&table, " %s |", winner)

			cfg, known, diags := resolveFrom(t, a, b)
			if winner == "✗" {
				if !diags.HasError() || diags[0].Summary() != "Contradictory credentials" {
					t.Errorf("%s with %s: got %s, %v, want a contradiction", a.name, b.name, originOf(cfg.Credentials), diags)
				}
				continue
			}
			if got, want := originOf(cfg.Credentials), sources[min(i, j)].origin; diags.HasError() || !known || got != want {
				t.Errorf("%s with %s: got %s, want %s, %v", a.name, b.name, got, want, diags)
			}
		}
		table.WriteString("\n")
	}
	guide, err := os.ReadFile("../../templates/guides/authentication.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(guide), table.String()) {
		t.Errorf("the guide lacks this table:\n%s", table.String())
	}
}

// A contradiction names every source, in whatever attributes, and an attribute that is empty or false is none.
func TestCredentialsContradictions(t *testing.T) {
	t.Parallel()
	m := emptyProvider()
	m.SecretID, m.SharedCredentialsDir, m.EnablePodOIDC = types.StringValue("id"), types.StringValue("/somewhere"), types.BoolValue(true)
	_, _, diags := resolve(m, nil)
	if got := attributesOf(diags); len(got) != 1 || !strings.Contains(diags[0].Detail(), "secret_id, shared_credentials_dir and enable_pod_oidc. Keep one of them") {
		t.Errorf("got %v", diags)
	}
	m.SecretKey, m.SharedCredentialsDir, m.CAMRoleName, m.EnablePodOIDC = types.StringValue("key"), types.StringValue(" "), types.StringValue(""), types.BoolValue(false)
	if cfg, _, diags := resolve(m, nil); diags.HasError() || originOf(cfg.Credentials) != "id" {
		t.Errorf("got %v", diags)
	}
}

// A token belongs to the secret key beside it.
func TestCredentialsTokens(t *testing.T) {
	t.Parallel()
	text := types.StringValue
	for name, tt := range map[string]struct {
		id, key, token types.String
		env            map[string]string
		want           liveapi.Keys
		problem        string
	}{
		"all of the block":         {id: text("b"), key: text("b"), token: text("t"), want: liveapi.Keys{SecretID: "b", SecretKey: "b", Token: "t"}},
		"all of the environment":   {env: withKeys(map[string]string{envSecurityToken: "e"}), want: liveapi.Keys{SecretID: "env-id", SecretKey: "env-key", Token: "e"}},
		"token of the environment": {id: text("b"), key: text("b"), env: withKeys(map[string]string{envSecurityToken: "e"}), want: liveapi.Keys{SecretID: "b", SecretKey: "b"}},
		"token of the block":       {token: text("t"), env: withKeys(nil), problem: "security_token is set in the provider block, but the secret_key that it belongs to is not"},
		"ID of the block only":     {id: text("b"), env: withKeys(map[string]string{envSecurityToken: "e"}), want: liveapi.Keys{SecretID: "b", SecretKey: "env-key", Token: "e"}},
		"key of the block only":    {key: text("b"), env: withKeys(map[string]string{envSecurityToken: "e"}), want: liveapi.Keys{SecretID: "env-id", SecretKey: "b"}},
		"token of the block alone": {token: text("t"), problem: "security_token is set"},
		"empty token of the block": {id: text("b"), key: text("b"), token: text(""), env: map[string]string{envSecurityToken: "e"}, want: liveapi.Keys{SecretID: "b", SecretKey: "b"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := emptyProvider()
			m.SecretID, m.SecretKey, m.SecurityToken = tt.id, tt.key, tt.token
			cfg, _, diags := resolve(m, tt.env)
			switch {
			case tt.problem != "":
				if len(diags) != 1 || !strings.Contains(diags[0].Detail(), tt.problem) || attributesOf(diags)[0] != "security_token" {
					t.Errorf("got %v", diags)
				}
			case diags.HasError() || *cfg.Credentials.Static != tt.want:
				t.Errorf("got %+v, %v", cfg.Credentials.Static, diags)
			}
		})
	}
}

// A token of the block is not ignored beside another source either.
func TestCredentialsTokenBesideAnotherSource(t *testing.T) {
	t.Parallel()
	m := emptyProvider()
	m.SecurityToken, m.CAMRoleName = types.StringValue("t"), types.StringValue("mixer")
	if _, _, diags := resolve(m, nil); len(diags) != 1 || attributesOf(diags)[0] != "security_token" {
		t.Errorf("got %v", diags)
	}
}

// A role to assume comes on top of every source; the variable of its ARN belongs to a web identity where one is used.
func TestCredentialsAssumeRole(t *testing.T) {
	t.Parallel()
	block := credentialSource{block: func(m *providerModel) {
		m.AssumeRole = assumeRoleObject(types.StringValue("own-arn"), types.StringNull(), types.NumberNull())
	}}
	env := credentialSource{env: map[string]string{envRoleARN: "env-arn", envRoleSessionName: "env-name", envRoleDuration: "900", envRoleExternalID: "env-ext"}}
	for _, source := range credentialSources() {
		t.Run(source.name, func(t *testing.T) {
			t.Parallel()
			cfg, _, diags := resolveFrom(t, source, block)
			if diags.HasError() {
				t.Fatal(diags)
			}
			want := liveapi.AssumeRole{RoleARN: "own-arn", SessionName: defaultRoleSession, Duration: 2 * time.Hour, Policy: `{"version":"2.0"}`, ExternalID: "ext"}
			if got := cfg.Credentials.AssumeRole; got == nil || *got != want {
				t.Errorf("by the block: got %+v, want %+v", got, want)
			}
			cfg, _, diags = resolveFrom(t, source, env)
			if diags.HasError() {
				t.Fatal(diags)
			}
			got := cfg.Credentials.AssumeRole
			if cfg.Credentials.WebIdentity != nil {
				if got != nil {
					t.Errorf("by the environment, beside a web identity: got %+v", got)
				}
				return
			}
			if want := (liveapi.AssumeRole{RoleARN: "env-arn", SessionName: "env-name", Duration: 15 * time.Minute, ExternalID: "env-ext"}); got == nil || *got != want {
				t.Errorf("by the environment: got %+v, want %+v", got, want)
			}
		})
	}
}

// Every attribute of a role: the block wins over the environment, and the environment over the default.
func TestCredentialsRoleAttributes(t *testing.T) {
	t.Parallel()
	keys := credentialSources()[0]
	env := credentialSource{env: map[string]string{envRoleARN: "env-arn", envRoleSessionName: "env-name", envRoleDuration: "900"}}
	block := credentialSource{block: func(m *providerModel) {
		m.AssumeRole = assumeRoleObject(types.StringValue("own-arn"), types.StringValue("own-name"), numberValue(60))
	}}
	cfg, _, diags := resolveFrom(t, keys, env, block)
	want := liveapi.AssumeRole{RoleARN: "own-arn", SessionName: "own-name", Duration: time.Minute, Policy: `{"version":"2.0"}`, ExternalID: "ext"}
	if got := cfg.Credentials.AssumeRole; diags.HasError() || got == nil || *got != want {
		t.Errorf("got %+v, want %+v, %v", got, want, diags)
	}
}

func TestCredentialsProfile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeFiles(t, dir, map[string]string{"team.credential": tccliProfile("team-id"), "default.credential": tccliProfile("dir-id")})
	inBlock := func(dir, profile string) credentialSource {
		return credentialSource{block: func(m *providerModel) {
			if dir != "" {
				m.SharedCredentialsDir = types.StringValue(dir)
			}
			if profile != "" {
				m.Profile = types.StringValue(profile)
			}
		}}
	}
	inEnv := func(dir, profile string) credentialSource {
		return credentialSource{env: map[string]string{envSharedDir: dir, envProfile: profile}}
	}
	for name, tt := range map[string]struct {
		sources []credentialSource
		want    string
	}{
		"directory":                      {[]credentialSource{inBlock(dir, "")}, "dir-id"},
		"directory and profile":          {[]credentialSource{inBlock(dir, "team")}, "team-id"},
		"environment":                    {[]credentialSource{inEnv(dir, "team")}, "team-id"},
		"block over environment":         {[]credentialSource{inBlock(dir, "team"), inEnv("/nowhere", "nobody")}, "team-id"},
		"profile over that of the shell": {[]credentialSource{inBlock("", "team"), inEnv(dir, "default")}, "team-id"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg, _, diags := resolveFrom(t, tt.sources...)
			if diags.HasError() || cfg.Credentials.Static == nil || cfg.Credentials.Static.SecretID != tt.want {
				t.Errorf("got %+v, %v", cfg.Credentials.Static, diags)
			}
		})
	}
}

func TestCredentialsUnknown(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*providerModel){
		"assume_role": func(m *providerModel) { m.AssumeRole = types.ObjectUnknown(nil) },
		"role_arn": func(m *providerModel) {
			m.AssumeRole = assumeRoleObject(types.StringUnknown(), types.StringNull(), types.NumberNull())
		},
		"web identity": func(m *providerModel) { m.SecretID, m.WebIdentity = types.StringNull(), types.ObjectUnknown(nil) },
		"profile":      func(m *providerModel) { m.SecretID, m.Profile = types.StringNull(), types.StringUnknown() },
		"pod":          func(m *providerModel) { m.EnablePodOIDC = types.BoolUnknown() },
		"role name":    func(m *providerModel) { m.CAMRoleName = types.StringUnknown() },
		"allowed":      func(m *providerModel) { m.AllowedAccountIDs = types.SetUnknown(types.StringType) },
		"forbidden one": func(m *providerModel) {
			m.ForbiddenAccountIDs = types.SetValueMust(types.StringType, []attr.Value{types.StringUnknown()})
		},
	} {
		m, env := emptyProvider(), map[string]string{}
		if name == "assume_role" || name == "role_arn" || name == "allowed" || name == "forbidden one" {
			env = withKeys(nil)
		}
		change(&m)
		if _, known, diags := resolve(m, env); known || diags.HasError() {
			t.Errorf("%s: known %t, %v", name, known, diags)
		}
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
