// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"time"
)

// APIError is an error that a fault answers.
type APIError struct {
	Code, Message string
}

// Fault is something that goes wrong with a call whose signature is valid, or with a metadata request. At most one of
// Error, Status, Hang, Silence, Cut, Truncate, NotJSON, Answer and Foreign may be set; Delay precedes it or stands
// alone.
type Fault struct {
	// Action is the action it applies to; "" means any, including ActionMetadata.
	Action string
	// Times is the number of calls it applies to: 0 counts as 1, a negative number is unlimited. In a RandomFault, 0 is
	// unlimited.
	Times int

	Error    *APIError     // Answer this API error. The metadata service has no messages and answers only the code.
	Status   int           // Answer this HTTP status, 201 to 599, with an HTML page; a redirect leads to another host.
	Delay    time.Duration // Wait first.
	Hang     bool          // Answer nothing until the client goes away or the server closes.
	Silence  bool          // Like Hang, and the connection goes dead: not even HTTP/2 pings are answered. Needs Start.
	Cut      bool          // Close the connection without an answer.
	Truncate bool          // Send half of the answer, then close the connection. Always after the effect.
	NotJSON  bool          // Answer HTTP status 200 with an HTML page.
	Answer   *Answer       // Answer this.
	Foreign  string        // Answer like the entry of ForeignFaults with this name.

	// After lets the call take effect before the fault strikes.
	After bool
}

// RandomFault is a fault that strikes with a probability from 0 to 1.
type RandomFault struct {
	Fault
	Probability float64
}

// faultState is guarded by Server.mu.
type faultState struct {
	queue    []Fault
	random   []RandomFault
	source   *rand.Rand
	injected map[string]int
}

func newFaultState() faultState {
	return faultState{injected: make(map[string]int)}
}

// late reports whether the fault strikes after the effect.
func (f *Fault) late() bool {
	a := f.answer()
	return f.After || f.Truncate || a != nil && a.Mangled
}

// Name returns the fault's name in Injected: error, status, hang, silence, cut, truncate, not-json, answer, foreign:
// with its name, or delay, followed by "-after" if it strikes after the effect. Truncate is always after, so its name
// has no suffix.
func (f *Fault) Name() string {
	name := "delay"
	switch {
	case f.Error != nil:
		name = "error"
	case f.Status != 0:
		name = "status"
	case f.Hang:
		name = "hang"
	case f.Silence:
		name = "silence"
	case f.Cut:
		name = "cut"
	case f.NotJSON:
		name = "not-json"
	case f.Answer != nil:
		name = "answer"
	case f.Foreign != "":
		name = "foreign:" + f.Foreign
	case f.Truncate:
		return "truncate"
	}
	if f.After {
		name += "-after"
	}
	return name
}

// check returns an error unless the fault does exactly one thing.
func (f *Fault) check() error {
	effects := 0
	for _, set := range []bool{
		f.Error != nil, f.Status != 0, f.Hang, f.Silence, f.Cut, f.Truncate, f.NotJSON, f.Answer != nil, f.Foreign != "",
	} {
		if set {
			effects++
		}
	}
	switch {
	case effects > 1:
		return errors.New("a fault has at most one of error, status, hang, silence, cut, truncate, not JSON, answer and foreign")
	case effects == 0 && f.Delay <= 0:
		return errors.New("a fault needs an effect or a delay")
	case f.Delay < 0:
		return errors.New("a fault cannot have a negative delay")
	case f.Status != 0 && (f.Status < 201 || f.Status > 599):
		return errors.New("the status of a fault is from 201 to 599")
	case f.Error != nil && f.Error.Code == "":
		return errors.New("the error of a fault needs a code")
	case f.Foreign != "" && foreignAnswer(f.Foreign) == nil:
		return fmt.Errorf("there is no foreign answer %q", f.Foreign)
	case f.Answer != nil:
		return f.Answer.check()
	}
	return nil
}

