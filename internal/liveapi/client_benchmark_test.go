// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"fmt"
	"net/url"
	"runtime"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	live "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/live/v20180801"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// The limit of each of these benchmarks is what Tencent's quota allows: 100 cancels per second. Run them once each:
//
//	go test -run '^$' -bench . -benchtime 1x ./internal/liveapi

const benchLatency = 20 * time.Millisecond

// benchSim starts a simulator of the documented quota, or of none, in which sessions need no pacing.
func benchSim(b *testing.B, quota map[string]int, latency time.Duration) (*livesim.Server, *url.URL) {
	b.Helper()
	o := livesim.DefaultOptions()
	o.AnyStreamPushes, o.CancelAfterCreate, o.ReuseAfterCancel = true, 0, 0
	o.MaxSessionsPerStream, o.Latency, o.Quota = 0, latency, quota
	sim, err := livesim.Start("", o)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := sim.Close(); err != nil {
			b.Error(err)
		}
	})
	endpoint, err := ParseEndpoint(sim.URL(), "http")
	if err != nil {
		b.Fatal(err)
	}
	return sim, endpoint
}

func benchClient(b *testing.B, endpoint *url.URL, rates Rates) *Client {
	b.Helper()
	c, err := New(Config{Credentials: Credentials{Static: &Keys{SecretID: "AKIDsimulator", SecretKey: "simulator-secret-key"}}, Endpoint: endpoint, MaxRetries: DefaultMaxRetries, Rates: rates})
	if err != nil {
		b.Fatal(err)
	}
	return c
}

// unlimited is a rate that no machine reaches.
const unlimited = 1e9

// fill creates sessions s0 … s(n-1), by a client that keeps to no quota.
func fill(b *testing.B, endpoint *url.URL, n int) {
	b.Helper()
	c := benchClient(b, endpoint, Rates{Create: unlimited})
	each(b, n, 50, func(i int) error {
		mix := testMix(fmt.Sprintf("s%d", i))
		mix.OutputParams = &MixOutput{OutputStreamName: ptr(fmt.Sprintf("out%d", i)), OutputStreamType: ptr[int64](1)}
		_, err := c.ApplyMixStream(b.Context(), mix, Apply{Last: NewLastApply()})
		return err
	})
}

// each calls f with 0 … n-1 from many goroutines and returns how long that took.
func each(b *testing.B, n, workers int, f func(i int) error) time.Duration {
	b.Helper()
	start := time.Now()
	todo := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() {
			for i := range todo {
				if err := f(i); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for i := range n {
		todo <- i
	}
	close(todo)
	wg.Wait()
	return time.Since(start)
}

// cancelQuota is the documented one, for cancels alone.
func cancelQuota() map[string]int { return map[string]int{livesim.ActionCancel: 100} }

func nothingLeft(b *testing.B, sim *livesim.Server) {
	b.Helper()
	if n := len(sim.Sessions()); n != 0 {
		b.Errorf("%d sessions are left", n)
	}
}

// BenchmarkCancelUnderQuota cancels 1,000 sessions from 100 goroutines. x/limit is the time over that of the quota.
func BenchmarkCancelUnderQuota(b *testing.B) {
	for b.Loop() {
		sim, endpoint := benchSim(b, cancelQuota(), benchLatency)
		fill(b, endpoint, 1000)
		c := benchClient(b, endpoint, Rates{})
		took := each(b, 1000, 100, func(i int) error {
			_, _, err := c.CancelMixStream(b.Context(), fmt.Sprintf("s%d", i), LastApply{})
			return err
		})
		nothingLeft(b, sim)
		b.ReportMetric(took.Seconds()/10, "x/limit")
		b.ReportMetric(float64(refusals(sim)), "throttled")
		_, peak, _ := sim.Connections()
		b.ReportMetric(float64(peak), "connections")
	}
}

// BenchmarkCancelSharedQuota cancels 250 sessions from each of four clients that know nothing of each other, with 10
// goroutines each, as four runs of Terraform would.
func BenchmarkCancelSharedQuota(b *testing.B) {
	for b.Loop() {
		sim, endpoint := benchSim(b, cancelQuota(), benchLatency)
		fill(b, endpoint, 1000)
		start := time.Now()
		var wg sync.WaitGroup
		for run := range 4 {
			c := benchClient(b, endpoint, Rates{})
			wg.Go(func() {
				each(b, 250, 10, func(i int) error {
					_, _, err := c.CancelMixStream(b.Context(), fmt.Sprintf("s%d", run*250+i), LastApply{})
					return err
				})
			})
		}
		wg.Wait()
		nothingLeft(b, sim)
		b.ReportMetric(time.Since(start).Seconds()/10, "x/limit")
		b.ReportMetric(float64(refusals(sim)), "throttled")
	}
}

func refusals(sim *livesim.Server) int {
	n := 0
	for _, r := range sim.RequestsOf(livesim.ActionCancel) {
		if r.Code == "RequestLimitExceeded" {
			n++
		}
	}
	return n
}

// BenchmarkCancelOverSDK compares the client with the bare SDK on a transport of the same kind, in turns, with no quota
// and the same latency: x/sdk is the median of the ratios of neighbors.
func BenchmarkCancelOverSDK(b *testing.B) {
	const n, rounds = 1000, 15
	for b.Loop() {
		sim, endpoint := benchSim(b, nil, benchLatency)
		c := benchClient(b, endpoint, Rates{Create: unlimited, Cancel: unlimited})
		sdk, err := live.NewClient(common.NewCredential("AKIDsimulator", "simulator-secret-key"), "", c.profile(endpoint))
		if err != nil {
			b.Fatal(err)
		}
		sdk.WithHttpTransport(NewTransport())
		byClient := func(session string) error {
			_, _, err := c.CancelMixStream(b.Context(), session, LastApply{})
			return err
		}
		bySDK := func(session string) error {
			req := live.NewCancelCommonMixStreamRequest()
			req.MixStreamSessionId = &session
			_, err := sdk.CancelCommonMixStreamWithContext(b.Context(), req)
			return err
		}
		cancelAll := func(cancel func(session string) error) float64 {
			fill(b, endpoint, n)
			runtime.GC()
			took := each(b, n, 100, func(i int) error { return cancel(fmt.Sprintf("s%d", i)) })
			sim.ResetRequests()
			return took.Seconds()
		}
		var ratios []float64
		for round := range rounds {
			if round%2 == 0 {
				ours := cancelAll(byClient)
				ratios = append(ratios, ours/cancelAll(bySDK))
			} else {
				bare := cancelAll(bySDK)
				ratios = append(ratios, cancelAll(byClient)/bare)
			}
		}
		slices.Sort(ratios)
		b.ReportMetric(ratios[rounds/2], "x/sdk")
	}
}
