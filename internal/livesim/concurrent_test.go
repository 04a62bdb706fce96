// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
)

// TestEverythingAtOnce is for the race detector: calls, faults, the administration, the feed and pictures, all of them on the
// same sessions and streams.
func TestEverythingAtOnce(t *testing.T) {
	t.Parallel()
	s, c := start(t, func(o *Options) {
		withRoles(o)
		withInstance(o)
		o.Quota, o.CancelAfterCreate, o.ReuseAfterCancel, o.History = nil, 0, 0, 50
	})
	s.InjectRandom(1, RandomFault{Fault: Fault{Foreign: "null", After: true}, Probability: 0.1}, RandomFault{Fault: Fault{Cut: true}, Probability: 0.05})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var followers, callers sync.WaitGroup
	for range 3 {
		followers.Go(func() {
			r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/_sim/events", http.NoBody)
			if err != nil {
				t.Error(err)
				return
			}
			if resp, err := http.DefaultClient.Do(r); err == nil {
				_, _ = io.Copy(io.Discard, resp.Body) // It ends with the context.
				_ = resp.Body.Close()
			}
		})
	}
	for worker := range 8 {
		callers.Go(func() {
			for i := range 60 {
				id := fmt.Sprintf("room%d", (worker+i)%5)
				for _, r := range []*http.Request{
					c.request(s.URL(), ActionCreate, mix(id), nil),
					c.request(s.URL(), ActionState, map[string]any{"AppName": "live", "DomainName": "d", "StreamName": id + "_out"}, nil),
					c.request(s.URL(), ActionAssumeRole, assumption(), nil),
					c.request(s.URL(), ActionCancel, map[string]any{"MixStreamSessionId": id}, nil),
					adminRequest(http.MethodGet, "sessions/"+id+"/layout.svg", ""), adminRequest(http.MethodGet, "requests?limit=5", ""),
					adminRequest(http.MethodGet, "faults", ""), adminRequest(http.MethodPost, "clock", `{"advance":"1s"}`),
					adminRequest(http.MethodPost, "streams", fmt.Sprintf(`{"publish":["a"],"unpublish":["b%d"],"long_since":true}`, i%2)),
				} {
					func() {
						defer func() { _ = recover() }() // A cut connection.
						s.ServeHTTP(httptest.NewRecorder(), r)
					}()
				}
			}
		})
	}
	callers.Wait()
	cancel()
	followers.Wait()
	if log := s.Requests(); len(log) != 50 {
		t.Errorf("%d requests", len(log))
	}
}
