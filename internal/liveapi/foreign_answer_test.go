// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
	"unicode"
)

const (
	stsHost   = "sts.example.com"
	otherHost = "elsewhere.example.com"
	// bodyMark stands in each foreign body, and must not be seen again.
	bodyMark = "words-of-the-body"
)

// hosts sends each request to the script of its host.
type hosts map[string]*script

func (h hosts) RoundTrip(req *http.Request) (*http.Response, error) {
	return h[req.URL.Host].RoundTrip(req)
}

// echo is what a proxy's page shows of the request.
func echo(req *http.Request) string {
	return fmt.Sprintf("%s\x1b[31m\u202e %s %s %s", bodyMark, testKey, req.Header.Get("Authorization"), req.Header.Get("X-Tc-Token"))
}

// page answers with a body of any type, and with the location of a redirect.
func page(status int, contentType, format string) reply {
	return func(req *http.Request) (*http.Response, error) {
		body := format
		if strings.Contains(format, "%s") {
			body = fmt.Sprintf(format, echo(req))
		}
		resp, err := answer(status, body)(req)
		resp.Header = http.Header{"Content-Type": {contentType}, "Location": {"https://" + otherHost + "/"}, "X-Echo": {testKey}}
		return resp, err
	}
}

// cutBody ends in the middle of an answer.
func cutBody(req *http.Request) (*http.Response, error) {
	resp, err := answer(http.StatusOK, "")(req)
	resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"Response":{"RequestId":"`), brokenReader{}))
	return resp, err
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// endless answers with a body without an end, as the reader of a gzip bomb sees it.
func endless(req *http.Request) (*http.Response, error) {
	resp, err := answer(http.StatusOK, "")(req)
	resp.Body = io.NopCloser(zeros{})
	return resp, err
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// foreignAnswers are replies that prove nothing. Those that are retried may be different next time.
func foreignAnswers() map[string]struct {
	reply   reply
	retried bool
	kind    Kind
	code    string
	status  int
	text    string
} {
	type row = struct {
		reply   reply
		retried bool
		kind    Kind
		code    string
		status  int
		text    string
	}
	const jsonType = "application/json"
	rows := map[string]row{
		"302 to another host":   {reply: page(http.StatusFound, "text/plain", "%s"), status: http.StatusFound, text: "HTTP status 302 (Found), content type text/plain"},
		"204":                   {reply: page(http.StatusNoContent, "", ""), status: http.StatusNoContent, text: "HTTP status 204 (No Content), 0 bytes"},
		"499":                   {reply: page(499, "text/plain", "%s"), retried: true, kind: KindTransient, status: 499, text: "HTTP status 499, content type text/plain"},
		"502 page":              {reply: page(http.StatusBadGateway, "text/html; charset=utf-8", "<html><title>502 Bad\nGateway</title>%s</html>"), retried: true, kind: KindTransient, status: http.StatusBadGateway, text: `content type text/html`},
		"403 page that echoes":  {reply: page(http.StatusForbidden, "text/html", "<title>No: %s</title>"), status: http.StatusForbidden, text: `title "No: `},
		"403 of Tencent's form": {reply: page(http.StatusForbidden, jsonType, `{"Response":{"Error":{"Code":"AuthFailure","Message":"%s"},"RequestId":"r"}}`), status: http.StatusForbidden, text: "HTTP status 403"},
		"redirect without type": {reply: page(http.StatusPermanentRedirect, "", "%s"), status: http.StatusPermanentRedirect, text: "HTTP status 308"},
		"content type that lies": {
			reply: page(http.StatusUnauthorized, "text/html\x1b[31m; "+testKey, "%s"), status: http.StatusUnauthorized, text: "content type unreadable",
		},
	}
	for _, status := range []int{202, 203, 206, 300, 301, 303, 304, 307, 400, 401, 404, 405, 410, 418} {
		rows[fmt.Sprint(status)] = row{reply: page(status, "text/plain", "%s"), status: status}
	}
	for _, status := range []int{408, 409, 425, 500, 501, 503, 504, 599} {
		rows[fmt.Sprint(status)] = row{reply: page(status, "text/plain", "%s"), status: status, retried: true, kind: KindTransient}
	}
	rows["429"] = row{reply: page(http.StatusTooManyRequests, "text/plain", "%s"), status: http.StatusTooManyRequests, retried: true, kind: KindThrottled}
	for name, r := range rows {
		if !r.retried {
			r.kind = KindForeign
		}
		r.code = CodeHTTPStatus
		rows[name] = r
	}
	for name, r := range map[string]row{
		"200 page":                   {reply: page(http.StatusOK, "text/html", "<title>Sign in &amp; pay</title>%s"), text: `title "Sign in & pay"; it is not one JSON object`},
		"null":                       {reply: answer(http.StatusOK, "null"), text: "4 bytes; it is not one JSON object"},
		"list":                       {reply: answer(http.StatusOK, "[]")},
		"empty":                      {reply: answer(http.StatusOK, ""), text: "0 bytes"},
		"empty object":               {reply: answer(http.StatusOK, "{}"), text: "not a JSON object with a Response"},
		"gateway's JSON":             {reply: page(http.StatusOK, jsonType, `{"code":504,"message":"upstream request timeout %s"}`)},
		"older form of an error":     {reply: answer(http.StatusOK, `{"code":4000,"message":"no","codeDesc":"InvalidParameter"}`)},
		"Response that is null":      {reply: answer(http.StatusOK, `{"Response":null}`)},
		"Response that is a text":    {reply: answer(http.StatusOK, `{"Response":"RequestId"}`)},
		"more than a Response":       {reply: answer(http.StatusOK, `{"Response":{"RequestId":"r"},"code":504}`)},
		"no RequestId":               {reply: answer(http.StatusOK, `{"Response":{}}`), text: "it has no RequestId"},
		"empty RequestId":            {reply: answer(http.StatusOK, `{"Response":{"RequestId":""}}`), text: "it has no RequestId"},
		"RequestId of another type":  {reply: answer(http.StatusOK, `{"Response":{"RequestId":17}}`)},
		"names in lower case":        {reply: answer(http.StatusOK, `{"response":{"requestid":"r"}}`)},
		"error without a RequestId":  {reply: page(http.StatusOK, jsonType, `{"Response":{"Error":{"Code":"InvalidParameter","Message":"%s"}}}`)},
		"error with an empty code":   {reply: answer(http.StatusOK, `{"Response":{"Error":{"Code":"","Message":"x"},"RequestId":"r"}}`), text: "its Error has no Code"},
		"error without a code":       {reply: answer(http.StatusOK, `{"Response":{"Error":{},"RequestId":"r"}}`)},
		"error that is a text":       {reply: answer(http.StatusOK, `{"Response":{"Error":"no","RequestId":"r"}}`)},
		"code of another type":       {reply: answer(http.StatusOK, `{"Response":{"Error":{"Code":504},"RequestId":"r"}}`)},
		"cut body":                   {reply: cutBody, text: "its body is cut off"},
		"cut JSON":                   {reply: answer(http.StatusOK, `{"Response":{"RequestId":"r"`)},
		"two values":                 {reply: answer(http.StatusOK, `{"Response":{"RequestId":"r"}}{"Response":{"RequestId":"r"}}`)},
		"text after the answer":      {reply: answer(http.StatusOK, `{"Response":{"RequestId":"r"}} `+bodyMark)},
		"binary":                     {reply: answer(http.StatusOK, "\xff\xfe\x00\x01")},
		"2 MiB":                      {reply: answer(http.StatusOK, `{"Response":{"RequestId":"r","Pad":"`+strings.Repeat("x", 2<<20)+`"}}`), text: "more than 1 MiB; it is too long"},
		"body without an end":        {reply: endless, text: "more than 1 MiB; it is too long"},
		"event stream that is empty": {reply: page(http.StatusOK, "text/event-stream", "data: %s\n\n")},
	} {
		r.retried, r.kind, r.code, r.status = true, KindTransient, CodeNotAnAnswer, http.StatusOK
		rows[name] = r
	}
	return rows
}

// callsOfTheAPI are all that the client does with its transport. Each returns its error.
func callsOfTheAPI() map[string]func(context.Context, *Client) error {
	return map[string]func(context.Context, *Client) error{
		"create": func(ctx context.Context, c *Client) error { return create(ctx, c, "s") },
		"cancel": func(ctx context.Context, c *Client) error {
			_, _, err := c.CancelMixStream(ctx, "s", LastApply{})
			return err
		},
		"stream state": func(ctx context.Context, c *Client) error {
			_, err := c.StreamState(ctx, "push.example.com", "live", "s")
			return err
		},
		"online list": func(ctx context.Context, c *Client) error {
			_, err := c.OnlineStreams(ctx, "", "")
			return err
		},
	}
}

// Whatever is not an answer of Tencent's has an unknown outcome, is retried if it may pass, and shows nothing of itself.
func TestForeignAnswers(t *testing.T) {
	t.Parallel()
	const retries = 2
	for name, tt := range foreignAnswers() {
		attempts := 1
		if tt.retried {
			attempts += retries
		}
		check := func(t *testing.T, e *Error) {
			t.Helper()
			if e.Kind != tt.kind || e.Code != tt.code || e.Status != tt.status || e.RequestID != "" {
				t.Errorf("got %+v, want kind %s, code %s, status %d", *e, tt.kind, tt.code, tt.status)
			}
			var foreign *ForeignAnswerError
			if !errors.As(e, &foreign) || foreign.Status != tt.status {
				t.Errorf("the cause is %v", e.Cause)
			}
			if !strings.Contains(e.Message, tt.text) || !strings.Contains(e.Message, fmt.Sprintf("HTTP status %d", tt.status)) {
				t.Errorf("no word of %q in %q", tt.text, e.Message)
			}
			checkShown(t, e, tt.text == `title "No: `)
		}
		for call, do := range callsOfTheAPI() {
			t.Run(name+"/"+call, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					live, other := &script{replies: []reply{tt.reply}}, &script{replies: []reply{success}}
					c, _ := newTestClient(t, func(cfg *Config) {
						cfg.MaxRetries, cfg.Transport = retries, hosts{"live.example.com": live, otherHost: other}
					})
					e := asError(t, do(t.Context(), c))
					if e.Attempts != attempts || live.calls() != attempts || other.calls() != 0 || !e.Uncertain {
						t.Errorf("uncertain %t after %d attempts, %d calls and %d elsewhere; want %d", e.Uncertain, e.Attempts, live.calls(), other.calls(), attempts)
					}
					check(t, e)
				})
			})
		}
		t.Run(name+"/STS", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				live, sts, other := &script{replies: []reply{success}}, &script{replies: []reply{tt.reply}}, &script{replies: []reply{success}}
				c, _ := newTestClient(t, func(cfg *Config) {
					withRole(cfg)
					cfg.MaxRetries, cfg.Transport = retries, hosts{"live.example.com": live, stsHost: sts, otherHost: other}
				})
				e := asError(t, create(t.Context(), c, "s"))
				if e.Attempts != 0 || e.Uncertain || live.calls() != 0 || sts.calls() != attempts || other.calls() != 0 {
					t.Errorf("got %+v after %d calls of STS, want %d", *e, sts.calls(), attempts)
				}
				var keys *CredentialsError
				if !errors.As(e, &keys) {
					t.Errorf("the cause is %v", e.Cause)
				}
				check(t, e)
			})
		})
	}
}

