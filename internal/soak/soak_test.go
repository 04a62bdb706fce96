// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// The soak drives many rooms at once through random lives, as core does, against a simulator at which everything goes
// wrong that can, and looks after each step whether a session was lost.
//
//	SOAK=10m go test -run '^TestSoak$' -v -timeout 20m ./internal/soak
//
// SEED=n repeats the decisions of a run, SEED=n/k those of one of its episodes. The interleaving is not repeated: calls
// take the time they take.

func TestMain(m *testing.M) {
	settings, err := tencent.start()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := acctest.Main(m, settings...)
	if err := tencent.close(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// mixStreamType is the resource that the soak is about.
const mixStreamType = "tencentcss_mix_stream"

// TestSoak runs for the duration in SOAK.
func TestSoak(t *testing.T) {
	duration, err := time.ParseDuration(os.Getenv("SOAK"))
	if err != nil {
		t.Skip("SOAK is not a duration such as 10m")
	}
	runSoak(t, os.Getenv("SEED"), duration)
}

// TestAccSoak is a short soak.
func TestAccSoak(t *testing.T) {
	acctest.Need(t)
	if os.Getenv("SOAK") != "" {
		t.Skip("TestSoak does more of the same")
	}
	for name, seed := range map[string]string{"known seed": "1", "new seed": os.Getenv("SEED")} {
		t.Run(name, func(t *testing.T) { runSoak(t, seed, 15*time.Second) })
	}
}

const (
	// soakWorkers is how many episodes run at once: most of their time they wait.
	soakWorkers = 16
	// soakEnough is the number of violations after which a run ends.
	soakEnough = 5
)

// soak is a run: its seed, its schemas and what it counts.
type soak struct {
	t       *testing.T
	seed    uint64
	schemas soakSchemas
	until   time.Time

	mu         sync.Mutex
	counts     map[string]map[string]int
	violations int
}

// runSoak runs episodes until the time is over, or the one that the seed names.
func runSoak(t *testing.T, seed string, duration time.Duration) {
	t.Helper()
	s := &soak{t: t, schemas: newSoakSchemas(t), until: time.Now().Add(duration), counts: map[string]map[string]int{}}
	number, episode, single := strings.Cut(seed, "/")
	s.seed = soakSeed(t, number)

	if single {
		n, err := strconv.ParseUint(episode, 10, 64)
		if err != nil {
			t.Fatalf("SEED: %v", err)
		}
		s.episode(n)
	} else {
		episodes := make(chan uint64)
		var workers sync.WaitGroup
		for range soakWorkers {
			workers.Go(func() {
				for n := range episodes {
					s.episode(n)
				}
			})
		}
		for n := uint64(0); s.goOn(); n++ {
			episodes <- n
		}
		close(episodes)
		workers.Wait()
	}
	s.report()
}

// soakSeed reads a seed, or draws one, and shows it: not by the test's log, which a panic would lose.
func soakSeed(t *testing.T, text string) uint64 {
	t.Helper()
	seed := rand.Uint64N(1_000_000)
	if text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("SEED: %v", err)
		}
	}
	fmt.Fprintf(os.Stderr, "%s: SEED=%d\n", t.Name(), seed)
	return seed
}

func (s *soak) goOn() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.violations < soakEnough && time.Now().Before(s.until)
}

func (s *soak) count(group, name string) { s.add(group, name, 1) }

func (s *soak) add(group, name string, n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.counts[group] == nil {
		s.counts[group] = map[string]int{}
	}
	s.counts[group][name] += n
}

// report prints the counts. A run in which nothing went on proves nothing.
func (s *soak) report() {
	var b strings.Builder
	fmt.Fprintf(&b, "SEED=%d, violations: %d\n", s.seed, s.violations)
	for _, group := range slices.Sorted(maps.Keys(s.counts)) {
		total := 0
		for _, n := range s.counts[group] {
			total += n
		}
		fmt.Fprintf(&b, "%s: %d\n", group, total)
		for _, name := range slices.Sorted(maps.Keys(s.counts[group])) {
			fmt.Fprintf(&b, "  %7d %s\n", s.counts[group][name], name)
		}
	}
	s.t.Log(b.String())
	for _, group := range []string{"operations", "faults", "sessions"} {
		if len(s.counts[group]) == 0 {
			s.t.Errorf("no %s at all", group)
		}
	}
}

// soakRoom is a resource of a workspace: what its user wants, and what the state holds.
type soakRoom struct {
	w     *soakWorkspace
	index int
	rng   *rand.Rand // For what is decided outside of calls.

	spec       soakSpec
	before     soakSpec // What it was before the last edit, to be undone.
	configured bool
	// unsaved tells that a process died which may have done what the state does not know, and that no apply went well since.
	unsaved bool
	// lost is the configuration of a run of which the state tells nothing. The session may have it.
	lost *soakSpec
	// orphan tells that there is such a session. Its user has nothing but the same configuration to get hold of it.
	orphan bool
	// disagrees is how the session differs from what the state has after a run that ended well.
	disagrees error
	failed    atomic.Bool // An error in this run.
	refused   atomic.Bool // An error in this run that the user has coming.
	beside    bool        // Another object of the room is destroyed at the same time.

	mu      sync.Mutex // Guards the rest, as an old object is destroyed beside a new one.
	current *soakObject
	deposed []*soakObject
	renamed []*soakObject // Those at addresses that the configuration does not have any more.
	// gone are sessions of the state that may have ended without a trace in it: by a delete of a process that died, or of
	// another object that the process knew alone.
	gone    map[string]bool
	journal []string
}

// note adds a line to the room's journal.
func (r *soakRoom) note(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	const enough = 120
	if len(r.journal) >= enough {
		r.journal = slices.Delete(r.journal, 0, enough/4)
	}
	r.journal = append(r.journal, time.Now().Format("05.000 ")+fmt.Sprintf(format, args...))
}

// lose notes that the state tells nothing of what the present run has sent.
func (r *soakRoom) lose() {
	spec := r.spec
	r.lost = &spec
}

// setGone notes whether a session of the state may have ended.
func (r *soakRoom) setGone(session string, gone bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone[session] = gone
}

// save is what core does with an object that it got: nothing, where it is dead by then.
func (r *soakRoom) save(p *soakProcess, change func()) {
	p.mu.Lock()
	dead := p.withCore
	p.mu.Unlock()
	if dead {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	change()
}

// holds tells whether an object of the state is that session.
func (r *soakRoom) holds(session string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.current != nil && r.current.session() == session ||
		slices.ContainsFunc(slices.Concat(r.deposed, r.renamed), func(o *soakObject) bool { return o.session() == session })
}
