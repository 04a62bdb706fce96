// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Input types (LayoutParams.InputType). Type 8 is documented only in WebPageUrl.
const (
	typeAudioVideo = 0
	typePicture    = 2
	typeCanvas     = 3
	typeAudio      = 4
	typeVideo      = 5
	typeWebPage    = 8
)

// Reasons for the end of a session.
const (
	ReasonCancelled = "cancelled"
	ReasonAutoEnded = "auto-ended"
	// ReasonSingleInput is a Create with one input, type 1 and without AllowCopy: the API treats it as a cancel.
	ReasonSingleInput = "single input"
)

// Session is a mix session.
type Session struct {
	ID         string    `json:"id"`
	Output     string    `json:"output"`
	OutputType int       `json:"output_type"` // 0: the output replaces the input of that name; 1: a new stream
	Template   int       `json:"template"`    // 0: custom layout
	Inputs     []Input   `json:"inputs"`      // in the order in which they were sent
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"` // the last Create that took effect
	Updates    int       `json:"updates"`    // Creates after the first
	// Params is the last Create as sent. Numbers are json.Number.
	Params map[string]any `json:"params"`
	// EndedAt and Reason are set once the session has ended.
	EndedAt time.Time `json:"ended_at,omitzero"`
	Reason  string    `json:"reason,omitempty"`
}

// Input is one input of a session. Numbers that were not sent are 0.
type Input struct {
	Name  string `json:"name"`
	Layer int    `json:"layer"`
	Type  int    `json:"type"`
	// X, Y, Width and Height are pixels, or fractions of the background if they are between 0 and 1.
	X          float64 `json:"x,omitempty"`
	Y          float64 `json:"y,omitempty"`
	Width      float64 `json:"width,omitempty"`
	Height     float64 `json:"height,omitempty"`
	Color      string  `json:"color,omitempty"`
	Watermark  int64   `json:"watermark,omitempty"`
	WebPageURL string  `json:"web_page_url,omitempty"`
	// Crop is in pixels of the source.
	Crop            Crop   `json:"crop,omitzero"`
	PortraitSegment string `json:"portrait_segment,omitempty"` // its color
}

// Crop is the part of a source that is shown.
type Crop struct {
	X      float64 `json:"x"`
	Y      float64 `json:"y"`
	Width  float64 `json:"width"`
	Height float64 `json:"height"`
}

// real reports whether the input is a live stream, not a picture, a canvas or a web page.
func (in Input) real() bool {
	return in.Type == typeAudioVideo || in.Type == typeAudio || in.Type == typeVideo
}

// visual reports whether the input has a picture; only such inputs count for a template.
func (in Input) visual() bool { return in.Type != typeAudio }

func (s *Session) clone() Session {
	c := *s
	c.Inputs = slices.Clone(s.Inputs)
	c.Params = copyParams(s.Params)
	return c
}

// mixState is guarded by Server.mu.
type mixState struct {
	sessions  map[string]*Session // live ones, by ID
	ended     []*Session          // in the order in which they ended
	cancelled map[string]time.Time
	// cancelsKept is how many cancels were left after the last clean-up.
	cancelsKept int
	violations  []Violation
	index       mixIndex
}

func newMixState() mixState {
	return mixState{sessions: make(map[string]*Session), cancelled: make(map[string]time.Time), index: newMixIndex()}
}

// Sessions returns the live sessions, sorted by ID.
func (s *Server) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.clock.now())
	live := []Session{}
	for _, id := range slices.Sorted(maps.Keys(s.mix.sessions)) {
		live = append(live, s.mix.sessions[id].clone())
	}
	return live
}

// Session returns a live session.
func (s *Server) Session(id string) (Session, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.clock.now())
	session, ok := s.mix.sessions[id]
	if !ok {
		return Session{}, false
	}
	return session.clone(), true
}

// Ended returns the ended sessions, oldest first. A session ID can occur more than once.
func (s *Server) Ended() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.clock.now())
	ended := []Session{}
	for _, session := range s.mix.ended {
		ended = append(ended, session.clone())
	}
	return ended
}

