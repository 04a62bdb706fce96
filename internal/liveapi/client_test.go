// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
)

func TestNewNeeds(t *testing.T) {
	t.Parallel()
	endpoint := &url.URL{Scheme: "https", Host: "live.example.com"}
	for name, cfg := range map[string]Config{
		"no secret ID":  {Credentials: Credentials{Static: &Keys{SecretKey: "k"}}, Endpoint: endpoint},
		"no secret key": {Credentials: Credentials{Static: &Keys{SecretID: "i"}}, Endpoint: endpoint},
		"no endpoint":   {Credentials: Credentials{Static: &Keys{SecretID: "i", SecretKey: "k"}}},
	} {
		if _, err := New(cfg); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestRequestHeadersAndBody(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, success)
		if err := create(t.Context(), c, "room"); err != nil {
			t.Fatal(err)
		}
		req := s.seen[0]
		want := map[string]string{
			"X-Tc-Action":        "CreateCommonMixStream",
			"X-Tc-Version":       "2018-08-01",
			"X-Tc-Language":      "en-US",
			"X-Tc-Token":         testToken,
			"X-Tc-Region":        "",
			"X-Tc-Requestclient": "SDK_GO_1.3.210: terraform-provider-tencentcss-test",
			"User-Agent":         "Terraform/1.11.4 terraform-provider-tencentcss/test",
			"Content-Type":       "application/json",
		}
		for name, value := range want {
			if got := req.Header.Get(name); got != value {
				t.Errorf("%s: %q, want %q", name, got, value)
			}
		}
		if req.Method != http.MethodPost || req.URL.String() != "https://live.example.com/" {
			t.Errorf("%s %s", req.Method, req.URL)
		}

		var got, wantBody any
		if err := json.Unmarshal([]byte(s.bodies[0]), &got); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(`{
			"MixStreamSessionId": "room",
			"InputStreamList": [
				{"InputStreamName": "host", "LayoutParams": {"ImageLayer": 1}},
				{"InputStreamName": "guest", "LayoutParams": {"ImageLayer": 2, "ImageWidth": 0.25}}
			],
			"OutputParams": {"OutputStreamName": "host", "OutputStreamType": 0}
		}`), &wantBody); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, wantBody) {
			t.Errorf("body %s", s.bodies[0])
		}
	})
}

func TestStreamState(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil,
			apiError("InternalError", "x"),
			answer(http.StatusOK, `{"Response":{"StreamState":"inactive","RequestId":"r"}}`))
		state, err := c.StreamState(t.Context(), "push.example.com", "live", "out")
		if err != nil || state != "inactive" || s.calls() != 2 {
			t.Errorf("state %q, error %v after %d calls", state, err, s.calls())
		}
		if want := `{"AppName":"live","DomainName":"push.example.com","StreamName":"out"}`; s.bodies[1] != want {
			t.Errorf("body %s, want %s", s.bodies[1], want)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, success)
		if state, err := c.StreamState(t.Context(), "d", "a", "s"); err == nil {
			t.Errorf("an answer without a state was taken for %q", state)
		}
	})
}

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint, scheme, want, problem string
	}{
		"host":                 {endpoint: "live.tencentcloudapi.com", scheme: "https", want: "https://live.tencentcloudapi.com"},
		"host and port":        {endpoint: "127.0.0.1:8080", scheme: "http", want: "http://127.0.0.1:8080"},
		"URL":                  {endpoint: "https://live.intl.tencentcloudapi.com/", scheme: "http", want: "https://live.intl.tencentcloudapi.com"},
		"upper case":           {endpoint: "HTTPS://live.example.com", scheme: "https", want: "https://live.example.com"},
		"loopback":             {endpoint: "http://localhost:1", scheme: "https", want: "http://localhost:1"},
		"loopback IPv6":        {endpoint: "http://[::1]:1", scheme: "https", want: "http://[::1]:1"},
		"plain HTTP":           {endpoint: "http://live.example.com", scheme: "https", problem: "plain HTTP"},
		"plain HTTP by scheme": {endpoint: "live.example.com", scheme: "http", problem: "plain HTTP"},
		"looks like loopback":  {endpoint: "http://127.0.0.1.example.com", scheme: "https", problem: "plain HTTP"},
		"other scheme":         {endpoint: "ftp://live.example.com", scheme: "https", problem: "scheme"},
		"no host":              {endpoint: "https://", scheme: "https", problem: "no host"},
		"empty":                {endpoint: "", scheme: "https", problem: "no host"},
		"path":                 {endpoint: "https://live.example.com/v1", scheme: "https", problem: "path"},
		"query":                {endpoint: "https://live.example.com?x=1", scheme: "https", problem: "query"},
		"user":                 {endpoint: "https://me:secret@live.example.com", scheme: "https", problem: "user"},
		"not a URL":            {endpoint: "https://%zz", scheme: "https", problem: "not a host"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := ParseEndpoint(tt.endpoint, tt.scheme)
			if tt.problem == "" {
				if err != nil || u.String() != tt.want {
					t.Errorf("got %v, %v, want %s", u, err, tt.want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("got %v, %v, want a problem with %q", u, err, tt.problem)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the text shows a password: %v", err)
			}
		})
	}
}
