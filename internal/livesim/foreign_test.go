// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
)

// exchange is what a client sees of a call: the body without the encoding that Go's transport would remove, no redirect
// followed.
type exchange struct {
	status int
	header http.Header
	body   string // At most 2 MiB of it.
	size   int64
	err    error
}

func (c *client) exchange(action string, params any) exchange {
	c.t.Helper()
	transport := &http.Transport{DisableKeepAlives: true, DisableCompression: true}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(c.request(c.server.URL(), action, params, nil).WithContext(c.t.Context()))
	if err != nil {
		return exchange{err: err}
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, 2<<20))
	rest := int64(0)
	if err == nil {
		rest, err = io.Copy(io.Discard, io.LimitReader(resp.Body, 4<<20))
	}
	return exchange{resp.StatusCode, resp.Header, string(body), int64(len(body)) + rest, errors.Join(err, resp.Body.Close())}
}

// TestForeignAnswers sends each of them before and after the effect. None may be an answer of the API that proves success.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	for _, kind := range ForeignFaults() {
		for _, after := range []bool{false, true} {
			fault := kind
			fault.After = after
			t.Run(fault.Name(), func(t *testing.T) {
				t.Parallel()
				s, c := start(t, nil)
				s.Inject(fault)
				e := c.exchange(ActionCreate, mix("room"))
				_, executed := s.Session("room")
				if executed != fault.late() {
					t.Errorf("executed %t", executed)
				}
				if got := s.Injected(); !maps.Equal(got, map[string]int{fault.Name(): 1}) {
					t.Errorf("injected %v", got)
				}
				if status, ok := strings.CutPrefix(fault.Foreign, "status-"); ok && fmt.Sprint(e.status) != status {
					t.Errorf("status %d", e.status)
				}
				cut := strings.HasPrefix(fault.Foreign, "cut-")
				if cut != (e.err != nil) {
					t.Errorf("error %v", e.err)
				}
				var strict struct {
					Response struct {
						Error     *struct{ Code string }
						RequestID string `json:"RequestId"`
					}
				}
				if e.err == nil && e.status == 200 && e.size <= 1<<20 && e.header.Get("Content-Encoding") == "" && json.Unmarshal([]byte(e.body), &strict) == nil &&
					strict.Response.RequestID != "" && strict.Response.Error == nil {
					t.Errorf("this is a success: %q", e.body)
				}
			})
		}
	}
}

func TestForeignAnswerDetails(t *testing.T) {
	t.Parallel()
	s, c := start(t, nil)
	see := func(name string) exchange {
		t.Helper()
		s.Inject(Fault{Foreign: name})
		return c.exchange(ActionState, map[string]any{"AppName": "live", "DomainName": "d", "StreamName": "a"})
	}
	if e := see("status-302"); !strings.HasPrefix(e.header.Get("Location"), "http://portal.invalid/") {
		t.Errorf("redirect %v", e.header)
	}
	if e := see("status-204"); e.body != "" {
		t.Errorf("body %q", e.body)
	}
	c.token = "of-nobody" // The echo takes place after a check of the signature, so the token has to be one that fits.
	temporary := DefaultOptions()
	temporary.Credentials[0].Token = c.token
	echo, err := Start("", temporary)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = echo.Close() })
	echo.Inject(Fault{Foreign: "echo"})
	e := (&client{t: t, server: echo, id: c.id, key: c.key, token: c.token}).exchange(ActionCancel, map[string]any{})
	if e.status != 502 || !strings.Contains(e.body, "Authorization: TC3-HMAC-SHA256 Credential=AKIDsimulator/") || !strings.Contains(e.body, "X-Tc-Token: of-nobody") {
		t.Errorf("echo: %d %s", e.status, e.body)
	}
	c.token = ""

	if e := see("oversize"); e.size != 1<<20+1 || e.header.Get("Content-Encoding") != "" {
		t.Errorf("oversize: %d bytes", e.size)
	}
	if e := see("huge"); e.size != 6<<20 {
		t.Errorf("huge: %d bytes", e.size)
	}
	if e := see("gzip-bomb"); e.size > 2<<20 || e.header.Get("Content-Encoding") != "gzip" {
		t.Errorf("gzip bomb: %d bytes over the line", e.size)
	}
	if e := see("mangled"); e.body != `{"Response":{"RequestId":"`+s.Requests()[len(s.Requests())-1].RequestID+`","StreamState":"active"}` {
		t.Errorf("mangled: %s", e.body)
	}
	if e := see("hostile-message"); !strings.Contains(e.body, `\u001b`) || !json.Valid([]byte(e.body)) {
		t.Errorf("hostile message %q", e.body)
	}
}