// withRole lets the client's keys assume a role.
func withRole(cfg *Config) {
	cfg.STSEndpoint = &url.URL{Scheme: "https", Host: stsHost}
	cfg.Credentials.AssumeRole = &AssumeRole{RoleARN: "qcs::cam::uin/1:roleName/mixer", SessionName: "test", Duration: time.Hour}
}

// checkShown looks at every text of an error: it is one line of visible characters without secrets, and without the body
// unless that is the title of a page.
func checkShown(t *testing.T, e *Error, titled bool) {
	t.Helper()
	for _, text := range []string{e.Error(), e.Message, e.Code, e.RequestID} {
		for _, secret := range []string{testKey, testToken, "Signature="} {
			if strings.Contains(text, secret) {
				t.Errorf("%q is shown in %q", secret, text)
			}
		}
		if !titled && strings.Contains(text, bodyMark) {
			t.Errorf("the body is shown in %q", text)
		}
		if n := strings.IndexFunc(text, func(r rune) bool { return !unicode.IsPrint(r) }); n >= 0 {
			t.Errorf("character %d of %q is not visible", n, text)
		}
	}
}

// A code that nobody knows is an answer of Tencent's, but no proof that nothing was done.
func TestUnknownCodes(t *testing.T) {
	t.Parallel()
	for _, code := range []string{"FailedOperation.SomethingNew", "Whatever", "ResourceUnavailable.X", "ResponseSizeLimitExceeded"} {
		for call, do := range callsOfTheAPI() {
			t.Run(code+"/"+call, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					c, s := newTestClient(t, nil, apiError(code, "x"))
					e := asError(t, do(t.Context(), c))
					if e.Kind != KindUnknown || !e.Uncertain || e.Code != code || e.RequestID != "req-err" || s.calls() != 1 {
						t.Errorf("got %+v after %d calls", *e, s.calls())
					}
				})
			})
		}
	}
}

