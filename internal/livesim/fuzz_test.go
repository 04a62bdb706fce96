// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// serveFuzz hands a request to s and checks what every answer has in common. A cut connection is an answer, too.
func serveFuzz(t *testing.T, s *Server, r *http.Request) *httptest.ResponseRecorder {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code < 200 || w.Code > 599 {
		t.Errorf("status %d", w.Code)
	}
	return w
}

// apiAnswer checks that an answer is one of the API, and returns its code.
func apiAnswer(t *testing.T, w *httptest.ResponseRecorder) string {
	t.Helper()
	var envelope struct {
		Response struct {
			Error     *APIError
			RequestID string `json:"RequestId"`
		}
	}
	if err := json.Unmarshal(w.Body.Bytes(), &envelope); err != nil || w.Code != http.StatusOK || envelope.Response.RequestID == "" {
		t.Fatalf("status %d, %v: %q", w.Code, err, w.Body)
	}
	if envelope.Response.Error == nil {
		return ""
	}
	if envelope.Response.Error.Code == "" {
		t.Errorf("an error without a code: %s", w.Body)
	}
	return envelope.Response.Error.Code
}

// fuzzServer is a simulator in which calls meet state.
func fuzzServer(t *testing.T) (*Server, *client) {
	t.Helper()
	s, c := serve(t, func(o *Options) { withRoles(o); o.Quota = nil; o.CancelAfterCreate = 0 })
	c.create("", "room")
	return s, c
}

// FuzzSignatures sends all that takes part in a signature. Nothing that was not signed with the key may be executed.
func FuzzSignatures(f *testing.F) {
	now := strconv.FormatInt(time.Now().Unix(), 10)
	f.Add("TC3-HMAC-SHA256 Credential=AKIDsimulator/2026-01-01/live/tc3_request, SignedHeaders=content-type;host, Signature="+strings.Repeat("0", 64),
		now, "", "127.0.0.1:8080", "")
	f.Add("SKIP", now, "token", "live.tencentcloudapi.com", "")
	f.Add("", now, "", "127.0.0.1", "Action=CancelCommonMixStream&Version=2018-08-01&Timestamp="+now+"&Nonce=1&SecretId=AKIDsimulator&Signature=AAAA&MixStreamSessionId=room")
	f.Add("", now, "", "[::1]:1", "Action=CancelCommonMixStream&SignatureMethod=HmacSHA256&Signature=%00&Signature=2&SecretId=&Nonce=")
	f.Fuzz(func(t *testing.T, authorization, timestamp, token, host, query string) {
		s, _ := fuzzServer(t)
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			r := httptest.NewRequest(method, "http://127.0.0.1:8080/", strings.NewReader(query))
			r.RequestURI, r.Host = "", host
			if method == http.MethodGet {
				r.URL.RawQuery = query
				r.Body = http.NoBody
			}
			r.Header.Set("Content-Type", formType)
			if authorization != "" {
				r.Header["Authorization"] = []string{authorization}
				r.Header["X-Tc-Action"] = []string{ActionCancel}
				r.Header["X-Tc-Version"] = []string{"2018-08-01"}
			}
			r.Header["X-Tc-Timestamp"] = []string{timestamp}
			r.Header["X-Tc-Token"] = []string{token}
			if code := apiAnswer(t, serveFuzz(t, s, r)); code == "" {
				t.Errorf("%s was executed", method)
			}
		}
		if _, alive := s.Session("room"); !alive {
			t.Error("the session was cancelled")
		}
	})
}

// FuzzGetParams sends signed calls with any query.
func FuzzGetParams(f *testing.F) {
	create := url.Values{}
	flatten(create, "", mix("room", set("OutputParams.OutputStreamBitRate", 1500)))
	f.Add(0, create.Encode())
	f.Add(1, "MixStreamSessionId=room")
	f.Add(2, "AppName=live&DomainName=d&StreamName=a")
	f.Add(3, "PageNum=1&PageSize=10")
	f.Add(0, "InputStreamList.0=1&InputStreamList.0.InputStreamName=a&InputStreamList.x=&=&...=1&OutputParams.=2")
	f.Add(0, "InputStreamList.99999999999999999999.LayoutParams.ImageLayer=1e400&MixStreamSessionId=%ff")
	f.Fuzz(func(t *testing.T, action int, query string) {
		s, c := fuzzServer(t)
		c.get = true
		name := Actions()[uint(action)%uint(len(Actions())-1)]
		r := c.request("http://127.0.0.1:8080", name, map[string]any{}, func(r *http.Request) { r.URL.RawQuery = query })
		apiAnswer(t, serveFuzz(t, s, r))
		checkDeeply(t, s)
	})
}

