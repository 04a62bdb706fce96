// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// What the log of the simulator tells after an episode.

func (w *soakWorkspace) checkLog() {
	log := w.sim.Requests()
	w.checkAttempts(log)
	w.checkRates(log)
	for _, v := range w.sim.Violations() {
		if v.Refused {
			w.checkPacing(log, v)
		}
	}
}

// checkAttempts looks whether an operation went on after an answer that was final, or beyond its retries. Where
// one process destroyed two objects of one session, its attempts cannot be told apart.
func (w *soakWorkspace) checkAttempts(log []livesim.Request) {
	type operation struct{ process, action, session string }
	attempts := map[operation][]livesim.Request{}
	for _, r := range log {
		if r.SessionID != "" {
			op := operation{processOf(r), r.Action, r.SessionID}
			attempts[op] = append(attempts[op], r)
		}
	}
	for op, tries := range attempts {
		if w.process(op.process).operations[op.action+op.session] > 1 {
			continue
		}
		w.checkInterrupted(op.process, op.session, tries)
		passing := 0
		for i, r := range tries {
			answer := answerOf(r)
			if i < len(tries)-1 && (answer == answerFinal || answer == answerSuccess) {
				w.violated(w.roomOf(op.session), "%s sent %s for %s again after %s %q", op.process, op.action, op.session, answer, r.Code)
			}
			if answer == answerTransient || answer == answerForeign {
				passing++
			}
		}
		if passing > w.retries+1 {
			w.violated(w.roomOf(op.session), "%s sent %s for %s %d times with %d retries", op.process, op.action, op.session, passing, w.retries)
		}
	}
}

// checkInterrupted looks whether an operation went on after an interrupt. One that had begun before may have had an attempt
// on its way when the process heard of it, and no more.
func (w *soakWorkspace) checkInterrupted(process, session string, tries []livesim.Request) {
	p := w.process(process)
	if p.stopped.IsZero() || tries[0].Time.After(p.stopping) {
		return
	}
	late := 0
	for _, r := range tries {
		if r.Time.After(p.stopped) {
			late++
		}
	}
	if late > 1 {
		w.violated(w.roomOf(session), "%s sent %d of %s for %s after the interrupt", process, late, tries[0].Action, session)
	}
}

// checkRates looks whether a process kept to its rate: over any time it may send what that allows, and one more, and
// those that were on their way together.
func (w *soakWorkspace) checkRates(log []livesim.Request) {
	rates := map[string]float64{livesim.ActionCreate: w.rate, livesim.ActionCancel: min(w.rate, 98), livesim.ActionState: 294}
	sent := map[string]map[string][]time.Time{}
	for _, r := range log {
		p := processOf(r)
		if sent[p] == nil {
			sent[p] = map[string][]time.Time{}
		}
		sent[p][r.Action] = append(sent[p][r.Action], r.Time)
	}
	for p, actions := range sent {
		for action, times := range actions {
			slices.SortFunc(times, time.Time.Compare)
			for i := range times {
				for j := i; j < len(times); j++ {
					allowed := rates[action]*times[j].Sub(times[i]).Seconds() + 1 + soakParallelism
					if float64(j-i+1) > allowed {
						w.violated(nil, "%s sent %d of %s in %s, more than %g per second allow", p, j-i+1, action, times[j].Sub(times[i]), rates[action])
						return
					}
				}
			}
		}
	}
}

// checkPacing excuses a call that came too soon only where nobody could have known: the state has no trace of the last apply
// of the session, or has it with another object than the one that is destroyed, or another process cancelled the session,
// which is saved nowhere.
func (w *soakWorkspace) checkPacing(log []livesim.Request, v livesim.Violation) {
	cause := livesim.ActionCreate
	if v.Rule == livesim.RuleReuseAfterCancel {
		cause = livesim.ActionCancel
	}
	var before, refused string
	for _, r := range log {
		if r.SessionID != v.SessionID || r.Time.After(v.Time) {
			continue
		}
		if r.Action == v.Action && !r.Executed {
			refused = processOf(r)
		}
		if r.Action == cause && r.Executed {
			before = processOf(r)
		}
	}
	switch {
	case v.Rule == livesim.RuleReuseAfterCancel && before != refused:
		w.soak.count("pacing refused, excused", "another process had cancelled")
	case v.Rule == livesim.RuleCancelAfterCreate && w.process(before).unsaved[v.SessionID]:
		w.soak.count("pacing refused, excused", "the last apply was not saved")
	case v.Rule == livesim.RuleCancelAfterCreate && w.process(refused).late[v.SessionID]:
		w.soak.count("pacing refused, excused", "another object of the session was destroyed late")
	default:
		w.violated(w.roomOf(v.SessionID), "%s: %s came %s after the call of %s, not %s", v.Rule, refused, v.Elapsed, before, v.Required)
	}
}

