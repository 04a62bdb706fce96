// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	tcerr "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/errors"
)

// Kind says what an error means for the caller, and so what to do about it.
type Kind int

const (
	// Invalid is a request that the API refuses for what it says. Repeating it is useless.
	Invalid Kind = iota
	// Auth is a request that the API refuses for who sends it: keys, tokens, permissions, IP lists.
	Auth
	// Account is a refusal because of the account's own state: banned, frozen, in arrears, disabled, over a limit.
	Account
	// NotReady is a refusal because an input does not push yet, or not for long enough.
	NotReady
	// Gone is the answer that the session to cancel does not exist.
	Gone
	// Throttled is a refusal because of the rate of calls.
	Throttled
	// Transient is a failure of the API or of the way to it that is likely to pass.
	Transient
	// TimedOut is an operation whose own timeout ran out.
	TimedOut
	// Interrupted is an operation that was stopped from outside, by Ctrl-C for example.
	Interrupted
)

// String returns the kind as a word for logs.
func (k Kind) String() string {
	switch k {
	case Invalid:
		return "invalid"
	case Auth:
		return "auth"
	case Account:
		return "account"
	case NotReady:
		return "not ready"
	case Gone:
		return "gone"
	case Throttled:
		return "throttled"
	case Transient:
		return "transient"
	case TimedOut:
		return "timed out"
	case Interrupted:
		return "interrupted"
	default:
		return "kind " + strconv.Itoa(int(k))
	}
}

// Codes that this package makes itself, for failures without an answer of the API. The SDK's own "ClientError.…" codes
// take their place where it has one.
const (
	codeNetworkError = "ClientError.NetworkError"
	codeHTTPStatus   = "ClientError.HttpStatusCodeError"
	codeNotAnAnswer  = "ClientError.ParseJsonError"
)

// Error is a call that failed, with all its attempts.
type Error struct {
	// Operation is the API action, "CancelCommonMixStream" for example.
	Operation string
	// Code is the API's error code of the last attempt, or "ClientError.…" where there was no answer. It is empty when no
	// attempt was made.
	Code string
	// InnerCode is the numeric code that the mixing backend leaves in Message, -30300 for example; 0 where there is none.
	InnerCode int
	// Message is the API's text of the last attempt, without secrets.
	Message string
	// RequestID is Tencent's ID of the last attempt; empty without an answer.
	RequestID string
	// Attempts counts the calls that were sent, or tried to be.
	Attempts int
	// Kind is what the failure means. For TimedOut and Interrupted, Code and Message tell of the last attempt before it.
	Kind Kind
	// Uncertain tells that one of the attempts may have taken effect although no success was seen. When it is false the
	// API has certainly started or changed nothing.
	Uncertain bool
	// Cause is the reason for TimedOut (a *TimeoutError where the operation has a timeout) and Interrupted, else the SDK's
	// error. It may hold secrets; Error does not show it otherwise.
	Cause error
}

// Error returns one line with everything that support asks for.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	if e.Kind == TimedOut || e.Kind == Interrupted {
		fmt.Fprintf(&b, ": %s", e.Cause)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, ": %s", e.Code)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	fmt.Fprintf(&b, " (attempts: %d", e.Attempts)
	if e.RequestID != "" {
		fmt.Fprintf(&b, ", request ID: %s", e.RequestID)
	}
	b.WriteString(")")
	return b.String()
}

// Unwrap returns Cause.
func (e *Error) Unwrap() error { return e.Cause }

// TimeoutError is the cause of a context whose operation timeout ran out.
type TimeoutError struct {
	// Operation names the Terraform operation: "create", "read", "update", "delete", "invoke".
	Operation string
	// After is the timeout.
	After time.Duration
}

// Error says which timeout ran out.
func (e *TimeoutError) Error() string {
	return fmt.Sprintf("the %s timeout of %s ran out", e.Operation, e.After)
}

