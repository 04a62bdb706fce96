// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync"
	"testing"
)

const (
	testKey   = "the-secret-key-of-this-test"
	testToken = "the-security-token-of-this-test"
)

// reply is what the other end does with one request.
type reply func(req *http.Request) (*http.Response, error)

// success answers as the API does.
func success(req *http.Request) (*http.Response, error) {
	return answer(http.StatusOK, `{"Response":{"RequestId":"req-ok"}}`)(req)
}

func answer(status int, body string) reply {
	return func(req *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: status,
			Status:     fmt.Sprintf("%d %s", status, http.StatusText(status)),
			Header:     http.Header{"Content-Type": {"application/json"}},
			Body:       io.NopCloser(strings.NewReader(body)),
			Request:    req,
		}, nil
	}
}

func apiError(code, message string) reply {
	return answer(http.StatusOK, fmt.Sprintf(`{"Response":{"Error":{"Code":%q,"Message":%q},"RequestId":"req-err"}}`, code, message))
}

// refusedConnection fails before there is a connection.
func refusedConnection(*http.Request) (*http.Response, error) {
	return nil, errors.New("connect: connection refused")
}

// cutConnection fails after the request may have been read.
func cutConnection(req *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	return nil, io.ErrUnexpectedEOF
}

// hang answers when the request is given up.
func hang(req *http.Request) (*http.Response, error) {
	if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && trace.GotConn != nil {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	<-req.Context().Done()
	return nil, req.Context().Err()
}

// script replies in order; the last reply goes on for ever.
type script struct {
	mu      sync.Mutex
	replies []reply
	seen    []*http.Request
	bodies  []string
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	body := ""
	if req.Body != nil {
		b, err := io.ReadAll(req.Body)
		if err != nil {
			return nil, err
		}
		body = string(b)
	}
	s.mu.Lock()
	next := s.replies[min(len(s.seen), len(s.replies)-1)]
	s.seen = append(s.seen, req)
	s.bodies = append(s.bodies, body)
	s.mu.Unlock()
	return next(req)
}

func (s *script) calls() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.seen)
}

// newTestClient returns a client that talks to the script.
func newTestClient(t *testing.T, change func(*Config), replies ...reply) (*Client, *script) {
	t.Helper()
	s := &script{replies: replies}
	cfg := Config{
		Credentials:   Credentials{Static: &Keys{SecretID: "AKIDtest", SecretKey: testKey, Token: testToken}},
		Endpoint:      &url.URL{Scheme: "https", Host: "live.example.com"},
		MaxRetries:    DefaultMaxRetries,
		RequestClient: "terraform-provider-tencentcss-test",
		UserAgent:     "Terraform/1.11.4 terraform-provider-tencentcss/test",
		Transport:     s,
	}
	if change != nil {
		change(&cfg)
	}
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c, s
}

func ptr[T any](v T) *T { return &v }

// testMix is a mix of two inputs.
func testMix(session string) MixStream {
	return MixStream{
		MixStreamSessionId: &session,
		InputStreamList: []*MixInput{
			{InputStreamName: ptr("host"), LayoutParams: &MixLayout{ImageLayer: ptr[int64](1)}},
			{InputStreamName: ptr("guest"), LayoutParams: &MixLayout{ImageLayer: ptr[int64](2), ImageWidth: ptr(0.25)}},
		},
		OutputParams: &MixOutput{OutputStreamName: ptr("host"), OutputStreamType: ptr[int64](0)},
	}
}

func create(ctx context.Context, c *Client, session string) error {
	_, err := c.ApplyMixStream(ctx, testMix(session), Apply{Last: NewLastApply()})
	return err
}

// asError returns err as an *Error, or ends the test.
func asError(t *testing.T, err error) *Error {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("got %T %v, want an *Error", err, err)
	}
	return e
}
