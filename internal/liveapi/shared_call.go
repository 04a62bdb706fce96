// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

// outageMemory is the longest time for which an outage is remembered.
const outageMemory = 10 * time.Second

// sharedCall lets callers that want the same thing at the same time share one call and its outcome, including a
// failure. Each waits no longer than its own context. The call continues while anybody waits for it, even if the caller
// that began it has left. An outage is remembered for as long as it took to detect: Terraform runs ten creates at a
// time, and the next ten would have to wait just as long.
type sharedCall[T any] struct {
	group singleflight.Group

	mu      sync.Mutex
	waiting int
	ctx     context.Context // of the call in flight, independent of any caller's
	cancel  context.CancelFunc
	outage  error
	until   time.Time // when the outage is forgotten
}

// do makes the call or joins the one in flight.
func (s *sharedCall[T]) do(ctx context.Context, call func(context.Context) (T, error)) (T, error) { //nolint:contextcheck // The call outlives the caller who began it.
	var none T
	if err := ctx.Err(); err != nil {
		return none, err
	}
	s.mu.Lock()
	if time.Now().Before(s.until) {
		defer s.mu.Unlock()
		return none, s.outage
	}
	if s.waiting == 0 {
		s.ctx, s.cancel = context.WithCancel(context.WithoutCancel(ctx)) //nolint:gosec // G118: leave calls it.
	}
	s.waiting++
	shared := s.ctx
	outcome := s.group.DoChan("", func() (v any, err error) {
		// The group lets a panic end the process.
		begin := time.Now()
		err = guarded(func() (err error) { v, err = call(shared); return err })
		s.remember(err, time.Since(begin))
		return v, err
	})
	s.mu.Unlock()
	defer s.leave()

	select {
	case r := <-outcome:
		v, _ := r.Val.(T)
		return v, r.Err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// remember keeps a failure that the next caller is likely to meet as well.
func (s *sharedCall[T]) remember(err error, took time.Duration) {
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != KindTransient {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outage, s.until = err, time.Now().Add(min(took, outageMemory))
}

// leave ends the call when nobody waits for it any longer. The next caller begins another one.
func (s *sharedCall[T]) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting--; s.waiting == 0 {
		s.cancel()
		s.group.Forget("")
	}
}
