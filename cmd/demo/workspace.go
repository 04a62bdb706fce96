// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

const (
	// demoVersion is the version of the local build: one that the examples accept and that is never released. The copy
	// of the configuration requires exactly this version, so that no other build in the user's home directory is used.
	demoVersion = "0.1.999"

	// The credentials that the simulator knows by default.
	secretID  = "AKIDsimulator"
	secretKey = "simulator-secret-key"

	// pacing is the interval from create to cancel, and from cancel to reuse, for the provider and the simulator.
	pacing = "1s"
)

// workspace is a copy of examples/demo with its own build of the provider beside it.
type workspace struct {
	cli       string // the path of the CLI
	version   string // what it calls itself
	simulator string // the path of the simulator
	dir       string // the copy
	color     bool
	env       []string
}

// newWorkspace finds the CLI, builds the programs and copies the configuration, all below dir. It must be run inside
// this module.
func newWorkspace(ctx context.Context, dir string) (*workspace, error) {
	w := &workspace{simulator: filepath.Join(dir, "livesim"), dir: filepath.Join(dir, "demo"), color: colorWanted(), env: acctest.Environ()}
	root, err := acctest.ModuleRoot(ctx)
	if err != nil {
		return nil, err
	}
	if w.cli, err = acctest.Find(ctx); err != nil {
		return nil, err
	}
	cli, err := acctest.Inspect(ctx, w.cli)
	if err != nil {
		return nil, err
	}
	w.version = cli.String()

	binary, err := acctest.ProviderPath(w.dir, demoVersion)
	if err != nil {
		return nil, err
	}
	fmt.Println("Building the provider and the simulator.")
	if err := acctest.BuildProvider(ctx, root, binary, demoVersion); err != nil {
		return nil, err
	}
	if _, err := output(ctx, "go", "build", "-C", root, "-o", w.simulator, "./cmd/livesim"); err != nil {
		return nil, err
	}
	if err := copyConfiguration(w.dir, filepath.Join(root, "examples", "demo")); err != nil {
		return nil, err
	}
	err = w.writeJSON("demo_override.tf.json", map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{
			"tencentcss": map[string]any{"source": "tencentcss/tencentcss", "version": demoVersion},
		}},
		"provider": map[string]any{"tencentcss": map[string]any{
			"pacing": map[string]any{"cancel_after_create": pacing, "reuse_after_cancel": pacing},
		}},
	})
	return w, err
}

// copyConfiguration copies the .tf files below from, but nothing that an earlier run may have left there.
func copyConfiguration(to, from string) error {
	target, err := os.OpenRoot(to)
	if err != nil {
		return err
	}
	source := os.DirFS(from)
	err = fs.WalkDir(source, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".tf" {
			return err
		}
		text, err := fs.ReadFile(source, name)
		if err != nil {
			return err
		}
		if err := target.MkdirAll(path.Dir(name), 0o700); err != nil {
			return err
		}
		return target.WriteFile(name, text, 0o600)
	})
	return errors.Join(err, target.Close())
}

func (w *workspace) writeJSON(name string, v any) error {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(w.dir, name), text, 0o600)
}

// useEndpoint makes later runs of the CLI use the simulator at url.
func (w *workspace) useEndpoint(url string) {
	w.env = acctest.Environ(
		"TENCENTCLOUD_SECRET_ID="+secretID,
		"TENCENTCLOUD_SECRET_KEY="+secretKey,
		"TENCENTCSS_LIVE_ENDPOINT="+url,
	)
}

// init initializes the directory, and prints output only on failure.
func (w *workspace) init(ctx context.Context) error {
	_, err := w.capture(ctx, w.dir, "init", "-input=false", "-no-color")
	return err
}

// apply puts exactly these rooms on air; with none it destroys everything. It shows the plan, or only its summary line,
// and the apply.
func (w *workspace) apply(ctx context.Context, rooms map[string]room, showPlan bool) error {
	plan := []string{"plan", "-input=false", "-out=demo.tfplan"}
	if len(rooms) == 0 {
		plan = append(plan, "-destroy")
	} else if err := w.writeJSON("rooms.auto.tfvars.json", map[string]any{"rooms": rooms}); err != nil {
		return err
	}
	if showPlan {
		if err := w.print(ctx, plan...); err != nil {
			return err
		}
	} else {
		text, err := w.capture(ctx, w.dir, append(plan, "-no-color")...)
		if err != nil {
			return err
		}
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "Plan:") {
				fmt.Print(line)
			}
		}
	}
	return w.print(ctx, "apply", "-input=false", "demo.tfplan")
}

// destroyLeft destroys what is left in the state. It does nothing before the first apply.
func (w *workspace) destroyLeft(ctx context.Context) error {
	if _, err := os.Stat(filepath.Join(w.dir, "terraform.tfstate")); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return w.apply(ctx, nil, false)
}

// print runs the CLI and shows its output.
func (w *workspace) print(ctx context.Context, args ...string) error {
	if !w.color {
		args = append([]string{args[0], "-no-color"}, args[1:]...)
	}
	cmd := acctest.Command(ctx, w.cli, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.dir, w.env, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s %s: %w", filepath.Base(w.cli), args[0], err)
	}
	return nil
}

// capture runs the CLI in dir and returns its output.
func (w *workspace) capture(ctx context.Context, dir string, args ...string) (string, error) {
	cmd := acctest.Command(ctx, w.cli, args...)
	cmd.Dir, cmd.Env = dir, w.env
	return captured(cmd)
}

// output runs a program in the current directory and returns what it printed.
func output(ctx context.Context, name string, args ...string) (string, error) {
	return captured(acctest.Command(ctx, name, args...))
}

func captured(cmd *exec.Cmd) (string, error) {
	var stdout, stderr strings.Builder
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w\n%s%s", filepath.Base(cmd.Path), cmd.Args[1], err, stdout.String(), stderr.String())
	}
	return stdout.String(), nil
}

// colorWanted reports whether the output goes to a terminal that shows color.
func colorWanted() bool {
	info, err := os.Stdout.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0 && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
}
