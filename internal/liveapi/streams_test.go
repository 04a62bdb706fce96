// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// onlinePageOf answers one page with streams of one domain and app.
func onlinePageOf(total, pages int, names ...string) reply {
	info := []string{}
	for _, name := range names {
		info = append(info, onlineInfo("push.example.com", "live", name))
	}
	return onlinePage(total, pages, info...)
}

func onlinePage(total, pages int, info ...string) reply {
	return answer(http.StatusOK, fmt.Sprintf(`{"Response":{"TotalNum":%d,"TotalPage":%d,"PageNum":1,"PageSize":100,"OnlineInfo":[%s],"RequestId":"r"}}`,
		total, pages, strings.Join(info, ",")))
}

func onlineInfo(domain, app, name string, times ...string) string {
	published := []string{}
	for _, t := range times {
		published = append(published, fmt.Sprintf(`{"PublishTime":%q}`, t))
	}
	return fmt.Sprintf(`{"DomainName":%q,"AppName":%q,"StreamName":%q,"PushToDelay":0,"PublishTimeList":[%s]}`, domain, app, name, strings.Join(published, ","))
}

// numbered are names from first to last.
func numbered(first, last int) []string {
	var names []string
	for n := first; n <= last; n++ {
		names = append(names, fmt.Sprintf("s%05d", n))
	}
	return names
}

func streamNames(streams []OnlineStream) []string {
	var names []string
	for _, s := range streams {
		names = append(names, s.Name)
	}
	return names
}

func TestOnlineStreamsSorted(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, apiError("InternalError.GetStreamInfoError", "x"), onlinePage(5, 1,
			onlineInfo("b.example.com", "live", "a"),
			onlineInfo("a.example.com", "show", "a"),
			onlineInfo("a.example.com", "live", "b", "2026-03-02T10:00:00Z", "2026-03-01T09:00:00Z"),
			onlineInfo("a.example.com", "live", "a"),
			onlineInfo("a.example.com", "live", "b", "2026-03-02T10:00:00Z", "2026-03-01T09:00:00Z"),
			`{"StreamName":"bare","PublishTimeList":[null,{}]}`, "null",
		))
		got, err := c.OnlineStreams(t.Context(), "", "")
		if err != nil {
			t.Fatal(err)
		}
		want := []OnlineStream{
			{Name: "bare"},
			{Domain: "a.example.com", App: "live", Name: "a"},
			{Domain: "a.example.com", App: "live", Name: "b", PublishTimes: []string{"2026-03-01T09:00:00Z", "2026-03-02T10:00:00Z"}},
			{Domain: "a.example.com", App: "show", Name: "a"},
			{Domain: "b.example.com", App: "live", Name: "a"},
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v\nwant %+v", got, want)
		}
		if want := `{"PageNum":1,"PageSize":100}`; s.calls() != 2 || s.bodies[1] != want {
			t.Errorf("%d calls, the last one %s, want 2 and %s", s.calls(), s.bodies[1], want)
		}
	})
}

func TestOnlineStreamsFilters(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, onlinePage(0, 0))
		got, err := c.OnlineStreams(t.Context(), "push.example.com", "show")
		if err != nil || len(got) != 0 {
			t.Errorf("got %v, %v", got, err)
		}
		if want := `{"DomainName":"push.example.com","AppName":"show","PageNum":1,"PageSize":100}`; s.calls() != 1 || s.bodies[0] != want {
			t.Errorf("%d calls, the first one %s, want 1 and %s", s.calls(), s.bodies[0], want)
		}
	})
}

