// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"math"
	"time"
)

const (
	minTimeScale, maxTimeScale = 0.001, 10_000

	// maxAhead is how far simulated time may be ahead of real time, and maxSkew how far the clock for signatures may be
	// off. Beyond that, sums of times and durations would overflow.
	maxAhead = 100 * 365 * 24 * time.Hour
	maxSkew  = maxAhead
)

// clock is real time, made faster or slower, plus two offsets. Sessions, streams, pacing, quotas and the lifetime of
// issued credentials follow now. Signatures are checked against signing, so that a client that signs with real time
// stays valid after simulated time has moved. It is guarded by Server.mu.
type clock struct {
	start          time.Time
	scale          float64
	advanced, skew time.Duration
}

func newClock(scale float64) clock {
	if scale == 0 {
		scale = 1
	}
	return clock{start: time.Now(), scale: scale}
}

func (c *clock) now() time.Time {
	if c.scale == 1 {
		return time.Now().Add(c.advanced)
	}
	elapsed := float64(time.Since(c.start)) * c.scale
	// The sum stays below half of what a duration can hold.
	return c.start.Add(time.Duration(math.Min(elapsed, float64(maxAhead)))).Add(c.advanced)
}

func (c *clock) signing() time.Time { return time.Now().Add(c.skew) }

// advance moves simulated time forward and ends what is then due.
func (s *Server) advance(d time.Duration) error {
	if d < 0 {
		return fmt.Errorf("the clock cannot go back by %s", -d)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if d > maxAhead-s.clock.advanced {
		return fmt.Errorf("the clock cannot be more than %s ahead, and it is %s ahead already", maxAhead, s.clock.advanced)
	}
	s.clock.advanced += d
	now := s.clock.now()
	s.settle(now)
	if d > 0 {
		s.emit(now, EventClock, s.clockView())
	}
	return nil
}

func (s *Server) setSkew(d time.Duration) error {
	if d < -maxSkew || d > maxSkew {
		return fmt.Errorf("the skew is at most %s either way", maxSkew)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.skew = d
	s.emit(s.clock.now(), EventClock, s.clockView())
	return nil
}

// Advance moves simulated time forward by d and ends the sessions and the issued credentials that are then due. It
// panics if d is negative or if the sum of all advances exceeds 100 years. The clock that checks signatures does not
// move; see Skew.
func (s *Server) Advance(d time.Duration) {
	if err := s.advance(d); err != nil {
		panic("livesim: " + err.Error())
	}
}

// Skew sets the clock that checks signatures to real time plus d, which may be negative. More than five minutes either
// way makes the signature of every correct client expire. It panics beyond 100 years.
func (s *Server) Skew(d time.Duration) {
	if err := s.setSkew(d); err != nil {
		panic("livesim: " + err.Error())
	}
}

// Now returns the simulated time.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.now()
}

// clockView is the clock as the admin API shows it.
type clockView struct {
	Now      time.Time     `json:"now"`
	Scale    float64       `json:"scale"`
	Advanced time.Duration `json:"advanced_ns"`
	Skew     time.Duration `json:"skew_ns"`
}

func (s *Server) clockView() clockView {
	return clockView{s.clock.now(), s.clock.scale, s.clock.advanced, s.clock.skew}
}

// sleep waits for d. It returns false if the client went away or the server closed first.
func (s *Server) sleep(done <-chan struct{}, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-done:
		return false
	case <-s.closing:
		return false
	}
}
