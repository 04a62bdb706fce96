// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func busy(b *testing.B) (*Server, *client) {
	b.Helper()
	o := DefaultOptions()
	o.AnyStreamPushes, o.Quota, o.MaxSessionsPerStream, o.CancelAfterCreate, o.ReuseAfterCancel = true, nil, 0, 0, 0
	s, err := Start("", o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = s.Close() })
	return s, &client{server: s, id: "AKIDsimulator", key: "simulator-secret-key"}
}

// fill starts sessions without the protocol.
func fill(b *testing.B, s *Server, n int) {
	b.Helper()
	for i := range n {
		params := mix(fmt.Sprintf("full%d", i), inputs(input(fmt.Sprintf("a%d", i), 1), input("shared", 2)))
		s.mu.Lock()
		_, refused := s.createMix(&call{params: numbers(params)}, s.clock.now())
		s.mu.Unlock()
		if refused != nil {
			b.Fatal(refused)
		}
	}
}

// BenchmarkCreate measures the effect of a create with more and more sessions: it must not depend on them.
func BenchmarkCreate(b *testing.B) {
	for _, n := range []int{0, 1000, 10_000} {
		b.Run(fmt.Sprintf("sessions=%d", n), func(b *testing.B) {
			s, _ := busy(b)
			fill(b, s, n)
			params := make([]map[string]any, b.N)
			for i := range params {
				params[i] = numbers(mix(fmt.Sprintf("new%d", i), inputs(input("x", 1), input(fmt.Sprintf("y%d", i), 2))))
			}
			b.ResetTimer()
			for i := range params {
				s.mu.Lock()
				now := s.clock.now()
				s.settle(now)
				_, refused := s.createMix(&call{params: params[i]}, now)
				refused = firstRefusal(refused, s.endByRequest(fmt.Sprintf("new%d", i), now, ActionCancel, ReasonCancelled))
				s.mu.Unlock()
				if refused != nil {
					b.Fatal(refused)
				}
			}
		})
	}
}

func firstRefusal(refusals ...*refusal) *refusal {
	for _, r := range refusals {
		if r != nil {
			return r
		}
	}
	return nil
}

// BenchmarkCalls measures signed calls over connections: creates, changes, states and cancels, beside 10,000 sessions.
// It shares the processors with its clients.
func BenchmarkCalls(b *testing.B) {
	for _, n := range []int{0, 10_000} {
		b.Run(fmt.Sprintf("sessions=%d", n), func(b *testing.B) {
			s, c := busy(b)
			fill(b, s, n)
			transport := &http.Transport{MaxIdleConnsPerHost: 64}
			b.Cleanup(transport.CloseIdleConnections)
			c.t = &testing.T{} // It fails by errors that send returns.
			var next atomic.Int64
			var mu sync.Mutex
			var times []time.Duration
			b.ResetTimer()
			b.SetParallelism(8)
			b.RunParallel(func(pb *testing.PB) {
				var own []time.Duration
				for pb.Next() {
					i := next.Add(1)
					began := time.Now()
					if err := c.mixed(transport, i); err != nil {
						b.Error(err)
						return
					}
					own = append(own, time.Since(began))
				}
				mu.Lock()
				defer mu.Unlock()
				times = append(times, own...)
			})
			b.StopTimer()
			report(b, times)
		})
	}
}

// mixed is call i of four for one session: create, change, state, cancel.
func (c *client) mixed(transport http.RoundTripper, i int64) error {
	id := fmt.Sprintf("room%d", i/4)
	action, params := ActionCreate, mix(id, inputs(input("host"+id, 1), input("guest"+id, 2)))
	switch i % 4 {
	case 2:
		action, params = ActionState, map[string]any{"AppName": "live", "DomainName": "d", "StreamName": "host" + id}
	case 3:
		action, params = ActionCancel, map[string]any{"MixStreamSessionId": id}
	}
	resp, err := transport.RoundTrip(c.request(c.server.URL(), action, params, nil))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", resp.StatusCode)
	}
	return nil
}

func report(b *testing.B, times []time.Duration) {
	b.Helper()
	if len(times) == 0 {
		return
	}
	slices.Sort(times)
	b.ReportMetric(float64(len(times))/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(float64(times[len(times)/2].Microseconds()), "p50-µs")
	b.ReportMetric(float64(times[len(times)*99/100].Microseconds()), "p99-µs")
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	b.ReportMetric(float64(m.HeapAlloc)/(1<<20), "heap-MB")
}

// numbers gives params the types that a parsed body has.
func numbers(params map[string]any) map[string]any {
	b := mustMarshal(params)
	parsed, err := parseJSON(b)
	if err != nil {
		panic(err)
	}
	return parsed
}
