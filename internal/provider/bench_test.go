// SPDX-License-Identifier: MPL-2.0

//go:build linux

package provider

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
// figures are, and runs only when BENCH names the file to write.
func TestBench(t *testing.T) {
	page := os.Getenv("BENCH")
	if page == "" {
		t.Skip("BENCH names no file to write")
	}
	b := &bench{t: t, free: map[*livesim.Server]bool{}}
	b.line("# Benchmarks")
	b.line("")
	b.line("Written by `make bench` on %d cores of a shared machine (%s/%s, %s). Read the ratios; the seconds depend on the machine.",
		runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, strings.SplitN(b.workspace(b.sim(false), 1, "").run("version"), "\n", 2)[0])
	b.life()
	b.monitor()
	b.cost()
	b.shared()
	b.process()
	if err := os.WriteFile(page, []byte(b.text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
}

type bench struct {
	t    *testing.T
	text strings.Builder
	// plan is the time of a no-op plan of 1,000 mixes without a monitor, on a simulator without latency and quota.
	plan time.Duration
	// free are the simulators without a quota.
	free map[*livesim.Server]bool
}

// line adds a line to the page and prints it.
func (b *bench) line(format string, args ...any) {
	line := fmt.Sprintf(format, args...)
	fmt.Println(line)
	b.text.WriteString(line + "\n")
}

// sim is a simulator with the documented quotas and 20 ms of latency, or with neither.
func (b *bench) sim(documented bool) *livesim.Server {
	sim := startSim(b.t, func(o *livesim.Options) {
		o.AnyStreamPushes, o.MaxSessionsPerStream, o.CancelAfterCreate, o.ReuseAfterCancel = true, 0, 0, 0
		if documented {
			o.Latency = 20 * time.Millisecond
		} else {
			o.Quota = nil
		}
	})
	b.free[sim] = !documented
	return sim
}

// workspace holds n mixes; template is the one attribute that changes. The provider keeps no pacing, as the simulator
// asks for none, and with no quota no rate.
func (b *bench) workspace(sim *livesim.Server, n int, more string, env ...string) *workspace {
	w := newWorkspace(b.t, map[string]string{"main.tf": requires + b.configuration(sim, n, more)}, env...)
	return w
}

func (b *bench) configuration(sim *livesim.Server, n int, more string) string {
	return b.named(sim, "s", n, 20, more)
}

func (b *bench) named(sim *livesim.Server, prefix string, n, template int, more string) string {
	rates := ""
	if b.free[sim] {
		rates = "requests_per_second = { create = 10000, cancel = 10000, state = 10000 }"
	}
	return fmt.Sprintf(`
provider "tencentcss" {
  secret_id  = "AKIDsimulator"
  secret_key = "simulator-secret-key"
  endpoints  = { live = %q }
  pacing     = { cancel_after_create = "0s", reuse_after_cancel = "0s" }
  %s
}

resource "tencentcss_mix_stream" "test" {
  count                  = %d
  mix_stream_session_id  = "%s${count.index}"
  mix_stream_template_id = %d
  input_stream_list = [
    { input_stream_name = "%[4]s_host${count.index}", layout_params = { image_layer = 1 } },
    { input_stream_name = "%[4]s_guest${count.index}", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "%[4]s_out${count.index}" }
  %[6]s
}
`, sim.URL(), rates, n, prefix, template, more)
}

// timed runs the CLI and returns how long it took.
func timed(w *workspace, args ...string) time.Duration {
	start := time.Now()
	w.run(args...)
	return time.Since(start)
}

const (
	benchApply   = "apply"
	benchPlan    = "no-op plan"
	benchUpdate  = "update of all"
	benchDestroy = "destroy"
)

// lives runs the whole life of n mixes on each simulator, step by step in turns, so that a slow minute of the machine
// falls on all of them. It returns how long each step took, by simulator.
func (b *bench) lives(n int, sims ...*livesim.Server) []map[string]time.Duration {
	workspaces, took := make([]*workspace, len(sims)), make([]map[string]time.Duration, len(sims))
	for i, sim := range sims {
		workspaces[i], took[i] = b.workspace(sim, n, ""), map[string]time.Duration{}
	}
	for _, step := range []string{benchApply, benchPlan, benchUpdate, benchDestroy} {
		for i, w := range workspaces {
			args := []string{"apply", "-auto-approve"}
			switch step {
			case benchPlan:
				args = []string{"plan"}
			case benchUpdate:
				w.write(map[string]string{"main.tf": requires + b.named(sims[i], "s", n, 30, "")})
			case benchDestroy:
				args = []string{"destroy", "-auto-approve"}
			}
			took[i][step] = timed(w, args...)
		}
	}
	for _, sim := range sims {
		if left := len(sim.Sessions()); left != 0 {
			b.t.Errorf("%d sessions are left", left)
		}
	}
	return took
}

// life compares each step with its limit: what Terraform itself needs, or what the quota allows, whichever is longer.
func (b *bench) life() {
	b.line("")
	b.line("## The life of N mixes")
	b.line("")
	b.line("Real CLI, parallelism 10, 20 ms of latency, Tencent's quotas (200 creates, 100 cancels per second). The floor is the same against a simulator with no")
	b.line("latency and no quota: what Terraform itself needs. The limit is the larger of the floor and N/quota.")
	b.line("")
	b.line("| N | step | time | floor | N/quota | time/limit | calls | connections |")
	b.line("|---|---|---|---|---|---|---|---|")
	quota := map[string]float64{benchApply: 200, benchUpdate: 200, benchDestroy: 100}
	for _, n := range []int{1, 100, 1000} {
		sim := b.sim(true)
		lives := b.lives(n, b.sim(false), sim)
		floor, took := lives[0], lives[1]
		if n == 1000 {
			b.plan = floor[benchPlan]
		}
		_, peak, _ := sim.Connections()
		for _, step := range []string{benchApply, benchPlan, benchUpdate, benchDestroy} {
			byQuota := time.Duration(0)
			if q := quota[step]; q > 0 {
				byQuota = time.Duration(float64(n) / q * float64(time.Second))
			}
			calls := n
			if step == benchPlan {
				calls = 0
			}
			b.line("| %d | %s | %s | %s | %s | %.2f | %d | %d |", n, step, seconds(took[step]), seconds(floor[step]), seconds(byQuota),
				took[step].Seconds()/max(floor[step], byQuota).Seconds(), calls, peak)
		}
		if got := len(sim.Requests()); got != 3*n {
			b.t.Errorf("%d calls for %d mixes, want %d", got, n, 3*n)
		}
	}
	b.line("")
	b.line("Terraform's own time for changes grows faster than the number of resources in one state. Many rooms are faster in several states.")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }

// monitor is a no-op plan that reads the output of each mix.
func (b *bench) monitor() {
	const n, quota = 1000, 300
	plan := func(sim *livesim.Server) time.Duration {
		w := b.workspace(sim, n, `output_monitor = { domain_name = "push.example.com" }`)
		w.run("apply", "-auto-approve")
		sim.ResetRequests()
		return timed(w, "plan")
	}
	floor := plan(b.sim(false))
	sim := b.sim(true)
	took := plan(sim)
	byQuota := time.Duration(n) * time.Second / quota
	b.line("")
	b.line("No-op plan of %d mixes with a monitor: %s, %.2f times the larger of the floor (%s) and N/quota (%s), and %.2f times a no-op plan without one; %d calls.",
		n, seconds(took), took.Seconds()/max(floor, byQuota).Seconds(), seconds(floor), seconds(byQuota), took.Seconds()/max(b.plan, byQuota).Seconds(), len(sim.RequestsOf(livesim.ActionState)))
}

// cost compares plans with and without what main does about loggers and garbage.
func (b *bench) cost() {
	const n, rounds = 1000, 3
	sim := b.sim(false)
	w := b.workspace(sim, n, "")
	w.run("apply", "-auto-approve")
	loud := &workspace{&acctest.Workspace{T: w.T, Dir: w.Dir, Env: append(slices.Clone(w.Env), "TF_LOG_SDK=TRACE", "GOGC=100", "GOMEMLIMIT=off")}}
	var quiet, noisy []time.Duration
	for range rounds {
		quiet = append(quiet, timed(w, "plan"))
		noisy = append(noisy, timed(loud, "plan"))
	}
	slices.Sort(quiet)
	slices.Sort(noisy)
	peak := b.peakMemory(func() { w.run("plan") })
	applied := b.peakMemory(func() { w.run("destroy", "-auto-approve") })
	b.line("")
	b.line("## The cost of the plugin")
	b.line("")
	b.line("No-op plan of %d mixes, median of %d in turns: %s. The same with `TF_LOG_SDK=TRACE` and Go's own garbage collection: %s. Ratio %.2f.",
		n, rounds, seconds(quiet[rounds/2]), seconds(noisy[rounds/2]), quiet[rounds/2].Seconds()/noisy[rounds/2].Seconds())
	b.line("")
	b.line("Peak memory of the provider at %d mixes: %d MB in a plan, %d MB in a destroy.", n, peak>>20, applied>>20)
}

// peakMemory runs f and returns the largest memory that a process of the built provider had in the meantime, in bytes.
func (b *bench) peakMemory(f func()) int64 {
	ctx, cancel := context.WithCancel(b.t.Context())
	var peak int64
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			peak = max(peak, providerMemory())
			time.Sleep(20 * time.Millisecond)
		}
	})
	f()
	cancel()
	wg.Wait()
	return peak
}

