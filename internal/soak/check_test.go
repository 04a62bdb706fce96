// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"fmt"
	"slices"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// What must hold of the state and the simulator after a run.

// checkSettled looks at a room after a run without an error: its session runs as configured. One that had ended, or
// whose cancel took effect although its answer was lost, is not missed without a monitor.
func (r *soakRoom) checkSettled(destroy bool) {
	if destroy || !r.configured {
		if len(r.objects()) > 0 {
			r.w.violated(r, "nothing failed, and the state still holds %d objects", len(r.objects()))
		}
		return
	}
	if r.current == nil || r.current.tainted || len(r.deposed) > 0 {
		r.w.violated(r, "nothing failed, and the state is not settled")
		return
	}
	err := r.agrees()
	if err != nil && !r.beside {
		r.w.violated(r, "nothing failed, but: %v", err)
		return
	}
	r.disagrees = err
}

// agrees tells whether the session of a settled room runs as the state has it. One that is known to be able to end without
// a trace in the state counts as running.
func (r *soakRoom) agrees() error {
	session, live := r.w.sim.Session(r.spec.sessionID())
	if !live {
		return r.missing()
	}
	return r.runsAsPlanned(session.Params)
}

// runsAsPlanned compares a session with what it is to be. Where a process died and the state tells nothing of a mix that it had
// replaced, what ignore_changes names may still be as it was sent then: from the old state on, no plan can see that.
func (r *soakRoom) runsAsPlanned(params jsonObject) error {
	err := sameJSON(params, r.params())
	name := r.spec.ignored()
	switch {
	case err == nil:
		r.lost = nil
	case name != "" && r.lost != nil && r.lost.session == r.spec.session:
		config := r.spec.config()
		delete(config, name)
		if sent, ok := r.lost.config()[name]; ok {
			config[name] = sent
		}
		if sameJSON(params, paramsOf(config)) == nil {
			r.w.soak.count("drift", "sent by a process that died, and hidden by ignore_changes")
			return nil
		}
	}
	return err
}

// checkNext looks whether the next plan mends what does not agree: with a process of its own, and without a trace in the
// state.
func (w *soakWorkspace) checkNext() {
	if !slices.ContainsFunc(w.rooms, func(r *soakRoom) bool { return r.disagrees != nil }) || w.broken.Load() {
		return
	}
	w.refreshes = true
	w.walk(soakDisruption{}, func(p *soakProcess, r *soakRoom) {
		current, deposed, renamed := r.current, slices.Clone(r.deposed), slices.Clone(r.renamed)
		c, ok := r.planChange(p, soakRun{refresh: true})
		r.current, r.deposed, r.renamed = current, deposed, renamed
		switch {
		case r.disagrees == nil || !ok:
		case c.action == "":
			w.violated(r, "nothing failed and the next plan is empty, but: %v", r.disagrees)
		default:
			w.soak.count("drift", "mended by the next plan")
		}
		r.disagrees = nil
	})
}

// checkSessions looks for a session that is not in the state, and that the next apply would not find either.
func (r *soakRoom) checkSessions() {
	r.orphan = false
	for i := range soakSessions {
		id := soakSessionID(r.index, i)
		if _, live := r.w.sim.Session(id); !live || r.holds(id) {
			continue
		}
		if r.unsaved && r.configured && id == r.spec.sessionID() {
			r.orphan = true
			continue
		}
		r.w.violated(r, "the session %s is lost: it lives, and the state does not hold it", id)
	}
}

// checkApplied looks whether the simulator holds exactly the mix of a create or an update that succeeded. Where nothing
// was sent, the session may have ended by itself meanwhile, which nobody can know.
func (r *soakRoom) checkApplied(kind string, began time.Time) {
	session, live := r.w.sim.Session(r.spec.sessionID())
	sent := live && !session.UpdatedAt.Before(began)
	switch {
	case !live && kind == actionUpdate:
		r.checkMissing()
	case !live:
		r.w.violated(r, "a %s succeeded, and there is no session", kind)
	case kind == actionCreate && !sent:
		r.w.violated(r, "a create succeeded and sent nothing")
	default:
		r.setGone(r.spec.sessionID(), false)
		if sent {
			r.lost = nil
		}
		if err := r.runsAsPlanned(session.Params); err != nil {
			r.w.violated(r, "a %s succeeded (sent: %t): %v", kind, sent, err)
		}
	}
}

// checkMissing looks why the session of the state is gone.
func (r *soakRoom) checkMissing() {
	if err := r.missing(); err != nil {
		r.w.violated(r, "%v", err)
	}
}

// missing looks why a session of the state is gone. It may have ended by itself, or without a trace in the state: without
// a monitor neither is to be noticed. Nothing else may end it.
func (r *soakRoom) missing() error {
	id := r.spec.sessionID()
	r.mu.Lock()
	gone := r.gone[id]
	r.mu.Unlock()
	for _, ended := range slices.Backward(r.w.sim.Ended()) {
		if ended.ID != id {
			continue
		}
		if ended.Reason != livesim.ReasonAutoEnded && !gone {
			return fmt.Errorf("the session %s was cancelled (%s), and the state holds it", id, ended.Reason)
		}
		r.w.soak.count("drift", "session of the state that is gone: "+ended.Reason)
		return nil
	}
	return fmt.Errorf("the session %s of the state was never there", id)
}
