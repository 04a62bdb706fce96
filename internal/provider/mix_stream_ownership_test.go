// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// renamed is a mix that was renamed without a moved block and applied with -target first: two objects with one session.
func (s *stage) renamed() (old, kept *mixObject) {
	s.t.Helper()
	return s.process().change(s.mix(), nil), s.process().change(s.mix(), nil)
}

// The object of the old address is destroyed and that of the new one is kept, in whatever order they are read, planned and
// applied. A deposed object is the same, but the apply plans its destroy once more.
func TestMixStreamRenamedWithTarget(t *testing.T) {
	t.Parallel()
	// r and p are the read and the plan of the object that is kept, R and P those of the one that is destroyed. Terraform
	// 1.9 to 1.11 plan the destroy of an object that has left the configuration before they read it.
	for _, steps := range slices.Concat(interleaved("rp", "RP"), interleaved("rp", "PR")) {
		for i := range 1 << 5 {
			is := func(bit int) bool { return i>>bit&1 == 1 }
			order := keptAndDestroyed{steps: steps, keptAppliedFirst: is(0), oneProcess: is(1), deposed: is(2), afterCrash: is(3), notConfigured: is(4)}
			if readFirst := strings.Index(steps, "R") < strings.Index(steps, "P"); !readFirst && (order.oneProcess || order.deposed) {
				continue // These versions start a process for each walk, and read what is deposed first.
			}
			if order.oneProcess && order.notConfigured {
				continue
			}
			t.Run(fmt.Sprintf("%+v", order), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, order.try)
			})
		}
	}
}

// interleaved returns all ways to merge two sequences.
func interleaved(a, b string) []string {
	if a == "" || b == "" {
		return []string{a + b}
	}
	var merged []string
	for _, rest := range interleaved(a[1:], b) {
		merged = append(merged, a[:1]+rest)
	}
	for _, rest := range interleaved(a, b[1:]) {
		merged = append(merged, b[:1]+rest)
	}
	return merged
}

type keptAndDestroyed struct {
	steps                                 string
	keptAppliedFirst, oneProcess, deposed bool
	afterCrash                            bool // It has emptied the private state of the one that is destroyed.
	notConfigured                         bool // The plan does not know a value of the provider block yet.
}

func (o keptAndDestroyed) try(t *testing.T) {
	advice := []string{"moved block", "removed block with lifecycle { destroy = false }"}
	s := newStage(t)
	old, kept := s.renamed()
	if o.afterCrash {
		old.private = nil
	}
	core := s.process()
	if o.notConfigured {
		core = s.notConfigured()
	}
	var destroy, keep mixChange
	for _, step := range o.steps {
		switch step {
		case 'r':
			kept = core.refresh(kept)
		case 'R':
			old = core.refresh(old)
		case 'p':
			keep = core.plan(s.mix(), kept)
		case 'P':
			destroy = core.plan(core.null(), old)
		}
	}
	keptPlannedFirst := strings.Index(o.steps, "p") < strings.Index(o.steps, "P")
	if keptPlannedFirst {
		acctest.ExpectText(t, destroy.text(), append(advice, "Warning: Mix stream will not be cancelled", `with the session "room"`)...)
	}
	// The one that learns of the other sends the mix again; a destroy that learns of it leaves the session alone.
	if quiet := o.steps[0] == 'r' && keptPlannedFirst; keep.changes(kept) == quiet {
		t.Errorf("the kept one changes: %t", keep.changes(kept))
	} else if !quiet {
		acctest.ExpectText(t, keep.text(), append(advice, "Warning: Mix stream will be sent again", `has the session "room" as well`)...)
	}

	if !o.oneProcess {
		core = s.process()
	}
	applyKept := func() {
		if !keep.changes(kept) {
			return // Terraform does not call a provider for it.
		}
		// What was to change may be left alone in the end, but not the other way round.
		if again := core.plan(s.mix(), kept); again.changes(kept) {
			kept, _ = core.apply(s.mix(), kept, again)
		}
	}
	applyOld := func() {
		if o.deposed {
			destroy = core.plan(core.null(), old)
		}
		if object, _ := core.apply(core.null(), old, destroy); object != nil {
			t.Error("the old object stays")
		}
	}
	if o.keptAppliedFirst {
		applyKept()
		applyOld()
	} else {
		applyOld()
		applyKept()
	}
	s.lives(true)
	for _, v := range s.sim.Violations() {
		t.Errorf("a call came too soon: %+v", v)
	}

	core = s.process()
	kept = core.refresh(kept)
	core.settled(s.mix(), kept)
	core.end(kept)
	s.lives(false)
}

