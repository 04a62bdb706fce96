// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// memory is a network in memory, whose connections can go dead without a word.
type memory struct {
	accepted chan net.Conn
	closed   chan struct{}
	once     sync.Once

	mu    sync.Mutex
	dials []*deadly
}

func newMemory() *memory { return &memory{accepted: make(chan net.Conn), closed: make(chan struct{})} }

func (m *memory) Accept() (net.Conn, error) {
	select {
	case c := <-m.accepted:
		return c, nil
	case <-m.closed:
		return nil, net.ErrClosed
	}
}

func (m *memory) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

func (m *memory) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 443} }

func (m *memory) dial(context.Context, string, string) (net.Conn, error) {
	mine, theirs := net.Pipe()
	c := &deadly{Conn: mine}
	m.mu.Lock()
	m.dials = append(m.dials, c)
	m.mu.Unlock()
	m.accepted <- theirs
	return c, nil
}

// kill makes all connections so far swallow what is written to them and say nothing more.
func (m *memory) kill() (connections int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.dials {
		c.dead.Store(true)
	}
	return len(m.dials)
}

type deadly struct {
	net.Conn
	dead atomic.Bool
}

func (c *deadly) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if err != nil || !c.dead.Load() {
			return n, err
		}
	}
}

func (c *deadly) Write(p []byte) (int, error) {
	if c.dead.Load() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// overMemory serves successes over TLS in memory, and returns the transport to it.
func overMemory(t *testing.T, http2 bool, handler http.HandlerFunc) (*memory, *http.Transport) {
	t.Helper()
	m := newMemory()
	server := httptest.NewUnstartedServer(handler)
	if err := server.Listener.Close(); err != nil {
		t.Fatal(err)
	}
	server.Listener, server.EnableHTTP2 = m, http2
	server.StartTLS()
	t.Cleanup(server.Close)
	transport := NewTransport()
	transport.DialContext = m.dial
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	transport.TLSClientConfig = &tls.Config{RootCAs: roots, ServerName: "example.com"}
	transport.ForceAttemptHTTP2 = http2
	if !http2 {
		transport.Protocols = new(http.Protocols)
		transport.Protocols.SetHTTP1(true)
	}
	t.Cleanup(transport.CloseIdleConnections)
	return m, transport
}

func succeed(w http.ResponseWriter, _ *http.Request) {
	if _, err := io.WriteString(w, `{"Response":{"RequestId":"r"}}`); err != nil {
		panic(err)
	}
}

// An HTTP/2 connection that went dead costs one attempt, not all of them: the pings tell before the attempt is over.
func TestDeadHTTP2Connection(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m, transport := overMemory(t, true, func(w http.ResponseWriter, r *http.Request) {
			if r.ProtoMajor != 2 {
				t.Errorf("the protocol is %s", r.Proto)
			}
			succeed(w, r)
		})
		c, _ := newTestClient(t, func(cfg *Config) { cfg.Transport = transport })
		if err := create(t.Context(), c, "s"); err != nil {
			t.Fatal(err)
		}
		if n := m.kill(); n != 1 {
			t.Fatalf("%d connections", n)
		}
		var err error
		got := took(func() { _, _, err = c.CancelMixStream(t.Context(), "another", LastApply{}) })
		if want := pingAfter + pingTimeout; err != nil || got < want || got > want+backoffBase {
			t.Errorf("error %v after %s, want %s", err, got, want)
		}
		if n := m.kill(); n != 2 {
			t.Errorf("%d connections, want 2", n)
		}
	})
}

// A reply that does not come on a connection that lives is waited for on another one the next time.
func TestSilentHTTP2Stream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int32
		m, transport := overMemory(t, true, func(w http.ResponseWriter, r *http.Request) {
			if calls.Add(1) == 1 {
				<-r.Context().Done()
				return
			}
			succeed(w, r)
		})
		c, _ := newTestClient(t, func(cfg *Config) { cfg.Transport = transport })
		if err := create(t.Context(), c, "s"); err != nil {
			t.Fatal(err)
		}
		if n := m.kill(); n != 2 {
			t.Errorf("%d connections, want 2", n)
		}
	})
}

