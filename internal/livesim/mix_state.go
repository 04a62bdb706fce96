// SPDX-License-Identifier: MPL-2.0

package livesim

import "time"

// checkOutput checks the output against the existing session, the other sessions and the streams.
func (s *Server) checkOutput(session *Session) *refusal {
	if old := s.mix.sessions[session.ID]; old != nil && old.Output != session.Output {
		return s.inner(-508, "the output of session %s is %s and cannot change", session.ID, old.Output)
	}
	if other := s.mix.index.byOutput[session.Output]; other != nil && other.ID != session.ID {
		return s.inner(-300, "outputstreamid not avaliable, outputstreamid alread use as background in other sessionid")
	}
	if st := s.streams.published[session.Output]; session.OutputType == 1 && st != nil && st.on {
		return s.inner(-300, "outputstreamid not avaliable, a live stream %s exists", session.Output)
	}
	return nil
}

// checkSources checks the real inputs: each must be in few enough sessions, have been pushing for long enough, have a
// picture if one is declared, and not be too large.
func (s *Server) checkSources(session *Session, now time.Time) *refusal {
	for _, in := range session.Inputs {
		if !in.real() {
			continue
		}
		if limit := s.options.MaxSessionsPerStream; limit > 0 && s.sessionsWith(in.Name, session.ID) >= limit {
			return s.inner(-41, "the stream %s is in too many sessions", in.Name)
		}
		since, ok := s.pushing(in.Name)
		if !ok {
			return s.inner(-505, "the stream %s does not exist", in.Name)
		}
		if now.Sub(since) < s.options.PushSettle {
			return s.inner(-10031, "the stream %s has been pushing for less than %s", in.Name, s.options.PushSettle)
		}
		st := s.streams.published[in.Name]
		if st == nil || in.Type == typeAudio {
			continue
		}
		if st.AudioOnly {
			return s.inner(-507, "the size of the stream %s cannot be obtained", in.Name)
		}
		if st.Width > maxPixels || st.Height > maxPixels {
			return s.inner(-10021, "Params Error")
		}
	}
	return nil
}

// sessionsWith counts the live sessions, other than except, that have a stream as an input.
func (s *Server) sessionsWith(stream, except string) int {
	sessions := s.mix.index.byInput[stream]
	n := len(sessions)
	if own, live := s.mix.sessions[except]; live {
		if _, uses := sessions[own]; uses {
			n--
		}
	}
	return n
}
