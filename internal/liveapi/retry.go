// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

const (
	backoffBase = 500 * time.Millisecond
	backoffCap  = 10 * time.Second
	// throttledCap is lower than backoffCap: the limiter already slows down, and a call that keeps sleeping while
	// others go would finish last.
	throttledCap = 2 * time.Second

	// notReadyInterval is the time that Tencent asks for between the start of a push and a mix (267/45566).
	notReadyInterval = 5 * time.Second
	// notReadyTries bounds the attempts while an input is not being pushed, unless the caller waits for inputs.
	notReadyTries = 3

	// noticeableWait is the shortest wait that the user is told about.
	noticeableWait = 2 * time.Second
)

// request is one API call with its attempts.
type request struct {
	action  string
	session string
	// waitForInputs retries "not ready" answers until the context ends.
	waitForInputs bool
	// signed passes the client's current keys to send at each attempt.
	signed bool
	// attemptTimeout bounds one attempt, and totalTimeout the time within which attempts may begin. Zero means the
	// package's attemptTimeout and no bound.
	attemptTimeout, totalTimeout time.Duration
	// send makes one attempt through the client's transport, which decides whether it was answered. It must end with
	// its context.
	send func(ctx context.Context, keys Keys) error
	// final reports whether an error must not be retried although its kind allows it; nil means never.
	final func(*Error) bool
	// retrying is called before each further attempt, with the number and error of the previous one; it may be nil.
	retrying func(attempt int, failed *Error)
}

// do sends the request until it succeeds, is refused for good, has used up its retries, or the context ends. Both calls
// of a mix are idempotent for one session and one output name, so an attempt with an unknown outcome may be repeated.
// The error is always an *Error.
func (c *Client) do(ctx context.Context, r request) error {
	var uncertain bool
	var last *Error
	retries := retries{max: c.maxRetries, waitForInputs: r.waitForInputs}
	begin := time.Now()

	for attempt := 1; ; attempt++ {
		if err := c.limiter.wait(ctx, r.action); err != nil {
			return stopped(ctx, r.action, last, uncertain)
		}
		var keys Keys
		if r.signed {
			var err error
			if keys, err = c.keys(ctx); err != nil {
				return c.unsigned(ctx, r.action, attempt-1, err, uncertain)
			}
		}
		if last != nil && r.retrying != nil {
			r.retrying(attempt-1, last)
		}
		var x exchange
		start := time.Now()
		err := c.attempt(ctx, r, keys, &x)
		if err == nil {
			c.limiter.succeeded(r.action)
			logCall(ctx, r, attempt, time.Since(start), c.secrets.text(x.verdict.requestID), nil)
			return nil
		}

		before := last
		last = c.attemptError(r.action, err, &x)
		last.Attempts = attempt
		uncertain = uncertain || last.Uncertain
		last.Uncertain = uncertain
		logCall(ctx, r, attempt, time.Since(start), last.RequestID, last)
		if ctx.Err() != nil {
			if !x.replied() {
				// The context cut the attempt off, so its network error adds nothing. The previous attempt may.
				last = &Error{Operation: r.action}
				if before != nil {
					last = before
				}
				last.Attempts = attempt
			}
			return stopped(ctx, r.action, last, uncertain)
		}

		if last.Kind == KindThrottled {
			c.limiter.throttled(r.action)
		}
		wait, ok := retries.next(last.Kind)
		if !ok || r.final != nil && r.final(last) || r.totalTimeout > 0 && time.Since(begin)+wait > r.totalTimeout {
			return last
		}
		if err := sleep(ctx, wait, "retrying "+r.action, map[string]any{"session": r.session, "after": last.Code}); err != nil {
			return stopped(ctx, r.action, last, uncertain)
		}
	}
}

// retries counts the retries of one call.
type retries struct {
	max           int
	waitForInputs bool

	transient, notReady int
}

// next returns the wait before the next attempt, and whether there is one.
func (r *retries) next(k Kind) (time.Duration, bool) {
	switch k {
	case KindThrottled, KindTransient:
		r.transient++
		longest := backoffCap
		if k == KindThrottled {
			longest = throttledCap
		}
		return backoff(r.transient, longest), r.transient <= r.max
	case KindNotReady:
		r.notReady++
		return notReadyInterval, r.notReady < notReadyTries || r.waitForInputs
	}
	return 0, false
}

// backoff returns the wait before retry n, counted from 1: exponential with full jitter, so that many rooms that failed
// together do not come back together.
func backoff(n int, longest time.Duration) time.Duration {
	limit := longest
	if n < 16 {
		limit = min(backoffBase<<(n-1), longest)
	}
	return rand.N(limit + 1)
}

// unsigned returns the error of an operation that could not get keys, at its start or between attempts.
func (c *Client) unsigned(ctx context.Context, operation string, attempts int, err error, uncertain bool) *Error {
	if ctx.Err() != nil {
		e := stopped(ctx, operation, nil, uncertain)
		e.Attempts = attempts
		return e
	}
	e := &Error{Kind: KindAuth, Message: c.secrets.text(err.Error())}
	var keysErr *Error
	var broken *PanicError
	switch {
	case errors.As(err, &keysErr):
		*e = *keysErr
	case errors.As(err, &broken):
		logPanic(ctx, err)
		e.Kind, e.Code, e.Message = KindUnknown, CodePanic, c.secrets.text(broken.Value)
	}
	e.Operation, e.Attempts, e.Uncertain, e.Cause = operation, attempts, uncertain, err
	return e
}

// stopped returns the error of an operation that its context ended. It keeps what the last attempt said.
func stopped(ctx context.Context, operation string, last *Error, uncertain bool) *Error {
	e := &Error{Operation: operation}
	if last != nil {
		*e = *last
	}
	e.Kind, e.Cause, e.Uncertain = KindInterrupted, context.Cause(ctx), uncertain
	var timeout *TimeoutError
	if errors.As(e.Cause, &timeout) || errors.Is(e.Cause, context.DeadlineExceeded) {
		e.Kind = KindTimedOut
	}
	return e
}

// sleep waits for d or until the context ends, and logs a long wait.
func sleep(ctx context.Context, d time.Duration, why string, fields map[string]any) error {
	if d <= 0 {
		return ctx.Err()
	}
	if d >= noticeableWait {
		tflog.Info(ctx, "waiting "+d.Round(100*time.Millisecond).String()+": "+why, fields)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// logPanic logs what a bug report needs. The stack holds addresses but no values.
func logPanic(ctx context.Context, err error) {
	var broken *PanicError
	if errors.As(err, &broken) {
		tflog.Error(ctx, "a call panicked", map[string]any{"stack": broken.Stack})
	}
}

func logCall(ctx context.Context, r request, attempt int, took time.Duration, requestID string, e *Error) {
	fields := map[string]any{
		"action":      r.action,
		"session":     r.session,
		"attempt":     attempt,
		"duration_ms": took.Milliseconds(),
		"request_id":  requestID,
	}
	if e == nil {
		tflog.Debug(ctx, "Tencent Live API call", fields)
		return
	}
	fields["code"], fields["kind"] = e.Code, e.Kind.String()
	if e.InnerCode != 0 {
		fields["inner_code"] = e.InnerCode
	}
	tflog.Debug(ctx, "Tencent Live API call failed", fields)
}
