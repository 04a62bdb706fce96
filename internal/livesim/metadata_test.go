// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const webARN = "qcs::cam::uin/100000000001:roleName/web"

func withInstance(o *Options) { o.MetadataRole = "web" }

// instance reads metadata in memory. What is no credential is left empty.
func instance(t *testing.T, s *Server, path string) (*httptest.ResponseRecorder, temporary) {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/latest/meta-data/"+path, http.NoBody)
	r.RemoteAddr = "127.0.0.1:4711"
	r.Header.Set("User-Agent", "terraform")
	s.ServeHTTP(w, r)
	var k temporary
	if strings.HasPrefix(w.Body.String(), "{") {
		if err := json.Unmarshal(w.Body.Bytes(), &k); err != nil {
			t.Fatal(err)
		}
	}
	return w, k
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, func(o *Options) {
			withInstance(o)
			o.Roles = map[string]Role{webARN: {Lifetime: 10 * time.Minute}}
		})
		for _, path := range []string{"cam/security-credentials/", "cam/security-credentials"} {
			w, _ := instance(t, s, path)
			if w.Code != 200 || w.Body.String() != "web" || w.Header().Get("Content-Type") != "text/plain" {
				t.Errorf("%s: status %d, %q", path, w.Code, w.Body)
			}
		}
		if n := len(s.IssuedCredentials()); n != 0 {
			t.Errorf("the name of the role issued %d credentials", n)
		}
		credential := func() temporary {
			t.Helper()
			w, k := instance(t, s, "cam/security-credentials/web")
			if w.Code != 200 || w.Header().Get("Content-Type") != "application/json" || k.Code != "Success" {
				t.Fatalf("status %d, %s", w.Code, w.Body)
			}
			return k
		}
		first := credential()
		if first.ExpiredTime != 946685400 || !first.Expiration.Equal(time.Unix(946685400, 0)) {
			t.Errorf("expires at %d, %s", first.ExpiredTime, first.Expiration)
		}
		role := &client{t: t, server: s, id: first.TmpSecretID, key: first.TmpSecretKey, token: first.Token}
		role.create("", "room")
		id := roleID(webARN)
		if got := role.identity(); got["UserId"] != id+":ins-livesim" || got["PrincipalId"] != "100000000001" || got["Type"] != "CAMRole" {
			t.Errorf("identity %v", got)
		}

		// Until half of its life is over it is the same credential; the next one overlaps with it.
		s.Advance(5*time.Minute - 1)
		if again := credential(); again != first {
			t.Errorf("another credential: %s, then %s", first.TmpSecretID, again.TmpSecretID)
		}
		s.Advance(1)
		second := credential()
		if second.TmpSecretID == first.TmpSecretID || second.TmpSecretKey == first.TmpSecretKey || second.Token == first.Token ||
			second.ExpiredTime != first.ExpiredTime+300 {
			t.Errorf("renewed: %d, then %d", first.ExpiredTime, second.ExpiredTime)
		}
		role.want("", ActionOnlineList, map[string]any{})
		s.Advance(5 * time.Minute)
		role.want("AuthFailure.TokenFailure", ActionOnlineList, map[string]any{})
		if got := s.IssuedCredentials(); len(got) != 2 || got[1].SecretID != second.TmpSecretID || got[1].RoleARN != webARN {
			t.Errorf("issued %+v", got)
		}

		log := s.RequestsOf(ActionMetadata)
		r := log[2]
		if len(log) != 5 || r.Path != "/latest/meta-data/cam/security-credentials/web" || r.Method != http.MethodGet || r.Status != 200 ||
			!r.Executed || !r.Done || r.UserAgent != "terraform" || r.RemoteAddr != "127.0.0.1:4711" || r.Params != nil || r.SecretID != "" {
			t.Errorf("%d metadata requests, one of them %+v", len(log), r)
		}
		s.Reset()
		if third := credential(); third.TmpSecretID == second.TmpSecretID {
			t.Error("a credential outlived a reset")
		}
		c.want("", ActionOnlineList, map[string]any{})
	})
}

// TestMetadataLife checks how long the credentials of a role without a lifetime live.
func TestMetadataLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, tc := range []struct {
			role Role
			want time.Duration
		}{{Role{}, 2 * time.Hour}, {Role{MaxDuration: time.Hour}, time.Hour}} {
			s, _ := serve(t, func(o *Options) { withInstance(o); o.Roles = map[string]Role{webARN: tc.role} })
			if _, k := instance(t, s, "cam/security-credentials/web"); k.ExpiredTime != 946684800+int64(tc.want/time.Second) {
				t.Errorf("%+v: expires at %d", tc.role, k.ExpiredTime)
			}
		}
	})
}