// createMix is CreateCommonMixStream (page 267/43404): it starts a session, changes the live one with that ID, or ends
// it if only one input is left.
func (s *Server) createMix(c *call, now time.Time) (map[string]any, *refusal) {
	req, err := decodeParams[mixRequest](c.params)
	if err != nil {
		return nil, refuse(codeInvalidParameter, "%s", err)
	}
	if r := s.checkFields(&req); r != nil {
		return nil, r
	}
	if req.cancels() {
		return nil, s.endByRequest(req.MixStreamSessionID, now, ActionCreate, ReasonSingleInput)
	}
	session := req.session()
	if r := s.checkComposition(&req, session); r != nil {
		return nil, r
	}
	if r := s.checkGeometry(session); r != nil {
		return nil, r
	}
	if r := s.paceCreate(session.ID, now); r != nil {
		return nil, r
	}
	if r := s.checkOutput(session); r != nil {
		return nil, r
	}
	if r := s.checkSources(session, now); r != nil {
		return nil, r
	}

	session.CreatedAt, session.UpdatedAt, session.Params = now, now, c.params
	if old := s.mix.sessions[session.ID]; old != nil {
		session.CreatedAt, session.Updates = old.CreatedAt, old.Updates+1
		s.mix.index.remove(old)
	}
	s.mix.sessions[session.ID] = session
	s.mix.index.add(session)
	s.addOutput(session)
	s.reschedule(session)
	s.refresh(now, session.Output)
	s.emit(now, EventSession, s.view(session, false))
	return nil, nil
}

// addOutput registers the output of a type-1 session as a stream. An output that is already known keeps its times.
func (s *Server) addOutput(session *Session) {
	if session.OutputType != 1 {
		return
	}
	out := s.streams.outputs[session.Output]
	if out == nil {
		out = &Stream{Name: session.Output, App: defaultApp}
		s.streams.outputs[session.Output] = out
	}
	out.SessionID = session.ID
	out.Domain = s.options.OutputDomain
	if out.Domain != "" {
		return
	}
	inputs := slices.DeleteFunc(slices.Clone(session.Inputs), func(in Input) bool { return !in.real() })
	if len(inputs) == 0 {
		return
	}
	lowest := slices.MinFunc(inputs, func(a, b Input) int { return cmp.Compare(a.Layer, b.Layer) })
	for _, st := range []*Stream{s.streams.outputs[lowest.Name], s.streams.published[lowest.Name]} {
		if st != nil {
			out.Domain = st.Domain // The published one, if there are both.
		}
	}
}

type cancelRequest struct {
	MixStreamSessionID string `json:"MixStreamSessionId"`
}

// cancelMix is CancelCommonMixStream (page 267/43405).
func (s *Server) cancelMix(c *call, now time.Time) (map[string]any, *refusal) {
	req, err := decodeParams[cancelRequest](c.params)
	if err != nil {
		return nil, refuse(codeInvalidParameter, "%s", err)
	}
	if !validName(req.MixStreamSessionID) {
		return nil, invalidSessionID()
	}
	return nil, s.endByRequest(req.MixStreamSessionID, now, ActionCancel, ReasonCancelled)
}

// endByRequest ends a session on behalf of a caller.
func (s *Server) endByRequest(id string, now time.Time, action, reason string) *refusal {
	session := s.mix.sessions[id]
	if session == nil {
		return s.cancelNotExist()
	}
	if r := s.paceCancel(session, now, action); r != nil {
		return r
	}
	s.end(session, now, reason)
	s.mix.cancelled[id] = now
	s.forgetCancels(now)
	return nil
}

func (s *Server) end(session *Session, at time.Time, reason string) {
	delete(s.mix.sessions, session.ID)
	session.EndedAt, session.Reason = at, reason
	s.mix.index.remove(session)
	s.mix.ended = append(s.mix.ended, session)
	s.refresh(at, session.Output)
	s.emit(at, EventSession, s.view(session, false))
	s.forgetEnded()
}

// settle ends, in order of time and then of ID, the sessions whose inputs have all been offline for Options.AutoEnd. An
// ended session can take the input of another one offline, so it looks again after each.
func (s *Server) settle(now time.Time) {
	if s.options.AutoEnd == 0 {
		return
	}
	for {
		session, at := s.mix.index.next(now)
		if session == nil {
			return
		}
		s.end(session, at, ReasonAutoEnded)
	}
}

// allOffline reports whether no input of the session pushes, and since when. A session without real inputs counts as
// offline since it was sent.
func (s *Server) allOffline(session *Session) (since time.Time, offline bool) {
	if slices.ContainsFunc(session.Inputs, s.inputPushes) {
		return time.Time{}, false
	}
	since = session.UpdatedAt
	for _, in := range session.Inputs {
		if at := s.offlineSince(in.Name); in.real() && at.After(since) {
			since = at
		}
	}
	return since, true
}
