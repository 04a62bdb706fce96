// SPDX-License-Identifier: MPL-2.0

// Package liveapi is the Tencent Cloud Live API (version 2018-08-01) as this provider uses it: the official SDK, wired
// so that every wait and every call ends with its context, with typed errors, retries, a rate limiter and the pacing
// that Tencent asks for between the calls of one mix session.
//
// A call passes through pacing and the retry loop; each attempt then takes a limiter token and goes through the SDK and
// the transport.
//
// A number such as 267/43404 is a page of Tencent's: https://cloud.tencent.com/document/product/267/43404.
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
	// DefaultMaxRetries is the number of further attempts after a transient failure.
	DefaultMaxRetries = 10

	// attemptTimeout bounds one HTTP exchange, so that a hanging connection costs one attempt and not the whole
	// operation.
	attemptTimeout = 30 * time.Second
)

// Config configures a Client. A zero duration or count switches its feature off.
type Config struct {
	// Credentials say where the keys that sign the calls come from.
	Credentials Credentials
	// AllowedAccountIDs and ForbiddenAccountIDs prevent writes to the wrong account; an empty list checks nothing.
	AllowedAccountIDs, ForbiddenAccountIDs []string
	// Region is sent as X-TC-Region if not empty. The Live API does not need it.
	Region string
	// Endpoint is the scheme and host of the Live API, as ParseEndpoint returns it.
	Endpoint *url.URL
	// STSEndpoint is the endpoint of the Security Token Service; required to assume a role or to check the account.
	STSEndpoint *url.URL
	// MetadataEndpoint is the endpoint of the metadata service of a CVM; nil means DefaultMetadataEndpoint.
	MetadataEndpoint *url.URL
	// MaxRetries is the number of attempts after the first one, for transient and throttled failures.
	MaxRetries int
	// Rates bound the calls per second.
	Rates Rates
	// Pacing holds the minimum intervals between the calls of one session.
	Pacing Pacing
	// RequestClient is appended to X-TC-RequestClient. The SDK accepts only letters, digits and "-_ ,;.".
	RequestClient string
	// UserAgent is the HTTP User-Agent.
	UserAgent string
	// Transport carries the HTTP exchanges; nil means NewTransport().
	Transport http.RoundTripper
}

// DefaultMetadataEndpoint returns where a CVM finds its metadata (213/4934): plain HTTP that does not leave the host
// machine.
func DefaultMetadataEndpoint() *url.URL {
	return &url.URL{Scheme: "http", Host: "metadata.tencentyun.com"}
}

// Client calls the Live API. It is safe for concurrent use; all resources of a provider share one.
type Client struct {
	sdk           *live.Client // without credentials; see signedBy
	transport     http.RoundTripper
	region        string
	sts, metadata *url.URL
	direct        http.RoundTripper // to the metadata service, bypassing any proxy
	requestClient string
	header        map[string]string // sent with every call
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

// profile configures a client of the SDK. The SDK's own retries ignore the context, its debug output prints signatures,
// and its region breaker would send a mix to another region; all of them stay off.
func (c *Client) profile(endpoint *url.URL) *profile.ClientProfile {
	p := profile.NewClientProfile()
	p.Language = "en-US"
	p.Debug = false
	p.DisableRegionBreaker = true
	p.NetworkFailureMaxRetries = 0
	p.RateLimitExceededMaxRetries = 0
	p.HttpProfile.ReqMethod = http.MethodPost
	p.HttpProfile.ReqTimeout = 0 // Each attempt's context has one.
	p.HttpProfile.Scheme = strings.ToUpper(endpoint.Scheme)
	p.HttpProfile.Endpoint = endpoint.Host
	return p
}

// signedBy returns the SDK's client with these keys. The SDK reads keys without a context or an error, so each attempt
// gets a client of its own.
func (c *Client) signedBy(k Keys) *live.Client {
	sdk := *c.sdk
	sdk.WithCredential(common.NewTokenCredential(k.SecretID, k.SecretKey, k.Token))
	return &sdk
}
