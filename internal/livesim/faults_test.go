// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// faultCase is one fault and what a client over a real connection must see of it.
type faultCase struct {
	fault    Fault
	name     string // In Injected.
	executed bool
	check    func(status int, body string, err error) bool
}

func faultCases() []faultCase {
	isHTML := func(want int) func(int, string, error) bool {
		return func(status int, body string, err error) bool {
			return err == nil && status == want && strings.HasPrefix(body, "<html>")
		}
	}
	isError := func(status int, body string, err error) bool {
		return err == nil && status == 200 && strings.Contains(body, `"Code":"InternalError"`) && strings.Contains(body, `"Message":"50% lost"`)
	}
	isCut := func(status int, body string, err error) bool { return err != nil && status == 0 && body == "" }
	isHalf := func(status int, body string, err error) bool {
		return errors.Is(err, io.ErrUnexpectedEOF) && status == 200 && strings.HasPrefix(body, `{"Response"`) && !strings.HasSuffix(body, "}}")
	}
	isSuccess := func(status int, body string, err error) bool {
		return err == nil && status == 200 && !strings.Contains(body, "Error")
	}
	isTimeout := func(_ int, _ string, err error) bool { return errors.Is(err, context.DeadlineExceeded) }
	e := &APIError{Code: "InternalError", Message: "50% lost"}
	return []faultCase{
		{Fault{Error: e}, "error", false, isError},
		{Fault{Error: e, After: true}, "error-after", true, isError},
		{Fault{Status: 502}, "status", false, isHTML(502)},
		{Fault{Status: 503, After: true}, "status-after", true, isHTML(503)},
		{Fault{NotJSON: true}, "not-json", false, isHTML(200)},
		{Fault{NotJSON: true, After: true}, "not-json-after", true, isHTML(200)},
		{Fault{Cut: true}, "cut", false, isCut},
		{Fault{Cut: true, After: true}, "cut-after", true, isCut},
		{Fault{Truncate: true}, "truncate", true, isHalf},
		{Fault{Hang: true}, "hang", false, isTimeout},
		{Fault{Hang: true, After: true}, "hang-after", true, isTimeout},
		{Fault{Delay: time.Millisecond}, "delay", true, isSuccess},
		{Fault{Delay: time.Millisecond, After: true}, "delay-after", true, isSuccess},
		{Fault{Delay: time.Millisecond, Error: e}, "error", false, isError},
		{Fault{Delay: time.Hour}, "delay", false, isTimeout},
		{Fault{Delay: time.Hour, After: true}, "delay-after", true, isTimeout},
	}
}

// over sends a signed call over a connection of its own.
func (c *client) over(ctx context.Context, action string, params any) (status int, body string, err error) {
	c.t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(c.request(c.server.URL(), action, params, nil).WithContext(ctx))
	if err != nil {
		return 0, "", err
	}
	b, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(b), errors.Join(err, resp.Body.Close())
}

func start(t *testing.T, change func(o *Options)) (*Server, *client) {
	t.Helper()
	o := DefaultOptions()
	o.AnyStreamPushes = true
	if change != nil {
		change(&o)
	}
	s, err := Start("", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, newClient(t, s)
}

// await polls until ok, because the end of a handler is not synchronized with what its client sees.
func await(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain for: %s", what)
		}
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	for i, tc := range faultCases() {
		t.Run(fmt.Sprint(i, " ", tc.name), func(t *testing.T) {
			t.Parallel()
			s, c := start(t, nil)
			s.Inject(tc.fault)
			ctx := t.Context()
			if tc.fault.Hang || tc.fault.Delay > time.Minute {
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(ctx, 100*time.Millisecond)
				defer cancel()
			}
			status, body, err := c.over(ctx, ActionCreate, mix("room"))
			if !tc.check(status, body, err) {
				t.Errorf("status %d, error %v, body %q", status, err, body)
			}
			if _, executed := s.Session("room"); executed != tc.executed {
				t.Errorf("executed %t, want %t", executed, tc.executed)
			}
			if got := s.Injected(); !maps.Equal(got, map[string]int{tc.name: 1}) {
				t.Errorf("injected %v", got)
			}
			await(t, "the end of the call", func() bool { return s.Requests()[0].Done })
			r := s.Requests()[0]
			if r.Fault != tc.name || r.Executed != tc.executed || r.Status != status && err == nil {
				t.Errorf("logged fault %q, executed %t, status %d", r.Fault, r.Executed, r.Status)
			}
			if wantCode := map[bool]string{true: "InternalError"}[tc.fault.Error != nil]; r.Code != wantCode {
				t.Errorf("logged code %q", r.Code)
			}

			if status, body, err := c.over(t.Context(), ActionCreate, mix("room")); err != nil || strings.Contains(body, "Error") {
				t.Errorf("after the fault: %d %q %v", status, body, err)
			}
		})
	}
}

