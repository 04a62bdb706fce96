// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// issuing answers as STS does, with keys for an hour.
func issuing(req *http.Request) (*http.Response, error) {
	return answer(http.StatusOK, fmt.Sprintf(`{"Response":{"Credentials":{"TmpSecretId":"AKIDtmp","TmpSecretKey":"a-temporary-key","Token":"a-temporary-token"},"ExpiredTime":%d,"RequestId":"r"}}`,
		time.Now().Add(time.Hour).Unix()))(req)
}

// stsClient returns a client whose keys assume a role, or whose account is guarded.
func stsClient(t *testing.T, change func(*Config), replies ...reply) (c *Client, live, sts *script) {
	t.Helper()
	live, sts = &script{replies: []reply{success}}, &script{replies: replies}
	c, _ = newTestClient(t, func(cfg *Config) {
		withRole(cfg)
		cfg.Transport = hosts{"live.example.com": live, stsHost: sts}
		change(cfg)
	})
	return c, live, sts
}

func guardedOnly(cfg *Config) {
	cfg.Credentials.AssumeRole, cfg.AllowedAccountIDs = nil, []string{"1"}
}

// An outage of STS takes all who wait for it the time that it takes one.
func TestOutageOfSTSIsShared(t *testing.T) {
	t.Parallel()
	const callers, retries = 100, 1
	for name, tt := range map[string]struct {
		change func(*Config)
		reply  reply
		want   time.Duration
	}{
		"assume role, hangs":   {change: func(*Config) {}, reply: hang, want: (retries + 1) * attemptTimeout},
		"assume role, fails":   {change: func(*Config) {}, reply: answer(http.StatusBadGateway, "")},
		"account check, hangs": {change: guardedOnly, reply: hang, want: (retries + 1) * attemptTimeout},
		"account check, fails": {change: guardedOnly, reply: apiError("InternalError", "x")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, live, sts := stsClient(t, func(cfg *Config) { tt.change(cfg); cfg.MaxRetries = retries; cfg.Rates.Create = 1e9 }, tt.reply)
				got := took(func() {
					var wg sync.WaitGroup
					for n := range callers {
						wg.Go(func() {
							if e := asError(t, create(t.Context(), c, fmt.Sprint(n))); e.Kind != KindTransient || e.Uncertain {
								t.Errorf("got %+v", *e)
							}
						})
					}
					wg.Wait()
				})
				if sts.calls() != retries+1 || live.calls() != 0 || got < tt.want || got > tt.want+backoffBase {
					t.Errorf("%d calls of STS and %d others in %s, want %d in %s", sts.calls(), live.calls(), got, retries+1, tt.want)
				}
			})
		})
	}
}

// Those who come after an outage was found out do not wait for it anew, one after the other.
func TestOutageOfSTSForManyInARow(t *testing.T) {
	t.Parallel()
	const creates, parallel, retries = 1000, 10, 1
	for name, change := range map[string]func(*Config){"assume role": func(*Config) {}, "account check": guardedOnly} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _, sts := stsClient(t, func(cfg *Config) { change(cfg); cfg.MaxRetries = retries; cfg.Rates.Create = 1e9 }, hang)
				got := took(func() {
					var wg sync.WaitGroup
					for worker := range parallel {
						wg.Go(func() {
							for n := range creates / parallel {
								if e := asError(t, create(t.Context(), c, fmt.Sprint(worker, n))); e.Kind != KindTransient {
									t.Errorf("got %+v", *e)
								}
							}
						})
					}
					wg.Wait()
				})
				if want := (retries + 1) * attemptTimeout; sts.calls() != retries+1 || got < want || got > want+backoffBase {
					t.Errorf("%d calls of STS in %s, want %d in %s", sts.calls(), got, retries+1, want)
				}
				time.Sleep(outageMemory)
				if err := create(t.Context(), c, "after"); sts.calls() <= retries+1 {
					t.Errorf("STS is not asked again after the outage: %v", err)
				}
			})
		})
	}
}

// A failure that came at once, or that is a refusal, is nobody's but that of those who waited for it.
func TestRefusalOfSTSIsNotRemembered(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]reply{
		"refusal": apiError("UnauthorizedOperation", "no"),
		"hiccup":  answer(http.StatusBadGateway, ""),
	} {
		synctest.Test(t, func(t *testing.T) {
			c, _, _ := stsClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, refusal, issuing)
			if err := create(t.Context(), c, "s"); err == nil {
				t.Errorf("%s: no error", name)
			}
			if err := create(t.Context(), c, "s"); err != nil {
				t.Errorf("%s: got %v", name, err)
			}
		})
	}
}

