// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"cmp"
	"fmt"
	"net"
	"net/http"
	"strings"
)

// apiDomain ends the host names of the API: live.tencentcloudapi.com, live.intl.tencentcloudapi.com,
// sts.ap-guangzhou.tencentcloudapi.com.
const apiDomain = ".tencentcloudapi.com"

// viaProxy reports whether the client uses the simulator as a proxy: only then does it send a whole URL.
func viaProxy(r *http.Request) bool { return strings.HasPrefix(r.RequestURI, "http://") }

// proxies reports whether the simulator answers for a host when it is used as an HTTP proxy. It forwards nothing.
func (s *Server) proxies(host string) bool {
	return s.serviceOf(host) != "" || host == metadataHost || isLoopback(host)
}

// serviceOf returns the service that a Tencent host name belongs to, or "" for any other host or service.
func (s *Server) serviceOf(host string) string {
	name, ok := strings.CutSuffix(host, apiDomain)
	if !ok {
		return ""
	}
	first, _, _ := strings.Cut(name, ".")
	for _, service := range s.services {
		if service.name == first {
			return first
		}
	}
	return ""
}

// serveConnect opens a tunnel for plain HTTP to a host that the simulator answers for.
func (s *Server) serveConnect(w http.ResponseWriter, r *http.Request) {
	host, port, err := net.SplitHostPort(r.Host)
	switch {
	case err != nil || port == "443":
		http.Error(w, "livesim is a proxy for plain HTTP only: set the protocol of the client to http", http.StatusMethodNotAllowed)
	case !s.proxies(host):
		refuseProxy(w, r)
	case s.tunnels == nil || !s.tunnels.open(w):
		http.Error(w, "this connection cannot become a tunnel", http.StatusNotImplemented)
	}
}

func refuseProxy(w http.ResponseWriter, r *http.Request) {
	http.Error(w, fmt.Sprintf("livesim answers for the Live API and STS, and forwards nothing to %q", cmp.Or(r.URL.Host, r.Host)), http.StatusBadGateway)
}
