// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
)

// adminPrefix is the path of the admin API, which is served next to the Live API. openapi.yaml describes it.
const adminPrefix = "/_sim/"

// maxAdminBody is the largest body of a request to the admin API.
const maxAdminBody = 1 << 20

// route is one operation of the admin API.
type route struct {
	method, path string // below adminPrefix, as http.ServeMux writes it
	handler      http.HandlerFunc
}

// adminRoutes lists the operations. They require no signature; see guard.
func (s *Server) adminRoutes() []route {
	return []route{
		{"GET", "sessions", get(s.sessionViews)},
		{"GET", "sessions/{id}/layout.svg", s.serveLayout},
		{"GET", "ended", get(func(*http.Request) (any, error) { return s.Ended(), nil })},
		{"GET", "streams", get(func(*http.Request) (any, error) { return s.Streams(), nil })},
		{"POST", "streams", post(s.adminStreams)},
		{"GET", "violations", get(func(*http.Request) (any, error) { return s.Violations(), nil })},
		{"GET", "credentials", get(func(*http.Request) (any, error) { return s.IssuedCredentials(), nil })},
		{"GET", "requests", get(s.adminRequests)},
		{"GET", "faults", get(func(*http.Request) (any, error) { return s.faultsShown(), nil })},
		{"POST", "faults", post(s.adminFaults)},
		{"DELETE", "faults", post(func([]byte) error { s.ClearFaults(); return nil })},
		{"GET", "foreign", get(func(*http.Request) (any, error) { return foreignNames(), nil })},
		{"GET", "clock", get(func(*http.Request) (any, error) { return s.clockShown(), nil })},
		{"POST", "clock", post(s.adminClock)},
		{"POST", "reset", post(func([]byte) error { s.Reset(); return nil })},
		{"GET", "events", s.serveEvents},
		{"GET", "openapi.yaml", serveOpenAPI},
	}
}

func (s *Server) adminHandler() http.Handler {
	mux := http.NewServeMux()
	for _, r := range s.adminRoutes() {
		mux.HandleFunc(r.method+" "+adminPrefix+r.path, r.handler)
	}
	return s.guard("the administration", mux)
}

// get answers with a value as JSON. An error is a mistake in the query.
func get(value func(r *http.Request) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := value(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		writeJSON(w, v)
	}
}

// post applies a body. An error is a mistake in the body.
func post(do func(body []byte) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxAdminBody))
		if err == nil {
			err = do(body)
		}
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// adminRequests returns the request log: ?action=NAME selects one action, ?limit=N the newest entries.
func (s *Server) adminRequests(r *http.Request) (any, error) {
	query := r.URL.Query()
	log := s.requestsWhere(func(r *Request) bool { return query.Get("action") == "" || query.Get("action") == r.Action })
	if text := query.Get("limit"); text != "" {
		limit, err := strconv.Atoi(text)
		if err != nil || limit < 0 {
			return nil, errors.New("limit is not a number from 0")
		}
		log = last(log, limit)
	}
	return log, nil
}

// sessionViews returns the live sessions; ?params=false omits the parameters as sent.
func (s *Server) sessionViews(r *http.Request) (any, error) {
	params := r.URL.Query().Get("params")
	if params != "" && params != "true" && params != "false" {
		return nil, errors.New("params is true or false")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.clock.now())
	views := make([]sessionView, 0, len(s.mix.sessions))
	for _, id := range slices.Sorted(maps.Keys(s.mix.sessions)) {
		views = append(views, s.view(s.mix.sessions[id], params != "false"))
	}
	return views, nil
}

func (s *Server) clockShown() clockView {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clockView()
}

func foreignNames() []string {
	names := []string{}
	for _, f := range foreignAnswers() {
		names = append(names, f.name)
	}
	return names
}

func writeJSON(w http.ResponseWriter, value any) {
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(append(body, '\n')) // It fails only if the client has gone.
}
