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
	"net/netip"
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
	// SecretID, SecretKey and Token sign the calls (TC3-HMAC-SHA256); Token is empty for permanent keys.
	SecretID, SecretKey, Token string
	// Region is sent as X-TC-Region when it is not empty. The Live API does not need it.
	Region string
	// Endpoint is the scheme and host of the Live API, as ParseEndpoint returns it.
	Endpoint *url.URL
	// MaxRetries is the number of attempts after the first one, for transient and throttled answers.
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

// Client calls the Live API. It is safe for concurrent use; all resources of a provider share one.
type Client struct {
	sdk        *live.Client
	limiter    *limiter
	sessions   *sessions
	maxRetries int
	header     map[string]string // of every call
	secrets    *strings.Replacer
}

// New returns a client for the configuration. It makes no call.
func New(cfg Config) (*Client, error) {
	if cfg.SecretID == "" || cfg.SecretKey == "" {
		return nil, errors.New("a secret ID and a secret key are required to sign calls")
	}
	if cfg.Endpoint == nil {
		return nil, errors.New("an endpoint is required")
	}

	// The SDK's own retries sleep without looking at the context, its debug output prints signatures, and its region breaker
	// would send a mix to another region; all of them stay off.
	prof := profile.NewClientProfile()
	prof.Language = "en-US"
	prof.Debug = false
	prof.DisableRegionBreaker = true
	prof.NetworkFailureMaxRetries = 0
	prof.RateLimitExceededMaxRetries = 0
	prof.HttpProfile.ReqMethod = http.MethodPost
	prof.HttpProfile.ReqTimeout = int(attemptTimeout / time.Second)
	prof.HttpProfile.Scheme = strings.ToUpper(cfg.Endpoint.Scheme)
	prof.HttpProfile.Endpoint = cfg.Endpoint.Host

	sdk, err := live.NewClient(common.NewTokenCredential(cfg.SecretID, cfg.SecretKey, cfg.Token), cfg.Region, prof)
	if err != nil {
		return nil, fmt.Errorf("creating the Tencent SDK client: %w", err)
	}
	base := cfg.Transport
	if base == nil {
		base = NewTransport()
	}
	sdk.WithHttpTransport(&recordingTransport{base: base})
	if cfg.RequestClient != "" {
		sdk.WithRequestClient(cfg.RequestClient)
	}

	var header map[string]string
	if cfg.UserAgent != "" {
		header = map[string]string{"User-Agent": cfg.UserAgent}
	}
	return &Client{
		sdk:        sdk,
		limiter:    newLimiter(cfg.Rates),
		sessions:   newSessions(cfg.Pacing),
		maxRetries: cfg.MaxRetries,
		header:     header,
		secrets:    redactor(cfg.SecretKey, cfg.Token),
	}, nil
}

// redactor replaces each secret that is not empty.
func redactor(secrets ...string) *strings.Replacer {
	var pairs []string
	for _, s := range secrets {
		if s != "" {
			pairs = append(pairs, s, "***")
		}
	}
	return strings.NewReplacer(pairs...)
}

// ParseEndpoint reads an API endpoint: a host, a host with a port, or a URL of scheme http or https without path, query
// and user. A bare host gets the scheme that is given. Plain HTTP shows signatures and tokens to anyone on the way, so it
// is refused to anything but the loopback interface.
func ParseEndpoint(endpoint, scheme string) (*url.URL, error) {
	raw := endpoint
	if !strings.Contains(raw, "://") {
		raw = scheme + "://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%q is not a host or a URL", endpoint)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q has the scheme %q; use http or https", endpoint, u.Scheme)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q names no host", endpoint)
	case u.User != nil:
		return nil, errors.New("an endpoint must not hold a user or a password")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q has a path or a query; give a host, with a port where needed", endpoint)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("plain HTTP to %q would show credentials to anyone on the way; use https (http is for the loopback interface only)", u.Host)
	}
	u.Path = ""
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
