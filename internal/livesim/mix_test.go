// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

func TestSessionLife(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		start := s.Now()
		first := mix("room", set("MixStreamTemplateId", 20), set("OutputParams.OutputStreamBitRate", 1500))
		if a := c.want("", ActionCreate, first); len(a.response) != 1 {
			t.Errorf("the answer has more than a RequestId: %v", a.response)
		}
		s.Advance(time.Minute)
		c.create("", "room", inputs(
			input("b", 1), input("a", 2, "LocationX", 0.5, "LocationY", 20, "ImageWidth", 320, "ImageHeight", 0.25)))
		got, ok := s.Session("room")
		if !ok {
			t.Fatal("no session")
		}
		got.Params = nil
		want := Session{
			ID: "room", Output: "room_out", OutputType: 1, CreatedAt: start, UpdatedAt: start.Add(time.Minute), Updates: 1,
			Inputs: []Input{{Name: "b", Layer: 1}, {Name: "a", Layer: 2, X: 0.5, Y: 20, Width: 320, Height: 0.25}},
		}
		got.CreatedAt, got.UpdatedAt = got.CreatedAt.Round(0), got.UpdatedAt.Round(0)
		want.CreatedAt, want.UpdatedAt = want.CreatedAt.Round(0), want.UpdatedAt.Round(0)
		if !reflect.DeepEqual(got, want) {
			t.Errorf("session %+v\nwant    %+v", got, want)
		}
		if session, _ := s.Session("room"); session.Params["MixStreamTemplateId"] != nil {
			t.Error("an update must replace the whole request")
		}

		s.Advance(time.Minute)
		c.cancel("", "room")
		if _, ok := s.Session("room"); ok || len(s.Sessions()) != 0 {
			t.Error("the session outlived its cancel")
		}
		ended := s.Ended()
		if len(ended) != 1 || ended[0].Reason != ReasonCancelled || !ended[0].EndedAt.Equal(start.Add(2*time.Minute)) {
			t.Errorf("ended: %+v", ended)
		}
		c.cancel("FailedOperation.CancelSessionNotExist", "room")

		s.Advance(time.Minute)
		c.create("", "room")
		if session, _ := s.Session("room"); session.Updates != 0 || !session.CreatedAt.Equal(start.Add(3*time.Minute)) {
			t.Errorf("a reused ID is a new session, got %+v", session)
		}
	})
}

// TestSessionCopies checks that callers cannot reach into the state.
func TestSessionCopies(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	c.create("", "room")
	session, _ := s.Session("room")
	session.Inputs[0].Name = "changed"
	session.Params["OutputParams"].(map[string]any)["OutputStreamName"] = "changed"
	log := s.Requests()
	log[0].Params["InputStreamList"].([]any)[0] = "changed"
	again, _ := s.Session("room")
	if again.Inputs[0].Name != "a" || again.Params["OutputParams"].(map[string]any)["OutputStreamName"] != "room_out" {
		t.Errorf("the state was changed from outside: %+v", again)
	}
	if name, _ := s.Requests()[0].Param("InputStreamList.0.InputStreamName"); name != "a" {
		t.Errorf("the log was changed from outside: %v", name)
	}
}

func TestCancelNotExist(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		option string
		style  ErrorStyle
		code   string
		text   string
	}{
		{"", DedicatedCodes, "FailedOperation.CancelSessionNotExist", ""},
		{"FailedOperation.CancelSessionNotExist", InvalidParameterInner, "FailedOperation.CancelSessionNotExist", ""},
		{"InvalidParameter.CancelSessionNotExist", OtherErrorInner, "InvalidParameter.CancelSessionNotExist", ""},
		{"-30300", DedicatedCodes, "InvalidParameter.OtherError", "InnerErrCode:[ -30300 ],InnerErrMsg: ["},
		{"-31001", OtherErrorInner, "InvalidParameter.OtherError", "InnerErrCode:[ -31001 ],InnerErrMsg: ["},
		{"-31002", InvalidParameterInner, "InvalidParameter", "err_code [ -31002 ],msg ["},
	} {
		t.Run(fmt.Sprint(tc.option, tc.style), func(t *testing.T) {
			t.Parallel()
			s, c := serve(t, func(o *Options) { o.CancelNotExist, o.Errors = tc.option, tc.style })
			a := c.want(tc.code, ActionCancel, map[string]any{"MixStreamSessionId": "room"})
			if len(a.message) < len(tc.text) || a.message[:len(tc.text)] != tc.text {
				t.Errorf("message %q, want it to begin with %q", a.message, tc.text)
			}
			// A Create that the API takes for a cancel answers the same.
			c.create(tc.code, "room", inputs(input("a", 1)))
			if log := s.Requests(); log[1].InnerCode == 0 {
				t.Error("no inner code in the log")
			}
		})
	}
	_, c := serve(t, nil)
	c.cancel("InvalidParameter", "room-1")
}

