// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// Pacing is the pacing of acceptance tests: with the documented one, each would wait for half a minute. The simulator
// refuses calls that come sooner.
const Pacing = 300 * time.Millisecond

// StartSimulator starts a simulator with the documented rules except for short pacing, in which the streams host, guest
// and third push. It ends with the test.
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

// AnyStreamPushes makes every stream push, whatever its name.
func AnyStreamPushes(o *livesim.Options) { o.AnyStreamPushes = true }

// Requires requires the provider by its real address.
const Requires = `
terraform {
  required_providers {
    tencentcss = { source = "tencentcss/tencentcss" }
  }
}
`

// ProviderBlock returns a provider configuration for the simulator, with extra lines.
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

// MixAddress is the address of the mix in [MinimalMix].
const MixAddress = "tencentcss_mix_stream.test"

// MinimalMix returns a mix with only the required attributes: host with guest in its corner, as host.
func MinimalMix(session string) string {
	return fmt.Sprintf(`
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = %q
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "host" }
}
`, session)
}

// MonitoredMix returns a mix with a monitor of its output; extra lines go into the monitor.
func MonitoredMix(session, monitor string) string {
	return fmt.Sprintf(`
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = %q
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params  = { output_stream_name = "show" }
  output_monitor = {
    domain_name = "push.example.com"
    %s
  }
}
`, session, monitor)
}

// WithDomain lets the inputs push under the domain that the monitor of [MonitoredMix] asks for.
func WithDomain(sim *livesim.Server) *livesim.Server {
	for _, name := range []string{"host", "guest"} {
		sim.Publish(name, livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	return sim
}

// SessionIDs returns the live sessions of the simulator, sorted.
func SessionIDs(sim *livesim.Server) string {
	var ids []string
	for _, s := range sim.Sessions() {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " ")
}

// CancelledIDs returns the sessions that were cancelled, in order.
func CancelledIDs(sim *livesim.Server) string {
	var ids []string
	for _, e := range sim.Ended() {
		if e.Reason == livesim.ReasonCancelled {
			ids = append(ids, e.ID)
		}
	}
	return strings.Join(ids, " ")
}

// NothingLeft returns an error if a session is live, or if a call came sooner than the pacing allows.
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

// Live returns an error unless exactly these sessions are live.
func Live(sim *livesim.Server, want ...string) error {
	if got := SessionIDs(sim); got != strings.Join(want, " ") {
		return fmt.Errorf("live sessions: %q, want %q", got, strings.Join(want, " "))
	}
	return nil
}

// Calls returns an error unless an action was called exactly want times since the start.
func Calls(sim *livesim.Server, action string, want int) error {
	if got := len(sim.RequestsOf(action)); got != want {
		return fmt.Errorf("%d calls of %s, want %d", got, action, want)
	}
	return nil
}

// Message matches the parts of a diagnostic in order, however the CLI wraps its lines.
func Message(parts ...string) *regexp.Regexp {
	var patterns []string
	for _, part := range parts {
		patterns = append(patterns, strings.ReplaceAll(regexp.QuoteMeta(part), " ", `\s+`))
	}
	return regexp.MustCompile(`(?s)` + strings.Join(patterns, ".*"))
}

// OneLine undoes the CLI's wrapping and removes the frame around a diagnostic.
func OneLine(out string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", "", "╷", "", "╵", "").Replace(out)), " ")
}

// ExpectText checks that a text has all of these parts, or that it is empty where there are none.
func ExpectText(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in:\n%s", part, text)
		}
	}
	if len(parts) == 0 && text != "" {
		t.Errorf("unexpected:\n%s", text)
	}
}