func TestMetadataPaths(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, withInstance)
	bare, _ := serve(t, nil)
	for _, path := range []string{
		"", "instance-id", "cam", "cam/security-credentialsweb", "cam/security-credentials/other", "cam/security-credentials/web/",
		"cam/security-credentials//", "cam/security-credentials/web/x",
	} {
		if w, _ := instance(t, s, path); w.Code != http.StatusNotFound {
			t.Errorf("%q: status %d, %s", path, w.Code, w.Body)
		}
	}
	for _, path := range []string{"cam/security-credentials", "cam/security-credentials/", "cam/security-credentials/web"} {
		if w, _ := instance(t, bare, path); w.Code != http.StatusNotFound {
			t.Errorf("without a role, %q: status %d, %s", path, w.Code, w.Body)
		}
	}
	if log := bare.Requests(); len(log) != 3 || log[0].Status != 404 || log[0].Executed || log[0].Code != "" {
		t.Errorf("log %+v", log)
	}
	for _, s := range []*Server{s, bare} {
		if n := len(s.IssuedCredentials()); n != 0 {
			t.Errorf("%d credentials were issued", n)
		}
	}

	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "http://127.0.0.1:8080/latest/meta-data/cam/security-credentials/web", http.NoBody)
	r.RemoteAddr = "127.0.0.1:1"
	s.ServeHTTP(w, r)
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: status %d", w.Code)
	}
	w = httptest.NewRecorder()
	r = httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/latest/meta-data/cam/security-credentials/web", http.NoBody)
	r.RemoteAddr = "192.0.2.1:1"
	s.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a remote client got status %d", w.Code)
	}
}

// TestMetadataFaults checks over real connections that the metadata service fails as told, once, and not with the API.
func TestMetadataFaults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		fault Fault
		check func(status int, body string, err error) bool
	}{
		{"status", Fault{Status: 500}, func(status int, body string, err error) bool {
			return err == nil && status == 500 && strings.HasPrefix(body, "<html>")
		}},
		{"not-json", Fault{NotJSON: true}, func(status int, body string, err error) bool {
			return err == nil && status == 200 && strings.HasPrefix(body, "<html>")
		}},
		{"error", Fault{Error: &APIError{Code: "Failed", Message: "no"}}, func(status int, body string, err error) bool {
			return err == nil && status == 200 && body == `{"Code":"Failed"}`
		}},
		{"cut", Fault{Cut: true}, func(_ int, _ string, err error) bool { return err != nil }},
		{"truncate", Fault{Truncate: true}, func(status int, body string, err error) bool {
			return errors.Is(err, io.ErrUnexpectedEOF) && status == 200 && strings.HasPrefix(body, `{"Code"`) && !strings.HasSuffix(body, "}")
		}},
		{"hang", Fault{Hang: true}, func(_ int, _ string, err error) bool { return errors.Is(err, context.DeadlineExceeded) }},
		{"delay", Fault{Delay: time.Millisecond}, func(status int, body string, err error) bool {
			return err == nil && status == 200 && strings.Contains(body, `"Code":"Success"`)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := start(t, withInstance)
			tc.fault.Action = ActionMetadata
			s.Inject(tc.fault)
			c.want("", ActionOnlineList, map[string]any{})
			ctx := t.Context()
			if tc.fault.Hang {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
				defer cancel()
			}
			status, body, err := fetch(ctx, s.URL()+"/latest/meta-data/cam/security-credentials/web")
			if !tc.check(status, body, err) {
				t.Errorf("status %d, error %v, %d bytes", status, err, len(body))
			}
			await(t, "the end of the call", func() bool { return s.RequestsOf(ActionMetadata)[0].Done })
			if r := s.RequestsOf(ActionMetadata)[0]; r.Fault != tc.name || (r.Code != "") != (tc.name == "error") {
				t.Errorf("logged %+v", r)
			}
			if status, body, err := fetch(t.Context(), s.URL()+"/latest/meta-data/cam/security-credentials/"); status != 200 || body != "web" || err != nil {
				t.Errorf("after the fault: status %d, %q, %v", status, body, err)
			}
		})
	}
}

// fetch gets a page over a connection of its own.
func fetch(ctx context.Context, url string) (status int, body string, err error) {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return 0, "", err
	}
	resp, err := (&http.Client{Transport: transport}).Do(r)
	if err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), errors.Join(err, resp.Body.Close())
}

// TestMetadataLatency checks that the latency of the options counts for metadata as well.
func TestMetadataLatency(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := serve(t, func(o *Options) { withInstance(o); o.Latency = time.Second })
		began := time.Now()
		instance(t, s, "cam/security-credentials/")
		if d := time.Since(began); d != time.Second {
			t.Errorf("the call took %s", d)
		}
	})
}