// The caller who began a renewal may go: those who joined get its keys all the same. When all have gone, it ends.
func TestRenewalOutlivesItsFirstCaller(t *testing.T) {
	t.Parallel()
	slow := func(req *http.Request) (*http.Response, error) {
		select {
		case <-time.After(10 * time.Second):
			return issuing(req)
		case <-req.Context().Done():
			return nil, req.Context().Err()
		}
	}
	synctest.Test(t, func(t *testing.T) {
		c, _, sts := stsClient(t, func(*Config) {}, slow)
		first, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		var wg sync.WaitGroup
		wg.Go(func() {
			if e := asError(t, create(first, c, "first")); e.Kind != KindTimedOut || e.Uncertain {
				t.Errorf("the first caller got %+v", *e)
			}
		})
		synctest.Wait()
		wg.Go(func() {
			if err := create(t.Context(), c, "second"); err != nil {
				t.Errorf("the second caller got %v", err)
			}
		})
		wg.Wait()
		if sts.calls() != 1 {
			t.Errorf("%d calls of STS, want 1", sts.calls())
		}
	})
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan struct{})
		c, _, sts := stsClient(t, func(*Config) {}, func(req *http.Request) (*http.Response, error) {
			defer close(ended)
			return hang(req)
		}, issuing)
		first, leave := context.WithTimeout(t.Context(), time.Second)
		defer leave()
		if e := asError(t, create(first, c, "first")); e.Kind != KindTimedOut {
			t.Errorf("got %+v", *e)
		}
		synctest.Wait()
		select {
		case <-ended:
		default:
			t.Error("nobody waits, and STS is still asked")
		}
		if err := create(t.Context(), c, "second"); err != nil || sts.calls() != 2 {
			t.Errorf("the next caller got %v after %d calls", err, sts.calls())
		}
	})
}

// Keys that still last are used while STS is out of order, and each try to renew them is one for all.
func TestOutageOfSTSInTheMargin(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, live, sts := stsClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, issuing, answer(http.StatusServiceUnavailable, ""))
		if err := create(t.Context(), c, "s"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(56 * time.Minute)
		for range 10 {
			if err := create(t.Context(), c, "s"); err != nil {
				t.Fatal(err)
			}
		}
		if live.calls() != 11 || sts.calls() != 2 {
			t.Errorf("%d calls, %d of STS; want 11 and 2", live.calls(), sts.calls())
		}
	})
}

// An answer of STS that cannot be read shows nothing of the keys in it.
func TestUnreadableAnswerOfSTS(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"time is a text":       `{"Response":{"Credentials":{"TmpSecretId":"AKIDtmp","TmpSecretKey":"a-temporary-key","Token":"a-temporary-token"},"ExpiredTime":"soon","RequestId":"r"}}`,
		"no time":              `{"Response":{"Credentials":{"TmpSecretId":"AKIDtmp","TmpSecretKey":"a-temporary-key","Token":"a-temporary-token"},"RequestId":"r"}}`,
		"no token":             `{"Response":{"Credentials":{"TmpSecretId":"AKIDtmp","TmpSecretKey":"a-temporary-key"},"ExpiredTime":1,"RequestId":"r"}}`,
		"credentials are text": `{"Response":{"Credentials":"a-temporary-key a-temporary-token","ExpiredTime":1,"RequestId":"r"}}`,
		"cut":                  `{"Response":{"Credentials":{"TmpSecretId":"AKIDtmp","TmpSecretKey":"a-temporary-key","Token":"a-temporary-token"`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, live, sts := stsClient(t, func(cfg *Config) { cfg.MaxRetries = 1 }, answer(http.StatusOK, body))
				e := asError(t, create(t.Context(), c, "s"))
				if e.Kind != KindTransient || e.Code != CodeNotAnAnswer || live.calls() != 0 || sts.calls() != 2 {
					t.Errorf("got %+v after %d calls of STS", *e, sts.calls())
				}
				for err := error(e); err != nil; err = errors.Unwrap(err) {
					if strings.Contains(err.Error(), "temporary") {
						t.Errorf("keys are shown in %q", err)
					}
				}
			})
		})
	}
}

// Keys that STS issues are masked as the configured ones are.
func TestIssuedKeysAreMasked(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, live, _ := stsClient(t, func(*Config) {}, issuing)
		live.replies = []reply{apiError("AuthFailure", "a-temporary-key and a-temporary-token")}
		if e := asError(t, create(t.Context(), c, "s")); e.Message != "*** and ***" {
			t.Errorf("got %q", e.Message)
		}
	})
}

// The check of the account is made once, also where it refuses.
func TestAccountGuard(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, live, sts := stsClient(t, guardedOnly, answer(http.StatusOK, `{"Response":{"AccountId":"2\u001b[31m","RequestId":"r"}}`))
		for range 3 {
			e := asError(t, create(t.Context(), c, "s"))
			var account *AccountError
			if !errors.As(e, &account) || account.Account != "2\uFFFD" || e.Kind != KindAuth || e.Uncertain || e.Attempts != 0 {
				t.Errorf("got %+v", *e)
			}
		}
		if live.calls() != 0 || sts.calls() != 1 {
			t.Errorf("%d writes and %d calls of STS", live.calls(), sts.calls())
		}
	})
}
