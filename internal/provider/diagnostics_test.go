// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// The codes that Tencent documents for each of the calls that this provider makes, and the common ones.
var documentedCodes = map[string][]string{
	"CreateCommonMixStream": {
		"FailedOperation", "FailedOperation.CallOtherSvrError", "FailedOperation.CallOtherSvrFailed", "FailedOperation.CancelSessionNotExist",
		"FailedOperation.GetPictureUrlError", "FailedOperation.GetStreamResolutionError", "FailedOperation.ProcessMixError", "FailedOperation.StreamNotExist",
		"InternalError", "InternalError.JiFeiOtherError", "InvalidParameter", "InvalidParameter.CancelSessionNotExist", "InvalidParameter.InputNumLimitExceeded",
		"InvalidParameter.InvalidBackgroudResolution", "InvalidParameter.InvalidBitrate", "InvalidParameter.InvalidCropParam", "InvalidParameter.InvalidLayerParam",
		"InvalidParameter.InvalidOutputStreamID", "InvalidParameter.InvalidOutputType", "InvalidParameter.InvalidPictureID", "InvalidParameter.InvalidRoundRectRadius",
		"InvalidParameter.OtherError", "InvalidParameter.SessionOutputStreamChanged", "InvalidParameter.TemplateNotMatchInputNum",
		"ResourceNotFound.ForbidService", "ResourceNotFound.FreezeService", "ResourceNotFound.StopService", "ResourceNotFound.UserDisableService",
	},
	"CancelCommonMixStream": {
		"FailedOperation", "FailedOperation.CallOtherSvrError", "FailedOperation.CallOtherSvrFailed", "FailedOperation.CancelSessionNotExist", "InternalError",
		"InvalidParameter", "InvalidParameter.CancelSessionNotExist", "InvalidParameter.OtherError",
		"ResourceNotFound.ForbidService", "ResourceNotFound.FreezeService", "ResourceNotFound.StopService", "ResourceNotFound.UserDisableService",
	},
	"DescribeLiveStreamState": {
		"FailedOperation", "FailedOperation.CallOtherSvrFailed", "InternalError", "InternalError.CallOtherSvrError", "InternalError.ConfigNotExist", "InternalError.GetBizidError",
		"InternalError.GetStreamInfoError", "InternalError.GetUpstreamInfoError", "InternalError.NotPermmitOperat", "InternalError.StreamStatusError", "InternalError.UpdateDataError",
		"InvalidParameter", "InvalidParameterValue", "MissingParameter",
		"ResourceNotFound.ForbidService", "ResourceNotFound.FreezeService", "ResourceNotFound.StopService", "ResourceNotFound.UserDisableService", "ResourceNotFound.UserNotExist",
	},
	"any call": {
		"ActionOffline", "AuthFailure.InvalidAuthorization", "AuthFailure.InvalidSecretId", "AuthFailure.MFAFailure", "AuthFailure.SecretIdNotFound", "AuthFailure.SignatureExpire",
		"AuthFailure.SignatureFailure", "AuthFailure.TokenFailure", "AuthFailure.UnauthorizedOperation", "InvalidAction", "InvalidRequest", "IpInBlacklist", "IpNotInWhitelist",
		"LimitExceeded", "NoSuchProduct", "NoSuchVersion", "RequestLimitExceeded", "RequestLimitExceeded.GlobalRegionUinLimitExceeded", "RequestLimitExceeded.IPLimitExceeded",
		"RequestLimitExceeded.UinLimitExceeded", "LimitExceeded.RateLimitExceeded", "RequestSizeLimitExceeded", "ResourceInsufficient", "ResourceNotFound", "ResourceUnavailable", "ServiceUnavailable",
		"UnauthorizedOperation", "UnknownParameter", "UnsupportedOperation", "UnsupportedProtocol", "UnsupportedRegion",
		"ClientError.NetworkError", "ClientError.IOError", "ClientError.HttpStatusCodeError", "ClientError.ParseJsonError",
	},
}

// documentedInnerCodes are those of the tables of 267/45566 and 267/54768.
var documentedInnerCodes = []int{
	-1, -2, -3, -4, -11, -20, -21, -28, -29, -33, -34, -41, -111, -300, -505, -507, -508, -10021, -10031, -30300, -31001, -31002, -31003, -31004,
}

