// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
)

func TestParameters(t *testing.T) {
	t.Parallel()
	abroad := func(o *Options) { o.International = true }
	for _, tc := range []struct {
		name, code, text string
		edits            []edit
		options          func(o *Options)
	}{
		{"unknown", "UnknownParameter", "`Extra`", []edit{set("Extra", 1)}, nil},
		{"wrong case", "UnknownParameter", "`mixStreamSessionId`", []edit{set("mixStreamSessionId", "x")}, nil},
		{"unknown in a list", "UnknownParameter", "`InputStreamList.1.Extra`", []edit{set("InputStreamList.1.Extra", 1)}, nil},
		{"unknown deep", "UnknownParameter", "`InputStreamList.0.LayoutParams.Extra`", []edit{set(layout0+"Extra", 1)}, nil},
		{"unknown before missing", "UnknownParameter", "`Extra`", []edit{set("Extra", 1), unset("MixStreamSessionId")}, nil},
		{"matting abroad", "UnknownParameter", "PortraitSegmentParams", []edit{set("InputStreamList.0.PortraitSegmentParams.Color", "0x00ff00")}, abroad},
		{"alpha abroad", "UnknownParameter", "UsePictureTransparent", []edit{set("ControlParams.UsePictureTransparent", 1)}, abroad},
		{"web page abroad", "UnknownParameter", "WebPageUrl", []edit{set(layout0+"WebPageUrl", "https://example.com")}, abroad},
		{"the rest abroad", "", "", []edit{set("ControlParams.PassInputSei", 1)}, abroad},
		{"no session ID", "MissingParameter", "`MixStreamSessionId`", []edit{unset("MixStreamSessionId")}, nil},
		{"no inputs", "MissingParameter", "`InputStreamList`", []edit{unset("InputStreamList")}, nil},
		{"no output", "MissingParameter", "`OutputParams`", []edit{unset("OutputParams")}, nil},
		{"no output name", "MissingParameter", "`OutputParams.OutputStreamName`", []edit{unset("OutputParams.OutputStreamName")}, nil},
		{"no layer", "MissingParameter", "`InputStreamList.0.LayoutParams.ImageLayer`", []edit{unset(layout0 + "ImageLayer")}, nil},
		{"no layout", "MissingParameter", "`InputStreamList.1.LayoutParams`", []edit{unset("InputStreamList.1.LayoutParams")}, nil},
		{"number for a string", "InvalidParameter", "`MixStreamSessionId`", []edit{set("MixStreamSessionId", 1)}, nil},
		{"string for an integer", "InvalidParameter", "`MixStreamTemplateId`", []edit{set("MixStreamTemplateId", "20")}, nil},
		{"fraction for an integer", "InvalidParameter", "ImageLayer`", []edit{set(layout0+"ImageLayer", 1.5)}, nil},
		{"bool for an integer", "InvalidParameter", "`ControlParams.AllowCopy`", []edit{set("ControlParams.AllowCopy", true)}, nil},
		{"string for a float", "InvalidParameter", "ImageWidth`", []edit{set(layout0+"ImageWidth", "0.5")}, nil},
		{"huge float", "InvalidParameter", "ImageWidth`", []edit{set(layout0+"ImageWidth", json.Number("1e999"))}, nil},
		{"null", "InvalidParameter", "`MixStreamTemplateId`", []edit{set("MixStreamTemplateId", nil)}, nil},
		{"object for a list", "InvalidParameter", "`InputStreamList`", []edit{set("InputStreamList", map[string]any{})}, nil},
		{"list of strings", "InvalidParameter", "`InputStreamList`", []edit{set("InputStreamList", []any{"a"})}, nil},
		{"list for an object", "InvalidParameter", "`OutputParams`", []edit{set("OutputParams", []any{})}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, c := serve(t, tc.options)
			if a := c.want(tc.code, ActionCreate, mix("room", tc.edits...)); !strings.Contains(a.message, tc.text) {
				t.Errorf("message %q, want it to hold %q", a.message, tc.text)
			}
		})
	}
}

