// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// inCallContext makes a call with a context that ends with it.
func inCallContext[Request, Response any](ctx context.Context, req Request, call func(context.Context, Request) (Response, error)) (Response, error) {
	ctx, end := withEnd(ctx)
	defer end()
	return call(ctx, req)
}

// withEnd returns a callContext and the function that ends it.
func withEnd(caller context.Context) (ctx context.Context, end func()) {
	c := &callContext{}
	c.caller.Store(&caller)
	return c, func() { c.caller.Store(nil) }
}

// callContext is its caller's context for the time of the call. Whoever keeps it longer keeps a context that is cancelled
// and that holds on to nothing.
//
// The framework keeps the context of every call, with its loggers, until the provider ends:
// https://github.com/hashicorp/terraform-plugin-framework/blob/v1.19.0/internal/proto6server/serve.go. That is 11 KB a
// call, and a run makes some seven calls for each resource.
type callContext struct {
	caller atomic.Pointer[context.Context]
}

var _ context.Context = (*callContext)(nil)

// Deadline is that of the caller; there is none after the call.
func (c *callContext) Deadline() (deadline time.Time, ok bool) {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Deadline()
	}
	return time.Time{}, false
}

// Done is that of the caller, and closed after the call.
func (c *callContext) Done() <-chan struct{} {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Done()
	}
	ended := make(chan struct{})
	close(ended)
	return ended
}

// Err is that of the caller, and context.Canceled after the call.
func (c *callContext) Err() error {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Err()
	}
	return context.Canceled
}

// Value is that of the caller, and nil after the call.
func (c *callContext) Value(key any) any {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Value(key)
	}
	return nil
}

// stopper cancels the contexts of calls that are running. StopProvider does that in the framework, for the calls that reach it.
type stopper struct {
	mu      sync.Mutex
	cancels map[*context.CancelFunc]struct{}
}

// context returns a context that stop cancels, and a function that must be called when its call has ended.
func (s *stopper) context(ctx context.Context) (_ context.Context, end func()) {
	ctx, cancel := context.WithCancel(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.cancels == nil {
		s.cancels = map[*context.CancelFunc]struct{}{}
	}
	s.cancels[&cancel] = struct{}{}
	return ctx, func() {
		cancel()
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.cancels, &cancel)
	}
}

func (s *stopper) stop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for cancel := range s.cancels {
		(*cancel)()
	}
}
