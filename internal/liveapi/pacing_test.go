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
				applied := LastApply{Generation: "g", At: time.Now().Add(-tt.since)}
				if tt.since == unknown {
					applied = LastApply{}
					time.Sleep(time.Second)
				}
				got := took(func() {
					if outcome, _, err := c.CancelMixStream(t.Context(), "s", applied); err != nil || outcome != OutcomeCancelled {
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
		applied := NewLastApply()
		if _, err := c.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: applied}); err != nil {
			t.Fatal(err)
		}
		applied.At = time.Time{}
		if got := took(func() {
			if _, _, err := c.CancelMixStream(t.Context(), "s", applied); err != nil {
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
				if _, _, err := c.CancelMixStream(t.Context(), "s", LastApply{}); (err != nil) != tt.fails {
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

// A reuse that does not fit into the timeout is an error at once, and no call is made.
func TestPacingReuseLongerThanTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, paced, success)
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		var err error
		if got := took(func() {
			_, err = c.ApplyMixStream(ctx, testMix("s"), Apply{Last: LastApply{Generation: "g", CancelledAt: time.Now()}, Update: true})
		}); got != 0 {
			t.Errorf("waited %s", got)
		}
		var pacing *PacingError
		if !errors.As(err, &pacing) || pacing.Rest != 30*time.Second || s.calls() != 0 {
			t.Errorf("error %v after %d calls", err, s.calls())
		}
		if !strings.Contains(err.Error(), "30s") {
			t.Errorf("text %q does not name the distance", err)
		}
	})
}

// A cancel is sent however short the timeout is: it waits for as much of the distance as fits.
func TestPacingCancelLongerThanTimeout(t *testing.T) {
	t.Parallel()
	for timeout, want := range map[time.Duration]time.Duration{
		time.Second:      750 * time.Millisecond,
		4 * time.Second:  3 * time.Second,
		6 * time.Second:  4500 * time.Millisecond,
		8 * time.Second:  5 * time.Second,
		60 * time.Second: 5 * time.Second,
	} {
		t.Run(timeout.String(), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, paced, success)
				ctx, cancel := context.WithTimeout(t.Context(), timeout)
				defer cancel()
				got := took(func() {
					if outcome, _, err := c.CancelMixStream(ctx, "s", NewLastApply()); err != nil || outcome != OutcomeCancelled || s.calls() != 1 {
						t.Errorf("outcome %d, error %v after %d calls", outcome, err, s.calls())
					}
				})
				if got != want {
					t.Errorf("waited %s, want %s", got, want)
				}
			})
		})
	}
}

// A cancel of unknown outcome is remembered with its moment, also by a later process: the next apply keeps the distance.
func TestPacingAfterAnUncertainCancelOfAnEarlierProcess(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, func(cfg *Config) { paced(cfg); cfg.MaxRetries = 0 }, cutConnection)
		_, applied, err := c.CancelMixStream(t.Context(), "s", LastApply{Generation: "g", At: time.Now().Add(-time.Hour)})
		if err == nil || !applied.Uncertain || !applied.CancelledAt.Equal(time.Now()) {
			t.Fatalf("remembers %+v after %v", applied, err)
		}
		time.Sleep(10 * time.Second)
		later, _ := newTestClient(t, paced, success)
		got := took(func() {
			applied, err = later.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: applied, Update: true})
		})
		if err != nil || got != 20*time.Second {
			t.Errorf("waited %s, error %v", got, err)
		}
		if applied.Uncertain || !applied.CancelledAt.IsZero() || applied.Generation != "g" {
			t.Errorf("remembers %+v", applied)
		}
	})
}

