// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestPageIsComplete(t *testing.T) {
	t.Parallel()
	s, _ := serve(t, nil)
	fetch := func(path string) *httptest.ResponseRecorder {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:8080"+path, http.NoBody)
		r.RequestURI, r.RemoteAddr = path, "127.0.0.1:4711"
		r.Header.Set("Accept", "text/html,*/*")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		return w
	}
	page := fetch("/")
	if page.Code != http.StatusOK || !strings.HasPrefix(page.Header().Get("Content-Type"), "text/html") {
		t.Fatalf("status %d, %v", page.Code, page.Header())
	}
	for path, mediaType := range map[string]string{
		"/": "text/html", "/_sim/page/page.css": "text/css", "/_sim/page/page.js": "text/javascript", "/_sim/page/icon.svg": "image/svg+xml",
	} {
		w := fetch(path)
		policy := w.Header().Get("Content-Security-Policy")
		if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Type"), mediaType) ||
			!strings.HasPrefix(policy, "default-src 'none'; script-src 'self'") || strings.Contains(policy, "unsafe") {
			t.Errorf("%s: status %d, %v", path, w.Code, w.Header())
		}
		if path != "/" && !strings.Contains(page.Body.String(), `"`+path+`"`) {
			t.Errorf("the page does not load %s", path)
		}
		for _, outside := range []string{"https://", "//cdn", "innerHTML", "insertAdjacentHTML", "document.write", "DOMParser", "eval("} {
			if strings.Contains(w.Body.String(), outside) {
				t.Errorf("%s has %q", path, outside)
			}
		}
	}
	if w := fetch("/_sim/page/nothing.js"); w.Code != http.StatusNotFound {
		t.Errorf("status %d", w.Code)
	}
}

// TestPageDoesNotHideTheAPI checks that only a browser gets the page.
func TestPageDoesNotHideTheAPI(t *testing.T) {
	t.Parallel()
	_, c := serve(t, nil)
	c.get = true
	a := c.doEdited(ActionOnlineList, map[string]any{}, func(r *http.Request) { r.Header.Set("Accept", "text/html") })
	if a.code != "" || a.requestID == "" {
		t.Errorf("answer %+v", a)
	}
}

func TestLayoutPicture(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	c.create("", "room", inputs(
		input("canvas", 1, "InputType", 3, "ImageWidth", 1280, "ImageHeight", 720, "Color", "0x102030"),
		input("a", 2, "ImageWidth", 0.5, "ImageHeight", 0.5, "LocationX", 0.25, "LocationY", 0.25)))
	w := httptest.NewRecorder()
	s.ServeHTTP(w, adminRequest(http.MethodGet, "sessions/room/layout.svg", ""))
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Body.String(), "<svg") || !strings.Contains(w.Body.String(), "640") {
		t.Errorf("status %d: %s", w.Code, w.Body)
	}
	if policy := w.Header().Get("Content-Security-Policy"); !strings.Contains(policy, "default-src 'none'") || !strings.Contains(policy, "sandbox") {
		t.Errorf("policy %s", policy)
	}
}
