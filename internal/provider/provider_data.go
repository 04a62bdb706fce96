// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// The defaults of attributes that several schemas, plans and reads know.
const (
	defaultAppName       = "live"
	defaultActiveTimeout = "30s"
	defaultApplyTimeout  = 5 * time.Minute
	defaultReadTimeout   = time.Minute
	defaultDeleteTimeout = 5 * time.Minute
)

// providerData is what Configure passes to resources: the client, and who owns which session.
type providerData struct {
	client *liveapi.Client // nil while a value in the provider block is not known
	claims *sessionClaims
}

// providerDataOf returns what Configure of the provider has passed on. During validation that is nil.
func providerDataOf(passed any) *providerData {
	data, _ := passed.(*providerData)
	return data
}

// pacing returns the pacing that texts speak of: the default while there is no client.
func (d *providerData) pacing() liveapi.Pacing {
	if d == nil || d.client == nil {
		return liveapi.DefaultPacing()
	}
	return d.client.Pacing()
}

// withMaskedSecrets returns a context whose log lines never show a secret. Loggers belong to the context of one RPC, so
// every method of a resource must call it.
func (d *providerData) withMaskedSecrets(ctx context.Context) context.Context {
	secrets := d.client.Secrets()
	return tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, secrets...), secrets...)
}

// configured reports whether there is a client, and adds an error if not.
func (d *providerData) configured(diags *diag.Diagnostics) bool {
	if d == nil || d.client == nil {
		diags.AddError("The provider is not configured",
			"A value in the provider block is not known yet, so no call can be made. Apply what yields that value first, for example with -target.")
	}
	return d != nil && d.client != nil
}

// withTimeout returns a context whose cause, once it times out, names the operation and its timeout.
func withTimeout(ctx context.Context, operation string, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, &liveapi.TimeoutError{Operation: operation, After: d})
}

// attributeReader is a plan or a state.
type attributeReader interface {
	GetAttribute(ctx context.Context, at path.Path, target any) diag.Diagnostics
}

func readTimeouts(ctx context.Context, from attributeReader, diags *diag.Diagnostics) timeouts.Value {
	var limits timeouts.Value
	diags.Append(from.GetAttribute(ctx, path.Root("timeouts"), &limits)...)
	return limits
}

// sessionClaims records what is planned and applied for the objects of each session, for the life of one provider
// configuration: one walk of the CLI, or all runs of one test file with Terraform 1.13 and later. An object is
// identified by its generation (see liveapi.LastApply), so planning it again changes its claim instead of adding one.
//
// An object that is kept unchanged is never applied. So whatever an apply must know of other objects is determined at
// plan, where objects come in any order.
type sessionClaims struct {
	mu sync.Mutex
	// objects are the existing objects, by generation; seen are those that were read or applied.
	objects map[string]claim
	seen    map[string]bool
	// planned holds the configurations of objects that do not exist yet, by session.
	planned map[string]tftypes.Value
	// lost are the sessions that a destroy has cancelled for good and that have not been applied since.
	lost map[string]bool
}

type claim struct {
	session string
	fate    fate
	// unread reports whether a destroy was planned before the read. Terraform 1.9 to 1.11 plan an object that has left the
	// configuration first and then read it.
	unread bool
	// blind reports whether the object was planned without a read, and no earlier read has noted another one with its session.
	blind bool
}

// fate is what becomes of an object.
type fate uint8

const (
	// present is an object that was read but is not planned yet.
	present fate = iota
	// kept is an object that stays, changed or not.
	kept
	// replaced is an object that is destroyed and created again with the same session ID.
	replaced
	// destroyed is an object whose destroy cancels the session.
	destroyed
	// spared is an object that is destroyed while its session lives on for another one.
	spared
)

func newSessionClaims() *sessionClaims {
	return &sessionClaims{objects: map[string]claim{}, seen: map[string]bool{}, planned: map[string]tftypes.Value{}, lost: map[string]bool{}}
}

