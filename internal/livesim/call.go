// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Limits of a request (Tencent's page "Request Structure"): a query of up to 32 KB, a TC3-signed body of up to 10 MB.
const (
	maxQuery = 32 << 10
	maxBody  = 10 << 20

	formType = "application/x-www-form-urlencoded"
)

// service is one product of Tencent Cloud: the name that is part of the signature, the API version, and the actions.
type service struct {
	name, version string
	regional      bool // X-TC-Region is required
	actions       map[string]action
}

// action is one call of a service. run executes it with Server.mu held and sessions settled at now; it reads the
// parameters and the caller from the call.
type action struct {
	fields   []field
	unsigned bool // Called with "Authorization: SKIP".
	run      func(c *call, now time.Time) (result map[string]any, refused *refusal)
}

// newServices lists what the simulator serves. Action names must be unique across services, because they share one
// address.
func (s *Server) newServices() []service {
	return []service{s.liveService(), s.stsService()}
}

// call is one request on its way through the server.
type call struct {
	http    *http.Request
	body    []byte
	request *Request // the log entry; written under Server.mu
	service service
	action  action
	params  map[string]any // as sent; never changed, because the log and the session share it
	// timestamp and token are the common parameters as sent.
	timestamp, token string
	// signed holds all parameters of a request with the older signature, otherwise nil.
	signed url.Values
	caller Credential // the signer; zero for an unsigned call
	issued *issued    // the caller, if the simulator issued its credential
	// malformed is what is wrong with the body or the query. It is answered after the signature check.
	malformed *refusal
	// refuse formats a refusal as an answer.
	refuse func(*refusal) reply
}

// reply is an answer over HTTP.
type reply struct {
	status      int
	contentType string
	body        []byte
	refused     *refusal // what the log shows; nil on success and if the answer is not one of the API
}

// serveAPI processes a call: reading, latency, signature, fault before the effect, quota, parameters, effect, fault
// after the effect, answer.
func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	c := &call{http: r, request: &Request{
		Action: r.Header.Get("X-TC-Action"), Version: r.Header.Get("X-TC-Version"), Region: r.Header.Get("X-TC-Region"),
		Method: r.Method, Client: r.Header.Get("X-TC-RequestClient"), UserAgent: r.UserAgent(),
		Language: r.Header.Get("X-TC-Language"), TraceID: traceID(r), RemoteAddr: r.RemoteAddr, RequestID: newRequestID(),
	}, timestamp: r.Header.Get("X-TC-Timestamp"), token: r.Header.Get("X-TC-Token")}
	if c.request.TraceID != "" {
		w.Header().Set("X-TC-TraceId", c.request.TraceID) // As Tencent does, to match the two ends of a call.
	}
	c.refuse = func(r *refusal) reply { return apiReply(c, nil, r) }
	refused := s.receive(c)
	s.begin(c)
	defer s.finish(c, start) // Deferred, because a cut connection panics.

	if !s.sleep(r.Context().Done(), s.options.Latency) {
		panic(http.ErrAbortHandler)
	}
	if refused == nil {
		refused = s.authenticate(c)
	}
	if refused != nil {
		s.send(w, c, c.refuse(refused))
		return
	}
	s.perform(w, c, func() reply {
		result, refused := s.execute(c)
		return apiReply(c, result, refused)
	})
}

// perform processes an admitted call: the fault before its effect, the effect itself, the fault after it, and the answer.
func (s *Server) perform(w http.ResponseWriter, c *call, effect func() reply) {
	fault := s.takeFault(c)
	if fault != nil && !fault.late() && s.inject(w, c, fault, reply{}) {
		return
	}
	answer := effect()
	if fault != nil && fault.late() && s.inject(w, c, fault, answer) {
		return
	}
	s.send(w, c, answer)
}

// execute runs the action if quota and parameters allow it.
func (s *Server) execute(c *call) (map[string]any, *refusal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	s.settle(now)
	if r := s.admit(c.request.Action, now); r != nil {
		return nil, r
	}
	if c.malformed != nil {
		return nil, c.malformed
	}
	if r := s.checkParams(c.params, c.action.fields); r != nil {
		return nil, r
	}
	result, refused := c.action.run(c, now)
	c.request.Executed = refused == nil
	return result, refused
}

// admit counts a call against the quota of its action within any one second. A refused call does not count.
func (s *Server) admit(action string, now time.Time) *refusal {
	limit := s.options.Quota[action]
	if limit <= 0 {
		return nil
	}
	window := s.windows[action]
	for len(window) > 0 && now.Sub(window[0]) >= time.Second {
		window = window[1:]
	}
	refused := len(window) >= limit
	if !refused {
		window = append(window, now)
	}
	s.windows[action] = window
	if !refused {
		return nil
	}
	code := s.options.QuotaCode
	if code == "" {
		code = "RequestLimitExceeded"
	}
	return refuse(code, "%s is limited to %d calls per second", action, limit)
}

// begin adds c to the log.
func (s *Server) begin(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.request.Time = s.clock.now()
	s.requests = last(append(s.requests, c.request), s.options.History)
}

// finish completes the log entry of c.
func (s *Server) finish(c *call, start time.Time) {
	s.mu.Lock()
	c.request.Duration = time.Since(start)
	c.request.Done = true
	request := *c.request
	short := request
	short.Params = nil
	s.emit(s.clock.now(), EventRequest, short)
	s.mu.Unlock()
	if s.options.OnRequest != nil {
		s.options.OnRequest(request.clone())
	}
}

// send answers a call.
func (s *Server) send(w http.ResponseWriter, c *call, r reply) {
	s.note(c, r)
	writeHeader(w, r)
	_, _ = w.Write(r.body) // It fails only if the client has gone, and then nobody can be told.
}

func writeHeader(w http.ResponseWriter, r reply) {
	w.Header().Set("Content-Type", r.contentType)
	w.Header().Set("Content-Length", strconv.Itoa(len(r.body)))
	w.WriteHeader(r.status)
}

// note records the answer before it is sent, so that a client that has the answer finds it in the log.
func (s *Server) note(c *call, r reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c.request.Status = r.status
	if r.refused != nil {
		c.request.Code, c.request.Message, c.request.InnerCode = r.refused.code, r.refused.message, r.refused.inner
	}
}

// apiReply formats a result or a refusal as the API does: both come with HTTP status 200.
func apiReply(c *call, result map[string]any, refused *refusal) reply {
	response := map[string]any{"RequestId": c.request.RequestID}
	for name, value := range result {
		response[name] = value
	}
	if refused != nil {
		message := refused.message
		if c.request.Language == languageChinese {
			message = chinese(refused.code, message)
		}
		response["Error"] = map[string]string{"Code": refused.code, "Message": message}
	}
	return jsonReply(map[string]any{"Response": response}, refused)
}

func jsonReply(value any, refused *refusal) reply {
	body, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("livesim: an answer cannot be encoded: %v", err))
	}
	return reply{http.StatusOK, jsonType, body, refused}
}

// htmlReply returns what a gateway between client and API would answer.
func htmlReply(status int) reply {
	body := fmt.Sprintf("<html><head><title>%[1]d %[2]s</title></head><body><h1>%[2]s</h1></body></html>\n",
		status, http.StatusText(status))
	return reply{status: status, contentType: "text/html; charset=utf-8", body: []byte(body)}
}

// newRequestID returns a random UUID (version 4).
func newRequestID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // It never returns an error: it ends the program instead.
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}
