// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
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
	},
	"the way to the API": {
		liveapi.CodeNetwork, liveapi.CodeHTTPStatus, liveapi.CodeNotAnAnswer, liveapi.CodeCertificate, liveapi.CodeScheme, liveapi.CodeProxy, liveapi.CodeRequest, liveapi.CodePanic,
	},
}

// foreignStatuses stand for all statuses of replies that are not Tencent's.
var foreignStatuses = []int{101, 200, 202, 302, 400, 401, 403, 404, 407, 408, 409, 425, 429, 499, 500, 502, 503}

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
		for what, s := range map[string]string{"meaning": a.meaning, "hint": a.whatToDo()} {
			if !strings.HasSuffix(s, ".") || s[:1] != strings.ToUpper(s[:1]) {
				t.Errorf("%s, %s: the %s is %q", operation, name, what, s)
			}
		}
		fmt.Fprintf(&text, "%s\n  %s\n  %s\n", name, a.meaning, a.whatToDo())
		if a.pointsAt() {
			fmt.Fprintf(&text, "  at %s\n", a.at)
		}
		text.WriteString("\n")
	}
	for _, operation := range []string{"CreateCommonMixStream", "CancelCommonMixStream", "DescribeLiveStreamState", "any call", "the way to the API"} {
		fmt.Fprintf(&text, "== %s ==\n\n", operation)
		for _, code := range documentedCodes[operation] {
			tell(operation, &liveapi.Error{Operation: strings.Replace(operation, "any call", "CreateCommonMixStream", 1), Code: code}, code)
		}
	}
	for _, status := range foreignStatuses {
		code := liveapi.CodeHTTPStatus
		if status == 200 {
			code = liveapi.CodeNotAnAnswer
		}
		tell("HTTP", &liveapi.Error{Code: code, Status: status}, fmt.Sprintf("HTTP %d", status))
	}
	tell("unknown", &liveapi.Error{Code: "FailedOperation.SomethingNew", Kind: liveapi.KindUnknown}, "any other code")
	fmt.Fprintf(&text, "== inner codes ==\n\n")
	for _, inner := range documentedInnerCodes {
		tell("inner code", &liveapi.Error{Code: "InvalidParameter.OtherError", InnerCode: inner}, fmt.Sprint(inner))
	}

	compareGolden(t, "testdata/advice.txt", text.String())
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
	role := func(asked error) error {
		failed := &liveapi.Error{Kind: liveapi.KindAuth, Cause: &liveapi.CredentialsError{From: liveapi.SourceRole, Source: "the role qcs::cam::uin/1:roleName/mixer", Err: asked}}
		var e *liveapi.Error
		if errors.As(asked, &e) {
			failed.Kind, failed.Code, failed.Message, failed.RequestID, failed.Status = e.Kind, e.Code, e.Message, e.RequestID, e.Status
		} else {
			failed.Message = failed.Cause.Error()
		}
		failed.Operation = "CreateCommonMixStream"
		return failed
	}
	tests := map[string]error{
		"refused": &liveapi.Error{
			Operation: "CreateCommonMixStream", Code: "InvalidParameter.OtherError", InnerCode: -2, Message: "InnerErrCode:[ -2 ],InnerErrMsg: [ small picture out of the background ]",
			RequestID: "42", Attempts: 1, Kind: liveapi.KindInvalid,
		},
		"a code of the future":  &liveapi.Error{Operation: "CancelCommonMixStream", Code: "Whatever.New", Message: "new", RequestID: "42", Attempts: 1, Kind: liveapi.KindUnknown, Uncertain: true},
		"a missing permission":  &liveapi.Error{Operation: "CancelCommonMixStream", Code: "AuthFailure.UnauthorizedOperation", Message: "no", RequestID: "42", Attempts: 1, Kind: liveapi.KindAuth},
		"throttled":             &liveapi.Error{Operation: "CreateCommonMixStream", Code: "RequestLimitExceeded.UinLimitExceeded", Message: "slow down", RequestID: "42", Attempts: 11, Kind: liveapi.KindThrottled},
		"captive portal":        &liveapi.Error{Operation: "CreateCommonMixStream", Code: liveapi.CodeNotAnAnswer, Status: 200, Message: `the reply is not Tencent's: HTTP status 200 (OK), content type text/html, 812 bytes, title "Sign in"; it is not one JSON object`, Attempts: 11, Kind: liveapi.KindTransient, Uncertain: true},
		"proxy":                 &liveapi.Error{Operation: "CreateCommonMixStream", Code: liveapi.CodeHTTPStatus, Status: 403, Message: "the reply is not Tencent's: HTTP status 403 (Forbidden), content type text/plain, 12 bytes", Attempts: 1, Kind: liveapi.KindForeign, Uncertain: true},
		"untrusted certificate": &liveapi.Error{Operation: "CreateCommonMixStream", Code: liveapi.CodeCertificate, Message: "tls: failed to verify certificate: x509: certificate signed by unknown authority", Attempts: 1, Kind: liveapi.KindPermanent},
		"panic":                 &liveapi.Error{Operation: "CreateCommonMixStream", Code: liveapi.CodePanic, Message: "runtime error: invalid memory address or nil pointer dereference", Attempts: 1, Kind: liveapi.KindUnknown, Uncertain: true, Cause: &liveapi.PanicError{}},
		"timed out": &liveapi.Error{
			Operation: "CancelCommonMixStream", Code: "InternalError", Message: "oops", RequestID: "42", Attempts: 7, Kind: liveapi.KindTimedOut,
			Cause: &liveapi.TimeoutError{Operation: "delete", After: 5 * time.Minute},
		},
		"timed out in flight":    &liveapi.Error{Operation: "CreateCommonMixStream", Attempts: 1, Kind: liveapi.KindTimedOut, Cause: &liveapi.TimeoutError{Operation: "create", After: 2 * time.Second}},
		"timed out in an action": &liveapi.Error{Operation: "CancelCommonMixStream", Attempts: 1, Kind: liveapi.KindTimedOut, Cause: &liveapi.TimeoutError{Operation: "invoke", After: 2 * time.Second}},
		"timed out in a read":    &liveapi.Error{Operation: "DescribeLiveStreamState", Attempts: 3, Kind: liveapi.KindTimedOut, Cause: &liveapi.TimeoutError{Operation: "read", After: time.Minute}},
		"interrupted in flight":  &liveapi.Error{Operation: "CreateCommonMixStream", Attempts: 1, Kind: liveapi.KindInterrupted, Cause: context.Canceled},
		"interrupted before":     &liveapi.Error{Operation: "CreateCommonMixStream", Kind: liveapi.KindInterrupted, Cause: context.Canceled},
		"pacing": &liveapi.Error{Operation: "CreateCommonMixStream", Kind: liveapi.KindTooSoon, Message: "as the cause says", Cause: &liveapi.PacingError{
			Distance: 30 * time.Second, Rest: 12 * time.Second,
		}},
		"role not found":          role(&liveapi.Error{Operation: "AssumeRole", Code: "ResourceNotFound.RoleNotFound", Message: "role not exist", RequestID: "42", Attempts: 1, Kind: liveapi.KindAccount}),
		"role and STS is down":    role(&liveapi.Error{Operation: "AssumeRole", Code: liveapi.CodeHTTPStatus, Status: 503, Message: "the reply is not Tencent's: HTTP status 503 (Service Unavailable), 0 bytes", Attempts: 11, Kind: liveapi.KindTransient}),
		"role without an answer":  role(errors.New("the file is empty")),
		"account that is wrong":   &liveapi.Error{Operation: "CreateCommonMixStream", Kind: liveapi.KindAuth, Message: "as the cause says", Cause: &liveapi.AccountError{Account: "1", Allowed: []string{"2"}}},
		"account cannot be asked": &liveapi.Error{Operation: liveapi.ActionCallerIdentity, Code: "InternalError", Message: "oops", RequestID: "42", Attempts: 11, Kind: liveapi.KindTransient},
		"account may not be asked": &liveapi.Error{
			Operation: liveapi.ActionCallerIdentity, Code: "UnauthorizedOperation", Message: "no", RequestID: "42", Attempts: 1, Kind: liveapi.KindAuth,
		},
		"something else": errors.New("more than the 20000 streams are online"),
	}
	var text strings.Builder
	for _, name := range slices.Sorted(maps.Keys(tests)) {
		detail := errorDetail("What became of it.", tests[name])
		fmt.Fprintf(&text, "== %s ==\n\n%s\n\n", name, detail)
		if n := strings.Count(detail, "roleName/mixer"); n > 1 {
			t.Errorf("%s: the role is told %d times", name, n)
		}
	}
	compareGolden(t, "testdata/error_details.txt", text.String())
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

