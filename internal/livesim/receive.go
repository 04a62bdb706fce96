// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"net/url"
	"strings"
)

// receive reads the request and finds its action.
func (s *Server) receive(c *call) *refusal {
	body, err := io.ReadAll(io.LimitReader(c.http.Body, maxBody+1))
	if err != nil {
		return refuse(codeInvalidRequest, "the body cannot be read")
	}
	c.body = body
	if len(body) > maxBody || c.http.Method == http.MethodGet && len(c.http.URL.RawQuery) > maxQuery {
		// Draining the body lets a client that is still sending get to the answer. Its error changes nothing.
		_, _ = io.Copy(io.Discard, io.LimitReader(c.http.Body, maxBody))
		return refuse("RequestSizeLimitExceeded", "the request is larger than %d bytes (GET: %d)", maxBody, maxQuery)
	}
	if c.http.Method != http.MethodGet && c.http.Method != http.MethodPost {
		return refuse("UnsupportedProtocol", "only GET and POST are supported")
	}
	mediaType, _, _ := mime.ParseMediaType(c.http.Header.Get("Content-Type")) // An error leaves "", which fits nothing.
	var values url.Values
	if oldSignature(c.http, mediaType) {
		if values, c.malformed = c.readOld(); c.malformed != nil {
			return c.malformed
		}
	}
	refused := s.route(c)
	// The parameters of an unknown action are read as well, for the log.
	switch {
	case c.signed != nil:
		c.params, err = parseValues(values, c.action.fields)
	case c.http.Method == http.MethodPost && mediaType == jsonType:
		c.params, err = parseJSON(c.body)
	case c.http.Method == http.MethodGet && mediaType == formType:
		c.params, err = parseQuery(c.http.URL.RawQuery, c.action.fields)
	default:
		err = errors.New("Content-Type must be application/json for POST and application/x-www-form-urlencoded for GET")
	}
	if err != nil {
		c.malformed = refuse(codeInvalidRequest, "%s", err)
	}
	c.request.Params = loggable(c.params, c.action.fields)
	c.request.SessionID, _ = c.params["MixStreamSessionId"].(string)
	return refused
}

// readOld reads the parameters of a request with the older signature. It returns those of the action.
func (c *call) readOld() (url.Values, *refusal) {
	raw := c.http.URL.RawQuery
	if c.http.Method == http.MethodPost {
		if raw = string(c.body); len(raw) > maxFormBody {
			return nil, refuse("RequestSizeLimitExceeded", "the form is larger than %d bytes", maxFormBody)
		}
	}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, refuse(codeInvalidRequest, "the parameters are not well formed")
	}
	c.signed = maps.Clone(values)
	common := takeCommon(values)
	c.timestamp, c.token = common.Get(paramTimestamp), common.Get(paramToken)
	r := c.request
	r.Action, r.Version, r.Region = common.Get(paramAction), common.Get(paramVersion), common.Get(paramRegion)
	r.Language, r.Client = common.Get(paramLanguage), common.Get(paramClient)
	return values, nil
}

// route finds the action.
func (s *Server) route(c *call) *refusal {
	for _, common := range []struct{ name, value string }{
		{paramAction, c.request.Action}, {paramVersion, c.request.Version}, {paramTimestamp, c.timestamp},
	} {
		if common.value == "" {
			return refuse(codeMissing, "the common parameter `%s` is missing", common.name)
		}
	}
	// Other host names and addresses serve all services, a Tencent host name only its own.
	host := s.serviceOf(hostname(c.http.Host))
	found := false
	for _, service := range s.services {
		if action, ok := service.actions[c.request.Action]; ok && (host == "" || host == service.name) {
			c.service, c.action, found = service, action, true
		}
	}
	switch {
	case !found && host != "":
		return refuse("InvalidAction", "the action `%s` does not exist in the service `%s`", c.request.Action, host)
	case !found:
		return refuse("InvalidAction", "the action `%s` does not exist", c.request.Action)
	case c.request.Version != c.service.version:
		return refuse("NoSuchVersion", "the version `%s` does not exist", c.request.Version)
	case c.service.regional && c.request.Region == "":
		return refuse(codeMissing, "the common parameter `Region` is missing")
	}
	return nil
}

// maxTraceID is the length to which X-TC-TraceId is cut.
const maxTraceID = 128

// traceID returns the client's ID of its request, as far as it is plain text.
func traceID(r *http.Request) string {
	id := r.Header.Get("X-TC-TraceId")
	plain := func(c rune) bool { return c < ' ' || c > '~' }
	if len(id) > maxTraceID || strings.ContainsFunc(id, plain) {
		return ""
	}
	return id
}
