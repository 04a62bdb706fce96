// SPDX-License-Identifier: MPL-2.0

// Package livesim simulates the parts of the Tencent Cloud Live API (version 2018-08-01) that mixing needs: sessions,
// the streams that feed them, TC3-HMAC-SHA256 signatures, quotas, pacing and faults. For temporary credentials it also
// simulates STS (version 2018-08-13) and the metadata service of a CVM instance. It follows the published rules; where
// those leave a choice open, Options has a switch.
//
// A number such as 267/43404 is a page of Tencent's: https://cloud.tencent.com/document/product/267/43404.
package livesim

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server is a simulator. It is an http.Handler and safe for concurrent use.
type Server struct {
	options  Options
	services []service

	closing   chan struct{} // closed by Close; ends hangs and delays
	closeOnce sync.Once
	closeErr  error
	handlers  sync.WaitGroup
	admin     http.Handler
	page      http.Handler
	instance  http.Handler // the metadata service

	// Set only by Start.
	http    *http.Server
	url     string
	served  chan struct{}
	tunnels *tunnels

	mu          sync.Mutex // guards everything below
	closed      bool
	clock       clock
	credentials map[string]Credential
	windows     map[string][]time.Time // recent calls by action, for the quotas
	temporary   credentialState
	mix         mixState
	streams     streamState
	faults      faultState
	requests    []*Request
	feed        feed
	conns       connections
}

type connections struct {
	open, peak, total int
}

// New returns a simulator with no listener, to be used as an http.Handler. It panics on options that contradict the
// documented values, because that is a mistake in the calling program; Start returns an error instead.
func New(o Options) *Server {
	if err := o.check(); err != nil {
		panic(err)
	}
	s := &Server{options: o.clone(), closing: make(chan struct{})}
	s.options.AccountID = cmp.Or(o.AccountID, defaultAccountID)
	s.options.History = cmp.Or(o.History, defaultHistory)
	s.clock = newClock(o.TimeScale)
	s.feed = newFeed()
	s.services = s.newServices()
	s.credentials = make(map[string]Credential)
	for _, c := range s.options.Credentials {
		c.AccountID = cmp.Or(c.AccountID, s.options.AccountID)
		s.credentials[c.ID] = c
	}
	s.admin = s.adminHandler()
	s.page = s.pageHandler()
	s.instance = s.guard("the metadata service", http.HandlerFunc(s.serveMetadata), metadataHost)
	s.Reset()
	return s
}

// Reset forgets sessions, streams, faults, the request log, violations, issued credentials and the quota windows. The
// clock and the options, including their credentials, stay.
func (s *Server) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.windows = make(map[string][]time.Time)
	s.temporary = credentialState{byID: make(map[string]*issued)}
	s.mix = newMixState()
	s.streams = newStreamState()
	s.faults = newFaultState()
	s.requests = nil
	s.emit(s.clock.now(), EventReset, struct{}{})
}

// Start returns a simulator that listens on addr, "127.0.0.1:0" if empty. An address other than a loopback one is an
// error unless Options.AllowRemote is set.
func Start(addr string, o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("livesim: listen address: %w", err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) && !o.AllowRemote {
		return nil, fmt.Errorf("livesim: %s is not a loopback address", addr)
	}
	var lc net.ListenConfig
	listener, err := lc.Listen(context.Background(), "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("livesim: %w", err)
	}
	s := New(o)
	s.url = "http://" + reachable(listener.Addr())
	s.served = make(chan struct{})
	s.http = &http.Server{
		Handler: s, ReadHeaderTimeout: 10 * time.Second, ConnState: s.connState, ConnContext: connContext, Protocols: protocols(),
	}
	s.tunnels = newTunnels(listener.Addr())
	go func() {
		defer close(s.served)
		inTunnels := make(chan error)
		go func() { inTunnels <- s.http.Serve(s.tunnels) }()
		for _, err := range []error{s.http.Serve(silentListener{listener}), <-inTunnels} {
			if !errors.Is(err, http.ErrServerClosed) {
				s.closeErr = errors.Join(s.closeErr, err) // Read by Close after served is closed.
			}
		}
	}()
	return s, nil
}

// reachable is an address at which a client on this machine finds a listener. That of a listener on all addresses, 0.0.0.0
// or [::], is none: browsers refuse it.
func reachable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return net.JoinHostPort("127.0.0.1", strconv.Itoa(tcp.Port))
}

// URL returns the address of a started simulator, such as "http://127.0.0.1:40123"; "" without a listener.
func (s *Server) URL() string { return s.url }

// Close stops the simulator: hanging or waiting calls are cut, connections are closed, and all handlers have returned
// when it does. State and log stay readable. It must not be called from a handler. A second call does nothing.
func (s *Server) Close() error {
	s.closeOnce.Do(func() {
		s.mu.Lock()
		s.closed = true
		s.mu.Unlock()
		close(s.closing)
		if s.http != nil {
			err := s.http.Close()
			<-s.served
			s.closeErr = errors.Join(s.closeErr, err)
		}
		s.handlers.Wait()
	})
	return s.closeErr
}

// ServeHTTP serves the API on "/", and there also the page for browsers, the metadata service on "/latest/meta-data/"
// and the admin API on "/_sim/". As an HTTP proxy it answers for Tencent's hosts. A fault that cuts the connection
// panics with http.ErrAbortHandler, as net/http requires: a caller of ServeHTTP without an http.Server must recover it.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	s.handlers.Add(1) // Under mu, so that Close cannot be waiting yet.
	s.mu.Unlock()
	defer s.handlers.Done()

	switch {
	case r.Method == http.MethodConnect:
		s.serveConnect(w, r)
	case viaProxy(r) && !s.proxies(r.URL.Hostname()):
		refuseProxy(w, r)
	case wantsPage(r), strings.HasPrefix(r.URL.Path, pagePrefix):
		s.page.ServeHTTP(w, r)
	case r.URL.Path == "/", r.URL.Path == "":
		s.serveAPI(w, r)
	case strings.HasPrefix(r.URL.Path, adminPrefix):
		s.admin.ServeHTTP(w, r)
	case strings.HasPrefix(r.URL.Path, metadataPrefix):
		s.instance.ServeHTTP(w, r)
	default:
		http.NotFound(w, r)
	}
}

// Connections returns how many client connections are open, the most that were open at once, and the total so far. They
// are counted only after Start.
func (s *Server) Connections() (open, peak, total int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.conns.open, s.conns.peak, s.conns.total
}

func (s *Server) connState(_ net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch state {
	case http.StateNew:
		s.conns.open++
		s.conns.total++
		s.conns.peak = max(s.conns.peak, s.conns.open)
	case http.StateClosed, http.StateHijacked:
		s.conns.open--
	case http.StateActive, http.StateIdle:
	}
}
