// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"errors"
	"os"
	"os/exec"
	"testing"
)

// A parent that died before anybody looked for it ends the process as well as one that dies later.
func TestEndWithParentThatIsGone(t *testing.T) {
	const variable = "TENCENTCSS_TEST_END_WITH_PARENT"
	if os.Getenv(variable) != "" {
		endWithParent(os.Getppid() + 1)
		return
	}
	t.Parallel()
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^"+t.Name()+"$")
	cmd.Env = append(os.Environ(), variable+"=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 || len(out) > 0 {
		t.Errorf("the process ended with %v:\n%s", err, out)
	}
}
