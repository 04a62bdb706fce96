// SPDX-License-Identifier: MPL-2.0

//go:build unix

package liveapi

import (
	"path/filepath"
	"syscall"
	"testing"
)

// namedPipe is a pipe that nobody writes to; empty where there are none.
func namedPipe(t *testing.T) string {
	t.Helper()
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	return pipe
}