// Both objects are destroyed, one of them deposed: the session is cancelled, whatever comes first.
func TestMixStreamDeposedAndCurrentDestroyed(t *testing.T) {
	t.Parallel()
	for i := range 1 << 3 {
		t.Run(fmt.Sprintf("order %03b", i), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				is := func(bit int) bool { return i>>bit&1 == 1 }
				s := newStage(t)
				deposed, current := s.renamed()
				core := s.process()
				if is(0) {
					current, deposed = core.refresh(current), core.refresh(deposed)
				} else {
					deposed, current = core.refresh(deposed), core.refresh(current)
				}
				var destroy mixChange
				if is(1) {
					core.plan(core.null(), deposed)
					destroy = core.plan(core.null(), current)
				} else {
					destroy = core.plan(core.null(), current)
					core.plan(core.null(), deposed)
				}
				core = s.process()
				if is(2) {
					core.apply(core.null(), current, destroy)
				}
				core.apply(core.null(), deposed, core.plan(core.null(), deposed))
				if !is(2) {
					core.apply(core.null(), current, destroy)
				}
				s.lives(false)
			})
		})
	}
}

// The apply plans the kept object again while the destroy of the other one waits for its distance.
func TestMixStreamKeptWhileADestroyWaits(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		old, kept := s.renamed()
		core := s.process()
		destroy := core.plan(core.null(), old)
		kept = core.refresh(kept)
		if keep := core.plan(s.mix(), kept); !keep.changes(kept) || keep.failed() {
			t.Fatalf("the kept one is not to be sent again: %s", keep.text())
		}
		core = s.process()
		done := make(chan struct{})
		go func() {
			defer close(done)
			core.apply(core.null(), old, destroy)
		}()
		synctest.Wait()
		kept, text := core.apply(s.mix(), kept, core.plan(s.mix(), kept))
		acctest.ExpectText(t, text)
		<-done
		s.ends(true, 3, 1)
		s.process().settled(s.mix(), kept)
	})
}

// Where both objects are destroyed, the session is cancelled.
func TestMixStreamRenamedWithTargetThenDestroyed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		old, kept := s.renamed()
		core := s.process()
		first, second := core.plan(core.null(), old), core.plan(core.null(), kept)
		acctest.ExpectText(t, first.text())
		acctest.ExpectText(t, second.text())
		core = s.process()
		core.apply(core.null(), old, first)
		core.apply(core.null(), kept, second)
		s.lives(false)
	})
}

// Two objects had one session when they were read last, and one of them has left the state since. A plan that does not read
// the other one first still cancels the session: with -refresh=false, and for an orphan with Terraform 1.9 to 1.11.
func TestMixStreamDestroyedUnreadAfterItShared(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		old, kept := s.renamed()
		core := s.process()
		core.refresh(old)
		kept = core.refresh(kept)

		destroy := s.process().plan(s.process().null(), kept)
		acctest.ExpectText(t, destroy.text())
		core = s.process()
		if object, text := core.apply(core.null(), kept, destroy); object != nil || text != "" {
			t.Errorf("the destroy failed: %s", text)
		}
		s.lives(false)
	})
}

// One of two objects with a session is replaced, and its new session ID is not known yet: the session is the other one's.
func TestMixStreamNewSessionIDNotKnown(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		replaced, kept := s.renamed()
		core := s.process()
		kept, replaced = core.refresh(kept), core.refresh(replaced)
		core.settled(s.mix(), kept)
		config := s.mix()
		setValue(t.Context(), &config, types.StringUnknown(), new(diag.Diagnostics), "mix_stream_session_id")
		change := core.plan(config, replaced)
		if !change.replace {
			t.Error("no replacement is planned")
		}
		change.value = core.null()
		s.process().apply(core.null(), replaced, change)
		s.lives(true)
	})
}

// A rename without a moved block, applied at once: whatever comes first, the new one ends up with the session.
func TestMixStreamRenamedAtOnce(t *testing.T) {
	t.Parallel()
	for name, newFirst := range map[string]bool{"destroy first": false, "create first": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				old := s.process().change(s.mix(), nil)
				core := s.process()
				var create, destroy mixChange
				var text string
				if newFirst {
					create, destroy = core.plan(s.mix(), nil), core.plan(core.null(), old)
					text = destroy.text()
				} else {
					destroy, create = core.plan(core.null(), old), core.plan(s.mix(), nil)
					text = create.text()
				}
				acctest.ExpectText(t, text, "Warning: Mix stream goes off air", "35s", "moved block")
				core = s.process()
				var kept *mixObject
				if newFirst {
					kept, _ = core.apply(s.mix(), nil, core.plan(s.mix(), nil))
					core.apply(core.null(), old, destroy)
				} else {
					core.apply(core.null(), old, destroy)
					kept, _ = core.apply(s.mix(), nil, create)
				}
				s.lives(true)
				s.process().settled(s.mix(), kept)
			})
		})
	}
}

