// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"time"
)

// adminPrefix is where the administration lives, next to the API.
const adminPrefix = "/_sim/"

// adminHandler serves the administration. It asks for no signature, so it answers loopback clients only.
//
//	GET    /_sim/sessions, ended, streams, violations, requests[?action=NAME], credentials (issued ones, without their
//	       secrets), faults (what was injected), clock
//	POST   /_sim/streams   {"publish":["a"], "unpublish":["b"], "forbid":["c"], "width":1280, "height":720,
//	                        "domain":"...", "app":"...", "audio_only":true, "long_since":true}
//	POST   /_sim/faults    {"action":"...", "times":1, "error":{"code":"...","message":"..."}, "status":502,
//	                        "delay":"2s", "hang":true, "silence":true, "cut":true, "truncate":true, "not_json":true,
//	                        "foreign":"null", "answer":{"status":302, "content_type":"text/html", "header":{"Location":"..."},
//	                        "body":"...", "size":1048577, "gzip":true, "cut":true, "echo":true, "mangled":true}, "after":true}
//	                       or {"seed":1, "random":[{..., "probability":0.1}]}
//	DELETE /_sim/faults
//	POST   /_sim/clock     {"advance":"15m"} and {"skew":"-6m"}
//	POST   /_sim/reset
func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	get := func(path string, value func(r *http.Request) any) {
		mux.HandleFunc("GET "+adminPrefix+path, func(w http.ResponseWriter, r *http.Request) { writeJSON(w, value(r)) })
	}
	get("sessions", func(*http.Request) any { return s.Sessions() })
	get("ended", func(*http.Request) any { return s.Ended() })
	get("streams", func(*http.Request) any { return s.Streams() })
	get("violations", func(*http.Request) any { return s.Violations() })
	get("credentials", func(*http.Request) any { return s.IssuedCredentials() })
	get("faults", func(*http.Request) any { return s.Injected() })
	get("clock", func(*http.Request) any { return map[string]time.Time{"now": s.Now()} })
	get("requests", func(r *http.Request) any {
		if action := r.URL.Query().Get("action"); action != "" {
			return s.RequestsOf(action)
		}
		return s.Requests()
	})
	post := func(path string, do func(body []byte) error) {
		mux.HandleFunc("POST "+adminPrefix+path, func(w http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
			if err == nil {
				err = do(body)
			}
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.WriteHeader(http.StatusNoContent)
		})
	}
	post("streams", s.adminStreams)
	post("faults", s.adminFaults)
	post("clock", s.adminClock)
	post("reset", func([]byte) error { s.Reset(); return nil })
	mux.HandleFunc("DELETE "+adminPrefix+"faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		w.WriteHeader(http.StatusNoContent)
	})
	return loopbackOnly("the administration", mux)
}

func loopbackOnly(what string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		host, _, err := net.SplitHostPort(r.RemoteAddr)
		if ip := net.ParseIP(host); err == nil && ip != nil && !ip.IsLoopback() {
			http.Error(w, what+" answers loopback clients only", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func writeJSON(w http.ResponseWriter, value any) {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(append(body, '\n')) // It fails only if the client has gone.
}