// providerMemory is the largest VmHWM of all processes of the provider.
func providerMemory() int64 {
	var peak int64
	files, _ := filepath.Glob("/proc/[0-9]*/status") // The pattern is right.
	for _, file := range files {
		status, err := os.ReadFile(file)
		if err != nil || !strings.HasPrefix(string(status), "Name:\tterraform-provi") {
			continue
		}
		for line := range strings.Lines(string(status)) {
			if fields := strings.Fields(line); len(fields) > 1 && fields[0] == "VmHWM:" {
				if kb, err := strconv.ParseInt(fields[1], 10, 64); err == nil {
					peak = max(peak, kb<<10)
				}
			}
		}
	}
	return peak
}

// shared destroys 4 × 250 mixes by four runs at once that share one quota.
func (b *bench) shared() {
	const runs, n, quota = 4, 250, 100
	floor := b.destroyAtOnce(b.sim(false), runs, n)
	took := b.destroyAtOnce(b.sim(true), runs, n)
	byQuota := time.Duration(runs*n) * time.Second / quota
	b.line("")
	b.line("## One quota, four runs")
	b.line("")
	b.line("%d concurrent destroys of %d mixes each against one quota of %d per second: %s, %.2f times the larger of the floor (%s, four runs at once without latency and quota) and N/quota (%s).",
		runs, n, quota, seconds(took), took.Seconds()/max(floor, byQuota).Seconds(), seconds(floor), seconds(byQuota))
}

