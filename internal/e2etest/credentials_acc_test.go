// SPDX-License-Identifier: MPL-2.0

//go:build unix

package e2etest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// What users set, as the guide on authentication names it.
const (
	envSecretID         = "TENCENTCLOUD_SECRET_ID"
	envSecretKey        = "TENCENTCLOUD_SECRET_KEY"
	envSecurityToken    = "TENCENTCLOUD_SECURITY_TOKEN"
	envMetadataEndpoint = "TENCENTCSS_METADATA_ENDPOINT"
	envRoleARN          = "TENCENTCLOUD_ASSUME_ROLE_ARN"
	envRoleSessionName  = "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"
	envRoleDuration     = "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"
	envRoleProviderID   = "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID"
	envWebIdentityToken = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN"
	envCAMRole          = "TENCENTCLOUD_CAM_ROLE_NAME"

	envPodRegion     = "TKE_REGION"
	envPodProviderID = "TKE_PROVIDER_ID"
	envPodTokenFile  = "TKE_WEB_IDENTITY_TOKEN_FILE"
	envPodRoleARN    = "TKE_ROLE_ARN"
)

const (
	accountID = "100000000001"
	mixerARN  = "qcs::cam::uin/" + accountID + ":roleName/mixer"
	oidcToken = "a-web-identity-token-to-look-for"
	plainKey  = "simulator-secret-key"
)

// newSTS is a simulator that issues keys for one role, in three ways.
func newSTS(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	acctest.Need(t)
	return acctest.StartSimulator(t, append([]func(*livesim.Options){func(o *livesim.Options) {
		o.Roles = map[string]livesim.Role{mixerARN: {}}
		o.WebIdentityProviders = map[string][]string{"issuer": {oidcToken}}
		o.MetadataRole = "mixer"
	}}, changes...)...)
}

// sourceOfKeys is one way to give credentials to a real run.
type sourceOfKeys struct {
	block  string
	env    []string
	files  map[string]string // in the workspace, which is the home directory as well
	issued bool              // the calls are signed by keys that the simulator has issued
}

func sourcesOfKeys() map[string]sourceOfKeys {
	keys := []string{envSecretID + "=AKIDsimulator", envSecretKey + "=" + plainKey}
	tccli := fmt.Sprintf(`{"secretId":"AKIDsimulator","secretKey":%q}`, plainKey)
	return map[string]sourceOfKeys{
		"static":      {block: fmt.Sprintf("secret_id = \"AKIDsimulator\"\n  secret_key = %q", plainKey)},
		"environment": {env: keys},
		"assume role": {env: keys, block: fmt.Sprintf("assume_role = { role_arn = %q, session_duration = 900 }", mixerARN), issued: true},
		"assume role by environment": {
			env: append([]string{envRoleARN + "=" + mixerARN, envRoleSessionName + "=show", envRoleDuration + "=900"}, keys...), issued: true,
		},
		"web identity": {
			block: fmt.Sprintf("assume_role_with_web_identity = { role_arn = %q, provider_id = \"issuer\", web_identity_token = %q }", mixerARN, oidcToken), issued: true,
		},
		"web identity by file": {
			block:  fmt.Sprintf("assume_role_with_web_identity = { role_arn = %q, provider_id = \"issuer\", web_identity_token_file = \"token\" }", mixerARN),
			files:  map[string]string{"token": oidcToken + "\n"},
			issued: true,
		},
		"web identity by environment": {
			env: []string{envRoleARN + "=" + mixerARN, envRoleProviderID + "=issuer", envWebIdentityToken + "=" + oidcToken}, issued: true,
		},
		"tccli": {files: map[string]string{".tccli/default.credential": tccli}},
		"tccli with a byte order mark and a role": {
			files: map[string]string{".tccli/default.credential": fmt.Sprintf("\ufeff"+`{"secretId":"AKIDsimulator","secretKey":%q,"role-arn":%q,"role-session-name":"show"}`, plainKey, mixerARN)}, issued: true,
		},
		"keys from a file with line breaks": {
			block: `secret_id  = file("id.txt")
  secret_key = file("key.txt")`,
			files: map[string]string{"id.txt": "AKIDsimulator\r\n", "key.txt": plainKey + "\n"},
		},
		"tccli profile":                {block: `profile = "team"`, files: map[string]string{".tccli/team.credential": tccli}},
		"tccli directory with a tilde": {block: `shared_credentials_dir = "~/keys"`, files: map[string]string{"keys/default.credential": tccli}},
		"SDK file of Windows": {
			env:   []string{"TENCENTCLOUD_CREDENTIALS_FILE=~/sdk.ini"},
			files: map[string]string{"sdk.ini": "\ufeff[default]\r\nsecret_id = AKIDsimulator\r\nsecret_key = " + plainKey + " \r\n"},
		},
		"SDK file": {files: map[string]string{
			".tencentcloud/credentials": "[default]\nsecret_id = AKIDsimulator\nsecret_key = " + plainKey + "\n",
		}},
		"pod": {
			block: "enable_pod_oidc = true", files: map[string]string{"token": oidcToken},
			env:    []string{envPodRegion + "=ap-shanghai", envPodProviderID + "=issuer", envPodRoleARN + "=" + mixerARN, envPodTokenFile + "=token"},
			issued: true,
		},
		"instance": {block: `cam_role_name = "mixer"`, issued: true},
		"instance over keys and a token of the environment": {
			block: `cam_role_name = "mixer"`, env: []string{envSecretID + "=AKIDsimulator", envSecretKey + "=" + plainKey, envSecurityToken + "=of-another"}, issued: true,
		},
		"static over a token of the environment": {
			block: fmt.Sprintf("secret_id = \"AKIDsimulator\"\n  secret_key = %q", plainKey), env: []string{envSecurityToken + "=of-another"},
		},
		"instance past a profile without keys": {
			block: `cam_role_name = "mixer"`, files: map[string]string{".tccli/default.credential": `{"type":"cvm-role"}`}, issued: true,
		},
		"instance by environment": {env: []string{envCAMRole + "=mixer"}, issued: true},
	}
}

