// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	// defaultApp is the default push path of Tencent Live.
	defaultApp = "live"
	// defaultDomain is the push domain that lists show for a stream that was published without one.
	defaultDomain = "livesim.tlivepush.com"
	// longSince is how long a stream with LongSince has been pushing.
	longSince = 24 * time.Hour
)

// Stream is a live stream: one that somebody publishes, or the output of a type-1 session.
type Stream struct {
	Name   string `json:"name"`
	Domain string `json:"domain"` // "" answers to any domain.
	App    string `json:"app"`
	// Width and Height are the size of the picture in pixels, 0 if unknown.
	Width  int `json:"width,omitempty"`
	Height int `json:"height,omitempty"`
	// AudioOnly streams have no picture: as inputs they must be declared as type 4.
	AudioOnly bool `json:"audio_only,omitempty"`
	// State is what DescribeLiveStreamState answers: active, inactive or forbid.
	State string `json:"state"`
	// Since is when the stream came online, Until when it last went offline.
	Since time.Time `json:"since,omitzero"`
	Until time.Time `json:"until,omitzero"`
	// SessionID is the session whose output the stream is; "" for a published stream.
	SessionID string `json:"session_id,omitempty"`

	on bool // pushing, unless it is forbidden
}

// streamState is guarded by Server.mu.
type streamState struct {
	published map[string]*Stream // by name
	outputs   map[string]*Stream // type-1 outputs of live and ended sessions, by name
	forbidden map[string]bool
}

func newStreamState() streamState {
	return streamState{
		published: make(map[string]*Stream), outputs: make(map[string]*Stream), forbidden: make(map[string]bool),
	}
}

// StreamOption sets a property of a published stream.
type StreamOption func(st *Stream, now time.Time)

// Size sets the size of the picture in pixels; without it the size is unknown, and rules about it do not apply.
func Size(width, height int) StreamOption {
	return func(st *Stream, _ time.Time) { st.Width, st.Height = width, height }
}

// Domain sets the push domain; without it the stream matches any.
func Domain(name string) StreamOption {
	return func(st *Stream, _ time.Time) { st.Domain = name }
}

// App sets the push path, by default "live".
func App(name string) StreamOption {
	return func(st *Stream, _ time.Time) { st.App = name }
}

// AudioOnly makes it a stream without a picture.
func AudioOnly() StreamOption {
	return func(st *Stream, _ time.Time) { st.AudioOnly = true }
}

// LongSince makes the stream a long-running push, so that it can be mixed at once.
func LongSince() StreamOption {
	return func(st *Stream, now time.Time) { st.Since = now.Add(-longSince) }
}

// Publish starts a push that begins now (see LongSince). A stream that already pushes starts over; a forbidden one is
// allowed again.
func (s *Server) Publish(name string, opts ...StreamOption) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	s.settle(now)
	st := &Stream{Name: name, App: defaultApp, Since: now, on: true}
	for _, o := range opts {
		o(st, now)
	}
	s.streams.published[name] = st
	delete(s.streams.forbidden, name)
	s.refresh(now, name)
}

// Unpublish ends the push. With Options.AnyStreamPushes it takes offline a stream that was never published.
func (s *Server) Unpublish(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	s.settle(now)
	s.streams.stop(name, now)
	s.refresh(now, name)
}

// Forbid ends the push and bans the stream until it is published again: its state is "forbid".
func (s *Server) Forbid(name string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock.now()
	s.settle(now)
	s.streams.stop(name, now)
	s.streams.forbidden[name] = true
	s.refresh(now, name)
}

// Streams returns every stream that was published or is a type-1 output, sorted by name.
func (s *Server) Streams() []Stream {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.settle(s.clock.now())
	all := []Stream{}
	for _, group := range []map[string]*Stream{s.streams.published, s.streams.outputs} {
		for _, st := range group {
			all = append(all, s.shown(st))
		}
	}
	slices.SortFunc(all, func(a, b Stream) int {
		return strings.Compare(a.Name+"\x00"+a.SessionID, b.Name+"\x00"+b.SessionID)
	})
	return all
}

// shown returns a stream as others see it.
func (s *Server) shown(st *Stream) Stream {
	shown := *st
	shown.State = s.state(st)
	return shown
}

func (t *streamState) stop(name string, now time.Time) {
	st := t.published[name]
	switch {
	case st == nil:
		t.published[name] = &Stream{Name: name, App: defaultApp, Until: now}
	case st.on:
		st.on, st.Until = false, now
	}
}

// pushing reports whether a stream can be an input, and since when it pushes.
func (s *Server) pushing(name string) (since time.Time, ok bool) {
	if s.streams.forbidden[name] {
		return time.Time{}, false
	}
	published := s.streams.published[name]
	if published != nil && published.on {
		return published.Since, true
	}
	if output := s.streams.outputs[name]; output != nil && output.on {
		return output.Since, true
	}
	return time.Time{}, s.options.AnyStreamPushes && published == nil
}

// offlineSince returns when a stream that does not push went offline; the zero time if it never pushed.
func (s *Server) offlineSince(name string) time.Time {
	var since time.Time
	for _, st := range []*Stream{s.streams.published[name], s.streams.outputs[name]} {
		if st != nil && st.Until.After(since) {
			since = st.Until
		}
	}
	return since
}