func TestFaultQueue(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	fail := func(code string) *APIError { return &APIError{Code: code, Message: "injected"} }
	s.Inject(Fault{Action: ActionCancel, Error: fail("First"), Times: 2})
	s.Inject(Fault{Error: fail("Second")})
	s.Inject(Fault{Action: ActionState, Error: fail("Third"), Times: -1})
	list := map[string]any{}
	state := map[string]any{"AppName": "live", "DomainName": "d", "StreamName": "a"}
	cancel := map[string]any{"MixStreamSessionId": "room"}
	c.want("Second", ActionOnlineList, list)
	c.want("", ActionOnlineList, list)
	c.want("First", ActionCancel, cancel)
	for range 5 {
		c.want("Third", ActionState, state)
	}
	c.want("First", ActionCancel, cancel)
	c.want("FailedOperation.CancelSessionNotExist", ActionCancel, cancel)
	s.ClearFaults()
	c.want("", ActionState, state)
	if got := s.Injected(); got["error"] != 8 {
		t.Errorf("injected %v", got)
	}

	// A call whose signature is wrong takes no fault.
	s.Inject(Fault{Error: fail("Kept")})
	c.key = "wrong"
	c.want("AuthFailure.SignatureFailure", ActionState, state)
	c.key = "simulator-secret-key"
	c.want("Kept", ActionState, state)
}

// TestAfterFaultOfRefusal checks that a late fault hides the true answer of a call that was refused.
func TestAfterFaultOfRefusal(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	s.Inject(Fault{Error: &APIError{Code: "InternalError"}, After: true})
	c.cancel("InternalError", "room")
	if r := s.Requests()[0]; r.Executed || r.Code != "InternalError" {
		t.Errorf("logged %+v", r)
	}
}

func TestRandomFaults(t *testing.T) {
	t.Parallel()
	outcomes := func(seed uint64) (codes string, injected int) {
		s, c := serve(t, nil)
		s.InjectRandom(seed,
			RandomFault{Fault{Action: ActionOnlineList, Error: &APIError{Code: "A"}}, 0.3},
			RandomFault{Fault{Error: &APIError{Code: "B"}, Times: 2}, 0.5},
			RandomFault{Fault{Action: ActionCancel, Error: &APIError{Code: "C"}}, 1},
			RandomFault{Fault{Action: ActionState, Error: &APIError{Code: "D"}}, 0})
		for range 60 {
			codes += "/" + c.do(ActionOnlineList, map[string]any{}).code
		}
		c.want("C", ActionCancel, map[string]any{})
		c.state("a")
		return codes, s.Injected()["error"]
	}
	one, n := outcomes(1)
	again, _ := outcomes(1)
	other, _ := outcomes(2)
	if one != again {
		t.Errorf("one seed, two outcomes:\n%s\n%s", one, again)
	}
	if one == other {
		t.Errorf("two seeds, one outcome: %s", one)
	}
	a, b := strings.Count(one, "A"), strings.Count(one, "B")
	if a < 5 || a > 40 || b != 2 || n != a+b+1 {
		t.Errorf("%d A, %d B, %d injected", a, b, n)
	}
}

func TestFaultMistakes(t *testing.T) {
	t.Parallel()
	for _, f := range []Fault{
		{}, {Delay: -1}, {Hang: true, Cut: true}, {Status: 200}, {Status: 600}, {Error: &APIError{}}, {Delay: -1, Cut: true}, {After: true},
	} {
		if !panics(func() { New(DefaultOptions()).Inject(f) }) {
			t.Errorf("%+v was taken", f)
		}
	}
	for _, p := range []float64{-0.1, 1.1} {
		if !panics(func() { New(DefaultOptions()).InjectRandom(1, RandomFault{Fault{Cut: true}, p}) }) {
			t.Errorf("the probability %v was taken", p)
		}
	}
}

func panics(f func()) (yes bool) {
	defer func() { yes = recover() != nil }()
	f()
	return false
}

// TestFaultsInMemory checks hangs and delays without a socket.
func TestFaultsInMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		finished := 0
		s, c := serve(t, func(o *Options) {
			o.Latency = 20 * time.Millisecond
			o.OnRequest = func(Request) { time.Sleep(time.Second); finished++ }
		})
		s.Inject(Fault{Delay: 2 * time.Second, After: true})
		began := time.Now()
		c.want("", ActionOnlineList, map[string]any{})
		if d := time.Since(began); d != 3020*time.Millisecond { // With the second of OnRequest.
			t.Errorf("the call took %s", d)
		}

		s.Inject(Fault{Hang: true, After: true})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		r := c.request("http://127.0.0.1", ActionCreate, mix("room"), nil).WithContext(ctx)
		if !panics(func() { s.ServeHTTP(httptest.NewRecorder(), r) }) || ctx.Err() == nil {
			t.Error("the call did not hang until its client left")
		}

		s.Inject(Fault{Hang: true})
		done := make(chan bool)
		r = c.request("http://127.0.0.1", ActionCancel, map[string]any{}, nil)
		go func() { done <- panics(func() { s.ServeHTTP(httptest.NewRecorder(), r) }) }()
		time.Sleep(time.Second) // Past the latency.
		if log := s.Requests(); len(log) != 3 || log[2].Done || log[2].Fault != "hang" {
			t.Errorf("a hanging call must be in the log: %+v", log[len(log)-1])
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if finished != 3 {
			t.Errorf("Close returned after %d of 3 handlers", finished)
		}
		if !<-done {
			t.Error("a hang that Close releases must not be answered")
		}
		if !panics(func() { s.ServeHTTP(httptest.NewRecorder(), r) }) {
			t.Error("a closed server answers")
		}
	})
}
