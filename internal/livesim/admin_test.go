// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"
)

// adminRequest is one that a client on this machine makes.
func adminRequest(method, path, body string) *http.Request {
	r := httptest.NewRequest(method, "http://127.0.0.1:8080/_sim/"+path, strings.NewReader(body))
	r.RemoteAddr = "127.0.0.1:1"
	return r
}

// admin does a call of the administration and decodes its answer into v, if that is not nil.
func admin(t *testing.T, s *Server, method, path, body string, status int, v any) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, adminRequest(method, path, body))
	if w.Code != status {
		t.Fatalf("%s %s %s: status %d (%s), want %d", method, path, body, w.Code, w.Body, status)
	}
	if v != nil {
		if err := json.Unmarshal(w.Body.Bytes(), v); err != nil {
			t.Fatalf("%s: %v in %s", path, err, w.Body)
		}
	}
}

func TestAdministration(t *testing.T) {
	t.Parallel()
	s, c := serve(t, withRoles)
	get := func(path string, v any) { t.Helper(); admin(t, s, "GET", path, "", 200, v) }
	post := func(path, body string) { t.Helper(); admin(t, s, "POST", path, body, 204, nil) }

	var sessions []Session
	get("sessions", &sessions)
	if sessions == nil || len(sessions) != 0 {
		t.Errorf("no sessions must be an empty list, got %#v", sessions)
	}

	post("streams", `{"publish":["c","d"],"width":640,"height":480,"domain":"d.example.com","app":"show","long_since":true}`)
	post("streams", `{"publish":["radio"],"audio_only":true}`)
	post("streams", `{"unpublish":["c"],"forbid":["d"]}`)
	var streams []Stream
	get("streams", &streams)
	states := map[string]string{}
	for _, st := range streams {
		states[st.Name] = st.State
		if st.Name == "c" && (st.Width != 640 || st.Height != 480 || st.Domain != "d.example.com" || st.App != "show") {
			t.Errorf("stream %+v", st)
		}
		if st.Name == "radio" && (!st.AudioOnly || st.App != "live") {
			t.Errorf("stream %+v", st)
		}
	}
	if states["c"] != "inactive" || states["d"] != "forbid" || states["radio"] != "active" || states["a"] != "active" {
		t.Errorf("states %v", states)
	}

	c.create("", "room", set("OutputParams.OutputStreamBitRate", 1500))
	get("sessions", &sessions)
	if len(sessions) != 1 || sessions[0].ID != "room" || len(sessions[0].Inputs) != 2 || sessions[0].Output != "room_out" {
		t.Errorf("sessions %+v", sessions)
	}
	c.cancel("InvalidParameter.OtherError", "room")
	var violations []Violation
	get("violations", &violations)
	if len(violations) != 1 || violations[0].Rule != RuleCancelAfterCreate {
		t.Errorf("violations %+v", violations)
	}

	var before, after clockView
	get("clock", &before)
	post("clock", `{"advance":"1h"}`)
	get("clock", &after)
	if d := after.Now.Sub(before.Now); d < time.Hour || d > time.Hour+time.Minute {
		t.Errorf("the clock advanced by %s", d)
	}
	post("clock", `{"skew":"-6m"}`)
	c.cancel("AuthFailure.SignatureExpire", "room")
	post("clock", `{"skew":"0s"}`)
	c.cancel("", "room")
	var ended []Session
	get("ended", &ended)
	if len(ended) != 1 || ended[0].Reason != ReasonCancelled || ended[0].EndedAt.IsZero() {
		t.Errorf("ended %+v", ended)
	}

	post("faults", `{"action":"CancelCommonMixStream","times":1,"error":{"code":"InternalError","message":"x"},"delay":"1ms","after":true}`)
	post("faults", `{"action":"DescribeLiveStreamOnlineList","answer":{"status":302,"content_type":"text/plain","header":{"Location":"http://other.invalid"},"body":"x","size":2}}`)
	if a := c.do(ActionOnlineList, map[string]any{}); a.status != 302 || a.body != "x " {
		t.Errorf("answer %+v", a)
	}
	post("faults", `{"foreign":"list"}`)
	if a := c.do(ActionOnlineList, map[string]any{}); a.body != "[]" {
		t.Errorf("foreign answer %+v", a)
	}
	post("faults", `{"seed":1,"random":[{"action":"DescribeLiveStreamState","error":{"code":"Random"},"probability":1}]}`)
	c.cancel("InternalError", "room")
	c.want("Random", ActionState, map[string]any{})
	admin(t, s, "DELETE", "faults", "", 204, nil)
	c.state("a")
	var faults faultsView
	get("faults", &faults)
	injected := faults.Injected
	if injected["error-after"] != 1 || injected["error"] != 1 {
		t.Errorf("injected %v", injected)
	}

	c.want("", ActionAssumeRole, assumption())
	var credentials []IssuedCredential
	get("credentials", &credentials)
	if len(credentials) != 1 || credentials[0].RoleARN != mixerARN || credentials[0].ExpiresAt.IsZero() {
		t.Errorf("credentials %+v", credentials)
	}
	admin(t, s, "POST", "faults", `{"action":"metadata","status":500}`, 204, nil)
	if w, _ := instance(t, s, "cam/security-credentials/"); w.Code != 500 {
		t.Errorf("metadata answered %d", w.Code)
	}

	var requests []map[string]any
	get("requests?action=CreateCommonMixStream", &requests)
	if len(requests) != 1 || requests[0]["executed"] != true || requests[0]["params"].(map[string]any)["OutputParams"].(map[string]any)["OutputStreamBitRate"] != 1500.0 {
		t.Errorf("requests %v", requests)
	}
	get("requests", &requests)
	if len(requests) != 11 {
		t.Errorf("%d requests", len(requests))
	}
	post("reset", "")
	for _, path := range []string{"sessions", "ended", "streams", "violations", "requests", "credentials"} {
		var list []any
		if get(path, &list); list == nil || len(list) != 0 {
			t.Errorf("%s after a reset: %v", path, list)
		}
	}
}

