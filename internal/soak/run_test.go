// SPDX-License-Identifier: MPL-2.0

package soak

import "math/rand/v2"

// soakRun is what a user asks a plan and an apply for.
type soakRun struct {
	destroy, refresh bool
	force            map[*soakRoom]bool       // -replace
	targets          map[*soakRoom]soakTarget // -target; nil for all.
}

// soakTarget is which objects of a room a run looks at: those of the present address, and those of former ones.
type soakTarget struct{ present, former bool }

// of tells which objects of a room the run looks at.
func (o soakRun) of(r *soakRoom) soakTarget {
	if o.targets == nil {
		return soakTarget{present: true, former: true}
	}
	return o.targets[r]
}

// target draws targets for a run.
func (o *soakRun) target(w *soakWorkspace) {
	w.soak.count("operations", "run with -target")
	o.targets = map[*soakRoom]soakTarget{}
	for _, r := range w.rooms {
		o.targets[r] = drawTarget(w.rng)
	}
}

func drawTarget(rng *rand.Rand) soakTarget {
	return soakTarget{present: rng.IntN(3) > 0, former: rng.IntN(3) == 0}
}

// rename gives the room another address. With a moved block its objects go along, of which a provider hears nothing.
// Without one the next run destroys them and makes new ones.
func (r *soakRoom) rename() {
	if r.rng.IntN(3) == 0 {
		r.w.soak.count("operations", "rename with moved")
		return
	}
	r.w.soak.count("operations", "rename without moved")
	r.note("renamed without moved")
	r.renamed = r.objects()
	r.current, r.deposed = nil, nil
}

// yield is what a user does about a plan that was refused: there is time for a create, and nothing is ignored.
func (r *soakRoom) yield() {
	r.spec.timeout, r.spec.ignore = 0, 0
	r.before = r.spec
	r.note("yielded: %+v", r.spec)
}
