// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// client signs calls by the published recipe and hands them to a simulator, in memory or over a socket.
type client struct {
	t       *testing.T
	server  *Server
	id, key string
	token   string // Of a temporary credential.
	get     bool   // Send GET instead of POST.
}

func newClient(t *testing.T, s *Server) *client {
	t.Helper()
	return &client{t: t, server: s, id: "AKIDsimulator", key: "simulator-secret-key"}
}

// serve returns a simulator for in-memory use with the streams a and b pushing since long, and a client for it.
func serve(t *testing.T, change func(o *Options)) (*Server, *client) {
	t.Helper()
	o := DefaultOptions()
	if change != nil {
		change(&o)
	}
	s := New(o)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"a", "b"} {
		s.Publish(name, LongSince())
	}
	return s, newClient(t, s)
}

// answer is what came back. code is "" on success.
type answer struct {
	status        int
	code, message string
	requestID     string
	response      map[string]any
	body          string
}

// request builds a signed request; edit changes it before it is signed.
func (c *client) request(base, action string, params any, edit func(r *http.Request)) *http.Request {
	c.t.Helper()
	var r *http.Request
	if c.get {
		query := url.Values{}
		flatten(query, "", params)
		r = httptest.NewRequest(http.MethodGet, base+"/?"+query.Encode(), http.NoBody)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	} else {
		body, ok := params.(string)
		if !ok {
			b, err := json.Marshal(params)
			if err != nil {
				c.t.Fatal(err)
			}
			body = string(b)
		}
		r = httptest.NewRequest(http.MethodPost, base+"/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
	}
	r.RequestURI = ""
	r.Header.Set("X-TC-Action", action)
	service, version := "live", "2018-08-01"
	switch action {
	case ActionAssumeRole, ActionAssumeRoleWithWebIdentity, ActionCallerIdentity:
		service, version = "sts", "2018-08-13"
		r.Header.Set("X-TC-Region", "ap-guangzhou")
	}
	r.Header.Set("X-TC-Version", version)
	if c.token != "" {
		r.Header.Set("X-TC-Token", c.token)
	}
	if action == ActionAssumeRoleWithWebIdentity {
		r.Header.Set("Authorization", "SKIP")
	}
	r.Header.Set("X-TC-Timestamp", strconv.FormatInt(time.Now().Unix(), 10))
	if edit != nil {
		edit(r)
	}
	if r.Header.Get("Authorization") == "" {
		c.sign(r, service, "content-type;host")
	}
	return r
}

// sign sets the Authorization header of r.
func (c *client) sign(r *http.Request, service, signed string) {
	c.t.Helper()
	seconds, err := strconv.ParseInt(r.Header.Get("X-TC-Timestamp"), 10, 64)
	if err != nil {
		seconds = 0 // The header is left out on purpose.
	}
	date := time.Unix(seconds, 0).UTC().Format("2006-01-02")
	var body []byte
	if r.GetBody == nil && r.Body != nil {
		var b bytes.Buffer
		if _, err := b.ReadFrom(r.Body); err != nil {
			c.t.Fatal(err)
		}
		body = b.Bytes()
		r.Body = http.NoBody
		if len(body) > 0 {
			r.Body = readCloser{bytes.NewReader(body)}
		}
	}
	a := authorization{date: date, service: service, signedHeaders: strings.Split(signed, ";")}
	r.Header.Set("Authorization", fmt.Sprintf("TC3-HMAC-SHA256 Credential=%s/%s/%s/tc3_request, SignedHeaders=%s, Signature=%s",
		c.id, date, service, signed, signCall(r, r.Host, body, a, c.key)))
}

type readCloser struct{ *bytes.Reader }

func (readCloser) Close() error { return nil }

// do sends a call in memory.
func (c *client) do(action string, params any) answer { return c.doEdited(action, params, nil) }

func (c *client) doEdited(action string, params any, edit func(r *http.Request)) answer {
	c.t.Helper()
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, c.request("http://127.0.0.1:8080", action, params, edit))
	return c.read(w.Code, w.Body.Bytes())
}

func (c *client) read(status int, body []byte) answer {
	c.t.Helper()
	a := answer{status: status, body: string(body)}
	var envelope struct{ Response map[string]any }
	if err := json.Unmarshal(body, &envelope); err != nil {
		return a
	}
	a.response = envelope.Response
	a.requestID, _ = a.response["RequestId"].(string)
	if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(a.requestID) {
		c.t.Errorf("RequestId %q is not a UUID", a.requestID)
	}
	if e, ok := a.response["Error"].(map[string]any); ok {
		a.code, _ = e["Code"].(string)
		a.message, _ = e["Message"].(string)
	}
	return a
}

