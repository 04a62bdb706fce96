// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/json"
	"testing"
	"time"
)

func TestLastApplyText(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 29, 20, 15, 30, 123_000_001, time.UTC)
	later := time.Date(2026, 11, 29, 20, 15, 30, 124_000_000, time.UTC)
	for text, tt := range map[string]struct{ saved, read LastApply }{
		"....": {},
		"x7Kq2mPz9aB.c.mx2a3qks.Zk3f9Q.": {
			LastApply{Generation: "x7Kq2mPz9aB", At: at, Site: SiteCustom, Key: "Zk3f9Q"},
			LastApply{Generation: "x7Kq2mPz9aB", At: later, Site: SiteCustom, Key: "Zk3f9Q"},
		},
		"x7Kq2mPz9aB.i?..Zk3f9Q.mx2a3qks": {
			LastApply{Generation: "x7Kq2mPz9aB", Uncertain: true, CancelledAt: at, Site: SiteInternational, Key: "Zk3f9Q"},
			LastApply{Generation: "x7Kq2mPz9aB", Uncertain: true, CancelledAt: later, Site: SiteInternational, Key: "Zk3f9Q"},
		},
		"g.m.mx2a3qks..": {
			LastApply{Generation: "g", Site: SiteMainland, At: later},
			LastApply{Generation: "g", Site: SiteMainland, At: later},
		},
		"g.?...": {LastApply{Generation: "g", Uncertain: true}, LastApply{Generation: "g", Uncertain: true}},
	} {
		got, err := tt.saved.MarshalText()
		if err != nil || string(got) != text {
			t.Errorf("%+v is saved as %q, want %q: %v", tt.saved, got, text, err)
		}
		var read LastApply
		if err := read.UnmarshalText([]byte(text)); err != nil || read != tt.read {
			t.Errorf("%q is read as %+v, want %+v: %v", text, read, tt.read, err)
		}
	}
}

func TestLastApplyUnreadable(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`""`, `"g"`, `"g.c.mx2a3qks.Zk3f9Q"`, `"g.c.mx2a3qks.Zk3f9Q.."`, `"g.x.mx2a3qks.Zk3f9Q."`, `"g.c.-.Zk3f9Q."`, `"g.c..Zk3f9Q.?"`, `{}`, `7`} {
		untouched := LastApply{Generation: "before"}
		read := untouched
		if err := json.Unmarshal([]byte(text), &read); err == nil || read != untouched {
			t.Errorf("%s is read as %+v: %v", text, read, err)
		}
	}
	for _, unknown := range []LastApply{{Site: "moon"}, {Generation: "a.b"}, {Key: "a.b"}} {
		if text, err := unknown.MarshalText(); err == nil {
			t.Errorf("%+v is saved as %q", unknown, text)
		}
	}
}

// Each apply writes the whole state once more for each mix, so every character counts.
func TestLastApplyIsShort(t *testing.T) {
	t.Parallel()
	applied := NewLastApply()
	applied.Site, applied.Key = SiteInternational, keyOf(Credentials{Static: &Keys{SecretID: "AKID"}})
	const most = 30
	if text, err := applied.MarshalText(); err != nil || len(text) > most {
		t.Errorf("%q has %d characters: %v", text, len(text), err)
	}
	if NewLastApply().Generation == applied.Generation {
		t.Error("two resources have the same generation")
	}
}
