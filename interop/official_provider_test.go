// SPDX-License-Identifier: MPL-2.0

//go:build unix

package interop

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// officialVariable names a build of Tencent's own provider, tencentcloudstack/tencentcloud: the file, of any name.
const officialVariable = "INTEROP_TENCENTCLOUD_PROVIDER"

// official is a configuration for Tencent's own provider, run by the real CLI with a simulator as its HTTP proxy.
type official struct {
	t   *testing.T
	cli string
	dir string
	env []string
	sim *livesim.Server
}

func newOfficial(t *testing.T) *official {
	t.Helper()
	binary, err := filepath.Abs(os.Getenv(officialVariable))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(binary); err != nil {
		t.Fatalf("%s names no file: %v", officialVariable, err)
	}
	cli, err := acctest.Find(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := &official{t: t, cli: cli, dir: t.TempDir(), sim: simulator(t, func(o *livesim.Options) { o.MetadataRole = "mixer" })}
	bin := t.TempDir()
	if err := os.Symlink(binary, filepath.Join(bin, "terraform-provider-tencentcloud")); err != nil {
		t.Fatal(err)
	}
	o.write("cli.tfrc", fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"tencentcloudstack/tencentcloud\" = %q\n  }\n}\n", bin))
	o.env = acctest.Environ(
		"TF_CLI_CONFIG_FILE="+filepath.Join(o.dir, "cli.tfrc"), "TF_CLI_ARGS=-no-color", "HTTP_PROXY="+o.sim.URL(), "http_proxy="+o.sim.URL(),
		"HTTPS_PROXY="+o.sim.URL(), "https_proxy="+o.sim.URL(), "NO_PROXY=", "no_proxy=", "HOME="+o.dir,
	)
	return o
}

func (o *official) write(name, text string) {
	o.t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, name), []byte(text), 0o600); err != nil {
		o.t.Fatal(err)
	}
}

// apply applies a configuration: lines for the provider block, and what comes after it.
func (o *official) apply(provider, rest string) (output string, err error) {
	o.t.Helper()
	o.write("main.tf", `terraform {
  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
  }
}

provider "tencentcloud" {
  region   = "ap-guangzhou"
  protocol = "HTTP"
`+provider+"}\n\n"+rest)
	cmd := exec.CommandContext(o.t.Context(), o.cli, "apply", "-auto-approve", "-input=false")
	cmd.Dir, cmd.Env = o.dir, o.env
	text, err := cmd.CombinedOutput()
	return string(text), err
}

// calls are the actions that the simulator was asked for since the last time, each with the code of its error.
func (o *official) calls() string {
	calls := []string{}
	for _, r := range o.sim.Requests() {
		calls = append(calls, strings.TrimSuffix(r.Action+" "+r.Code, " "))
	}
	o.sim.Reset()
	return strings.Join(calls, ", ")
}

const (
	longTermKeys = "  secret_id  = \"AKIDsimulator\"\n  secret_key = \"simulator-secret-key\"\n"
	identity     = "data \"tencentcloud_sts_caller_identity\" \"me\" {}\n\noutput \"me\" {\n  value = data.tencentcloud_sts_caller_identity.me\n}\n"
)

// TestOfficialProvider runs Tencent's own provider. It has no resource for mixes, so what it can ask for is STS, and an action
// of the Live API that the simulator does not know.
func TestOfficialProvider(t *testing.T) {
	t.Parallel()
	if os.Getenv(officialVariable) == "" {
		t.Skip("needs a build of tencentcloudstack/tencentcloud, named by " + officialVariable)
	}
	for name, tc := range map[string]struct {
		provider, rest string
		want           []string // In the output, white space aside.
		calls          string
		fails          bool
	}{
		"caller identity": {
			provider: longTermKeys, rest: identity,
			want: []string{`"type" = "CAMUser"`, `"account_id" = "100000000001"`}, calls: "GetCallerIdentity",
		},
		"a role for the provider": {
			provider: longTermKeys + "  assume_role {\n    role_arn         = \"" + roleARN + "\"\n    session_name     = \"interop\"\n    session_duration = 3600\n" +
				"    policy           = jsonencode({ version = \"2.0\", statement = [{ effect = \"allow\", action = [\"live:*\"], resource = [\"*\"] }] })\n  }\n",
			rest: identity,
			want: []string{`"type" = "CAMRole"`, `:interop"`}, calls: "AssumeRole, GetCallerIdentity, AssumeRole",
		},
		"a role with a web identity": {
			provider: "  assume_role_with_web_identity {\n    provider_id        = \"idp\"\n    web_identity_token = \"identity-token\"\n    role_arn           = \"" +
				roleARN + "\"\n    session_name       = \"interop\"\n    session_duration   = 3600\n  }\n",
			rest: identity,
			want: []string{`"type" = "CAMRole"`, `:interop"`}, calls: "AssumeRoleWithWebIdentity, GetCallerIdentity, AssumeRoleWithWebIdentity",
		},
		"the role of an instance": {
			provider: "  cam_role_name = \"mixer\"\n", rest: identity,
			want: []string{`"type" = "CAMRole"`}, calls: "metadata, GetCallerIdentity, metadata",
		},
		"a role as a resource": {
			provider: longTermKeys,
			rest:     "resource \"tencentcloud_sts_assume_role_operation\" \"keys\" {\n  role_arn          = \"" + roleARN + "\"\n  role_session_name = \"interop\"\n}\n",
			want:     []string{"Resources: 1 added"}, calls: "AssumeRole",
		},
		"an unknown role": {
			provider: longTermKeys + "  assume_role {\n    role_arn         = \"" + roleARN + "2\"\n    session_name     = \"interop\"\n    session_duration = 3600\n  }\n",
			rest:     identity, fails: true,
			want: []string{"ResourceNotFound.RoleNotFound", "RequestId="}, calls: "AssumeRole ResourceNotFound.RoleNotFound",
		},
		"a wrong key": {
			provider: "  secret_id  = \"AKIDsimulator\"\n  secret_key = \"wrong\"\n", rest: identity, fails: true,
			want: []string{"AuthFailure.SignatureFailure", "RequestId="}, calls: "GetCallerIdentity AuthFailure.SignatureFailure",
		},
		"an action that the simulator does not know": {
			provider: longTermKeys, rest: "data \"tencentcloud_css_watermarks\" \"all\" {}\n", fails: true,
			want: []string{"Code=InvalidAction", "DescribeLiveWatermarks", "RequestId="}, calls: "DescribeLiveWatermarks InvalidAction",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := newOfficial(t)
			output, err := o.apply(tc.provider, tc.rest)
			if (err != nil) != tc.fails {
				t.Errorf("error %v, want one: %t", err, tc.fails)
			}
			joined := regexp.MustCompile(`[\s│]+`).ReplaceAllString(output, " ")
			for _, want := range tc.want {
				if !strings.Contains(joined, want) {
					t.Errorf("no %s in", want)
				}
			}
			// Terraform configures the provider once to plan and once to apply, so it gets the keys of a role twice.
			if calls := o.calls(); calls != tc.calls {
				t.Errorf("calls: %s; want %s", calls, tc.calls)
			}
			if t.Failed() {
				t.Log(output)
			}
		})
	}
}
