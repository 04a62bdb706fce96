// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// processAt starts a process of the provider that calls a host with a key, which the simulator answers in its place.
func (s *stage) processAt(host, keyID string) *mixCore {
	s.t.Helper()
	client, err := liveapi.New(liveapi.Config{
		Credentials: liveapi.Credentials{Static: &liveapi.Keys{SecretID: keyID, SecretKey: "another-secret-key"}},
		Endpoint:    &url.URL{Scheme: "https", Host: host},
		Transport:   inProcess{s.sim},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return s.processOf(client)
}

// "Does not exist" proves nothing about the site and the account in which the session was applied.
func TestMixStreamDestroyedElsewhere(t *testing.T) {
	t.Parallel()
	const mainland, international = "live.tencentcloudapi.com", "live.intl.tencentcloudapi.com"
	for name, tt := range map[string]struct {
		fromHost, fromKey, toHost, toKey string
		stays                            bool
		want                             []string
	}{
		"at the same site with the same key": {fromHost: mainland, fromKey: "AKIDone", toHost: mainland, toKey: "AKIDone"},
		"at the other site": {
			fromHost: mainland, fromKey: "AKIDone", toHost: international, toKey: "AKIDone", stays: true,
			want: []string{"Error: Mix stream not found at this site", "at the international site", "last applied at the mainland site", "domain", "terraform state rm"},
		},
		"at the other site, with another key": {
			fromHost: international, fromKey: "AKIDone", toHost: mainland, toKey: "AKIDtwo", stays: true,
			want: []string{"Error: Mix stream not found at this site", "at the mainland site", "last applied at the international site"},
		},
		"with another key": {
			fromHost: mainland, fromKey: "AKIDone", toHost: mainland, toKey: "AKIDtwo",
			want: []string{"Warning: Mix stream may still be running", "applied with other credentials", "another account"},
		},
		"at a custom endpoint": {
			fromHost: mainland, fromKey: "AKIDone", toHost: "proxy.example.com", toKey: "AKIDone",
			want: []string{"Warning: Mix stream may still be running", "(mainland, now custom)"},
		},
		"at a simulator that came back on another port": {fromHost: "127.0.0.1:4000", fromKey: "AKIDone", toHost: "127.0.0.1:5000", toKey: "AKIDone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const secret = "another-secret-key"
				s := newStage(t, livesim.Credential{ID: "AKIDone", Key: secret}, livesim.Credential{ID: "AKIDtwo", Key: secret})
				object := s.processAt(tt.fromHost, tt.fromKey).change(s.mix(), nil)
				s.sim.Unpublish("host")
				s.sim.Unpublish("guest")
				s.sim.Advance(16 * time.Minute)
				s.ends(false, 1, 0)

				core := s.processAt(tt.toHost, tt.toKey)
				left, text := core.apply(core.null(), object, core.plan(core.null(), object))
				s.wants(text, tt.want...)
				if (left != nil) != tt.stays {
					t.Errorf("the object stays: %t, want %t", left != nil, tt.stays)
				}
				if left == nil {
					return
				}
				core = s.processAt(tt.fromHost, tt.fromKey)
				left, text = core.apply(core.null(), left, core.plan(core.null(), left))
				if s.wants(text); left != nil {
					t.Error("the destroy at the right site leaves the object")
				}
			})
		})
	}
}
