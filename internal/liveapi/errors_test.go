// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
)

func TestClassify(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code   string
		inner  int
		status int
		want   Kind
	}{
		"internal":                             {code: "InternalError", want: Transient},
		"internal of billing":                  {code: "InternalError.JiFeiOtherError", want: Transient},
		"bare failed operation":                {code: "FailedOperation", want: Transient},
		"backend error":                        {code: "FailedOperation.CallOtherSvrError", want: Transient},
		"backend failed":                       {code: "FailedOperation.CallOtherSvrFailed", want: Transient},
		"service unavailable":                  {code: "ServiceUnavailable", want: Transient},
		"resource unavailable":                 {code: "ResourceUnavailable", want: Transient},
		"network":                              {code: "ClientError.NetworkError", want: Transient},
		"not JSON":                             {code: "ClientError.ParseJsonError", want: Transient},
		"cut body":                             {code: "ClientError.IOError", want: Transient},
		"HTTP 502":                             {code: "ClientError.HttpStatusCodeError", status: 502, want: Transient},
		"HTTP 429":                             {code: "ClientError.HttpStatusCodeError", status: 429, want: Throttled},
		"HTTP 403":                             {code: "ClientError.HttpStatusCodeError", status: 403, want: Auth},
		"HTTP 404":                             {code: "ClientError.HttpStatusCodeError", status: 404, want: Invalid},
		"throttled":                            {code: "RequestLimitExceeded", want: Throttled},
		"throttled by user":                    {code: "RequestLimitExceeded.UinLimitExceeded", want: Throttled},
		"throttled by product":                 {code: "LimitExceeded.RateLimitExceeded", want: Throttled},
		"stream not there":                     {code: "FailedOperation.StreamNotExist", want: NotReady},
		"resolution not there":                 {code: "FailedOperation.GetStreamResolutionError", want: NotReady},
		"mix not started":                      {code: "FailedOperation.ProcessMixError", want: NotReady},
		"inner stream not there":               {code: "InvalidParameter.OtherError", inner: -505, want: NotReady},
		"inner size not there":                 {code: "InvalidParameter", inner: -507, want: NotReady},
		"inner background":                     {code: "InvalidParameter.OtherError", inner: -28, want: NotReady},
		"inner mix not started":                {code: "FailedOperation", inner: -10031, want: NotReady},
		"gone":                                 {code: "FailedOperation.CancelSessionNotExist", want: Gone},
		"gone, other code":                     {code: "InvalidParameter.CancelSessionNotExist", want: Gone},
		"inner gone":                           {code: "InvalidParameter.OtherError", inner: -30300, want: Gone},
		"inner gone, other number":             {code: "InvalidParameter", inner: -31001, want: Gone},
		"inner gone under failed operation":    {code: "FailedOperation", inner: -31002, want: Gone},
		"inner wrong parameter":                {code: "InvalidParameter.OtherError", inner: -2, want: Invalid},
		"inner code where none belongs":        {code: "AuthFailure.SignatureFailure", inner: -30300, want: Auth},
		"other inner under failed operation":   {code: "FailedOperation", inner: -41, want: Invalid},
		"account frozen is not a gone session": {code: "ResourceNotFound.FreezeService", want: Account},
		"account banned":                       {code: "ResourceNotFound.ForbidService", want: Account},
		"account stopped":                      {code: "ResourceNotFound.StopService", want: Account},
		"account disabled":                     {code: "ResourceNotFound.UserDisableService", want: Account},
		"limit":                                {code: "LimitExceeded", want: Account},
		"signature":                            {code: "AuthFailure.SignatureFailure", want: Auth},
		"permission":                           {code: "UnauthorizedOperation", want: Auth},
		"IP list":                              {code: "IpNotInWhitelist", want: Auth},
		"bare invalid":                         {code: "InvalidParameter", want: Invalid},
		"output changed":                       {code: "InvalidParameter.SessionOutputStreamChanged", want: Invalid},
		"unknown parameter":                    {code: "UnknownParameter", want: Invalid},
		"a code of the future":                 {code: "Whatever.New", want: Invalid},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := classify(tt.code, tt.inner, tt.status); got != tt.want {
				t.Errorf("classify(%q, %d, %d) = %s, want %s", tt.code, tt.inner, tt.status, got, tt.want)
			}
		})
	}
}

