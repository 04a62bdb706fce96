// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// banner returns what the simulator prints when it listens. Its first line is for programs.
func (s *settings) banner(url string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "livesim listening on %s\n", url)
	fmt.Fprintf(&b, "\nOpen %s/ in a browser to see what is on air. The administration is described by %[1]s/_sim/openapi.yaml.\n", url)
	if s.chaos > 0 {
		fmt.Fprintf(&b, "\nFaults strike %s%% of the calls. -seed %d repeats them.\n", strconv.FormatFloat(100*s.chaos, 'g', 4, 64), s.seed)
	}

	key := s.credential.Key
	if key != livesim.DefaultOptions().Credentials[0].Key {
		key = "(what -secret-key says)" // It may be a real key.
	}
	fmt.Fprintf(&b, "\nFor Terraform and OpenTofu:\n\n  provider \"tencentcss\" {\n    secret_id  = %q\n    secret_key = %q\n", s.credential.ID, key)
	if s.credential.Token != "" {
		fmt.Fprintf(&b, "    security_token = %q\n", "(what -token says)")
	}
	fmt.Fprintf(&b, "    endpoints = {\n      live = %q\n      sts  = %[1]q\n    }\n", url)
	if s.pacing != "" && s.pacing != "on" {
		fmt.Fprintf(&b, "    pacing = {\n      cancel_after_create = %q\n      reuse_after_cancel  = %q\n    }\n",
			s.options.CancelAfterCreate, s.options.ReuseAfterCancel)
	}
	b.WriteString("  }\n\nOr for the shell:\n\n")
	for _, variable := range [][2]string{
		{"TENCENTCLOUD_SECRET_ID", s.credential.ID},
		{"TENCENTCLOUD_SECRET_KEY", key},
		{"TENCENTCSS_LIVE_ENDPOINT", url},
		{"TENCENTCSS_STS_ENDPOINT", url},
		{"LIVESIM_URL", url},
	} {
		fmt.Fprintf(&b, "  export %s=%s\n", variable[0], quoteShell(variable[1]))
	}
	return b.String()
}

// quoteShell quotes any text as one word for a shell.
func quoteShell(v string) string { return "'" + strings.ReplaceAll(v, "'", `'\''`) + "'" }