// workspace is one whose provider finds its credentials by the source alone, at the simulator.
func (s sourceOfKeys) workspace(t *testing.T, sim *livesim.Server, mix string, env ...string) *acctest.Workspace {
	t.Helper()
	home := t.TempDir()
	// The CLI sees the home directory of the test as its own, and the provider with it.
	env = append([]string{"HOME=" + home, envMetadataEndpoint + "=" + sim.URL()}, append(s.env, env...)...)
	block := fmt.Sprintf(`
provider "tencentcss" {
  endpoints   = { live = %q, sts = %[1]q }
  pacing      = { cancel_after_create = "%s", reuse_after_cancel = "%[2]s" }
  max_retries = 1
  %[3]s
}
`, sim.URL(), acctest.Pacing, s.block)
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + block + mix}, env...)
	w.Write(s.files)
	for name, text := range s.files {
		file := filepath.Join(home, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// Every source ends in a cancelled session, and the fullest log of it shows no secret.
func TestAccCLI_credentials(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	for name, source := range sourcesOfKeys() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSTS(t)
			log := filepath.Join(t.TempDir(), "trace.log")
			w := source.workspace(t, sim, acctest.MinimalMix("room"), "TF_LOG=TRACE", "TF_LOG_PATH="+log)
			out := w.Run("apply", "-auto-approve")
			if got := acctest.SessionIDs(sim); got != "room" {
				t.Errorf("live sessions: %q", got)
			}
			out += w.Run("destroy", "-auto-approve")
			if err := acctest.NothingLeft(sim); err != nil || acctest.CancelledIDs(sim) != "room" {
				t.Errorf("cancelled: %q, %v", acctest.CancelledIDs(sim), err)
			}
			for _, r := range sim.RequestsOf(livesim.ActionCreate) {
				if issued := r.SecretID != "AKIDsimulator"; issued != source.issued {
					t.Errorf("the call was signed by %s", r.SecretID)
				}
			}

			b, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range []string{plainKey, oidcToken, "Signature=", "TC3-HMAC-SHA256", "TmpSecretKey\":"} {
				if i := strings.Index(string(b), secret); i >= 0 {
					t.Errorf("the log shows %q: …%s…", secret, b[max(0, i-200):min(len(b), i+100)])
				}
				if strings.Contains(out, secret) {
					t.Errorf("the output shows %q", secret)
				}
			}
		})
	}
}

