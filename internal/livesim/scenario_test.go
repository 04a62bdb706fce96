// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestParseFault(t *testing.T) {
	t.Parallel()
	for spec, want := range map[string]Fault{
		"CancelCommonMixStream:InternalError:2": {Action: ActionCancel, Error: &APIError{"InternalError", "injected by livesim"}, Times: 2},
		"*:502":                                 {Status: 502, Times: 1},
		"metadata:hang:forever":                 {Action: ActionMetadata, Hang: true, Times: -1},
		"*:cut:after":                           {Cut: true, Times: 1, After: true},
		"*:delay=2s:3:after":                    {Delay: 2 * time.Second, Times: 3, After: true},
		"AssumeRole:foreign=null":               {Action: ActionAssumeRole, Foreign: "null", Times: 1},
		"*:truncate":                            {Truncate: true, Times: 1},
		"*:silence":                             {Silence: true, Times: 1},
		"*:not-json":                            {NotJSON: true, Times: 1},
	} {
		got, err := ParseFault(spec)
		if err != nil {
			t.Errorf("%s: %v", spec, err)
			continue
		}
		if got.Error != nil && want.Error != nil && *got.Error == *want.Error {
			got.Error, want.Error = nil, nil
		}
		if got != want {
			t.Errorf("%s: %+v, want %+v", spec, got, want)
		}
	}
	for spec, want := range map[string]string{
		"":                   "ACTION:WHAT",
		"*":                  "ACTION:WHAT",
		"*:":                 "ACTION:WHAT",
		"Cancel:cut":         "is no action",
		"*:nothing":          "capital letter",
		"*:200":              "201 to 599",
		"*:delay=soon":       "duration",
		"*:delay=0s":         "an effect or a delay",
		"*:foreign=":         "needs a name",
		"*:foreign=nothing":  "no foreign answer",
		"*:cut:0":            "number of calls",
		"*:cut:x":            "number of calls",
		"*:cut:1:2":          "more parts",
		"*:cut:after:after":  "number of calls",
		"*:Internal Error:2": "capital letter",
	} {
		if _, err := ParseFault(spec); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", spec, err, want)
		}
	}
}

func TestChaosStrikesAsOftenAsItSays(t *testing.T) {
	t.Parallel()
	spared := 1.0
	for _, f := range Chaos(0.1) {
		if err := f.checkRandom(); err != nil {
			t.Error(err)
		}
		spared *= 1 - f.Probability
	}
	if math.Abs(spared-0.9) > 1e-9 {
		t.Errorf("a call is spared with %v", spared)
	}
}

func TestScenario(t *testing.T) {
	t.Parallel()
	sc, err := ParseScenario([]byte(`{
		"streams": [{"publish": ["x", "y"], "long_since": true}, {"forbid": ["z"]}],
		"faults": [{"action": "CancelCommonMixStream", "error": {"code": "InternalError"}}],
		"chaos": {"probability": 0, "seed": 1},
		"steps": [
			{"at": "30s", "streams": [{"unpublish": ["x"]}]},
			{"at": "30s", "faults": [{"status": 502}]},
			{"at": "10m", "streams": [{"unpublish": ["y"]}], "advance": "15m"}
		]}`))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		if err := s.Begin(sc); err != nil {
			t.Fatal(err)
		}
		played := make(chan error)
		go func() { played <- s.Play(t.Context(), sc) }()
		c.create("", "room", inputs(input("x", 1), input("y", 2)))
		time.Sleep(10 * time.Second)
		c.cancel("InternalError", "room")
		if got := c.state("x") + c.state("z"); got != "activeforbid" {
			t.Errorf("states %s", got)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if a := c.do(ActionOnlineList, map[string]any{}); a.status != 502 {
			t.Errorf("status %d", a.status)
		}
		if got := c.state("x") + c.state("y"); got != "inactiveactive" {
			t.Errorf("states %s", got)
		}
		s.Advance(10 * time.Minute) // Brings the last step forward.
		if err := <-played; err != nil {
			t.Error(err)
		}
		if ended := s.Ended(); len(ended) != 1 || ended[0].Reason != ReasonAutoEnded {
			t.Errorf("ended %+v", ended)
		}
	})
}

func TestScenarioEndsWithItsContext(t *testing.T) {
	t.Parallel()
	sc, err := ParseScenario([]byte(`{"steps":[{"at":"1h","advance":"1s"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	synctest.Test(t, func(t *testing.T) {
		s, _ := serve(t, nil)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if err := s.Play(ctx, sc); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		closing := New(DefaultOptions())
		time.AfterFunc(time.Minute, func() { _ = closing.Close() })
		if err := closing.Play(t.Context(), sc); err != nil {
			t.Errorf("error %v", err)
		}
	})
}

func TestScenarioMistakes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"stream":[]}`:                      `unknown field "stream"`,
		`[]`:                                 "cannot unmarshal",
		`{"streams":[{"publish":["a"]},{}]}`: "streams[1]: one of publish",
		`{"faults":[{"cut":true},{}]}`:       "faults[1]: a fault needs",
		`{"faults":[{"action":"Cancel","cut":true}]}`:                       "faults[0].action",
		`{"faults":[{"cut":true,"probability":1}]}`:                         "faults[0].probability",
		`{"chaos":{"probability":2}}`:                                       "chaos.probability",
		`{"steps":[{"at":"1s"}]}`:                                           "steps[0]: it needs",
		`{"steps":[{"at":"-1s","advance":"1s"}]}`:                           "steps[0]: at and advance",
		`{"steps":[{"at":"soon"}]}`:                                         "steps[0]",
		`{"steps":[{"at":"1s","faults":[{"hung":true}]}]}`:                  `steps[0]: json: unknown field "hung"`,
		`{"steps":[{"at":"1s","faults":[{}]}]}`:                             "steps[0].faults[0]: a fault needs",
		`{"steps":[{"at":"2s","advance":"1s"},{"at":"1s","advance":"1s"}]}`: "steps[1].at",
	} {
		if _, err := ParseScenario([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}
