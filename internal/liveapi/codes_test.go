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
		"internal":                             {code: "InternalError", want: Transient, uncertain: true},
		"internal of billing":                  {code: "InternalError.JiFeiOtherError", want: Transient, uncertain: true},
		"bare failed operation":                {code: "FailedOperation", want: Transient, uncertain: true},
		"backend error":                        {code: "FailedOperation.CallOtherSvrError", want: Transient, uncertain: true},
		"backend failed":                       {code: "FailedOperation.CallOtherSvrFailed", want: Transient, uncertain: true},
		"service unavailable":                  {code: "ServiceUnavailable", want: Transient, uncertain: true},
		"resource unavailable":                 {code: "ResourceUnavailable", want: Transient, uncertain: true},
		"throttled":                            {code: "RequestLimitExceeded", want: Throttled},
		"throttled by user":                    {code: "RequestLimitExceeded.UinLimitExceeded", want: Throttled},
		"throttled by product":                 {code: "LimitExceeded.RateLimitExceeded", want: Throttled},
		"stream not there":                     {code: "FailedOperation.StreamNotExist", want: NotReady},
		"resolution not there":                 {code: "FailedOperation.GetStreamResolutionError", want: NotReady},
		"mix not started":                      {code: "FailedOperation.ProcessMixError", want: NotReady, uncertain: true},
		"inner stream not there":               {code: "InvalidParameter.OtherError", inner: -505, want: NotReady},
		"inner size not there":                 {code: "InvalidParameter", inner: -507, want: NotReady},
		"inner background":                     {code: "InvalidParameter.OtherError", inner: -28, want: NotReady},
		"inner mix not started":                {code: "FailedOperation", inner: -10031, want: NotReady, uncertain: true},
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
		"other inner under invalid parameter":  {code: "InvalidParameter.OtherError", inner: -4242, want: Invalid},
		"inner code of the future":             {code: "FailedOperation", inner: -4242, want: Unknown, uncertain: true},
		"failure of the future":                {code: "FailedOperation.SomethingNew", want: Unknown, uncertain: true},
		"missing picture":                      {code: "FailedOperation.GetPictureUrlError", want: Invalid},
		"answer too long":                      {code: "ResponseSizeLimitExceeded", want: Unknown, uncertain: true},
		"looks like a family":                  {code: "InvalidParameterX", want: Unknown, uncertain: true},
		"a code of the future":                 {code: "Whatever.New", want: Unknown, uncertain: true},
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
