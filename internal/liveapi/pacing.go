// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"
)

// Pacing holds the distances that Tencent asks for between the calls of one mix session (267/45566). Zero switches one off.
type Pacing struct {
	// CancelAfterCreate is the least time between a CreateCommonMixStream and the cancel of its session.
	CancelAfterCreate time.Duration
	// ReuseAfterCancel is the least time between a cancel and the reuse of its session ID.
	ReuseAfterCancel time.Duration
}

// DefaultPacing returns the distances that Tencent documents.
func DefaultPacing() Pacing {
	return Pacing{CancelAfterCreate: 5 * time.Second, ReuseAfterCancel: 30 * time.Second}
}

// Pacing returns the distances that the client keeps.
func (c *Client) Pacing() Pacing { return c.sessions.pacing }

// LastApply is what a resource remembers of its session. The zero value is a session of which nothing is known: after a
// crash, and where a tainted resource is replaced.
type LastApply struct {
	// Generation names the resource: it is new with each create and import, and updates keep it.
	Generation string `json:"generation"`
	// At is the moment of the last CreateCommonMixStream; zero after an import.
	At time.Time `json:"at,omitzero"`
	// Uncertain tells that the session may not run as the state says: after an import, and after a call whose outcome is
	// not known.
	Uncertain bool `json:"uncertain,omitempty"`
	// CancelledAt is the moment of a cancel whose outcome is not known; zero without one.
	CancelledAt time.Time `json:"cancelled_at,omitzero"`
	// Site is where the mix was applied last: SiteMainland, SiteInternational or SiteCustom.
	Site string `json:"site,omitempty"`
	// Key is a hash that tells the credentials of the last apply from others.
	Key string `json:"key,omitempty"`
}

// Known tells that the session runs as the state says, as far as this provider has to do with it.
func (a LastApply) Known() bool { return a.Generation != "" && !a.Uncertain }

// NewLastApply returns the memory of a session that begins now.
func NewLastApply() LastApply {
	return LastApply{Generation: rand.Text(), At: time.Now().UTC()}
}

// Adopted returns the memory of a session of which only the ID is known.
func Adopted() LastApply {
	return LastApply{Generation: rand.Text(), Uncertain: true}
}

// sessions remembers, for the life of the process, when each session was applied and cancelled, and by which create.
type sessions struct {
	pacing Pacing
	// started is when this process began: the latest moment of any apply that it knows nothing of.
	started time.Time
	mu      sync.Mutex
	byID    map[string]*session
}

// session is what the process knows of one session. Its calls run one after the other: a cancel that overtook a create
// would leave a session that nobody remembers.
type session struct {
	turn      chan struct{} // holds one element while a call is under way
	applied   time.Time
	cancelled time.Time
	owner     string // the generation of the resource that applied it last
}

func newSessions(p Pacing) *sessions {
	return &sessions{pacing: p, started: time.Now(), byID: map[string]*session{}}
}

// acquire waits for the session's turn. The caller calls release when its call has ended.
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

// waitToCreate waits until the session ID may be used again after a cancel. It fails at once if the context would end
// before the wait does.
func (s *sessions) waitToCreate(ctx context.Context, id string, entry *session) error {
	if entry.cancelled.IsZero() {
		return ctx.Err()
	}
	rest := rest(entry.cancelled, s.pacing.ReuseAfterCancel)
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < rest {
		return &PacingError{Distance: s.pacing.ReuseAfterCancel, Rest: rest}
	}
	return sleep(ctx, rest, "a session ID may be used again some time after its cancel", map[string]any{"session": id})
}

// cancelReserve is what a wait leaves of the timeout for the cancel itself; of a short timeout, a quarter.
const cancelReserve = 5 * time.Second

// waitToCancel waits until the session may be cancelled after its last apply, by this process or by an earlier one. An
// apply of which nothing is known may have come just before this process: Terraform hands no private state to the cancel
// of a tainted resource that is replaced.
//
// A distance that does not fit into the timeout is cut short: a cancel that comes too soon may be refused, but a session
// that cannot be cancelled at all goes on billing.
func (s *sessions) waitToCancel(ctx context.Context, id string, entry *session, applied time.Time) error {
	if entry.applied.After(applied) {
		applied = entry.applied
	}
	if applied.IsZero() {
		applied = s.started
	}
	rest := rest(applied, s.pacing.CancelAfterCreate)
	if deadline, ok := ctx.Deadline(); ok && rest > 0 {
		left := time.Until(deadline)
		rest = min(rest, left-min(cancelReserve, left/4))
	}
	return sleep(ctx, rest, "a session may be cancelled some time after its last apply", map[string]any{"session": id})
}

// rest is what is left of a distance since a moment, never more than the whole of it: the clock that wrote the moment may
// be ahead of this one.
func rest(since time.Time, distance time.Duration) time.Duration {
	return min(time.Until(since.Add(distance)), distance)
}

// PacingError tells that a create's timeout ends before the session ID may be used again. No call was made.
type PacingError struct {
	// Distance is the time that must lie between a cancel and the reuse of its session ID, Rest what is left of it.
	Distance, Rest time.Duration
}

// Error says how long the wait would have been.
func (e *PacingError) Error() string {
	return fmt.Sprintf("a session ID may be used again %s after its cancel; the %s that are left of this are longer than the timeout allows",
		e.Distance, e.Rest.Round(100*time.Millisecond))
}
