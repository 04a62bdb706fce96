// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// pageFiles holds the whole page: it loads nothing from elsewhere.
//
//go:embed page openapi.yaml
var pageFiles embed.FS

// pagePrefix is the path of the parts of the page. The page itself is at "/".
const pagePrefix = adminPrefix + "page/"

// The page runs only its own script and shows only its own pictures. A picture of a layout runs nothing.
const (
	pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
	imagePolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
)

// wantsPage reports whether a browser asks for the page: API calls do not come from browsers.
func wantsPage(r *http.Request) bool {
	return (r.Method == http.MethodGet || r.Method == http.MethodHead) && r.URL.Path == "/" && r.URL.RawQuery == "" && !viaProxy(r) &&
		r.Header.Get("X-TC-Action") == "" && r.Header.Get("Authorization") == "" && strings.Contains(r.Header.Get("Accept"), "text/html")
}

// pageHandler serves the page at "/" and its parts below pagePrefix.
func (s *Server) pageHandler() http.Handler {
	files, err := fs.Sub(pageFiles, "page")
	if err != nil {
		return http.NotFoundHandler() // The name is valid.
	}
	parts := http.StripPrefix(pagePrefix, http.FileServerFS(files))
	return s.guard("the page", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		if r.URL.Path == "/" {
			http.ServeFileFS(w, r, files, "page.html")
			return
		}
		parts.ServeHTTP(w, r)
	}))
}

func serveOpenAPI(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/yaml")
	http.ServeFileFS(w, r, pageFiles, "openapi.yaml")
}

// serveLayout draws the layout of a live session.
func (s *Server) serveLayout(w http.ResponseWriter, r *http.Request) {
	session, ok := s.Session(r.PathValue("id"))
	if !ok {
		http.Error(w, "there is no live session of this ID", http.StatusNotFound)
		return
	}
	layout, err := mixlayout.Resolve(drawn(session.Inputs), session.Template)
	if err != nil {
		http.Error(w, "the layout cannot be drawn: "+err.Error(), http.StatusUnprocessableEntity)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	w.Header().Set("Content-Security-Policy", imagePolicy)
	w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write([]byte(mixlayout.SVG(layout))) // It fails only if the client has gone.
}

// drawn converts inputs for mixlayout.
func drawn(inputs []Input) []mixlayout.Input {
	kinds := map[int]mixlayout.Kind{
		typeAudioVideo: mixlayout.AudioVideo, typePicture: mixlayout.Picture, typeCanvas: mixlayout.Canvas,
		typeAudio: mixlayout.Audio, typeVideo: mixlayout.Video, typeWebPage: mixlayout.WebPage,
	}
	given := func(v float64) *float64 {
		if v == 0 {
			return nil
		}
		return &v
	}
	out := make([]mixlayout.Input, 0, len(inputs))
	for _, in := range inputs {
		out = append(out, mixlayout.Input{
			Name: in.Name, Layer: in.Layer, Kind: kinds[in.Type], Color: in.Color,
			X: given(in.X), Y: given(in.Y), Width: given(in.Width), Height: given(in.Height),
			Crop: mixlayout.Rect{X: in.Crop.X, Y: in.Crop.Y, Width: in.Crop.Width, Height: in.Crop.Height},
		})
	}
	return out
}
