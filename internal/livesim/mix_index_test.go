// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestIndexIsWhatALookAtEverySessionFinds changes streams and sessions at random, sessions that feed one another and
// circles among them, and works everything out anew after each step.
func TestIndexIsWhatALookAtEverySessionFinds(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		o := DefaultOptions()
		o.PushSettle, o.CancelAfterCreate, o.ReuseAfterCancel, o.Quota, o.MaxSessionsPerStream = 0, 0, 0, nil, 0
		o.AutoEnd = time.Minute
		o.AnyStreamPushes = rapid.Bool().Draw(rt, "any")
		s := New(o)
		defer func() { _ = s.Close() }()
		c := newClient(t, s)
		streams := []string{"a", "b", "c", "m0_out", "m1_out", "m2_out", "m3_out"}
		for range rapid.IntRange(1, 40).Draw(rt, "steps") {
			name := rapid.SampledFrom(streams).Draw(rt, "stream")
			id := fmt.Sprintf("m%d", rapid.IntRange(0, 3).Draw(rt, "session"))
			switch rapid.IntRange(0, 6).Draw(rt, "step") {
			case 0:
				s.Publish(name)
			case 1:
				s.Unpublish(name)
			case 2:
				s.Forbid(name)
			case 3:
				c.do(ActionCancel, map[string]any{"MixStreamSessionId": id})
			case 4:
				s.Advance(time.Duration(rapid.IntRange(0, 90).Draw(rt, "seconds")) * time.Second)
			default:
				list := []any{}
				for i, in := range rapid.SliceOfNDistinct(rapid.SampledFrom(streams), 2, 4, rapid.ID[string]).Draw(rt, "inputs") {
					list = append(list, input(in, i+1))
				}
				c.do(ActionCreate, mix(id, inputs(list...)))
			}
			checkIndex(rt, s)
		}
	})
}

func checkIndex(t *rapid.T, s *Server) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	on := make(map[string]bool)
	pushes := func(in Input) bool {
		published := s.streams.published[in.Name]
		return in.real() && !s.streams.forbidden[in.Name] &&
			(published != nil && published.on || on[in.Name] || s.options.AnyStreamPushes && published == nil)
	}
	for changed := true; changed; {
		changed = false
		for _, session := range s.mix.sessions {
			if session.OutputType == 1 && !on[session.Output] && !s.streams.forbidden[session.Output] && slices.ContainsFunc(session.Inputs, pushes) {
				on[session.Output], changed = true, true
			}
		}
	}
	for name, out := range s.streams.outputs {
		if out.on != on[name] {
			t.Fatalf("the output %s is on: %t, want %t", name, out.on, on[name])
		}
	}
	links := 0
	for _, session := range s.mix.sessions {
		if s.mix.index.byOutput[session.Output] != session {
			t.Fatalf("the output of %s is not indexed", session.ID)
		}
		for _, in := range session.Inputs {
			if in.real() {
				links++
				if _, ok := s.mix.index.byInput[in.Name][session]; !ok {
					t.Fatalf("the input %s of %s is not indexed", in.Name, session.ID)
				}
			}
		}
		since, offline := s.allOffline(session)
		due, ok := s.mix.index.due[session]
		if ok != offline || ok && !due.Equal(since.Add(s.options.AutoEnd)) {
			t.Fatalf("%s ends at %s (%t), want %s (%t)", session.ID, due, ok, since.Add(s.options.AutoEnd), offline)
		}
		if ok && !slices.ContainsFunc(s.mix.index.queue, func(e dueEntry) bool { return e.session == session && e.at.Equal(due) }) {
			t.Fatalf("the end of %s is not queued", session.ID)
		}
	}
	for _, sessions := range s.mix.index.byInput {
		links -= len(sessions)
	}
	if links != 0 || len(s.mix.index.byOutput) != len(s.mix.sessions) {
		t.Fatalf("%d links too few, %d outputs of %d sessions", links, len(s.mix.index.byOutput), len(s.mix.sessions))
	}
}
