// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

func TestStreamState(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	s.Publish("elsewhere", Domain("other.example.com"), App("show"))
	state := func(domain, app, name string) string {
		t.Helper()
		a := c.want("", ActionState, map[string]any{"DomainName": domain, "AppName": app, "StreamName": name})
		return a.response["StreamState"].(string)
	}
	for _, tc := range []struct{ domain, app, name, want string }{
		{"push.example.com", "live", "a", "active"}, // Published without a domain: any.
		{"push.example.com", "show", "a", "inactive"},
		{"other.example.com", "show", "elsewhere", "active"},
		{"push.example.com", "show", "elsewhere", "inactive"},
		{"other.example.com", "live", "elsewhere", "inactive"},
		{"push.example.com", "live", "nobody", "inactive"},
	} {
		if got := state(tc.domain, tc.app, tc.name); got != tc.want {
			t.Errorf("%s/%s/%s is %s, want %s", tc.domain, tc.app, tc.name, got, tc.want)
		}
	}
	s.Unpublish("a")
	if got := c.state("a"); got != "inactive" {
		t.Errorf("an unpublished stream is %s", got)
	}
	s.Forbid("a")
	if got := c.state("a"); got != "forbid" {
		t.Errorf("a forbidden stream is %s", got)
	}
	s.Publish("a")
	if got := c.state("a"); got != "active" {
		t.Errorf("a stream that was forbidden and published is %s", got)
	}
	for _, empty := range []string{"DomainName", "AppName", "StreamName"} {
		params := map[string]any{"DomainName": "d", "AppName": "live", "StreamName": "a"}
		params[empty] = ""
		c.want("InvalidParameterValue", ActionState, params)
		delete(params, empty)
		c.want("MissingParameter", ActionState, params)
	}
}

// TestOutputStream follows the new stream of a type-1 session.
func TestOutputStream(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		s.Publish("c", LongSince(), Domain("c.example.com"), App("show"))
		s.Publish("d", LongSince(), Domain("d.example.com"))
		canvas := input("canvas", 1, "InputType", 3, "ImageWidth", 1280, "ImageHeight", 720)
		c.create("", "room", inputs(input("d", 3), input("c", 2), canvas))
		is := func(want string) {
			t.Helper()
			for domain, want := range map[string]string{"c.example.com": want, "d.example.com": "inactive"} {
				a := c.want("", ActionState, map[string]any{"DomainName": domain, "AppName": "live", "StreamName": "room_out"})
				if got := a.response["StreamState"]; got != want {
					t.Errorf("at %s the output is %s, want %s", domain, got, want)
				}
			}
			listed := slices.Contains(c.online(map[string]any{}), "room_out")
			if listed != (want == "active") {
				t.Errorf("listed %t while it is %s", listed, want)
			}
		}
		is("active")
		s.Unpublish("c")
		is("active")
		s.Unpublish("d")
		is("inactive")
		s.Advance(10 * time.Minute)
		s.Publish("d")
		is("active")
		info := c.do(ActionOnlineList, map[string]any{"StreamName": "room_out"}).response["OnlineInfo"].([]any)
		began := info[0].(map[string]any)["PublishTimeList"].([]any)[0].(map[string]any)["PublishTime"]
		if want := s.Now().UTC().Format(time.RFC3339); began != want {
			t.Errorf("the output came back at %v, the list says %s", want, began)
		}
		fromOutput := inputs(input("room_out", 1), input("a", 2))
		s.Advance(5*time.Second - 1)
		c.create("FailedOperation.ProcessMixError", "next", fromOutput)
		s.Advance(1)
		c.create("", "next", fromOutput)
		s.Forbid("room_out")
		if got := c.state("room_out"); got != "forbid" {
			t.Errorf("a forbidden output is %s", got)
		}
		c.cancel("", "room")
		s.Publish("room_out", Domain("c.example.com")) // Lifts the ban.
		s.Unpublish("room_out")
		is("inactive")

		// Type 0 makes no stream, and its input goes on after the cancel.
		s.Publish("d", LongSince())
		c.create("", "place", output("d", 0), inputs(input("d", 1), input("a", 2)))
		before := c.online(map[string]any{})
		s.Advance(5 * time.Second)
		c.cancel("", "place")
		if after := c.online(map[string]any{}); !slices.Equal(before, after) || !slices.Contains(after, "d") {
			t.Errorf("online %v, after the cancel %v", before, after)
		}
	})
}

func TestOutputDomain(t *testing.T) {
	t.Parallel()
	s, c := serve(t, func(o *Options) { o.OutputDomain = "mixed.example.com" })
	c.create("", "room")
	for _, st := range s.Streams() {
		if st.Name == "room_out" && (st.Domain != "mixed.example.com" || st.State != "active" || st.SessionID != "room") {
			t.Errorf("output %+v", st)
		}
	}
	c.create("", "pictures", inputs(input("canvas", 1, "InputType", 3, "ImageWidth", 9, "ImageHeight", 9), input("p", 2, "InputType", 2, "WatermarkId", 1)))
	if got := c.state("pictures_out"); got != "inactive" {
		t.Errorf("without a real input the output is %s", got)
	}
}

