// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"net"
	"net/http"
	"net/url"
	"slices"
)

// guard protects what requires no signature. Unless Options.AllowRemote is set, the client and the host name that it
// uses must belong to this machine; otherwise a web page could reach the server through a name of its own that points
// here. hosts are other accepted names. A request that another site makes in a browser is always refused.
func (s *Server) guard(what string, next http.Handler, hosts ...string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		refuse := func(why string) { http.Error(w, what+" answers "+why, http.StatusForbidden) }
		switch {
		case !s.options.AllowRemote && !fromLoopback(r.RemoteAddr):
			refuse("loopback clients only")
		case !s.options.AllowRemote && !isLoopback(hostname(r.Host)) && !slices.Contains(hosts, hostname(r.Host)):
			refuse("under the names of this machine only: localhost, 127.0.0.1 and [::1]")
		case foreignSite(r):
			refuse("no other site")
		default:
			next.ServeHTTP(w, r)
		}
	})
}

// fromLoopback treats an unreadable address as that of a caller in this process.
func fromLoopback(addr string) bool {
	host, _, err := net.SplitHostPort(addr)
	return err != nil || net.ParseIP(host) == nil || isLoopback(host)
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// hostname returns a Host header without its port.
func hostname(host string) string { return (&url.URL{Host: host}).Hostname() }

// foreignSite reports whether a browser says that another site makes the request. A link to the page does not count.
func foreignSite(r *http.Request) bool {
	if origin := r.Header.Get("Origin"); origin != "" {
		u, err := url.Parse(origin)
		return err != nil || u.Host != r.Host
	}
	site, mode := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Sec-Fetch-Mode")
	return (site == "cross-site" || site == "same-site") && (mode != "navigate" || r.Method != http.MethodGet)
}