func TestGzipBombUnpacksToItsSize(t *testing.T) {
	t.Parallel()
	s, c := start(t, nil)
	s.Inject(Fault{Answer: &Answer{Body: "x", Size: 3<<20 + 5, Gzip: true}})
	resp, err := (&http.Transport{DisableKeepAlives: true}).RoundTrip(c.request(s.URL(), ActionCancel, map[string]any{}, nil).WithContext(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	n, err := io.Copy(io.Discard, resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil || n != 3<<20+5 {
		t.Errorf("%d bytes, %v", n, err)
	}
}

// TestForeignAnswersElsewhere checks that STS and the metadata service give them as well.
func TestForeignAnswersElsewhere(t *testing.T) {
	t.Parallel()
	s, c := serve(t, withRoles)
	s.Inject(Fault{Action: ActionAssumeRole, Foreign: "mangled"})
	w := httptest.NewRecorder()
	s.ServeHTTP(w, c.request("http://127.0.0.1:8080", ActionAssumeRole, assumption(), nil))
	if body := w.Body.String(); !strings.Contains(body, "TmpSecretKey") || json.Valid([]byte(body)) {
		t.Errorf("STS answered %s", body)
	}
	if len(s.IssuedCredentials()) != 1 {
		t.Error("the call did not take effect")
	}
	s.Inject(Fault{Action: ActionMetadata, Foreign: "null", After: true})
	if w, _ := instance(t, s, "cam/security-credentials/"); w.Body.String() != "null" {
		t.Errorf("the metadata service answered %s", w.Body)
	}
}

func TestRandomForeignAnswersBySeed(t *testing.T) {
	t.Parallel()
	statuses := func(seed uint64) (all []int) {
		s, c := serve(t, nil)
		random := []RandomFault{}
		for _, f := range ForeignFaults() {
			if f.Foreign != "huge" && f.Foreign != "gzip-bomb" && !strings.HasPrefix(f.Foreign, "cut-") {
				random = append(random, RandomFault{Fault: f, Probability: 0.02})
			}
		}
		s.InjectRandom(seed, random...)
		for range 60 {
			w := httptest.NewRecorder()
			s.ServeHTTP(w, c.request("http://127.0.0.1:8080", ActionOnlineList, map[string]any{}, nil))
			all = append(all, w.Code)
		}
		return all
	}
	one := statuses(1)
	if !slices.Equal(one, statuses(1)) || slices.Equal(one, statuses(2)) {
		t.Errorf("the seed does not decide: %v", one)
	}
}

// TestSilence checks that a connection of HTTP/2 that went silent answers nothing more, and that a new one does.
func TestSilence(t *testing.T) {
	t.Parallel()
	s, c := start(t, nil)
	s.Inject(Fault{Silence: true, After: true})
	p := new(http.Protocols)
	p.SetUnencryptedHTTP2(true)
	transport := &http.Transport{Protocols: p}
	defer transport.CloseIdleConnections()
	send := func() (*http.Response, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
		t.Cleanup(cancel)
		return transport.RoundTrip(c.request(s.URL(), ActionCreate, mix("room"), nil).WithContext(ctx))
	}
	for range 2 {
		if resp, err := send(); !errors.Is(err, context.DeadlineExceeded) {
			if err == nil {
				_ = resp.Body.Close()
			}
			t.Fatalf("error %v", err)
		}
	}
	if _, executed := s.Session("room"); !executed {
		t.Error("the call did not take effect")
	}
	if e := c.exchange(ActionCreate, mix("room")); e.err != nil || e.status != 200 {
		t.Errorf("a new connection: %+v", e)
	}
}

func TestSilentConnectionEndsWithItsClose(t *testing.T) {
	t.Parallel()
	near, far := net.Pipe()
	conn := &silentConn{Conn: near, dead: make(chan struct{}), closed: make(chan struct{})}
	conn.silence()
	if n, err := conn.Write([]byte("lost")); n != 4 || err != nil {
		t.Errorf("written %d, %v", n, err)
	}
	read := make(chan error)
	go func() {
		_, err := conn.Read(make([]byte, 10))
		read <- err
	}()
	if _, err := far.Write([]byte("unheard")); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-read:
		t.Errorf("a silent connection read: %v", err)
	default:
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	if err := <-read; !errors.Is(err, net.ErrClosed) {
		t.Errorf("read: %v", err)
	}
}

func TestForeignMistakes(t *testing.T) {
	t.Parallel()
	for _, f := range []Fault{
		{Foreign: "nothing"},
		{Foreign: "null", Cut: true},
		{Answer: &Answer{Status: 100}},
		{Answer: &Answer{Status: 600}},
		{Answer: &Answer{Body: "x", Echo: true}},
		{Answer: &Answer{Size: -1}},
		{Answer: &Answer{Cut: true, Gzip: true}},
		{Answer: &Answer{Header: map[string]string{"X": "a\r\nb"}}},
		{Answer: &Answer{Header: map[string]string{"": "a"}}},
	} {
		if !panics(func() { New(DefaultOptions()).Inject(f) }) {
			t.Errorf("%+v was taken", f)
		}
	}
}
