// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"maps"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// This is what Terraform's core sends to a provider for one resource and what it keeps of the answers: the order of the
// calls, what is private to which of them, and what is left after an error, a stop, or the death of either process.

const (
	soakKey     = "soak-secret-key-that-is-nowhere-to-be-seen"
	soakOtherID = "AKIDsoakother" // Another key of the same account.
	soakToken   = "soak-token-that-is-nowhere-to-be-seen"
)

// soakSchemas are the types of the provider.
type soakSchemas struct {
	provider, mix, identity tftypes.Type
	attributes              []*tfprotov6.SchemaAttribute
}

// soakProcess is one process of the provider, with a way to the simulator of its own that dies with it.
type soakProcess struct {
	w      *soakWorkspace
	name   string
	server tfprotov6.ProviderServer
	// alive ends with the process.
	alive  context.Context
	end    context.CancelFunc
	front  *http.Server
	closed bool
	// handler answers its requests, and host is its own host at a site of Tencent Cloud.
	handler http.Handler
	host    string
	// crashed tells that it ended before its time.
	crashed bool
	// withCore tells that Terraform died as well, so that nothing of this process was saved.
	withCore bool
	// stopping is when it was asked to stop, and stopped when it had heard that, in simulated time.
	stopping, stopped time.Time
	// operations counts what was applied, by action and session.
	operations map[string]int
	// late are the sessions of objects that it destroys although another object has applied the session since.
	late map[string]bool
	// unsaved are the sessions that it applied without a trace in the state.
	unsaved  map[string]bool
	mu       sync.Mutex // Guards closed, withCore, stopping, stopped, operations, late and unsaved, and that handlers grows only before.
	handlers sync.WaitGroup
}

// start begins a process and configures it.
func (w *soakWorkspace) start() *soakProcess {
	w.processes = append(w.processes, nil)
	p := &soakProcess{w: w, operations: map[string]int{}, late: map[string]bool{}, unsaved: map[string]bool{}, name: fmt.Sprintf("p%d", len(w.processes)), handler: w.sim}
	site := w.site
	if w.elsewhere {
		p.handler, site = w.other, otherSite(site)
	}
	w.processes[len(w.processes)-1] = p
	p.server = provider.NewServer(p.name)()
	p.alive, p.end = context.WithCancel(context.Background())

	listener, err := new(net.ListenConfig).Listen(p.alive, "tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	p.front = &http.Server{
		Handler: http.HandlerFunc(p.forward), ReadHeaderTimeout: time.Minute, ErrorLog: log.New(io.Discard, "", 0),
	}
	config := maps.Clone(w.settings)
	if w.rng.IntN(5) == 0 {
		config["secret_id"] = soakOtherID
		w.soak.count("operations", "process with other keys")
	}
	if site == "" {
		config["endpoints"] = jsonObject{"live": "http://" + listener.Addr().String()}
	} else {
		config["domain"] = tencent.lead(p, site, listener.Addr().String())
	}
	// Serving always ends with an error, that of being closed.
	go func() {
		if site == "" {
			_ = p.front.Serve(listener)
		} else {
			_ = p.front.ServeTLS(listener, "", "")
		}
	}()
	block := acctest.FromJSON(config, w.schemas.provider)
	if w.notConfigured {
		block = withUnknown(block, tftypes.NewAttributePath().WithAttributeName("secret_id"))
		w.soak.count("operations", "process without a configuration")
	}
	resp, ok := soakCall(p, "configure", p.server.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.15.9", Config: acctest.ToWire(block),
	})
	if ok && len(resp.Diagnostics) > 0 {
		w.violated(nil, "the provider cannot be configured: %s", acctest.Prose(resp.Diagnostics))
	}
	return p
}

// forward takes a request to the simulator while the process lives.
func (p *soakProcess) forward(rw http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		panic(http.ErrAbortHandler)
	}
	p.handlers.Add(1)
	p.mu.Unlock()
	defer p.handlers.Done()
	p.handler.ServeHTTP(rw, r)
}

// saved notes whether the state knows of the last apply of a session by this process.
func (p *soakProcess) saved(session string, saved bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unsaved[session] = !saved
}

// savedNothing notes that the state from before the process is back.
func (p *soakProcess) savedNothing() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for session := range p.unsaved {
		p.unsaved[session] = true
	}
}

// close ends the process at once: no request of it arrives any more, and those that have are over. What its calls
// return from then on, nobody hears.
func (p *soakProcess) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	if err := p.front.Close(); err != nil {
		p.w.violated(nil, "closing a listener: %v", err)
	}
	tencent.forget(p.host)
	p.end()
	p.handlers.Wait()
}

