// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

// A single attempt shows how each failure is read.
func TestAttemptError(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reply     reply
		code      string
		message   string
		requestID string
		kind      Kind
		uncertain bool
	}{
		"API error": {
			reply: apiError("InvalidParameter.InvalidBitrate", "bad bitrate"), code: "InvalidParameter.InvalidBitrate",
			message: "bad bitrate", requestID: "req-err", kind: KindInvalid,
		},
		"internal error may have taken effect": {
			reply: apiError("InternalError", "oops"), code: "InternalError", message: "oops", requestID: "req-err", kind: KindTransient, uncertain: true,
		},
		"throttled has not": {
			reply: apiError("RequestLimitExceeded", "slow down"), code: "RequestLimitExceeded", message: "slow down", requestID: "req-err", kind: KindThrottled,
		},
		"missing input has not": {
			reply: apiError("FailedOperation.StreamNotExist", "no stream"), code: "FailedOperation.StreamNotExist", message: "no stream", requestID: "req-err", kind: KindNotReady,
		},
		"failed start may have": {
			reply: apiError("FailedOperation.ProcessMixError", "no mix"), code: "FailedOperation.ProcessMixError", message: "no mix", requestID: "req-err", kind: KindNotReady, uncertain: true,
		},
		"HTML behind a 502 keeps its status": {
			reply: answer(http.StatusBadGateway, "<html>Bad Gateway</html>"), code: "ClientError.HttpStatusCodeError",
			message: "HTTP status 502 (Bad Gateway)", kind: KindTransient, uncertain: true,
		},
		"429 is throttled": {
			reply: answer(http.StatusTooManyRequests, "slow"), code: "ClientError.HttpStatusCodeError",
			message: "HTTP status 429 (Too Many Requests)", kind: KindThrottled, uncertain: true,
		},
		"not JSON": {
			reply: answer(http.StatusOK, "hello"), code: "ClientError.ParseJsonError", message: "it is not one JSON object", kind: KindTransient, uncertain: true,
		},
		"JSON of someone else": {
			reply: answer(http.StatusOK, `{"status":"ok"}`), code: "ClientError.ParseJsonError", message: "not a JSON object with a Response", kind: KindTransient, uncertain: true,
		},
		"JSON without a request ID": {
			reply: answer(http.StatusOK, `{"Response":{}}`), code: "ClientError.ParseJsonError", message: "RequestId", kind: KindTransient, uncertain: true,
		},
		"no connection, no effect": {
			reply: refusedConnection, code: "ClientError.NetworkError", message: "connection refused", kind: KindTransient,
		},
		"cut connection": {
			reply: cutConnection, code: "ClientError.NetworkError", message: "unexpected EOF", kind: KindTransient, uncertain: true,
		},
		"secrets do not show": {
			reply: apiError("AuthFailure.TokenFailure", "key "+testKey+" token "+testToken), code: "AuthFailure.TokenFailure",
			message: "key *** token ***", requestID: "req-err", kind: KindAuth,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, tt.reply)
				e := asError(t, create(t.Context(), c, "s"))
				if e.Code != tt.code || !strings.Contains(e.Message, tt.message) || e.RequestID != tt.requestID || e.Kind != tt.kind || e.Uncertain != tt.uncertain {
					t.Errorf("got %+v, want %+v", *e, tt)
				}
				if e.Operation != "CreateCommonMixStream" {
					t.Errorf("operation %q", e.Operation)
				}
				if text := e.Error(); strings.Contains(text, testKey) || strings.Contains(text, testToken) || !strings.Contains(text, tt.code) {
					t.Errorf("text %q", text)
				}
			})
		})
	}
}

// No body makes the SDK panic, and none without the envelope of an answer counts as a success.
func FuzzAnswer(f *testing.F) {
	for _, body := range []string{
		"", "null", "[]", "{}", `{"Response":null}`, `{"Response":{"RequestId":"r"}}`, `{"Response":{"Error":{"Code":"InternalError"},"RequestId":"r"}}`, `{"Response":{"Error":null,"RequestId":"r"}}`,
		`{"Response":{"error":{"code":"X"},"RequestId":"r"}}`, `{"code":504,"message":"x"}`, `{"Response":{"StreamState":[1],"TotalNum":"x","RequestId":"r"}}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		for call, do := range callsOfTheAPI() {
			c, _ := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, answer(http.StatusOK, body), success)
			err := do(t.Context(), c)
			var broken *PanicError
			if errors.As(err, &broken) {
				t.Errorf("%s panicked: %s", call, broken.Value)
			}
			if v, problem := apiEnvelope([]byte(body)); err == nil && (problem != "" || v.code != "" && meaningOf(v.code, innerCode(v.message)).kind != KindNotFound || !strings.Contains(body, "RequestId")) {
				t.Errorf("%s took %q for a success", call, body)
			}
		}
	})
}
