// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"fmt"
	"sync"
	"time"
)

// Pacing holds the minimum intervals that Tencent asks for between the calls of one mix session (267/45566). Zero
// switches one off.
type Pacing struct {
	// CancelAfterCreate is the minimum time from a CreateCommonMixStream to the cancel of its session.
	CancelAfterCreate time.Duration
	// ReuseAfterCancel is the minimum time from a cancel to the reuse of its session ID.
	ReuseAfterCancel time.Duration
}

// DefaultPacing returns the intervals that Tencent documents.
func DefaultPacing() Pacing {
	return Pacing{CancelAfterCreate: 5 * time.Second, ReuseAfterCancel: 30 * time.Second}
}

// Pacing returns the minimum intervals that the client keeps.
func (c *Client) Pacing() Pacing { return c.sessions.pacing }

// sessions records, for the life of the process, when each session was applied and cancelled, and by which resource.
type sessions struct {
	pacing Pacing
	// started is when this process began: the latest possible time of any apply that it does not know about.
	started time.Time
	mu      sync.Mutex
	byID    map[string]*session
}

// session is what the process knows of one session. Its calls run one after the other: a cancel that overtook a create
// would leave a session that nobody remembers.
type session struct {
	turn      chan struct{} // holds one element while a call is in flight
	applied   time.Time
	cancelled time.Time
	owner     string // the generation of the resource that applied it last
}

func newSessions(p Pacing) *sessions {
	return &sessions{pacing: p, started: time.Now(), byID: map[string]*session{}}
}

// acquire waits until no other call of the session is in flight. The caller must call release when its own call has
// ended.
func (s *sessions) acquire(ctx context.Context, id string) (_ *session, release func(), err error) {
	s.mu.Lock()
	entry, ok := s.byID[id]
	if !ok {
		entry = &session{turn: make(chan struct{}, 1)}
		s.byID[id] = entry
	}
	s.mu.Unlock()
	select {
	case entry.turn <- struct{}{}:
		return entry, func() { <-entry.turn }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// waitToCreate waits until the session ID may be reused after a cancel. It fails at once if the context would end
// before the wait does.
func (s *sessions) waitToCreate(ctx context.Context, id string, entry *session) error {
	if entry.cancelled.IsZero() {
		return ctx.Err()
	}
	wait := remaining(entry.cancelled, s.pacing.ReuseAfterCancel)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < wait {
		return &PacingError{Distance: s.pacing.ReuseAfterCancel, Rest: wait}
	}
	return sleep(ctx, wait, "a session ID may be used again some time after its cancel", map[string]any{"session": id})
}

// cancelReserve is the part of the timeout that a wait leaves for the cancel itself; of a short timeout, a quarter.
const cancelReserve = 5 * time.Second

// waitToCancel waits until the session may be cancelled after its last apply, by this process or an earlier one. An
// apply at an unknown time may have happened just before this process started: Terraform passes no private state to the
// delete of a tainted resource that is replaced.
//
// A wait that exceeds the timeout is cut short: a cancel that comes too soon may be refused, but a session that cannot
// be cancelled at all keeps being billed.
func (s *sessions) waitToCancel(ctx context.Context, id string, entry *session, applied time.Time) error {
	if entry.applied.After(applied) {
		applied = entry.applied
	}
	if applied.IsZero() {
		applied = s.started
	}
	wait := remaining(applied, s.pacing.CancelAfterCreate)
	if deadline, ok := ctx.Deadline(); ok && wait > 0 {
		left := time.Until(deadline)
		wait = min(wait, left-min(cancelReserve, left/4))
	}
	return sleep(ctx, wait, "a session may be cancelled some time after its last apply", map[string]any{"session": id})
}

// remaining returns what is left of an interval that began at since, at most the whole interval: the clock that
// recorded since may be ahead of this one.
func remaining(since time.Time, interval time.Duration) time.Duration {
	return min(time.Until(since.Add(interval)), interval)
}

// PacingError is a create whose timeout ends before the session ID may be reused. No call was made.
type PacingError struct {
	// Distance is the minimum interval between a cancel and the reuse of its session ID, Rest what is left of it.
	Distance, Rest time.Duration
}

// Error says how long the wait would have been.
func (e *PacingError) Error() string {
	return fmt.Sprintf("a session ID may be used again %s after its cancel; the %s that are left of this are longer than the timeout allows",
		e.Distance, e.Rest.Round(100*time.Millisecond))
}
