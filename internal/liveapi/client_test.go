// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
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
