// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"crypto/rand"
	"strconv"
	"strings"
	"time"
)

// Types of events.
const (
	EventSession   = "session"   // A session was created or changed, one of its streams came or went, or it ended.
	EventStream    = "stream"    // A stream was published, stopped or forbidden, or an output came or went.
	EventRequest   = "request"   // A request was answered. Its parameters are omitted.
	EventViolation = "violation" // A call came too soon.
	EventFaults    = "faults"    // Faults were set, struck or were removed.
	EventClock     = "clock"     // The clock was moved.
	EventReset     = "reset"     // Everything was reset.
)

// eventHistory is how many events can be replayed.
const eventHistory = 4096

// event is something that happened. Its data is never changed.
type event struct {
	number uint64
	Time   time.Time `json:"time"` // simulated
	Type   string    `json:"type"`
	Data   any       `json:"data"`
}

// feed holds the latest events. It is guarded by Server.mu.
type feed struct {
	// run distinguishes the IDs of this server from those of an earlier one at the same address.
	run    string
	count  uint64 // of all events so far; it is the number of the last one
	recent []event
	wake   chan struct{} // closed with the next event; nil if nobody waits
}

func newFeed() feed { return feed{run: strings.ToLower(rand.Text()[:8])} }

// emit records an event.
func (s *Server) emit(at time.Time, kind string, data any) {
	f := &s.feed
	f.count++
	f.recent = last(append(f.recent, event{f.count, at, kind, data}), eventHistory)
	if f.wake != nil {
		close(f.wake)
		f.wake = nil
	}
}

// after returns the events after a number, whether they are complete, and a channel to wait for the next one.
func (s *Server) after(number uint64) (events []event, complete bool, wake <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := &s.feed
	if f.wake == nil {
		f.wake = make(chan struct{})
	}
	missing := f.count - number // modulo 2^64: a number from the future counts as far too old
	if missing > uint64(len(f.recent)) {
		return nil, false, f.wake
	}
	return append(events, f.recent[uint64(len(f.recent))-missing:]...), true, f.wake
}

// id returns the ID of an event in the feed.
func (f *feed) id(number uint64) string { return f.run + "-" + strconv.FormatUint(number, 10) }

// number is the inverse of id. ok is false for an ID of another server.
func (f *feed) number(id string) (number uint64, ok bool) {
	run, digits, _ := strings.Cut(id, "-")
	number, err := strconv.ParseUint(digits, 10, 64)
	return number, err == nil && run == f.run
}

// sessionView is a session as the admin API shows it.
type sessionView struct {
	Session

	Inputs []inputView `json:"inputs"`
	OnAir  bool        `json:"on_air"` // the output is live
}

type inputView struct {
	Input

	OnAir bool `json:"on_air"` // the stream pushes; always true for an input that is not a stream
}

// view shows a session. Without its parameters, the view fits into an event.
func (s *Server) view(session *Session, params bool) sessionView {
	v := sessionView{Session: *session, Inputs: make([]inputView, 0, len(session.Inputs))}
	if !params {
		v.Params = nil
	}
	for _, in := range session.Inputs {
		pushes := s.inputPushes(in)
		v.OnAir = v.OnAir || pushes
		v.Inputs = append(v.Inputs, inputView{in, pushes || !in.real()})
	}
	v.OnAir = v.OnAir && session.EndedAt.IsZero() && !s.streams.forbidden[session.Output]
	return v
}

// announce reports streams that may have changed, and the sessions that they feed.
func (s *Server) announce(at time.Time, names []string) {
	told := make(map[*Session]bool)
	for _, name := range names {
		for _, st := range []*Stream{s.streams.published[name], s.streams.outputs[name]} {
			if st != nil {
				s.emit(at, EventStream, s.shown(st))
			}
		}
		for session := range s.mix.index.byInput[name] {
			if !told[session] {
				told[session] = true
				s.emit(at, EventSession, s.view(session, false))
			}
		}
	}
}