func TestSingleInput(t *testing.T) {
	t.Parallel()
	s, c := serve(t, pacingOff)
	c.create("", "room")
	c.create("", "room", inputs(input("a", 1)), set("ControlParams.AllowCopy", 1))
	if session, ok := s.Session("room"); !ok || len(session.Inputs) != 1 || session.Updates != 1 {
		t.Errorf("a copy must keep the session, got %+v", session)
	}
	c.create("", "room", inputs(input("a", 1)), set("ControlParams.AllowCopy", 0))
	if ended := s.Ended(); len(ended) != 1 || ended[0].Reason != ReasonSingleInput {
		t.Errorf("ended: %+v", ended)
	}
	c.create("FailedOperation.CancelSessionNotExist", "room", inputs(input("a", 1)))
}

func TestOutputs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, code string
		inner      int
		id         string
		edits      []edit
	}{
		{"same session, same output", "", 0, "room", nil},
		{"same session, other output", "InvalidParameter.SessionOutputStreamChanged", -508, "room", []edit{output("c", 1)}},
		{"output of another session", "InvalidParameter.InvalidOutputStreamID", -300, "other", []edit{output("room_out", 1)}},
		{"live stream", "InvalidParameter.InvalidOutputStreamID", -300, "other", []edit{output("c", 1)}},
		{"background and output of another session", "InvalidParameter.InvalidOutputStreamID", -300, "other", []edit{output("d", 0), inputs(input("d", 1), input("a", 2))}},
		{"stream that is no more", "", 0, "other", []edit{output("gone", 1)}},
		{"other input of another session", "", 0, "other", []edit{output("a", 0)}},
		{"output as input", "", 0, "other", []edit{inputs(input("room_out", 1), input("a", 2))}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, style := range []ErrorStyle{DedicatedCodes, OtherErrorInner, InvalidParameterInner} {
				s, c := serve(t, func(o *Options) { o.Errors = style })
				s.Publish("c", LongSince())
				s.Publish("d", LongSince())
				s.Publish("gone", LongSince())
				s.Unpublish("gone")
				c.create("", "room")
				c.create("", "in_place", output("d", 0), inputs(input("d", 1), input("b", 2)))
				s.Advance(time.Minute)
				code, _ := styledCode(style, tc.inner, tc.code)
				c.create(code, tc.id, tc.edits...)
			}
		})
	}
}

func TestNotReady(t *testing.T) {
	t.Parallel()
	for _, style := range []ErrorStyle{DedicatedCodes, OtherErrorInner, InvalidParameterInner} {
		synctest.Test(t, func(t *testing.T) {
			s, c := serve(t, func(o *Options) { o.Errors = style })
			want := func(inner int, dedicated string) {
				t.Helper()
				code, text := styledCode(style, inner, dedicated)
				if a := c.want(code, ActionCreate, mix("room", inputs(input("a", 1), input("new", 2)))); a.message[:len(text)] != text {
					t.Errorf("message %q, want it to begin with %q", a.message, text)
				}
			}
			want(-505, "FailedOperation.StreamNotExist")
			s.Publish("new")
			want(-10031, "FailedOperation.ProcessMixError")
			s.Advance(5*time.Second - 1)
			want(-10031, "FailedOperation.ProcessMixError")
			s.Forbid("new")
			want(-505, "FailedOperation.StreamNotExist")
			s.Publish("new")
			s.Advance(5 * time.Second)
			want(0, "")
			s.Unpublish("new")
			want(-505, "FailedOperation.StreamNotExist")
			// Names of pictures and canvases are no streams.
			c.create("", "other", inputs(input("a", 1), input("nobody", 2, "InputType", 3, "ImageWidth", 9, "ImageHeight", 9)))
		})
	}
}

