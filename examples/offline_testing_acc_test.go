// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/goccy/go-yaml"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// reader does what the guide says: it writes its files, types its commands and looks for what they should print.
type reader struct {
	t      *testing.T
	w      *acctest.Workspace
	port   string
	output string
	failed bool
	server *exec.Cmd
}

// newReader makes an empty directory in which the CLI finds the provider, and puts livesim on PATH. "go install" is the one
// command that does nothing: it would install what is published.
func newReader(t *testing.T) *reader {
	t.Helper()
	acctest.NeedVersion(t, "mocks in tests", "1.7.0", "1.8.0")
	root, err := acctest.ModuleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bin := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-C", root, "-o", filepath.Join(bin, "livesim"), "./cmd/livesim").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range []string{"terraform", "tofu"} {
		if err := os.Symlink(os.Getenv(acctest.PathVariable), filepath.Join(bin, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\n[ \"$1\" = install ]\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	w := acctest.NewWorkspace(t, map[string]string{"versions.tf": acctest.Requires}, "PATH="+bin+":"+os.Getenv("PATH"))
	if err := os.Remove(filepath.Join(w.Dir, "versions.tf")); err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	_ = listener.Close()
	r := &reader{t: t, w: w, port: port}
	t.Cleanup(r.stop)
	return r
}

func (r *reader) bash(script string) *exec.Cmd {
	cmd := exec.CommandContext(r.t.Context(), "bash", "-euo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = r.w.Dir, r.w.Env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return cmd
}

// run runs the lines of a block. A block that starts the simulator goes on in the background.
func (r *reader) run(script string) {
	r.t.Helper()
	if strings.HasPrefix(script, "livesim -") {
		r.stop()
		r.server = r.bash("exec " + script)
		if err := r.server.Start(); err != nil {
			r.t.Fatal(err)
		}
		script = "livesim wait http://127.0.0.1:" + r.port
	}
	var out bytes.Buffer
	cmd := r.bash(script)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	r.output, r.failed = out.String(), err != nil
}

// stop ends the simulator that runs in the background.
func (r *reader) stop() {
	if r.server == nil {
		return
	}
	if err := r.server.Process.Signal(syscall.SIGTERM); err != nil {
		r.t.Error(err)
	}
	if err := r.server.Wait(); err != nil {
		r.t.Errorf("the simulator ended badly: %v", err)
	}
	r.server = nil
}

// Somebody who reads the page on offline testing from its beginning to its end writes its files, which are the examples, and sees
// what it says.
func TestAccGuides_offlineTesting(t *testing.T) {
	t.Parallel()
	files := below(claimed(t), "offline_testing")
	r := newReader(t)
	fences := fencesOf(t, "docs", "guides", "offline_testing.md")
	if len(fences) < 20 {
		t.Fatalf("the page has %d blocks", len(fences))
	}
	for i, f := range fences {
		text := strings.ReplaceAll(f.text, "127.0.0.1:8080", "127.0.0.1:"+r.port)
		switch name := regexp.MustCompile(`^# (\S+\.\w+)\n`).FindStringSubmatch(text); {
		case name != nil:
			maps.DeleteFunc(files, func(_, example string) bool { return strings.TrimSpace(example) == strings.TrimSpace(f.text) })
			r.w.Write(map[string]string{name[1]: text})
			if script := pipeline(t, text); script != "" {
				r.stop()
				r.inPipeline(script)
			}
		case f.language == "shell":
			r.run(text)
			if fails := i+1 < len(fences) && strings.Contains(fences[i+1].text, "1 failed"); r.failed != fails {
				t.Fatalf("failed: %t, want %t:\n%s\n%s", r.failed, fails, text, r.output)
			}
		case f.language == "text":
			for line := range strings.Lines(text) {
				if !strings.Contains(r.output, strings.TrimSpace(line)) {
					t.Errorf("no %q in\n%s", line, r.output)
				}
			}
		default:
			t.Errorf("a block of %s without a name", f.language)
		}
	}
	if len(files) > 0 {
		t.Errorf("the page does not show the examples %q", slices.Sorted(maps.Keys(files)))
	}
}

// inPipeline runs the script of a pipeline, and ends what it leaves behind.
func (r *reader) inPipeline(script string) {
	r.t.Helper()
	var out bytes.Buffer
	cmd := r.bash(script)
	cmd.Stdout, cmd.Stderr = &out, &out
	err := cmd.Run()
	_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) // The group is this script's own.
	text := out.String()
	if err != nil || !strings.Contains(text, "Success! 3 passed, 0 failed.") || !strings.Contains(text, "No live mix sessions.") ||
		!strings.Contains(text, "livesim listening on") {
		r.t.Errorf("%v:\n%s\n%s", err, script, text)
	}
	r.awaitFree()
}

// awaitFree waits until the port can be used again.
func (r *reader) awaitFree() {
	r.t.Helper()
	acctest.WaitFor(r.t, "the port is free", func() bool {
		conn, err := new(net.Dialer).DialContext(context.WithoutCancel(r.t.Context()), "tcp", "127.0.0.1:"+r.port)
		if err == nil {
			_ = conn.Close()
		}
		return err != nil
	})
}

// pipeline is the script of a job of GitHub Actions or GitLab CI; "" for another file.
func pipeline(t *testing.T, text string) string {
	t.Helper()
	var file struct {
		Jobs map[string]struct {
			Steps []struct {
				Run string `yaml:"run"`
			} `yaml:"steps"`
		} `yaml:"jobs"`
		Mixes struct {
			Variables    map[string]string `yaml:"variables"`
			BeforeScript []string          `yaml:"before_script"`
			Script       []string          `yaml:"script"`
			AfterScript  []string          `yaml:"after_script"`
		} `yaml:"mixes"`
	}
	if !strings.Contains(text, "livesim wait") {
		return ""
	}
	if err := yaml.Unmarshal([]byte(text), &file); err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, job := range file.Jobs {
		for _, step := range job.Steps {
			lines = append(lines, step.Run)
		}
	}
	for name, value := range file.Mixes.Variables {
		lines = append(lines, fmt.Sprintf("%s=%q", name, value))
	}
	lines = append(append(append(lines, file.Mixes.BeforeScript...), file.Mixes.Script...), file.Mixes.AfterScript...)
	return strings.Join(lines, "\n")
}
