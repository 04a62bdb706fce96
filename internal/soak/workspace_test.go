// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// soakWorkspace is one user with a state, a configuration of a few rooms and an account, from the first apply to a last
// destroy: an episode of the soak.
type soakWorkspace struct {
	soak    *soak
	schemas soakSchemas
	name    string // As SEED takes it.
	rng     *rand.Rand
	sim     *livesim.Server
	// site is the domain of the site of Tencent Cloud that the user calls; empty for an endpoint of their own. elsewhere
	// tells that what starts now calls the other site, which has no session.
	site      string
	elsewhere bool
	other     *livesim.Server
	// notConfigured tells that what starts now does not know a value of the provider block yet.
	notConfigured bool
	// refreshesLate is how Terraform 1.9 to 1.11 deal with orphans, and refreshes tells whether the present run refreshes.
	refreshesLate, refreshes bool

	rooms     []*soakRoom
	settings  jsonObject // The provider block, but for the endpoint.
	retries   int
	pacing    time.Duration
	rate      float64 // Calls per second of each kind that mixes.
	processes []*soakProcess

	stopping atomic.Bool // Terraform was interrupted: what runs may end, and nothing begins.
	broken   atomic.Bool // Something was violated: the rest of the episode would follow from that.
}

// newSoakSchemas asks the provider for its schemas.
func newSoakSchemas(t *testing.T) soakSchemas {
	t.Helper()
	server := provider.NewServer("schema")()
	resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	mix := resp.ResourceSchemas[mixStreamType]
	return soakSchemas{
		provider: resp.Provider.ValueType(), mix: mix.ValueType(), attributes: mix.Block.Attributes,
		identity: identities.IdentitySchemas[mixStreamType].ValueType(),
	}
}

// episode is one life of a workspace.
func (s *soak) episode(n uint64) {
	rng := rand.New(rand.NewPCG(s.seed, n)) // #nosec G404 -- it is to be repeatable.
	w := &soakWorkspace{soak: s, schemas: s.schemas, name: fmt.Sprintf("%d/%d", s.seed, n), rng: rng, retries: rng.IntN(4), rate: 196}
	options := livesim.DefaultOptions()
	options.Credentials = []livesim.Credential{{ID: "AKIDsoak", Key: soakKey, Token: soakToken}, {ID: soakOtherID, Key: soakKey, Token: soakToken}}
	options.Errors = []livesim.ErrorStyle{livesim.DedicatedCodes, livesim.OtherErrorInner, livesim.InvalidParameterInner}[rng.IntN(3)]
	options.CancelNotExist = []string{"", "InvalidParameter.CancelSessionNotExist", "-30300", "-31001", "-31002"}[rng.IntN(5)]
	w.pacing = []time.Duration{50 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second}[rng.IntN(3)]
	options.CancelAfterCreate, options.ReuseAfterCancel, options.PushSettle = w.pacing, w.pacing, 500*time.Millisecond
	options.Latency = time.Duration(rng.IntN(5)) * time.Millisecond
	options.OnRequest = w.journalRequest
	w.settings = jsonObject{
		"secret_id": "AKIDsoak", "secret_key": soakKey, "security_token": soakToken, "max_retries": w.retries,
		"pacing": jsonObject{"cancel_after_create": w.pacing.String(), "reuse_after_cancel": w.pacing.String()},
	}

	rooms, weight, steps := 1+rng.IntN(10), []float64{0.3, 1, 1, 3}[rng.IntN(4)], 15+rng.IntN(15)
	switch n % 20 {
	case 1:
		// A crowd that only its own rate holds back.
		rooms, weight, steps, w.rate = 60, 0, 3, 30
		w.settings["requests_per_second"] = jsonObject{"create": w.rate, "cancel": w.rate}
	case 2, 3:
		// An account that others use up.
		options.Quota = map[string]int{livesim.ActionCreate: 4, livesim.ActionCancel: 4, livesim.ActionState: 8}
	}
	w.site = []string{"", siteMainland, siteInternational}[rng.IntN(3)]
	w.refreshesLate = rng.IntN(2) == 0
	w.sim = livesim.New(options)
	w.other = livesim.New(options)
	for i := range rooms {
		r := &soakRoom{w: w, index: i, gone: map[string]bool{}, rng: rand.New(rand.NewPCG(s.seed, n<<16+uint64(i)+1))} // #nosec G404 G115 -- as above.
		r.spec, r.configured = newSoakSpec(r.rng, i), true
		r.before = r.spec
		w.rooms = append(w.rooms, r)
		r.push("host", "guest", "voice")
	}
	w.sim.InjectRandom(rng.Uint64(), soakFaults(rng, weight)...)

	for i := 0; i < steps && !w.broken.Load() && s.goOn(); i++ {
		w.step(weight > 0)
	}
	if !w.broken.Load() {
		w.finish()
	}
	for _, sim := range []*livesim.Server{w.sim, w.other} {
		if err := sim.Close(); err != nil {
			w.violated(nil, "closing a simulator: %v", err)
		}
	}
	if !w.broken.Load() {
		w.checkLog()
	}
	w.countAll()
}

