// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	neturl "net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// buffer is a writer that a test reads while the program writes.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

// program runs livesim until the end of the test and returns its URL and what it writes to stderr.
func program(t *testing.T, args ...string) (url string, stderr *buffer) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	stdout, done := make(chan string, 10), make(chan int)
	stderr = &buffer{}
	go func() { done <- run(ctx, args, lineWriter(stdout), stderr) }()
	t.Cleanup(func() {
		cancel()
		if code := <-done; code != 0 {
			t.Errorf("exit code %d, stderr %s", code, stderr)
		}
	})
	select {
	case text := <-stdout:
		line, _, _ := strings.Cut(text, "\n")
		url, ok := strings.CutPrefix(line, "livesim listening on ")
		if !ok || !strings.HasPrefix(url, "http://127.0.0.1:") {
			t.Fatalf("stdout %q", text)
		}
		return url, stderr
	case code := <-done:
		t.Fatalf("exit code %d, stderr %s", code, stderr)
	case <-time.After(10 * time.Second):
		t.Fatal("livesim does not get ready")
	}
	return "", nil
}

type lineWriter chan string

func (w lineWriter) Write(p []byte) (int, error) {
	w <- string(p)
	return len(p), nil
}

func get(t *testing.T, url string, header map[string]string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := resp.Body.Close(); err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestServe(t *testing.T) {
	t.Parallel()
	url, stderr := program(t, "-stream", "host,guest", "-stream", "third")
	var streams []livesim.Stream
	if err := json.Unmarshal([]byte(get(t, url+"/_sim/streams", nil)), &streams); err != nil {
		t.Fatal(err)
	}
	if len(streams) != 3 || streams[1].Name != "host" || streams[1].State != "active" {
		t.Errorf("streams %+v", streams)
	}
	body := get(t, url, map[string]string{
		"X-TC-Action": "CancelCommonMixStream", "X-TC-Version": "2018-08-01", "X-TC-Timestamp": "1", "Authorization": "none",
	})
	if !strings.Contains(body, "AuthFailure.InvalidAuthorization") {
		t.Errorf("answer %s", body)
	}
	for deadline := time.Now().Add(10 * time.Second); !strings.Contains(stderr.String(), "CancelCommonMixStream"); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no line for the call: %q", stderr)
		}
	}

	var table, errs bytes.Buffer
	if code := run(t.Context(), []string{"sessions", url}, &table, &errs); code != 0 || table.String() != "No live mix sessions.\n" {
		t.Errorf("sessions: exit code %d, %q, %q", code, &table, &errs)
	}
}

// TestAccountAndRole checks by signed calls that the flags of STS arrive.
func TestAccountAndRole(t *testing.T) {
	t.Parallel()
	const account, role = "200000000002", "qcs::cam::uin/200000000002:roleName/mixer"
	url, _ := program(t, "-quiet", "-account-id", account, "-role", role, "-role", role+"2")
	if body := get(t, url+"?", signed(url, "GetCallerIdentity", "")); !strings.Contains(body, `"AccountId":"`+account+`"`) {
		t.Errorf("identity %s", body)
	}
	for arn, want := range map[string]string{role: `"TmpSecretId"`, role + "2": `"TmpSecretId"`, role + "3": "RoleNotFound"} {
		query := neturl.Values{"RoleArn": {arn}, "RoleSessionName": {"test"}}.Encode()
		if body := get(t, url+"?"+query, signed(url, "AssumeRole", query)); !strings.Contains(body, want) {
			t.Errorf("%s: %s", arn, body)
		}
	}
}

