// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"encoding/json"
	"slices"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// What core does with one resource in the two walks of an apply.

// soakChange is the planned change of a room.
type soakChange struct {
	action  string // One of the constants below; "" where nothing changes.
	plan    *soakPlan
	deposed []*soakObject    // What is destroyed beside.
	renamed []soakPlannedEnd // The same, by a plan that counts.
}

// soakPlannedEnd is the planned destruction of an object.
type soakPlannedEnd struct {
	object *soakObject
	plan   *soakPlan
}

const (
	actionCreate  = "create"
	actionUpdate  = "update"
	actionReplace = "replace"
	actionDelete  = "delete"
)

// planChange refreshes a room and plans its change. Its objects come in any order, as in core.
func (r *soakRoom) planChange(p *soakProcess, o soakRun) (c soakChange, ok bool) {
	which := o.of(r)
	var steps []func() bool
	if which.present {
		steps = append(steps, func() bool { return r.planCurrent(p, o, &c) })
		for _, object := range slices.Clone(r.deposed) {
			steps = append(steps, func() bool {
				// Core plans it once more in the apply, and carries that out.
				_, ok := r.planEnd(p, o, object, false)
				return ok
			})
		}
	}
	for _, object := range slices.Clone(r.renamed) {
		if !which.former {
			break
		}
		steps = append(steps, func() bool {
			end, ok := r.planEnd(p, o, object, true)
			c.renamed = append(c.renamed, end)
			return ok
		})
	}
	r.rng.Shuffle(len(steps), func(i, j int) { steps[i], steps[j] = steps[j], steps[i] })
	for _, step := range steps {
		if !step() {
			return c, false
		}
	}
	if which.present {
		c.deposed = slices.Clone(r.deposed)
	}
	return c, !p.w.stopping.Load()
}

// fresh upgrades an object and refreshes it.
func (r *soakRoom) fresh(p *soakProcess, o soakRun, object *soakObject) (_ *soakObject, ok bool) {
	fresh, ok := p.upgrade(r, object)
	if ok && o.refresh && !p.w.stopping.Load() {
		fresh, ok = p.read(r, fresh)
	}
	if ok {
		r.replaceObject(p, object, fresh)
	}
	return fresh, ok
}

// planEnd plans the destruction of an object. Terraform 1.9 to 1.11 refresh an orphan, which is no longer in the
// configuration, after its plan.
func (r *soakRoom) planEnd(p *soakProcess, o soakRun, object *soakObject, orphan bool) (end soakPlannedEnd, ok bool) {
	late := orphan && p.w.refreshesLate && o.refresh
	early := o
	early.refresh = o.refresh && !late
	if end.object, ok = r.fresh(p, early, object); !ok || p.w.stopping.Load() {
		return end, false
	}
	if end.plan, ok = r.planDestroy(p, end.object); ok && late {
		p.w.soak.count("operations", "orphan refreshed after its plan")
		end.object, ok = r.fresh(p, o, end.object)
	}
	return end, ok
}

// planCurrent plans the change of the object at the present address.
func (r *soakRoom) planCurrent(p *soakProcess, o soakRun, c *soakChange) (ok bool) {
	current := r.current
	if o.destroy || !r.configured {
		if current == nil {
			return !p.w.stopping.Load()
		}
		c.action = actionDelete
		end, ok := r.planEnd(p, o, current, !o.destroy)
		c.plan = end.plan
		return ok
	}
	if current != nil {
		if current, ok = r.fresh(p, o, current); !ok {
			return false
		}
	}
	if p.w.stopping.Load() {
		return false
	}

	config := r.config()
	if !p.validate(r, config) {
		return false
	}
	if current == nil || current.tainted {
		// A tainted object counts as none, so that its private state is not handed on.
		c.action = actionCreate
		if current != nil {
			c.action = actionReplace
		}
		c.plan, ok = p.plan(r, config, nil, nil)
		return ok
	}
	if c.plan, ok = p.plan(r, config, current, current.private); !ok {
		return false
	}
	switch {
	case c.plan.replace || o.force[r]:
		c.action = actionReplace
		c.plan, ok = p.plan(r, config, nil, c.plan.private)
	case !c.plan.value.Equal(current.value):
		c.action = actionUpdate
	}
	return ok
}

func (r *soakRoom) planDestroy(p *soakProcess, o *soakObject) (*soakPlan, bool) {
	return p.plan(r, tftypes.NewValue(p.w.schemas.mix, nil), o, o.private)
}

func (r *soakRoom) config() tftypes.Value { return acctest.FromJSON(r.spec.config(), r.w.schemas.mix) }

// apply carries out the change of a room, and beside it the destruction of what an earlier run left of it and of what is
// at another address.
func (r *soakRoom) apply(p *soakProcess, c soakChange, o soakRun) {
	var beside sync.WaitGroup
	r.beside = len(c.deposed)+len(c.renamed) > 0
	for _, object := range c.deposed {
		r.destroysLate(p, object)
		beside.Go(func() {
			if plan, ok := r.planDestroy(p, object); ok {
				r.destroy(p, object, plan)
			}
		})
	}
	for _, end := range c.renamed {
		r.destroysLate(p, end.object)
		if !o.of(r).present {
			// The process knows nothing of an object that is not in its plan, and ends the session of both.
			r.setGone(end.object.session(), true)
		}
		beside.Go(func() { r.destroy(p, end.object, end.plan) })
	}
	current := r.current
	switch {
	case c.action == actionDelete:
		r.destroy(p, current, c.plan)
	case c.action == actionCreate:
		r.create(p, c)
	case c.action == actionUpdate:
		r.update(p, c)
	case c.action == actionReplace && !r.spec.createsFirst:
		if r.destroy(p, current, c.plan) {
			r.create(p, c)
		}
	case c.action == actionReplace:
		r.save(p, func() { r.deposed, r.current = append(r.deposed, current), nil })
		created := r.create(p, c)
		if r.current == nil {
			// Nothing came of the new object: the old one is the current one again.
			r.replaceObject(p, current, nil)
			r.save(p, func() { r.current = current })
		} else if created {
			if plan, ok := r.planDestroy(p, current); ok {
				r.destroy(p, current, plan)
			}
		}
	}
	beside.Wait()
}