// process finds a process by the name that its requests bear.
func (w *soakWorkspace) process(name string) *soakProcess {
	return w.processes[slices.IndexFunc(w.processes, func(p *soakProcess) bool { return p.name == name })]
}

func (w *soakWorkspace) roomOf(session string) *soakRoom {
	for _, r := range w.rooms {
		for i := range soakSessions {
			if soakSessionID(r.index, i) == session {
				return r
			}
		}
	}
	return nil
}

// countAll adds what the simulator counted to the run.
func (w *soakWorkspace) countAll() {
	for name, n := range w.sim.Injected() {
		w.soak.add("faults", name, n)
	}
	for _, ended := range w.sim.Ended() {
		w.soak.count("sessions", ended.Reason)
	}
	for _, r := range w.sim.Requests() {
		w.soak.count("requests", r.Action)
	}
	w.soak.count("episodes", "episodes")
}

// failed looks at the diagnostics of an answer and tells whether one is an error.
func (w *soakWorkspace) failed(r *soakRoom, diags []*tfprotov6.Diagnostic) bool {
	failed := false
	for _, d := range diags {
		for _, secret := range []string{soakKey, soakToken} {
			if strings.Contains(d.Summary+d.Detail, secret) {
				w.violated(r, "a diagnostic shows a secret: %s", d.Detail)
			}
		}
		kind := d.Summary
		for line := range strings.Lines(d.Detail) {
			if name, code, ok := strings.Cut(line, "Code:"); ok && strings.TrimSpace(name) == "" {
				kind += ", " + strings.TrimSpace(code)
			}
		}
		for _, end := range []string{"The operation was interrupted", "timeout of"} {
			if strings.Contains(d.Detail, end) {
				kind += ", " + end
			}
		}
		if d.Severity == tfprotov6.DiagnosticSeverityError && r.refusedFor(d) {
			kind = "refused: " + kind
			r.refused.Store(true)
		}
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			w.soak.count("warnings", d.Summary)
			continue
		}
		failed = true
		r.failed.Store(true)
		r.note("error: %s", strings.Join(strings.Fields(d.Detail), " "))
		w.soak.count("errors", kind)
		if r.refusedFor(d) {
			continue
		}
		switch d.Summary {
		case wrongSite:
			if !w.elsewhere {
				w.violated(r, "the site is the right one: %s", acctest.Prose([]*tfprotov6.Diagnostic{d}))
			}
		case refreshNeeded:
			r.refused.Store(true)
			if w.refreshes || len(r.objects()) < 2 {
				w.violated(r, "there was a refresh, or nothing to be told by one: %s", acctest.Prose([]*tfprotov6.Diagnostic{d}))
			}
		case "Unable to create mix stream", "Unable to update mix stream", "Unable to cancel mix stream", "Mix stream may be running", "Mix stream may have changed":
		default:
			w.violated(r, "an error that cannot be: %s", acctest.Prose([]*tfprotov6.Diagnostic{d}))
		}
	}
	return failed
}

// refusedFor tells whether an error is what the user has coming: less time than it takes to use a session ID again, or a
// part of the mix that ignore_changes keeps and that does not go with the rest.
func (r *soakRoom) refusedFor(d *tfprotov6.Diagnostic) bool {
	return d.Summary == "Timeout too short to reuse the session ID" && !r.spec.outlasts(r.w.pacing) ||
		r.spec.ignored() != "" && strings.Contains(d.Detail, "lifecycle.ignore_changes")
}

// violated reports what must not be, with all that led to it.
func (w *soakWorkspace) violated(r *soakRoom, format string, args ...any) {
	w.broken.Store(true)
	w.soak.mu.Lock()
	w.soak.violations++
	w.soak.mu.Unlock()
	story := ""
	if r != nil {
		r.mu.Lock()
		story = fmt.Sprintf("\nroom %d, creates first: %t\n  %s", r.index, r.spec.createsFirst, strings.Join(r.journal, "\n  "))
		r.mu.Unlock()
	}
	w.soak.t.Errorf("SEED=%s: %s%s", w.name, fmt.Sprintf(format, args...), story)
}

// journalRequest notes a request in the journal of its room.
func (w *soakWorkspace) journalRequest(req livesim.Request) {
	for _, r := range w.rooms {
		if strings.HasPrefix(req.SessionID, fmt.Sprintf("room%d_", r.index)) {
			r.note("  %s %s %s: %s %s, effect %t, fault %q", processOf(req), req.Action, req.SessionID, answerOf(req), cmp.Or(req.Code, fmt.Sprint(req.Status)), req.Executed, req.Fault)
		}
	}
}

// processOf is the process that sent a request.
func processOf(r livesim.Request) string { return r.Client[strings.LastIndex(r.Client, "-")+1:] }