func TestSessionsPerStream(t *testing.T) {
	t.Parallel()
	for _, style := range []ErrorStyle{DedicatedCodes, OtherErrorInner, InvalidParameterInner} {
		s, c := serve(t, func(o *Options) { pacingOff(o); o.Errors = style })
		s.Publish("d", LongSince())
		for i := range 19 {
			c.create("", fmt.Sprint("room", i), inputs(input("a", 1), input("d", 2)))
		}
		code, text := styledCode(style, -41, "InvalidParameter.OtherError")
		a := c.want(code, ActionCreate, mix("room19", inputs(input("d", 1), input("b", 2))))
		if a.message[:len(text)] != text {
			t.Errorf("message %q", a.message)
		}
		c.create("", "room0", inputs(input("d", 1), input("b", 2))) // An update of one of the 19.
		c.cancel("", "room7")
		c.create("", "room19", inputs(input("d", 1), input("b", 2)))
	}
	s, c := serve(t, func(o *Options) { o.MaxSessionsPerStream = 0 })
	for i := range 25 {
		c.create("", fmt.Sprint("room", i))
	}
	if n := len(s.Sessions()); n != 25 {
		t.Errorf("%d sessions without a limit", n)
	}
}

func TestAutoEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		s.Publish("d", LongSince())
		start := s.Now()
		c.create("", "room")
		c.create("", "other", inputs(input("d", 1), input("b", 2)))
		s.Advance(5 * time.Second) // The output of room settles.
		c.create("", "chained", inputs(input("room_out", 1), input("room_out", 2)))

		s.Unpublish("a")
		s.Advance(24 * time.Hour)
		if n := len(s.Sessions()); n != 3 {
			t.Fatalf("%d sessions while an input is online, want 3", n)
		}
		s.Unpublish("b") // The last input of room, and with its output that of chained.
		s.Advance(15*time.Minute - 1)
		s.Publish("b")
		s.Advance(time.Hour)
		if n := len(s.Sessions()); n != 3 {
			t.Fatalf("%d sessions after an input came back, want 3", n)
		}
		s.Unpublish("b")
		off := s.Now()
		s.Advance(time.Hour) // Far beyond: the end is dated by its time all the same.
		ended := s.Ended()
		if len(ended) != 2 || len(s.Sessions()) != 1 {
			t.Fatalf("ended %+v", ended)
		}
		for _, session := range ended {
			if session.Reason != ReasonAutoEnded || !session.EndedAt.Equal(off.Add(15*time.Minute)) {
				t.Errorf("%s ended %s after the last input, reason %q", session.ID, session.EndedAt.Sub(off), session.Reason)
			}
		}
		c.cancel("FailedOperation.CancelSessionNotExist", "room")
		s.Publish("a", LongSince())
		s.Publish("b", LongSince())
		c.create("", "room") // An end by itself asks for no wait before a reuse.
		if len(s.Violations()) != 0 || s.Now().Before(start) {
			t.Errorf("violations %+v", s.Violations())
		}
	})
}

// TestAutoEndOrder checks that one large step ends sessions in order of time, and those without real inputs as well.
func TestAutoEndOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		start := s.Now()
		size := []any{"InputType", 3, "ImageWidth", 9, "ImageHeight", 9}
		c.create("", "z", output("b", 0), inputs(input("b", 1), input("b", 2)))
		s.Advance(time.Minute)
		c.create("", "pictures", inputs(input("c", 1, size...), input("d", 2, size...)))
		s.Unpublish("b")
		s.Advance(time.Minute)
		c.create("", "a", output("a", 0), inputs(input("a", 1), input("a", 2)))
		s.Unpublish("a")
		s.Advance(time.Hour)
		var got []string
		for _, session := range s.Ended() {
			got = append(got, fmt.Sprint(session.ID, " ", session.EndedAt.Sub(start)))
		}
		if want := []string{"pictures 16m0s", "z 16m0s", "a 17m0s"}; !slices.Equal(got, want) {
			t.Errorf("ended %v, want %v", got, want)
		}
	})
}

