// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// A named pipe in place of a credentials file is refused by its path, and nobody waits for its writer.
func TestCredentialsNamedPipe(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	pipe := filepath.Join(home, "team.credential")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
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