func TestAdministrationMistakes(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	for _, tc := range []struct{ path, body string }{
		{"streams", ``},
		{"streams", `{}`},
		{"streams", `{"publsh":["a"]}`},
		{"streams", `{"publish":["a"]} 1`},
		{"faults", `{}`},
		{"faults", `{"cut":true,"hang":true}`},
		{"faults", `{"delay":"soon"}`},
		{"faults", `{"foreign":"nothing"}`},
		{"faults", `{"answer":{"status":99}}`},
		{"faults", `{"cut":true,"probability":0.5}`},
		{"faults", `{"random":[{"cut":true,"probability":2}]}`},
		{"clock", `{"advance":"-1s"}`},
		{"clock", `{"advance":5}`},
	} {
		admin(t, s, "POST", tc.path, tc.body, http.StatusBadRequest, nil)
	}
	admin(t, s, "POST", "sessions", "", http.StatusMethodNotAllowed, nil)
	r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080/_sim/sessions", http.NoBody)
	r.RemoteAddr = "192.0.2.1:1"
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != http.StatusForbidden {
		t.Errorf("a remote client got status %d", w.Code)
	}
}

// TestFaultAsJSON checks that the JSON of a fault makes the same fault.
func TestFaultAsJSON(t *testing.T) {
	t.Parallel()
	for _, f := range []Fault{
		{Action: ActionCancel, Times: 2, Error: &APIError{"InternalError", "m"}, Delay: time.Second, After: true},
		{Status: 502},
		{Hang: true},
		{Silence: true},
		{Cut: true},
		{Truncate: true},
		{NotJSON: true},
		{Foreign: "null"},
		{Answer: &Answer{Status: 302, ContentType: "a/b", Header: map[string]string{"X": "y"}, Body: "b", Size: 3, Gzip: true}},
		{Answer: &Answer{Cut: true}},
		{Answer: &Answer{Echo: true}},
		{Answer: &Answer{Mangled: true}},
	} {
		text, err := json.Marshal(f)
		if err != nil {
			t.Fatal(err)
		}
		var body faultBody
		if err := decodeStrict(text, &body); err != nil || !reflect.DeepEqual(body.fault(), f) {
			t.Errorf("%s: %+v, %v", text, body.fault(), err)
		}
	}
}
