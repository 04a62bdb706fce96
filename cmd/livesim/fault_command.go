// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"text/tabwriter"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// faultList is the admin API's answer about faults.
type faultList struct {
	Queued   []waitingFault `json:"queued"`
	Random   []waitingFault `json:"random"`
	Injected map[string]int `json:"injected"`
}

type waitingFault struct {
	Name        string  `json:"name"`
	Action      string  `json:"action"`
	Times       int     `json:"times"`
	Code        string  `json:"code,omitempty"`
	Probability float64 `json:"probability,omitempty"`
}

// fault injects faults, or shows them.
func fault(c *invocation) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print JSON")
	remove := flags.Bool("clear", false, "remove the faults that wait, before the new ones are set")
	foreign := flags.Bool("foreign", false, "print the names of the ready-made answers that are not Tencent's")
	rest, code, ended := c.parse(flags, "A FAULT is written "+livesim.FaultSyntax)
	if ended {
		return code
	}
	if *foreign {
		for _, f := range livesim.ForeignFaults() {
			fmt.Fprintln(c.stdout, f.Foreign)
		}
		return exitOK
	}
	sim, rest, err := newClient(rest)
	if err != nil {
		return c.wrong("%v", err)
	}
	faults := make([]livesim.Fault, 0, len(rest))
	for _, spec := range rest {
		f, err := livesim.ParseFault(spec)
		if err != nil {
			return c.wrong("%v", err)
		}
		faults = append(faults, f)
	}
	if *remove {
		if _, err := sim.do(c.ctx, http.MethodDelete, "faults", nil); err != nil {
			return c.failed(err)
		}
	}
	for _, f := range faults {
		if err := sim.post(c.ctx, "faults", f); err != nil {
			return c.failed(err)
		}
	}
	if *remove || len(faults) > 0 {
		return exitOK
	}
	var list faultList
	if err := sim.get(c.ctx, "faults", &list); err != nil {
		return c.failed(err)
	}
	if *asJSON {
		return c.failed(writeJSON(c.stdout, list))
	}
	return c.failed(writeFaults(c.stdout, list))
}

func writeFaults(w io.Writer, list faultList) error {
	if len(list.Queued)+len(list.Random)+len(list.Injected) == 0 {
		_, err := fmt.Fprintln(w, "No faults wait, and none has struck.")
		return err
	}
	var table bytes.Buffer
	t := tabwriter.NewWriter(&table, 0, 0, 3, ' ', 0)
	if len(list.Queued) > 0 {
		fmt.Fprintln(t, "WAITING\tACTION\tTIMES")
		for _, f := range list.Queued {
			times := "forever"
			if f.Times >= 0 {
				times = strconv.Itoa(f.Times)
			}
			fmt.Fprintf(t, "%s\t%s\t%s\n", plain(f.title()), plain(cmp.Or(f.Action, "any")), times)
		}
	}
	if len(list.Random) > 0 {
		spared := 1.0
		for _, f := range list.Random {
			spared *= 1 - f.Probability
		}
		fmt.Fprintf(t, "At random, of %d kinds, up to %.3g%% of the calls.\n", len(list.Random), 100*(1-spared))
	}
	if len(list.Injected) > 0 {
		fmt.Fprintln(t, "STRUCK\tCALLS")
		for _, name := range slices.Sorted(maps.Keys(list.Injected)) {
			fmt.Fprintf(t, "%s\t%d\n", plain(name), list.Injected[name])
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := w.Write(table.Bytes())
	return err
}

func (f waitingFault) title() string {
	if f.Code != "" {
		return f.Name + " " + f.Code
	}
	return f.Name
}