// identifierPattern matches what the messages of the CLI cannot set in another font.
var identifierPattern = regexp.MustCompile(`[A-Za-z]+(?:_[A-Za-z]+)+(?:\.[a-z_]+)*(?: = (?:"[a-z_]+"|true))?|live:\w+`)

// adviceRows is the table of the messages as one of Markdown.
func adviceRows() string {
	var rows strings.Builder
	rows.WriteString("| code | inner code | what it means | what to do |\n|---|---|---|---|\n")
	quoted := func(text string) string { return "`" + text + "`" }
	cell := func(text string) string {
		text = strings.ReplaceAll(identifierPattern.ReplaceAllStringFunc(text, quoted), "|", `\|`)
		return strings.ReplaceAll(text, "{permission}", "`live:…` with the name of the call")
	}
	for _, a := range adviceTable {
		var codes, inner []string
		for _, code := range a.codes {
			if code != unknownCode {
				code = quoted(code)
			}
			codes = append(codes, code)
		}
		for _, code := range a.inner {
			inner = append(inner, quoted(fmt.Sprint(code)))
		}
		fmt.Fprintf(&rows, "| %s | %s | %s | %s |\n", strings.Join(codes, ", "), strings.Join(inner, ", "), cell(a.meaning), cell(a.whatToDo()))
	}
	return rows.String()
}