// signed is the header of a GET request to STS.
func signed(url, action, query string) map[string]string {
	const contentType, headers = "application/x-www-form-urlencoded", "content-type;host"
	now := time.Now().UTC()
	date, timestamp := now.Format(time.DateOnly), strconv.FormatInt(now.Unix(), 10)
	hash := func(text string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(text))) }
	canonical := "GET\n/\n" + query + "\ncontent-type:" + contentType + "\nhost:" + strings.TrimPrefix(url, "http://") +
		"\n\n" + headers + "\n" + hash("")
	key := []byte("TC3simulator-secret-key")
	scope := date + "/sts/tc3_request"
	for _, text := range []string{date, "sts", "tc3_request", "TC3-HMAC-SHA256\n" + timestamp + "\n" + scope + "\n" + hash(canonical)} {
		mac := hmac.New(sha256.New, key)
		mac.Write([]byte(text))
		key = mac.Sum(nil)
	}
	return map[string]string{
		"X-TC-Action": action, "X-TC-Version": "2018-08-13", "X-TC-Timestamp": timestamp, "X-TC-Region": "ap-guangzhou",
		"Content-Type":  contentType,
		"Authorization": fmt.Sprintf("TC3-HMAC-SHA256 Credential=AKIDsimulator/%s, SignedHeaders=%s, Signature=%x", scope, headers, key),
	}
}

func TestQuiet(t *testing.T) {
	t.Parallel()
	url, stderr := program(t, "-quiet", "-any-stream", "-pacing", "off")
	get(t, url, map[string]string{"X-TC-Action": "CancelCommonMixStream"})
	if stderr.String() != "" {
		t.Errorf("stderr %q", stderr)
	}
}

func TestWrongUsage(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"-nothing"},
		{"argument"},
		{"serve", "argument"},
		{"help", "a", "b"},
		{"help", "nothing"},
		{"-errors", "nice"},
		{"-pacing", "5s"},
		{"-pacing", "5s,soon"},
		{"-quota", "CreateCommonMixStream"},
		{"-quota", "Nothing=1"},
		{"-quota", "CreateCommonMixStream=x"},
		{"-fault", "Cancel:cut"},
		{"-chaos", "2"},
		{"-log", "xml"},
		{"-oidc-provider", "idp"},
		{"sessions"},
		{"sessions", "http://a", "b"},
		{"streams"},
		{"streams", "-size", "x", "http://a"},
		{"streams", "http://a", "b"},
		{"fault"},
		{"fault", "http://a", "b"},
		{"clock"},
		{"clock", "-skew", "x", "http://a"},
		{"clock", "http://a", "b"},
		{"wait"},
		{"wait", "http://a", "b"},
		{"reset"},
		{"reset", "http://a", "b"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, &stdout, &stderr); code != 2 || stderr.Len() == 0 || stdout.Len() != 0 {
			t.Errorf("%v: exit code %d, stdout %q, stderr %q", args, code, &stdout, &stderr)
		}
	}
	for _, args := range [][]string{
		{"-listen", "0.0.0.0:0"},
		{"-secret-key", ""},
		{"-latency", "-1s"},
		{"-role", "mixer"},
		{"-account-id", "x"},
		{"-time-scale", "-1"},
		{"-scenario", "testdata/nothing.yaml"},
		{"-scenario", "main.go"},
		{"-metadata-role", "a/b"},
		{"sessions", "http://127.0.0.1:1"},
		{"sessions", "://"},
		{"streams", "http://127.0.0.1:1"},
		{"fault", "http://127.0.0.1:1", "*:cut"},
		{"clock", "http://127.0.0.1:1"},
		{"reset", "http://127.0.0.1:1"},
		{"wait", "-timeout", "1ms", "http://127.0.0.1:1"},
	} {
		var stdout, stderr bytes.Buffer
		if code := run(t.Context(), args, &stdout, &stderr); code != 1 || stderr.Len() == 0 || stdout.Len() != 0 {
			t.Errorf("%v: exit code %d, stdout %q, stderr %q", args, code, &stdout, &stderr)
		}
	}
}