// destroysLate notes that a process destroys an object whose session another object has applied since. Nothing in the
// state of the one tells when the other did that.
func (r *soakRoom) destroysLate(p *soakProcess, object *soakObject) {
	mine := applyIn(object.private).at
	for _, other := range r.objects() {
		at := applyIn(other.private).at
		if other != object && other.session() == object.session() && mine > 0 && (at == 0 || at > mine) {
			p.mu.Lock()
			p.late[object.session()] = true
			p.mu.Unlock()
		}
	}
}

// create carries out the creation, and tells whether it succeeded.
func (r *soakRoom) create(p *soakProcess, c soakChange) bool {
	config := r.config()
	// Core plans once more, with what it has learned since.
	plan, ok := p.plan(r, config, nil, nil)
	if !ok {
		return false
	}
	r.checkFinal(c.plan, plan)
	if p.w.stopping.Load() {
		return false
	}
	began := p.w.sim.Now()
	object, failed, ok := p.apply(r, actionCreate, config, nil, plan)
	if !ok {
		// With create_before_destroy, the old object may be the current one again.
		r.unsaved = true
		r.lose()
		return false
	}
	r.note("%s create %s: failed %t, object %t", p.name, r.spec.sessionID(), failed, object != nil)
	if object != nil {
		object.tainted = failed
		r.save(p, func() { r.current = object; p.saved(object.session(), true) })
	}
	if !failed {
		r.checkApplied(actionCreate, began)
	}
	return !failed
}

func (r *soakRoom) update(p *soakProcess, c soakChange) {
	config, prior := r.config(), r.current
	plan, ok := p.plan(r, config, prior, prior.private)
	if !ok {
		return
	}
	r.checkFinal(c.plan, plan)
	if p.w.stopping.Load() || plan.value.Equal(prior.value) {
		// Core does not apply a change that has become none.
		return
	}
	began := p.w.sim.Now()
	object, failed, ok := p.apply(r, actionUpdate, config, prior, plan)
	r.note("%s update %s: failed %t, answered %t", p.name, prior.session(), failed, ok)
	switch {
	case !ok:
		// Core keeps the prior value, and loses what the answer would have brought: the next process learns that much.
		r.unsaved = true
		r.replaceObject(p, prior, &soakObject{value: prior.value})
		r.save(p, func() { p.saved(prior.session(), true) })
	case object == nil:
		p.w.violated(r, "an update returned no object")
	default:
		r.replaceObject(p, prior, object)
		r.save(p, func() { p.saved(prior.session(), true) })
		if !failed {
			r.checkApplied(actionUpdate, began)
		}
	}
}

// destroy destroys an object and tells whether it is gone.
func (r *soakRoom) destroy(p *soakProcess, o *soakObject, plan *soakPlan) bool {
	if p.w.stopping.Load() {
		return false
	}
	null := tftypes.NewValue(p.w.schemas.mix, nil)
	object, failed, ok := p.apply(r, actionDelete, null, o, &soakPlan{value: null, private: plan.private, identity: o.identity})
	r.note("%s delete %s: failed %t, answered %t", p.name, o.session(), failed, ok)
	if !ok {
		r.setGone(o.session(), true)
	}
	switch {
	case !ok:
		return false
	case failed:
		if object == nil {
			p.w.violated(r, "a failed delete returned no object")
			return false
		}
		object.tainted = o.tainted
		r.replaceObject(p, o, object)
		return false
	}
	r.replaceObject(p, o, nil)
	if _, live := p.w.sim.Session(o.session()); live && !r.beside && !r.holds(o.session()) {
		p.w.violated(r, "a delete succeeded, and the session %s lives", o.session())
	}
	return true
}

// checkFinal checks that the last plan keeps what the first one promised.
func (r *soakRoom) checkFinal(first, last *soakPlan) {
	if err := keeps(first.value, last.value); err != nil {
		r.w.violated(r, "inconsistent final plan: %v", err)
	}
}

// objects are the present object, if any, and then all others.
func (r *soakRoom) objects() []*soakObject {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []*soakObject
	if r.current != nil {
		all = append(all, r.current)
	}
	return slices.Concat(all, r.deposed, r.renamed)
}

// replaceObject puts another object, or none, in the place of one.
func (r *soakRoom) replaceObject(p *soakProcess, old, with *soakObject) {
	r.save(p, func() {
		if r.current == old {
			r.current = with
			return
		}
		for _, list := range []*[]*soakObject{&r.deposed, &r.renamed} {
			i := slices.Index(*list, old)
			if i < 0 {
				continue
			}
			*list = slices.Delete(slices.Clone(*list), i, i+1)
			if with != nil {
				*list = append(*list, with)
			}
		}
	})
}

// sameJSON compares parameters as they were sent with those that are wanted.
func sameJSON(got, want jsonObject) error {
	text, err := json.Marshal(want)
	if err != nil {
		return err
	}
	return acctest.EqualJSON(got, string(text))
}