// The page of the codes says what the messages say. With -update it is written.
func TestTroubleshootingPage_codes(t *testing.T) {
	t.Parallel()
	const begin, end = "<!-- The table of codes is written by make generate. -->\n\n", "<!-- The end of the table. -->"
	file := filepath.Join("..", "..", "templates", "guides", "troubleshooting.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(page), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table of codes", file)
	}
	want := before + begin + adviceRows() + "\n" + end + after
	if want == string(page) {
		return
	}
	if !*update {
		t.Fatalf("%s does not have the table of the messages; run make generate", file)
	}
	if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Each message that the page explains is one that the provider has.
func TestTroubleshootingPage_messages(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	summaries := regexp.MustCompile(`(?m)^\| \*\*(.+?)\*\* \|`).FindAllStringSubmatch(string(page), -1)
	if len(summaries) == 0 {
		t.Fatal("the page explains no message")
	}
	for _, summary := range summaries {
		if !strings.Contains(code.String(), `"`+summary[1]+`"`) {
			t.Errorf("no message of the provider is %q", summary[1])
		}
	}
}

// What an unknown input may lack is not reported; what a known one beside it lacks is.
func TestUnknownInputBesideOmission(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"an unknown input alone": {
			body: `input_stream_list = [unknown, { input_stream_name = "b", layout_params = { image_layer = 2 } }]`,
		},
		"a name missing beside it": {
			body: `input_stream_list = [unknown, { layout_params = { image_layer = 2 } }]`,
			want: []string{"input_stream_list[1].input_stream_name"},
		},
		"a layer missing beside an unknown layout": {
			body: `input_stream_list = [{ input_stream_name = "a", layout_params = {} }, { input_stream_name = "b", layout_params = unknown }, unknown]`,
			want: []string{"input_stream_list[0].layout_params.image_layer"},
		},
		"all inputs unknown, and no name of the output": {
			body: `
				input_stream_list = [unknown, unknown]
				output_params     = {}`,
			want: []string{"output_params.output_stream_name"},
		},
		"all unknown, and no output": {
			body: `
				input_stream_list = unknown
				output_params     = null`,
			want: []string{"output_params"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `mix_stream_session_id = "s"` + "\n" + tt.body
			if !strings.Contains(body, "output_params") {
				body += "\n" + `output_params = { output_stream_name = "b" }`
			}
			diags := validateMix(t, newServer(New("test")()), mixConfig(t, body))
			var at []string
			for _, d := range diags {
				at = append(at, acctest.WirePath(d.Attribute))
			}
			if strings.Join(at, " ") != strings.Join(tt.want, " ") {
				t.Errorf("problems at %q, want %q:\n%s", at, tt.want, acctest.Prose(diags))
			}
		})
	}
}

// A configuration is decoded for a complaint that could be about a part of something unknown, and for no other: here is
// none that could be decoded.
func TestUnknownPartsAreSoughtOnlyWhereNeeded(t *testing.T) {
	t.Parallel()
	diags := validateMix(t, newServer(New("test")()), mixConfig(t, `
		mix_stream_session_id = "no name"
		input_stream_list     = [{ input_stream_name = "a", layout_params = { image_layer = 1 } }]`))
	if len(diags) < 3 {
		t.Fatalf("only\n%s", acctest.Prose(diags))
	}
	if kept := withoutUnknownParts(diags, nil, nil); len(kept) != len(diags) {
		t.Errorf("of %d diagnostics %d are left", len(diags), len(kept))
	}
}
