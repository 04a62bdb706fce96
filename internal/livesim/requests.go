// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"maps"
	"strconv"
	"strings"
	"time"
)

// Request is one entry of the request log. It holds no keys, signatures or tokens.
type Request struct {
	// Time is when the request arrived, in simulated time; Duration is how long it took, in real time.
	Time     time.Time     `json:"time"`
	Duration time.Duration `json:"duration_ns"`
	// Done is false while the call is in flight.
	Done bool `json:"done"`

	Action     string `json:"action"` // ActionMetadata for the metadata service
	Version    string `json:"version"`
	Region     string `json:"region,omitempty"`
	Method     string `json:"method"`
	Path       string `json:"path,omitempty"`       // of a metadata request
	SessionID  string `json:"session_id,omitempty"` // MixStreamSessionId, if it was sent as a string
	SecretID   string `json:"secret_id,omitempty"`
	Client     string `json:"client,omitempty"` // X-TC-RequestClient
	UserAgent  string `json:"user_agent,omitempty"`
	Language   string `json:"language,omitempty"`
	TraceID    string `json:"trace_id,omitempty"` // X-TC-TraceId
	RemoteAddr string `json:"remote_addr,omitempty"`
	// Params are the parameters as sent; those that were not sent are absent. Numbers are json.Number. WebIdentityToken
	// and TokenCode are replaced by "(secret)". Nil if the body could not be read, and for metadata.
	Params map[string]any `json:"params"`

	// RequestID is the ID that the answer carried, or would have carried if a fault suppressed it. Metadata has none.
	RequestID string `json:"request_id"`
	// Status is the HTTP status of the answer, 0 if there was none (a hang, a cut connection, a client that left).
	Status int `json:"status"`
	// Code and Message are the API error answered; Code is "" on success and if the answer was not an API answer.
	Code    string `json:"code,omitempty"`
	Message string `json:"message,omitempty"`
	// InnerCode is the inner code of the rule that refused the call, even if Options.Errors hides it.
	InnerCode int `json:"inner_code,omitempty"`
	// Executed reports whether the call took effect, whatever was answered.
	Executed bool `json:"executed"`
	// Fault is the name of the injected fault, as in Server.Injected.
	Fault string `json:"fault,omitempty"`
}

// Param returns the parameter at a flattened path, such as "InputStreamList.0.LayoutParams.ImageLayer", and whether it
// was sent.
func (r Request) Param(path string) (any, bool) {
	var value any = r.Params
	for name := range strings.SplitSeq(path, ".") {
		switch v := value.(type) {
		case map[string]any:
			child, ok := v[name]
			if !ok {
				return nil, false
			}
			value = child
		case []any:
			i, err := strconv.Atoi(name)
			if err != nil || i < 0 || i >= len(v) {
				return nil, false
			}
			value = v[i]
		default:
			return nil, false
		}
	}
	return value, true
}

func (r Request) clone() Request {
	r.Params = copyParams(r.Params)
	return r
}

// Requests returns the log of all API and metadata requests in order of arrival, including those in flight.
func (s *Server) Requests() []Request { return s.requestsWhere(func(*Request) bool { return true }) }

// RequestsOf returns the requests of one action.
func (s *Server) RequestsOf(action string) []Request {
	return s.requestsWhere(func(r *Request) bool { return r.Action == action })
}

func (s *Server) requestsWhere(keep func(*Request) bool) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	log := []Request{}
	for _, r := range s.requests {
		if keep(r) {
			log = append(log, r.clone())
		}
	}
	return log
}

// ResetRequests empties the request log.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.requests = nil
}

// loggable returns params without the values of secret fields.
func loggable(params map[string]any, fields []field) map[string]any {
	shared := true
	for _, f := range fields {
		if _, sent := params[f.name]; !sent || !f.secret {
			continue
		}
		if shared {
			params, shared = maps.Clone(params), false
		}
		params[f.name] = secretParam
	}
	return params
}
