// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

// encoders are what may have been done to a secret in an echo of a request.
var encoders = map[string]func(string) string{
	"raw":           func(s string) string { return s },
	"JSON":          encodeJSON,
	"JSON in JSON":  func(s string) string { return encodeJSON(encodeJSON(s)) },
	"JSON with \\/": func(s string) string { return strings.ReplaceAll(encodeJSON(s), "/", `\/`) },
	"%q":            strconv.Quote,
	"%+q":           strconv.QuoteToASCII,
	"query":         url.QueryEscape,
	"query twice":   func(s string) string { return url.QueryEscape(url.QueryEscape(s)) },
	"path":          url.PathEscape,
	"percent": func(s string) string {
		return strings.ToLower(strings.ReplaceAll(url.QueryEscape(s), "+", "%20"))
	},
	"HTML": html.EscapeString,
	"HTML in hex": func(s string) string {
		return strings.NewReplacer("+", "&#x2B;", "/", "&#x2f;", "=", "&#61;").Replace(s)
	},
	"query in HTML":     func(s string) string { return html.EscapeString(url.QueryEscape(s)) },
	"base64":            func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64 after 1":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte("x" + s + "yz")) },
	"base64 after 2":    func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte("xy" + s + "z")) },
	"base64 for URLs":   func(s string) string { return base64.URLEncoding.EncodeToString([]byte(s)) },
	"base64 in a query": func(s string) string { return url.QueryEscape(base64.StdEncoding.EncodeToString([]byte(s))) },
	"hex":               func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) },
}

func encodeJSON(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		return s
	}
	return string(b[1 : len(b)-1])
}

// Whatever an encoder makes of a secret is masked.
func TestSecretsAreMaskedInEveryForm(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{testKey, `a/b+c=d&e<f>"g'h\i_j-k`, "with a space and ünïcödé/混流", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ0ZXN0In0.c2lnbmF0dXJl_-A=="} {
		var s secrets
		s.add(secret)
		for name, encode := range encoders {
			encoded := encode(secret)
			if name == "percent" && strings.ToLower(secret) != secret {
				continue // Lower case is not a form of what has upper case.
			}
			got := s.text("before " + encoded + " after")
			if !strings.Contains(got, masked) || strings.Contains(got, encoded) || len(got) > len("before *** after")+12 {
				t.Errorf("%s of %q: %q", name, secret, got)
			}
		}
	}
}

func TestSecretsAreMaskedProperty(t *testing.T) {
	t.Parallel()
	names := make([]string, 0, len(encoders))
	for name := range encoders {
		if name != "percent" {
			names = append(names, name)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		secret := rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.N, unicode.P, unicode.S), 12, 60, -1).Draw(t, "secret")
		var s secrets
		s.add(secret)
		name := rapid.SampledFrom(names).Draw(t, "encoder")
		if got := s.redact("<" + encoders[name](secret) + ">"); !strings.Contains(got, masked) || len(got) > len("<***>")+12 {
			t.Fatalf("%s of %q: %q", name, secret, got)
		}
	})
}

// A secret of a few characters would mask parts of words.
func TestShortSecretsAreNoPatterns(t *testing.T) {
	t.Parallel()
	var s secrets
	s.add("", "key", "1234567")
	if got := s.text("the key 1234567"); got != "the key 1234567" || len(s.list()) != 0 {
		t.Errorf("got %q with the patterns %q", got, s.list())
	}
}

// Logs are masked by strings: the list has each usual form.
func TestSecretsForLogs(t *testing.T) {
	t.Parallel()
	const secret = `a/b+c=d&e<f>"g`
	var s secrets
	s.add(secret, secret)
	list := s.list()
	for _, name := range []string{"raw", "JSON", "JSON with \\/", "query", "path", "HTML"} {
		want, found := encoders[name](secret), false
		for _, form := range list {
			found = found || form == want
		}
		if !found {
			t.Errorf("no %s, %q, in %q", name, want, list)
		}
	}
	for n := range 3 {
		line := base64.StdEncoding.EncodeToString([]byte(strings.Repeat("x", n) + secret + "xyz"))
		found := false
		for _, form := range list {
			found = found || strings.Contains(line, form)
		}
		if !found {
			t.Errorf("base64 at %d is not in %q", n, list)
		}
	}
}

func TestTextOfSignatures(t *testing.T) {
	t.Parallel()
	const hexadecimal = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"
	var s secrets
	for _, line := range []string{
		"SignedHeaders=content-type;host, Signature=%s", "Signature%%3D%s&x", "signature%%253d%s", `"Signature": "%s"`, `\"Signature\":\"%s\"`, `Signature\u003d%s`, "Signature&#61;%s", "X-Sig %s",
	} {
		if got := s.text(fmt.Sprintf(line, hexadecimal)); strings.Contains(got, hexadecimal[8:]) || !strings.Contains(got, masked) {
			t.Errorf("%q: %q", line, got)
		}
	}
	for _, harmless := range []string{"the signature is wrong", "Signature expired at 20260101", "9f2c1d3e-aaaa-bbbb-cccc-0123456789ab"} {
		if got := s.text(harmless); got != harmless {
			t.Errorf("%q: %q", harmless, got)
		}
	}
}

func TestPlain(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"plain text, 混流 é":                "plain text, 混流 é",
		"two\r\nlines\tand\u00a0a\u3000b": "two  lines and a b",
		"\x1b[1;31mred\x1b[0m":            "\uFFFDred\uFFFD",
		"\u009b2Jcleared":                 "\uFFFDcleared",
		"\x1b]0;title\x07text":            "\uFFFDtext",
		"\x1b]8;;http://x\x1b\\link":      "\uFFFDlink",
		"\x1b7a\x00b\x7f":                 "\uFFFD7a\uFFFDb\uFFFD",
		"\u202egnp.exe\u2066\u200b\ufeff": "\uFFFDgnp.exe\uFFFD\uFFFD\uFFFD",
		"\u2028line":                      " line",
		"a\xffb\xc3(":                     "a\uFFFDb\uFFFD(",
		strings.Repeat("é", 600):          strings.Repeat("é", 600),
		strings.Repeat("é", 601):          strings.Repeat("é", 599) + "…",
	} {
		if got := plain(in); got != want {
			t.Errorf("plain(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzPlain(f *testing.F) {
	f.Add("\x1b[31m\u202e\xff混流")
	f.Fuzz(func(t *testing.T, in string) {
		got := plain(in)
		if n := len([]rune(got)); n > maxText {
			t.Errorf("%d characters", n)
		}
		if strings.IndexFunc(got, func(r rune) bool { return !unicode.IsPrint(r) }) >= 0 || plain(got) != got {
			t.Errorf("plain(%q) = %q", in, got)
		}
	})
}