func TestFlagValues(t *testing.T) {
	t.Parallel()
	o := livesim.DefaultOptions()
	for _, err := range []error{parsePacing("1s,2s", &o), parseQuota("CreateCommonMixStream=3", &o), parseErrorStyle("other-error", &o)} {
		if err != nil {
			t.Error(err)
		}
	}
	if o.CancelAfterCreate != time.Second || o.ReuseAfterCancel != 2*time.Second || o.Quota[livesim.ActionCreate] != 3 || o.Errors != livesim.OtherErrorInner {
		t.Errorf("options %+v", o)
	}
	for value, want := range map[string][2]time.Duration{"on": {5 * time.Second, 30 * time.Second}, "off": {}} {
		if err := parsePacing(value, &o); err != nil || o.CancelAfterCreate != want[0] || o.ReuseAfterCancel != want[1] {
			t.Errorf("-pacing %s: %s, %s, %v", value, o.CancelAfterCreate, o.ReuseAfterCancel, err)
		}
	}
	for value, want := range map[string]livesim.ErrorStyle{
		"dedicated": livesim.DedicatedCodes, "invalid-parameter": livesim.InvalidParameterInner,
	} {
		if err := parseErrorStyle(value, &o); err != nil || o.Errors != want {
			t.Errorf("-errors %s: %v, %v", value, o.Errors, err)
		}
	}
}

func TestCallLine(t *testing.T) {
	t.Parallel()
	r := livesim.Request{
		Time: time.Date(2030, 1, 2, 3, 4, 5, 6e6, time.UTC), Action: "CancelCommonMixStream", SessionID: "room\n1",
		Duration: 1250 * time.Microsecond, Status: 200,
	}
	lines := []string{callLine(r)}
	r.Code, r.Message = "InternalError", "try again"
	lines = append(lines, callLine(r))
	r.Code, r.Status, r.Fault, r.Executed = "", 0, "cut-after", true
	lines = append(lines, callLine(r))
	r.Status, r.Fault, r.Executed = 502, "status", false
	lines = append(lines, callLine(r))
	for i, outcome := range []string{
		"ok", "InternalError: try again", "no answer [fault cut-after, executed true]", "HTTP 502 [fault status, executed false]",
	} {
		want := "03:04:05.006  CancelCommonMixStream          room?1                      1.3ms  " + outcome
		if lines[i] != want {
			t.Errorf("line\n%q, want\n%q", lines[i], want)
		}
	}
}

func TestSessionsTable(t *testing.T) {
	t.Parallel()
	sessions := []livesim.Session{
		{ID: "hall", Output: "hall_mix", Template: 20, Updates: 0, Inputs: []livesim.Input{
			{Name: "guest", Layer: 2}, {Name: "host", Layer: 1},
		}},
		{ID: "studio_1", Output: "mix", Updates: 12, Inputs: []livesim.Input{
			{Name: "Canvas1", Layer: 1, Type: 3, Width: 1280, Height: 720},
			{Name: "a", Layer: 2, Type: 5, Width: 0.5, Height: 360.5, X: 0, Y: 180},
			{Name: "logo", Layer: 3, Type: 2, X: 20},
			{Name: "voice", Layer: 4, Type: 4},
			{Name: "page", Layer: 5, Type: 8},
			{Name: "new", Layer: 6, Type: 9},
		}},
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/_sim/sessions" {
			http.NotFound(w, r)
			return
		}
		if err := json.NewEncoder(w).Encode(sessions); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	var stdout, stderr bytes.Buffer
	if code := run(t.Context(), []string{"sessions", server.URL + "/"}, &stdout, &stderr); code != 0 {
		t.Fatalf("exit code %d: %s", code, &stderr)
	}
	want := `SESSION    OUTPUT     LAYOUT        CHANGES   INPUTS
hall       hall_mix   template 20   0         1  host   audio+video
                                              2  guest  audio+video
studio_1   mix        custom        12        1  Canvas1  canvas    1280x720
                                              2  a        video     50%x360.5 at 0,180
                                              3  logo     picture   at 20,0
                                              4  voice    audio
                                              5  page     web page
                                              6  new      type 9
`
	if stdout.String() != want {
		t.Errorf("table\n%s\nwant\n%s", &stdout, want)
	}
	if code := run(t.Context(), []string{"sessions", server.URL + "/x"}, &stdout, &stderr); code != 1 {
		t.Errorf("not found: exit code %d", code)
	}
	if err := writeSessions(failing{}, sessions); err == nil {
		t.Error("a failed write is no error")
	}
}

type failing struct{}

func (failing) Write([]byte) (int, error) { return 0, fmt.Errorf("full") }
