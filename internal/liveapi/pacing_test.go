// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func paced(cfg *Config) { cfg.Pacing = DefaultPacing() }

// took runs f and returns how long it took.
func took(f func()) time.Duration {
	start := time.Now()
	f()
	return time.Since(start)
}

func TestPacingCancelAfterCreate(t *testing.T) {
	t.Parallel()
	const unknown = time.Duration(1<<63 - 1)
	tests := map[string]struct {
		since time.Duration // from the apply to the cancel
		want  time.Duration
	}{
		"at once":               {since: 0, want: 5 * time.Second},
		"after a while":         {since: 3 * time.Second, want: 2 * time.Second},
		"after long":            {since: time.Hour, want: 0},
		"applied in the future": {since: -time.Hour, want: 5 * time.Second},
		"applied before this process, when is not known": {since: unknown, want: 4 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := newTestClient(t, paced, success)
				applied := Applied{Generation: "g", At: time.Now().Add(-tt.since)}
				if tt.since == unknown {
					applied = Applied{}
					time.Sleep(time.Second)
				}
				got := took(func() {
					if outcome, err := c.CancelMixStream(t.Context(), "s", applied); err != nil || outcome != CancelledNow {
						t.Errorf("outcome %d, error %v", outcome, err)
					}
				})
				if got != tt.want {
					t.Errorf("waited %s, want %s", got, tt.want)
				}
			})
		})
	}
}

// The process knows of an apply that the private state does not know of.
func TestPacingRemembersApply(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, paced, success)
		applied := NewApplied()
		if err := c.CreateMixStream(t.Context(), testMix("s"), applied, ApplyOptions{}); err != nil {
			t.Fatal(err)
		}
		applied.At = time.Time{}
		if got := took(func() {
			if _, err := c.CancelMixStream(t.Context(), "s", applied); err != nil {
				t.Error(err)
			}
		}); got != 5*time.Second {
			t.Errorf("waited %s, want 5s", got)
		}
	})
}

func TestPacingReuseAfterCancel(t *testing.T) {
	t.Parallel()
	gone := apiError("FailedOperation.CancelSessionNotExist", "no session")
	tests := map[string]struct {
		cancel []reply
		fails  bool
		want   time.Duration
	}{
		"after a cancel":                      {cancel: []reply{success}, want: 30 * time.Second},
		"after a cancel that may have worked": {cancel: []reply{cutConnection, apiError("UnauthorizedOperation", "no")}, fails: true, want: 30 * time.Second},
		"after a cancel that was refused":     {cancel: []reply{apiError("UnauthorizedOperation", "no")}, fails: true, want: 0},
		"after a cancel of nothing":           {cancel: []reply{gone}, want: 0},
		"after a cancel whose answer is lost": {cancel: []reply{cutConnection, gone}, want: 30 * time.Second},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := newTestClient(t, paced, append(tt.cancel, success)...)
				if _, err := c.CancelMixStream(t.Context(), "s", Applied{}); (err != nil) != tt.fails {
					t.Fatal(err)
				}
				if got := took(func() {
					if err := create(t.Context(), c, "another"); err != nil {
						t.Error(err)
					}
				}); got != 0 {
					t.Errorf("another session waited %s", got)
				}
				if got := took(func() {
					if err := create(t.Context(), c, "s"); err != nil {
						t.Error(err)
					}
				}); got > tt.want+100*time.Millisecond || got < tt.want-time.Second {
					t.Errorf("waited %s, want %s", got, tt.want)
				}
			})
		})
	}
}

// A distance that does not fit into the timeout is an error at once, and no call is made.
func TestPacingLongerThanTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, paced, success)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		var err error
		if got := took(func() { _, err = c.CancelMixStream(ctx, "s", NewApplied()) }); got != 0 {
			t.Errorf("waited %s", got)
		}
		var pacing *PacingError
		if !errors.As(err, &pacing) || pacing.Rest != 5*time.Second || s.calls() != 0 {
			t.Errorf("error %v after %d calls", err, s.calls())
		}
		if !strings.Contains(err.Error(), "5s") {
			t.Errorf("text %q does not name the distance", err)
		}
	})
}