// soakCall makes a call. It is not ok where the process died before its answer arrived.
func soakCall[Q, A any](p *soakProcess, kind string, call func(context.Context, *Q) (*A, error), req *Q) (_ *A, ok bool) {
	if p.alive.Err() != nil {
		return nil, false
	}
	resp, err := call(p.alive, req)
	if p.alive.Err() != nil {
		p.w.soak.count("crashed calls", kind)
		return nil, false
	}
	p.w.soak.count("operations", kind)
	if err != nil {
		p.w.violated(nil, "%s: %v", kind, err)
		return nil, false
	}
	return resp, true
}

// soakObject is what the state holds of one object of a resource.
type soakObject struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	tainted  bool
}

func (o *soakObject) session() string { return sessionOf(o.value) }

// sessionOf is the session ID in a state or a plan; empty where that is null.
func sessionOf(v tftypes.Value) string {
	if v.IsNull() {
		return ""
	}
	var fields map[string]tftypes.Value
	var id string
	if err := v.As(&fields); err != nil {
		panic(err)
	}
	if err := fields["mix_stream_session_id"].As(&id); err != nil {
		panic(err)
	}
	return id
}

// soakPlan is the answer to a plan.
type soakPlan struct {
	value    tftypes.Value
	private  []byte
	identity *tfprotov6.ResourceIdentityData
	replace  bool
}

// plan plans one change. A prior object is nil where there is none, or where core makes as if there were none; private
// is apart from it, as a replacement is planned without an object but with private state.
func (p *soakProcess) plan(r *soakRoom, config tftypes.Value, prior *soakObject, private []byte) (_ *soakPlan, ok bool) {
	t := p.w.schemas.mix
	priorValue := tftypes.NewValue(t, nil)
	if prior != nil && !config.IsNull() {
		config = r.ignoring(config, prior.value)
	}
	req := &tfprotov6.PlanResourceChangeRequest{TypeName: mixStreamType, Config: acctest.ToWire(config), PriorPrivate: private}
	if prior != nil {
		priorValue, req.PriorIdentity = prior.value, prior.identity
	}
	req.PriorState = acctest.ToWire(priorValue)
	req.ProposedNewState = acctest.ToWire(acctest.ProposedNew(p.w.schemas.attributes, priorValue, config))
	resp, ok := soakCall(p, "plan", p.server.PlanResourceChange, req)
	if !ok || p.w.failed(r, resp.Diagnostics) {
		return nil, false
	}
	plan := &soakPlan{value: acctest.FromWire(resp.PlannedState, t), private: resp.PlannedPrivate, identity: resp.PlannedIdentity}
	for _, path := range resp.RequiresReplace {
		was, _, wasErr := tftypes.WalkAttributePath(priorValue, path)
		is, _, isErr := tftypes.WalkAttributePath(plan.value, path)
		if wasErr != nil || isErr != nil || !was.(tftypes.Value).Equal(is.(tftypes.Value)) {
			plan.replace = true
		}
	}
	return plan, true
}

// apply carries out a plan. It returns what core has to go on with: the object of the answer, nil where that is null.
func (p *soakProcess) apply(r *soakRoom, kind string, config tftypes.Value, prior *soakObject, plan *soakPlan) (_ *soakObject, failed, ok bool) {
	t := p.w.schemas.mix
	priorValue := tftypes.NewValue(t, nil)
	if prior != nil {
		priorValue = prior.value
	}
	operation := livesim.ActionCancel + sessionOf(priorValue)
	if !plan.value.IsNull() {
		operation = livesim.ActionCreate + sessionOf(plan.value)
		p.saved(sessionOf(plan.value), false)
	}
	p.mu.Lock()
	p.operations[operation]++
	p.mu.Unlock()
	resp, ok := soakCall(p, kind, p.server.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: mixStreamType, PriorState: acctest.ToWire(priorValue), PlannedState: acctest.ToWire(plan.value), Config: acctest.ToWire(config),
		PlannedPrivate: plan.private, PlannedIdentity: plan.identity,
	})
	if !ok {
		return nil, false, false
	}
	failed = p.w.failed(r, resp.Diagnostics)
	if slices.ContainsFunc(resp.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Summary == "Mix stream not cancelled" }) {
		p.w.soak.count("operations", "delete that leaves the session to its new owner")
	}
	object := &soakObject{value: acctest.FromWire(resp.NewState, t), private: resp.Private, identity: resp.NewIdentity}
	if object.value.IsNull() {
		if !failed && !plan.value.IsNull() {
			p.w.violated(r, "a successful %s returned no object", kind)
		}
		return nil, failed, true
	}
	p.w.inspect(r, kind, object, !failed)
	if !failed {
		if err := keeps(plan.value, object.value); err != nil {
			p.w.violated(r, "inconsistent result after %s: %v", kind, err)
		}
	}
	return object, failed, true
}

