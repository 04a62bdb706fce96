// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// runSessions prints the live sessions of the simulator at the URL in args.
func runSessions(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) != 1 {
		fmt.Fprintln(stderr, "Usage: livesim sessions URL")
		return 2
	}
	sessions, err := fetchSessions(ctx, args[0])
	if err == nil {
		err = writeSessions(stdout, sessions)
	}
	if err != nil {
		fmt.Fprintln(stderr, "livesim sessions:", err)
		return 1
	}
	return 0
}

func fetchSessions(ctx context.Context, url string) ([]livesim.Session, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/")+"/_sim/sessions", http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s answered %s", url, resp.Status)
	}
	var sessions []livesim.Session
	return sessions, json.NewDecoder(resp.Body).Decode(&sessions)
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

// inputLines describes inputs by layer, aligned among themselves.
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

// place is the size and the position of an input, as far as they were given. The background has no position.
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

// length writes pixels as a number and a fraction of the background as a percentage.
func length(v float64) string {
	if 0 < v && v < 1 {
		return strconv.FormatFloat(v*100, 'g', 4, 64) + "%"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}