// Idle connections that all went dead cost one attempt, not one each.
func TestDeadIdleConnections(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const parallel = 8
		var together sync.WaitGroup
		together.Add(parallel)
		m, transport := overMemory(t, false, func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-TC-Action") == actionCreate {
				together.Done()
				together.Wait()
			}
			succeed(w, r)
		})
		c, _ := newTestClient(t, func(cfg *Config) { cfg.Transport = transport; cfg.MaxRetries = 1 })
		var wg sync.WaitGroup
		for n := range parallel {
			wg.Go(func() {
				if err := create(t.Context(), c, strconv.Itoa(n)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := m.kill(); n != parallel {
			t.Fatalf("%d connections, want %d", n, parallel)
		}
		got := took(func() {
			if _, _, err := c.CancelMixStream(t.Context(), "another", LastApply{}); err != nil {
				t.Error(err)
			}
		})
		if got < attemptTimeout || got > attemptTimeout+backoffBase {
			t.Errorf("took %s, want one attempt", got)
		}
	})
}

// What keeps a call from being sent will do so again: it is tried once, and has certainly changed nothing.
func TestPermanentFailures(t *testing.T) {
	t.Parallel()
	endpoint := func(s *httptest.Server, scheme string) func(*Config) {
		return func(cfg *Config) { cfg.Endpoint = &url.URL{Scheme: scheme, Host: s.Listener.Addr().String()} }
	}
	for name, tt := range map[string]struct {
		tls    bool
		change func(*httptest.Server, *Config)
		code   string
		status int
		text   string
	}{
		"untrusted certificate": {tls: true, code: CodeCertificate, text: "certificate signed by unknown authority", change: func(s *httptest.Server, cfg *Config) {
			endpoint(s, "https")(cfg)
		}},
		"certificate of another host": {tls: true, code: CodeCertificate, text: "valid for", change: func(s *httptest.Server, cfg *Config) {
			endpoint(s, "https")(cfg)
			transport := NewTransport()
			transport.TLSClientConfig = s.Client().Transport.(*http.Transport).TLSClientConfig.Clone()
			transport.TLSClientConfig.ServerName = "another.example.org"
			cfg.Transport = transport
		}},
		"no TLS where it should be": {code: CodeScheme, text: "HTTP response to HTTPS client", change: func(s *httptest.Server, cfg *Config) {
			endpoint(s, "https")(cfg)
		}},
		"line break in the token": {code: CodeRequest, text: "the header X-Tc-Token holds a line break", change: func(s *httptest.Server, cfg *Config) {
			endpoint(s, "http")(cfg)
			cfg.Credentials.Static.Token = testToken + "\n"
		}},
		"line break in the secret ID": {code: CodeRequest, text: "the header Authorization holds a line break", change: func(s *httptest.Server, cfg *Config) {
			endpoint(s, "http")(cfg)
			cfg.Credentials.Static.SecretID = "AKID\r\nX-Injected: 1"
		}},
		"metadata service by another scheme": {code: CodeRequest, text: `the scheme "ftp"`, change: func(s *httptest.Server, cfg *Config) {
			cfg.Credentials = Credentials{Metadata: &Metadata{Role: "mixer"}}
			cfg.MetadataEndpoint = &url.URL{Scheme: "ftp", Host: s.Listener.Addr().String()}
		}},
		"host that is none": {code: CodeRequest, text: "invalid", change: func(_ *httptest.Server, cfg *Config) {
			cfg.Endpoint = &url.URL{Scheme: "https", Host: "live.example.com\x7f"}
		}},
		"proxy that wants a password": {code: CodeProxy, status: http.StatusProxyAuthRequired, text: "the proxy refuses to connect: HTTP status 407 (Proxy Authentication Required)", change: func(s *httptest.Server, cfg *Config) {
			transport := NewTransport()
			transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: s.Listener.Addr().String(), User: url.UserPassword("me", testKey)})
			cfg.Transport = transport
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var calls atomic.Int32
			handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodConnect {
					w.WriteHeader(http.StatusProxyAuthRequired)
					return
				}
				calls.Add(1)
				succeed(w, r)
			})
			server := httptest.NewUnstartedServer(handler)
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			if tt.tls {
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			c, _ := newTestClient(t, func(cfg *Config) { cfg.Transport = nil; tt.change(server, cfg) })
			e := asError(t, create(t.Context(), c, "s"))
			if e.Kind != KindPermanent || e.Code != tt.code || e.Status != tt.status || e.Uncertain || e.Attempts > 1 || calls.Load() != 0 || !strings.Contains(e.Message, tt.text) {
				t.Errorf("got %+v after %d calls, want %s with %q", *e, calls.Load(), tt.code, tt.text)
			}
			checkShown(t, e, false)
		})
	}
}

// Replies over a real connection: those that the fake cannot show.
func TestForeignAnswersOverHTTP(t *testing.T) {
	t.Parallel()
	var elsewhere atomic.Int32
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { elsewhere.Add(1); succeed(w, r) }))
	defer other.Close()
	var bomb bytes.Buffer
	z := gzip.NewWriter(&bomb)
	if _, err := io.Copy(z, io.LimitReader(zeros{}, 16<<20)); err != nil || z.Close() != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		handle http.HandlerFunc
		kind   Kind
		text   string
	}{
		"redirect that keeps the method": {kind: KindForeign, text: "HTTP status 307", handle: func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
		}},
		"gzip bomb": {kind: KindTransient, text: "more than 1 MiB", handle: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			_, err := w.Write(bomb.Bytes())
			_ = err // The client hangs up, which is what is tested.
		}},
		"gzip that is none": {kind: KindTransient, text: "cannot be read", handle: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			succeed(w, r)
		}},
		"cut body": {kind: KindTransient, text: "cut off", handle: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000")
			succeed(w, r)
		}},
		"TLS where none was asked for": {kind: KindForeign, text: "HTTP status 400", handle: func(w http.ResponseWriter, _ *http.Request) {
			http.Error(w, "Client sent an HTTP request to an HTTPS server.", http.StatusBadRequest)
		}},
		"protocol switched": {kind: KindForeign, text: "HTTP status 101", handle: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "Upgrade")
			w.Header().Set("Upgrade", "h2c")
			w.WriteHeader(http.StatusSwitchingProtocols)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { calls.Add(1); tt.handle(w, r) }))
			defer server.Close()
			u, err := url.Parse(server.URL)
			if err != nil {
				t.Fatal(err)
			}
			c, _ := newTestClient(t, func(cfg *Config) { cfg.Transport, cfg.Endpoint, cfg.MaxRetries = nil, u, 1 })
			e := asError(t, create(t.Context(), c, "s"))
			want := int32(1)
			if tt.kind == KindTransient {
				want = 2
			}
			if e.Kind != tt.kind || !e.Uncertain || calls.Load() != want || elsewhere.Load() != 0 || !strings.Contains(e.Message, tt.text) {
				t.Errorf("got %+v after %d calls, %d elsewhere", *e, calls.Load(), elsewhere.Load())
			}
			checkShown(t, e, false)
		})
	}
}
