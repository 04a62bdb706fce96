// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

func webIdentityObject(arn, issuer, token string) types.Object {
	return webIdentityWith(arn, issuer, types.StringValue(token), types.StringNull())
}

func webIdentityWith(arn, issuer string, token, file types.String) types.Object {
	return types.ObjectValueMust(map[string]attrType{
		"role_arn": types.StringType, "session_name": types.StringType, "session_duration": types.NumberType,
		"provider_id": types.StringType, "web_identity_token": types.StringType, "web_identity_token_file": types.StringType,
	}, map[string]attrValue{
		"role_arn": types.StringValue(arn), "session_name": types.StringNull(), "session_duration": types.NumberNull(),
		"provider_id": types.StringValue(issuer), "web_identity_token": token, "web_identity_token_file": file,
	})
}

func assumeRoleObject(arn, name types.String, seconds types.Number) types.Object {
	return types.ObjectValueMust(map[string]attrType{
		"role_arn": types.StringType, "session_name": types.StringType, "session_duration": types.NumberType, "policy": types.StringType, "external_id": types.StringType,
	}, map[string]attrValue{
		"role_arn": arn, "session_name": name, "session_duration": seconds, "policy": types.StringValue(`{"version":"2.0"}`), "external_id": types.StringValue("ext"),
	})
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
	for name, text := range map[string]string{"team": `{"secretId":"team-id","secretKey":"team-key"}`, "default": `{"secretId":"dir-id","secretKey":"dir-key"}`} {
		if err := os.WriteFile(filepath.Join(dir, name+".credential"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
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

// Each failure has one message that names the source, the path or variable and the way out, and shows no secret.
func TestCredentialsFailures(t *testing.T) {
	t.Parallel()
	const secret = "not-to-be-shown"
	badFile := filepath.Join(t.TempDir(), "bad.credential")
	if err := os.WriteFile(badFile, []byte(`{"secretId":"`+secret), 0o600); err != nil {
		t.Fatal(err)
	}
	halfFile := filepath.Join(filepath.Dir(badFile), "half.credential")
	if b, err := json.Marshal(map[string]string{"secretId": secret}); err != nil || os.WriteFile(halfFile, b, 0o600) != nil {
		t.Fatal(err)
	}
	writeFiles(t, filepath.Dir(badFile), map[string]string{"cvm.credential": `{"type":"cvm-role"}`})
	keys := credentialSources()[0]
	profile := func(name string) credentialSource {
		return credentialSource{block: func(m *providerModel) {
			m.SharedCredentialsDir, m.Profile = types.StringValue(filepath.Dir(badFile)), types.StringValue(name)
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
			for _, text := range tt.text {
				if !strings.Contains(all.String(), text) {
					t.Errorf("no word of %q in:\n%s", text, all.String())
				}
			}
			if strings.Contains(all.String(), secret) {
				t.Errorf("a secret is shown:\n%s", all.String())
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
			m.ForbiddenAccountIDs = types.SetValueMust(types.StringType, []attrValue{types.StringUnknown()})
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
