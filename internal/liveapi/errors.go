// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"
)

// Kind says what an error means for the caller, and so what to do about it.
type Kind int

const (
	// KindInvalid is a request that the API refuses because of its content. Retrying it is useless.
	KindInvalid Kind = iota
	// KindAuth is a request that the API refuses because of its sender: keys, tokens, permissions, IP lists.
	KindAuth
	// KindAccount is a refusal because of the account's own state: banned, frozen, in arrears, disabled, over a limit.
	KindAccount
	// KindNotReady is a refusal because an input is not being pushed yet, or not for long enough.
	KindNotReady
	// KindNotFound is a refusal to cancel a session because it does not exist.
	KindNotFound
	// KindThrottled is a refusal because of the rate of calls.
	KindThrottled
	// KindTransient is a failure of the API or of the network that is likely to pass.
	KindTransient
	// KindTimedOut is an operation whose own timeout ran out.
	KindTimedOut
	// KindInterrupted is an operation that was stopped from outside, by Ctrl-C for example.
	KindInterrupted
	// KindForeign is a reply that is not Tencent's and will be the same next time: from a proxy, a captive portal or a
	// wrong endpoint. Cause is a *ForeignAnswerError.
	KindForeign
	// KindUnknown is an answer from Tencent with an unknown code, or a panic below this package (Cause is then a
	// *PanicError). The outcome of the call is unknown.
	KindUnknown
	// KindPermanent is a call that cannot be sent: an untrusted certificate, an invalid header, a wrong scheme, a proxy
	// that refuses. Retrying it is useless, and its attempt has certainly changed nothing.
	KindPermanent
	// KindTooSoon is an operation that would have to wait longer than its timeout allows. Cause is a *PacingError.
	KindTooSoon
)

var kindNames = map[Kind]string{
	KindInvalid: "invalid", KindAuth: "auth", KindAccount: "account", KindNotReady: "not ready", KindNotFound: "gone", KindThrottled: "throttled", KindTransient: "transient",
	KindTimedOut: "timed out", KindInterrupted: "interrupted", KindForeign: "foreign", KindUnknown: "unknown", KindPermanent: "permanent", KindTooSoon: "too soon",
}

// String returns the kind as a word for logs.
func (k Kind) String() string {
	if name, ok := kindNames[k]; ok {
		return name
	}
	return "kind " + strconv.Itoa(int(k))
}

// Codes of this package, for failures without an answer from the API. Where the SDK has a "ClientError.…" code for the
// failure, it is the SDK's.
const (
	// CodeNetwork is a network failure, or no answer in time.
	CodeNetwork = "ClientError.NetworkError"
	// CodeHTTPStatus is a reply with an HTTP status other than 200.
	CodeHTTPStatus = "ClientError.HttpStatusCodeError"
	// CodeNotAnAnswer is a reply with status 200 that is not an answer to the call.
	CodeNotAnAnswer = "ClientError.ParseJsonError"
	// CodeCertificate is an untrusted certificate, CodeScheme a server that does not speak TLS where it should.
	CodeCertificate = "ClientError.Certificate"
	CodeScheme      = "ClientError.Scheme"
	// CodeRequest is a request that cannot be sent as it is, CodeProxy a proxy that refuses to connect.
	CodeRequest = "ClientError.Request"
	CodeProxy   = "ClientError.Proxy"
	// CodePanic is a panic below this package.
	CodePanic = "ClientError.Panic"
)

// Error is a call that failed, with all its attempts.
type Error struct {
	// Operation is the API action, "CancelCommonMixStream" for example.
	Operation string
	// Code is the API's error code from the last attempt, or "ClientError.…" if there was no answer. It is empty if no
	// attempt was made.
	Code string
	// InnerCode is the numeric code that the mixing backend puts into Message, -30300 for example, or 0 if there is
	// none.
	InnerCode int
	// Status is the HTTP status of a foreign reply or of a proxy that refuses, otherwise 0.
	Status int
	// Message is the text of the last attempt, fit for display: one line, without secrets.
	Message string
	// RequestID is Tencent's ID of the last attempt; empty without an answer.
	RequestID string
	// Attempts counts the calls that were sent or tried.
	Attempts int
	// Kind classifies the failure. For KindTimedOut and KindInterrupted, Code and Message describe the last attempt
	// before it.
	Kind Kind
	// Uncertain reports whether an attempt may have taken effect although no success was seen. If it is false, the API
	// has certainly started or changed nothing.
	Uncertain bool
	// Cause gives the reason if there is more to say: a *TimeoutError, a *CredentialsError, an *AccountError, a
	// *PacingError, a *SharedSessionError, a *ForeignAnswerError, a *PanicError, or a network error. A network error
	// may hold secrets, so Error does not show it.
	Cause error
}

// Error returns one line with everything that support asks for.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Operation)
	if (e.Kind == KindTimedOut || e.Kind == KindInterrupted) && e.Cause != nil {
		fmt.Fprintf(&b, ": %s", e.Cause)
	}
	if e.Code != "" {
		fmt.Fprintf(&b, ": %s", e.Code)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.Attempts > 0 {
		fmt.Fprintf(&b, " (attempts: %d", e.Attempts)
		if e.RequestID != "" {
			fmt.Fprintf(&b, ", request ID: %s", e.RequestID)
		}
		b.WriteString(")")
	}
	return b.String()
}

// Unwrap returns Cause.
func (e *Error) Unwrap() error { return e.Cause }

// TimeoutError is the cause of a context whose operation timed out.
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

// PanicError is a panic below this package, in the SDK for example. The outcome of the call is unknown.
type PanicError struct {
	// Value is the panic value as text. It may hold secrets.
	Value string
	// Stack is the stack trace, for the log.
	Stack string
}

// Error does not show Value.
func (e *PanicError) Error() string { return "the code that makes the call panicked" }

// guarded calls f and returns its panic as a *PanicError. Otherwise one call would end the provider's process and lose
// everything it knows about the calls in flight.
func guarded(f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Value: fmt.Sprint(v), Stack: string(debug.Stack())}
		}
	}()
	return f()
}

// notSent returns the error of an operation for which no call was made. The cause says why.
func notSent(operation string, kind Kind, cause error) *Error {
	return &Error{Operation: operation, Kind: kind, Message: cause.Error(), Cause: cause}
}

// statusText formats an HTTP status for a reader.
func statusText(status int) string {
	text := strconv.Itoa(status)
	if name := http.StatusText(status); name != "" {
		text += " (" + name + ")"
	}
	return text
}
