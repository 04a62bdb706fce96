// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	modulePath   = "github.com/tencentcss/terraform-provider-tencentcss"
	providerName = "terraform-provider-tencentcss"
)

// ProviderPath creates the directories and returns the path for a build of the provider with a version number, such
// that both CLIs find it when they run in dir, without any configuration: terraform.d/plugins there is a mirror, in
// which each looks below the name of its own registry.
func ProviderPath(dir, number string) (string, error) {
	const plugins, source = "terraform.d/plugins", "tencentcss/tencentcss"
	platform := runtime.GOOS + "_" + runtime.GOARCH
	folder := filepath.Join(dir, plugins, terraformRegistry, source, number, platform)
	other := filepath.Join(dir, plugins, tofuRegistry, source, number)
	if err := errors.Join(os.MkdirAll(folder, 0o700), os.MkdirAll(other, 0o700)); err != nil {
		return "", err
	}
	// The CLIs follow a link in place of the platform's directory, but none above it.
	target, err := filepath.Rel(other, folder)
	if err != nil {
		return "", err
	}
	if err := os.Symlink(target, filepath.Join(other, platform)); err != nil {
		return "", err
	}
	return filepath.Join(folder, providerName+"_v"+number), nil
}

// ModuleRoot returns the root of this module. It must be called inside it.
func ModuleRoot(ctx context.Context) (string, error) {
	out, err := output(exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}", modulePath))
	return strings.TrimSpace(out), err
}

// BuildProvider builds the provider with a version number to a path, as a release is built. root is the module's root.
func BuildProvider(ctx context.Context, root, path, number string) error {
	//nolint:gosec // G204: the program is go.
	_, err := output(exec.CommandContext(ctx, "go", "build", "-C", root, "-trimpath", "-ldflags", "-s -w -X main.version="+number, "-o", path, "."))
	return err
}

// output runs a program and returns what it printed.
func output(cmd *exec.Cmd) (string, error) {
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w\n%s", strings.Join(cmd.Args[:2], " "), err, stderr.String())
	}
	return string(out), nil
}
