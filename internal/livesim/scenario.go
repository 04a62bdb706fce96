// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Scenario is what happens in a simulator by itself: streams that push and faults from the beginning, and steps at
// given times.
type Scenario struct {
	start step
	chaos *chaosBody
	steps []step
}

// step is something that happens.
type step struct {
	at      time.Duration
	streams []json.RawMessage
	faults  []Fault
	advance time.Duration
}

// chaosBody is random faults of all kinds as JSON.
type chaosBody struct {
	Probability float64 `json:"probability"`
	Seed        uint64  `json:"seed"`
}

// stepBody is a step as JSON. Its streams and faults are written as for the admin API.
type stepBody struct {
	At      duration          `json:"at"`
	Streams []json.RawMessage `json:"streams"`
	Faults  []faultBody       `json:"faults"`
	Advance duration          `json:"advance"`
}

// ParseScenario reads a scenario from JSON:
//
//	{"streams": [{"publish": ["host"], "long_since": true}],
//	 "faults":  [{"action": "CancelCommonMixStream", "error": {"code": "InternalError"}, "times": 2}],
//	 "chaos":   {"probability": 0.1, "seed": 1},
//	 "steps":   [{"at": "30s", "streams": [{"unpublish": ["host"]}], "faults": [...], "advance": "15m"}]}
//
// Steps happen at a simulated time after the start.
func ParseScenario(text []byte) (*Scenario, error) {
	var body struct {
		Streams []json.RawMessage `json:"streams"`
		Faults  []faultBody       `json:"faults"`
		Chaos   *chaosBody        `json:"chaos"`
		Steps   []json.RawMessage `json:"steps"`
	}
	if err := decodeStrict(text, &body); err != nil {
		return nil, err
	}
	sc := &Scenario{chaos: body.Chaos}
	var err error
	if sc.start, err = (stepBody{Streams: body.Streams, Faults: body.Faults}).step(); err != nil {
		return nil, err
	}
	if c := body.Chaos; c != nil && !(c.Probability >= 0 && c.Probability <= 1) {
		return nil, fmt.Errorf("chaos.probability: %v is not from 0 to 1", c.Probability)
	}
	for i, text := range body.Steps {
		var b stepBody
		if err := decodeStrict(text, &b); err != nil {
			return nil, fmt.Errorf("steps[%d]: %w", i, err)
		}
		s, err := b.step()
		switch {
		case err != nil:
			return nil, fmt.Errorf("steps[%d].%w", i, err)
		case s.at < 0 || s.advance < 0 || s.at > maxAhead || s.advance > maxAhead:
			return nil, fmt.Errorf("steps[%d]: at and advance are from 0 to %s", i, maxAhead)
		case i > 0 && s.at < sc.steps[i-1].at:
			return nil, fmt.Errorf("steps[%d].at: %s is before %s of the step before it", i, s.at, sc.steps[i-1].at)
		case len(s.streams)+len(s.faults) == 0 && s.advance == 0:
			return nil, fmt.Errorf("steps[%d]: it needs streams, faults or advance", i)
		}
		sc.steps = append(sc.steps, s)
	}
	return sc, nil
}

func (b stepBody) step() (step, error) {
	s := step{at: time.Duration(b.At), advance: time.Duration(b.Advance), streams: b.Streams}
	for i, text := range b.Streams {
		if _, err := parseStreams(text); err != nil {
			return s, fmt.Errorf("streams[%d]: %w", i, err)
		}
	}
	for i, body := range b.Faults {
		f := body.fault()
		if err := f.check(); err != nil {
			return s, fmt.Errorf("faults[%d]: %w", i, err)
		}
		if f.Action != "" && !slices.Contains(Actions(), f.Action) {
			return s, fmt.Errorf("faults[%d].action: %q is no action", i, f.Action)
		}
		if body.Probability != 0 {
			return s, fmt.Errorf("faults[%d].probability: use chaos for faults at random", i)
		}
		s.faults = append(s.faults, f)
	}
	return s, nil
}

// Begin applies what a scenario specifies for the start.
func (s *Server) Begin(sc *Scenario) error {
	if sc.chaos != nil {
		s.InjectRandom(sc.chaos.Seed, Chaos(sc.chaos.Probability)...)
	}
	return s.do(sc.start)
}

// Play executes the steps of a scenario at their times, until the last one is done, ctx ends or the server closes.
func (s *Server) Play(ctx context.Context, sc *Scenario) error {
	start := s.Now()
	for _, next := range sc.steps {
		if !s.waitUntil(ctx, start.Add(next.at)) {
			return ctx.Err()
		}
		if err := s.do(next); err != nil {
			return err
		}
	}
	return nil
}

func (s *Server) do(p step) error {
	var errs []error
	for _, text := range p.streams {
		errs = append(errs, s.adminStreams(text))
	}
	for _, f := range p.faults {
		s.Inject(f)
	}
	if p.advance > 0 {
		errs = append(errs, s.advance(p.advance))
	}
	return errors.Join(errs...)
}

// waitUntil waits for a simulated time, which an advance may bring forward. It returns false if something ended first.
func (s *Server) waitUntil(ctx context.Context, due time.Time) bool {
	for {
		s.mu.Lock()
		if s.feed.wake == nil {
			s.feed.wake = make(chan struct{})
		}
		wake, missing := s.feed.wake, due.Sub(s.clock.now())
		scale := s.clock.scale
		s.mu.Unlock()
		if missing <= 0 {
			return true
		}
		timer := time.NewTimer(max(time.Duration(float64(missing)/scale), time.Millisecond))
		select {
		case <-timer.C:
		case <-wake:
		case <-ctx.Done():
		case <-s.closing:
		}
		timer.Stop()
		if ctx.Err() != nil || s.isClosing() {
			return false
		}
	}
}

func (s *Server) isClosing() bool {
	select {
	case <-s.closing:
		return true
	default:
		return false
	}
}