// Keys that last two seconds are enough for an apply of ten, which waits for an input that starts late.
func TestAccCLI_shortLivedRole(t *testing.T) {
	t.Parallel()
	sim := newSTS(t, func(o *livesim.Options) { o.PushSettle = 0 })
	sim.Unpublish("guest")
	mix := strings.Replace(acctest.MinimalMix("room"), "output_params", "wait_for_inputs = true\n  output_params", 1)
	source := sourcesOfKeys()["assume role"]
	source.block = fmt.Sprintf("assume_role = { role_arn = %q, session_duration = 2 }", mixerARN)
	w := source.workspace(t, sim, mix)
	late := time.AfterFunc(9*time.Second, func() { sim.Publish("guest") })
	defer late.Stop()
	w.Run("apply", "-auto-approve")
	creates := sim.RequestsOf(livesim.ActionCreate)
	if took := creates[len(creates)-1].Time.Sub(creates[0].Time); took < 9*time.Second {
		t.Errorf("the apply took %s", took)
	}
	signers := map[string]bool{}
	for _, r := range creates {
		signers[r.SecretID] = true
		if strings.HasPrefix(r.Code, "AuthFailure") {
			t.Errorf("a call was refused with %s", r.Code)
		}
	}
	if len(signers) < 3 {
		t.Errorf("%d keys signed %d calls over nine seconds, want one for each", len(signers), len(creates))
	}
	w.Destroy(sim)
}

// A source that fails is reported once, with its path or variable and the way out, and without a secret.
func TestAccCLI_credentialFailures(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	keys := sourcesOfKeys()["environment"].env
	role := fmt.Sprintf("assume_role = { role_arn = %q }", mixerARN)
	tests := map[string]struct {
		source  sourceOfKeys
		options func(*livesim.Options)
		fault   *livesim.Fault
		want    []string
	}{
		"role refused": {
			source: sourceOfKeys{env: keys, block: role},
			options: func(o *livesim.Options) {
				o.Roles[mixerARN] = livesim.Role{Refuse: &livesim.APIError{Code: "UnauthorizedOperation", Message: "not you"}}
			},
			want: []string{"There are no credentials from the role " + mixerARN, "sts:AssumeRole", "was not started", "Code: UnauthorizedOperation"},
		},
		"no such role": {
			source: sourceOfKeys{env: keys, block: strings.Replace(role, "mixer", "nobody", 1)},
			want:   []string{"There are no credentials from the role", "nobody", "Check role_arn"},
		},
		"web identity refused": {
			source: sourceOfKeys{block: fmt.Sprintf("assume_role_with_web_identity = { role_arn = %q, provider_id = \"issuer\", web_identity_token = \"expired\" }", mixerARN)},
			want:   []string{"There are no credentials from the role " + mixerARN + " by web identity", "that the token has not expired"},
		},
		"no role of the instance": {
			source:  sourceOfKeys{block: `cam_role_name = "mixer"`},
			options: func(o *livesim.Options) { o.MetadataRole = "" },
			want:    []string{`There are no credentials from the metadata service for the role "mixer"`, "HTTP status 404", "Run Terraform on a CVM"},
		},
		"metadata service that hangs": {
			source: sourceOfKeys{block: `cam_role_name = "mixer"`},
			fault:  &livesim.Fault{Action: livesim.ActionMetadata, Times: -1, Hang: true},
			want:   []string{`There are no credentials from the metadata service for the role "mixer"`, "Run Terraform on a CVM"},
		},
		"expired token": {
			source: sourceOfKeys{env: append([]string{envSecurityToken + "=an-expired-token"}, keys...)},
			want:   []string{"The security token is wrong or has expired", "Give fresh temporary credentials", "Code: AuthFailure.TokenFailure"},
		},
		"no credentials": {
			source: sourceOfKeys{},
			want:   []string{"No credentials", envSecretID + " and " + envSecretKey, "guides/authentication"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSTS(t, func(o *livesim.Options) {
				if tt.options != nil {
					tt.options(o)
				}
			})
			if tt.fault != nil {
				sim.Inject(*tt.fault)
			}
			w := tt.source.workspace(t, sim, acctest.MinimalMix("room"))
			text := w.Fails("apply", "-auto-approve")
			acctest.ExpectText(t, text, tt.want...)
			for _, secret := range []string{plainKey, oidcToken, "an-expired-token"} {
				if strings.Contains(text, secret) {
					t.Errorf("%q is shown in: %s", secret, text)
				}
			}
			if len(sim.Sessions()) != 0 {
				t.Errorf("live sessions: %q", acctest.SessionIDs(sim))
			}
		})
	}
}