// destroyAtOnce applies n mixes in each of so many workspaces, and returns how long it takes to destroy all at once.
func (b *bench) destroyAtOnce(sim *livesim.Server, runs, n int) time.Duration {
	var all []*workspace
	for run := range runs {
		w := newWorkspace(b.t, map[string]string{"main.tf": requires + b.named(sim, fmt.Sprintf("r%d_", run), n, 20, "")})
		w.run("apply", "-auto-approve")
		all = append(all, w)
	}
	start := time.Now()
	var wg sync.WaitGroup
	for _, w := range all {
		wg.Go(func() {
			if cmd, out := w.command("destroy", "-auto-approve"); cmd.Run() != nil {
				b.t.Errorf("a destroy failed:\n%s", out)
			}
		})
	}
	wg.Wait()
	took := time.Since(start)
	if left := len(sim.Sessions()); left != 0 {
		b.t.Errorf("%d sessions are left", left)
	}
	return took
}

// process is the size of the program and the time to its handshake.
func (b *bench) process() {
	binary, err := acctest.Provider()
	if err != nil {
		b.t.Fatal(err)
	}
	info, err := os.Stat(binary)
	if err != nil {
		b.t.Fatal(err)
	}
	var starts []time.Duration
	for range 21 {
		cmd := exec.Command(binary)
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