func TestOnlineList(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		now := s.Now()
		for i := range 23 {
			s.Publish(fmt.Sprintf("s%02d", i), Domain("push.example.com"))
		}
		s.Publish("show", App("show"))
		a := c.want("", ActionOnlineList, map[string]any{"DomainName": "push.example.com", "StreamName": "s07"})
		delete(a.response, "RequestId")
		want := map[string]any{
			"TotalNum": 1.0, "TotalPage": 1.0, "PageNum": 1.0, "PageSize": 10.0,
			"OnlineInfo": []any{map[string]any{
				"StreamName": "s07", "AppName": "live", "DomainName": "push.example.com", "PushToDelay": 0.0,
				"PublishTimeList": []any{map[string]any{"PublishTime": now.UTC().Format("2006-01-02T15:04:05Z")}},
			}},
		}
		if !reflect.DeepEqual(a.response, want) {
			t.Errorf("answer %v\nwant   %v", a.response, want)
		}
		for _, tc := range []struct {
			params      map[string]any
			names       []string
			total, page float64
		}{
			{map[string]any{}, []string{"a", "b", "s00", "s01", "s02", "s03", "s04", "s05", "s06", "s07"}, 26, 3},
			{map[string]any{"PageNum": 3}, []string{"s18", "s19", "s20", "s21", "s22", "show"}, 26, 3},
			{map[string]any{"PageNum": 4}, []string{}, 26, 3},
			{map[string]any{"PageSize": 25, "PageNum": 2}, []string{"show"}, 26, 2},
			{map[string]any{"AppName": "show"}, []string{"show"}, 1, 1},
			{map[string]any{"StreamName": "s0"}, []string{}, 0, 0},
			{map[string]any{"DomainName": "elsewhere.example.com"}, []string{"a", "b", "show"}, 3, 1},
		} {
			if got := c.online(tc.params); !slices.Equal(got, tc.names) {
				t.Errorf("%v: %v, want %v", tc.params, got, tc.names)
			}
			r := c.do(ActionOnlineList, tc.params).response
			if r["TotalNum"] != tc.total || r["TotalPage"] != tc.page {
				t.Errorf("%v: total %v, pages %v", tc.params, r["TotalNum"], r["TotalPage"])
			}
		}
		for value, code := range map[int]string{9: "InvalidParameterValue", 10: "", 300000: "", 300001: "InvalidParameterValue"} {
			c.want(code, ActionOnlineList, map[string]any{"PageSize": value})
		}
		c.want("InvalidParameterValue", ActionOnlineList, map[string]any{"PageNum": 0})
		_, abroad := serve(t, func(o *Options) { o.International = true })
		abroad.want("", ActionOnlineList, map[string]any{"PageSize": 100})
		abroad.want("InvalidParameterValue", ActionOnlineList, map[string]any{"PageSize": 101})
	})
}

func TestAnyStreamPushes(t *testing.T) {
	t.Parallel()
	s, c := serve(t, func(o *Options) { pacingOff(o); o.AnyStreamPushes = true })
	any2 := inputs(input("one", 1), input("two", 2))
	if got := c.online(map[string]any{"StreamName": "one"}); !slices.Equal(got, []string{"one"}) {
		t.Errorf("online %v", got)
	}
	c.create("", "room", any2)
	if got, want := c.online(map[string]any{}), []string{"a", "b", "one", "room_out", "two"}; !slices.Equal(got, want) {
		t.Errorf("online %v, want %v", got, want)
	}
	c.create("", "room", any2) // The output is no live stream of somebody else.
	for name, want := range map[string]string{"one": "active", "whoever": "active", "room_out": "active"} {
		if got := c.state(name); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	s.Unpublish("one")
	c.create("FailedOperation.StreamNotExist", "room", any2)
	if got := c.state("one"); got != "inactive" {
		t.Errorf("an unpublished stream is %s", got)
	}
	s.Unpublish("two")
	if got := c.state("room_out"); got != "inactive" {
		t.Errorf("with all inputs offline the output is %s", got)
	}
	s.Publish("two")
	s.Advance(24 * time.Hour)
	if len(s.Sessions()) != 1 {
		t.Error("the session ended though an input is online")
	}
	c.cancel("", "room")
	if got := c.state("room_out"); got != "inactive" {
		t.Errorf("after the cancel the output is %s", got)
	}
	c.create("", "next", inputs(input("room_out", 1), input("b", 2))) // As an input every name pushes.
}
