// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// description is openapi.yaml.
type description struct {
	t        *testing.T
	document map[string]any
	compiler *jsonschema.Compiler
}

const descriptionURL = "file:///openapi.json"

func openDescription(t *testing.T, s *Server) *description {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, adminRequest(http.MethodGet, "openapi.yaml", ""))
	if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/yaml" {
		t.Fatalf("status %d, %v", w.Code, w.Header())
	}
	text, err := yaml.YAMLToJSON(w.Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &description{t: t, document: value.(map[string]any), compiler: jsonschema.NewCompiler()}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	d.compiler.AssertFormat()
	if err := d.compiler.AddResource(descriptionURL, value); err != nil {
		t.Fatal(err)
	}
	return d
}

// at returns what lies below names in the description.
func (d *description) at(names ...string) any {
	d.t.Helper()
	var node any = d.document
	for _, name := range names {
		if object, ok := node.(map[string]any); ok {
			node = object[name]
		} else {
			node = nil
		}
	}
	return node
}

// pointer is the place of a schema.
func pointer(names ...string) string {
	escape := strings.NewReplacer("~", "~0", "/", "~1")
	path := descriptionURL + "#"
	for _, name := range names {
		path += "/" + escape.Replace(name)
	}
	return path
}

// valid checks a value against the schema at a place.
func (d *description) valid(text []byte, place ...string) error {
	d.t.Helper()
	schema, err := d.compiler.Compile(pointer(place...))
	if err != nil {
		d.t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(value)
}

// TestDescriptionHasEveryOperation compares the routes of the server with those of the description.
func TestDescriptionHasEveryOperation(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	d := openDescription(t, s)
	var served, described []string
	for _, r := range s.adminRoutes() {
		served = append(served, r.method+" /"+r.path)
	}
	ids := make(map[string]bool)
	for path, item := range d.at("paths").(map[string]any) {
		for method, operation := range item.(map[string]any) {
			described = append(described, strings.ToUpper(method)+" "+path)
			id, _ := operation.(map[string]any)["operationId"].(string)
			if id == "" || ids[id] {
				t.Errorf("%s %s: operationId %q", method, path, id)
			}
			ids[id] = true
		}
	}
	slices.Sort(served)
	slices.Sort(described)
	if !slices.Equal(served, described) {
		t.Errorf("served\n%s\ndescribed\n%s", strings.Join(served, "\n"), strings.Join(described, "\n"))
	}
}

// TestEverySchemaCompiles follows every reference of the description.
func TestEverySchemaCompiles(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	d := openDescription(t, s)
	var walk func(node any)
	walk = func(node any) {
		switch v := node.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok && d.at(strings.Split(strings.TrimPrefix(ref, "#/"), "/")...) == nil {
				t.Errorf("nothing at %s", ref)
			}
			for _, child := range v {
				walk(child)
			}
		case []any:
			for _, child := range v {
				walk(child)
			}
		}
	}
	walk(d.document)
	for name := range d.at("components", "schemas").(map[string]any) {
		if _, err := d.compiler.Compile(pointer("components", "schemas", name)); err != nil {
			t.Error(err)
		}
	}
}

// TestDescriptionFitsTheTypes compares the members that the server can send and takes with those of the schemas: a field
// that only one side has is a mistake even where no test fills it.
func TestDescriptionFitsTheTypes(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	d := openDescription(t, s)
	for name, value := range map[string]any{
		"Session": sessionView{}, "EndedSession": Session{}, "Input": inputView{}, "Crop": Crop{}, "Stream": Stream{}, "Violation": Violation{},
		"Credential": IssuedCredential{}, "Request": Request{}, "Faults": faultsView{}, "WaitingFault": faultView{}, "Answer": answerBody{},
		"Clock": clockView{}, "Event": event{}, "StreamChange": streamsBody{}, "ClockChange": clockBody{}, "RandomFaults": randomBody{},
	} {
		properties, _ := d.at("components", "schemas", name, "properties").(map[string]any)
		if got, want := slices.Sorted(maps.Keys(properties)), members(reflect.TypeOf(value)); !slices.Equal(got, want) {
			t.Errorf("%s: described %v, in Go %v", name, got, want)
		}
	}
	fault := slices.Sorted(maps.Keys(d.at("components", "schemas", "AnyFault", "properties").(map[string]any)))
	if want := members(reflect.TypeFor[faultBody]()); !slices.Equal(slices.Sorted(slices.Values(append(fault, "probability"))), want) {
		t.Errorf("AnyFault: described %v, in Go %v", fault, want)
	}
}

