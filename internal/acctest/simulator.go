// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// Pacing is the pacing of acceptance tests: the documented one would let each of them wait for half a minute. The
// simulator refuses what comes sooner.
const Pacing = 300 * time.Millisecond

// StartSimulator starts a simulator with the documented rules, but for short pacing, in which the streams host, guest and
// third push. It ends with the test.
func StartSimulator(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	o := livesim.DefaultOptions()
	o.CancelAfterCreate, o.ReuseAfterCancel = Pacing, Pacing
	for _, change := range changes {
		change(&o)
	}
	sim, err := livesim.Start("", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, name := range []string{"host", "guest", "third"} {
		sim.Publish(name, livesim.LongSince())
	}
	return sim
}

// Requires names the provider by its real address.
const Requires = `
terraform {
  required_providers {
    tencentcss = { source = "tencentcss/tencentcss" }
  }
}
`

// ProviderBlock is a provider configuration for the simulator; extra lines go into it.
func ProviderBlock(sim *livesim.Server, extra ...string) string {
	return fmt.Sprintf(`
provider "tencentcss" {
  secret_id  = "AKIDsimulator"
  secret_key = "simulator-secret-key"
  endpoints  = { live = %q }
  pacing     = { cancel_after_create = "%s", reuse_after_cancel = "%s" }
%s
}
`, sim.URL(), Pacing, Pacing, strings.Join(extra, "\n"))
}

// SessionIDs are the live sessions of the simulator, sorted.
func SessionIDs(sim *livesim.Server) string {
	var ids []string
	for _, s := range sim.Sessions() {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " ")
}

// CancelledIDs are the sessions that were cancelled, in order.
func CancelledIDs(sim *livesim.Server) string {
	var ids []string
	for _, e := range sim.Ended() {
		if e.Reason == livesim.ReasonCancelled {
			ids = append(ids, e.ID)
		}
	}
	return strings.Join(ids, " ")
}

// NothingLeft is an error if a session lives, or if a call came sooner than the pacing allows.
func NothingLeft(sim *livesim.Server) error {
	if ids := SessionIDs(sim); ids != "" {
		return fmt.Errorf("sessions that still live: %s", ids)
	}
	for _, v := range sim.Violations() {
		if v.Refused {
			return fmt.Errorf("a %s came sooner than the pacing allows: %+v", v.Action, v)
		}
	}
	return nil
}
