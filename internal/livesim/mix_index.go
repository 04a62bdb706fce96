// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"container/heap"
	"slices"
	"strings"
	"time"
)

// mixIndex answers questions that would otherwise require a scan of all sessions: with 10,000 of them the scan costs
// more than the rest of a call. It is guarded by Server.mu.
type mixIndex struct {
	byInput  map[string]map[*Session]struct{} // live sessions by the name of a real input
	byOutput map[string]*Session              // live sessions by their output, which no two share
	due      map[*Session]time.Time           // when the sessions without a pushing input end by themselves
	queue    dueQueue                         // of due, with stale entries
}

func newMixIndex() mixIndex {
	return mixIndex{
		byInput: make(map[string]map[*Session]struct{}), byOutput: make(map[string]*Session), due: make(map[*Session]time.Time),
	}
}

func (x *mixIndex) add(session *Session) {
	x.byOutput[session.Output] = session
	for _, in := range session.Inputs {
		if !in.real() {
			continue
		}
		if x.byInput[in.Name] == nil {
			x.byInput[in.Name] = make(map[*Session]struct{})
		}
		x.byInput[in.Name][session] = struct{}{}
	}
}

func (x *mixIndex) remove(session *Session) {
	if x.byOutput[session.Output] == session {
		delete(x.byOutput, session.Output)
	}
	delete(x.due, session)
	for _, in := range session.Inputs {
		if delete(x.byInput[in.Name], session); len(x.byInput[in.Name]) == 0 {
			delete(x.byInput, in.Name)
		}
	}
}

// schedule sets when a session ends by itself; never, if it is not offline.
func (x *mixIndex) schedule(session *Session, at time.Time, offline bool) {
	if !offline {
		delete(x.due, session)
		return
	}
	if old, ok := x.due[session]; ok && old.Equal(at) {
		return
	}
	x.due[session] = at
	heap.Push(&x.queue, dueEntry{at, session})
	if len(x.queue) > 2*len(x.due)+1000 {
		x.queue = slices.DeleteFunc(x.queue, x.outdated)
		heap.Init(&x.queue)
	}
}

// next returns the session that is due first, or nil if none is due by now.
func (x *mixIndex) next(now time.Time) (*Session, time.Time) {
	for len(x.queue) > 0 {
		first := x.queue[0]
		switch {
		case x.outdated(first):
			heap.Pop(&x.queue)
		case first.at.After(now):
			return nil, time.Time{}
		default:
			return first.session, first.at
		}
	}
	return nil, time.Time{}
}

func (x *mixIndex) outdated(e dueEntry) bool {
	at, ok := x.due[e.session]
	return !ok || !at.Equal(e.at)
}

type dueEntry struct {
	at      time.Time
	session *Session
}

// dueQueue is a heap by time and then by ID.
type dueQueue []dueEntry

func (q dueQueue) Len() int { return len(q) }
func (q dueQueue) Less(i, j int) bool {
	if !q[i].at.Equal(q[j].at) {
		return q[i].at.Before(q[j].at)
	}
	return q[i].session.ID < q[j].session.ID
}
func (q dueQueue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *dueQueue) Push(e any)   { *q = append(*q, e.(dueEntry)) }
func (q *dueQueue) Pop() any {
	old := *q
	e := old[len(old)-1]
	old[len(old)-1] = dueEntry{}
	*q = old[:len(old)-1]
	return e
}

// reschedule determines when a session ends by itself.
func (s *Server) reschedule(session *Session) {
	if s.options.AutoEnd == 0 {
		return
	}
	since, offline := s.allOffline(session)
	s.mix.index.schedule(session, since.Add(s.options.AutoEnd), offline)
}

// refresh determines which type-1 outputs are live at a time: those of live sessions with an input that pushes. It must
// be called after each change with the names of the streams and outputs whose state may have changed. An output may be
// an input of another session, so refresh visits everything downstream; it starts from what does not depend on another
// output and repeats until nothing changes, so that a cycle of sessions does not keep itself alive.
func (s *Server) refresh(at time.Time, names ...string) {
	affected := s.downstream(names)
	was := make(map[*Stream]bool)
	for _, name := range affected {
		if out := s.streams.outputs[name]; out != nil {
			was[out], out.on = out.on, false
		}
	}
	for changed := true; changed; {
		changed = false
		for _, name := range affected {
			out, session := s.streams.outputs[name], s.mix.index.byOutput[name]
			if out == nil || out.on || session == nil || session.OutputType != 1 || s.streams.forbidden[name] {
				continue
			}
			if slices.ContainsFunc(session.Inputs, s.inputPushes) {
				out.on, changed = true, true
			}
		}
	}
	for _, name := range affected {
		out := s.streams.outputs[name]
		switch {
		case out == nil || out.on == was[out]:
		case out.on:
			out.Since = at
		default:
			out.Until = at
		}
		for session := range s.mix.index.byInput[name] {
			s.reschedule(session)
		}
	}
	s.announce(at, affected)
}

// downstream returns names and the outputs of all sessions that depend on them, sorted.
func (s *Server) downstream(names []string) []string {
	seen := make(map[string]bool)
	affected := []string{}
	for queue := names; len(queue) > 0; queue = queue[1:] {
		name := queue[0]
		if seen[name] {
			continue
		}
		seen[name] = true
		affected = append(affected, name)
		for session := range s.mix.index.byInput[name] {
			if session.OutputType == 1 {
				queue = append(queue, session.Output)
			}
		}
	}
	slices.SortFunc(affected, strings.Compare)
	return affected
}
