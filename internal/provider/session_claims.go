// SPDX-License-Identifier: MPL-2.0

package provider

import "sync"

// sessionClaims notes what is planned and applied for the objects of each session, for the life of one provider
// configuration: one walk of the CLI, or all runs of one test file with Terraform 1.13 and later. An object is known by its
// generation (see liveapi.LastApply), so that planning it again changes its claim and adds none.
//
// An object that is kept and is not changed is never applied. So what an apply has to know of other objects is found at
// plan, where objects come in any order.
type sessionClaims struct {
	mu sync.Mutex
	// objects are those that exist, by generation, and read those that were read.
	objects map[string]claim
	read    map[string]bool
	// planned holds the configurations of objects that do not exist yet, by session; "" for one that is not wholly known.
	planned map[string]string
	// lost are the sessions that a destroy has cancelled for good and that nothing has applied since.
	lost map[string]bool
}

type claim struct {
	session string
	fate    fate
	// unread tells that the plan came before the read. Terraform 1.9 to 1.11 plan an object that has left the configuration
	// first and read it then.
	unread bool
}

// fate is what becomes of an object.
type fate uint8

const (
	// present is an object that was read and is not planned yet.
	present fate = iota
	// kept is an object that stays, changed or not.
	kept
	// replaced is an object that is destroyed and created again with the same session ID.
	replaced
	// destroyed is an object whose destroy cancels the session.
	destroyed
	// spared is an object that is destroyed while its session goes on for another one.
	spared
)

func newSessionClaims() *sessionClaims {
	return &sessionClaims{objects: map[string]claim{}, read: map[string]bool{}, planned: map[string]string{}, lost: map[string]bool{}}
}

// others returns the number of other objects with the session for each fate.
func (c *sessionClaims) others(session, generation string) (n [spared + 1]int) {
	for g, other := range c.objects {
		if g != generation && other.session == session {
			n[other.fate]++
		}
	}
	return n
}

// see notes an object that is read, and tells whether another one with the session is known.
func (c *sessionClaims) see(session, generation string) (shared bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.objects[generation].unread {
		c.objects[generation] = claim{session: session, fate: present}
	}
	c.read[generation] = true
	for _, n := range c.others(session, generation) {
		shared = shared || n > 0
	}
	return shared
}

// keep notes an object that the plan keeps. shared tells that another one with the session is kept too. lost tells that
// the session is cancelled by the destroy of another object, so that it has to be sent again.
func (c *sessionClaims) keep(session, generation string) (shared, lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	others := c.others(session, generation)
	c.objects[generation] = claim{session: session, fate: kept}
	return others[kept] > 0, others[destroyed] > 0 || c.lost[session]
}

// replace notes an object that the plan replaces. It reports whether it is created again with the session that it had.
func (c *sessionClaims) replace(session, generation string) (reused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, ok := c.objects[generation]
	if !ok || before.session != session {
		return false
	}
	c.objects[generation] = claim{session: session, fate: replaced}
	return true
}

// destroy notes an object that the plan destroys. spare tells that its destroy must leave the session alone, as the plan
// keeps another object with it. renewed tells that a new object with the session is planned.
//
// A deposed object is planned once more by the apply, in a process that has read nothing. There it counts that another
// object was known when this one was read: that one either stays, or cancels the session by its own destroy.
func (c *sessionClaims) destroy(session, generation string, shared bool) (spare, renewed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	unread := !c.read[generation]
	if c.others(session, generation)[kept] > 0 || shared && unread {
		c.objects[generation] = claim{session, spared, unread}
		return true, false
	}
	c.objects[generation] = claim{session, destroyed, unread}
	_, renewed = c.planned[session]
	return false, renewed
}

// create notes an object that is planned anew, with its configuration. shared tells that another one exists that is kept,
// or is planned with a configuration of its own. renewed tells that an object with the session is destroyed.
func (c *sessionClaims) create(session, configuration string) (shared, renewed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	others := c.others(session, "")
	before, ok := c.planned[session]
	c.planned[session] = configuration
	differs := ok && before != "" && configuration != "" && before != configuration
	return others[kept] > 0 || differs, others[destroyed] > 0
}

// applied notes that an object exists and that its session was sent.
func (c *sessionClaims) applied(session, generation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.planned, session)
	delete(c.lost, session)
	c.objects[generation] = claim{session: session, fate: kept}
}

// cancel asks to cancel the session of an object that is destroyed. It refuses where another object with the session
// stays. With forGood, an object that is planned from here on learns that the session ends.
func (c *sessionClaims) cancel(session, generation string, forGood bool) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.others(session, generation)[kept] > 0 {
		return false
	}
	if forGood {
		c.objects[generation] = claim{session: session, fate: destroyed}
	}
	return true
}

// gone notes that an object is destroyed. Its session is lost if it was cancelled for good.
func (c *sessionClaims) gone(session, generation string, lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.objects, generation)
	if lost {
		c.lost[session] = true
	}
}

// yields tells whether an object gives up its session, so that a new object may take it. One that nothing is known of was
// created just now.
func (c *sessionClaims) yields(generation string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	object, ok := c.objects[generation]
	return ok && object.fate != kept
}
