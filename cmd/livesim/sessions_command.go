// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// showSessions prints the live sessions.
func showSessions(c *invocation) int {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print JSON")
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
	var sessions []livesim.Session
	if *asJSON {
		var raw json.RawMessage
		if err := sim.get(c.ctx, "sessions", &raw); err != nil {
			return c.failed(err)
		}
		return c.failed(writeJSON(c.stdout, raw))
	}
	if err := sim.get(c.ctx, "sessions", &sessions); err != nil {
		return c.failed(err)
	}
	return c.failed(writeSessions(c.stdout, sessions))
}

// writeSessions prints one line per input, so that a changed layout shows at a glance.
func writeSessions(w io.Writer, sessions []livesim.Session) error {
	if len(sessions) == 0 {
		_, err := fmt.Fprintln(w, "No live mix sessions.")
		return err
	}
	var table bytes.Buffer
	t := tabwriter.NewWriter(&table, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "SESSION\tOUTPUT\tLAYOUT\tCHANGES\tINPUTS")
	for _, s := range sessions {
		layout := "custom"
		if s.Template != 0 {
			layout = "template " + strconv.Itoa(s.Template)
		}
		lead := fmt.Sprintf("%s\t%s\t%s\t%d", s.ID, s.Output, layout, s.Updates)
		for _, line := range inputLines(s.Inputs) {
			fmt.Fprintf(t, "%s\t%s\n", lead, line)
			lead = "\t\t\t"
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := w.Write(table.Bytes())
	return err
}

// inputLines describes inputs by layer, in aligned columns.
func inputLines(inputs []livesim.Input) []string {
	var table bytes.Buffer
	t := tabwriter.NewWriter(&table, 0, 0, 2, ' ', 0)
	byLayer := func(a, b livesim.Input) int { return cmp.Compare(a.Layer, b.Layer) }
	for _, in := range slices.SortedFunc(slices.Values(inputs), byLayer) {
		fmt.Fprintf(t, "%d\t%s\t%s\t%s\n", in.Layer, in.Name, typeName(in.Type), place(in))
	}
	_ = t.Flush() // A bytes.Buffer does not fail.
	lines := strings.Split(strings.TrimSuffix(table.String(), "\n"), "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return lines
}

func typeName(kind int) string {
	switch kind {
	case 0:
		return "audio+video"
	case 2:
		return "picture"
	case 3:
		return "canvas"
	case 4:
		return "audio"
	case 5:
		return "video"
	case 8:
		return "web page"
	}
	return "type " + strconv.Itoa(kind)
}

// place formats the size and the position of an input, as far as they are set. The background has no position.
func place(in livesim.Input) string {
	size := ""
	if in.Width != 0 || in.Height != 0 {
		size = length(in.Width) + "x" + length(in.Height)
	}
	if in.Layer == 1 || size == "" && in.X == 0 && in.Y == 0 {
		return size
	}
	return strings.TrimSpace(size + " at " + length(in.X) + "," + length(in.Y))
}

// length formats pixels as a number and a fraction of the background as a percentage.
func length(v float64) string {
	if 0 < v && v < 1 {
		return strconv.FormatFloat(v*100, 'g', 4, 64) + "%"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