// What Tencent says is shown as text, whatever is in it.
func TestAnswersAreText(t *testing.T) {
	t.Parallel()
	raw := func(body string) reply { return answer(http.StatusOK, body) }
	for name, tt := range map[string]struct {
		reply reply
		want  string
	}{
		"invalid UTF-8":   {reply: raw("{\"Response\":{\"Error\":{\"Code\":\"InvalidParameter\",\"Message\":\"a\xff\xfeb\"},\"RequestId\":\"r\"}}"), want: "a\uFFFD\uFFFDb"},
		"escape sequence": {reply: raw(`{"Response":{"Error":{"Code":"InvalidParameter","Message":"a\u001b[31mb\u202e\u0000\nc"},"RequestId":"r"}}`), want: "a\uFFFDb\uFFFD\uFFFD c"},
		"secrets":         {reply: raw(`{"Response":{"Error":{"Code":"InvalidParameter","Message":"` + testKey + ` Signature=0123456789abcdef0123"},"RequestId":"r"}}`), want: "*** Signature***"},
		"long":            {reply: raw(`{"Response":{"Error":{"Code":"InvalidParameter","Message":"` + strings.Repeat("混", 700) + `"},"RequestId":"r"}}`), want: strings.Repeat("混", 599) + "…"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c, _ := newTestClient(t, nil, tt.reply)
				e := asError(t, create(t.Context(), c, "s"))
				if e.Message != tt.want || e.Kind != KindInvalid || e.Uncertain {
					t.Errorf("got %+v, want %q", *e, tt.want)
				}
			})
		})
	}
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, nil, raw(`{"Response":{"Error":{"Code":"Bad\u001b[2J`+testKey+`","Message":""},"RequestId":"r\u202e`+testToken+`"}}`))
		e := asError(t, create(t.Context(), c, "s"))
		if e.Code != "Bad\uFFFD***" || e.RequestID != "r\uFFFD***" {
			t.Errorf("got %+v", *e)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		c, _ := newTestClient(t, nil, raw(`{"Response":{"StreamState":"act\u001bive","RequestId":"r"}}`))
		if state, err := c.StreamState(t.Context(), "d", "a", "s"); err != nil || state != "act\uFFFDive" {
			t.Errorf("got %q, %v", state, err)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		name := strings.Repeat("0123456789abcdef", 4)
		c, _ := newTestClient(t, nil, onlinePage(2, 1, onlineInfo("d", "a", name), `{"StreamName":"~\u0007\u202e"}`))
		streams, err := c.OnlineStreams(t.Context(), "", "")
		if err != nil || len(streams) != 2 || streams[1].Name != name || streams[0].Name != "~\uFFFD\uFFFD" {
			t.Errorf("got %q, %v", streamNames(streams), err)
		}
	})
}