func TestOnlineStreamsPages(t *testing.T) {
	t.Parallel()
	full, after := numbered(1, 250), numbered(2, 250)
	first, second, third := onlinePageOf(250, 3, full[:100]...), onlinePageOf(250, 3, full[100:200]...), onlinePageOf(250, 3, full[200:]...)
	tests := map[string]struct {
		replies []reply
		want    []string
		pages   []int // that are asked for, in order
	}{
		"steady": {replies: []reply{first, second, third}, want: full, pages: []int{1, 2, 3}},
		"full pages": {
			replies: []reply{onlinePageOf(200, 2, full[:100]...), onlinePageOf(200, 2, full[100:200]...)},
			want:    full[:200], pages: []int{1, 2},
		},
		// The first stream ends after the first page: the 101st moves to that page and would be missed.
		"a stream ends in between": {
			replies: []reply{
				first, onlinePageOf(249, 3, after[100:200]...), onlinePageOf(249, 3, after[200:]...),
				onlinePageOf(249, 3, after[:100]...), onlinePageOf(249, 3, after[100:200]...), onlinePageOf(249, 3, after[200:]...),
			},
			want: after, pages: []int{1, 2, 3, 1, 2, 3},
		},
		// A stream comes before the others: the 100th shows on the second page again.
		"a stream begins in between": {
			replies: []reply{
				onlinePageOf(150, 2, full[1:101]...), onlinePageOf(151, 2, full[100:151]...),
				onlinePageOf(151, 2, full[:100]...), onlinePageOf(151, 2, full[100:151]...),
			},
			want: full[:151], pages: []int{1, 2, 1, 2},
		},
		"one begins on the first page and the last one ends": {
			replies: []reply{
				onlinePageOf(110, 2, full[:100]...), onlinePageOf(110, 2, full[99:109]...),
				onlinePageOf(110, 2, full[:100]...), onlinePageOf(110, 2, full[100:110]...),
			},
			want: full[:110], pages: []int{1, 2, 1, 2},
		},
		"the last page goes away": {
			replies: []reply{onlinePageOf(101, 2, full[:100]...), onlinePageOf(100, 1), onlinePageOf(100, 1, full[:100]...)},
			want:    full[:100], pages: []int{1, 2, 1},
		},
		"never steady": {
			replies: []reply{
				onlinePageOf(101, 2, full[:100]...), onlinePageOf(102, 2, full[101:103]...),
				onlinePageOf(103, 2, full[1:101]...), onlinePageOf(104, 2, full[103:105]...),
				onlinePageOf(105, 2, full[2:102]...), onlinePageOf(106, 2, full[105:107]...),
			},
			want: full[:107], pages: []int{1, 2, 1, 2, 1, 2},
		},
		"an empty page": {replies: []reply{first, onlinePageOf(250, 3), third, first, second, third}, want: full, pages: []int{1, 2, 3, 1, 2, 3}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, nil, tt.replies...)
				got, err := c.OnlineStreams(t.Context(), "", "")
				if err != nil {
					t.Fatal(err)
				}
				if names := streamNames(got); !slices.Equal(names, tt.want) {
					t.Errorf("%d streams %v, want %d: %v", len(names), names, len(tt.want), tt.want)
				}
				var pages []int
				for _, body := range s.bodies {
					var sent struct{ PageNum, PageSize int }
					if err := json.Unmarshal([]byte(body), &sent); err != nil || sent.PageSize != 100 {
						t.Errorf("sent %s (%v)", body, err)
					}
					pages = append(pages, sent.PageNum)
				}
				if !slices.Equal(pages, tt.pages) {
					t.Errorf("asked for the pages %v, want %v", pages, tt.pages)
				}
			})
		})
	}
}

// There is an end to every list.
func TestOnlineStreamsTooMany(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		reply reply
		calls int
	}{
		"said on the first page": {reply: onlinePageOf(20001, 201, numbered(1, 100)...), calls: 1},
		"one more page for ever": {reply: onlinePageOf(300, 1000000, numbered(1, 100)...), calls: 200},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, nil, tt.reply)
				got, err := c.OnlineStreams(t.Context(), "", "")
				if !errors.Is(err, ErrTooManyStreams) || got != nil || s.calls() != tt.calls {
					t.Errorf("%d streams, error %v after %d calls, want %d", len(got), err, s.calls(), tt.calls)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		var replies []reply
		for page := range 200 {
			replies = append(replies, onlinePageOf(20000, 200, numbered(100*page+1, 100*page+100)...))
		}
		c, s := newTestClient(t, nil, replies...)
		got, err := c.OnlineStreams(t.Context(), "", "")
		if err != nil || len(got) != 20000 || s.calls() != 200 {
			t.Errorf("%d streams, error %v after %d calls", len(got), err, s.calls())
		}
	})
}

func TestOnlineStreamsFailing(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		replies []reply
		code    string
		kind    Kind
	}{
		"refused":             {replies: []reply{apiError("ResourceNotFound.StopService", "x")}, code: "ResourceNotFound.StopService", kind: KindAccount},
		"on the second page":  {replies: []reply{onlinePageOf(150, 2, numbered(1, 100)...), apiError("AuthFailure.TokenFailure", "x")}, code: "AuthFailure.TokenFailure", kind: KindAuth},
		"not an online list":  {replies: []reply{success}, code: "ClientError.ParseJsonError", kind: KindTransient},
		"no end to the pages": {replies: []reply{answer(http.StatusOK, `{"Response":{"TotalNum":3,"RequestId":"r"}}`)}, code: "ClientError.ParseJsonError", kind: KindTransient},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, s := newTestClient(t, func(cfg *Config) { cfg.MaxRetries = 0 }, tt.replies...)
				got, err := c.OnlineStreams(t.Context(), "", "")
				if e := asError(t, err); got != nil || e.Operation != "DescribeLiveStreamOnlineList" || e.Code != tt.code || e.Kind != tt.kind || s.calls() != len(tt.replies) {
					t.Errorf("%d streams, %+v after %d calls", len(got), *e, s.calls())
				}
			})
		})
	}
}

// The documented quota holds for the list, and a refusal for the rate slows it down.
func TestOnlineStreamsRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		if got := take(t, newLimiter(Rates{}), actionOnlineList, 1000); got < 10*time.Second || !near(got, 10*time.Second) {
			t.Errorf("1000 calls took %s, want a little over 10s", got)
		}
	})
}
