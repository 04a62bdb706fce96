// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func pacingOff(o *Options) { o.CancelAfterCreate, o.ReuseAfterCancel = 0, 0 }

func TestPacing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		c.create("", "room")
		s.Advance(5*time.Second - 1)
		c.cancel("InvalidParameter.OtherError", "room")
		c.create("", "room") // An update starts the wait anew.
		s.Advance(5*time.Second - 1)
		c.cancel("InvalidParameter.OtherError", "room")
		c.create("InvalidParameter.OtherError", "room", inputs(input("a", 1)))
		s.Advance(1)
		c.cancel("", "room")
		s.Advance(30*time.Second - 1)
		c.create("InvalidParameter.OtherError", "room")
		c.create("", "other")
		s.Advance(1)
		c.create("", "room")

		var got []string
		for _, v := range s.Violations() {
			got = append(got, fmt.Sprint(v.Action, " ", v.SessionID, " ", v.Rule, " ", v.Elapsed, " ", v.Required, " ", v.Refused))
		}
		want := []string{
			"CancelCommonMixStream room cancel after create 4.999999999s 5s true",
			"CancelCommonMixStream room cancel after create 4.999999999s 5s true",
			"CreateCommonMixStream room cancel after create 4.999999999s 5s true",
			"CreateCommonMixStream room reuse after cancel 29.999999999s 30s true",
		}
		if !slices.Equal(got, want) {
			t.Errorf("violations\n%q\nwant\n%q", got, want)
		}
	})
}

func TestPacingOff(t *testing.T) {
	t.Parallel()
	s, c := serve(t, pacingOff)
	c.create("", "room")
	c.cancel("", "room")
	c.create("", "room")
	c.create("", "room") // A change of a live session reuses nothing.
	v := s.Violations()
	if len(v) != 2 || v[0].Rule != RuleCancelAfterCreate || v[1].Rule != RuleReuseAfterCancel || v[0].Refused || v[1].Refused {
		t.Errorf("violations must be counted though they are not refused: %+v", v)
	}
	if v[0].Required != 5*time.Second || v[1].Required != 30*time.Second {
		t.Errorf("violations are counted by the documented times: %+v", v)
	}
}

func TestPacingDurations(t *testing.T) {
	t.Parallel()
	s, c := serve(t, func(o *Options) { o.CancelAfterCreate, o.ReuseAfterCancel = time.Hour, 2*time.Hour })
	c.create("", "room")
	s.Advance(59 * time.Minute)
	c.cancel("InvalidParameter.OtherError", "room")
	s.Advance(time.Minute)
	c.cancel("", "room")
	s.Advance(119 * time.Minute)
	c.create("InvalidParameter.OtherError", "room")
	s.Advance(time.Minute)
	c.create("", "room")
}

func TestQuotas(t *testing.T) {
	t.Parallel()
	for action, limit := range map[string]int{ActionCreate: 200, ActionCancel: 100, ActionState: 300, ActionOnlineList: 100} {
		synctest.Test(t, func(t *testing.T) {
			s, c := serve(t, nil)
			calls := func(n int) (refused int) {
				for range n {
					if c.do(action, map[string]any{"Broken": 1}).code == "RequestLimitExceeded" { // Refused later, but counted.
						refused++
					}
				}
				return refused
			}
			if n := calls(limit - 1); n != 0 {
				t.Errorf("%s: %d calls refused below the limit", action, n)
			}
			s.Advance(500 * time.Millisecond)
			if n := calls(10); n != 9 {
				t.Errorf("%s: %d of 10 calls refused at the limit, want 9", action, n)
			}
			s.Advance(500 * time.Millisecond) // Only the last call is still in the window.
			if n := calls(limit); n != 1 {
				t.Errorf("%s: %d calls refused in a sliding window, want 1", action, n)
			}
			if action != ActionOnlineList {
				c.want("", ActionOnlineList, map[string]any{}) // Each action has its own.
			}
		})
	}
	_, c := serve(t, func(o *Options) {
		o.Quota = map[string]int{ActionOnlineList: 0, ActionState: 1}
		o.QuotaCode = "RequestLimitExceeded.UinLimitExceeded"
	})
	for range 500 {
		c.want("", ActionOnlineList, map[string]any{})
	}
	c.state("a")
	c.want("RequestLimitExceeded.UinLimitExceeded", ActionState, map[string]any{})
}
