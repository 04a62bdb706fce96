// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// LastApply is what a resource remembers of its session. The zero value means that nothing is known: after a crash, and
// when a tainted resource is replaced.
type LastApply struct {
	// Generation identifies the resource: it is new with each create and import, and updates keep it.
	Generation string
	// At is the time of the last CreateCommonMixStream; zero after an import.
	At time.Time
	// Uncertain reports whether the session may differ from the state: after an import, and after a call with an
	// unknown outcome.
	Uncertain bool
	// CancelledAt is the time of a cancel with an unknown outcome; zero without one.
	CancelledAt time.Time
	// Site is where the mix was applied last: SiteMainland, SiteInternational or SiteCustom.
	Site string
	// Key is a hash that identifies the credentials of the last apply.
	Key string
}

// Known reports whether the session runs as the state says, as far as this provider knows.
func (a LastApply) Known() bool { return a.Generation != "" && !a.Uncertain }

// NewLastApply returns what to remember of a new session.
func NewLastApply() LastApply {
	return LastApply{Generation: newGeneration(), At: time.Now().UTC()}
}

// Adopted returns what to remember of a session that is known only by its ID.
func Adopted() LastApply {
	return LastApply{Generation: newGeneration(), Uncertain: true}
}

// newGeneration returns 64 random bits, as the objects of one state must differ.
func newGeneration() string {
	var bits [8]byte
	_, _ = rand.Read(bits[:]) // It never fails.
	return base64.RawURLEncoding.EncodeToString(bits[:])
}

const (
	lastApplySeparator = "."
	uncertainMark      = "?"
)

// siteLetters are the sites in the text of a LastApply.
func siteLetters() map[string]string {
	return map[string]string{"": "", SiteMainland: "m", SiteInternational: "i", SiteCustom: "c"}
}

// MarshalText returns the generation, the site with a mark if the session is uncertain, the time of the last apply, the
// key and the time of the cancel, such as "x7Kq2mPz9aB.c.mi1ab2cd.Zk3f9Q.". Times are Unix times in milliseconds to the
// base 36.
//
// It is short because Terraform writes the whole state again after each change of a resource: in an update of 1,000
// mixes, 100 more characters for each take 5 % more time.
func (a LastApply) MarshalText() ([]byte, error) {
	site, ok := siteLetters()[a.Site]
	if !ok || strings.Contains(a.Generation+a.Key, lastApplySeparator) {
		return nil, fmt.Errorf("there is no text for %+v", a)
	}
	if a.Uncertain {
		site += uncertainMark
	}
	return []byte(strings.Join([]string{a.Generation, site, timeText(a.At), a.Key, timeText(a.CancelledAt)}, lastApplySeparator)), nil
}

// UnmarshalText reads what MarshalText returned. Times are then up to a millisecond later.
func (a *LastApply) UnmarshalText(text []byte) error {
	const fields = 5
	parts := strings.Split(string(text), lastApplySeparator)
	if len(parts) != fields {
		return fmt.Errorf("%q has %d fields instead of %d", text, len(parts), fields)
	}
	read := LastApply{Generation: parts[0], Key: parts[3]}
	letter, uncertain := strings.CutSuffix(parts[1], uncertainMark)
	read.Uncertain = uncertain
	known := false
	for site, l := range siteLetters() {
		if l == letter {
			read.Site, known = site, true
		}
	}
	if !known {
		return fmt.Errorf("%q names no site in its second field", text)
	}
	var err error
	if read.At, err = parseTime(parts[2]); err != nil {
		return err
	}
	if read.CancelledAt, err = parseTime(parts[4]); err != nil {
		return err
	}
	*a = read
	return nil
}

const timeBase = 36

// timeText rounds up, so that no interval since then appears to be longer than it is.
func timeText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return strconv.FormatInt(t.Add(time.Millisecond-time.Nanosecond).UnixMilli(), timeBase)
}

func parseTime(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	ms, err := strconv.ParseInt(text, timeBase, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is not a time", text)
	}
	return time.UnixMilli(ms).UTC(), nil
}
