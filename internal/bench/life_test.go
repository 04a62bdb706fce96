// SPDX-License-Identifier: MPL-2.0

//go:build linux

package bench

import (
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// rounds is how often each step is measured: two runs of the same step differ by up to a fifth on a shared machine. The
// fastest counts, as what else the machine does only adds to a time.
const rounds = 3

// stepLimit is what bounds a step beside Terraform, and how near to the limit it must come.
type stepLimit struct {
	step   string
	quota  int // calls per second; 0 if the step makes none
	target float64
}

func stepLimits() []stepLimit {
	return []stepLimit{{stepApply, 200, 1.1}, {stepPlan, 0, 1.2}, {stepUpdate, 200, 1.1}, {stepDestroy, 100, 1.2}}
}

// lives is what the steps of n mixes cost.
type lives struct {
	n               int
	provider, least map[string]cost
	old, loud       cost // of no-op plans, if they were measured
	connections     int
}

// life compares each step with its limit: what the least server takes, or what the quota allows, whichever is longer.
func (b *bench) life() {
	var all []lives
	for _, n := range b.sizes {
		all = append(all, b.live(n))
	}
	last := all[len(all)-1]
	b.plan = last.provider[stepPlan]

	b.line("")
	b.line("## The life of N mixes")
	b.line("")
	b.line("Real CLI, parallelism 10, 20 ms of latency, Tencent's quotas (200 creates, 100 cancels per second); the least server makes no call and so needs neither.")
	b.line("The limit is the larger of the least server's time and N/quota. Each time is the fastest of %d lives.", rounds)
	b.line("")
	b.line("| N | step | provider | least server | N/quota | provider/limit | target | calls | connections |")
	b.line("|---|---|---|---|---|---|---|---|---|")
	for _, l := range all {
		for _, s := range stepLimits() {
			byQuota, calls := time.Duration(0), 0
			if s.quota > 0 {
				byQuota, calls = perQuota(l.n, s.quota), l.n
			}
			provider, least := l.provider[s.step].wall, l.least[s.step].wall
			b.line("| %d | %s | %s | %s | %s | %.2f | %.1f | %d | %d |", l.n, s.step, seconds(provider), seconds(least), seconds(byQuota),
				ratio(provider, max(least, byQuota)), s.target, calls, l.connections)
		}
	}
	b.line("")
	b.line("The targets are for %d mixes. Terraform's own time for changes grows faster than the number of resources in one state. Many rooms are faster in several states.", last.n)
	b.cpu(all)
	b.plans(last)
}

// live runs the whole life of n mixes with each plugin, step by step in turns. Of the most mixes, it also plans with the
// provider without what main does about loggers and garbage, and with the old build.
func (b *bench) live(n int) lives {
	l := lives{n: n}
	provider, least, loud, old := steps{}, steps{}, steps{}, steps{}
	var before *contestant
	if n == b.most() && b.old != "" {
		before = b.enter(b.plugins.old, b.sim(), n, "")
		before.step(stepApply)
	}
	for range rounds {
		sim := b.sim()
		p, q := b.enter(b.plugins.provider, sim, n, ""), b.enter(b.plugins.least, sim, n, "")
		for _, s := range stepLimits() {
			provider.take(p, s.step)
			least.take(q, s.step)
			if s.step == stepPlan && n == b.most() {
				loud.take(p.with("TF_LOG_SDK=TRACE", "GOGC=100", "GOMEMLIMIT=off"), s.step)
				if before != nil {
					old.take(before, s.step)
				}
			}
		}
		b.nothingLeft(sim)
		if got := len(sim.RequestsOf(livesim.ActionCreate)) + len(sim.RequestsOf(livesim.ActionCancel)); got != len(sim.Requests()) || got != 3*n {
			b.t.Errorf("%d calls for %d mixes, want %d creates and cancels", len(sim.Requests()), n, 3*n)
		}
		_, l.connections, _ = sim.Connections()
	}
	l.provider, l.least, l.loud, l.old = provider.best(), least.best(), loud.best()[stepPlan], old.best()[stepPlan]
	return l
}

// steps is what each step has cost in each round.
type steps map[string][]cost

func (s steps) take(c *contestant, step string) {
	took := c.step(step)
	c.T.Logf("%s of %d by %s: %s", step, c.config.n, c.program, seconds(took.wall))
	s[step] = append(s[step], took)
}

// best returns the least time and the largest peak of memory of each step.
func (s steps) best() map[string]cost {
	all := map[string]cost{}
	for step, costs := range s {
		best := costs[0]
		for _, c := range costs[1:] {
			best = cost{min(best.wall, c.wall), min(best.cpu, c.cpu), min(best.total, c.total), max(best.memory, c.memory)}
		}
		all[step] = best
	}
	return all
}

// cpu compares what the plugins use of the processor.
func (b *bench) cpu(all []lives) {
	b.line("")
	b.line("## The cost of the plugin")
	b.line("")
	b.line("CPU, of the plugin alone and together with Terraform:")
	b.line("")
	b.line("| N | step | provider | least server | ratio | provider and Terraform | least server and Terraform | ratio |")
	b.line("|---|---|---|---|---|---|---|---|")
	for _, l := range all {
		for _, s := range stepLimits() {
			provider, least := l.provider[s.step], l.least[s.step]
			b.line("| %d | %s | %s | %s | %.1f | %s | %s | %.2f |", l.n, s.step, seconds(provider.cpu), seconds(least.cpu), ratio(provider.cpu, least.cpu),
				seconds(provider.total), seconds(least.total), ratio(provider.total, least.total))
		}
	}
}

// plans compares no-op plans of the most mixes, and tells the memory of the provider.
func (b *bench) plans(l lives) {
	plan, least := l.provider[stepPlan], l.least[stepPlan]
	if b.old != "" {
		b.line("")
		b.line("CPU of the plugin in a no-op plan of %d mixes:", l.n)
		b.line("")
		b.line("| build | CPU | to the least server | to the old build |")
		b.line("|---|---|---|---|")
		b.line("| old (%s) | %s | %.1f | 1.00 |", b.old, seconds(l.old.cpu), ratio(l.old.cpu, least.cpu))
		b.line("| this one | %s | %.1f | %.2f (target: at most 0.20) |", seconds(plan.cpu), ratio(plan.cpu, least.cpu), ratio(plan.cpu, l.old.cpu))
		b.line("| least server | %s | 1.0 | %.2f |", seconds(least.cpu), ratio(least.cpu, l.old.cpu))
		b.line("")
		b.line("The old build takes %s for the whole plan, this one %s: %.2f times.", seconds(l.old.wall), seconds(plan.wall), ratio(plan.wall, l.old.wall))
	}
	b.line("")
	b.line("No-op plan of %d mixes: %s. The same with `TF_LOG_SDK=TRACE` and Go's own garbage collection: %s. Ratio %.2f.",
		l.n, seconds(plan.wall), seconds(l.loud.wall), ratio(plan.wall, l.loud.wall))
	b.line("")
	b.line("Peak memory of the provider at %d mixes: %d MB in a plan, %d MB in a destroy. Of the least server: %d MB and %d MB.", l.n,
		plan.memory>>20, l.provider[stepDestroy].memory>>20, least.memory>>20, l.least[stepDestroy].memory>>20)
}
