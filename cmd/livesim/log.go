// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"log"
	"strings"
	"time"
	"unicode"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// Values of -log.
const (
	logText = "text"
	logJSON = "json"
	logNone = "none"
)

// logger returns a function that writes a line for each call, or nil if no log is wanted.
func logger(format string, w io.Writer) (func(livesim.Request), error) {
	lines := log.New(w, "", 0) // It serializes the lines of concurrent calls.
	switch format {
	case logText:
		return func(r livesim.Request) { lines.Print(callLine(r)) }, nil
	case logJSON:
		return func(r livesim.Request) {
			if line, err := json.Marshal(r); err == nil { // Every value can be encoded.
				lines.Print(string(line))
			}
		}, nil
	case logNone:
		return nil, nil
	}
	return nil, fmt.Errorf("the log format %q is not text, json or none", format)
}

// callLine formats a call for people: time, action, session, outcome, duration.
func callLine(r livesim.Request) string {
	outcome := "ok"
	switch {
	case r.Code != "":
		outcome = r.Code + ": " + r.Message
	case r.Status == 0:
		outcome = "no answer"
	case r.Status != 200:
		outcome = fmt.Sprintf("HTTP %d", r.Status)
	}
	if r.Fault != "" {
		outcome += fmt.Sprintf(" [fault %s, executed %t]", r.Fault, r.Executed)
	}
	line := fmt.Sprintf("%s  %-30s %-24s %8s  %s", r.Time.Format("15:04:05.000"), r.Action, r.SessionID,
		r.Duration.Round(100*time.Microsecond), outcome)
	return plain(line)
}

// plain makes any text safe for a terminal: it cannot break a line or control the terminal.
func plain(text string) string {
	return strings.Map(func(c rune) rune {
		if unicode.IsPrint(c) {
			return c
		}
		return '?'
	}, text)
}
