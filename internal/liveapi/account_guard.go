// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
)

// accountGuard checks once, before the first write, that the credentials belong to an account that may be written to.
type accountGuard struct {
	allowed, forbidden []string
	check              sharedCall[accountVerdict]
	verdict            atomic.Pointer[accountVerdict]
}

// accountVerdict is the result of a check; refusal is nil if the account may be written to.
type accountVerdict struct{ refusal error }

func newAccountGuard(allowed, forbidden []string) *accountGuard {
	return &accountGuard{allowed: allowed, forbidden: forbidden}
}

// checkAccount returns an *AccountError if the account is not allowed. If the account cannot be determined, all waiting
// callers share that failure, and the next write checks again.
func (c *Client) checkAccount(ctx context.Context) error {
	g := c.account
	if len(g.allowed) == 0 && len(g.forbidden) == 0 {
		return nil
	}
	if v := g.verdict.Load(); v != nil {
		return v.refusal
	}
	v, err := g.check.do(ctx, func(ctx context.Context) (accountVerdict, error) {
		if v := g.verdict.Load(); v != nil {
			return *v, nil
		}
		account, err := c.callerAccount(ctx)
		if err != nil {
			return accountVerdict{}, err
		}
		v := accountVerdict{}
		if len(g.allowed) > 0 && !slices.Contains(g.allowed, account) || slices.Contains(g.forbidden, account) {
			v.refusal = &AccountError{Account: account, Allowed: g.allowed, Forbidden: g.forbidden}
		}
		g.verdict.Store(&v)
		return v, nil
	})
	switch {
	case err == nil:
		return v.refusal
	case ctx.Err() != nil:
		return stopped(ctx, ActionCallerIdentity, nil, false)
	default:
		return err
	}
}

// callerAccount asks STS which account the client's keys belong to.
func (c *Client) callerAccount(ctx context.Context) (string, error) {
	var out struct{ AccountID string }
	err := c.callSTS(ctx, ActionCallerIdentity, "", true, nil, map[string]any{}, fromSTS(&out, func() bool { return out.AccountID != "" }))
	return c.secrets.value(out.AccountID), err
}

// AccountError is a refusal to write to an account that the configuration does not allow. No write was sent.
type AccountError struct {
	// Account is the account that the credentials belong to.
	Account string
	// Allowed and Forbidden are the lists from the configuration.
	Allowed, Forbidden []string
}

// Error names both the account and the lists.
func (e *AccountError) Error() string {
	if len(e.Allowed) > 0 {
		return fmt.Sprintf("the credentials belong to the account %s, and only %s may be written to", e.Account, strings.Join(e.Allowed, ", "))
	}
	return fmt.Sprintf("the credentials belong to the account %s, which must not be written to", e.Account)
}
