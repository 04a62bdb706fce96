// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxAnswer is the longest answer that is read, after decompression. Tencent's longest, a page of online streams, is
// about a tenth of it.
const maxAnswer = 1 << 20

// verdict is what the envelope of an answer from Tencent says.
type verdict struct {
	requestID string
	// code and message describe a refusal; code is empty if the call succeeded.
	code, message string
}

// envelope reads the envelope of a complete body. problem is empty if the body is an answer.
type envelope func(body []byte) (_ verdict, problem string)

// apiEnvelope reads the envelope of API 3.0: one JSON object {"Response":{…}} with a RequestId and, for a refusal, an
// Error. Names are compared exactly: encoding/json would accept "response" for "Response" in a struct.
func apiEnvelope(body []byte) (verdict, string) {
	var outer, response, refusal map[string]json.RawMessage
	if json.Unmarshal(body, &outer) != nil || outer == nil {
		return verdict{}, "it is not one JSON object"
	}
	raw, ok := outer["Response"]
	if !ok || len(outer) != 1 || json.Unmarshal(raw, &response) != nil || response == nil {
		return verdict{}, "it is not a JSON object with a Response"
	}
	var a verdict
	if a.requestID = stringIn(response, "RequestId"); a.requestID == "" {
		return verdict{}, "it has no RequestId"
	}
	raw, ok = response["Error"]
	if !ok || string(raw) == "null" {
		return a, ""
	}
	if json.Unmarshal(raw, &refusal) != nil {
		return verdict{}, "its Error is not an object"
	}
	if a.code = stringIn(refusal, "Code"); a.code == "" {
		return verdict{}, "its Error has no Code"
	}
	a.message = stringIn(refusal, "Message")
	return a, ""
}

// metadataEnvelope reads the envelope of the metadata service: a JSON object with a Code.
func metadataEnvelope(body []byte) (verdict, string) {
	var fields map[string]json.RawMessage
	if json.Unmarshal(body, &fields) != nil || fields == nil {
		return verdict{}, "it is not one JSON object"
	}
	if stringIn(fields, "Code") == "" {
		return verdict{}, "it has no Code"
	}
	return verdict{}, ""
}

// stringIn returns a string member of an object, or "" if there is none.
func stringIn(object map[string]json.RawMessage, name string) string {
	var s string
	if json.Unmarshal(object[name], &s) != nil {
		return ""
	}
	return s
}

// ForeignAnswerError is a reply that did not come from Tencent but from a gateway, a proxy or a captive portal, for
// example. It proves nothing about the outcome of the call. The only part of the body that it holds is the title of a
// web page.
type ForeignAnswerError struct {
	// Status is the HTTP status.
	Status int
	// ContentType is the media type, empty if the reply names none.
	ContentType string
	// Length is the number of bytes read of the body, at most 1 MiB.
	Length int
	// Title is the title of an HTML page.
	Title string
	// Problem says what is missing from a reply with status 200; empty for other statuses.
	Problem string
}

// Error describes the reply.
func (e *ForeignAnswerError) Error() string {
	parts := []string{"HTTP status " + statusText(e.Status)}
	if e.ContentType != "" {
		parts = append(parts, "content type "+e.ContentType)
	}
	if e.Length > maxAnswer {
		parts = append(parts, "more than 1 MiB")
	} else {
		parts = append(parts, fmt.Sprintf("%d bytes", e.Length))
	}
	if e.Title != "" {
		parts = append(parts, fmt.Sprintf("title %q", e.Title))
	}
	text := "the reply is not Tencent's: " + strings.Join(parts, ", ")
	if e.Problem != "" {
		text += "; " + e.Problem
	}
	return text
}

// kind classifies a foreign reply by its status. Gateways use some statuses when the call, or they themselves, took too
// long; the others will be the same next time.
func (e *ForeignAnswerError) kind() Kind {
	switch {
	case e.Status == http.StatusTooManyRequests:
		return KindThrottled
	case e.Status == http.StatusOK, e.Status >= 500:
		return KindTransient
	}
	switch e.Status {
	case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, statusClientClosedRequest:
		return KindTransient
	}
	return KindForeign
}

// statusClientClosedRequest is the status that nginx logs when its client has closed the connection.
const statusClientClosedRequest = 499

// readAnswer reads a bounded reply to its end and decides whether it is Tencent's. If not, the error is a
// *ForeignAnswerError.
func readAnswer(resp *http.Response, read envelope, clean func(string) string) (verdict, []byte, error) {
	foreign := &ForeignAnswerError{Status: resp.StatusCode, ContentType: mediaType(resp.Header.Get("Content-Type"), clean)}
	if resp.StatusCode == http.StatusSwitchingProtocols {
		// The body of a 101 response is the connection itself.
		return verdict{}, nil, foreign
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	foreign.Length = len(body)
	if foreign.ContentType == "text/html" || foreign.ContentType == "application/xhtml+xml" {
		foreign.Title = clean(pageTitle(body))
	}
	if resp.StatusCode != http.StatusOK {
		return verdict{}, nil, foreign
	}
	if err != nil {
		if ctx := resp.Request.Context(); ctx.Err() != nil {
			return verdict{}, nil, ctx.Err()
		}
		foreign.Problem = "its body cannot be read"
		if errors.Is(err, io.ErrUnexpectedEOF) {
			foreign.Problem = "its body is cut off"
		}
		return verdict{}, nil, foreign
	}
	if len(body) > maxAnswer {
		foreign.Problem = "it is too long"
		return verdict{}, nil, foreign
	}
	a, problem := read(body)
	if problem != "" {
		foreign.Problem = problem
		return verdict{}, nil, foreign
	}
	return a, body, nil
}

// mediaType returns a content type without its parameters.
func mediaType(header string, clean func(string) string) string {
	if header == "" {
		return ""
	}
	t, _, err := mime.ParseMediaType(header)
	if err != nil {
		return "unreadable"
	}
	return clean(t)
}

// pageTitle returns the title of an HTML page.
func pageTitle(page []byte) string {
	for z := html.NewTokenizer(bytes.NewReader(page)); ; {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken:
			if name, _ := z.TagName(); atom.Lookup(name) != atom.Title {
				continue
			}
			if z.Next() == html.TextToken {
				return strings.Join(strings.Fields(string(z.Text())), " ")
			}
			return ""
		}
	}
}