// want does a call and checks its code.
func (c *client) want(code, action string, params any) answer {
	c.t.Helper()
	a := c.do(action, params)
	if a.status != http.StatusOK || a.code != code {
		c.t.Fatalf("%s: status %d, code %q (%s), want code %q", action, a.status, a.code, a.message, code)
	}
	return a
}

func (c *client) create(code, id string, edits ...edit) {
	c.t.Helper()
	c.want(code, ActionCreate, mix(id, edits...))
}

func (c *client) cancel(code, id string) {
	c.t.Helper()
	c.want(code, ActionCancel, map[string]any{"MixStreamSessionId": id})
}

func (c *client) state(name string) string {
	c.t.Helper()
	a := c.want("", ActionState, map[string]any{"AppName": "live", "DomainName": "push.example.com", "StreamName": name})
	state, _ := a.response["StreamState"].(string)
	return state
}

// online returns the names that DescribeLiveStreamOnlineList gives.
func (c *client) online(params map[string]any) []string {
	c.t.Helper()
	names := []string{}
	for _, e := range c.want("", ActionOnlineList, params).response["OnlineInfo"].([]any) {
		names = append(names, e.(map[string]any)["StreamName"].(string))
	}
	return names
}

// edit changes the parameters of a call.
type edit func(params map[string]any)

// set puts a value at a flattened path.
func set(path string, value any) edit {
	return func(params map[string]any) {
		maps.Copy(params, setPath(params, strings.Split(path, "."), value).(map[string]any))
	}
}

// setPath copies what it changes: tests share inputs.

func setPath(node any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	switch n := node.(type) {
	case []any:
		i, err := strconv.Atoi(path[0])
		if err != nil {
			panic(err)
		}
		n = slices.Clone(n)
		n[i] = setPath(n[i], path[1:], value)
		return n
	case map[string]any:
		n = maps.Clone(n)
		child := n[path[0]]
		if child == nil {
			child = map[string]any{}
		}
		n[path[0]] = setPath(child, path[1:], value)
		return n
	default:
		panic(fmt.Sprintf("no object at %v", path))
	}
}

// unset removes what set can put.
func unset(path string) edit {
	return func(params map[string]any) {
		names := strings.Split(path, ".")
		var node any = params
		for _, name := range names[:len(names)-1] {
			switch n := node.(type) {
			case []any:
				i, err := strconv.Atoi(name)
				if err != nil {
					panic(err)
				}
				node = n[i]
			case map[string]any:
				node = n[name]
			}
		}
		delete(node.(map[string]any), names[len(names)-1])
	}
}

// input is one element of InputStreamList; further pairs of name and value go into LayoutParams.
func input(name string, layer int, layout ...any) map[string]any {
	l := map[string]any{"ImageLayer": layer}
	for i := 0; i < len(layout); i += 2 {
		l[layout[i].(string)] = layout[i+1]
	}
	return map[string]any{"InputStreamName": name, "LayoutParams": l}
}

func inputs(list ...any) edit { return set("InputStreamList", list) }

func output(name string, kind int) edit {
	return func(params map[string]any) {
		set("OutputParams.OutputStreamName", name)(params)
		set("OutputParams.OutputStreamType", kind)(params)
	}
}

// mix is a valid CreateCommonMixStream of the streams a and b into the new stream <id>_out.
func mix(id string, edits ...edit) map[string]any {
	params := map[string]any{
		"MixStreamSessionId": id,
		"InputStreamList":    []any{input("a", 1), input("b", 2)},
		"OutputParams":       map[string]any{"OutputStreamName": id + "_out", "OutputStreamType": 1},
	}
	for _, e := range edits {
		e(params)
	}
	return params
}

// flatten writes params the way GET carries them.
func flatten(query url.Values, path string, value any) {
	switch v := value.(type) {
	case map[string]any:
		for name, e := range v {
			flatten(query, strings.TrimPrefix(path+"."+name, "."), e)
		}
	case []any:
		for i, e := range v {
			flatten(query, path+"."+strconv.Itoa(i), e)
		}
	default:
		query.Set(path, fmt.Sprint(v))
	}
}

// readAny reads an answer that need not be one of the API.
func (c *client) readAny(body []byte) answer {
	c.t.Helper()
	if !json.Valid(body) {
		return answer{body: string(body)}
	}
	return c.read(http.StatusOK, body)
}

func mustMarshal(value any) []byte {
	b, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return b
}
