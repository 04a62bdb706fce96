// SPDX-License-Identifier: MPL-2.0

//go:build linux

package bench

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// pluginVersion is the version by which the CLI knows each of the plugins. It is never released.
const pluginVersion = "0.1.999"

// plugins are the programs that take the place of the provider.
type plugins struct {
	meter           string
	provider, least string
	old             string // "" if none is asked for
}

// buildPlugins builds all of them in the same way. old is the revision of the old build, or "".
func buildPlugins(t *testing.T, old string) plugins {
	t.Helper()
	provider, err := acctest.Provider()
	if err != nil {
		t.Fatal(err)
	}
	root, err := acctest.ModuleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	p := plugins{meter: filepath.Join(dir, "meter"), provider: provider, least: filepath.Join(dir, "leastserver")}
	for _, program := range []string{p.meter, p.least} {
		execute(t, "go", "build", "-C", root, "-trimpath", "-ldflags", "-s -w", "-o", program, "./internal/bench/"+filepath.Base(program))
	}
	if old != "" {
		source, archive := filepath.Join(dir, "old"), filepath.Join(dir, "old.tar")
		if err := os.Mkdir(source, 0o700); err != nil {
			t.Fatal(err)
		}
		execute(t, "git", "-C", root, "archive", "--output", archive, old)
		execute(t, "tar", "-C", source, "-xf", archive)
		p.old = filepath.Join(dir, "old-provider")
		if err := acctest.BuildProvider(t.Context(), source, p.old, pluginVersion); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

func execute(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
}

// contestant is a workspace in which a plugin runs n mixes.
type contestant struct {
	*acctest.Workspace
	config  mixes
	program string // the name of the plugin's program
	meter   string // the file that the meter writes
}

// enter prepares a workspace with a configuration, in which program runs as the provider.
func (p plugins) enter(t *testing.T, program string, config mixes) *contestant {
	t.Helper()
	c := &contestant{config: config, program: filepath.Base(program), meter: filepath.Join(t.TempDir(), "meter")}
	c.Workspace = &acctest.Workspace{T: t, Dir: t.TempDir(), Env: acctest.Environ(
		"TF_CLI_ARGS=-no-color", "METER_PROGRAM="+program, "METER_FILE="+c.meter)}
	path, err := acctest.ProviderPath(c.Dir, pluginVersion)
	if err == nil {
		// A copy, as the directories may be on different file systems.
		err = copyProgram(p.meter, path)
	}
	if err != nil {
		t.Fatal(err)
	}
	c.Write(map[string]string{"main.tf": config.text()})
	c.Run("init", "-input=false")
	return c
}

func copyProgram(from, to string) error {
	program, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	return os.WriteFile(to, program, 0o700)
}

// with is the same contestant with more in its environment.
func (c *contestant) with(env ...string) *contestant {
	workspace := *c.Workspace
	workspace.Env = append(slices.Clone(workspace.Env), env...)
	return &contestant{Workspace: &workspace, config: c.config, program: c.program, meter: c.meter}
}

// cost is what a run of the CLI costs.
type cost struct {
	wall   time.Duration
	cpu    time.Duration // of all processes of the plugin
	total  time.Duration // CPU of the plugin and of the CLI
	memory int64         // the largest peak of a process of the plugin, in bytes
}

// timed runs the CLI.
func (c *contestant) timed(args ...string) cost {
	c.T.Helper()
	if err := os.Remove(c.meter); err != nil && !errors.Is(err, os.ErrNotExist) {
		c.T.Fatal(err)
	}
	cmd, out := c.Command(args...)
	start := time.Now()
	if err := cmd.Run(); err != nil {
		c.T.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	// The system counts the children of a process that were waited for as the process.
	result := cost{wall: time.Since(start), total: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	lines, err := os.ReadFile(c.meter)
	if err != nil {
		c.T.Fatalf("no process of the plugin ended in order: %v", err)
	}
	for line := range strings.Lines(string(lines)) {
		var cpu time.Duration
		var memory int64
		if _, err := fmt.Sscanf(line, "%d %d", &cpu, &memory); err != nil {
			c.T.Fatalf("the meter wrote %q: %v", line, err)
		}
		result.cpu += cpu
		result.memory = max(result.memory, memory<<10)
	}
	return result
}

const (
	stepApply   = "apply"
	stepPlan    = "no-op plan"
	stepUpdate  = "update of all"
	stepDestroy = "destroy"
)

// step takes a step in the life of the mixes.
func (c *contestant) step(name string) cost {
	c.T.Helper()
	switch name {
	case stepPlan:
		return c.timed("plan", "-detailed-exitcode") // Fails where something would change.
	case stepUpdate:
		c.config.template = 30
		c.Write(map[string]string{"main.tf": c.config.text()})
	case stepDestroy:
		return c.timed("destroy", "-auto-approve")
	}
	return c.timed("apply", "-auto-approve")
}

// mixes are n mixes in one configuration; template is the attribute that an update changes.
type mixes struct {
	sim         *livesim.Server
	prefix      string // of all names
	n, template int
	more        string // attributes of each mix
}

// text is the configuration. The provider keeps no pacing, as the simulator asks for none.
func (m mixes) text() string {
	return fmt.Sprintf(acctest.Requires+`
provider "tencentcss" {
  secret_id  = "AKIDsimulator"
  secret_key = "simulator-secret-key"
  endpoints  = { live = %q }
  pacing     = { cancel_after_create = "0s", reuse_after_cancel = "0s" }
}

resource "tencentcss_mix_stream" "test" {
  count                  = %d
  mix_stream_session_id  = "%s${count.index}"
  mix_stream_template_id = %d
  input_stream_list = [
    { input_stream_name = "%[3]s_host${count.index}", layout_params = { image_layer = 1 } },
    { input_stream_name = "%[3]s_guest${count.index}", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "%[3]s_out${count.index}" }
  %[5]s
}
`, m.sim.URL(), m.n, m.prefix, m.template, m.more)
}
