// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// take takes n tokens from many goroutines and returns how long that took.
func take(t *testing.T, l *limiter, action string, n int) time.Duration {
	t.Helper()
	start := time.Now()
	var wg sync.WaitGroup
	for range n {
		wg.Go(func() {
			if err := l.wait(t.Context(), action); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	return time.Since(start)
}

// near tells whether d lies within a tenth of want.
func near(d, want time.Duration) bool {
	return d > want*9/10 && d < want*11/10
}

func TestLimiterKeepsQuota(t *testing.T) {
	t.Parallel()
	for action, want := range map[string]time.Duration{
		actionCreate:      5 * time.Second,
		actionCancel:      10 * time.Second,
		actionStreamState: 3333 * time.Millisecond,
	} {
		synctest.Test(t, func(t *testing.T) {
			if got := take(t, newLimiter(Rates{}), action, 1000); !near(got, want) || got < want {
				t.Errorf("1000 × %s took %s, want a little over %s", action, got, want)
			}
		})
	}
}

func TestLimiterKeepsConfiguredRates(t *testing.T) {
	t.Parallel()
	rates := Rates{Create: 0.5, Cancel: 10, StreamState: 1000}
	for action, want := range map[string]time.Duration{
		actionCreate:      198 * time.Second,
		actionCancel:      9900 * time.Millisecond,
		actionStreamState: 99 * time.Millisecond,
	} {
		synctest.Test(t, func(t *testing.T) {
			if got := take(t, newLimiter(rates), action, 100); !near(got, want) {
				t.Errorf("100 × %s took %s, want %s", action, got, want)
			}
		})
	}
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(rates)
		l.throttled(actionCreate)
		if got := take(t, l, actionCreate, 3); !near(got, 4*time.Second) {
			t.Errorf("a rate below the least one was changed by a refusal: 3 tokens took %s", got)
		}
	})
}

func TestLimiterAdapts(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(Rates{})
		full := take(t, l, actionCancel, 98)
		// Refusals that come together count once.
		for range 10 {
			l.throttled(actionCancel)
		}
		slower := time.Duration(float64(full) / firstCutFactor)
		if got := take(t, l, actionCancel, 98); !near(got, slower) {
			t.Errorf("after a refusal 98 tokens took %s, want %s", got, slower)
		}
		// One that follows tells of others on the same quota.
		l.throttled(actionCancel)
		slower = time.Duration(float64(slower) / cutFactor)
		if got := take(t, l, actionCancel, 98); !near(got, slower) {
			t.Errorf("after another refusal 98 tokens took %s, want %s", got, slower)
		}
		if got := take(t, l, actionCreate, 196); !near(got, full) {
			t.Errorf("another action was slowed down: %s", got)
		}
		time.Sleep(time.Minute)
		l.succeeded(actionCancel)
		if got := take(t, l, actionCancel, 98); !near(got, full) {
			t.Errorf("after a minute of success 98 tokens took %s, want %s", got, full)
		}
		for range 100 {
			l.throttled(actionCancel)
			time.Sleep(2 * cutInterval)
		}
		if got := take(t, l, actionCancel, 11); !near(got, 10*time.Second) {
			t.Errorf("at the least rate 11 tokens took %s, want 10s", got)
		}
	})
}

func TestLimiterEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := newLimiter(Rates{})
		for range 100 {
			l.throttled(actionCancel)
			time.Sleep(2 * cutInterval)
		}
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		var err error
		for range 3 {
			err = l.wait(ctx, actionCancel)
		}
		if err == nil {
			t.Error("a wait outlived its context")
		}
	})
}