func TestInnerCode(t *testing.T) {
	t.Parallel()
	tests := map[string]int{
		"InnerErrCode:[ -41 ],InnerErrMsg: [ ]":                   -41,
		"InnerErrCode : [ -10021 ],IrnerErrMsg: [ Params Error ]": -10021,
		"err_code [ -505 ],msg [ no stream ]":                     -505,
		"err_code: [-30300],msg [ session not exist ]":            -30300,
		"input stream num is not match the template id!":          0,
		"":                 0,
		"InnerErrCode:[ ]": 0,
		"InnerErrCode:[ -99999999999999999999999 ],InnerErrMsg: [ ]": 0,
		"before InnerErrCode:[ 5 ] and err_code [ 6 ] after":         5,
	}
	for message, want := range tests {
		if got := innerCode(message); got != want {
			t.Errorf("innerCode(%q) = %d, want %d", message, got, want)
		}
	}
}

func FuzzInnerCode(f *testing.F) {
	f.Add("InnerErrCode : [ -10021 ],IrnerErrMsg: [ Params Error ]")
	f.Add("err_code [ -505 ],msg [ no stream ]")
	f.Fuzz(func(t *testing.T, message string) {
		n := innerCode(message)
		if n != 0 && !strings.Contains(message, "rr") {
			t.Errorf("innerCode(%q) = %d without a marker", message, n)
		}
	})
}

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
			message: "bad bitrate", requestID: "req-err", kind: Invalid,
		},
		"internal error may have taken effect": {
			reply: apiError("InternalError", "oops"), code: "InternalError", message: "oops", requestID: "req-err", kind: Transient, uncertain: true,
		},
		"throttled has not": {
			reply: apiError("RequestLimitExceeded", "slow down"), code: "RequestLimitExceeded", message: "slow down", requestID: "req-err", kind: Throttled,
		},
		"missing input has not": {
			reply: apiError("FailedOperation.StreamNotExist", "no stream"), code: "FailedOperation.StreamNotExist", message: "no stream", requestID: "req-err", kind: NotReady,
		},
		"failed start may have": {
			reply: apiError("FailedOperation.ProcessMixError", "no mix"), code: "FailedOperation.ProcessMixError", message: "no mix", requestID: "req-err", kind: NotReady, uncertain: true,
		},
		"HTML behind a 502 keeps its status": {
			reply: answer(http.StatusBadGateway, "<html>Bad Gateway</html>"), code: "ClientError.HttpStatusCodeError",
			message: "the API answered with HTTP status 502 (Bad Gateway)", kind: Transient, uncertain: true,
		},
		"429 is throttled": {
			reply: answer(http.StatusTooManyRequests, "slow"), code: "ClientError.HttpStatusCodeError",
			message: "the API answered with HTTP status 429 (Too Many Requests)", kind: Throttled,
		},
		"not JSON": {
			reply: answer(http.StatusOK, "hello"), code: "ClientError.ParseJsonError", message: "hello", kind: Transient, uncertain: true,
		},
		"JSON of someone else": {
			reply: answer(http.StatusOK, `{"status":"ok"}`), code: "ClientError.ParseJsonError", message: "RequestId", kind: Transient, uncertain: true,
		},
		"JSON without a request ID": {
			reply: answer(http.StatusOK, `{"Response":{}}`), code: "ClientError.ParseJsonError", message: "RequestId", kind: Transient, uncertain: true,
		},
		"no connection, no effect": {
			reply: refusedConnection, code: "ClientError.NetworkError", message: "connection refused", kind: Transient,
		},
		"cut connection": {
			reply: cutConnection, code: "ClientError.NetworkError", message: "unexpected EOF", kind: Transient, uncertain: true,
		},
		"secrets do not show": {
			reply: apiError("AuthFailure.TokenFailure", "key "+testKey+" token "+testToken), code: "AuthFailure.TokenFailure",
			message: "key *** token ***", requestID: "req-err", kind: Auth,
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
