// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"net/http"
	"net/http/httptrace"
	"time"
)

// maxIdleConnections is the number of connections kept for reuse. Terraform's default parallelism is 10; people who tear
// down a thousand rooms raise it.
const maxIdleConnections = 128

// NewTransport returns the HTTP transport of the client: proxy from the environment, TLS by the usual Go means, and as
// many idle connections to the API's one host as Terraform runs in parallel. The standard transport keeps two of them,
// so that most calls would pay for a new TLS handshake.
func NewTransport() *http.Transport {
	t := http.DefaultTransport.(*http.Transport).Clone()
	t.MaxIdleConns = maxIdleConnections
	t.MaxIdleConnsPerHost = maxIdleConnections
	t.IdleConnTimeout = 90 * time.Second
	return t
}

// exchange is what the transport saw of one attempt. The SDK keeps neither the HTTP status of an answer that is not JSON
// nor whether a request left this machine.
type exchange struct {
	// connected tells that there was a connection to write the request to. Without one the API cannot have seen it.
	connected bool
	// status is the HTTP status, 0 without an answer.
	status int
}

type exchangeKey struct{}

func withExchange(ctx context.Context, x *exchange) context.Context {
	ctx = context.WithValue(ctx, exchangeKey{}, x)
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { x.connected = true },
	})
}

// recordingTransport notes the course of each exchange in its context.
type recordingTransport struct {
	base http.RoundTripper
}

func (t *recordingTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(req)
	if x, ok := req.Context().Value(exchangeKey{}).(*exchange); ok && resp != nil {
		x.connected = true
		x.status = resp.StatusCode
	}
	return resp, err
}