// others counts the other objects with the session, by fate.
func (c *sessionClaims) others(session, generation string) (n [spared + 1]int) {
	for g, other := range c.objects {
		if g != generation && other.session == session {
			n[other.fate]++
		}
	}
	return n
}

// see records an object that is read, and reports whether another one with the session is known.
func (c *sessionClaims) see(session, generation string) (shared bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.objects[generation].unread {
		c.objects[generation] = claim{session: session, fate: present}
	}
	c.seen[generation] = true
	for _, n := range c.others(session, generation) {
		shared = shared || n > 0
	}
	return shared
}

// keep records an object that the plan keeps; noted reports whether its private state has the sharedKey. shared reports whether
// another object with the session is kept too; lost, whether the destroy of another object cancels the session, so that the mix
// must be sent again; blind, whether both plans are blind, so that they must be refused.
func (c *sessionClaims) keep(session, generation string, noted bool) (shared, lost, blind bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	others := c.others(session, generation)
	blind = c.plan(session, generation, kept, noted) && c.blind(session, generation, destroyed)
	return others[kept] > 0, others[destroyed] > 0 || c.lost[session], blind
}

// plan records what is planned for an object, and reports whether the plan is blind.
func (c *sessionClaims) plan(session, generation string, f fate, noted bool) (blind bool) {
	unread := !c.seen[generation]
	blind = unread && !noted
	c.objects[generation] = claim{session: session, fate: f, unread: unread && f != kept, blind: blind}
	return blind
}

// blind reports whether there are other objects with the session and the fate, and all their plans are blind.
func (c *sessionClaims) blind(session, generation string, f fate) (blind bool) {
	for g, other := range c.objects {
		if g == generation || other.session != session || other.fate != f {
			continue
		}
		if blind = other.blind; !blind {
			return false
		}
	}
	return blind
}

// replace records an object that the plan replaces. It reports whether the object is created again with the same
// session.
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

// destroy records an object that the plan destroys; noted is as for keep. spare reports whether its destroy must leave the
// session alone because the plan keeps another object with it; renewed, whether a new object with the session is planned;
// blind, whether both plans are blind, so that they must be refused.
func (c *sessionClaims) destroy(session, generation string, noted bool) (spare, renewed, blind bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.others(session, generation)[kept] > 0 {
		blind = c.plan(session, generation, spared, noted) && c.blind(session, generation, kept)
		return true, false, blind
	}
	c.plan(session, generation, destroyed, noted)
	_, renewed = c.planned[session]
	return false, renewed, false
}

// replanned reports whether the apply that is running has planned the destroy of an object once more, in a process that
// has read nothing. Terraform does so with deposed objects only.
func (c *sessionClaims) replanned(generation string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.objects[generation].unread
}

// create records a new object and its configuration. shared reports whether another object with the session is kept, or
// is planned with a configuration of its own; renewed, whether an object with the session is destroyed. A configuration
// that is not wholly known may be that of the same object.
func (c *sessionClaims) create(session string, configuration tftypes.Value) (shared, renewed bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	others := c.others(session, "")
	before, ok := c.planned[session]
	c.planned[session] = configuration
	differs := ok && before.IsFullyKnown() && configuration.IsFullyKnown() && !before.Equal(configuration)
	return others[kept] > 0 || differs, others[destroyed] > 0
}

// applied records that an object exists and that its mix was sent.
func (c *sessionClaims) applied(session, generation string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.planned, session)
	delete(c.lost, session)
	c.seen[generation] = true
	c.objects[generation] = claim{session: session, fate: kept}
}

// cancel reports whether the destroy of an object may cancel its session: not if another object with the session stays.
// With forGood, an object that is planned from here on learns that the session ends.
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

// gone records that an object is destroyed. Its session is lost if it was cancelled for good.
func (c *sessionClaims) gone(session, generation string, lost bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.objects, generation)
	if lost {
		c.lost[session] = true
	}
}

// yields reports whether an object gives up its session, so that a new object may take it. An object that is not
// recorded was created just now.
func (c *sessionClaims) yields(generation string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	object, ok := c.objects[generation]
	return ok && object.fate != kept
}
