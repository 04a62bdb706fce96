// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// issuer hands out numbered keys that live for a while. It takes a second for each.
type issuer struct {
	mu     sync.Mutex
	life   time.Duration
	issued int
	fail   error
}

func (i *issuer) keys(ctx context.Context) (Keys, error) {
	if err := sleep(ctx, time.Second, "the issuer", nil); err != nil {
		return Keys{}, err
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fail != nil {
		return Keys{}, i.fail
	}
	i.issued++
	return Keys{SecretID: fmt.Sprint(i.issued), Expires: time.Now().Add(i.life)}, nil
}

// Keys are asked for once by many callers, and renewed shortly before they end.
func TestRenewed(t *testing.T) {
	t.Parallel()
	for life, renewAfter := range map[time.Duration]time.Duration{
		2 * time.Hour:    2*time.Hour - 5*time.Minute,
		10 * time.Second: 8*time.Second - 200*time.Millisecond,
	} {
		synctest.Test(t, func(t *testing.T) {
			i := &issuer{life: life}
			get := renewed(i.keys)
			all := func(want string) {
				t.Helper()
				var wg sync.WaitGroup
				for range 50 {
					wg.Go(func() {
						if k, err := get(t.Context()); err != nil || k.SecretID != want {
							t.Errorf("got keys %q, %v, want %q", k.SecretID, err, want)
						}
					})
				}
				wg.Wait()
			}
			all("1")
			time.Sleep(renewAfter - time.Second)
			all("1")
			time.Sleep(time.Second)
			all("2")
		})
	}
}

// A renewal that fails is no matter as long as the keys last, and is tried again.
func TestRenewedInVain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		i := &issuer{life: 10 * time.Minute}
		get := renewed(i.keys)
		if _, err := get(t.Context()); err != nil {
			t.Fatal(err)
		}
		i.fail = errors.New("no more")
		time.Sleep(9 * time.Minute)
		if k, err := get(t.Context()); err != nil || k.SecretID != "1" {
			t.Errorf("before their end: got keys %q, %v", k.SecretID, err)
		}
		time.Sleep(2 * time.Minute)
		if _, err := get(t.Context()); !errors.Is(err, i.fail) {
			t.Errorf("after their end: got %v", err)
		}
		i.fail = nil
		if k, err := get(t.Context()); err != nil || k.SecretID != "2" {
			t.Errorf("once it works again: got keys %q, %v", k.SecretID, err)
		}
	})
}

// Whoever waits for a renewal waits no longer than its own context.
func TestRenewedEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		get := renewed((&issuer{life: time.Hour}).keys)
		done := make(chan error, 1)
		go func() { _, err := get(t.Context()); done <- err }()
		synctest.Wait()
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		start := time.Now()
		if _, err := get(ctx); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 100*time.Millisecond {
			t.Errorf("got %v after %s", err, time.Since(start))
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
