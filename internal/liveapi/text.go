// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"regexp"
	"strings"
	"unicode"
)

// maxText is the longest text from outside that is shown, in characters.
const maxText = 600

// escapeSequence matches what a terminal takes for a command: ESC or the C1 control CSI with its parameters, and titles.
var escapeSequence = regexp.MustCompile(`(?:\x1b\[|\x{9b})[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)`)

// signature matches the signature of a call, however its name and its value are joined.
var signature = regexp.MustCompile(`(?i)(signature)(?:\W|u00|_)*[0-9a-f;x]{16,}|\b[0-9a-f]{64}\b`)

// text makes what comes from outside fit to be shown: one line of visible characters, of bounded length, without secrets.
func (s *secrets) text(outside string) string {
	return plain(signature.ReplaceAllString(s.redact(outside), "$1***"))
}

// value is text for data, such as the name of a stream, which may well look like a signature.
func (s *secrets) value(outside string) string { return plain(s.redact(outside)) }

// plain replaces what is no visible character and shortens what is too long.
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

// isPlain tells that a text is short and visible ASCII, as nearly all names are, of which a list may have 20,000.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) <= maxText
}