// attemptError turns the error of one attempt into an *Error with its meaning.
func (c *Client) attemptError(operation string, err error, x *exchange) *Error {
	e := &Error{Operation: operation, Cause: err}

	var sdk *tcerr.TencentCloudSDKError
	if errors.As(err, &sdk) {
		e.Code, e.Message, e.RequestID = sdk.GetCode(), sdk.GetMessage(), sdk.GetRequestId()
	} else {
		e.Code, e.Message = codeNotAnAnswer, err.Error()
	}
	// The SDK tells of an unreadable body before it looks at the status, so that a 502 page reads "not JSON".
	if x.status != 0 && x.status != http.StatusOK {
		e.Code = codeHTTPStatus
		e.Message = fmt.Sprintf("the API answered with HTTP status %d (%s)", x.status, http.StatusText(x.status))
	}
	if e.Code == codeNetworkError && sdk != nil {
		if cause := errors.Unwrap(sdk); cause != nil {
			e.Message = cause.Error()
		}
	}
	e.Message = shorten(c.secrets.redact(e.Message))
	e.InnerCode = innerCode(e.Message)
	e.Kind = classify(e.Code, e.InnerCode, x.status)
	e.Uncertain = mayHaveTakenEffect(e, x)
	return e
}

// shorten keeps a message readable when the SDK quotes a whole page in it.
func shorten(s string) string {
	const limit = 600
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}

// innerCodePattern matches both spellings that Tencent documents for leftovers of the older mixing interface:
// "InnerErrCode:[ -41 ]", with or without a space before the colon, and "err_code [ -41 ]".
var innerCodePattern = regexp.MustCompile(`(?:err_code|InnerErrCode)\s*:?\s*\[\s*(-?\d+)\s*\]`)

// innerCode returns the mixing backend's numeric code in a message, 0 where there is none. Source: pages 267/45566 and
// 267/54768 (37665 and 40599 on the international site).
func innerCode(message string) int {
	m := innerCodePattern.FindStringSubmatch(message)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}

// carriesInnerCode tells whether the API leaves inner codes in the message of this code.
func carriesInnerCode(code string) bool {
	switch code {
	case "InvalidParameter", "InvalidParameter.OtherError", "FailedOperation":
		return true
	}
	return false
}

// classify says what a code means. The order matters: an inner code says more than the code that carries it, and the
// codes about accounts share their prefix with nothing that may be retried.
//
// Sources: the code lists of CreateCommonMixStream, CancelCommonMixStream and DescribeLiveStreamState, the common codes
// (267/30765), and the mixing pages for the inner codes.
func classify(code string, inner, status int) Kind {
	if inner != 0 && carriesInnerCode(code) {
		switch inner {
		case -30300, -31001, -31002:
			return Gone
		case -505, -507, -28, -10031:
			return NotReady
		}
		return Invalid
	}
	switch code {
	case "FailedOperation.CancelSessionNotExist", "InvalidParameter.CancelSessionNotExist":
		return Gone
	case "FailedOperation.StreamNotExist", "FailedOperation.GetStreamResolutionError", "FailedOperation.ProcessMixError":
		return NotReady
	case "FailedOperation", "FailedOperation.CallOtherSvrError", "FailedOperation.CallOtherSvrFailed",
		"ServiceUnavailable", "ResourceUnavailable":
		return Transient
	case "LimitExceeded.RateLimitExceeded":
		return Throttled
	case "IpInBlacklist", "IpNotInWhitelist":
		return Auth
	case codeHTTPStatus:
		switch {
		case status == http.StatusTooManyRequests:
			return Throttled
		case status >= 500:
			return Transient
		case status == http.StatusUnauthorized || status == http.StatusForbidden:
			return Auth
		}
		return Invalid
	}
	switch prefix, _, _ := strings.Cut(code, "."); prefix {
	case "RequestLimitExceeded":
		return Throttled
	case "InternalError":
		return Transient
	case "AuthFailure", "UnauthorizedOperation":
		return Auth
	case "ResourceNotFound", "LimitExceeded", "ResourceInsufficient":
		return Account
	case "ClientError":
		// Network failures, cut bodies and answers that are not JSON. What the SDK refuses before it sends anything
		// would be a defect of this package and shows after the retries.
		return Transient
	}
	return Invalid
}

// mayHaveTakenEffect tells whether the API may have carried out a request although this error came back.
func mayHaveTakenEffect(e *Error, x *exchange) bool {
	if !x.connected {
		return false
	}
	switch e.Kind {
	case Transient:
		return true
	case NotReady:
		// "Starting the mix failed" says nothing about how far it got; that an input is missing does.
		return e.Code == "FailedOperation.ProcessMixError" || e.InnerCode == -10031
	}
	return false
}