// One reply that would break the SDK costs its own call an attempt, and the calls beside it nothing.
func TestNullAmongTenCreates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c, s := newTestClient(t, nil, answer(http.StatusOK, "null"), success)
		var wg sync.WaitGroup
		for n := range 10 {
			wg.Go(func() {
				if err := create(t.Context(), c, fmt.Sprint(n)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if s.calls() != 11 {
			t.Errorf("%d calls, want 11", s.calls())
		}
	})
}

// A panic below the client is the error of its own call.
func TestPanicAmongTenCreates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		breaks := func(*http.Request) (*http.Response, error) { panic("broken by " + testKey + "\x1b[31m") }
		c, s := newTestClient(t, nil, breaks, success)
		var mu sync.Mutex
		var failures []error
		var wg sync.WaitGroup
		for n := range 10 {
			wg.Go(func() {
				if err := create(t.Context(), c, fmt.Sprint(n)); err != nil {
					mu.Lock()
					defer mu.Unlock()
					failures = append(failures, err)
				}
			})
		}
		wg.Wait()
		if len(failures) != 1 || s.calls() != 10 {
			t.Fatalf("%d failures after %d calls", len(failures), s.calls())
		}
		e := asError(t, failures[0])
		var broken *PanicError
		if e.Kind != KindUnknown || !e.Uncertain || e.Code != CodePanic || e.Attempts != 1 || !errors.As(e, &broken) || e.Message != "broken by ***\uFFFD" {
			t.Errorf("got %+v", *e)
		}
		checkShown(t, e, false)
	})
}
