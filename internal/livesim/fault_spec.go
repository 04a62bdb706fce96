// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// FaultSyntax is the syntax that ParseFault reads.
const FaultSyntax = `ACTION:WHAT[:TIMES][:after]
  ACTION  CreateCommonMixStream, CancelCommonMixStream, ..., metadata, or * for any
  WHAT    a code such as InternalError, an HTTP status such as 502, hang, silence, cut, truncate, not-json,
          delay=DURATION, or foreign=NAME for a ready-made answer that is not Tencent's (livesim fault -foreign)
  TIMES   for how many calls: 1 by default, or forever
  after   the call takes effect first`

// Actions returns the names of the actions that the simulator knows, and ActionMetadata.
func Actions() []string {
	return []string{
		ActionCreate, ActionCancel, ActionState, ActionOnlineList,
		ActionAssumeRole, ActionAssumeRoleWithWebIdentity, ActionCallerIdentity, ActionMetadata,
	}
}

// ParseFault reads a fault as written on a command line; see FaultSyntax.
func ParseFault(spec string) (Fault, error) {
	parts := strings.Split(spec, ":")
	if len(parts) < 2 || parts[1] == "" {
		return Fault{}, fmt.Errorf("%q is not of the form ACTION:WHAT[:TIMES][:after]", spec)
	}
	f := Fault{Times: 1}
	if f.Action = parts[0]; f.Action == "*" {
		f.Action = ""
	} else if !slices.Contains(Actions(), f.Action) {
		return Fault{}, fmt.Errorf("%q in %q is no action; there are %s and *", f.Action, spec, strings.Join(Actions(), ", "))
	}
	if err := f.parseEffect(parts[1]); err != nil {
		return Fault{}, fmt.Errorf("%q: %w", spec, err)
	}
	rest := parts[2:]
	if n := len(rest); n > 0 && rest[n-1] == "after" {
		f.After = true
		rest = rest[:n-1]
	}
	switch {
	case len(rest) > 1:
		return Fault{}, fmt.Errorf("%q has more parts than ACTION:WHAT[:TIMES][:after]", spec)
	case len(rest) == 1 && rest[0] == "forever":
		f.Times = -1
	case len(rest) == 1:
		n, err := strconv.Atoi(rest[0])
		if err != nil || n < 1 {
			return Fault{}, fmt.Errorf("%q in %q is not a number of calls from 1, or forever", rest[0], spec)
		}
		f.Times = n
	}
	if err := f.check(); err != nil {
		return Fault{}, fmt.Errorf("%q: %w", spec, err)
	}
	return f, nil
}

func (f *Fault) parseEffect(what string) error {
	name, value, _ := strings.Cut(what, "=")
	switch name {
	case "hang":
		f.Hang = true
	case "silence":
		f.Silence = true
	case "cut":
		f.Cut = true
	case "truncate":
		f.Truncate = true
	case "not-json":
		f.NotJSON = true
	case "foreign":
		f.Foreign = value
		if f.Foreign == "" {
			return fmt.Errorf("foreign needs a name, such as foreign=null")
		}
	case "delay":
		d, err := time.ParseDuration(value)
		if err != nil {
			return fmt.Errorf("%q is not a duration such as 2s", value)
		}
		f.Delay = d
	default:
		if status, err := strconv.Atoi(what); err == nil {
			f.Status = status
			return nil
		}
		if what[0] < 'A' || what[0] > 'Z' || strings.ContainsAny(what, " =\t") {
			return fmt.Errorf("%q is neither a code, which begins with a capital letter, nor another fault", what)
		}
		f.Error = &APIError{Code: what, Message: "injected by livesim"}
	}
	return nil
}

// Chaos returns random faults of all kinds whose combined probability of striking a call is the given one. None makes a
// call wait for more than a second or exceeds a few megabytes.
func Chaos(probability float64) []RandomFault {
	kinds := []Fault{
		{Truncate: true},
		{Delay: 300 * time.Millisecond},
		{Error: &APIError{Code: "RequestLimitExceeded", Message: "injected by livesim"}},
	}
	for _, after := range []bool{false, true} {
		for _, code := range []string{"InternalError", "FailedOperation.CallOtherSvrError", "ServiceUnavailable"} {
			kinds = append(kinds, Fault{Error: &APIError{Code: code, Message: "injected by livesim"}, After: after})
		}
		kinds = append(kinds, Fault{Cut: true, After: after}, Fault{NotJSON: true, After: after})
		for _, f := range ForeignFaults() {
			if a := f.answer(); a.Size < hugeSize {
				f.After = after
				kinds = append(kinds, f)
			}
		}
	}
	// The kinds are tried in turn, so each gets a share of what the previous ones leave.
	each := 1 - math.Pow(1-probability, 1/float64(len(kinds)))
	random := make([]RandomFault, 0, len(kinds))
	for _, f := range kinds {
		random = append(random, RandomFault{Fault: f, Probability: each})
	}
	return random
}
