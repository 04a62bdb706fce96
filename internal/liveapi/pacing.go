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

// Applied is what a resource remembers of the last apply of its session. The zero value is a session of which nothing
// is known: after an import or a crash, and where a tainted resource is replaced.
type Applied struct {
	// Generation names the create that the resource stems from. It is new with each create and kept by updates.
	Generation string `json:"generation"`
	// At is the moment of the last CreateCommonMixStream.
	At time.Time `json:"at"`
	// Unsure tells that a change was sent of which it is not known whether it took effect.
	Unsure bool `json:"unsure,omitempty"`
}

// Known tells that the session runs as it was last applied. It does not after an import, and where a change was cut off.
func (a Applied) Known() bool { return a.Generation != "" && !a.Unsure }

// NewApplied returns the memory of a create that begins now.
func NewApplied() Applied {
	return Applied{Generation: rand.Text(), At: time.Now().UTC()}
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
	turn       chan struct{} // holds one element while a call is under way
	applied    time.Time
	cancelled  time.Time
	generation string
}

func newSessions(p Pacing) *sessions {
	return &sessions{pacing: p, started: time.Now(), byID: map[string]*session{}}
}

// acquire waits for the session's turn. The caller calls release when its call has ended.
func (s *sessions) acquire(ctx context.Context, id string) (_ *session, release func(), err error) {
	s.mu.Lock()
	one, ok := s.byID[id]
	if !ok {
		one = &session{turn: make(chan struct{}, 1)}
		s.byID[id] = one
	}
	s.mu.Unlock()
	select {
	case one.turn <- struct{}{}:
		return one, func() { <-one.turn }, nil
	case <-ctx.Done():
		return nil, nil, ctx.Err()
	}
}

// waitToCreate waits until the session ID may be used again after a cancel of this process.
func (s *sessions) waitToCreate(ctx context.Context, id string, one *session) error {
	if one.cancelled.IsZero() {
		return nil
	}
	return pace(ctx, id, time.Until(one.cancelled.Add(s.pacing.ReuseAfterCancel)), s.pacing.ReuseAfterCancel, "reusing a session ID after its cancel")
}

// waitToCancel waits until the session may be cancelled after its last apply, by this process or by an earlier one. An
// apply of which nothing is known may have come just before this process: Terraform hands no private state to the cancel
// of a tainted resource that is replaced.
func (s *sessions) waitToCancel(ctx context.Context, id string, one *session, applied time.Time) error {
	if one.applied.After(applied) {
		applied = one.applied
	}
	if applied.IsZero() {
		applied = s.started
	}
	return pace(ctx, id, time.Until(applied.Add(s.pacing.CancelAfterCreate)), s.pacing.CancelAfterCreate, "cancelling a session after its create")
}

// pace waits for the rest of a distance, never longer than the whole of it: the clock that wrote the moment may be ahead
// of this one. It fails at once when the context would end before the wait does.
func pace(ctx context.Context, id string, rest, whole time.Duration, why string) error {
	rest = min(rest, whole)
	if rest <= 0 {
		return ctx.Err()
	}
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < rest {
		return &PacingError{Why: why, Distance: whole, Rest: rest}
	}
	return sleep(ctx, rest, why, map[string]any{"session": id})
}

// PacingError tells that an operation's timeout ends before Tencent's distance between two calls does. No call was made.
type PacingError struct {
	// Why names the two calls.
	Why string
	// Distance is the time that must lie between them, Rest what is left of it.
	Distance, Rest time.Duration
}

// Error says how long the wait would have been.
func (e *PacingError) Error() string {
	return fmt.Sprintf("%s needs a distance of %s, of which %s are left: longer than the timeout allows",
		e.Why, e.Distance, e.Rest.Round(100*time.Millisecond))
}