func TestPacingInterrupted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, paced, success)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		var err error
		if got := took(func() { _, err = c.CancelMixStream(ctx, "s", NewApplied()) }); got != time.Second {
			t.Errorf("ended after %s", got)
		}
		if e := asError(t, err); e.Kind != Interrupted || e.Uncertain || s.calls() != 0 {
			t.Errorf("got %+v after %d calls", *e, s.calls())
		}
	})
}

// The calls of one session never overlap, those of several do.
func TestSessionTakesTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, hang, success)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- create(ctx, c, "s") }()
		synctest.Wait()

		waiting, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, err := c.CancelMixStream(waiting, "s", Applied{}); asError(t, err).Kind != TimedOut {
			t.Errorf("a cancel overtook a create: %v", err)
		}
		if s.calls() != 1 {
			t.Errorf("%d calls, want 1", s.calls())
		}
		if _, err := c.CancelMixStream(t.Context(), "another", Applied{}); err != nil {
			t.Errorf("another session: %v", err)
		}
		cancel()
		if err := <-done; err == nil {
			t.Error("the hanging create succeeded")
		}
	})
}

// A create that took over a session keeps the cancel of an older one from ending it, and so does a change of it.
func TestCancelOfAnOlderGeneration(t *testing.T) {
	t.Parallel()
	refused := apiError("InvalidParameter.InvalidBitrate", "x")
	tests := map[string]struct {
		create reply
		update bool
		old    Applied
		want   Cancelled
	}{
		"created anew":                  {create: success, old: Applied{Generation: "old"}, want: CancelledNot},
		"created anew, old one unknown": {create: success, old: Applied{}, want: CancelledNot},
		"creating anew was refused":     {create: refused, old: Applied{Generation: "old"}, want: CancelledNow},
		"creating anew may have worked": {create: apiError("InternalError", "x"), old: Applied{Generation: "old"}, want: CancelledNot},
		"changed":                       {create: success, update: true, old: Applied{Generation: "old"}, want: CancelledNot},
		"a change of it was refused":    {create: refused, update: true, old: Applied{Generation: "old"}, want: CancelledNot},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, tt.create, success)
				err := c.CreateMixStream(t.Context(), testMix("s"), Applied{Generation: "new"}, ApplyOptions{Update: tt.update})
				_ = err // Each case says by its reply how the create ends; what counts is the cancel.
				outcome, err := c.CancelMixStream(t.Context(), "s", tt.old)
				if err != nil || outcome != tt.want {
					t.Fatalf("outcome %d, error %v, want %d", outcome, err, tt.want)
				}
				wantCalls := 2
				if tt.want == CancelledNot {
					wantCalls = 1
				}
				if s.calls() != wantCalls {
					t.Errorf("%d calls, want %d", s.calls(), wantCalls)
				}
				if tt.want == CancelledNot {
					if outcome, err := c.CancelMixStream(t.Context(), "s", Applied{Generation: "new"}); err != nil || outcome != CancelledNow {
						t.Errorf("the owner's cancel: outcome %d, error %v", outcome, err)
					}
				}
			})
		})
	}
}

func TestCancelOfAGoneSession(t *testing.T) {
	t.Parallel()
	for name, replies := range map[string][]reply{
		"failed operation":           {apiError("FailedOperation.CancelSessionNotExist", "x")},
		"invalid parameter":          {apiError("InvalidParameter.CancelSessionNotExist", "x")},
		"inner code":                 {apiError("InvalidParameter.OtherError", "InnerErrCode:[ -30300 ],InnerErrMsg: [ x ]")},
		"inner code, older spelling": {apiError("InvalidParameter", "err_code [ -31001 ],msg [ x ]")},
		"under failed operation":     {apiError("FailedOperation", "err_code [ -31002 ],msg [ x ]")},
		"after a lost answer":        {cutConnection, apiError("FailedOperation.CancelSessionNotExist", "x")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, nil, replies...)
				outcome, err := c.CancelMixStream(t.Context(), "s", Applied{})
				if err != nil || outcome != CancelledBefore || s.calls() != len(replies) {
					t.Errorf("outcome %d, error %v after %d calls", outcome, err, s.calls())
				}
			})
		})
	}
}
