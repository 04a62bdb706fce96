// SPDX-License-Identifier: MPL-2.0

//go:build linux

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// TestBench measures the provider with the real CLI and writes a page about it. It is no test: it passes whatever the
// figures are, and runs only when BENCH names the file to write. BENCH_N are the numbers of mixes, and BENCH_OLD a
// revision whose build is measured beside the present one.
func TestBench(t *testing.T) {
	page := os.Getenv("BENCH")
	if page == "" {
		t.Skip("BENCH names no file to write")
	}
	acctest.Need(t)
	cli, err := acctest.Inspect(t.Context(), os.Getenv(acctest.PathVariable))
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{t: t, sizes: sizes(t), old: os.Getenv("BENCH_OLD")}
	b.plugins = buildPlugins(t, b.old)
	b.line("# Benchmarks")
	b.line("")
	b.line("Written by `make bench` on %d cores of a shared machine (%s/%s, %s). Read the ratios; the seconds depend on the machine.",
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, cli)
	b.line("")
	b.line("**The least server** is a plugin with the schema of this provider that does as little as Terraform allows: it validates nothing, reads nothing, makes")
	b.line("no call, plans what is proposed and says that what is planned was done (`internal/bench/least_server.go`). What it takes is what Terraform itself takes.")
	b.line("The provider and the least server run in turns, step by step, so that a slow minute of the machine falls on both.")
	b.life()
	b.monitor()
	b.shared()
	b.process()
	if err := os.WriteFile(page, []byte(b.text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

// sizes are the numbers of mixes in BENCH_N, the smallest first.
func sizes(t *testing.T) []int {
	t.Helper()
	list := os.Getenv("BENCH_N")
	if list == "" {
		return []int{1, 100, 1000}
	}
	var sizes []int
	for text := range strings.FieldsSeq(list) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("BENCH_N: %q is no number of mixes", text)
		}
		sizes = append(sizes, n)
	}
	slices.Sort(sizes)
	return sizes
}

type bench struct {
	t       *testing.T
	text    strings.Builder
	sizes   []int
	old     string // the revision of the old build, or ""
	plugins plugins
	plan    cost // of the provider's no-op plan of the most mixes
}

// line adds a line to the page and prints it.
func (b *bench) line(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	fmt.Println(line)
	b.text.WriteString(line + "\n")
}

func (b *bench) most() int { return b.sizes[len(b.sizes)-1] }

// sim is a simulator with the documented quotas and 20 ms of latency.
func (b *bench) sim() *livesim.Server {
	return acctest.StartSimulator(b.t, func(o *livesim.Options) {
		o.AnyStreamPushes, o.MaxSessionsPerStream, o.CancelAfterCreate, o.ReuseAfterCancel = true, 0, 0, 0
		o.Latency = 20 * time.Millisecond
	})
}

func (b *bench) enter(program string, sim *livesim.Server, n int, more string) *contestant {
	return b.plugins.enter(b.t, program, mixes{sim, "s", n, 20, more})
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

func ratio(a, b time.Duration) float64 { return a.Seconds() / max(b, time.Nanosecond).Seconds() }

// perQuota is how long n calls take at a rate per second.
func perQuota(n, rate int) time.Duration { return time.Duration(n) * time.Second / time.Duration(rate) }

// monitor is a no-op plan that reads the output of each mix.
func (b *bench) monitor() {
	const quota = 300
	n := b.most()
	sim := b.sim()
	var took [2]cost
	var all [2]*contestant
	for i, program := range []string{b.plugins.provider, b.plugins.least} {
		all[i] = b.enter(program, sim, n, `output_monitor = { domain_name = "push.example.com" }`)
		all[i].step(stepApply)
	}
	sim.ResetRequests()
	for i, c := range all {
		took[i] = c.step(stepPlan)
	}
	b.line("")
	b.line("No-op plan of %d mixes with a monitor: %s, %.2f times the larger of the least server's (%s) and N/quota (%s), and %.2f times a no-op plan without one; %d calls.",
		n, seconds(took[0].wall), ratio(took[0].wall, max(took[1].wall, perQuota(n, quota))), seconds(took[1].wall), seconds(perQuota(n, quota)),
		ratio(took[0].wall, max(b.plan.wall, perQuota(n, quota))), len(sim.RequestsOf(livesim.ActionState)))
}

// shared destroys mixes by four runs at once that share one quota.
func (b *bench) shared() {
	const runs, quota = 4, 100
	n := max(b.most()/runs, 1)
	sim := b.sim()
	least := b.destroyAtOnce(b.plugins.least, sim, runs, n)
	took := b.destroyAtOnce(b.plugins.provider, sim, runs, n)
	byQuota := perQuota(runs*n, quota)
	b.line("")
	b.line("## One quota, four runs")
	b.line("")
	b.line("%d concurrent destroys of %d mixes each against one quota of %d per second: %s, %.2f times the larger of the least server's (%s) and N/quota (%s).",
		runs, n, quota, seconds(took), ratio(took, max(least, byQuota)), seconds(least), seconds(byQuota))
}

// destroyAtOnce applies n mixes in each of so many workspaces, and returns how long it takes to destroy all at once.
func (b *bench) destroyAtOnce(program string, sim *livesim.Server, runs, n int) time.Duration {
	var all []*contestant
	for run := range runs {
		c := b.plugins.enter(b.t, program, mixes{sim, fmt.Sprintf("r%d_", run), n, 20, ""})
		c.step(stepApply)
		all = append(all, c)
	}
	start := time.Now()
	var wg sync.WaitGroup
	for _, c := range all {
		wg.Go(func() {
			if cmd, out := c.Command("destroy", "-auto-approve"); cmd.Run() != nil {
				b.t.Errorf("a destroy failed:\n%s", out)
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	b.nothingLeft(sim)
	return took
}

func (b *bench) nothingLeft(sim *livesim.Server) {
	b.t.Helper()
	if left := len(sim.Sessions()); left != 0 {
		b.t.Errorf("%d sessions are left", left)
	}
}

// process is the size of the program and the time to its handshake.
func (b *bench) process() {
	info, err := os.Stat(b.plugins.provider)
	if err != nil {
		b.t.Fatal(err)
	}
	var starts []time.Duration
	for range 21 {
		cmd := exec.Command(b.plugins.provider)
		cmd.Env = append(os.Environ(), "TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2", "PLUGIN_PROTOCOL_VERSIONS=6")
		out, err := cmd.StdoutPipe()
		if err != nil {
			b.t.Fatal(err)
		}
		start := time.Now()
		if err := cmd.Start(); err != nil {
			b.t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 1)); err != nil {
			b.t.Fatal(err)
		}
		starts = append(starts, time.Since(start))
		if err := cmd.Process.Kill(); err != nil {
			b.t.Fatal(err)
		}
		_ = cmd.Wait() // It was killed.
	}
	slices.Sort(starts)
	b.line("")
	b.line("Program: %.1f MB; %d ms from start to handshake (median of %d).", float64(info.Size())/1e6, starts[len(starts)/2].Milliseconds(), len(starts))
}