// push lets streams of the room push since long.
func (r *soakRoom) push(kinds ...string) {
	for _, kind := range kinds {
		r.w.sim.Publish(r.spec.stream(kind), livesim.LongSince())
	}
}

// step lets the world go on, the user change their mind, and one command run.
func (w *soakWorkspace) step(disrupted bool) {
	w.turn()
	for _, r := range w.rooms {
		r.edit()
	}
	if w.rng.IntN(3) == 0 {
		// Many users take longer than the pacing from one command to the next.
		time.Sleep(w.pacing)
	}
	var d soakDisruption
	if disrupted {
		d = drawDisruption(w.rng)
	}
	unsaved := slices.ContainsFunc(w.rooms, func(r *soakRoom) bool { return r.unsaved })
	switch roll := w.rng.IntN(100); {
	case roll < 10 && !unsaved:
		w.run(soakRun{destroy: true, refresh: true}, d)
	case roll < 15:
		w.refresh()
	case roll < 22:
		w.adoptSome()
	case roll < 26:
		w.destroyElsewhere()
	default:
		o := soakRun{refresh: w.rng.IntN(4) > 0, force: map[*soakRoom]bool{}}
		for _, r := range w.rooms {
			o.force[r] = w.rng.IntN(8) == 0
		}
		if w.rng.IntN(6) == 0 {
			o.target(w)
		}
		w.run(o, d)
	}
}

// turn is what happens to streams by themselves.
func (w *soakWorkspace) turn() {
	for _, r := range w.rooms {
		switch w.rng.IntN(40) {
		case 0:
			w.sim.Unpublish(r.spec.stream("guest"))
		case 1:
			for _, kind := range []string{"host", "guest", "voice"} {
				w.sim.Unpublish(r.spec.stream(kind))
			}
		case 2:
			w.sim.Publish(r.spec.stream("host")) // Just now.
		case 3:
			w.sim.Forbid(r.spec.stream("guest"))
		case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19:
			r.push("host", "guest", "voice")
		}
	}
	if w.rng.IntN(15) == 0 {
		w.soak.count("operations", "quarter of an hour")
		w.sim.Advance(16 * time.Minute)
	}
}

// edit is the user at work. Whoever lost a process in the middle of an apply is told to apply the same again first.
func (r *soakRoom) edit() {
	if r.refused.Load() {
		r.yield()
	}
	switch {
	case r.unsaved:
	case !r.configured:
		if r.rng.IntN(3) == 0 {
			r.configured, r.before, r.spec = true, r.spec, newSoakSpec(r.rng, r.index)
		}
	case r.rng.IntN(25) == 0:
		r.configured = false
	case r.rng.IntN(15) == 0:
		r.rename()
	case r.rng.IntN(5) == 0 || r.failed.Load() && r.rng.IntN(3) == 0:
		// Whoever sees a change fail is quick to take it back.
		r.spec, r.before = r.before, r.spec
		r.note("undo: %+v", r.spec)
	case r.rng.IntN(2) == 0:
		r.before, r.spec = r.spec, r.spec.edited(r.rng)
		r.note("edit: %+v", r.spec)
	}
}