// An update that sends nothing takes the session over, so that the destroy of another object beside it leaves it alone;
// and where that destroy came first, it sends the mix after all.
func TestMixStreamUpdateOfATimeoutBesideADestroy(t *testing.T) {
	t.Parallel()
	for name, updateFirst := range map[string]bool{"update first": true, "destroy first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				old, kept := s.renamed()
				core := s.process()
				destroy := core.plan(core.null(), old)
				core = s.process()
				longer := s.mix(`timeouts = { create = "10m" }`)
				update := func() { kept = core.change(longer, kept) }
				if updateFirst {
					update()
				}
				core.apply(core.null(), old, destroy)
				if !updateFirst {
					update()
				}
				s.lives(true)
				core.end(kept)
			})
		})
	}
}

// A cancel of unknown outcome, then an apply: the mix is sent again, 30 s after the cancel.
func TestMixStreamApplyAfterAnUncertainCancel(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		object := s.process().change(s.mix(), nil)
		core := s.process()
		s.sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Times: 1, Error: &livesim.APIError{Code: "InternalError", Message: "lost"}, After: true})
		s.sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Times: -1, Error: &livesim.APIError{Code: "UnauthorizedOperation", Message: "no"}})
		object, text := core.apply(core.null(), object, core.plan(core.null(), object))
		acctest.ExpectText(t, text, "Error: Unable to cancel mix stream", "may still run")
		s.ends(false, 1, 2)
		s.sim.ClearFaults()

		core = s.process()
		object = core.refresh(object)
		change := core.plan(s.mix(), object)
		if acctest.ExpectText(t, change.text(), "Warning: Mix stream will be sent again", "last cancel"); !change.changes(object) {
			t.Error("nothing is planned")
		}
		object, text = core.apply(s.mix(), object, core.plan(s.mix(), object))
		acctest.ExpectText(t, text)
		s.ends(true, 2, 2)
		for _, v := range s.sim.Violations() {
			t.Errorf("a call came too soon: %+v", v)
		}
		core.settled(s.mix(), object)
	})
}

// Both objects of a session are destroyed, and one destroy is refused: that object keeps the session, or sends it again.
func TestMixStreamOneOfTwoDestroysRefused(t *testing.T) {
	t.Parallel()
	for name, refusedFirst := range map[string]bool{"refused first": true, "cancelled first": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newStage(t)
				old, stays := s.renamed()
				core := s.process()
				old, stays = core.refresh(old), core.refresh(stays)
				first, second := core.plan(core.null(), old), core.plan(core.null(), stays)
				core = s.process()
				destroyOld := func() {
					if left, _ := core.apply(core.null(), old, first); left != nil {
						t.Error("the other object stays")
					}
				}
				if !refusedFirst {
					destroyOld()
				}
				s.sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Times: 1, Error: &livesim.APIError{Code: "UnauthorizedOperation", Message: "no"}})
				stays, text := core.apply(core.null(), stays, second)
				acctest.ExpectText(t, text, "Error: Unable to cancel mix stream")
				if refusedFirst {
					destroyOld()
				}

				core = s.process()
				stays = core.refresh(stays)
				if s.lives(refusedFirst); refusedFirst {
					core.settled(s.mix(), stays)
				} else if change := core.plan(s.mix(), stays); !change.changes(stays) {
					t.Error("the mix is not sent again")
				}
			})
		})
	}
}

// A provider block in a test file of Terraform 1.13 and later is configured once for the whole file: each run is planned,
// planned again by its apply, and applied in one process.
func TestMixStreamRunsOfATestFile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		core := s.process()
		config := s.mix()
		acctest.ExpectText(t, core.plan(config, nil).text())
		change := core.plan(config, nil)
		acctest.ExpectText(t, change.text())
		object, text := core.apply(config, nil, change)
		acctest.ExpectText(t, text)
		for range 2 {
			change = core.plan(config, core.refresh(object))
			if acctest.ExpectText(t, change.text()); change.changes(object) {
				t.Error("the next run is to change something")
			}
		}
		// At the end of the file all is destroyed; the next file begins with the same process.
		core.end(object)
		object = core.change(config, nil)
		core.end(object)
		s.ends(false, 2, 2)
	})
}