// Neither an apply nor a destroy writes to the wrong account, and STS is asked for the account once.
func TestAccCLI_accountGuard(t *testing.T) {
	t.Parallel()
	sim := newSTS(t)
	source := sourcesOfKeys()["environment"]
	guarded := func(list string) string {
		return fmt.Sprintf("%s\nprovider \"tencentcss\" {\n  endpoints = { live = %q, sts = %[2]q }\n  pacing = { cancel_after_create = \"300ms\" }\n  %s\n}\n", acctest.Requires, sim.URL(), list)
	}
	w := source.workspace(t, sim, acctest.MinimalMix("room"))
	refused := func(list string, args ...string) {
		t.Helper()
		w.Write(map[string]string{"main.tf": guarded(list) + acctest.MinimalMix("room")})
		before := len(sim.RequestsOf(livesim.ActionCreate)) + len(sim.RequestsOf(livesim.ActionCancel))
		cmd, out := w.Command(args...)
		if cmd.Run() == nil {
			t.Errorf("%v with %s succeeded:\n%s", args, list, out)
		}
		text := acctest.OneLine(out.String())
		if !strings.Contains(text, "The credentials belong to the account "+accountID) || !strings.Contains(text, "Nothing was sent") ||
			strings.Contains(list, "999") && !strings.Contains(text, "999") {
			t.Errorf("%v with %s says: %s", args, list, text)
		}
		if after := len(sim.RequestsOf(livesim.ActionCreate)) + len(sim.RequestsOf(livesim.ActionCancel)); after != before {
			t.Errorf("%v with %s sent %d writes", args, list, after-before)
		}
	}
	allowed := fmt.Sprintf("allowed_account_ids = [%q]", accountID)
	refused(`allowed_account_ids = ["999"]`, "apply", "-auto-approve")
	refused(fmt.Sprintf("forbidden_account_ids = [%q]", accountID), "apply", "-auto-approve")

	w.Write(map[string]string{"main.tf": guarded(allowed) + acctest.MinimalMix("room")})
	sim.ResetRequests()
	w.Run("apply", "-auto-approve")
	if n := len(sim.RequestsOf(livesim.ActionCallerIdentity)); n != 1 {
		t.Errorf("STS was asked %d times", n)
	}
	refused(`allowed_account_ids = ["999"]`, "destroy", "-auto-approve")
	w.Write(map[string]string{"main.tf": guarded(allowed) + acctest.MinimalMix("room")})
	w.Destroy(sim)
}

// Credentials that come from another resource may be unknown at plan; the apply knows them.
func TestAccCLI_unknownCredentials(t *testing.T) {
	t.Parallel()
	sim := newSTS(t)
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + fmt.Sprintf(`
resource "terraform_data" "key" {
  input = %q
}

provider "tencentcss" {
  secret_id  = "AKIDsimulator"
  secret_key = terraform_data.key.output
  endpoints  = { live = %q }
  pacing     = { cancel_after_create = "300ms" }
}
`, plainKey, sim.URL()) + acctest.MinimalMix("room")})
	if out := w.Run("plan"); !strings.Contains(out, "2 to add") {
		t.Error(out)
	}
	w.Run("apply", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "room" {
		t.Errorf("live sessions: %q", got)
	}
	w.Destroy(sim)
}

// A provider block without credentials is valid.
func TestAccCLI_validateWithoutCredentials(t *testing.T) {
	t.Parallel()
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + "provider \"tencentcss\" {}\n" + acctest.MinimalMix("room")})
	if out := w.Run("validate"); !strings.Contains(out, "The configuration is valid") {
		t.Error(out)
	}
}
