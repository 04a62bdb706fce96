// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// told collects what an operation tells.
type told []string

func (t *told) add(message string) { *t = append(*t, message) }

func (t *told) expect(tb testing.TB, want ...string) {
	tb.Helper()
	if !slices.Equal(*t, want) {
		tb.Errorf("told:\n%s\nwant:\n%s", strings.Join(*t, "\n"), strings.Join(want, "\n"))
	}
}

// A cancel of any session ends one that a create of this process owns, and leaves nothing for the owner to cancel.
func TestCancelAnyOfAnOwnedSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, paced, []reply{success, success, apiError("FailedOperation.CancelSessionNotExist", "x")}...)
		owner := NewLastApply()
		if _, err := c.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: owner}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		var heard told
		if got := took(func() {
			if outcome, err := c.CancelAnyMixStream(t.Context(), "s", heard.add); err != nil || outcome != OutcomeCancelled {
				t.Errorf("outcome %d, error %v", outcome, err)
			}
		}); got != 4*time.Second {
			t.Errorf("waited %s, want what was left of 5s", got)
		}
		heard.expect(t, "waiting 4s: a session may be cancelled 5s after its last change at the earliest")
		if outcome, _, err := c.CancelMixStream(t.Context(), "s", owner); err != nil || outcome != OutcomeNotFound || s.calls() != 3 {
			t.Errorf("the owner's cancel: outcome %d, error %v after %d calls", outcome, err, s.calls())
		}
	})
}

// A stray session may have been changed just before this process, and is gone as well when the API says so.
func TestCancelAnyOfAStraySession(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		age   time.Duration // of the process
		reply reply
		want  CancelOutcome
		waits time.Duration
		tells []string
	}{
		"in a young process": {
			age: 1200 * time.Millisecond, reply: success, want: OutcomeCancelled, waits: 3800 * time.Millisecond,
			tells: []string{"waiting 3.8s: a session may be cancelled 5s after its last change at the earliest"},
		},
		"in an old process": {age: time.Minute, reply: success, want: OutcomeCancelled},
		"gone":              {age: time.Minute, reply: apiError("InvalidParameter.OtherError", "InnerErrCode:[ -30300 ],InnerErrMsg: [ x ]"), want: OutcomeNotFound},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, paced, tt.reply)
				time.Sleep(tt.age)
				var heard told
				if got := took(func() {
					if outcome, err := c.CancelAnyMixStream(t.Context(), "s", heard.add); err != nil || outcome != tt.want || s.calls() != 1 {
						t.Errorf("outcome %d, error %v after %d calls", outcome, err, s.calls())
					}
				}); got != tt.waits {
					t.Errorf("waited %s, want %s", got, tt.waits)
				}
				heard.expect(t, tt.tells...)
				if want := `{"MixStreamSessionId":"s"}`; s.bodies[0] != want {
					t.Errorf("body %s, want %s", s.bodies[0], want)
				}
			})
		})
	}
}

// What each failed attempt said is told when the next one begins, and is not told of the last one: it is the error.
func TestCancelAnyTellsOfAttempts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = 3 },
			apiError("InternalError", "x"), answer(http.StatusBadGateway, "<html>"), cutConnection, apiError("FailedOperation.CallOtherSvrError", "x"))
		var heard told
		_, err := c.CancelAnyMixStream(t.Context(), "s", heard.add)
		if e := asError(t, err); e.Attempts != 4 || e.Code != "FailedOperation.CallOtherSvrError" || !e.Uncertain {
			t.Errorf("got %+v", *e)
		}
		heard.expect(t,
			"attempt 1 failed with InternalError, trying again",
			"attempt 2 failed with ClientError.HttpStatusCodeError, trying again",
			"attempt 3 failed with ClientError.NetworkError, trying again",
		)
	})
}

func TestCancelAnyEndsWithContext(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change  func(*Config)
		replies []reply
		calls   int
	}{
		"in a wait": {change: paced, replies: []reply{success}},
		"in a call": {replies: []reply{hang}, calls: 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, tt.change, tt.replies...)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				var err error
				if got := took(func() { _, err = c.CancelAnyMixStream(ctx, "s", func(string) {}) }); got != time.Second {
					t.Errorf("ended after %s", got)
				}
				if e := asError(t, err); e.Kind != KindInterrupted || s.calls() != tt.calls {
					t.Errorf("got %+v after %d calls", *e, s.calls())
				}
			})
		})
	}
}

// A timeout shorter than the distance does not keep a session from being cancelled.
func TestCancelAnyWithinAShortTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, paced, success)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		if outcome, err := c.CancelAnyMixStream(ctx, "s", func(string) {}); err != nil || outcome != OutcomeCancelled || s.calls() != 1 {
			t.Errorf("outcome %d, error %v after %d calls", outcome, err, s.calls())
		}
	})
}
