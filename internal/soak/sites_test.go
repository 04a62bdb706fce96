// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The domains of the two sites of Tencent Cloud. Sessions of one do not exist at the other.
const (
	siteMainland      = "tencentcloudapi.com"
	siteInternational = "intl.tencentcloudapi.com"
)

// The titles of errors that need a reason.
const (
	wrongSite     = "Mix stream not found at this site" // It was applied at the other site.
	refreshNeeded = "Refresh needed"                    // Another object has the same session.
)

func otherSite(site string) string {
	if site == siteMainland {
		return siteInternational
	}
	return siteMainland
}

// sites lead the host names of Tencent Cloud to the processes of the soak. The provider finds them as behind any corporate
// proxy: by HTTPS_PROXY, with a certificate authority in SSL_CERT_FILE.
type sites struct {
	proxy *http.Server
	dir   string
	ca    *x509.Certificate
	key   *ecdsa.PrivateKey

	mu    sync.Mutex
	last  int
	hosts map[string]string // The address of each host.
}

// tencent is set up by TestMain: Go reads both variables once in the life of a process.
var tencent = &sites{hosts: map[string]string{}}

// start starts the proxy and returns the variables that lead to it.
func (s *sites) start() ([]string, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	s.key = key
	s.ca = &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "soak"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(48 * time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, s.ca, s.ca, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	if s.dir, err = os.MkdirTemp("", "tencentcss-soak-"); err != nil {
		return nil, err
	}
	file := filepath.Join(s.dir, "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		return nil, err
	}
	listener, err := new(net.ListenConfig).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.proxy = &http.Server{Handler: http.HandlerFunc(s.connect), ReadHeaderTimeout: time.Minute}
	go func() { _ = s.proxy.Serve(listener) }() // It always ends with an error, that of being closed.
	return []string{"HTTPS_PROXY=http://" + listener.Addr().String(), "SSL_CERT_FILE=" + file}, nil
}

func (s *sites) close() error { return errors.Join(s.proxy.Close(), os.RemoveAll(s.dir)) }

// lead gives a process a domain of its own at a site and returns it.
func (s *sites) lead(p *soakProcess, site, address string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last++
	domain := fmt.Sprintf("soak-%d.%s", s.last, site)
	p.host = "live." + domain
	s.hosts[p.host] = address
	// The faults of the simulator that cut a connection are those of HTTP/1.1.
	p.front.TLSConfig = &tls.Config{GetCertificate: s.certificate, NextProtos: []string{"http/1.1"}, MinVersion: tls.VersionTLS12}
	return domain
}

func (s *sites) forget(host string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.hosts, host)
}

func (s *sites) certificate(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
	leaf := &x509.Certificate{
		SerialNumber: big.NewInt(2), DNSNames: []string{hello.ServerName}, NotBefore: s.ca.NotBefore, NotAfter: s.ca.NotAfter,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, leaf, s.ca, &s.key.PublicKey, s.key)
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: s.key}, err
}

// connect carries a connection to the process that has the host.
func (s *sites) connect(rw http.ResponseWriter, r *http.Request) {
	host, _, _ := net.SplitHostPort(r.Host)
	s.mu.Lock()
	address, ok := s.hosts[host]
	s.mu.Unlock()
	if r.Method != http.MethodConnect || !ok {
		http.Error(rw, "there is no such host", http.StatusBadGateway)
		return
	}
	server, err := new(net.Dialer).DialContext(r.Context(), "tcp", address)
	if err != nil {
		http.Error(rw, err.Error(), http.StatusBadGateway)
		return
	}
	client, buffered, err := http.NewResponseController(rw).Hijack()
	if err != nil {
		_ = server.Close() // The connection is of no use.
		return
	}
	end := sync.OnceFunc(func() {
		// Whoever is cut off sees it.
		_, _ = client.Close(), server.Close()
	})
	if _, err := io.WriteString(client, "HTTP/1.1 200 Connection established\r\n\r\n"); err != nil {
		end()
		return
	}
	go func() { defer end(); _, _ = io.Copy(server, buffered) }()
	go func() { defer end(); _, _ = io.Copy(client, server) }()
}

// destroyElsewhere is a destroy with the provider block of the other site, where none of the sessions exists. Each of them
// stays in the state, if that says where it was applied.
func (w *soakWorkspace) destroyElsewhere() {
	if w.site == "" {
		return
	}
	w.stopping.Store(false)
	w.elsewhere = true
	defer func() { w.elsewhere = false }()
	// As in all runs, one process plans and another one applies.
	var mu sync.Mutex
	plans := map[*soakRoom]*soakPlan{}
	w.walk(soakDisruption{}, func(p *soakProcess, r *soakRoom) {
		if r.current == nil || len(r.objects()) > 1 || applyIn(r.current.private).site == "" {
			return
		}
		if object, ok := p.upgrade(r, r.current); ok {
			if plan, ok := r.planDestroy(p, object); ok {
				mu.Lock()
				defer mu.Unlock()
				plans[r] = plan
			}
		}
	})
	null := tftypes.NewValue(w.schemas.mix, nil)
	w.walk(soakDisruption{}, func(p *soakProcess, r *soakRoom) {
		plan := plans[r]
		if plan == nil {
			return
		}
		kept, failed, ok := p.apply(r, actionDelete, null, r.current, &soakPlan{value: null, private: plan.private, identity: r.current.identity})
		switch {
		case !ok:
		case !failed || kept == nil:
			w.violated(r, "a destroy at the other site succeeded")
		default:
			w.soak.count("operations", "destroy at the other site")
			kept.tainted = r.current.tainted
			r.replaceObject(p, r.current, kept)
		}
	})
	for _, r := range w.rooms {
		r.checkSessions()
	}
}

// soakApply is what private state remembers of the last apply of its object.
type soakApply struct {
	site string // Its letter.
	at   int64  // Unix time in milliseconds.
}

// applyIn reads private state. What that does not say is zero.
func applyIn(private []byte) (a soakApply) {
	var keys map[string][]byte
	var last string
	if json.Unmarshal(private, &keys) != nil || json.Unmarshal(keys["a"], &last) != nil {
		return a
	}
	fields := strings.Split(last, ".")
	a.site = strings.TrimSuffix(fields[1], "?")
	if fields[2] != "" {
		var err error
		if a.at, err = strconv.ParseInt(fields[2], 36, 64); err != nil {
			panic(err)
		}
	}
	return a
}
