// SPDX-License-Identifier: MPL-2.0

//go:build linux

package provider

import (
	"bytes"
	"os/exec"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// This file serves bench_test.go alone and goes with it.

const requires = acctest.Requires

type workspace struct{ *acctest.Workspace }

func newWorkspace(t *testing.T, files map[string]string, env ...string) *workspace {
	t.Helper()
	return &workspace{acctest.NewWorkspace(t, files, env...)}
}

func (w *workspace) write(files map[string]string) { w.Write(files) }

func (w *workspace) run(args ...string) string { return w.Run(args...) }

func (w *workspace) command(args ...string) (*exec.Cmd, *bytes.Buffer) { return w.Command(args...) }

func startSim(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	return acctest.StartSimulator(t, changes...)
}
