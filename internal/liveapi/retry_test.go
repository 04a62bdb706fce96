// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestRetry(t *testing.T) {
	t.Parallel()
	internal, throttled := apiError("InternalError", "oops"), apiError("RequestLimitExceeded.UinLimitExceeded", "slow down")
	missing := apiError("FailedOperation.StreamNotExist", "no stream")
	tests := map[string]struct {
		replies    []reply
		maxRetries int
		wait       bool
		timeout    time.Duration
		calls      int
		kind       Kind   // of the error, where code is not empty
		code       string // "none" is an error without a code
		uncertain  bool
		atLeast    time.Duration
		atMost     time.Duration
	}{
		"success at once":                {replies: []reply{success}, maxRetries: 10, calls: 1},
		"internal error twice":           {replies: []reply{internal, internal, success}, maxRetries: 10, calls: 3, atMost: 1500 * time.Millisecond},
		"cut connection is sent again":   {replies: []reply{cutConnection, success}, maxRetries: 10, calls: 2, atMost: 500 * time.Millisecond},
		"no retries wanted":              {replies: []reply{internal}, maxRetries: 0, calls: 1, code: "InternalError", kind: KindTransient, uncertain: true},
		"internal error for ever":        {replies: []reply{internal}, maxRetries: 10, calls: 11, code: "InternalError", kind: KindTransient, uncertain: true, atMost: 66 * time.Second},
		"throttled for ever":             {replies: []reply{throttled}, maxRetries: 3, calls: 4, code: "RequestLimitExceeded.UinLimitExceeded", kind: KindThrottled},
		"invalid is final":               {replies: []reply{apiError("InvalidParameter.InvalidBitrate", "x"), success}, maxRetries: 10, calls: 1, code: "InvalidParameter.InvalidBitrate", kind: KindInvalid},
		"auth is final":                  {replies: []reply{apiError("AuthFailure.SignatureFailure", "x"), success}, maxRetries: 10, calls: 1, code: "AuthFailure.SignatureFailure", kind: KindAuth},
		"account is final":               {replies: []reply{apiError("ResourceNotFound.StopService", "x"), success}, maxRetries: 10, calls: 1, code: "ResourceNotFound.StopService", kind: KindAccount},
		"not ready is tried three times": {replies: []reply{missing}, maxRetries: 10, calls: 3, code: "FailedOperation.StreamNotExist", kind: KindNotReady, atLeast: 10 * time.Second, atMost: 10 * time.Second},
		"not ready, then ready":          {replies: []reply{missing, missing, success}, maxRetries: 0, calls: 3, atLeast: 10 * time.Second, atMost: 10 * time.Second},
		"waiting for inputs":             {replies: []reply{missing, missing, missing, missing, missing, success}, maxRetries: 0, wait: true, calls: 6, atLeast: 25 * time.Second, atMost: 25 * time.Second},
		"waiting for inputs in vain": {
			replies: []reply{missing}, maxRetries: 0, wait: true, timeout: 12 * time.Second, calls: 3,
			code: "FailedOperation.StreamNotExist", kind: KindTimedOut, atLeast: 12 * time.Second, atMost: 12 * time.Second,
		},
		"an unknown outcome is remembered": {
			replies: []reply{cutConnection, apiError("InvalidParameter.InvalidBitrate", "x")}, maxRetries: 10, calls: 2,
			code: "InvalidParameter.InvalidBitrate", kind: KindInvalid, uncertain: true,
		},
		"a hanging attempt costs itself": {
			replies: []reply{hang, success}, maxRetries: 1, calls: 2, atLeast: attemptTimeout, atMost: attemptTimeout + 500*time.Millisecond,
		},
		"the answer before a hanging call is told": {
			replies: []reply{apiError("InternalError", "x"), hang}, maxRetries: 10, timeout: 7 * time.Second, calls: 2, code: "InternalError", kind: KindTimedOut,
			uncertain: true, atLeast: 7 * time.Second, atMost: 7 * time.Second,
		},
		"a hanging call ends with the timeout": {
			replies: []reply{hang}, maxRetries: 10, timeout: 7 * time.Second, calls: 1, code: "none", kind: KindTimedOut,
			uncertain: true, atLeast: 7 * time.Second, atMost: 7 * time.Second,
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = tt.maxRetries }, tt.replies...)
				ctx := t.Context()
				if tt.timeout > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeoutCause(ctx, tt.timeout, &TimeoutError{Operation: "create", After: tt.timeout})
					defer cancel()
				}
				start := time.Now()
				_, err := c.ApplyMixStream(ctx, testMix("s"), Apply{Last: NewLastApply(), WaitForInputs: tt.wait})
				took := time.Since(start)

				if s.calls() != tt.calls {
					t.Errorf("%d calls, want %d", s.calls(), tt.calls)
				}
				if took < tt.atLeast || tt.atMost > 0 && took > tt.atMost {
					t.Errorf("took %s, want %s to %s", took, tt.atLeast, tt.atMost)
				}
				if tt.code == "" {
					if err != nil {
						t.Error(err)
					}
					return
				}
				e := asError(t, err)
				if tt.code == "none" {
					tt.code = ""
				}
				if e.Code != tt.code || e.Kind != tt.kind || e.Attempts != tt.calls || e.Uncertain != tt.uncertain {
					t.Errorf("got %+v, want code %s, kind %s, %d attempts, uncertain %t", *e, tt.code, tt.kind, tt.calls, tt.uncertain)
				}
				if e.Kind == KindTimedOut {
					var timeout *TimeoutError
					if !errors.As(err, &timeout) || timeout.After != tt.timeout {
						t.Errorf("cause %v does not name the timeout", e.Unwrap())
					}
				}
			})
		})
	}
}

// An interrupt ends the wait between two attempts at once and is told from a timeout.
func TestRetryInterrupted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reply     reply
		uncertain bool
	}{
		"while waiting": {reply: apiError("FailedOperation.StreamNotExist", "no stream")},
		"in flight":     {reply: hang, uncertain: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, nil, tt.reply)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(3*time.Second, cancel)
				start := time.Now()
				e := asError(t, create(ctx, c, "s"))
				if took := time.Since(start); took != 3*time.Second {
					t.Errorf("took %s after an interrupt at 3s", took)
				}
				if e.Kind != KindInterrupted || e.Uncertain != tt.uncertain || s.calls() != 1 {
					t.Errorf("got %+v after %d calls", *e, s.calls())
				}
			})
		})
	}
}

// Nothing is sent for an operation that ended before its turn.
func TestRetryEndedBefore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, success)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		e := asError(t, create(ctx, c, "s"))
		if e.Kind != KindInterrupted || e.Uncertain || e.Attempts != 0 || s.calls() != 0 {
			t.Errorf("got %+v after %d calls", *e, s.calls())
		}
	})
}

func TestBackoff(t *testing.T) {
	t.Parallel()
	for _, longest := range []time.Duration{backoffCap, throttledCap} {
		for n := 1; n <= 200; n++ {
			limit := longest
			if n <= 5 {
				limit = min(backoffBase<<(n-1), longest)
			}
			for range 20 {
				if d := backoff(n, longest); d < 0 || d > limit {
					t.Fatalf("backoff(%d, %s) = %s, want 0 to %s", n, longest, d, limit)
				}
			}
		}
	}
}
