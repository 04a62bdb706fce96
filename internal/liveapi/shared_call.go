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

// sharedCall lets callers who want the same thing at the same time make one call and share its outcome, also a failure.
// Each waits no longer than its own context. The call goes on while anybody waits for it, whoever began it. An outage is
// remembered for as long as it took to find out: Terraform runs ten creates at a time, and the next ten would wait anew.
type sharedCall[T any] struct {
	group singleflight.Group

	mu      sync.Mutex
	waiting int
	ctx     context.Context // of the call that is under way, which is no caller's
	cancel  context.CancelFunc
	outage  error
	until   time.Time // of outage
}

// do makes the call or joins the one that is under way.
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

// remember keeps a failure that is likely to be the next caller's as well.
func (s *sharedCall[T]) remember(err error, took time.Duration) {
	var failed *Error
	if !errors.As(err, &failed) || failed.Kind != KindTransient {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.outage, s.until = err, time.Now().Add(min(took, outageMemory))
}

// leave ends the call when nobody waits for it any more. Whoever comes next begins another one.
func (s *sharedCall[T]) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.waiting--; s.waiting == 0 {
		s.cancel()
		s.group.Forget("")
	}
}
