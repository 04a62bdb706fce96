// SPDX-License-Identifier: MPL-2.0

//go:build unix

package soak

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// TestAccSoakCLI kills commands of the real CLI, or their provider, at random moments. Whatever dies when, a second apply
// of the same configuration succeeds and owns exactly the configured sessions, and a destroy leaves nothing. SOAK makes
// it last longer, and SEED repeats what is killed and after how long.
func TestAccSoakCLI(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	number, _, _ := strings.Cut(os.Getenv("SEED"), "/")
	s := soakSeed(t, number)
	rng := rand.New(rand.NewPCG(s, 0)) // #nosec G404 -- it is to be repeatable.
	rounds := 6
	until := time.Now()
	if duration, err := time.ParseDuration(os.Getenv("SOAK")); err == nil {
		until = until.Add(duration)
	}

	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.Latency = 150 * time.Millisecond })
	c := &soakCLI{sim: sim, rng: rng}
	c.edit()
	w := acctest.NewWorkspace(t, c.files())
	for round := 0; round < rounds || time.Now().Before(until); round++ {
		c.edit()
		w.Write(c.files())
		args := []string{"apply", "-auto-approve"}
		if rng.IntN(4) == 0 {
			args = []string{"destroy", "-auto-approve"}
		}
		what := c.kill(w, args)
		t.Logf("round %d: %s during %s", round, what, args[0])
		w.Run("apply", "-auto-approve")
		if got, want := acctest.SessionIDs(sim), strings.Join(c.sessions(), " "); got != want {
			t.Fatalf("SEED=%d, round %d: live after %s during %s and another apply: %q, want %q", s, round, what, args[0], got, want)
		}
		if got := len(w.Tainted()); got != len(c.rooms) {
			t.Fatalf("SEED=%d, round %d: %d resources in the state, want %d", s, round, got, len(c.rooms))
		}
	}
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Errorf("SEED=%d: %v", s, err)
	}
}

// soakCLI is a configuration that changes from round to round.
type soakCLI struct {
	sim     *livesim.Server
	rng     *rand.Rand
	rooms   []string
	variant int // Of the session IDs: a change replaces.
	rate    int // Changes with each edit, in place.
}

func (c *soakCLI) edit() {
	all := []string{"a", "b", "c", "d", "e"}
	c.rooms = all[:3+c.rng.IntN(3)]
	c.rate = c.rate%9000 + 100
	if c.rng.IntN(3) == 0 {
		c.variant = c.rng.IntN(3)
	}
}

// sessions are the session IDs, sorted.
func (c *soakCLI) sessions() []string {
	var ids []string
	for _, room := range c.rooms {
		ids = append(ids, fmt.Sprintf("%s_%d", room, c.variant))
	}
	return ids
}

func (c *soakCLI) files() map[string]string {
	return map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(c.sim) + fmt.Sprintf(`
resource "tencentcss_mix_stream" "room" {
  for_each               = toset(["%s"])
  mix_stream_session_id  = "${each.key}_%d"
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "show_${each.key}", output_stream_bit_rate = %d }
}
`, strings.Join(c.rooms, `", "`), c.variant, c.rate)}
}

// kill starts a command and kills something of it at a random moment: mostly while calls are under way. It returns when
// no process of the command is left.
func (c *soakCLI) kill(w *acctest.Workspace, args []string) (what string) {
	w.T.Helper()
	before := len(c.sim.Requests())
	delay := time.Duration(c.rng.IntN(300)) * time.Millisecond
	atOnce := c.rng.IntN(5) == 0
	if atOnce {
		delay *= 4
	}
	kind := c.rng.IntN(4)

	cmd, _ := w.Command(args...)
	if err := cmd.Start(); err != nil {
		w.T.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	over := func() bool {
		select {
		case err := <-ended:
			ended <- err
			return true
		default:
			return false
		}
	}
	if !atOnce {
		acctest.WaitFor(w.T, "a call", func() bool { return over() || len(c.sim.Requests()) > before })
	}
	time.Sleep(delay)

	group := cmd.Process.Pid
	switch {
	case over():
		what = "nothing"
	case kind == 0:
		what = c.signal(w, -group, syscall.SIGINT, "an interrupt of all")
	case kind == 1:
		what = c.signal(w, -group, syscall.SIGTERM, "a termination of all")
	case kind == 2:
		what = c.signal(w, group, syscall.SIGKILL, "a kill of the CLI")
	default:
		what = "a kill of the provider"
		for _, pid := range providersOf(w.T, group) {
			c.signal(w, pid, syscall.SIGKILL, what)
		}
	}
	acctest.WaitFor(w.T, "the end of "+args[0], over)
	// A provider whose CLI was killed ends by itself.
	acctest.WaitFor(w.T, "the end of all processes", func() bool { return errors.Is(syscall.Kill(-group, 0), syscall.ESRCH) })
	if mendState(w) {
		what += " in the middle of a write of the state"
	}
	return fmt.Sprintf("%s after %s", what, delay)
}

// mendState does what a user does whose state file was cut off, as the CLI writes it in place: it takes the backup, which
// is the state before the run, and tells so. Where there is no backup, there was no state before, and there is none now:
// the next apply finds the sessions again by their IDs.
func mendState(w *acctest.Workspace) bool {
	w.T.Helper()
	path := filepath.Join(w.Dir, "terraform.tfstate")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && json.Valid(text) {
		return false
	}
	if err == nil {
		if err = os.Rename(path+".backup", path); errors.Is(err, fs.ErrNotExist) {
			err = os.Remove(path)
		}
	}
	if err != nil {
		w.T.Fatal(err)
	}
	return true
}

func TestMendState(t *testing.T) {
	t.Parallel()
	const state, backup = "terraform.tfstate", "terraform.tfstate.backup"
	for name, tc := range map[string]struct {
		files map[string]string
		want  string // The state afterwards; "" where there is none.
		mends bool
	}{
		"no state":              {},
		"a whole state":         {files: map[string]string{state: "{}", backup: "[]"}, want: "{}"},
		"cut off":               {files: map[string]string{state: "{", backup: "[]"}, want: "[]", mends: true},
		"the first one cut off": {files: map[string]string{state: "{"}, mends: true},
		"the first one empty":   {files: map[string]string{state: ""}, mends: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := &acctest.Workspace{T: t, Dir: t.TempDir()}
			w.Write(tc.files)
			if got := mendState(w); got != tc.mends {
				t.Errorf("mended: %t, want %t", got, tc.mends)
			}
			text, err := os.ReadFile(filepath.Join(w.Dir, state))
			if string(text) != tc.want || errors.Is(err, fs.ErrNotExist) != (tc.want == "") {
				t.Errorf("the state is %q (%v), want %q", text, err, tc.want)
			}
		})
	}
}

// signal sends a signal. Whom it was meant for may have ended meanwhile.
func (c *soakCLI) signal(w *acctest.Workspace, pid int, signal syscall.Signal, what string) string {
	if err := syscall.Kill(pid, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		w.T.Fatal(err)
	}
	return what
}

// providersOf are the processes of the provider in a process group.
func providersOf(t *testing.T, group int) []int {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "ps", "-axo", "pid=,pgid=,args=").Output()
	if err != nil {
		t.Fatal(err)
	}
	var pids []int
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) < 3 || fields[1] != strconv.Itoa(group) || !slices.ContainsFunc(fields[2:], func(s string) bool { return strings.Contains(s, "terraform-provider-tencentcss") }) {
			continue
		}
		pid, err := strconv.Atoi(fields[0])
		if err != nil {
			t.Fatal(err)
		}
		pids = append(pids, pid)
	}
	return pids
}
