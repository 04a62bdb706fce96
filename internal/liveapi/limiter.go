// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Rates are calls per second. Zero means the documented quota of the account.
type Rates struct {
	// Create is the rate of CreateCommonMixStream, 200 by default (267/43404).
	Create float64
	// Cancel is the rate of CancelCommonMixStream, 100 by default (267/43405).
	Cancel float64
	// StreamState is the rate of DescribeLiveStreamState, 300 by default (267/20470).
	StreamState float64
}

const (
	quotaOfCreate      = 200
	quotaOfCancel      = 100
	quotaOfStreamState = 300
	// quotaOfOnlineList is the quota of DescribeLiveStreamOnlineList (267/20472). It needs no setting: a run makes only
	// a few such calls.
	quotaOfOnlineList = 100

	// quotaShare leaves room for network jitter, which can make two calls arrive closer together than they were sent.
	quotaShare = 0.98
	// minRate keeps a client going that is throttled repeatedly.
	minRate = 1.0
	// cutFactor is the multiplicative decrease, cutInterval the minimum time between two of them: calls that were in
	// flight together are refused together and count as one signal.
	cutFactor   = 0.7
	cutInterval = time.Second
	// firstCutFactor is the decrease from the full rate: a first refusal may as well come from network jitter as from
	// another client. The next one decides.
	firstCutFactor = 0.9
	// recoverPerSecond is the additive increase, as a share of the full rate.
	recoverPerSecond = 0.05
)

// limiter holds a token bucket per action. A throttled answer cuts the rate of its action and successes raise it again
// (additive increase, multiplicative decrease), so that several processes come to share one account's quota.
type limiter struct {
	buckets map[string]*bucket
}

type bucket struct {
	tokens *rate.Limiter
	full   float64

	mu      sync.Mutex
	changed time.Time // of the last cut or raise
	cut     time.Time // of the last cut
}

func newLimiter(rates Rates) *limiter {
	return &limiter{buckets: map[string]*bucket{
		actionCreate:      newBucket(rates.Create, quotaOfCreate),
		actionCancel:      newBucket(rates.Cancel, quotaOfCancel),
		actionStreamState: newBucket(rates.StreamState, quotaOfStreamState),
		actionOnlineList:  newBucket(0, quotaOfOnlineList),
	}}
}

func newBucket(configured, quota float64) *bucket {
	full := configured
	if full == 0 {
		full = quota * quotaShare
	}
	return &bucket{tokens: rate.NewLimiter(rate.Limit(full), 1), full: full}
}

// wait takes a token from the action's bucket, or returns the context's error.
func (l *limiter) wait(ctx context.Context, action string) error {
	b, ok := l.buckets[action]
	if !ok {
		return ctx.Err()
	}
	r := b.tokens.Reserve()
	if err := sleep(ctx, r.Delay(), "the quota of "+action, nil); err != nil {
		r.Cancel()
		return err
	}
	return nil
}

// throttled cuts the rate of an action that was refused because of its rate.
func (l *limiter) throttled(action string) {
	b, ok := l.buckets[action]
	if !ok {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	if !b.cut.IsZero() && now.Sub(b.cut) < cutInterval {
		return
	}
	b.cut, b.changed = now, now
	limit, factor := float64(b.tokens.Limit()), cutFactor
	if limit >= b.full {
		factor = firstCutFactor
	}
	b.tokens.SetLimit(rate.Limit(max(limit*factor, min(minRate, b.full))))
}

// succeeded raises the rate of an action after an earlier cut.
func (l *limiter) succeeded(action string) {
	b, ok := l.buckets[action]
	if !ok || float64(b.tokens.Limit()) >= b.full {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	gain := now.Sub(b.changed).Seconds() * recoverPerSecond * b.full
	b.changed = now
	b.tokens.SetLimit(rate.Limit(min(float64(b.tokens.Limit())+gain, b.full)))
}
