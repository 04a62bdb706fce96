// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// TestHistoryIsBounded checks all that grows with calls.
func TestHistoryIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, func(o *Options) {
			withRoles(o)
			o.History, o.Quota, o.CancelAfterCreate = 10, nil, 0
		})
		for i := range 2500 {
			id := fmt.Sprintf("room%d", i)
			c.create("", id)
			c.cancel("", id)
			c.want("", ActionAssumeRole, assumption())
			if i%100 == 0 {
				time.Sleep(time.Minute)
			}
		}
		for name, n := range map[string]int{
			"requests": len(s.Requests()), "ended": len(s.Ended()), "violations": len(s.Violations()), "credentials": len(s.IssuedCredentials()),
			"credentials by ID": len(s.temporary.byID), "outputs": len(s.streams.outputs),
		} {
			if n != 10 {
				t.Errorf("%d %s", n, name)
			}
		}
		if n := len(s.mix.cancelled); n > 1100 {
			t.Errorf("%d cancels are remembered", n)
		}
		if n := len(s.feed.recent); n != eventHistory {
			t.Errorf("%d events are remembered", n)
		}
	})
}

func TestCancelsAreRememberedWhileTheyCount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, func(o *Options) { o.Quota, o.CancelAfterCreate = nil, 0 })
		for i := range 3000 {
			id := fmt.Sprintf("room%d", i)
			c.create("", id)
			c.cancel("", id)
		}
		c.create("InvalidParameter.OtherError", "room0")
		time.Sleep(30 * time.Second)
		c.create("", "room0")
		if len(s.Requests()) != 6002 {
			t.Errorf("%d requests", len(s.Requests()))
		}
	})
}

func TestClockCannotOverflow(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	before := s.Now()
	s.Advance(maxAhead)
	for _, d := range []time.Duration{1, time.Hour, 1<<63 - 1} {
		if err := s.advance(d); err == nil {
			t.Errorf("the clock advanced by another %s", d)
		}
	}
	if err := s.setSkew(-1 << 63); err == nil {
		t.Error("the skew was taken")
	}
	if now := s.Now(); now.Before(before.Add(maxAhead)) || now.Year() != before.Add(maxAhead).Year() {
		t.Errorf("now %s", now)
	}
}

func TestTimeScale(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, func(o *Options) { o.TimeScale = 60 })
		began := s.Now()
		c.create("", "room")
		s.Unpublish("a")
		s.Unpublish("b")
		time.Sleep(14 * time.Second)
		if d := s.Now().Sub(began); d != 14*time.Minute {
			t.Errorf("14 s are %s", d)
		}
		if len(s.Sessions()) != 1 {
			t.Error("the session ended too early")
		}
		time.Sleep(time.Second)
		if len(s.Sessions()) != 0 {
			t.Error("the session did not end")
		}
		time.Sleep(5 * 365 * 24 * time.Hour)
		if d := s.Now().Sub(began); d != maxAhead {
			t.Errorf("the clock ran on to %s", d)
		}
	})
	for _, scale := range []float64{-1, 0.0001, 1e9} {
		if _, err := Start("", Options{TimeScale: scale}); err == nil {
			t.Errorf("the scale %v was taken", scale)
		}
	}
}
