// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Answer is an HTTP answer such as a proxy, a gateway, a captive portal or a broken server gives.
type Answer struct {
	Status      int               // 200 to 599; 0 means 200
	ContentType string            // "text/html; charset=utf-8" when empty.
	Header      map[string]string // more headers, such as Location
	// Body is what is sent; it need not be UTF-8. {{RequestId}} in it is replaced by the request ID of the call.
	Body string
	// Size pads the body with blanks to that many bytes. They are generated while they are sent, so it can be
	// gigabytes. A caller of ServeHTTP without a connection must stop it by an error from Write.
	Size int64
	Gzip bool // compress the body, including the blanks
	Cut  bool // announce more than the body and close the connection after it
	Echo bool // instead of Body, send a page with all headers of the request, including secrets
	// Mangled sends, instead of Body, the true answer of the API without its last byte. Always after the effect.
	Mangled bool
}

const (
	jsonType = "application/json"
	htmlType = "text/html; charset=utf-8"
	// blankBlock is how many blanks are generated at once.
	blankBlock = 1 << 20
)

// check returns an error if the answer cannot be given.
func (a *Answer) check() error {
	sources := 0
	for _, set := range []bool{a.Body != "", a.Echo, a.Mangled} {
		if set {
			sources++
		}
	}
	switch {
	case a.Status != 0 && (a.Status < 200 || a.Status > 599):
		return errors.New("the status of an answer is from 200 to 599")
	case sources > 1:
		return errors.New("an answer has at most one of body, echo and mangled")
	case a.Size < 0:
		return errors.New("the size of an answer is not negative")
	case a.Cut && (a.Gzip || a.Size > 0):
		return errors.New("an answer that is cut has neither gzip nor a size")
	}
	for name, value := range a.Header {
		if name == "" || strings.ContainsAny(name, " :\r\n") || strings.ContainsAny(value, "\r\n") {
			return fmt.Errorf("%q is not a header of an answer", name)
		}
	}
	return nil
}

// answer returns what the fault answers in place of the API, or nil if it does something else.
func (f *Fault) answer() *Answer {
	if f.Foreign != "" {
		return foreignAnswer(f.Foreign)
	}
	return f.Answer
}

// sendForeign answers a call with a. outcome is the true answer of a call that took effect.
func (s *Server) sendForeign(w http.ResponseWriter, c *call, a *Answer, outcome reply) {
	status := a.Status
	if status == 0 {
		status = http.StatusOK
	}
	body := []byte(strings.ReplaceAll(a.Body, "{{RequestId}}", c.request.RequestID))
	switch {
	case a.Echo:
		body = echoPage(c.http)
	case a.Mangled && len(outcome.body) > 0:
		body = outcome.body[:len(outcome.body)-1]
	}
	s.note(c, reply{status: status})

	header := w.Header()
	header.Set("Content-Type", a.ContentType)
	if a.ContentType == "" {
		header.Set("Content-Type", htmlType)
	}
	for name, value := range a.Header {
		header.Set(name, value)
	}
	if status == http.StatusNoContent || status == http.StatusNotModified {
		w.WriteHeader(status)
		return
	}
	switch {
	case a.Cut:
		header.Set("Content-Length", strconv.Itoa(2*len(body)+100))
	case a.Gzip:
		header.Set("Content-Encoding", "gzip")
	case a.Size == 0:
		header.Set("Content-Length", strconv.Itoa(len(body)))
	}
	w.WriteHeader(status)
	_ = writeBody(w, body, a.Size, a.Gzip) // It fails only if the client has gone, and then nobody can be told.
	if a.Cut {
		if flusher, ok := w.(http.Flusher); ok {
			flusher.Flush()
		}
		panic(http.ErrAbortHandler)
	}
}

// writeBody sends the body and pads it with blanks to size. Compressed blanks are one gzip member that is sent
// repeatedly, which costs nothing.
func writeBody(w io.Writer, body []byte, size int64, compress bool) error {
	send := func(b []byte) error {
		_, err := w.Write(b)
		return err
	}
	pack := func(b []byte) []byte { return b }
	if compress {
		pack = packed
	}
	if err := send(pack(body)); err != nil {
		return err
	}
	missing := size - int64(len(body))
	if missing <= 0 {
		return nil
	}
	block := bytes.Repeat([]byte(" "), int(min(missing, blankBlock)))
	full := pack(block)
	for ; missing >= int64(len(block)); missing -= int64(len(block)) {
		if err := send(full); err != nil {
			return err
		}
	}
	return send(pack(block[:missing]))
}

func packed(b []byte) []byte {
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	_, _ = z.Write(b) // A buffer accepts everything.
	_ = z.Close()
	return out.Bytes()
}

// echoPage returns the answer of a proxy that shows too much.
func echoPage(r *http.Request) []byte {
	var b strings.Builder
	b.WriteString("<html><head><title>Proxy error</title></head><body><h1>The request could not be forwarded</h1><pre>\n")
	fmt.Fprintf(&b, "Host: %s\n", html.EscapeString(r.Host))
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		for _, value := range r.Header[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, html.EscapeString(value))
		}
	}
	b.WriteString("</pre></body></html>\n")
	return []byte(b.String())
}

// statusAnswer returns an answer with a status and the HTML page and headers that belong to it.
func statusAnswer(status int) *Answer {
	page := htmlReply(status)
	a := &Answer{Status: status, ContentType: page.contentType, Body: string(page.body)}
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		a.Header = map[string]string{"Location": "http://" + foreignHost + "/login"}
	case http.StatusUnauthorized:
		a.Header = map[string]string{"WWW-Authenticate": `Basic realm="proxy"`}
	case http.StatusProxyAuthRequired:
		a.Header = map[string]string{"Proxy-Authenticate": `Basic realm="proxy"`}
	}
	return a
}
