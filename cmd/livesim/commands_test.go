// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// use runs a command and returns what it prints.
func use(t *testing.T, code int, args ...string) (stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	if got := run(t.Context(), args, &out, &errs); got != code {
		t.Errorf("livesim %s: exit code %d, want %d: %s", strings.Join(args, " "), got, code, &errs)
	}
	return out.String(), errs.String()
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		for _, args := range [][]string{{c.name, "-h"}, {"help", c.name}} {
			text, errs := use(t, 0, args...)
			if !strings.Contains(text, "Usage: livesim "+c.name) || !strings.Contains(text, "Exit codes:") || errs != "" {
				t.Errorf("%v: %q, %q", args, text, errs)
			}
		}
	}
	for _, args := range [][]string{{"-h"}, {"-help"}, {"help"}} {
		text, _ := use(t, 0, args...)
		for _, c := range commands() {
			if !strings.Contains(text, "  "+c.name) {
				t.Errorf("%v does not name %s", args, c.name)
			}
		}
		for _, flag := range []string{"-fault", "-chaos", "-seed", "-scenario", "-time-scale", "-log", "ACTION:WHAT"} {
			if !strings.Contains(text, flag) {
				t.Errorf("%v does not name %s", args, flag)
			}
		}
	}
	if _, errs := use(t, 2, "sesions"); !strings.Contains(errs, `no command "sesions"`) {
		t.Errorf("stderr %q", errs)
	}
}

// TestClientCommands uses each of them on a simulator.
func TestClientCommands(t *testing.T) {
	t.Parallel()
	url, _ := program(t, "-quiet", "-stream", "host", "-fault", "CancelCommonMixStream:InternalError:2")
	want := func(text string, parts ...string) {
		t.Helper()
		for _, part := range parts {
			if !strings.Contains(text, part) {
				t.Errorf("%q lacks %q", text, part)
			}
		}
	}
	use(t, 0, "wait", url)
	text, _ := use(t, 0, "streams", url)
	want(text, "STREAM", "host     active")
	use(t, 0, "streams", "-publish", "guest,third", "-size", "640x360", "-domain", "push.example.com", "-app", "show", url)
	use(t, 0, "streams", "-stop", "host", "-forbid", "third", url)
	text, _ = use(t, 0, "streams", url)
	want(text, "host     inactive", "third    forbid", "640x360   push.example.com   show")
	text, _ = use(t, 0, "streams", "-json", url)
	var list []livesim.Stream
	if err := json.Unmarshal([]byte(text), &list); err != nil || len(list) != 3 {
		t.Errorf("%v in %s", err, text)
	}

	text, _ = use(t, 0, "fault", url)
	want(text, "error InternalError   CancelCommonMixStream   2")
	use(t, 0, "fault", url, "*:foreign=null:forever", "metadata:delay=1ms:after")
	text, _ = use(t, 0, "fault", url)
	want(text, "foreign:null          any                     forever", "delay-after           metadata                1")
	text, _ = use(t, 0, "fault", "-json", url)
	want(text, `"queued"`)
	get(t, url+"/latest/meta-data/x", nil)
	text, _ = use(t, 0, "fault", url)
	want(text, "STRUCK", "foreign:null", "1")
	use(t, 0, "fault", "-clear", url)
	text, _ = use(t, 0, "fault", url)
	if strings.Contains(text, "WAITING") {
		t.Errorf("faults wait: %s", text)
	}
	text, _ = use(t, 0, "fault", "-foreign")
	want(text, "null\n", "gzip-bomb\n", "status-302\n")

	use(t, 0, "clock", "-advance", "15m", "-skew", "-6m", url)
	text, _ = use(t, 0, "clock", url)
	want(text, "advanced by 15m0s, 1 times as fast, signatures judged -6m0s off")
	text, _ = use(t, 0, "clock", "-json", url)
	want(text, `"advanced_ns": 900000000000`)
	if _, errs := use(t, 1, "clock", "-advance", "-1s", url); !strings.Contains(errs, "cannot go back") {
		t.Errorf("stderr %q", errs)
	}
	if _, errs := use(t, 1, "clock", "-advance", "2000000h", url); !strings.Contains(errs, "cannot be more than") {
		t.Errorf("stderr %q", errs)
	}
	text, _ = use(t, 0, "sessions", "-json", url)
	want(text, "[]")
	use(t, 0, "reset", url)
	text, _ = use(t, 0, "streams", url)
	want(text, "No streams.")
	text, _ = use(t, 0, "fault", url)
	want(text, "No faults wait")
}

