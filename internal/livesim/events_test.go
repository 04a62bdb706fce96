// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bufio"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// feedReader reads server-sent events.
type feedReader struct {
	t    *testing.T
	body *bufio.Scanner
	id   string
}

// follow opens the feed after an event, "" for from now on.
func follow(t *testing.T, s *Server, after string) *feedReader {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL()+"/_sim/events", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if after != "" {
		r.Header.Set("Last-Event-ID", after)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cancel(); _ = resp.Body.Close() })
	if got := resp.Header.Get("Content-Type"); got != "text/event-stream" {
		t.Fatalf("content type %s", got)
	}
	lines := bufio.NewScanner(resp.Body)
	lines.Buffer(nil, 1<<20)
	return &feedReader{t: t, body: lines}
}

// next returns the next event.
func (f *feedReader) next() (kind string, data map[string]any) {
	f.t.Helper()
	for f.body.Scan() {
		line := f.body.Text()
		switch {
		case strings.HasPrefix(line, "id: "):
			f.id = line[4:]
		case strings.HasPrefix(line, "event: "):
			kind = line[7:]
		case strings.HasPrefix(line, "data: "):
			var e struct {
				Type string
				Data map[string]any
			}
			if err := json.Unmarshal([]byte(line[6:]), &e); err != nil || e.Type != kind {
				f.t.Fatalf("event %q: %v in %s", kind, err, line)
			}
			data = e.Data
		case line == "" && kind != "":
			return kind, data
		}
	}
	f.t.Fatalf("the feed ended: %v", f.body.Err())
	return "", nil
}

// until reads up to an event of a type.
func (f *feedReader) until(kind string) map[string]any {
	f.t.Helper()
	for {
		if got, data := f.next(); got == kind {
			return data
		}
	}
}

func TestFeed(t *testing.T) {
	t.Parallel()
	s, c := start(t, nil)
	feed := follow(t, s, "")
	if kind, _ := feed.next(); kind != "hello" {
		t.Errorf("the feed begins with %s", kind)
	}
	beginning := feed.id
	c.want("", ActionCreate, mix("room"))
	session := feed.until(EventSession)
	if session["id"] != "room" || session["on_air"] != true || session["params"] != nil {
		t.Errorf("session %v", session)
	}
	if r := feed.until(EventRequest); r["action"] != ActionCreate || r["executed"] != true || r["params"] != nil {
		t.Errorf("request %v", r)
	}
	middle := feed.id
	s.Unpublish("a")
	if st := feed.until(EventStream); st["name"] != "a" || st["state"] != "inactive" {
		t.Errorf("stream %v", st)
	}
	session = feed.until(EventSession)
	lamps := []any{}
	for _, in := range session["inputs"].([]any) {
		lamps = append(lamps, in.(map[string]any)["on_air"])
	}
	if !slices.Equal(lamps, []any{false, true}) || session["on_air"] != true {
		t.Errorf("after a stop: %v", session)
	}
	s.Inject(Fault{Action: ActionCancel, Error: &APIError{Code: "InternalError"}})
	if f := feed.until(EventFaults); len(f["queued"].([]any)) != 1 {
		t.Errorf("faults %v", f)
	}
	s.Unpublish("b")
	s.Advance(documentedAutoEnd)
	session = feed.until(EventSession)
	for session["reason"] == nil {
		session = feed.until(EventSession)
	}
	if session["reason"] != ReasonAutoEnded || session["on_air"] != false {
		t.Errorf("end %v", session)
	}
	if clock := feed.until(EventClock); clock["advanced_ns"] != float64(documentedAutoEnd) {
		t.Errorf("clock %v", clock)
	}

	again := follow(t, s, middle)
	if kind, data := again.next(); kind != EventStream || data["name"] != "a" {
		t.Errorf("the replay begins with %s %v", kind, data)
	}
	for again.id != feed.id {
		again.next()
	}
	if kind, _ := follow(t, s, "other-5").next(); kind != "lost" {
		t.Errorf("an ID of another server: %s", kind)
	}
	for range eventHistory {
		s.Publish("x")
	}
	if kind, _ := follow(t, s, beginning).next(); kind != "lost" {
		t.Errorf("an ID that is forgotten: %s", kind)
	}
}

func TestFeedOfTheFuture(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	if events, complete, _ := s.after(1 << 60); complete || events != nil {
		t.Errorf("events %v", events)
	}
}
