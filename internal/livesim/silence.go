// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"net"
	"net/http"
	"sync"
)

// connKey is the key of the *silentConn in a request's context.
type connKey struct{}

func connContext(ctx context.Context, conn net.Conn) context.Context {
	return context.WithValue(ctx, connKey{}, conn)
}

// protocols adds HTTP/2 without TLS, to test a client with many calls over one connection.
func protocols() *http.Protocols {
	p := new(http.Protocols)
	p.SetHTTP1(true)
	p.SetUnencryptedHTTP2(true)
	return p
}

// silentListener accepts connections that can go silent.
type silentListener struct{ net.Listener }

func (l silentListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &silentConn{Conn: conn, dead: make(chan struct{}), closed: make(chan struct{})}, nil
}

// silentConn is a connection that can die as behind a firewall that has forgotten it: nothing arrives any more, in
// either direction, and neither end is told.
type silentConn struct {
	net.Conn

	dead, closed        chan struct{}
	deadOnce, closeOnce sync.Once
}

func (c *silentConn) silence() { c.deadOnce.Do(func() { close(c.dead) }) }

func (c *silentConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	select {
	case <-c.dead:
		<-c.closed
		return 0, net.ErrClosed
	default:
		return n, err
	}
}

func (c *silentConn) Write(p []byte) (int, error) {
	select {
	case <-c.dead:
		return len(p), nil
	default:
		return c.Conn.Write(p)
	}
}

func (c *silentConn) Close() error {
	c.closeOnce.Do(func() { close(c.closed) })
	return c.Conn.Close()
}
