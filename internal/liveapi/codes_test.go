// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"strings"
	"testing"
)

func TestMeaningOf(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		code      string
		inner     int
		want      Kind
		uncertain bool
	}{
		"internal":                             {code: "InternalError", want: KindTransient, uncertain: true},
		"internal of billing":                  {code: "InternalError.JiFeiOtherError", want: KindTransient, uncertain: true},
		"bare failed operation":                {code: "FailedOperation", want: KindTransient, uncertain: true},
		"backend error":                        {code: "FailedOperation.CallOtherSvrError", want: KindTransient, uncertain: true},
		"backend failed":                       {code: "FailedOperation.CallOtherSvrFailed", want: KindTransient, uncertain: true},
		"service unavailable":                  {code: "ServiceUnavailable", want: KindTransient, uncertain: true},
		"resource unavailable":                 {code: "ResourceUnavailable", want: KindTransient, uncertain: true},
		"throttled":                            {code: "RequestLimitExceeded", want: KindThrottled},
		"throttled by user":                    {code: "RequestLimitExceeded.UinLimitExceeded", want: KindThrottled},
		"throttled by product":                 {code: "LimitExceeded.RateLimitExceeded", want: KindThrottled},
		"stream not there":                     {code: "FailedOperation.StreamNotExist", want: KindNotReady},
		"resolution not there":                 {code: "FailedOperation.GetStreamResolutionError", want: KindNotReady},
		"mix not started":                      {code: "FailedOperation.ProcessMixError", want: KindNotReady, uncertain: true},
		"inner stream not there":               {code: "InvalidParameter.OtherError", inner: -505, want: KindNotReady},
		"inner size not there":                 {code: "InvalidParameter", inner: -507, want: KindNotReady},
		"inner background":                     {code: "InvalidParameter.OtherError", inner: -28, want: KindNotReady},
		"inner mix not started":                {code: "FailedOperation", inner: -10031, want: KindNotReady, uncertain: true},
		"gone":                                 {code: "FailedOperation.CancelSessionNotExist", want: KindNotFound},
		"gone, other code":                     {code: "InvalidParameter.CancelSessionNotExist", want: KindNotFound},
		"inner gone":                           {code: "InvalidParameter.OtherError", inner: -30300, want: KindNotFound},
		"inner gone, other number":             {code: "InvalidParameter", inner: -31001, want: KindNotFound},
		"inner gone under failed operation":    {code: "FailedOperation", inner: -31002, want: KindNotFound},
		"inner wrong parameter":                {code: "InvalidParameter.OtherError", inner: -2, want: KindInvalid},
		"inner code where none belongs":        {code: "AuthFailure.SignatureFailure", inner: -30300, want: KindAuth},
		"other inner under failed operation":   {code: "FailedOperation", inner: -41, want: KindInvalid},
		"account frozen is not a gone session": {code: "ResourceNotFound.FreezeService", want: KindAccount},
		"account banned":                       {code: "ResourceNotFound.ForbidService", want: KindAccount},
		"account stopped":                      {code: "ResourceNotFound.StopService", want: KindAccount},
		"account disabled":                     {code: "ResourceNotFound.UserDisableService", want: KindAccount},
		"limit":                                {code: "LimitExceeded", want: KindAccount},
		"signature":                            {code: "AuthFailure.SignatureFailure", want: KindAuth},
		"permission":                           {code: "UnauthorizedOperation", want: KindAuth},
		"IP list":                              {code: "IpNotInWhitelist", want: KindAuth},
		"bare invalid":                         {code: "InvalidParameter", want: KindInvalid},
		"output changed":                       {code: "InvalidParameter.SessionOutputStreamChanged", want: KindInvalid},
		"unknown parameter":                    {code: "UnknownParameter", want: KindInvalid},
		"other inner under invalid parameter":  {code: "InvalidParameter.OtherError", inner: -4242, want: KindInvalid},
		"inner code of the future":             {code: "FailedOperation", inner: -4242, want: KindUnknown, uncertain: true},
		"failure of the future":                {code: "FailedOperation.SomethingNew", want: KindUnknown, uncertain: true},
		"missing picture":                      {code: "FailedOperation.GetPictureUrlError", want: KindInvalid},
		"answer too long":                      {code: "ResponseSizeLimitExceeded", want: KindUnknown, uncertain: true},
		"looks like a family":                  {code: "InvalidParameterX", want: KindUnknown, uncertain: true},
		"a code of the future":                 {code: "Whatever.New", want: KindUnknown, uncertain: true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := meaningOf(tt.code, tt.inner); got != (meaning{tt.want, tt.uncertain}) {
				t.Errorf("meaningOf(%q, %d) = %s, uncertain %t; want %s, %t", tt.code, tt.inner, got.kind, got.uncertain, tt.want, tt.uncertain)
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