func (s *Server) inputPushes(in Input) bool {
	if !in.real() {
		return false
	}
	_, ok := s.pushing(in.Name)
	return ok
}

// state returns what DescribeLiveStreamState answers for a stream under its own domain and path.
func (s *Server) state(st *Stream) string {
	switch {
	case s.streams.forbidden[st.Name]:
		return "forbid"
	case st.on:
		return "active"
	default:
		return "inactive"
	}
}

// matches reports whether a stream matches a query; an empty domain or path matches any, on both sides.
func (st *Stream) matches(domain, app string) bool {
	return (domain == "" || st.Domain == "" || st.Domain == domain) && (app == "" || st.App == "" || st.App == app)
}

// assumed returns the stream that exists under a name because of Options.AnyStreamPushes, or nil.
func (s *Server) assumed(name string, now time.Time) *Stream {
	if !s.options.AnyStreamPushes || s.streams.published[name] != nil || s.streams.outputs[name] != nil {
		return nil
	}
	return &Stream{Name: name, Since: now.Add(-longSince), on: true}
}

type stateRequest struct{ AppName, DomainName, StreamName string }

// describeState answers DescribeLiveStreamState (page 267/20470).
func (s *Server) describeState(c *call, now time.Time) (map[string]any, *refusal) {
	req, err := decodeParams[stateRequest](c.params)
	if err != nil {
		return nil, refuse(codeInvalidParameter, "%s", err)
	}
	if req.AppName == "" || req.DomainName == "" || req.StreamName == "" {
		return nil, refuse(codeInvalidValue, "AppName, DomainName and StreamName must not be empty")
	}
	if s.streams.forbidden[req.StreamName] {
		return map[string]any{"StreamState": "forbid"}, nil
	}
	for _, st := range []*Stream{s.streams.published[req.StreamName], s.streams.outputs[req.StreamName]} {
		if st != nil && st.on && st.matches(req.DomainName, req.AppName) {
			return map[string]any{"StreamState": "active"}, nil
		}
	}
	if s.assumed(req.StreamName, now) != nil {
		return map[string]any{"StreamState": "active"}, nil
	}
	return map[string]any{"StreamState": "inactive"}, nil
}

type onlineListRequest struct {
	AppName, DomainName, StreamName string
	PageNum, PageSize               *int64
}

// describeOnlineList answers DescribeLiveStreamOnlineList (page 267/20472). Streams are sorted by name. Of the streams
// that exist only because of Options.AnyStreamPushes, it lists the inputs of live sessions and the one requested by
// name.
func (s *Server) describeOnlineList(c *call, now time.Time) (map[string]any, *refusal) {
	req, err := decodeParams[onlineListRequest](c.params)
	if err != nil {
		return nil, refuse(codeInvalidParameter, "%s", err)
	}
	page, size, maxSize := int64(1), int64(10), int64(300000)
	if s.options.International {
		maxSize = 100
	}
	if req.PageNum != nil {
		page = *req.PageNum
	}
	if req.PageSize != nil {
		size = *req.PageSize
	}
	if page < 1 {
		return nil, refuse(codeInvalidValue, "PageNum must be 1 or more")
	}
	if size < 10 || size > maxSize {
		return nil, refuse(codeInvalidValue, "PageSize must be from 10 to %d", maxSize)
	}

	online := s.online(req, now)
	names := slices.Sorted(maps.Keys(online))
	total := int64(len(names))
	pages := (total + size - 1) / size
	info := []map[string]any{}
	if page <= pages {
		for _, name := range names[(page-1)*size : min(page*size, total)] {
			st := online[name]
			info = append(info, map[string]any{
				"StreamName": name, "PushToDelay": 0,
				"AppName": cmp.Or(st.App, req.AppName, defaultApp), "DomainName": cmp.Or(st.Domain, req.DomainName, defaultDomain),
				"PublishTimeList": []map[string]string{{"PublishTime": st.Since.UTC().Format(time.RFC3339)}},
			})
		}
	}
	return map[string]any{"TotalNum": total, "TotalPage": pages, "PageNum": page, "PageSize": size, "OnlineInfo": info}, nil
}

// online returns the streams that push and match, by name.
func (s *Server) online(req onlineListRequest, now time.Time) map[string]*Stream {
	online := make(map[string]*Stream)
	add := func(st *Stream) {
		if st != nil && st.on && !s.streams.forbidden[st.Name] && st.matches(req.DomainName, req.AppName) && online[st.Name] == nil {
			online[st.Name] = st
		}
	}
	if req.StreamName != "" {
		add(s.streams.published[req.StreamName])
		add(s.streams.outputs[req.StreamName])
		add(s.assumed(req.StreamName, now))
		return online
	}
	for _, group := range []map[string]*Stream{s.streams.published, s.streams.outputs} {
		for _, st := range group {
			add(st)
		}
	}
	for _, session := range s.mix.sessions {
		for _, in := range session.Inputs {
			if in.real() {
				add(s.assumed(in.Name, now))
			}
		}
	}
	return online
}
