// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"golang.org/x/net/http/httpguts"
)

const (
	// maxIdleConnections is the number of connections kept for reuse. Terraform's default parallelism is 10; users who
	// tear down a thousand rooms raise it.
	maxIdleConnections = 128
	// pingAfter is how long an HTTP/2 connection may be silent before it is pinged, and pingTimeout how long the reply
	// may take. Both fit into an attempt, so that a dead connection costs only one.
	pingAfter, pingTimeout = 10 * time.Second, 5 * time.Second
	// maxHeader bounds the header of a reply.
	maxHeader = 64 << 10
)

// NewTransport returns the HTTP transport of the client: proxy from the environment, the usual Go TLS, and as many idle
// connections to the API's host as Terraform runs in parallel. The standard transport keeps two of them, so most calls
// would pay for a new TLS handshake.
func NewTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = maxIdleConnections
	t.MaxIdleConnsPerHost = maxIdleConnections
	t.IdleConnTimeout = 90 * time.Second
	t.MaxResponseHeaderBytes = maxHeader
	t.HTTP2 = &http.HTTP2Config{SendPingTimeout: pingAfter, PingTimeout: pingTimeout}
	t.Proxy = func(req *http.Request) (*url.URL, error) {
		proxy, err := http.ProxyFromEnvironment(req)
		if err != nil {
			// The parser's error may quote a password.
			return nil, &RequestError{Problem: "HTTP_PROXY or HTTPS_PROXY does not hold the URL of a proxy"}
		}
		return proxy, nil
	}
	t.OnProxyConnectResponse = func(_ context.Context, _ *url.URL, _ *http.Request, resp *http.Response) error {
		if resp.StatusCode == http.StatusOK {
			return nil
		}
		return &ProxyError{Status: resp.StatusCode}
	}
	return t
}

// RequestError is a request that cannot be sent as it is. It holds no header values.
type RequestError struct {
	// Problem says what is wrong with it.
	Problem string
}

// Error returns Problem.
func (e *RequestError) Error() string { return e.Problem }

// ProxyError is a proxy that refuses to connect to the API. Nothing was sent to the API.
type ProxyError struct {
	// Status is the HTTP status of the proxy.
	Status int
}

// Error names the status.
func (e *ProxyError) Error() string {
	return "the proxy refuses to connect: HTTP status " + statusText(e.Status)
}

// exchange is what the transport saw of one attempt.
type exchange struct {
	// reached reports whether the request got to the transport, connected whether there was a connection to write it
	// to. Without a connection, nobody can have seen it.
	reached, connected bool
	// answered reports whether the reply is Tencent's; verdict then describes it.
	answered bool
	verdict  verdict
	body     []byte
	// foreign is a reply that is not Tencent's.
	foreign *ForeignAnswerError
	// abandon closes the attempt's connections; nil if there are none to close.
	abandon func()
}

// replied reports whether anybody answered.
func (x *exchange) replied() bool { return x.answered || x.foreign != nil }

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { x.connected = true },
	})
}

// exchangeOf returns the exchange of an attempt, or a throwaway one if there is none.
func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return &exchange{}
}

// answerTransport passes on only answers from Tencent. It decides by the whole reply, read within bounds. Any other
// reply becomes an error, so that neither the SDK nor anybody else parses it, quotes it or follows its redirects.
type answerTransport struct {
	base  http.RoundTripper
	read  envelope
	clean func(string) string
}

func (t *answerTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	x := exchangeOf(req.Context())
	x.reached = true
	if err := checkRequest(req); err != nil {
		return nil, err
	}
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	x.connected = true
	resp.Request = req
	a, body, err := readAnswer(resp, t.read, t.clean)
	if err != nil {
		// A reply cut off by the end of the attempt does not count.
		errors.As(err, &x.foreign)
		return nil, err
	}
	x.answered, x.verdict, x.body = true, a, body
	return &http.Response{
		Status: resp.Status, StatusCode: resp.StatusCode,
		Proto: resp.Proto, ProtoMajor: resp.ProtoMajor, ProtoMinor: resp.ProtoMinor,
		Header:        http.Header{"Content-Type": {"application/json"}},
		Body:          io.NopCloser(bytes.NewReader(body)),
		ContentLength: int64(len(body)),
		Request:       req,
	}, nil
}

// checkRequest refuses what the HTTP transport would refuse, with an error distinct from a network failure.
func checkRequest(req *http.Request) error {
	if req.URL.Scheme != "https" && req.URL.Scheme != "http" {
		return &RequestError{Problem: fmt.Sprintf("the endpoint has the scheme %q instead of https", req.URL.Scheme)}
	}
	for name, values := range req.Header {
		if !httpguts.ValidHeaderFieldName(name) {
			return &RequestError{Problem: fmt.Sprintf("the name of the header %q is not valid", name)}
		}
		for _, v := range values {
			if !httpguts.ValidHeaderFieldValue(v) {
				return &RequestError{Problem: fmt.Sprintf("the header %s holds a line break or another control character", name)}
			}
		}
	}
	return nil
}

// pool is an HTTP transport whose connections can be given up together. A connection that died silently, as behind a
// NAT that forgot it, would otherwise be reused by each retry.
type pool struct {
	current atomic.Pointer[http.Transport]
}

// pooled returns a transport that can give up its connections, if base supports it.
func pooled(base http.RoundTripper) http.RoundTripper {
	t, ok := base.(*http.Transport)
	if !ok {
		return base
	}
	p := &pool{}
	p.current.Store(t)
	return p
}

func (p *pool) RoundTrip(req *http.Request) (*http.Response, error) {
	t := p.current.Load()
	exchangeOf(req.Context()).abandon = func() {
		// Other attempts on the same connections may already have given them up, or may be in the middle of an answer.
		if p.current.CompareAndSwap(t, t.Clone()) {
			t.CloseIdleConnections()
		}
	}
	return t.RoundTrip(req)
}
