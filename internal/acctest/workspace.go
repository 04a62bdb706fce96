// SPDX-License-Identifier: MPL-2.0

//go:build unix

package acctest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclparse"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// What concerns processes (signals, modules, logs) is tested with the provider in its own process, as users run it.

// buildVersion is the version of the provider in a workspace: one that the examples accept and that is never released,
// so that it is the newest version they accept, whatever is installed in the home directory.
const buildVersion = "0.1.999"

// Provider returns the path of a build of the provider that all tests of a package share.
var Provider = sync.OnceValues(func() (string, error) {
	ctx := context.Background()
	root, err := ModuleRoot(ctx)
	if err != nil {
		return "", err
	}
	dir := os.Getenv(buildsVariable)
	if dir == "" {
		return "", errors.New("the package has no TestMain that calls Main")
	}
	path := filepath.Join(dir, providerName+"_v"+buildVersion)
	return path, BuildProvider(ctx, root, path, buildVersion)
})

// Workspace is a directory with a configuration, and the CLI with the built provider in it.
type Workspace struct {
	T   *testing.T
	Dir string
	Env []string
}

// NewWorkspace writes the files, puts the built provider where the CLI finds it without any configuration, and runs
// init. Extra environment entries come last and win. It skips the test as [Need] does.
func NewWorkspace(t *testing.T, files map[string]string, env ...string) *Workspace {
	t.Helper()
	Need(t)
	binary, err := Provider()
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{T: t, Dir: t.TempDir(), Env: Environ(append([]string{"TF_CLI_ARGS=-no-color"}, env...)...)}
	path, err := ProviderPath(w.Dir, buildVersion)
	if err := errors.Join(err, os.Link(binary, path)); err != nil {
		t.Fatal(err)
	}
	w.Write(files)
	w.Run("init", "-input=false")
	w.checkProvider(binary)
	return w
}

// checkProvider checks that init used the build: if the CLI does not find a provider here, it takes one from the
// registry.
func (w *Workspace) checkProvider(binary string) {
	w.T.Helper()
	want, err := os.Stat(binary)
	if err != nil {
		w.T.Fatal(err)
	}
	installed, err := filepath.Glob(filepath.Join(w.Dir, ".terraform", "providers", "*", "tencentcss", "tencentcss", "*", "*", providerName+"*"))
	if err != nil {
		w.T.Fatal(err)
	}
	for _, path := range installed {
		if got, err := os.Stat(path); err != nil || !os.SameFile(got, want) {
			w.T.Fatalf("the CLI does not use the build of this test, but %s (%v)", path, err)
		}
	}
}

// Applied returns a workspace in which a mix was applied; extra lines go into the provider configuration.
func Applied(t *testing.T, sim *livesim.Server, mix string, extra ...string) *Workspace {
	t.Helper()
	w := NewWorkspace(t, map[string]string{"main.tf": Requires + ProviderBlock(sim, extra...) + mix})
	w.Run("apply", "-auto-approve")
	return w
}

// Write writes files, by their names in the directory.
func (w *Workspace) Write(files map[string]string) {
	w.T.Helper()
	for name, text := range files {
		path := filepath.Join(w.Dir, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
			w.T.Fatal(err)
		}
	}
}