func TestAutoEndOff(t *testing.T) {
	t.Parallel()
	s, c := serve(t, func(o *Options) { o.AutoEnd = 0 })
	c.create("", "room")
	s.Unpublish("a")
	s.Unpublish("b")
	s.Advance(1000 * time.Hour)
	if len(s.Sessions()) != 1 {
		t.Error("the session ended")
	}
}

// TestRealTime checks that real time alone ends a session, without Advance.
func TestRealTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		c.create("", "room")
		s.Unpublish("a")
		s.Unpublish("b")
		time.Sleep(15 * time.Minute)
		if ended := s.Ended(); len(ended) != 1 {
			t.Errorf("ended %+v", ended)
		}
	})
}

// TestInvariants drives the state at random and checks what must always hold.
func TestInvariants(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		o := DefaultOptions()
		o.Quota = nil
		s := New(o)
		c := newClient(t, s)
		names := rapid.SampledFrom([]string{"a", "b", "x_out", "y_out"})
		sessions := rapid.SampledFrom([]string{"x", "y", "z"})
		created, gone := 0, 0
		rt.Repeat(map[string]func(*rapid.T){
			"publish":   func(rt *rapid.T) { s.Publish(names.Draw(rt, "stream"), LongSince()) },
			"unpublish": func(rt *rapid.T) { s.Unpublish(names.Draw(rt, "stream")) },
			"forbid":    func(rt *rapid.T) { s.Forbid(names.Draw(rt, "stream")) },
			"advance": func(rt *rapid.T) {
				s.Advance(time.Duration(rapid.IntRange(0, 1200).Draw(rt, "seconds")) * time.Second)
			},
			"create": func(rt *rapid.T) {
				id := sessions.Draw(rt, "session")
				_, update := s.Session(id)
				a := c.do(ActionCreate, mix(id, inputs(input(names.Draw(rt, "first"), 1), input(names.Draw(rt, "second"), 2))))
				if a.code == "" && !update {
					created++
				}
			},
			"cancel": func(rt *rapid.T) {
				c.do(ActionCancel, map[string]any{"MixStreamSessionId": sessions.Draw(rt, "session")})
			},
			"": func(rt *rapid.T) {
				outputs, now := make(map[string]bool), s.Now()
				for _, session := range s.Sessions() {
					if outputs[session.Output] {
						rt.Fatalf("two sessions have the output %s", session.Output)
					}
					outputs[session.Output] = true
					s.mu.Lock()
					since, offline := s.allOffline(s.mix.sessions[session.ID])
					live := s.streams.outputs[session.Output].on
					forbidden := s.streams.forbidden[session.Output]
					s.mu.Unlock()
					if offline && now.Sub(since) >= o.AutoEnd {
						rt.Fatalf("%s has been offline for %s", session.ID, now.Sub(since))
					}
					if live != (!offline && !forbidden) {
						rt.Fatalf("output of %s is live: %t, inputs offline: %t", session.ID, live, offline)
					}
				}
				for _, st := range s.Streams() {
					if st.SessionID != "" && st.State == "active" && !outputs[st.Name] {
						rt.Fatalf("the output %s outlived its session", st.Name)
					}
				}
				gone = len(s.Ended())
				if live := len(s.Sessions()); live+gone != created {
					rt.Fatalf("%d created, %d live, %d ended", created, live, gone)
				}
			},
		})
	})
}

func TestRequestAsSent(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	c.create("", "room", set("OutputParams.OutputStreamBitRate", 1500))
	session, _ := s.Session("room")
	r := Request{Params: session.Params}
	if rate, sent := r.Param("OutputParams.OutputStreamBitRate"); !sent || rate != json.Number("1500") {
		t.Errorf("bitrate %v, sent %t", rate, sent)
	}
	for _, path := range []string{"OutputParams.OutputStreamGop", "InputStreamList.2", "InputStreamList.x", "MixStreamSessionId.x", "Nothing.x"} {
		if value, sent := r.Param(path); sent {
			t.Errorf("%s = %v was not sent", path, value)
		}
	}
}
