// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// streamChange is a change of streams as the admin API accepts it.
type streamChange struct {
	Publish   []string `json:"publish,omitempty"`
	Unpublish []string `json:"unpublish,omitempty"`
	Forbid    []string `json:"forbid,omitempty"`
	Width     int      `json:"width,omitempty"`
	Height    int      `json:"height,omitempty"`
	Domain    string   `json:"domain,omitempty"`
	App       string   `json:"app,omitempty"`
	AudioOnly bool     `json:"audio_only,omitempty"`
	LongSince bool     `json:"long_since,omitempty"`
}

// streams shows the streams, or changes some.
func streams(c *invocation) int {
	change := streamChange{LongSince: true}
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "print JSON")
	names := func(list *[]string) func(string) error {
		return func(v string) error {
			*list = append(*list, strings.Split(v, ",")...)
			return nil
		}
	}
	flags.Func("publish", "`name[,name]` of streams that push from now on (repeatable)", names(&change.Publish))
	flags.Func("stop", "`name[,name]` of streams that stop (repeatable)", names(&change.Unpublish))
	flags.Func("forbid", "`name[,name]` of streams that are banned until they are published again (repeatable)", names(&change.Forbid))
	flags.Func("size", "`WIDTHxHEIGHT` of the published streams in pixels", func(v string) error {
		if n, err := fmt.Sscanf(v, "%dx%d", &change.Width, &change.Height); n != 2 || err != nil {
			return fmt.Errorf("want a size such as 1280x720")
		}
		return nil
	})
	flags.StringVar(&change.Domain, "domain", "", "push `domain` of the published streams; without it they answer to any")
	flags.StringVar(&change.App, "app", "", "push `path` of the published streams, live without it")
	flags.BoolVar(&change.AudioOnly, "audio-only", false, "the published streams have no picture")
	flags.BoolFunc("just-now", "the published streams began just now, so that they can be mixed in 5 s", func(string) error {
		change.LongSince = false
		return nil
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
	if len(change.Publish)+len(change.Unpublish)+len(change.Forbid) > 0 {
		return c.failed(sim.post(c.ctx, "streams", change))
	}
	var all []livesim.Stream
	if err := sim.get(c.ctx, "streams", &all); err != nil {
		return c.failed(err)
	}
	if *asJSON {
		return c.failed(writeJSON(c.stdout, all))
	}
	return c.failed(writeStreams(c.stdout, all))
}

func writeStreams(w io.Writer, all []livesim.Stream) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "No streams.")
		return err
	}
	var table bytes.Buffer
	t := tabwriter.NewWriter(&table, 0, 0, 3, ' ', 0)
	fmt.Fprintln(t, "STREAM\tSTATE\tSIZE\tDOMAIN\tAPP\tOUTPUT OF")
	for _, s := range all {
		size := "-"
		switch {
		case s.AudioOnly:
			size = "audio"
		case s.Width != 0 || s.Height != 0:
			size = fmt.Sprintf("%dx%d", s.Width, s.Height)
		}
		fmt.Fprintln(t, strings.Join([]string{
			plain(s.Name), s.State, size, plain(cmp.Or(s.Domain, "any")), plain(s.App), cmp.Or(s.SessionID, "-"),
		}, "\t"))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := w.Write(table.Bytes())
	return err
}