// validate checks a configuration.
func (p *soakProcess) validate(r *soakRoom, config tftypes.Value) bool {
	resp, ok := soakCall(p, "validate", p.server.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: acctest.ToWire(config)})
	return ok && !p.w.failed(r, resp.Diagnostics)
}

// read refreshes an object.
func (p *soakProcess) read(r *soakRoom, o *soakObject) (_ *soakObject, ok bool) {
	resp, ok := soakCall(p, "read", p.server.ReadResource, &tfprotov6.ReadResourceRequest{
		TypeName: mixStreamType, CurrentState: acctest.ToWire(o.value), Private: o.private, CurrentIdentity: o.identity,
	})
	if !ok || p.w.failed(r, resp.Diagnostics) {
		return o, false
	}
	fresh := &soakObject{value: acctest.FromWire(resp.NewState, p.w.schemas.mix), private: resp.Private, identity: resp.NewIdentity, tainted: o.tainted}
	if fresh.value.IsNull() {
		p.w.violated(r, "a read forgot the session %s", o.session())
		return o, false
	}
	p.w.inspect(r, "read", fresh, true)
	return fresh, true
}

// upgrade reads an object out of the state file, as core does before anything else.
func (p *soakProcess) upgrade(r *soakRoom, o *soakObject) (_ *soakObject, ok bool) {
	text, err := json.Marshal(acctest.ToJSON(o.value))
	if err != nil {
		panic(err)
	}
	resp, ok := soakCall(p, "upgrade", p.server.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{
		TypeName: mixStreamType, RawState: &tfprotov6.RawState{JSON: text},
	})
	if !ok || p.w.failed(r, resp.Diagnostics) {
		return o, false
	}
	upgraded := *o
	upgraded.value = acctest.FromWire(resp.UpgradedState, p.w.schemas.mix)
	if !upgraded.value.Equal(o.value) {
		p.w.violated(r, "the state file changed %s into %s", o.value, upgraded.value)
	}
	return &upgraded, true
}

// adopt imports a session and reads it, by its ID or by its identity.
func (p *soakProcess) adopt(r *soakRoom, session string, byIdentity bool) (_ *soakObject, ok bool) {
	req := &tfprotov6.ImportResourceStateRequest{TypeName: mixStreamType, ID: session}
	if byIdentity {
		id := tftypes.NewValue(p.w.schemas.identity, map[string]tftypes.Value{"mix_stream_session_id": tftypes.NewValue(tftypes.String, session)})
		req.ID, req.Identity = "", &tfprotov6.ResourceIdentityData{IdentityData: acctest.ToWire(id)}
	}
	resp, ok := soakCall(p, "import", p.server.ImportResourceState, req)
	if !ok || p.w.failed(r, resp.Diagnostics) {
		return nil, false
	}
	one := resp.ImportedResources[0]
	return p.read(r, &soakObject{value: acctest.FromWire(one.State, p.w.schemas.mix), private: one.Private, identity: one.Identity})
}

// inspect checks what holds of every object that a provider returns.
func (w *soakWorkspace) inspect(r *soakRoom, kind string, o *soakObject, succeeded bool) {
	if !o.value.IsFullyKnown() {
		w.violated(r, "%s returned a value that is not known: %s", kind, o.value)
	}
	for _, secret := range []string{soakKey, soakToken} {
		if bytes.Contains(acctest.ToWire(o.value).MsgPack, []byte(secret)) || bytes.Contains(o.private, []byte(secret)) {
			w.violated(r, "%s returned a secret", kind)
		}
	}
	if !succeeded {
		return
	}
	if o.identity == nil {
		w.violated(r, "%s returned no identity", kind)
		return
	}
	var fields map[string]tftypes.Value
	var id string
	identity := acctest.FromWire(o.identity.IdentityData, w.schemas.identity)
	if identity.As(&fields) != nil || fields["mix_stream_session_id"].As(&id) != nil || id != o.session() {
		w.violated(r, "%s returned the identity %s for the session %s", kind, identity, o.session())
	}
}