// Command returns a run of the CLI that has not started yet, and the buffer for its output.
func (w *Workspace) Command(args ...string) (*exec.Cmd, *bytes.Buffer) {
	var out bytes.Buffer
	cmd := Command(w.T.Context(), os.Getenv(PathVariable), args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.Dir, w.Env, &out, &out
	return cmd, &out
}

// Run runs the CLI, which must succeed, and returns its output.
func (w *Workspace) Run(args ...string) string {
	w.T.Helper()
	cmd, out := w.Command(args...)
	if err := cmd.Run(); err != nil {
		w.T.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out.String()
}

// Fails runs the CLI, which must fail, and returns what it printed in one line.
func (w *Workspace) Fails(args ...string) string {
	w.T.Helper()
	cmd, out := w.Command(args...)
	if cmd.Run() == nil {
		w.T.Fatalf("%s succeeded:\n%s", strings.Join(args, " "), out)
	}
	return OneLine(out.String())
}

// Unchanged checks that the next plan changes nothing.
func (w *Workspace) Unchanged(args ...string) {
	w.T.Helper()
	if out := w.Run(append([]string{"plan"}, args...)...); !strings.Contains(out, "No changes.") {
		w.T.Errorf("the next plan is not empty:\n%s", out)
	}
}

// Destroy destroys everything, and checks that no session is left and that each call kept the pacing.
func (w *Workspace) Destroy(sim *livesim.Server, args ...string) {
	w.T.Helper()
	w.Run(append([]string{"destroy", "-auto-approve"}, args...)...)
	if err := NothingLeft(sim); err != nil {
		w.T.Error(err)
	}
}

// RunTestFile runs one test file of the directory. All of its runs must pass.
func (w *Workspace) RunTestFile(name string) {
	w.T.Helper()
	file, diags := hclparse.NewParser().ParseHCLFile(filepath.Join(w.Dir, name))
	if diags.HasErrors() {
		w.T.Fatal(diags)
	}
	content, _, diags := file.Body.PartialContent(&hcl.BodySchema{Blocks: []hcl.BlockHeaderSchema{{Type: "run", LabelNames: []string{"name"}}}})
	if diags.HasErrors() {
		w.T.Fatal(diags)
	}
	runs := len(content.Blocks)
	out := w.Run("test", "-filter="+name)
	if want := fmt.Sprintf("Success! %d passed, 0 failed.", runs); runs == 0 || !strings.Contains(out, want) {
		w.T.Errorf("want %q of:\n%s", want, out)
	}
	// A failed clean-up is reported but does not always fail the run.
	if strings.Contains(out, "Error") || strings.Contains(out, "left the following resources") {
		w.T.Error(out)
	}
	w.Run("fmt", "-check", "-recursive")
}

// Tainted returns the resources in the state, and whether each is tainted.
func (w *Workspace) Tainted() map[string]bool {
	w.T.Helper()
	var shown struct {
		Values struct {
			RootModule struct {
				Resources []struct {
					Address string `json:"address"`
					Tainted bool   `json:"tainted"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err := json.Unmarshal([]byte(w.Run("show", "-json")), &shown); err != nil {
		w.T.Fatal(err)
	}
	found := map[string]bool{}
	for _, r := range shown.Values.RootModule.Resources {
		found[r.Address] = r.Tainted
	}
	return found
}

// KillProvider kills the provider's process, a child of the CLI's.
func KillProvider(t *testing.T, cli int) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "pgrep", "-P", strconv.Itoa(cli)).Output() //nolint:gosec // G204: the argument is a number.
	if err != nil {
		t.Fatal(err)
	}
	for child := range strings.FieldsSeq(string(out)) {
		pid, err := strconv.Atoi(child)
		if err != nil {
			t.Fatal(err)
		}
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
}

// patience is the timeout of everything that a test waits for, and of a CLI that should end after an interrupt. It only
// keeps a test from hanging forever: the speed of a shared machine proves nothing.
const patience = 2 * time.Minute

// WaitFor waits until another process has made a condition true.
func WaitFor(t *testing.T, what string, condition func() bool) {
	t.Helper()
	const often = 10 * time.Millisecond
	tick, end := time.NewTicker(often), time.After(patience)
	defer tick.Stop()
	for !condition() {
		select {
		case <-tick.C:
		case <-end:
			t.Fatal("waited in vain for " + what)
		}
	}
}

// Command prepares a program that is interrupted when ctx ends, so that it can save its work. It gets a process group
// of its own: a Ctrl-C in the terminal goes to the whole group of the caller, and a CLI that sees a second interrupt
// gives up without saving.
func Command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // G204: the programs are this module's own, go and the chosen CLI.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	return cmd
}
