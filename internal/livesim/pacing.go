// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"cmp"
	"time"
)

// Pacing rules that a call can break.
const (
	RuleCancelAfterCreate = "cancel after create"
	RuleReuseAfterCancel  = "reuse after cancel"
)

// Violation is a call that came sooner than Tencent allows.
type Violation struct {
	Time      time.Time     `json:"time"`
	Action    string        `json:"action"` // CreateCommonMixStream with one input can be a cancel
	SessionID string        `json:"session_id"`
	Rule      string        `json:"rule"`
	Elapsed   time.Duration `json:"elapsed_ns"`
	Required  time.Duration `json:"required_ns"`
	Refused   bool          `json:"refused"`
}

// Violations returns the calls that broke a pacing rule. If the rule is switched off, its documented duration counts,
// and the call is not refused.
func (s *Server) Violations() []Violation {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Violation{}, s.mix.violations...)
}

func (s *Server) paceCancel(session *Session, now time.Time, action string) *refusal {
	return s.pace(session.UpdatedAt, now, s.options.CancelAfterCreate, Violation{
		Action: action, SessionID: session.ID, Rule: RuleCancelAfterCreate, Required: documentedCancelAfterCreate,
	})
}

// paceCreate considers only cancels: a session that ended by itself requires no wait.
func (s *Server) paceCreate(id string, now time.Time) *refusal {
	cancelled, ok := s.mix.cancelled[id]
	if !ok || s.mix.sessions[id] != nil {
		return nil
	}
	return s.pace(cancelled, now, s.options.ReuseAfterCancel, Violation{
		Action: ActionCreate, SessionID: id, Rule: RuleReuseAfterCancel, Required: documentedReuseAfterCancel,
	})
}

// pace refuses, or only counts, a call at now that came too soon after since. v.Required is the documented duration,
// which applies if option is 0.
func (s *Server) pace(since, now time.Time, option time.Duration, v Violation) *refusal {
	v.Time, v.Elapsed, v.Required, v.Refused = now, now.Sub(since), cmp.Or(option, v.Required), option > 0
	if v.Elapsed >= v.Required {
		return nil
	}
	s.mix.violations = last(append(s.mix.violations, v), s.options.History)
	s.emit(now, EventViolation, v)
	if !v.Refused {
		return nil
	}
	return refuse(codeOther, "pacing, %s: session %s needs %s, only %s have passed (Tencent asks callers to wait and "+
		"does not document an answer; this one is the simulator's choice)", v.Rule, v.SessionID, v.Required, v.Elapsed.Round(time.Millisecond))
}