func TestMalformedRequests(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	for _, body := range []string{"", "[]", "null", "1", "{", `{"MixStreamSessionId":"room"} {}`, "{\"MixStreamSessionId\":\"\xff\"}"} {
		c.want("InvalidRequest", ActionCancel, body)
	}
	for _, contentType := range []string{"application/x-www-form-urlencoded", "text/plain", ""} {
		a := c.doEdited(ActionCancel, map[string]any{}, func(r *http.Request) { r.Header.Set("Content-Type", contentType) })
		if a.code != "InvalidRequest" {
			t.Errorf("content type %q: code %q", contentType, a.code)
		}
	}
	if log := s.Requests(); log[0].Params != nil {
		t.Errorf("parameters of a malformed body: %v", log[0].Params)
	}
	put := c.doEdited(ActionCancel, map[string]any{}, func(r *http.Request) { r.Method = http.MethodPut })
	if put.code != "UnsupportedProtocol" {
		t.Errorf("PUT: code %q", put.code)
	}
	c.want("RequestSizeLimitExceeded", ActionCancel, "x"+strings.Repeat(" ", 10<<20))
	c.want("InvalidRequest", ActionCancel, "x"+strings.Repeat(" ", 10<<20-1)) // Not too large.
	c.get = true
	c.want("RequestSizeLimitExceeded", ActionCancel, map[string]any{"MixStreamSessionId": strings.Repeat("x", 32<<10)})
}

func TestQuery(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, query, code string
	}{
		{"valid", "AppName=live&DomainName=d&StreamName=a", ""},
		{"twice", "AppName=live&DomainName=d&StreamName=a&StreamName=b", "InvalidRequest"},
		{"bad escape", "AppName=%zz&DomainName=d&StreamName=a", "InvalidRequest"},
		{"not UTF-8", "AppName=%ff&DomainName=d&StreamName=a", "InvalidRequest"},
		{"value and object", "AppName=live&AppName.Sub=1&DomainName=d&StreamName=a", "InvalidRequest"},
		{"object", "AppName.Sub=live&DomainName=d&StreamName=a", "InvalidParameter"},
		{"unknown", "AppName=live&DomainName=d&StreamName=a&Limit=1", "UnknownParameter"},
		{"missing", "AppName=live&DomainName=d", "MissingParameter"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, c := serve(t, nil)
			c.get = true
			a := c.doEdited(ActionState, map[string]any{}, func(r *http.Request) { r.URL.RawQuery = tc.query })
			if a.code != tc.code {
				t.Errorf("code %q (%s), want %q", a.code, a.message, tc.code)
			}
		})
	}

	_, c := serve(t, nil)
	c.get = true
	for query, code := range map[string]string{
		"PageNum=1": "", "PageNum=x": "InvalidParameter", "PageNum=": "InvalidParameter", "PageNum=1.0": "InvalidParameter",
		"PageNum=null": "InvalidParameter", `PageNum="1"`: "InvalidParameter", "PageNum=%201": "InvalidParameter",
	} {
		if a := c.doEdited(ActionOnlineList, map[string]any{}, func(r *http.Request) { r.URL.RawQuery = query }); a.code != code {
			t.Errorf("%s: code %q, want %q", query, a.code, code)
		}
	}
	// A list with a gap is not a list.
	a := c.doEdited(ActionCreate, mix("room"), func(r *http.Request) {
		r.URL.RawQuery = strings.ReplaceAll(r.URL.RawQuery, "InputStreamList.1.", "InputStreamList.2.")
	})
	if a.code != "InvalidParameter" && a.code != "UnknownParameter" {
		t.Errorf("list with a gap: code %q", a.code)
	}
}

// TestQueryIsJSON checks that GET and POST of one call are logged alike.
func TestQueryIsJSON(t *testing.T) {
	t.Parallel()
	params := mix("room", set(layout0+"ImageWidth", 0.5), set("OutputParams.MixSei", "123 & =ä"))
	s, c := serve(t, nil)
	c.want("", ActionCreate, params)
	c.get = true
	c.want("", ActionCreate, params)
	log := s.Requests()
	if !reflect.DeepEqual(log[0].Params, log[1].Params) {
		t.Errorf("POST %v\nGET  %v", log[0].Params, log[1].Params)
	}
	if log[0].Method != http.MethodPost || log[1].Method != http.MethodGet {
		t.Errorf("methods %s, %s", log[0].Method, log[1].Method)
	}
}

func FuzzParseQuery(f *testing.F) {
	f.Add("MixStreamSessionId=room&InputStreamList.0.LayoutParams.ImageLayer=1&OutputParams.OutputStreamType=0")
	f.Add("InputStreamList=1&InputStreamList.0=2")
	f.Add("..=1&.=2&=3")
	f.Fuzz(func(t *testing.T, raw string) {
		s := New(DefaultOptions())
		fields := s.services[0].actions[ActionCreate].fields
		params, err := parseQuery(raw, fields)
		if err != nil {
			return
		}
		if _, err := url.ParseQuery(raw); err != nil {
			t.Errorf("%q was read, net/url says %v", raw, err)
		}
		if s.checkParams(params, fields) == nil {
			if _, err := decodeParams[mixRequest](params); err != nil {
				t.Errorf("%q passed the checks: %v", raw, err)
			}
		}
	})
}