// FuzzJSONParams sends signed calls with any body.
func FuzzJSONParams(f *testing.F) {
	f.Add(0, string(mustMarshal(mix("room", set("InputStreamList.0.CropParams", map[string]any{"CropWidth": 0.5})))))
	f.Add(0, string(mustMarshal(mix("other", inputs(input("a", 1, "InputType", 3, "ImageWidth", 1e300)), set("ControlParams.AllowCopy", 1)))))
	f.Add(1, `{"MixStreamSessionId":"room"}`)
	f.Add(4, string(mustMarshal(assumption())))
	f.Add(0, `{"InputStreamList":[null,{"LayoutParams":[]}],"MixStreamTemplateId":9223372036854775808}`)
	f.Add(3, `{"PageNum":9223372036854775807,"PageSize":300000}`)
	f.Add(0, `{"MixStreamSessionId":"room","MixStreamSessionId":"x","OutputParams":{"OutputStreamName":"\ud800"}}`)
	f.Fuzz(func(t *testing.T, action int, body string) {
		s, c := fuzzServer(t)
		name := Actions()[uint(action)%uint(len(Actions())-1)]
		apiAnswer(t, serveFuzz(t, s, c.request("http://127.0.0.1:8080", name, body, nil)))
		checkDeeply(t, s)
	})
}

// checkDeeply reads everything that a call may have left behind.
func checkDeeply(t *testing.T, s *Server) {
	t.Helper()
	for _, path := range []string{"sessions", "streams", "ended", "requests", "violations", "credentials"} {
		if w := serveFuzz(t, s, adminRequest(http.MethodGet, path, "")); w.Code != http.StatusOK || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%s: %d %q", path, w.Code, w.Body)
		}
	}
	for _, session := range s.Sessions() {
		if w := serveFuzz(t, s, adminRequest(http.MethodGet, "sessions/"+session.ID+"/layout.svg", "")); w.Code != http.StatusOK {
			t.Errorf("layout of %+v: %d %s", session, w.Code, w.Body)
		}
	}
}

// FuzzAdminBodies sends any body to each operation, and then a call that meets what came of it.
func FuzzAdminBodies(f *testing.F) {
	for _, body := range []string{
		`{"publish":["a"],"width":1280,"height":720,"long_since":true}`, `{"forbid":["a"],"unpublish":["b"]}`,
		`{"action":"CancelCommonMixStream","times":-1,"error":{"code":"X","message":"\u001b"},"after":true}`,
		`{"answer":{"status":302,"header":{"Location":"x"},"body":"{{RequestId}}","size":10,"gzip":true}}`, `{"foreign":"mangled"}`,
		`{"seed":1,"random":[{"foreign":"null","probability":1}]}`, `{"advance":"2562047h47m16.854775807s","skew":"-2562047h47m16.854775808s"}`,
		`{"steps":[{"at":"1s","advance":"1s"}],"chaos":{"probability":1}}`, `null`, `[]`, `{"delay":"1ns","status":599}`,
	} {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s, c := fuzzServer(t)
		for _, path := range []string{"streams", "clock", "faults"} {
			w := serveFuzz(t, s, adminRequest(http.MethodPost, path, body))
			if w.Code != http.StatusNoContent && w.Code != http.StatusBadRequest {
				t.Errorf("%s: %d %s", path, w.Code, w.Body)
			}
		}
		if now := s.Now(); now.Before(time.Now().Add(-time.Hour)) {
			t.Errorf("the clock went back to %s", now)
		}
		checkDeeply(t, s)
		meet(t, s, c)
		if sc, err := ParseScenario([]byte(body)); err == nil {
			if err := s.Begin(sc); err != nil {
				t.Errorf("a scenario that was taken fails: %v", err)
			}
		}
	})
}

// meet makes a call that a fault may strike. One that waits long, or sends much, is not waited for.
func meet(t *testing.T, s *Server, c *client) {
	t.Helper()
	s.mu.Lock()
	for _, fault := range s.faults.queue {
		if a := fault.answer(); fault.Delay > time.Millisecond || fault.Hang || fault.Silence || a != nil && a.Size > 1<<20 {
			s.faults.queue = nil
		}
	}
	for _, random := range s.faults.random {
		if a := random.answer(); random.Delay > time.Millisecond || random.Hang || random.Silence || a != nil && a.Size > 1<<20 {
			s.faults.random = nil
		}
	}
	s.mu.Unlock()
	defer func() {
		if r := recover(); r != nil && r != http.ErrAbortHandler { //nolint:errorlint // It is what was panicked with.
			panic(fmt.Sprint(r))
		}
	}()
	serveFuzz(t, s, c.request("http://127.0.0.1:8080", ActionCancel, map[string]any{"MixStreamSessionId": "room"}, nil))
}
