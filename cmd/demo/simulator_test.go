// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestTally(t *testing.T) {
	t.Parallel()
	const (
		createA = `{"action":"CreateCommonMixStream","session_id":"a","executed":true}`
		createB = `{"action":"CreateCommonMixStream","session_id":"b","executed":true}`
		refused = `{"action":"CreateCommonMixStream","session_id":"a","executed":false}`
		cancelA = `{"action":"CancelCommonMixStream","session_id":"a","executed":true}`
		cancelB = `{"action":"CancelCommonMixStream","session_id":"b","executed":true}`
		state   = `{"action":"DescribeLiveStreamState","executed":true}`
	)
	for _, tc := range []struct {
		name                 string
		requests             []string
		sessions, violations string
		want                 tally
		good                 bool
	}{
		{
			name: "as shown", requests: []string{createA, createB, state, createA, cancelB, cancelA},
			want: tally{Created: 2, Changed: 1, Cancelled: 2}, good: true,
		},
		{
			name: "a refused call counts for nothing", requests: []string{refused, createA, refused},
			sessions: `{"id":"a"}`, want: tally{Created: 1, Left: 1},
		},
		{
			name: "a create after the cancel is no change", requests: []string{createA, cancelA, createA, cancelA},
			want: tally{Created: 2, Cancelled: 2},
		},
		{
			name: "too soon", requests: []string{createA, createB, createA, cancelB, cancelA}, violations: `{"rule":"x"}`,
			want: tally{Created: 2, Changed: 1, Cancelled: 2, TooSoon: 1},
		},
		{
			name: "a session is left", requests: []string{createA, createB, createA, cancelB}, sessions: `{"id":"a"}`,
			want: tally{Created: 2, Changed: 1, Cancelled: 1, Left: 1},
		},
		{name: "nothing"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			lists := map[string]string{
				"/_sim/requests": strings.Join(tc.requests, ","), "/_sim/sessions": tc.sessions, "/_sim/violations": tc.violations,
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = w.Write([]byte("[" + lists[r.URL.Path] + "]"))
			}))
			t.Cleanup(server.Close)
			got, err := (&simulator{url: server.URL}).tally(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			if got != tc.want {
				t.Errorf("got %+v, want %+v", got, tc.want)
			}
			if err := got.check(); (err == nil) != tc.good {
				t.Errorf("check: %v", err)
			}
		})
	}
}

func TestTallyFails(t *testing.T) {
	t.Parallel()
	for name, handler := range map[string]http.HandlerFunc{
		"not found": http.NotFound,
		"not JSON":  func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>")) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewServer(handler)
			t.Cleanup(server.Close)
			if got, err := (&simulator{url: server.URL}).tally(t.Context()); err == nil {
				t.Errorf("got %+v and no error", got)
			}
		})
	}
}
