// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"cmp"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"
)

// errNotThisAnswer is an answer from Tencent that lacks what the call asks for.
var errNotThisAnswer = errors.New("the answer lacks what the API documents")

// silenceError is an attempt that got no answer in time.
type silenceError struct{ after time.Duration }

func (e *silenceError) Error() string { return fmt.Sprintf("there was no answer within %s", e.after) }

// attempt sends the request once. It ends in time even if nobody answers; then it gives up the connection, so that the
// next attempt does not wait on the same one.
func (c *Client) attempt(ctx context.Context, r request, keys Keys, x *exchange) error {
	limit := cmp.Or(r.attemptTimeout, attemptTimeout)
	within, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	err := guarded(func() error { return r.send(withExchange(within, x), keys) })
	logPanic(ctx, err)
	if err == nil && (!x.answered || x.verdict.code != "") {
		// Only what the transport saw counts as an answer.
		err = errNotThisAnswer
	}
	if err != nil && !x.replied() && within.Err() != nil && ctx.Err() == nil {
		if x.abandon != nil {
			x.abandon()
		}
		return &silenceError{after: limit}
	}
	return err
}

// attemptError turns the error of one attempt into a classified *Error.
func (c *Client) attemptError(operation string, err error, x *exchange) *Error {
	e := &Error{Operation: operation}
	var broken *PanicError
	switch {
	case errors.As(err, &broken):
		e.Code, e.Kind, e.Uncertain, e.Cause = CodePanic, KindUnknown, true, broken
		e.Message = c.secrets.text(broken.Value)
	case x.foreign != nil:
		e.Code, e.Status, e.Kind, e.Uncertain, e.Cause = CodeHTTPStatus, x.foreign.Status, x.foreign.kind(), true, x.foreign
		if e.Status == http.StatusOK {
			e.Code = CodeNotAnAnswer
		}
		e.Message = x.foreign.Error()
	case x.answered && x.verdict.code != "":
		e.Code, e.Message = c.secrets.text(x.verdict.code), c.secrets.text(x.verdict.message)
		e.RequestID = c.secrets.text(x.verdict.requestID)
		e.InnerCode = innerCode(x.verdict.message)
		m := meaningOf(x.verdict.code, e.InnerCode)
		e.Kind, e.Uncertain = m.kind, m.uncertain
	case x.answered:
		// The parser's error may quote the answer.
		e.Code, e.Kind, e.Uncertain = CodeNotAnAnswer, KindTransient, true
		e.RequestID, e.Message = c.secrets.text(x.verdict.requestID), errNotThisAnswer.Error()
	default:
		c.unanswered(e, err, x)
	}
	return e
}

// unanswered fills in the error of an attempt that got no reply.
func (c *Client) unanswered(e *Error, err error, x *exchange) {
	// A url.Error around the reason adds nothing.
	var around *url.Error
	if errors.As(err, &around) {
		err = around.Err
	}
	e.Message, e.Cause = c.secrets.text(err.Error()), err
	if code, status := permanent(err, x); code != "" {
		e.Code, e.Status, e.Kind = code, status, KindPermanent
		return
	}
	e.Code, e.Kind, e.Uncertain = CodeNetwork, KindTransient, x.connected
}

// permanent returns the code of a failure that came before anything was sent and will be the same next time.
func permanent(err error, x *exchange) (code string, status int) {
	if x.connected {
		return "", 0
	}
	var request *RequestError
	var proxy *ProxyError
	var verification *tls.CertificateVerificationError
	var authority x509.UnknownAuthorityError
	var hostname x509.HostnameError
	var certificate x509.CertificateInvalidError
	var roots x509.SystemRootsError
	var record tls.RecordHeaderError
	switch {
	case errors.As(err, &request):
		return CodeRequest, 0
	case errors.As(err, &proxy):
		if proxy.Status >= 500 || proxy.Status == http.StatusTooManyRequests || proxy.Status == http.StatusRequestTimeout {
			return "", 0
		}
		return CodeProxy, proxy.Status
	case errors.As(err, &verification), errors.As(err, &authority), errors.As(err, &hostname), errors.As(err, &certificate), errors.As(err, &roots):
		return CodeCertificate, 0
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return CodeScheme, 0
	case !x.reached && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded):
		// A request that is refused before it reaches the transport will be refused again.
		return CodeRequest, 0
	}
	return "", 0
}
