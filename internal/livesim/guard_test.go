// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestGuard checks who may use what asks for no signature.
func TestGuard(t *testing.T) {
	t.Parallel()
	local, _ := serve(t, withInstance)
	open, _ := serve(t, func(o *Options) { o.AllowRemote = true })
	for name, tc := range map[string]struct {
		method, host, remote string
		header               map[string]string
		local, open          int
	}{
		"this machine":           {host: "127.0.0.1:8080", local: 200, open: 200},
		"by name":                {host: "localhost:8080", local: 200, open: 200},
		"by IPv6":                {host: "[::1]:8080", local: 200, open: 200},
		"from outside":           {host: "127.0.0.1:8080", remote: "192.0.2.1:4711", local: 403, open: 200},
		"rebound name":           {host: "evil.example:8080", local: 403, open: 200},
		"address of the network": {host: "192.0.2.2:8080", local: 403, open: 200},
		"own page":               {host: "127.0.0.1:8080", header: map[string]string{"Origin": "http://127.0.0.1:8080", "Sec-Fetch-Site": "same-origin"}, local: 200, open: 200},
		"other site":             {host: "127.0.0.1:8080", header: map[string]string{"Origin": "https://evil.example"}, local: 403, open: 403},
		"other port":             {host: "127.0.0.1:8080", header: map[string]string{"Origin": "http://127.0.0.1:3000"}, local: 403, open: 403},
		"opaque origin":          {host: "127.0.0.1:8080", header: map[string]string{"Origin": "null"}, local: 403, open: 403},
		"picture of other site":  {host: "127.0.0.1:8080", header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, local: 403, open: 403},
		"link of other site":     {host: "127.0.0.1:8080", header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, local: 200, open: 200},
		"form of other site":     {method: "POST", host: "127.0.0.1:8080", header: map[string]string{"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}, local: 403, open: 403},
	} {
		for server, want := range map[*Server]int{local: tc.local, open: tc.open} {
			for _, path := range []string{"/_sim/sessions", "/_sim/reset", "/"} {
				method := tc.method
				if method == "" {
					method = http.MethodGet
				}
				if (path == "/_sim/reset") != (method == http.MethodPost) {
					continue
				}
				r := httptest.NewRequest(method, "http://"+tc.host+path, http.NoBody)
				r.URL.Host, r.URL.Scheme, r.RequestURI = "", "", path // As a server gets it.
				r.RemoteAddr = "127.0.0.1:4711"
				if tc.remote != "" {
					r.RemoteAddr = tc.remote
				}
				r.Header.Set("Accept", "text/html")
				for name, value := range tc.header {
					r.Header.Set(name, value)
				}
				w := httptest.NewRecorder()
				server.ServeHTTP(w, r)
				if w.Code != want {
					t.Errorf("%s, %s, remote allowed %t: status %d, want %d", name, path, server == open, w.Code, want)
				}
			}
		}
	}
}
