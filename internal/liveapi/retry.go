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
	// throttledCap is lower: it is the limiter that slows down then, and a call that sleeps on while others go finishes last.
	throttledCap = 2 * time.Second

	// notReadyInterval is the time Tencent asks for between the start of a push and a mix (267/45566).
	notReadyInterval = 5 * time.Second
	// notReadyTries bounds the attempts on inputs that do not push, unless the caller waits for them.
	notReadyTries = 3

	// noticeableWait is the length from which on a wait is worth a line for the user.
	noticeableWait = 2 * time.Second
)

// request is one API call with its attempts.
type request struct {
	action  string
	session string
	// waitForInputs retries "not ready" answers until the context ends.
	waitForInputs bool
	// signed hands the client's keys to send, as they are at each attempt.
	signed bool
	// patience bounds an attempt, window the time in which attempts begin; 0 stands for attemptTimeout and for no bound.
	patience, window time.Duration
	// send makes one attempt by the client's transport, which decides whether it was answered. It must end with its context.
	send func(ctx context.Context, keys Keys) error
	// final tells of an error that it makes no sense to retry, although its kind does not say so; nil for none.
	final func(*Error) bool
	// retrying is called before each further attempt with the number of the one before and its error; it may be nil.
	retrying func(attempt int, failed *Error)
}

// do sends the request until it succeeds, is refused for good, has used up its retries, or the context ends. Both calls
// of a mix are idempotent for one session and one output name, so that an attempt of unknown outcome may be repeated.
// Its error is always an *Error.
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
				// The attempt was cut off by its context: what it says of the network is not news. The one before may be.
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
		if !ok || r.final != nil && r.final(last) || r.window > 0 && time.Since(begin)+wait > r.window {
			return last
		}
		if err := sleep(ctx, wait, "retrying "+r.action, map[string]any{"session": r.session, "after": last.Code}); err != nil {
			return stopped(ctx, r.action, last, uncertain)
		}
	}
}

// retries counts those of one call.
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

// backoff returns the wait before retry n (1 for the first one): exponential with full jitter, so that many rooms that
// failed together do not come back together.
func backoff(n int, longest time.Duration) time.Duration {
	limit := longest
	if n < 16 {
		limit = min(backoffBase<<(n-1), longest)
	}
	return rand.N(limit + 1)
}

// unsigned is the error of an operation for which there were no keys, in the middle of it or at its start.
func (c *Client) unsigned(ctx context.Context, operation string, attempts int, err error, uncertain bool) *Error {
	if ctx.Err() != nil {
		e := stopped(ctx, operation, nil, uncertain)
		e.Attempts = attempts
		return e
	}
	e := &Error{Kind: KindAuth, Message: c.secrets.text(err.Error())}
	var asked *Error
	var broken *PanicError
	switch {
	case errors.As(err, &asked):
		*e = *asked
	case errors.As(err, &broken):
		logPanic(ctx, err)
		e.Kind, e.Code, e.Message = KindUnknown, CodePanic, c.secrets.text(broken.Value)
	}
	e.Operation, e.Attempts, e.Uncertain, e.Cause = operation, attempts, uncertain, err
	return e
}

// stopped is the error of an operation that its context ended. It keeps what the last attempt said.
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

// sleep waits for d or for the end of the context, whichever comes first, and says so in the log when it takes long.
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

// logPanic leaves in the log what a report of a bug needs. The stack holds addresses, and no values.
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
