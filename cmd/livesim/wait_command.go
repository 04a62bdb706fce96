// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"flag"
	"fmt"
	"time"
)

// waitPause is the interval at which the simulator is polled.
const waitPause = 50 * time.Millisecond

// wait returns when a simulator answers.
func wait(c *invocation) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	timeout := flags.Duration("timeout", 10*time.Second, "the longest `time` to wait")
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
	ctx, cancel := context.WithTimeout(c.ctx, *timeout)
	defer cancel()
	again := time.NewTicker(waitPause)
	defer again.Stop()
	for {
		var clock struct{ Now time.Time }
		err := sim.get(ctx, "clock", &clock)
		if err == nil {
			return exitOK
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return c.failed(fmt.Errorf("no simulator answered within %s: %w", *timeout, err))
		}
	}
}
