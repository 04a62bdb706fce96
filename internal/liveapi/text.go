// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"regexp"
	"strings"
	"unicode"
)

// maxText is the longest text from outside that is shown, in characters.
const maxText = 600

// escapeSequence matches terminal commands: ESC or the C1 control CSI with its parameters, and window titles.
var escapeSequence = regexp.MustCompile(`(?:\x1b\[|\x{9b})[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)`)

// signature matches the signature of a call, however its name and value are joined.
var signature = regexp.MustCompile(`(?i)(signature)(?:\W|u00|_)*[0-9a-f;x]{16,}|\b[0-9a-f]{64}\b`)

// text makes text from outside fit for display: one line of visible characters, of bounded length, without secrets.
func (s *secrets) text(outside string) string {
	return plain(signature.ReplaceAllString(s.redact(outside), "$1***"))
}

// value is like text, but for data such as stream names, which may look like a signature.
func (s *secrets) value(outside string) string { return plain(s.redact(outside)) }

// plain replaces invisible characters and shortens long text.
func plain(s string) string {
	if isPlain(s) {
		return s
	}
	s = strings.ToValidUTF8(s, string(unicode.ReplacementChar))
	s = escapeSequence.ReplaceAllString(s, string(unicode.ReplacementChar))
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsPrint(r):
			return r
		}
		return unicode.ReplacementChar
	}, s)
	if characters := []rune(s); len(characters) > maxText {
		s = string(characters[:maxText-1]) + "…"
	}
	return s
}

// isPlain reports whether a text is short, visible ASCII, as nearly all names are; a list may hold 20,000 of them.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= maxText
}