// Every documented code has a sentence and a hint. The golden file shows all of them, to be read.
func TestAdviceCoversDocumentedCodes(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	tell := func(operation string, e *liveapi.Error, name string) {
		a := adviceFor(e)
		for what, s := range map[string]string{"meaning": a.meaning, "hint": a.hint} {
			if !strings.HasSuffix(s, ".") || s[:1] != strings.ToUpper(s[:1]) {
				t.Errorf("%s, %s: the %s is %q", operation, name, what, s)
			}
		}
		fmt.Fprintf(&text, "%s\n  %s\n  %s\n", name, a.meaning, a.hint)
		if a.pointsAt() {
			fmt.Fprintf(&text, "  at %s\n", a.at)
		}
		text.WriteString("\n")
	}
	for _, operation := range []string{"CreateCommonMixStream", "CancelCommonMixStream", "DescribeLiveStreamState", "any call"} {
		fmt.Fprintf(&text, "== %s ==\n\n", operation)
		for _, code := range documentedCodes[operation] {
			tell(operation, &liveapi.Error{Operation: operation, Code: code}, code)
		}
	}
	fmt.Fprintf(&text, "== inner codes ==\n\n")
	for _, inner := range documentedInnerCodes {
		tell("inner code", &liveapi.Error{Code: "InvalidParameter.OtherError", InnerCode: inner}, fmt.Sprint(inner))
	}

	const golden = "testdata/advice.txt"
	if *update {
		if err := os.WriteFile(golden, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text.String() != string(want) {
		t.Errorf("%s is not what the table says; run the test with -update and read it", golden)
	}
}

// No code stands in two rows: the second would never be found.
func TestAdviceIsUnambiguous(t *testing.T) {
	t.Parallel()
	codes, inner := map[string]bool{}, map[int]bool{}
	for _, a := range adviceTable {
		for _, code := range a.codes {
			if codes[code] {
				t.Errorf("%s stands twice", code)
			}
			codes[code] = true
		}
		for _, n := range a.inner {
			if inner[n] {
				t.Errorf("%d stands twice", n)
			}
			inner[n] = true
		}
	}
}

func TestErrorDetail(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		err  error
		want string
	}{
		"refused": {
			err: &liveapi.Error{
				Operation: "CreateCommonMixStream", Code: "InvalidParameter.OtherError", InnerCode: -2, Message: "InnerErrCode:[ -2 ],InnerErrMsg: [ small picture out of the background ]",
				RequestID: "42", Attempts: 1, Kind: liveapi.Invalid,
			},
			want: `An input lies outside of the background.

Keep location_x + image_width within the width of layer 1, and location_y + image_height within its height. Where layer 1 is a live stream, what counts is the size that it is pushed with.

What became of it.

  Code:      InvalidParameter.OtherError
  InnerCode: -2
  Message:   InnerErrCode:[ -2 ],InnerErrMsg: [ small picture out of the background ]
  RequestId: 42
  Attempts:  1`,
		},
		"a code of the future": {
			err: &liveapi.Error{Operation: "CancelCommonMixStream", Code: "Whatever.New", Message: "new", RequestID: "42", Attempts: 1},
			want: `CancelCommonMixStream failed.

What became of it.

  Code:      Whatever.New
  Message:   new
  RequestId: 42
  Attempts:  1`,
		},
		"timed out": {
			err: &liveapi.Error{
				Operation: "CancelCommonMixStream", Code: "InternalError", Message: "oops", RequestID: "42", Attempts: 7, Kind: liveapi.TimedOut,
				Cause: &liveapi.TimeoutError{Operation: "delete", After: 5 * time.Minute},
			},
			want: `The delete timeout of 5m0s ran out. The last answer before: The API failed.

Failures of this kind tend to pass. Run Terraform again; if it goes on, tell Tencent's support the request ID.

What became of it.

  Code:      InternalError
  Message:   oops
  RequestId: 42
  Attempts:  7`,
		},
		"interrupted in flight": {
			err: &liveapi.Error{Operation: "CreateCommonMixStream", Attempts: 1, Kind: liveapi.Interrupted, Cause: context.Canceled},
			want: `The operation was interrupted before CreateCommonMixStream was answered.

What became of it.

  Attempts:  1`,
		},
		"interrupted before": {
			err: &liveapi.Error{Operation: "CreateCommonMixStream", Kind: liveapi.Interrupted, Cause: context.Canceled},
			want: `The operation was interrupted before CreateCommonMixStream was sent.

What became of it.

  Attempts:  0`,
		},
		"pacing": {
			err: &liveapi.PacingError{Distance: 30 * time.Second, Rest: 12 * time.Second},
			want: `A session ID may be used again 30s after its cancel; the 12s that are left of this are longer than the timeout allows.

What became of it.`,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := errorDetail("What became of it.", tt.err); got != tt.want {
				t.Errorf("got:\n%s\n\nwant:\n%s", got, tt.want)
			}
		})
	}
}

func TestAddCallErrorPointsAtAttributes(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]string{
		"InvalidParameter.TemplateNotMatchInputNum":   "mix_stream_template_id",
		"InvalidParameter.SessionOutputStreamChanged": "output_params.output_stream_name",
		"InvalidParameter.InvalidBitrate":             "output_params.output_stream_bit_rate",
		"FailedOperation.StreamNotExist":              "input_stream_list",
		"InternalError":                               "Unable to",
	} {
		var diags diag.Diagnostics
		addCallError(&diags, "Unable to", "", &liveapi.Error{Code: code})
		if got := attributesOf(diags); len(got) != 1 || got[0] != want {
			t.Errorf("%s points at %v, want %s", code, got, want)
		}
	}
	var diags diag.Diagnostics
	addCallError(&diags, "Unable to", "", errors.New("something else"))
	if got := attributesOf(diags); len(got) != 1 || got[0] != "Unable to" || diags[0].Detail() != "Something else." {
		t.Errorf("got %v", diags)
	}
}