// Where that cancel turns out to have worked, a create keeps the distance to it as well.
func TestPacingCreateAfterAnUncertainCancelThatWorked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, paced, apiError("FailedOperation.CancelSessionNotExist", "gone"), success)
		outcome, _, err := c.CancelMixStream(t.Context(), "s", LastApply{Generation: "g", At: time.Now().Add(-time.Hour), CancelledAt: time.Now().Add(-10 * time.Second)})
		if err != nil || outcome != OutcomeNotFound {
			t.Fatal(outcome, err)
		}
		if got := took(func() { err = create(t.Context(), c, "s") }); err != nil || got != 20*time.Second {
			t.Errorf("waited %s, error %v", got, err)
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
		if got := took(func() { _, _, err = c.CancelMixStream(ctx, "s", NewLastApply()) }); got != time.Second {
			t.Errorf("ended after %s", got)
		}
		if e := asError(t, err); e.Kind != KindInterrupted || e.Uncertain || s.calls() != 0 {
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
		if _, _, err := c.CancelMixStream(waiting, "s", LastApply{}); asError(t, err).Kind != KindTimedOut {
			t.Errorf("a cancel overtook a create: %v", err)
		}
		if s.calls() != 1 {
			t.Errorf("%d calls, want 1", s.calls())
		}
		if _, _, err := c.CancelMixStream(t.Context(), "another", LastApply{}); err != nil {
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
		old    LastApply
		want   CancelOutcome
	}{
		"created anew":                  {create: success, old: LastApply{Generation: "old"}, want: OutcomeSkipped},
		"created anew, old one unknown": {create: success, old: LastApply{}, want: OutcomeSkipped},
		"creating anew was refused":     {create: refused, old: LastApply{Generation: "old"}, want: OutcomeCancelled},
		"creating anew may have worked": {create: apiError("InternalError", "x"), old: LastApply{Generation: "old"}, want: OutcomeSkipped},
		"changed":                       {create: success, update: true, old: LastApply{Generation: "old"}, want: OutcomeSkipped},
		"a change of it was refused":    {create: refused, update: true, old: LastApply{Generation: "old"}, want: OutcomeSkipped},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, tt.create, success)
				_, err := c.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: LastApply{Generation: "new"}, Update: tt.update})
				_ = err // Each case says by its reply how the create ends; what counts is the cancel.
				outcome, _, err := c.CancelMixStream(t.Context(), "s", tt.old)
				if err != nil || outcome != tt.want {
					t.Fatalf("outcome %d, error %v, want %d", outcome, err, tt.want)
				}
				wantCalls := 2
				if tt.want == OutcomeSkipped {
					wantCalls = 1
				}
				if s.calls() != wantCalls {
					t.Errorf("%d calls, want %d", s.calls(), wantCalls)
				}
				if tt.want == OutcomeSkipped {
					if outcome, _, err := c.CancelMixStream(t.Context(), "s", LastApply{Generation: "new"}); err != nil || outcome != OutcomeCancelled {
						t.Errorf("the owner's cancel: outcome %d, error %v", outcome, err)
					}
				}
			})
		})
	}
}

// An update that sends nothing owns its session all the same.
func TestOwnMixStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, success)
		if running, err := c.OwnMixStream(t.Context(), "s", LastApply{Generation: "mine"}); err != nil || !running {
			t.Errorf("running %t, error %v", running, err)
		}
		if outcome, _, err := c.CancelMixStream(t.Context(), "s", LastApply{Generation: "other"}); err != nil || outcome != OutcomeSkipped || s.calls() != 0 {
			t.Errorf("outcome %d, error %v after %d calls", outcome, err, s.calls())
		}
		if _, _, err := c.CancelMixStream(t.Context(), "s", LastApply{Generation: "mine"}); err != nil {
			t.Error(err)
		}
		if running, err := c.OwnMixStream(t.Context(), "s", LastApply{Generation: "mine"}); err != nil || running {
			t.Errorf("after the cancel: running %t, error %v", running, err)
		}
	})
}

// The second of two new resources with one session ID is told so, unless the first one is about to be replaced.
func TestCreateOfASessionOfAnotherResource(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, success)
		first := NewLastApply()
		if _, err := c.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: first}); err != nil {
			t.Fatal(err)
		}
		var shared *SharedSessionError
		_, err := c.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: NewLastApply(), MayTakeOver: func(generation string) bool { return generation != first.Generation }})
		if !errors.As(err, &shared) || shared.Session != "s" || s.calls() != 1 {
			t.Errorf("error %v after %d calls", err, s.calls())
		}
		if _, err := c.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: NewLastApply(), MayTakeOver: func(string) bool { return true }}); err != nil {
			t.Error(err)
		}
	})
}

// What is remembered of an apply tells the site and the credentials, and shows nothing of the key.
func TestAppliedRemembersSiteAndKey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, nil, success)
		applied, err := c.ApplyMixStream(t.Context(), testMix("s"), Apply{Last: NewLastApply()})
		if err != nil || applied.Site != c.Site() || applied.Key != c.Key() || applied.Key == "" {
			t.Errorf("remembers %+v, error %v", applied, err)
		}
	})
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
				outcome, _, err := c.CancelMixStream(t.Context(), "s", LastApply{})
				want := OutcomeNotFound
				if len(replies) > 1 {
					want = OutcomeCancelled // The first cancel worked; only its answer was lost.
				}
				if err != nil || outcome != want || s.calls() != len(replies) {
					t.Errorf("outcome %d, error %v after %d calls", outcome, err, s.calls())
				}
			})
		})
	}
}