// members are the names of a struct in JSON, sorted.
func members(t reflect.Type) []string {
	names := make(map[string]bool)
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			for _, inner := range members(f.Type) {
				names[inner] = true
			}
		case name != "" && f.IsExported():
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// TestServerFitsDescription does every operation and holds requests and answers against the description.
func TestServerFitsDescription(t *testing.T) {
	t.Parallel()
	s, c := serve(t, func(o *Options) { withRoles(o); withInstance(o) })
	d := openDescription(t, s)
	done := make(map[string]bool)
	do := func(status int, method, path, query, body string) {
		t.Helper()
		template := regexp.MustCompile(`/sessions/[^/]+/`).ReplaceAllString(path, "/sessions/{id}/")
		operation := []string{"paths", template, strings.ToLower(method)}
		if d.at(operation...) == nil {
			t.Fatalf("%s %s is not described", method, path)
		}
		done[method+" "+template] = true
		if schema := append(slices.Clone(operation), "requestBody", "content", "application/json", "schema"); body != "" {
			if err := d.valid([]byte(body), schema...); (err == nil) != (status != http.StatusBadRequest) {
				t.Errorf("%s %s %s: the server answers %d, the description says: %v", method, path, body, status, err)
			}
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, adminRequest(method, path[1:]+query, body))
		if w.Code != status {
			t.Errorf("%s %s %s: status %d, want %d: %s", method, path, body, w.Code, status, w.Body)
			return
		}
		response := append(slices.Clone(operation), "responses", fmt.Sprint(status))
		if ref, ok := d.at(append(response, "$ref")...).(string); ok {
			response = strings.Split(strings.TrimPrefix(ref, "#/"), "/")
		}
		if d.at(response...) == nil {
			t.Errorf("%s %s: status %d is not described", method, path, status)
			return
		}
		content, _ := d.at(append(response, "content")...).(map[string]any)
		mediaType, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
		if _, ok := content[mediaType]; ok != (status != http.StatusNoContent) {
			t.Errorf("%s %s: content type %q is not described", method, path, mediaType)
		}
		if mediaType == jsonType {
			if err := d.valid(w.Body.Bytes(), append(response, "content", mediaType, "schema")...); err != nil {
				t.Errorf("%s %s: %v", method, path, err)
			}
		}
	}

	do(204, "POST", "/streams", "", `{"publish":["c"],"width":640,"height":360,"domain":"d","app":"live","audio_only":false,"long_since":true}`)
	do(204, "POST", "/streams", "", `{"unpublish":["c"],"forbid":["x"]}`)
	do(400, "POST", "/streams", "", `{}`)
	do(400, "POST", "/streams", "", `{"publish":"a"}`)
	c.create("", "room", set("InputStreamList.0.CropParams", map[string]any{"CropWidth": 100}),
		set("InputStreamList.1.PortraitSegmentParams", map[string]any{"Color": "0x00ff00"}))
	c.cancel("InvalidParameter.OtherError", "room")
	c.want("", ActionAssumeRole, assumption())
	do(204, "POST", "/faults", "", `{"action":"CancelCommonMixStream","times":2,"error":{"code":"X","message":"m"},"delay":"1ms","after":true}`)
	c.cancel("X", "room")
	do(204, "POST", "/faults", "", `{"answer":{"status":302,"content_type":"text/plain","header":{"Location":"/"},"size":5,"gzip":true}}`)
	do(204, "POST", "/faults", "", `{"seed":1,"random":[{"action":"AssumeRole","foreign":"null","probability":0.5}]}`)
	do(400, "POST", "/faults", "", `{}`)
	do(400, "POST", "/faults", "", `{"random":[{"cut":true,"probability":2}]}`)
	do(400, "POST", "/faults", "", `{"answer":{"nothing":1}}`)
	do(200, "GET", "/faults", "", "")
	do(204, "DELETE", "/faults", "", "")
	do(204, "POST", "/clock", "", `{"advance":"6s","skew":"0s"}`)
	do(400, "POST", "/clock", "", `{"advance":6}`)
	instance(t, s, "cam/security-credentials")
	for _, path := range []string{"/sessions", "/sessions/room/layout.svg", "/streams", "/violations", "/credentials", "/foreign", "/clock", "/openapi.yaml"} {
		do(200, "GET", path, "", "")
	}
	do(404, "GET", "/sessions/nothing/layout.svg", "", "")
	do(200, "GET", "/sessions", "?params=false", "")
	do(400, "GET", "/sessions", "?params=x", "")
	do(200, "GET", "/requests", "?limit=3&action=CancelCommonMixStream", "")
	do(400, "GET", "/requests", "?limit=x", "")
	c.cancel("", "room")
	do(200, "GET", "/ended", "", "")
	do(204, "POST", "/reset", "", "")
	checkFeed(t, d)
	done["GET /events"] = true
	for _, r := range s.adminRoutes() {
		if !done[r.method+" /"+r.path] {
			t.Errorf("%s /%s was not tried", r.method, r.path)
		}
	}
}

// checkFeed holds events of each type against their schemas.
func checkFeed(t *testing.T, d *description) {
	t.Helper()
	s, c := start(t, func(o *Options) { o.CancelAfterCreate = 0 })
	s.Publish("a")
	c.create("", "room", inputs(input("x", 1), input("y", 2)))
	s.Inject(Fault{Error: &APIError{Code: "X"}})
	c.cancel("X", "room")
	c.cancel("", "room")
	s.Advance(time.Second)
	s.Reset()
	schemas := map[string]string{
		EventSession: "Session", EventStream: "Stream", EventRequest: "Request", EventViolation: "Violation", EventFaults: "Faults", EventClock: "Clock",
	}
	seen := make(map[string]bool)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, e := range s.feed.recent {
		text, err := json.Marshal(e)
		if err == nil {
			err = d.valid(text, "components", "schemas", "Event")
		}
		if schema, ok := schemas[e.Type]; err == nil && ok {
			var parts struct{ Data json.RawMessage }
			if err = json.Unmarshal(text, &parts); err == nil {
				err = d.valid(parts.Data, "components", "schemas", schema)
			}
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
		seen[e.Type] = true
	}
	for _, kind := range append(slices.Collect(maps.Keys(schemas)), EventReset) {
		if !seen[kind] {
			t.Errorf("no event %s", kind)
		}
	}
}
