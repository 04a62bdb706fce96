// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"maps"
	"time"
)

// defaultHistory is how many finished things are remembered.
const defaultHistory = 10_000

// last drops the oldest elements of a list that exceeds the limit. The list moves to a new array as it grows, so that
// dropped elements do not stay in memory.
func last[T any](list []T, limit int) []T {
	if limit < 0 || len(list) <= limit {
		return list
	}
	return list[len(list)-limit:]
}

// forgetEnded drops the oldest ended sessions, and their outputs unless another session has used them since.
func (s *Server) forgetEnded() {
	kept := last(s.mix.ended, s.options.History)
	for _, session := range s.mix.ended[:len(s.mix.ended)-len(kept)] {
		out := s.streams.outputs[session.Output]
		if out != nil && out.SessionID == session.ID && s.mix.index.byOutput[session.Output] == nil && !out.Until.After(session.EndedAt) {
			delete(s.streams.outputs, session.Output)
		}
	}
	s.mix.ended = kept
}

// forgetCancels drops the cancels that no call can follow too soon any more, each time their number has doubled.
func (s *Server) forgetCancels(now time.Time) {
	if len(s.mix.cancelled) < max(1000, 2*s.mix.cancelsKept) {
		return
	}
	pacing := max(s.options.ReuseAfterCancel, documentedReuseAfterCancel)
	maps.DeleteFunc(s.mix.cancelled, func(_ string, at time.Time) bool { return now.Sub(at) >= pacing })
	s.mix.cancelsKept = len(s.mix.cancelled)
}

// forgetIssued drops the oldest issued credentials, except for the one that the metadata service shows.
func (s *Server) forgetIssued() {
	kept := last(s.temporary.issued, s.options.History)
	for _, i := range s.temporary.issued[:len(s.temporary.issued)-len(kept)] {
		if i != s.temporary.instance {
			delete(s.temporary.byID, i.SecretID)
		}
	}
	s.temporary.issued = kept
}
