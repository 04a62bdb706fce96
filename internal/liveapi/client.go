// SPDX-License-Identifier: MPL-2.0

// Package liveapi is the Tencent Cloud Live API (version 2018-08-01) as this provider uses it: the official SDK, wired so
// that every wait and every call ends with its context, with typed errors, retries, a limiter and the pacing that Tencent
// asks for between the calls of one mix session.
//
// A call travels pacing, retry loop, limiter token per attempt, SDK, transport.
package liveapi

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/profile"
	live "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/live/v20180801"
)

const (
	// DefaultDomain is the root domain of the mainland site; the API is served at "live." + domain.
	DefaultDomain = "tencentcloudapi.com"
	// DefaultMaxRetries is the number of further attempts after a first one that failed for a passing reason.
	DefaultMaxRetries = 10

	// attemptTimeout bounds one HTTP exchange, so that a connection that hangs costs an attempt and not the whole operation.
	attemptTimeout = 30 * time.Second
)

// Config holds what a Client needs. All durations and counts may be zero, which switches the matter off.
type Config struct {
	// Credentials say where the keys come from that sign the calls.
	Credentials Credentials
	// AllowedAccountIDs and ForbiddenAccountIDs guard against a write to the wrong account; empty lists guard nothing.
	AllowedAccountIDs, ForbiddenAccountIDs []string
	// Region is sent as X-TC-Region when it is not empty. The Live API does not need it.
	Region string
	// Endpoint is the scheme and host of the Live API, as ParseEndpoint returns it.
	Endpoint *url.URL
	// STSEndpoint is that of the Security Token Service; needed where a role is assumed or an account is guarded.
	STSEndpoint *url.URL
	// MetadataEndpoint is that of the metadata service of a CVM; nil stands for DefaultMetadataEndpoint.
	MetadataEndpoint *url.URL
	// MaxRetries is the number of attempts after the first one, for transient and throttled failures.
	MaxRetries int
	// Rates bound the calls per second.
	Rates Rates
	// Pacing holds the minimal distances between the calls of one session.
	Pacing Pacing
	// RequestClient is appended to X-TC-RequestClient. The SDK takes letters, digits and "-_ ,;." only.
	RequestClient string
	// UserAgent is the HTTP User-Agent.
	UserAgent string
	// Transport carries the HTTP exchanges; nil stands for NewTransport().
	Transport http.RoundTripper
}

// DefaultMetadataEndpoint is where a CVM finds its metadata (213/4934). It is plain HTTP within the machine's own host.
func DefaultMetadataEndpoint() *url.URL {
	return &url.URL{Scheme: "http", Host: "metadata.tencentyun.com"}
}

// Client calls the Live API. It is safe for concurrent use; all resources of a provider share one.
type Client struct {
	sdk           *live.Client // without credentials; see signedBy
	transport     http.RoundTripper
	region        string
	sts, metadata *url.URL
	direct        http.RoundTripper // to the metadata service, past any proxy
	requestClient string
	header        map[string]string // of every call
	maxRetries    int

	site, key string // see origin.go
	keys      fetch
	account   *accountGuard
	limiter   *limiter
	sessions  *sessions
	secrets   secrets
}

// New returns a client for the configuration. It makes no call.
func New(cfg Config) (*Client, error) {
	if cfg.Endpoint == nil {
		return nil, errors.New("an endpoint is required")
	}
	base := cfg.Transport
	direct := base
	if base == nil {
		proxied := NewTransport()
		past := proxied.Clone()
		past.Proxy = nil
		base, direct = proxied, past
	}
	c := &Client{
		region:        cfg.Region,
		sts:           cfg.STSEndpoint,
		metadata:      cfg.MetadataEndpoint,
		requestClient: cfg.RequestClient,
		site:          siteOf(cfg.Endpoint),
		key:           keyOf(cfg.Credentials),
		maxRetries:    cfg.MaxRetries,
		account:       newAccountGuard(cfg.AllowedAccountIDs, cfg.ForbiddenAccountIDs),
		limiter:       newLimiter(cfg.Rates),
		sessions:      newSessions(cfg.Pacing),
	}
	c.transport = &answerTransport{base: pooled(base), read: apiEnvelope, clean: c.secrets.text}
	c.direct = &answerTransport{base: pooled(direct), read: metadataEnvelope, clean: c.secrets.text}
	if c.metadata == nil {
		c.metadata = DefaultMetadataEndpoint()
	}
	if cfg.UserAgent != "" {
		c.header = map[string]string{"User-Agent": cfg.UserAgent}
	}
	if k := cfg.Credentials.Static; k != nil {
		c.secrets.add(k.SecretKey, k.Token)
	}
	var err error
	if c.keys, err = c.newFetch(cfg.Credentials); err != nil {
		return nil, err
	}
	sdk, err := live.NewClient(nil, cfg.Region, c.profile(cfg.Endpoint))
	if err != nil {
		return nil, fmt.Errorf("creating the Tencent SDK client: %w", err)
	}
	sdk.WithHttpTransport(c.transport)
	if cfg.RequestClient != "" {
		sdk.WithRequestClient(cfg.RequestClient)
	}
	c.sdk = sdk
	return c, nil
}

// profile configures a client of the SDK. The SDK's own retries sleep without looking at the context, its debug output
// prints signatures, and its region breaker would send a mix to another region; all of them stay off.
func (c *Client) profile(endpoint *url.URL) *profile.ClientProfile {
	p := profile.NewClientProfile()
	p.Language = "en-US"
	p.Debug = false
	p.DisableRegionBreaker = true
	p.NetworkFailureMaxRetries = 0
	p.RateLimitExceededMaxRetries = 0
	p.HttpProfile.ReqMethod = http.MethodPost
	p.HttpProfile.ReqTimeout = 0 // The context of each attempt has one.
	p.HttpProfile.Scheme = strings.ToUpper(endpoint.Scheme)
	p.HttpProfile.Endpoint = endpoint.Host
	return p
}

// signedBy returns the SDK's client with keys. The SDK reads keys without a context and cannot fail at it, so that each
// attempt is given its own.
func (c *Client) signedBy(k Keys) *live.Client {
	sdk := *c.sdk
	sdk.WithCredential(common.NewTokenCredential(k.SecretID, k.SecretKey, k.Token))
	return &sdk
}
