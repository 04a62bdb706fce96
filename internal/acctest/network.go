// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// Network is a network without sockets, so that in a bubble of testing/synctest a test of many retries takes no time. A
// handler answers at each host below .test, by plain HTTP, and no other host exists.
type Network struct {
	// Transport leads to the network.
	Transport   *http.Transport
	connections chan net.Conn
	closed      chan struct{}
	elsewhere   atomic.Int64
}

// NewNetwork starts a network. It ends with the test.
func NewNetwork(t *testing.T, handler http.Handler) *Network {
	t.Helper()
	n := &Network{connections: make(chan net.Conn), closed: make(chan struct{})}
	n.Transport = &http.Transport{DialContext: n.dial}
	web := &http.Server{Handler: handler, ReadHeaderTimeout: time.Minute}
	served := make(chan error, 1)
	go func() { served <- web.Serve(listener{n}) }()
	t.Cleanup(func() {
		n.Transport.CloseIdleConnections()
		if err := errors.Join(web.Close(), <-served); err != nil && !errors.Is(err, http.ErrServerClosed) {
			t.Error(err)
		}
	})
	return n
}

// Elsewhere returns the number of connections that were tried to other hosts.
func (n *Network) Elsewhere() int64 { return n.elsewhere.Load() }

func (n *Network) dial(_ context.Context, _, address string) (net.Conn, error) {
	if !strings.HasSuffix(strings.Split(address, ":")[0], ".test") {
		n.elsewhere.Add(1)
		return nil, errors.New("nothing there")
	}
	client, server := net.Pipe()
	n.connections <- server
	return client, nil
}

// listener is the side of the handler.
type listener struct{ n *Network }

func (l listener) Accept() (net.Conn, error) {
	select {
	case c := <-l.n.connections:
		return c, nil
	case <-l.n.closed:
		return nil, net.ErrClosed
	}
}

func (l listener) Close() error { close(l.n.closed); return nil }

func (l listener) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
