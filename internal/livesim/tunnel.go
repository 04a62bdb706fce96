// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"sync"
)

// tunnels is a listener for connections that begin with CONNECT: some clients ask a proxy for a tunnel even for plain
// HTTP.
type tunnels struct {
	addr  net.Addr
	conns chan net.Conn
	done  chan struct{}
	once  sync.Once
}

func newTunnels(addr net.Addr) *tunnels {
	return &tunnels{addr: addr, conns: make(chan net.Conn), done: make(chan struct{})}
}

func (t *tunnels) Accept() (net.Conn, error) {
	select {
	case conn := <-t.conns:
		return conn, nil
	case <-t.done:
		return nil, net.ErrClosed
	}
}

func (t *tunnels) Addr() net.Addr { return t.addr }

func (t *tunnels) Close() error {
	t.once.Do(func() { close(t.done) })
	return nil
}

// open turns the connection of r into a tunnel that ends at the simulator itself. It reports whether it could.
func (t *tunnels) open(w http.ResponseWriter) bool {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		return false
	}
	conn, buffered, err := hijacker.Hijack()
	if err != nil {
		return false
	}
	if _, err := io.WriteString(conn, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		_ = conn.Close()
		return true
	}
	select {
	case t.conns <- &tunnel{conn, buffered.Reader}:
	case <-t.done:
		_ = conn.Close()
	}
	return true
}

// tunnel is a connection of which some bytes were already read.
type tunnel struct {
	net.Conn

	ahead *bufio.Reader
}

func (t *tunnel) Read(p []byte) (int, error) { return t.ahead.Read(p) }
