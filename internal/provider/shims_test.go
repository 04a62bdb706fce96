// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"bytes"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

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

// workspace is a directory with a configuration, and the CLI with the built provider in it.
type workspace struct{ *acctest.Workspace }

func newWorkspace(t *testing.T, files map[string]string, env ...string) *workspace {
	t.Helper()
	return &workspace{acctest.NewWorkspace(t, files, env...)}
}

func (w *workspace) write(files map[string]string) {
	w.T.Helper()
	w.Write(files)
}

func (w *workspace) command(args ...string) (*exec.Cmd, *bytes.Buffer) { return w.Command(args...) }

func (w *workspace) run(args ...string) string {
	w.T.Helper()
	return w.Run(args...)
}

const requires = acctest.Requires

func waitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	acctest.WaitFor(t, what, condition)
}

func applied(t *testing.T, sim *livesim.Server, mix string, extra ...string) *workspace {
	t.Helper()
	return &workspace{acctest.Applied(t, sim, mix, extra...)}
}

// fails runs the CLI, which must fail, and returns what it printed in one line.
func (w *workspace) fails(args ...string) string {
	w.T.Helper()
	cmd, out := w.command(args...)
	if cmd.Run() == nil {
		w.T.Fatalf("%s succeeded:\n%s", strings.Join(args, " "), out)
	}
	return oneLine(out.String())
}

func oneLine(out string) string { return acctest.OneLine(out) }