// run is a plan and an apply, or a destroy.
func (w *soakWorkspace) run(o soakRun, d soakDisruption) (clean bool) {
	w.stopping.Store(false)
	w.refreshes = o.refresh
	type saved struct {
		current          *soakObject
		deposed, renamed []*soakObject
	}
	before := map[*soakRoom]saved{}
	for _, r := range w.rooms {
		r.failed.Store(false)
		r.refused.Store(false)
		before[r] = saved{r.current, slices.Clone(r.deposed), slices.Clone(r.renamed)}
	}
	restore := func() {
		for _, r := range w.rooms {
			r.current, r.deposed, r.renamed = before[r].current, before[r].deposed, before[r].renamed
		}
	}

	early, late := d, d
	if d.apply {
		early = soakDisruption{}
	} else {
		late = soakDisruption{}
	}
	var mu sync.Mutex
	changes := map[*soakRoom]soakChange{}
	w.notConfigured = w.rng.IntN(12) == 0
	w.walk(early, func(p *soakProcess, r *soakRoom) {
		if c, ok := r.planChange(p, o); ok {
			mu.Lock()
			defer mu.Unlock()
			changes[r] = c
		}
	})
	w.notConfigured = false
	if len(changes) < len(w.rooms) || w.stopping.Load() {
		// Nothing of a plan that did not come about is saved.
		restore()
		if d.kind == "" && !slices.ContainsFunc(w.rooms, func(r *soakRoom) bool { return r.refused.Load() }) {
			w.violated(nil, "there is no plan, and nothing happened to it")
		}
		return false
	}

	p := w.walk(late, func(p *soakProcess, r *soakRoom) { r.apply(p, changes[r], o) })
	if p.withCore && d.remote {
		restore()
		p.savedNothing()
		for _, r := range w.rooms {
			r.lose()
		}
	}
	ended := !p.crashed && !w.stopping.Load()
	clean = ended
	for _, r := range w.rooms {
		if p.withCore {
			r.unsaved = true
			for _, o := range r.objects() {
				r.setGone(o.session(), true)
			}
		}
		r.checkSessions()
		if !r.failed.Load() && ended && o.of(r) == (soakTarget{present: true, former: true}) {
			r.unsaved = false
			r.checkSettled(o.destroy)
		}
		clean = clean && !r.failed.Load()
	}
	if ended {
		w.checkNext()
	}
	return clean
}

// refresh is apply -refresh-only.
func (w *soakWorkspace) refresh() {
	w.stopping.Store(false)
	w.walk(soakDisruption{}, func(p *soakProcess, r *soakRoom) {
		for _, o := range r.objects() {
			if fresh, ok := p.upgrade(r, o); ok {
				if fresh, ok = p.read(r, fresh); ok {
					r.replaceObject(p, o, fresh)
				}
			}
		}
	})
}

// adoptSome takes rooms out of the state and imports them again.
func (w *soakWorkspace) adoptSome() {
	w.stopping.Store(false)
	w.walk(soakDisruption{}, func(p *soakProcess, r *soakRoom) {
		if r.unsaved || r.current == nil || r.rng.IntN(3) > 0 {
			return
		}
		imported, ok := p.adopt(r, r.current.session(), r.rng.IntN(2) == 0)
		if !ok {
			return
		}
		r.note("%s imported %s", p.name, r.current.session())
		old := r.current
		r.replaceObject(p, old, imported)
		if r.configured && r.spec.sessionID() == old.session() {
			if plan, ok := p.plan(r, r.config(), imported, imported.private); ok && plan.replace {
				w.violated(r, "the first apply after an import would replace")
			}
		}
	})
	for _, r := range w.rooms {
		r.checkSessions()
	}
}

// finish clears the weather, finds what lost its record again and destroys everything.
func (w *soakWorkspace) finish() {
	w.sim.ClearFaults()
	for _, r := range w.rooms {
		r.push("host", "guest", "voice")
		r.yield()
	}
	const tries = 20
	for try := range tries {
		w.rest(try)
		if !slices.ContainsFunc(w.rooms, func(r *soakRoom) bool { return r.orphan }) {
			break
		}
		w.run(soakRun{refresh: true}, soakDisruption{})
	}
	for _, r := range w.rooms {
		if r.orphan {
			w.violated(r, "the session %s was not found again", r.spec.sessionID())
		}
	}
	for try := range tries {
		w.rest(try)
		if !w.run(soakRun{destroy: true, refresh: true}, soakDisruption{}) {
			continue
		}
		for _, session := range w.sim.Sessions() {
			w.violated(nil, "the session %s lives after a clean destroy", session.ID)
		}
		return
	}
	for _, r := range w.rooms {
		if len(r.objects()) > 0 {
			w.violated(r, "no destroy was clean")
		}
	}
}

// rest is the time before a try: the pacing, and before a further one the second for which a quota counts.
func (w *soakWorkspace) rest(try int) {
	pause := w.pacing
	if try > 0 {
		pause = max(pause, time.Second)
	}
	time.Sleep(pause)
}
