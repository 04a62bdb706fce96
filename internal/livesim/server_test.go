// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestStartAddresses(t *testing.T) {
	t.Parallel()
	for addr, valid := range map[string]bool{
		"": true, "127.0.0.1:0": true, "localhost:0": true, "0.0.0.0:0": false, ":0": false, "example.com:0": false, "127.0.0.1": false,
	} {
		s, err := Start(addr, DefaultOptions())
		if (err == nil) != valid {
			t.Errorf("%q: error %v, want valid %t", addr, err, valid)
		}
		if err == nil {
			if !strings.HasPrefix(s.URL(), "http://") {
				t.Errorf("URL %q", s.URL())
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestURLOfAllAddresses(t *testing.T) {
	t.Parallel()
	o := DefaultOptions()
	o.AllowRemote = true
	for _, addr := range []string{"0.0.0.0:0", ":0"} {
		s, err := Start(addr, o)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(s.URL(), "http://127.0.0.1:") {
			t.Errorf("listening on %s, the URL is %s", addr, s.URL())
		}
		if status, _, err := fetch(t.Context(), s.URL()+"/_sim/clock"); err != nil || status != http.StatusOK {
			t.Errorf("listening on %s, %s answers %d, %v", addr, s.URL(), status, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestWrongOptions(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(o *Options){
		"style":            func(o *Options) { o.Errors = 7 },
		"cancel not exist": func(o *Options) { o.CancelNotExist = "NotFound" },
		"duration":         func(o *Options) { o.AutoEnd = -1 },
		"quota":            func(o *Options) { o.Quota[ActionCreate] = -1 },
		"credential":       func(o *Options) { o.Credentials[0].Key = "" },
		"credential twice": func(o *Options) { o.Credentials = append(o.Credentials, o.Credentials[0]) },
		"account":          func(o *Options) { o.AccountID = "main" },
		"account of a key": func(o *Options) { o.Credentials[0].AccountID = "main" },
		"role":             func(o *Options) { o.Roles = map[string]Role{"mixer": {}} },
		"role too long":    func(o *Options) { o.Roles = map[string]Role{mixerARN: {MaxDuration: 12*time.Hour + 1}} },
		"role maximum":     func(o *Options) { o.Roles = map[string]Role{mixerARN: {MaxDuration: -1}} },
		"role lifetime":    func(o *Options) { o.Roles = map[string]Role{mixerARN: {Lifetime: -1}} },
		"role refusal":     func(o *Options) { o.Roles = map[string]Role{mixerARN: {Refuse: &APIError{}}} },
		"provider":         func(o *Options) { o.WebIdentityProviders = map[string][]string{"": nil} },
		"provider's token": func(o *Options) { o.WebIdentityProviders = map[string][]string{"idp": {""}} },
		"metadata role":    func(o *Options) { o.MetadataRole = mixerARN + "/x" },
	} {
		o := DefaultOptions()
		change(&o)
		if _, err := Start("", o); err == nil {
			t.Errorf("%s: Start took it", name)
		}
		if !panics(func() { New(o) }) {
			t.Errorf("%s: New took it", name)
		}
	}
	if !panics(func() { New(DefaultOptions()).Advance(-1) }) {
		t.Error("time ran backwards")
	}
}

// TestOptionsAreCopied checks that a server does not follow later changes of its options.
func TestOptionsAreCopied(t *testing.T) {
	t.Parallel()
	var options Options
	_, c := serve(t, func(o *Options) {
		withRoles(o)
		o.Roles[mixerARN+"2"] = Role{Refuse: &APIError{Code: "Refused"}}
		options = *o
	})
	options.Roles[mixerARN+"2"].Refuse.Code = "changed"
	options.Roles[remoteARN].Principals[1] = "changed"
	delete(options.Roles, mixerARN)
	options.WebIdentityProviders["idp"][0] = "changed"
	delete(options.WebIdentityProviders, "other")
	c.want("", ActionAssumeRole, assumption())
	c.want("Refused", ActionAssumeRole, assumption(set("RoleArn", mixerARN+"2")))
	c.want("", ActionAssumeRoleWithWebIdentity, webIdentity(set("RoleArn", remoteARN), set("DurationSeconds", 1)))
	c.want("", ActionAssumeRoleWithWebIdentity, webIdentity(set("ProviderId", "other"), set("WebIdentityToken", "other-token")))
	options.Quota[ActionOnlineList] = 1
	options.Credentials[0].Key = "changed"
	c.want("", ActionOnlineList, map[string]any{})
	c.want("", ActionOnlineList, map[string]any{})
}

func TestPaths(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	for path, status := range map[string]int{"/": 200, "/x": 404, "/_sim": 404, "/_sim/": 404, "/_sim/nothing": 404, "/_sim/sessions": 200, "/latest/meta-data": 404} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, http.NoBody)
		r.RemoteAddr = "127.0.0.1:1"
		s.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("%s: status %d, want %d", path, w.Code, status)
		}
	}
}

func TestConnections(t *testing.T) {
	t.Parallel()
	s, c := start(t, nil)
	transport := &http.Transport{}
	web := &http.Client{Transport: transport}
	call := func() {
		t.Helper()
		resp, err := web.Do(c.request(s.URL(), ActionOnlineList, map[string]any{}, nil))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, resp.Body); err != nil {
			t.Error(err)
		}
		if err := resp.Body.Close(); err != nil {
			t.Error(err)
		}
	}
	call()
	call() // On the same connection.
	if open, peak, total := s.Connections(); open != 1 || peak != 1 || total != 1 {
		t.Errorf("open %d, peak %d, total %d", open, peak, total)
	}
	transport.CloseIdleConnections()
	await(t, "the end of the connection", func() bool { open, _, _ := s.Connections(); return open == 0 })
	call()
	if open, peak, total := s.Connections(); open != 1 || peak != 1 || total != 2 {
		t.Errorf("open %d, peak %d, total %d", open, peak, total)
	}
	transport.CloseIdleConnections()
}

// TestCloseReleasesHangs checks that Close cuts a call that hangs and waits for its handler.
func TestCloseReleasesHangs(t *testing.T) {
	t.Parallel()
	s, c := start(t, nil)
	s.Inject(Fault{Hang: true, After: true})
	done := make(chan error)
	go func() {
		_, _, err := c.over(t.Context(), ActionCreate, mix("room"))
		done <- err
	}()
	await(t, "the effect", func() bool { return len(s.Sessions()) == 1 })
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if err := <-done; err == nil {
		t.Error("the call was answered")
	}
	if log := s.Requests(); len(log) != 1 || !log[0].Done || log[0].Status != 0 {
		t.Errorf("log %+v", log)
	}
	if err := s.Close(); err != nil {
		t.Errorf("second Close: %v", err)
	}
}

func TestRequestLog(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []Request
	s, c := serve(t, func(o *Options) {
		o.OnRequest = func(r Request) {
			mu.Lock()
			defer mu.Unlock()
			seen = append(seen, r)
		}
	})
	a := c.doEdited(ActionCreate, mix("room"), func(r *http.Request) {
		r.Header.Set("X-TC-RequestClient", "SDK_GO_1")
		r.Header.Set("X-TC-Language", "en-US")
		r.Header.Set("X-TC-Region", "ap-guangzhou")
		r.Header.Set("User-Agent", "terraform")
		r.RemoteAddr = "127.0.0.1:4711"
	})
	c.cancel("FailedOperation.CancelSessionNotExist", "other")
	log := s.Requests()
	r := log[0]
	r.Time, r.Duration, r.Params = time.Time{}, 0, nil
	want := Request{
		Done: true, Action: ActionCreate, Version: "2018-08-01", Region: "ap-guangzhou", Method: "POST", SessionID: "room",
		SecretID: "AKIDsimulator", Client: "SDK_GO_1", UserAgent: "terraform", Language: "en-US", RemoteAddr: "127.0.0.1:4711",
		RequestID: a.requestID, Status: 200, Executed: true,
	}
	if got, expected := fmt.Sprintf("%+v", r), fmt.Sprintf("%+v", want); got != expected {
		t.Errorf("log  %s\nwant %s", got, expected)
	}
	if r := log[1]; r.Code != "FailedOperation.CancelSessionNotExist" || r.InnerCode != -30300 || r.Message == "" || r.SessionID != "other" {
		t.Errorf("log %+v", r)
	}
	if len(s.RequestsOf(ActionCancel)) != 1 || len(s.RequestsOf(ActionState)) != 0 {
		t.Error("RequestsOf does not select by action")
	}
	if len(seen) != 2 || seen[0].RequestID != a.requestID {
		t.Errorf("OnRequest saw %+v", seen)
	}
	for _, secret := range []string{"simulator-secret-key", "Signature="} {
		if b, err := json.Marshal(log); err != nil || strings.Contains(string(b), secret) {
			t.Errorf("the log holds %q (error %v)", secret, err)
		}
	}
	s.ResetRequests()
	if log := s.Requests(); len(log) != 0 {
		t.Errorf("log after its reset: %v", log)
	}
	if len(s.Sessions()) != 1 {
		t.Error("ResetRequests must not touch the sessions")
	}
	s.Reset()
	if len(s.Sessions())+len(s.Streams()) != 0 {
		t.Error("Reset left something")
	}
}

// TestParallelUse is for the race detector.
func TestParallelUse(t *testing.T) {
	t.Parallel()
	s, c := start(t, func(o *Options) {
		pacingOff(o)
		withRoles(o)
		withInstance(o)
		o.Quota, o.MaxSessionsPerStream = nil, 0
	})
	s.InjectRandom(1, RandomFault{Fault{Status: 502}, 0.1}, RandomFault{Fault{Cut: true, After: true}, 0.1})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			id := fmt.Sprint("room", i)
			for range 20 {
				for _, call := range []struct {
					action string
					params any
				}{{ActionCreate, mix(id)}, {ActionOnlineList, map[string]any{}}, {ActionCancel, map[string]any{"MixStreamSessionId": id}}, {ActionAssumeRole, assumption()}} {
					if _, body, err := c.over(t.Context(), call.action, call.params); err == nil && body == "" {
						t.Error("an empty answer")
					}
				}
				if status, body, err := fetch(t.Context(), s.URL()+credentialPath+"/web"); err == nil && status == 200 && body == "" {
					t.Error("no credential")
				}
				s.Publish("c")
				s.Unpublish("c")
				s.Advance(time.Millisecond)
				_, _, _, _, _ = s.Sessions(), s.Ended(), s.Requests(), s.Injected(), s.IssuedCredentials()
			}
		})
	}
	group.Wait()
	if n := len(s.Requests()); n != 8*20*5 {
		t.Errorf("%d requests in the log", n)
	}
	created, live, ended := 0, len(s.Sessions()), len(s.Ended())
	for _, session := range append(s.Sessions(), s.Ended()...) {
		created += 1 + session.Updates
	}
	executed := 0
	for _, r := range s.RequestsOf(ActionCreate) {
		if r.Executed {
			executed++
		}
	}
	assumed := 0
	for _, r := range s.RequestsOf(ActionAssumeRole) {
		if r.Executed {
			assumed++
		}
	}
	if issued := len(s.IssuedCredentials()); assumed == 0 || issued != assumed+1 { // The instance has one.
		t.Errorf("%d roles assumed, %d credentials issued", assumed, issued)
	}
	if created != executed || executed == 0 || ended == 0 {
		t.Errorf("%d creates executed, %d found; %d live, %d ended", executed, created, live, ended)
	}
}
