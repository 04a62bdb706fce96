// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func bound(req *http.Request) (*http.Response, error) {
	return answer(http.StatusOK, fmt.Sprintf(`{"Code":"Success","TmpSecretId":"AKIDtmp","TmpSecretKey":"a-temporary-key","Token":"a-temporary-token","ExpiredTime":%d}`,
		time.Now().Add(time.Hour).Unix()))(req)
}

// noSuchHost is what a resolver outside of Tencent's network says of the metadata service.
func noSuchHost(*http.Request) (*http.Response, error) {
	return nil, &net.OpError{Op: "dial", Err: &net.DNSError{Err: "no such host", Name: "metadata.example.com", IsNotFound: true}}
}

// noConnection hangs before there is a connection.
func noConnection(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	unavailable := answer(http.StatusServiceUnavailable, "")
	for name, tt := range map[string]struct {
		replies []reply
		calls   int // 0 is any number
		kind    Kind
		atMost  time.Duration
		text    string // of the failure; empty where there is none
	}{
		"at once":                 {replies: []reply{bound}, calls: 1},
		"after passing failures":  {replies: []reply{unavailable, cutConnection, answer(http.StatusOK, "null"), bound}, calls: 4, atMost: 4 * time.Second},
		"after silence":           {replies: []reply{hang, bound}, calls: 2, atMost: 3 * time.Second},
		"no such host":            {replies: []reply{noSuchHost}, calls: 1, kind: KindTransient, text: "no such host"},
		"no way to it":            {replies: []reply{noConnection}, kind: KindTransient, atMost: metadataWindow + metadataPatience, text: "there was no answer within 2s"},
		"out of order":            {replies: []reply{unavailable}, kind: KindTransient, atMost: metadataWindow, text: "HTTP status 503"},
		"no such role":            {replies: []reply{page(http.StatusNotFound, "text/html", "<title>404</title>%s")}, calls: 1, kind: KindForeign, text: "HTTP status 404 (Not Found)"},
		"redirect":                {replies: []reply{page(http.StatusFound, "text/html", "%s")}, calls: 1, kind: KindForeign, text: "HTTP status 302"},
		"portal":                  {replies: []reply{page(http.StatusOK, "text/html", "<title>Wi-Fi</title>%s")}, kind: KindTransient, atMost: metadataWindow, text: `title "Wi-Fi"`},
		"refused with a code":     {replies: []reply{answer(http.StatusOK, `{"Code":"Failed\u001b"}`)}, calls: 1, kind: KindAuth, text: `the code "Failed` + "\uFFFD" + `"`},
		"success without any key": {replies: []reply{answer(http.StatusOK, `{"Code":"Success"}`)}, kind: KindTransient, atMost: metadataWindow, text: errNotThisAnswer.Error()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				live, metadata, other := &script{replies: []reply{success}}, &script{replies: tt.replies}, &script{replies: []reply{success}}
				c, _ := newTestClient(t, func(cfg *Config) {
					cfg.Credentials = Credentials{Metadata: &Metadata{Role: "mixer"}}
					cfg.MetadataEndpoint = &url.URL{Scheme: "http", Host: "metadata.example.com"}
					cfg.Transport = hosts{"live.example.com": live, "metadata.example.com": metadata, otherHost: other}
				})
				var err error
				got := took(func() { err = create(t.Context(), c, "s") })
				if got > tt.atMost || other.calls() != 0 || tt.calls != 0 && metadata.calls() != tt.calls {
					t.Errorf("%d calls in %s, %d elsewhere; want %d in %s", metadata.calls(), got, other.calls(), tt.calls, tt.atMost)
				}
				if tt.text == "" {
					if err != nil || live.calls() != 1 {
						t.Errorf("got %v after %d creates", err, live.calls())
					}
					return
				}
				e := asError(t, err)
				var keys *CredentialsError
				if !errors.As(e, &keys) || e.Kind != tt.kind || e.Uncertain || live.calls() != 0 || !strings.Contains(keys.Err.Error(), tt.text) {
					t.Errorf("got %+v after %d creates", *e, live.calls())
				}
				checkShown(t, e, false)
			})
		})
	}
}
