// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }

// factories serve a fresh provider for each CLI command, as the CLI itself starts a fresh process.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"tencentcss": func() (tfprotov6.ProviderServer, error) {
		return NewServer("test")(), nil
	},
}

func needAcceptance(t *testing.T) {
	t.Helper()
	acctest.Need(t)
}

const accPacing = acctest.Pacing

// newSim is a simulator for a test that drives the CLI.
func newSim(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	needAcceptance(t)
	return startSim(t, changes...)
}

func startSim(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	return acctest.StartSimulator(t, changes...)
}

func providerBlock(sim *livesim.Server, extra ...string) string {
	return acctest.ProviderBlock(sim, extra...)
}

func minimalMix(session string) string { return acctest.MinimalMix(session) }

func sessionIDs(sim *livesim.Server) string { return acctest.SessionIDs(sim) }

func cancelledIDs(sim *livesim.Server) string { return acctest.CancelledIDs(sim) }

// nothingLeft is a CheckDestroy: no session lives, and no call came sooner than the pacing allows.
func nothingLeft(sim *livesim.Server) func(*terraform.State) error {
	return func(*terraform.State) error { return acctest.NothingLeft(sim) }
}

// live is a Check: exactly these sessions live.
func live(sim *livesim.Server, want ...string) func(*terraform.State) error {
	return func(*terraform.State) error { return acctest.Live(sim, want...) }
}

// calls is a Check: so many calls of an action were made since the start.
func calls(sim *livesim.Server, action string, want int) func(*terraform.State) error {
	return func(*terraform.State) error { return acctest.Calls(sim, action, want) }
}

func equalJSON(got map[string]any, want string) error { return acctest.EqualJSON(got, want) }

func message(parts ...string) *regexp.Regexp { return acctest.Message(parts...) }

// inProcess hands each request to a handler of this process.
type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	served := req.Clone(req.Context())
	served.Host = cmp.Or(req.Host, req.URL.Host)
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, served)
	return w.Result(), nil
}
