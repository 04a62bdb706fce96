// SPDX-License-Identifier: MPL-2.0

// Package acctest is what tests with a real Terraform or OpenTofu share with each other and with the demo: finding the
// program, a directory to run it in with a build of the provider, a simulator to run it against, and values on the
// wire.
package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
	"github.com/hashicorp/hc-install/releases"
)

// PathVariable names the environment variable that selects the program: a path, or a name on PATH.
// terraform-plugin-testing reads the same variable.
const PathVariable = "TF_ACC_TERRAFORM_PATH"

// installVersion is the Terraform that is downloaded if none is installed. It is pinned, so that all machines test the
// same.
const installVersion = "1.15.9"

// Find returns the absolute path of a Terraform or OpenTofu program. It takes the first of these that exists:
//
//   - the one that [PathVariable] names, and no other if that is set,
//   - terraform on PATH,
//   - tofu on PATH,
//   - Terraform 1.15.9, downloaded from HashiCorp's release site into the user's cache directory and checked against the
//     signed checksums. It is kept there for the next call.
//
// The error says what to install. It wraps the context's error if that ended the download.
func Find(ctx context.Context) (string, error) {
	if name := os.Getenv(PathVariable); name != "" {
		path, err := lookPath(name)
		if err != nil {
			return "", fmt.Errorf("%s does not name a program: %w", PathVariable, err)
		}
		return path, nil
	}
	for _, name := range []string{"terraform", "tofu"} {
		path, err := lookPath(name)
		if err == nil {
			return path, nil
		}
		if !errors.Is(err, exec.ErrNotFound) {
			return "", err
		}
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", notFoundError(err)
	}
	return install(ctx, release(), filepath.Join(cache, "terraform-provider-tencentcss", "terraform-"+installVersion))
}

// lookPath is [exec.LookPath] with an absolute result, for a caller that runs the program in another directory.
func lookPath(name string) (string, error) {
	path, err := exec.LookPath(name)
	if err != nil {
		return "", err
	}
	return filepath.Abs(path)
}

// release describes the download of Terraform.
func release() *releases.ExactVersion {
	return &releases.ExactVersion{
		Product: product.Terraform,
		Version: version.Must(version.NewVersion(installVersion)),
		Timeout: 5 * time.Minute,
	}
}

// install returns the program in dir, and downloads it first if it is missing. It downloads to a directory next to dir
// and renames that, because test packages run at the same time and none may see a partial program.
func install(ctx context.Context, r *releases.ExactVersion, dir string) (string, error) {
	path := filepath.Join(dir, r.Product.BinaryName())
	if _, err := exec.LookPath(path); err == nil {
		return path, nil
	}
	parent := filepath.Dir(dir)
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return "", notFoundError(err)
	}
	part, err := os.MkdirTemp(parent, "download-")
	if err != nil {
		return "", notFoundError(err)
	}
	defer func() { _ = os.RemoveAll(part) }() // After the rename there is nothing left to remove.
	r.InstallDir = part
	if _, err := r.Install(ctx); err != nil {
		return "", notFoundError(err)
	}
	if err := os.Rename(part, dir); err != nil {
		// Another process was first.
		if _, lookErr := exec.LookPath(path); lookErr == nil {
			return path, nil
		}
		return "", notFoundError(err)
	}
	return path, nil
}

func notFoundError(err error) error {
	return fmt.Errorf("no Terraform or OpenTofu was found and Terraform %s could not be installed; "+
		"put terraform or tofu on PATH, or set %s to the program: %w", installVersion, PathVariable, err)
}

// CLI is a Terraform or OpenTofu program.
type CLI struct {
	Path    string
	Tofu    bool
	Version *version.Version
}

// Inspect asks the program at path what it is, because a file can have any name.
func Inspect(ctx context.Context, path string) (CLI, error) {
	cmd := exec.CommandContext(ctx, path, "version")
	cmd.Env = Environ()
	out, err := cmd.Output()
	if err != nil {
		return CLI{}, fmt.Errorf("%s version: %w", path, err)
	}
	first, _, _ := strings.Cut(string(out), "\n")
	name, number, _ := strings.Cut(strings.TrimSpace(first), " v")
	v, err := version.NewVersion(number)
	if err != nil || name != terraformName && name != tofuName {
		return CLI{}, fmt.Errorf("%s version: neither Terraform nor OpenTofu: %q", path, first)
	}
	return CLI{Path: path, Tofu: name == tofuName, Version: v}, nil
}

const (
	terraformName = "Terraform"
	tofuName      = "OpenTofu"
)

// String returns the name and the version.
func (c CLI) String() string {
	if c.Tofu {
		return tofuName + " " + c.Version.String()
	}
	return terraformName + " " + c.Version.String()
}

// Registry returns the host that the program assumes for a provider whose source names none.
func (c CLI) Registry() string {
	if c.Tofu {
		return tofuRegistry
	}
	return terraformRegistry
}

const (
	terraformRegistry = "registry.terraform.io"
	tofuRegistry      = "registry.opentofu.org"
)

// Environ returns the environment for a run of the program that does not depend on the user's shell: the environment of
// this process without any TF_…, TENCENTCLOUD_… and TENCENTCSS_… variable, and with no version check, no CLI
// configuration file and no hints about what to run next. The entries of extra ("NAME=value") come last and so win.
func Environ(extra ...string) []string { return append(isolated(os.Environ()), extra...) }

func isolated(environ []string) []string {
	var env []string
	for _, entry := range environ {
		if !ofShell(entry) {
			env = append(env, entry)
		}
	}
	return append(env,
		"CHECKPOINT_DISABLE=1",
		"TF_CLI_CONFIG_FILE="+os.DevNull,
		"TF_IN_AUTOMATION=1",
	)
}

// ofShell reports whether an entry of the environment would change what a run of the program does.
func ofShell(entry string) bool {
	for _, prefix := range []string{"TF_", "TENCENTCLOUD_", "TENCENTCSS_"} {
		if strings.HasPrefix(entry, prefix) {
			return true
		}
	}
	return false
}
