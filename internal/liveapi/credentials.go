// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// Keys sign calls by TC3-HMAC-SHA256.
type Keys struct {
	SecretID, SecretKey string
	// Token belongs to temporary keys; it is empty for permanent ones.
	Token string
	// Expires is when temporary keys expire; zero if they do not, or if that is unknown.
	Expires time.Time
}

// Credentials say where keys come from: exactly one of Static, WebIdentity and Metadata and, with AssumeRole, a role
// that those keys may assume.
type Credentials struct {
	// Source names the origin of Static in messages, "the environment" for example.
	Source string

	Static      *Keys
	WebIdentity *WebIdentity
	Metadata    *Metadata
	AssumeRole  *AssumeRole
}

// AssumeRole asks STS for the keys of a role (AssumeRole, 1312/48197).
type AssumeRole struct {
	RoleARN, SessionName string
	// Duration is from 1 s to 12 h; it is sent in whole seconds.
	Duration time.Duration
	// Policy narrows the role's permissions, as JSON; ExternalID is required if the role's trust policy asks for it.
	// Both may be empty.
	Policy, ExternalID string
}

// WebIdentity asks STS for the keys of a role, with a token from an OIDC provider (AssumeRoleWithWebIdentity,
// 1312/73070).
type WebIdentity struct {
	RoleARN, SessionName, ProviderID string
	Duration                         time.Duration
	// Token is the token itself; TokenFile is read again for each call, because token issuers renew the file.
	Token, TokenFile string
	// Region overrides the client's region for this call; the environment of a pod may name one.
	Region string
}

// Metadata asks the metadata service of a CVM for the keys of its role (213/4934).
type Metadata struct {
	Role string
}

// KeySource is what the client asks for keys.
type KeySource int

const (
	// SourceRole is STS, for the keys of a role that other keys assume.
	SourceRole KeySource = iota + 1
	// SourceWebIdentity is STS, for the keys of a role in exchange for a token.
	SourceWebIdentity
	// SourceTokenFile is the file with that token.
	SourceTokenFile
	// SourceMetadata is the metadata service of a CVM.
	SourceMetadata
)

// CredentialsError is a failure to get keys. No call was made with them.
type CredentialsError struct {
	// From is what was asked for keys, and Source describes it, with its path, variable or address.
	From   KeySource
	Source string
	// Err is the reason.
	Err error
}

// Error names the source and the reason.
func (e *CredentialsError) Error() string {
	return fmt.Sprintf("no credentials from %s: %v", e.Source, e.Err)
}

// Unwrap returns the reason.
func (e *CredentialsError) Unwrap() error { return e.Err }

// fetch gets keys from a source.
type fetch func(ctx context.Context) (Keys, error)

// newFetch builds the chain of sources that the credentials describe.
func (c *Client) newFetch(cr Credentials) (fetch, error) {
	var base fetch
	switch {
	case cr.Static != nil:
		keys := *cr.Static
		if keys.SecretID == "" || keys.SecretKey == "" {
			return nil, errors.New("a secret ID and a secret key are required to sign calls")
		}
		base = func(context.Context) (Keys, error) { return keys, nil }
	case cr.WebIdentity != nil:
		base = renewed(func(ctx context.Context) (Keys, error) { return c.assumeRoleWithWebIdentity(ctx, *cr.WebIdentity) })
	case cr.Metadata != nil:
		base = renewed(func(ctx context.Context) (Keys, error) { return c.metadataRole(ctx, *cr.Metadata) })
	default:
		return nil, errors.New("credentials are required to sign calls")
	}
	if cr.AssumeRole == nil {
		return base, nil
	}
	return renewed(func(ctx context.Context) (Keys, error) {
		keys, err := base(ctx)
		if err != nil {
			return Keys{}, err
		}
		return c.assumeRole(ctx, keys, *cr.AssumeRole)
	}), nil
}

// renewMargin is the longest time before their expiry at which temporary keys are renewed. Short-lived keys are renewed
// when a fifth of their lifetime is left.
const renewMargin = 5 * time.Minute

// renewPause is how long keys that could not be renewed stay in use before the next try.
const renewPause = 30 * time.Second

// renewed caches keys until shortly before they expire. Callers that need new keys at the same time share one call to
// the source and its result.
func renewed(source fetch) fetch {
	type issued struct {
		Keys
		renew time.Time
	}
	var current atomic.Pointer[issued]
	var renewal sharedCall[Keys]
	fresh := func(now time.Time) (Keys, bool) {
		k := current.Load()
		if k == nil || !k.Expires.IsZero() && !now.Before(k.renew) {
			return Keys{}, false
		}
		return k.Keys, true
	}
	renew := func(ctx context.Context) (Keys, error) {
		begin := time.Now()
		if keys, ok := fresh(begin); ok {
			return keys, nil
		}
		keys, err := source(ctx)
		if err == nil {
			current.Store(&issued{Keys: keys, renew: keys.Expires.Add(-min(renewMargin, keys.Expires.Sub(begin)/5))})
			return keys, nil
		}
		now := time.Now()
		old := current.Load()
		if old == nil || !now.Before(old.Expires) {
			return Keys{}, err
		}
		tflog.Warn(ctx, "temporary credentials could not be renewed; the old ones are used to their end")
		again := now.Add(renewPause)
		if again.After(old.Expires) {
			again = old.Expires
		}
		current.Store(&issued{Keys: old.Keys, renew: again})
		return old.Keys, nil
	}
	return func(ctx context.Context) (Keys, error) {
		if keys, ok := fresh(time.Now()); ok {
			return keys, nil
		}
		return renewal.do(ctx, renew)
	}
}

// readToken returns the web identity token.
func (w WebIdentity) readToken() (string, error) {
	if w.TokenFile == "" {
		return w.Token, nil
	}
	return ReadTokenFile(w.TokenFile)
}