func TestURLFromTheEnvironment(t *testing.T) {
	url, _ := program(t, "-quiet")
	t.Setenv("LIVESIM_URL", url+"/")
	if text, _ := use(t, 0, "sessions"); text != "No live mix sessions.\n" {
		t.Errorf("stdout %q", text)
	}
	if _, errs := use(t, 2, "sessions", "argument"); !strings.Contains(errs, "unexpected argument") {
		t.Errorf("stderr %q", errs)
	}
}

func TestBanner(t *testing.T) {
	t.Parallel()
	s := newSettings()
	if err := s.flags().Parse([]string{"-pacing", "1s,2s", "-chaos", "0.1", "-seed", "7"}); err != nil {
		t.Fatal(err)
	}
	text := s.banner("http://127.0.0.1:1")
	for _, part := range []string{
		"livesim listening on http://127.0.0.1:1\n", `live = "http://127.0.0.1:1"`, `sts  = "http://127.0.0.1:1"`, `secret_key = "simulator-secret-key"`,
		`cancel_after_create = "1s"`, `reuse_after_cancel  = "2s"`, "10% of the calls. -seed 7",
		"export TENCENTCSS_LIVE_ENDPOINT='http://127.0.0.1:1'", "export LIVESIM_URL='http://127.0.0.1:1'",
	} {
		if !strings.Contains(text, part) {
			t.Errorf("no %q in\n%s", part, text)
		}
	}
	s = newSettings()
	if err := s.flags().Parse([]string{"-secret-key", "my-key", "-token", "my-token", "-secret-id", "it's"}); err != nil {
		t.Fatal(err)
	}
	if text := s.banner("u"); strings.Contains(text, "my-key") || strings.Contains(text, "my-token") || !strings.Contains(text, `'it'\''s'`) {
		t.Errorf("banner\n%s", text)
	}
}

func TestScenarioFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "show.yaml")
	if err := os.WriteFile(path, []byte(`# A guest who leaves.
streams:
  - {publish: [host, guest], width: 1280, height: 720, long_since: true}
faults:
  - {action: CancelCommonMixStream, times: 2, error: {code: InternalError, message: try again}}
steps:
  - at: 1ms
    streams: [{unpublish: [guest]}]
`), 0o600); err != nil {
		t.Fatal(err)
	}
	url, _ := program(t, "-quiet", "-scenario", path, "-time-scale", "1000")
	text := ""
	for range 1000 {
		if text, _ = use(t, 0, "streams", url); strings.Contains(text, "guest    inactive") {
			break
		}
	}
	if !strings.Contains(text, "guest    inactive") || !strings.Contains(text, "host     active     1280x720") {
		t.Errorf("streams\n%s", text)
	}
	if text, _ = use(t, 0, "fault", url); !strings.Contains(text, "error InternalError") {
		t.Errorf("faults\n%s", text)
	}

	for name, content := range map[string]string{"syntax": "a: [", "member": "stream: []", "twice": "faults: []\nfaults: []"} {
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, errs := use(t, 1, "serve", "-scenario", path); !strings.Contains(errs, path) {
			t.Errorf("%s: stderr %q", name, errs)
		}
	}
}

func TestLogFormats(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log, err := logger(logJSON, &out)
	if err != nil {
		t.Fatal(err)
	}
	log(livesim.Request{Action: "x\n"})
	var r livesim.Request
	if err := json.Unmarshal(out.Bytes(), &r); err != nil || r.Action != "x\n" || bytes.Count(out.Bytes(), []byte("\n")) != 1 {
		t.Errorf("%v: %q", err, &out)
	}
	if log, err := logger(logNone, &out); log != nil || err != nil {
		t.Error("none is some")
	}
}

func TestMetadataRoleAndIdentityProviderFlags(t *testing.T) {
	t.Parallel()
	s := newSettings()
	if err := s.flags().Parse([]string{"-metadata-role", "mixer", "-oidc-provider", "idp=a,b", "-oidc-provider", "idp=c", "-quota", "off", "-international"}); err != nil {
		t.Fatal(err)
	}
	if s.options.MetadataRole != "mixer" || strings.Join(s.options.WebIdentityProviders["idp"], " ") != "a b c" || !s.options.International {
		t.Errorf("options %+v", s.options)
	}
	for action, n := range s.options.Quota {
		if n != 0 {
			t.Errorf("quota of %s: %d", action, n)
		}
	}
	url, _ := program(t, "-quiet", "-metadata-role", "mixer")
	if text := get(t, url+"/latest/meta-data/cam/security-credentials/", nil); text != "mixer" {
		t.Errorf("metadata %q", text)
	}
}
