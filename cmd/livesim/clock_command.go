// SPDX-License-Identifier: MPL-2.0

package main

import (
	"flag"
	"fmt"
	"net/http"
	"time"
)

// clock shows the simulated time, or moves it.
func clock(c *invocation) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print JSON")
	advance := flags.Duration("advance", 0, "`time` to go forward, such as 15m")
	var skew *time.Duration
	flags.Func("skew", "`time` by which the clock that judges signatures is off, such as -6m; 0s sets it right", func(v string) error {
		d, err := time.ParseDuration(v)
		skew = &d
		return err
	})
	rest, code, ended := c.parse(flags, "")
	if ended {
		return code
	}
	sim, rest, err := newClient(rest)
	if err != nil {
		return c.wrong("%v", err)
	}
	if len(rest) > 0 {
		return c.wrong("unexpected argument %q", rest[0])
	}
	change := make(map[string]string)
	if *advance != 0 {
		change["advance"] = advance.String()
	}
	if skew != nil {
		change["skew"] = skew.String()
	}
	if len(change) > 0 {
		if err := sim.post(c.ctx, "clock", change); err != nil {
			return c.failed(err)
		}
	}
	var now struct {
		Now      time.Time     `json:"now"`
		Scale    float64       `json:"scale"`
		Advanced time.Duration `json:"advanced_ns"`
		Skew     time.Duration `json:"skew_ns"`
	}
	if err := sim.get(c.ctx, "clock", &now); err != nil {
		return c.failed(err)
	}
	if *asJSON {
		return c.failed(writeJSON(c.stdout, now))
	}
	fmt.Fprintln(c.stdout, now.Now.Format(time.RFC3339))
	if now.Advanced != 0 || now.Scale != 1 || now.Skew != 0 {
		fmt.Fprintf(c.stdout, "advanced by %s, %g times as fast, signatures judged %s off\n", now.Advanced, now.Scale, now.Skew)
	}
	return exitOK
}

// reset makes the simulator forget.
func reset(c *invocation) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	rest, code, ended := c.parse(flags, "")
	if ended {
		return code
	}
	sim, rest, err := newClient(rest)
	if err != nil {
		return c.wrong("%v", err)
	}
	if len(rest) > 0 {
		return c.wrong("unexpected argument %q", rest[0])
	}
	_, err = sim.do(c.ctx, http.MethodPost, "reset", nil)
	return c.failed(err)
}
