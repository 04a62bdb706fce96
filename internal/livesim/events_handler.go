// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// eventPause is how often the feed looks for sessions that end by themselves. It also keeps the connection open.
const eventPause = time.Second

// serveEvents serves the feed: server-sent events from now on, or from the one after Last-Event-ID. If those are no
// longer known, the feed begins with "lost": the client's knowledge is out of date.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		http.Error(w, "the connection cannot stream", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")

	s.mu.Lock()
	number, begin := s.feed.count, "hello"
	if id := cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("last_event_id")); id != "" {
		if seen, ok := s.feed.number(id); ok {
			number, begin = seen, ""
		} else {
			begin = "lost"
		}
	}
	first := event{number, s.clock.now(), begin, struct{}{}}
	s.mu.Unlock()

	var out bytes.Buffer
	if begin != "" {
		s.writeEvent(&out, first)
	}
	pause := time.NewTicker(eventPause)
	defer pause.Stop()
	for {
		events, complete, wake := s.after(number)
		if !complete {
			s.mu.Lock()
			number = s.feed.count
			events = []event{{number, s.clock.now(), "lost", struct{}{}}}
			s.mu.Unlock()
		}
		for _, e := range events {
			s.writeEvent(&out, e)
			number = e.number
		}
		if _, err := w.Write(out.Bytes()); err != nil {
			return
		}
		out.Reset()
		flusher.Flush()
		select {
		case <-wake:
		case <-pause.C:
			s.mu.Lock()
			s.settle(s.clock.now())
			s.mu.Unlock()
			out.WriteString(":\n\n")
		case <-r.Context().Done():
			return
		case <-s.closing:
			return
		}
	}
}

func (s *Server) writeEvent(out *bytes.Buffer, e event) {
	data, err := json.Marshal(e)
	if err != nil { // Every value can be encoded.
		return
	}
	fmt.Fprintf(out, "id: %s\nevent: %s\ndata: %s\n\n", s.feed.id(e.number), e.Type, data)
}
