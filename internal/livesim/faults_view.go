// SPDX-License-Identifier: MPL-2.0

package livesim

import "maps"

// faultsView is the faults as the admin API shows them.
type faultsView struct {
	Queued   []faultView    `json:"queued"`
	Random   []faultView    `json:"random"`
	Injected map[string]int `json:"injected"` // those that struck, by name
}

type faultView struct {
	Name        string  `json:"name"`
	Action      string  `json:"action"`         // "": any.
	Times       int     `json:"times"`          // remaining times; negative: unlimited
	Code        string  `json:"code,omitempty"` // of an API error
	Probability float64 `json:"probability,omitempty"`
}

func (f *Fault) view() faultView {
	v := faultView{Name: f.Name(), Action: f.Action, Times: f.Times}
	if f.Error != nil {
		v.Code = f.Error.Code
	}
	return v
}

func (s *Server) faultsView(random bool) faultsView {
	v := faultsView{Queued: []faultView{}, Random: []faultView{}, Injected: maps.Clone(s.faults.injected)}
	for i := range s.faults.queue {
		v.Queued = append(v.Queued, s.faults.queue[i].view())
	}
	if !random {
		return v
	}
	for i := range s.faults.random {
		shown := s.faults.random[i].view()
		shown.Probability = s.faults.random[i].Probability
		v.Random = append(v.Random, shown)
	}
	return v
}

func (s *Server) faultsShown() faultsView {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faultsView(true)
}

// faultsChanged reports a change of the faults, without the random ones: there can be many, and each call can meet one.
func (s *Server) faultsChanged() {
	s.emit(s.clock.now(), EventFaults, s.faultsView(false))
}