// Inject queues a fault. Each call takes the first queued fault that matches its action, so faults strike in the order
// in which they were injected. It panics if f does nothing or more than one thing.
func (s *Server) Inject(f Fault) {
	if err := f.check(); err != nil {
		panic("livesim: " + err.Error())
	}
	if f.Times == 0 {
		f.Times = 1
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.queue = append(s.faults.queue, f)
	s.faultsChanged()
}

// InjectRandom replaces the random faults. A call that takes no queued fault tries each random fault that matches its
// action, in order, until one strikes. The same seed and the same sequence of calls give the same faults. It panics
// like Inject, and on a probability outside 0 to 1.
func (s *Server) InjectRandom(seed uint64, faults ...RandomFault) {
	for _, f := range faults {
		if err := f.checkRandom(); err != nil {
			panic("livesim: " + err.Error())
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.random = nil
	for _, f := range faults {
		if f.Times == 0 {
			f.Times = -1
		}
		s.faults.random = append(s.faults.random, f)
	}
	s.faults.source = rand.New(rand.NewPCG(seed, 0))
	s.faultsChanged()
}

func (f *RandomFault) checkRandom() error {
	if !(f.Probability >= 0 && f.Probability <= 1) {
		return fmt.Errorf("the probability %v is not from 0 to 1", f.Probability)
	}
	return f.check()
}

// Injected counts the faults that struck, by Fault.Name.
func (s *Server) Injected() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.faults.injected)
}

// ClearFaults removes all pending faults, queued and random. The counts of Injected stay.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.queue, s.faults.random, s.faults.source = nil, nil, nil
	s.faultsChanged()
}

// takeFault returns the fault that strikes c, if any, and counts it.
func (s *Server) takeFault(c *call) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	fault := s.faults.next(c.request.Action)
	if fault != nil {
		c.request.Fault = fault.Name()
		s.faults.injected[c.request.Fault]++
		s.faultsChanged()
	}
	return fault
}

func (f *faultState) next(action string) *Fault {
	for i := range f.queue {
		fault := f.queue[i]
		if fault.Action != "" && fault.Action != action {
			continue
		}
		if f.queue[i].Times--; f.queue[i].Times == 0 {
			f.queue = append(f.queue[:i:i], f.queue[i+1:]...)
		}
		return &fault
	}
	for i := range f.random {
		fault := f.random[i].Fault
		if fault.Action != "" && fault.Action != action || fault.Times == 0 || f.source.Float64() >= f.random[i].Probability {
			continue
		}
		f.random[i].Times--
		return &fault
	}
	return nil
}

// inject applies f and reports whether the call is thereby over. outcome is the true answer of a call that took effect.
// To cut a connection it panics with http.ErrAbortHandler.
func (s *Server) inject(w http.ResponseWriter, c *call, f *Fault, outcome reply) bool {
	gone := c.http.Context().Done()
	if !s.sleep(gone, f.Delay) {
		panic(http.ErrAbortHandler)
	}
	switch {
	case f.Error != nil:
		s.send(w, c, c.refuse(refuse(f.Error.Code, "%s", f.Error.Message)))
	case f.Status != 0:
		s.sendForeign(w, c, statusAnswer(f.Status), outcome)
	case f.NotJSON:
		s.send(w, c, htmlReply(http.StatusOK))
	case f.Cut:
		panic(http.ErrAbortHandler)
	case f.answer() != nil:
		s.sendForeign(w, c, f.answer(), outcome)
	case f.Hang, f.Silence:
		if conn, ok := c.http.Context().Value(connKey{}).(*silentConn); ok && f.Silence {
			conn.silence()
		}
		select {
		case <-gone:
		case <-s.closing:
		}
		panic(http.ErrAbortHandler)
	case f.Truncate:
		s.note(c, outcome)
		writeHeader(w, outcome)
		_, _ = w.Write(outcome.body[:len(outcome.body)/2]) // The connection breaks anyway.
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		panic(http.ErrAbortHandler)
	default:
		return false
	}
	return true
}
