// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

const (
	// minSecret is the length in bytes from which a secret is masked: a shorter one would mask parts of words.
	minSecret = 8
	masked    = "***"
)

// Secrets returns every key and token that the client has used so far, in each form that common encoders produce, so
// that they can be masked in logs.
func (c *Client) Secrets() []string { return c.secrets.list() }

// secrets are masked in all text from outside.
type secrets struct {
	mu       sync.RWMutex
	known    []string
	forms    []string
	patterns []*regexp.Regexp
}

func (s *secrets) add(values ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, v := range values {
		if len(v) < minSecret || slices.Contains(s.known, v) {
			continue
		}
		s.known = append(s.known, v)
		s.patterns = append(s.patterns, secretPattern(v))
		for _, form := range secretForms(v) {
			if !slices.Contains(s.forms, form) {
				s.forms = append(s.forms, form)
			}
		}
	}
}

func (s *secrets) list() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Clone(s.forms)
}

// redact masks each secret in a text, in whatever form.
func (s *secrets) redact(text string) string {
	if len(text) < minSecret {
		return text
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	for _, p := range s.patterns {
		text = p.ReplaceAllLiteralString(text, masked)
	}
	return text
}

// secretForms returns a secret as the usual encoders write it.
func secretForms(secret string) []string {
	escaped := func(encode func(*json.Encoder)) string {
		var b strings.Builder
		e := json.NewEncoder(&b)
		encode(e)
		if e.Encode(secret) != nil {
			return secret
		}
		return strings.Trim(strings.TrimSpace(b.String()), `"`)
	}
	unquoted := func(s string) string { return s[1 : len(s)-1] }
	forms := []string{
		secret,
		escaped(func(*json.Encoder) {}),
		escaped(func(e *json.Encoder) { e.SetEscapeHTML(false) }),
		strings.ReplaceAll(escaped(func(*json.Encoder) {}), "/", `\/`),
		strings.ReplaceAll(escaped(func(e *json.Encoder) { e.SetEscapeHTML(false) }), "/", `\/`),
		unquoted(strconv.Quote(secret)),
		unquoted(strconv.QuoteToASCII(secret)),
		url.QueryEscape(secret),
		strings.ReplaceAll(url.QueryEscape(secret), "+", "%20"),
		url.PathEscape(secret),
		html.EscapeString(secret),
		hex.EncodeToString([]byte(secret)),
	}
	forms = append(forms, base64Forms(base64.RawStdEncoding, secret)...)
	forms = append(forms, base64Forms(base64.RawURLEncoding, secret)...)
	slices.Sort(forms)
	return slices.Compact(forms)
}

// base64Forms returns the substrings by which base64 text that contains the secret can be recognized, one for each of
// the three positions within a group of bytes. Digits that depend on the surrounding bytes are left out.
func base64Forms(encoding *base64.Encoding, secret string) []string {
	forms := make([]string, 0, 3)
	for offset, first := range []int{0, 2, 3} {
		encoded := encoding.EncodeToString(append(make([]byte, offset), secret...))
		last := (offset + len(secret)) * 8 / 6
		if last-first >= minSecret {
			forms = append(forms, encoded[first:last])
		}
	}
	return forms
}

// secretPattern matches a secret in any mixture of escapes, in base64 and in hexadecimal.
func secretPattern(secret string) *regexp.Regexp {
	alternatives := []string{escapedPattern(secret), "(?i:" + hex.EncodeToString([]byte(secret)) + ")"}
	for _, form := range base64Forms(base64.RawStdEncoding, secret) {
		alternatives = append(alternatives, escapedPattern(form))
	}
	return regexp.MustCompile(strings.Join(alternatives, "|"))
}

// escapedPattern matches a text in which each character other than a letter or digit may be escaped, even repeatedly,
// as in JSON, Go, URLs or HTML. No encoder escapes ASCII letters and digits.
func escapedPattern(text string) string {
	var b strings.Builder
	for i, r := range text {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			b.WriteRune(r)
			continue
		}
		size := utf8.RuneLen(r)
		if r == utf8.RuneError {
			_, size = utf8.DecodeRuneInString(text[i:]) // The byte may not be valid UTF-8.
		}
		fmt.Fprintf(&b, `(?:\\*%s|(?i:&(?:amp;)*#0*%d;|&(?:amp;)*#x0*%x;|\\+U%08x|`, regexp.QuoteMeta(string(r)), r, r, r)
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&b, `\\+u%04x`, unit)
		}
		b.WriteString(")")
		switch r {
		case '+', '-':
			b.WriteString(`|[+-]`) // the two alphabets of base64
		case '/', '_':
			b.WriteString(`|\\*[/_]`)
		case ' ':
			b.WriteString(`|\+|(?i:%(?:25)*2b)`)
		}
		if name, ok := htmlNames[r]; ok {
			fmt.Fprintf(&b, `|&(?:amp;)*%s;`, name)
		}
		b.WriteString("|(?i:")
		for _, c := range []byte(text[i : i+size]) {
			fmt.Fprintf(&b, `(?:%%(?:25)*%02x|\\+x%02x)`, c, c)
		}
		b.WriteString("))")
	}
	return b.String()
}

// htmlNames are the entities that encoders write for characters of keys, tokens and base64.
var htmlNames = map[rune]string{'&': "amp", '<': "lt", '>': "gt", '"': "quot", '\'': "apos", '+': "plus", '/': "sol", '=': "equals", '_': "lowbar"}
