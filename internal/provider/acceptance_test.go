// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// TestMain brings the environment of the tests into one shape on every machine: the CLI that acctest finds, and none of
// the variables of the user's shell that Terraform, this provider or its tests would read.
func TestMain(m *testing.M) {
	acceptance, cli := os.Getenv("TF_ACC"), ""
	if acceptance != "" {
		var err error
		if cli, err = acctest.Find(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	keep := acctest.Environ()
	os.Clearenv()
	for _, pair := range keep {
		name, value, _ := strings.Cut(pair, "=")
		if err := os.Setenv(name, value); err != nil {
			panic(err)
		}
	}
	if acceptance != "" {
		settings := map[string]string{"TF_ACC": acceptance, acctest.PathVariable: cli}
		tofu, err := acctest.IsTofu(context.Background(), cli)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if tofu {
			settings["TF_ACC_PROVIDER_HOST"] = "registry.opentofu.org"
			settings["TF_ACC_PROVIDER_NAMESPACE"] = "hashicorp"
		}
		for name, value := range settings {
			if err := os.Setenv(name, value); err != nil {
				panic(err)
			}
		}
	}
	code := m.Run()
	if err := os.RemoveAll(builtProvider); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

// builtProvider is the directory of the provider that tests have built, if any has.
var builtProvider string

// factories serve a fresh provider for each CLI command, as the CLI itself starts a fresh process.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"tencentcss": func() (tfprotov6.ProviderServer, error) {
		return NewServer("test")(), nil
	},
}

// needAcceptance skips a test that drives the CLI, before it sets anything up.
func needAcceptance(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
}

// accPacing is the pacing of acceptance tests: the documented one would let each of them wait for half a minute. The
// simulator refuses what comes sooner.
const accPacing = 300 * time.Millisecond

// newSim starts a simulator with the documented rules, but for short pacing, in which the streams host, guest and third
// push.
func newSim(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	needAcceptance(t)
	return startSim(t, changes...)
}

func startSim(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	o := livesim.DefaultOptions()
	o.CancelAfterCreate, o.ReuseAfterCancel = accPacing, accPacing
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

// providerBlock is a provider configuration for the simulator; extra lines go into it.
func providerBlock(sim *livesim.Server, extra ...string) string {
	return fmt.Sprintf(`
provider "tencentcss" {
  secret_id  = "AKIDsimulator"
  secret_key = "simulator-secret-key"
  endpoints  = { live = %q }
  pacing     = { cancel_after_create = "%s", reuse_after_cancel = "%s" }
%s
}
`, sim.URL(), accPacing, accPacing, strings.Join(extra, "\n"))
}

// minimalMix is a mix with nothing but what is required: host with guest in its corner, as host.
func minimalMix(session string) string {
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

// sessionIDs are the live sessions of the simulator, sorted.
func sessionIDs(sim *livesim.Server) string {
	var ids []string
	for _, s := range sim.Sessions() {
		ids = append(ids, s.ID)
	}
	return strings.Join(ids, " ")
}

// cancelledIDs are the sessions that were cancelled, in order.
func cancelledIDs(sim *livesim.Server) string {
	var ids []string
	for _, e := range sim.Ended() {
		if e.Reason == livesim.ReasonCancelled {
			ids = append(ids, e.ID)
		}
	}
	return strings.Join(ids, " ")
}

// nothingLeft is a CheckDestroy: no session lives, and no call came sooner than the pacing allows.
func nothingLeft(sim *livesim.Server) func(*terraform.State) error {
	return func(*terraform.State) error {
		if ids := sessionIDs(sim); ids != "" {
			return fmt.Errorf("sessions that still live: %s", ids)
		}
		for _, v := range sim.Violations() {
			if v.Refused {
				return fmt.Errorf("a %s came sooner than the pacing allows: %+v", v.Action, v)
			}
		}
		return nil
	}
}

// live is a Check: exactly these sessions live.
func live(sim *livesim.Server, want ...string) func(*terraform.State) error {
	return func(*terraform.State) error {
		if got := sessionIDs(sim); got != strings.Join(want, " ") {
			return fmt.Errorf("live sessions: %q, want %q", got, strings.Join(want, " "))
		}
		return nil
	}
}

// calls is a Check: so many calls of an action were made since the start.
func calls(sim *livesim.Server, action string, want int) func(*terraform.State) error {
	return func(*terraform.State) error {
		if got := len(sim.RequestsOf(action)); got != want {
			return fmt.Errorf("%d calls of %s, want %d", got, action, want)
		}
		return nil
	}
}

// equalJSON compares parameters as they were sent with the JSON text that is wanted.
func equalJSON(got map[string]any, want string) error {
	sent, err := json.Marshal(got)
	if err != nil {
		return err
	}
	var a, b any
	if err := errors.Join(json.Unmarshal(sent, &a), json.Unmarshal([]byte(want), &b)); err != nil {
		return err
	}
	if !reflect.DeepEqual(a, b) {
		return fmt.Errorf("sent %s, want %s", sent, want)
	}
	return nil
}

// message matches the parts of a diagnostic in order, however the CLI wraps its lines.
func message(parts ...string) *regexp.Regexp {
	var patterns []string
	for _, part := range parts {
		patterns = append(patterns, strings.ReplaceAll(regexp.QuoteMeta(part), " ", `\s+`))
	}
	return regexp.MustCompile(`(?s)` + strings.Join(patterns, ".*"))
}
