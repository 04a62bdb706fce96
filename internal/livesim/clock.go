// SPDX-License-Identifier: MPL-2.0

package livesim

import "time"

// clock is real time plus two offsets. Sessions, streams, pacing, quotas and the life of issued credentials follow now.
// Signatures are judged by signing, so that a client that signs with the real time stays valid after the simulated time has moved.
// It is guarded by Server.mu.
type clock struct {
	advanced, skew time.Duration
}

func (c *clock) now() time.Time     { return time.Now().Add(c.advanced) }
func (c *clock) signing() time.Time { return time.Now().Add(c.skew) }

// Advance moves the simulated time forward by d and ends the sessions and the issued credentials whose time has come. It panics if d is negative:
// time does not run backwards. The clock that judges signatures does not move; see Skew.
func (s *Server) Advance(d time.Duration) {
	if d < 0 {
		panic("livesim: Advance by a negative duration")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.advanced += d
	s.settle(s.clock.now())
}

// Skew sets the clock that judges signatures to real time plus d, which may be negative. More than five minutes either
// way makes every honest client's signature expire.
func (s *Server) Skew(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.skew = d
}

// Now returns the simulated time.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.now()
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
