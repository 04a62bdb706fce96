// SPDX-License-Identifier: MPL-2.0

//go:build linux

package bench

import (
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// Terraform takes the least server for the provider: it creates, keeps, changes and destroys mixes, though no call is made.
func TestAccLeastServerLivesWithoutCalls(t *testing.T) {
	acctest.Need(t)
	t.Parallel()
	sim := acctest.StartSimulator(t)
	p := buildPlugins(t, "")
	c := p.enter(t, p.least, mixes{sim, "s", 2, 20, `output_monitor = { domain_name = "push.example.com" }`})
	for _, limit := range stepLimits() {
		got := c.step(limit.step)
		if got.cpu <= 0 || got.memory <= 0 || got.total <= got.cpu {
			t.Errorf("%s: the plugin took %s and %d bytes, with the CLI %s", limit.step, got.cpu, got.memory, got.total)
		}
		resources := 2
		if limit.step == stepDestroy {
			resources = 0
		}
		if all := c.Tainted(); len(all) != resources {
			t.Errorf("after the %s, the state holds %v", limit.step, all)
		}
	}
	if made := sim.Requests(); len(made) != 0 {
		t.Errorf("%d calls were made", len(made))
	}
}

// What the meter reads is that of the plugin which it was told to run.
func TestAccMeterRunsTheProvider(t *testing.T) {
	acctest.Need(t)
	t.Parallel()
	sim := acctest.StartSimulator(t, func(o *livesim.Options) {
		o.AnyStreamPushes, o.CancelAfterCreate, o.ReuseAfterCancel = true, 0, 0
	})
	p := buildPlugins(t, "")
	c := p.enter(t, p.provider, mixes{sim, "s", 1, 20, ""})
	if c.step(stepApply); acctest.SessionIDs(sim) != "s0" {
		t.Errorf("live sessions after the apply: %q", acctest.SessionIDs(sim))
	}
	// A plugin that fails is the CLI's to report, not the meter's to hide.
	cmd, out := c.with("METER_PROGRAM=/bin/false").Command("plan")
	if err := cmd.Run(); err == nil || !strings.Contains(out.String(), "plugin") {
		t.Errorf("a plugin that fails: %v\n%s", err, out)
	}
	if c.step(stepDestroy); acctest.SessionIDs(sim) != "" {
		t.Errorf("live sessions after the destroy: %q", acctest.SessionIDs(sim))
	}
}
