// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// soakDisruption is what happens to a command from outside.
type soakDisruption struct {
	kind  string // "" for nothing.
	apply bool   // In the second walk.
	after time.Duration
	// remote loses all that the command had saved, as a state that is written at its end does.
	remote bool
}

const (
	disruptStop         = "interrupt"
	disruptKillProvider = "kill of the provider"
	disruptKillCore     = "kill of Terraform"
)

func drawDisruption(rng *rand.Rand) soakDisruption {
	d := soakDisruption{apply: rng.IntN(8) > 0, remote: rng.IntN(2) == 0}
	most := []time.Duration{40 * time.Millisecond, 300 * time.Millisecond, 2 * time.Second}[rng.IntN(3)]
	d.after = time.Duration(rng.Int64N(int64(most)))
	switch roll := rng.IntN(100); {
	case roll < 18:
		d.kind = disruptStop
	case roll < 28:
		d.kind = disruptKillProvider
	case roll < 38:
		d.kind = disruptKillCore
	}
	return d
}

// strike carries out the disruption.
func (d soakDisruption) strike(p *soakProcess) {
	p.w.soak.count("disruptions", d.kind)
	switch d.kind {
	case disruptStop:
		p.mu.Lock()
		p.stopping = p.w.sim.Now()
		p.mu.Unlock()
		p.w.stopping.Store(true)
		if _, err := p.server.StopProvider(p.alive, &tfprotov6.StopProviderRequest{}); err != nil {
			p.w.violated(nil, "stop: %v", err)
		}
		p.mu.Lock()
		p.stopped = p.w.sim.Now()
		p.mu.Unlock()
	case disruptKillCore:
		p.mu.Lock()
		p.withCore = true
		p.mu.Unlock()
		p.close()
	case disruptKillProvider:
		p.close()
	}
}

// walk visits all rooms with a process of the provider, ten at a time, in any order.
func (w *soakWorkspace) walk(d soakDisruption, visit func(p *soakProcess, r *soakRoom)) *soakProcess {
	p := w.start()
	struck := make(chan struct{})
	var timer *time.Timer
	if d.kind != "" {
		timer = time.AfterFunc(d.after, func() { defer close(struck); d.strike(p) })
	}
	var visits sync.WaitGroup
	parallel := make(chan struct{}, soakParallelism)
	for _, i := range w.rng.Perm(len(w.rooms)) {
		parallel <- struct{}{}
		visits.Go(func() { defer func() { <-parallel }(); visit(p, w.rooms[i]) })
	}
	hung := time.AfterFunc(soakHang, func() {
		w.violated(nil, "a walk of %s did not end", p.name)
		p.close()
	})
	visits.Wait()
	hung.Stop()
	if timer != nil && !timer.Stop() {
		<-struck
	}
	dead := p.alive.Err() != nil
	if !dead {
		p.close()
	} else {
		p.crashed = true
	}
	return p
}

const (
	// soakParallelism is Terraform's default.
	soakParallelism = 10
	// soakHang only keeps a call that never ends from hanging the soak: how fast a shared machine is says nothing.
	soakHang = 10 * time.Minute
)
