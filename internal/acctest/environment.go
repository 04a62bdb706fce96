// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/go-version"
)

// Variables that configure the tests begin with settingPrefix. With CloudVariable, the tests that can run on Tencent
// Cloud do so, with the credentials of the environment.
const (
	settingPrefix = "TENCENTCSS_ACC_"
	CloudVariable = settingPrefix + "CLOUD"

	// buildsVariable holds the directory that Main gives the tests for their builds.
	buildsVariable = settingPrefix + "BUILDS"
)

// Main is the body of a TestMain. It gives the tests the same environment on every machine: with the CLI that [Find]
// finds, and without the variables of the user's shell that Terraform, the provider or its tests would read. It sets the
// given variables ("NAME=value") as well. It runs the tests and returns the exit code.
func Main(m *testing.M, variables ...string) int {
	builds, err := os.MkdirTemp("", "tencentcss-acc-")
	if err == nil {
		err = arrange(context.Background(), builds, variables)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, errors.Join(err, os.RemoveAll(builds)))
		return 1
	}
	code := m.Run()
	if err := os.RemoveAll(builds); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	return code
}

// arrange sets the environment of this process.
func arrange(ctx context.Context, builds string, variables []string) error {
	settings := append(testEnviron(os.Environ()), buildsVariable+"="+builds)
	settings = append(settings, variables...)
	if acceptance := os.Getenv("TF_ACC"); acceptance != "" {
		path, err := Find(ctx)
		if err != nil {
			return err
		}
		cli, err := Inspect(ctx, path)
		if err != nil {
			return err
		}
		settings = append(settings, "TF_ACC="+acceptance, PathVariable+"="+path)
		if cli.Tofu {
			settings = append(settings, "TF_ACC_PROVIDER_HOST="+cli.Registry(), "TF_ACC_PROVIDER_NAMESPACE=hashicorp")
		}
	}
	os.Clearenv()
	for _, entry := range settings {
		name, value, _ := strings.Cut(entry, "=")
		if err := os.Setenv(name, value); err != nil {
			return err
		}
	}
	return nil
}

// testEnviron returns the part of an environment that tests keep. Tests on Tencent Cloud need its credentials.
func testEnviron(environ []string) []string {
	env := isolated(environ)
	cloud := false
	for _, entry := range environ {
		if strings.HasPrefix(entry, settingPrefix) {
			env = append(env, entry)
			cloud = cloud || strings.HasPrefix(entry, CloudVariable+"=") && entry != CloudVariable+"="
		}
	}
	for _, entry := range environ {
		if cloud && strings.HasPrefix(entry, "TENCENTCLOUD_") {
			env = append(env, entry)
		}
	}
	return env
}

// Need skips a test that drives the CLI, before it sets anything up.
func Need(t *testing.T) {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("acceptance tests run with TF_ACC=1")
	}
}

// NeedVersion skips a test of a feature that the CLI does not have. terraform and tofu are the first versions with the
// feature, "" if that program does not have it.
func NeedVersion(t *testing.T, what, terraform, tofu string) {
	t.Helper()
	Need(t)
	cli, err := Inspect(t.Context(), os.Getenv(PathVariable))
	if err != nil {
		t.Fatal(err)
	}
	if reason := cli.lacks(what, terraform, tofu); reason != "" {
		t.Skip(reason)
	}
}

// lacks says why the program does not have a feature, given its first versions; "" if it has it.
func (c CLI) lacks(what, terraform, tofu string) string {
	name, least := terraformName, terraform
	if c.Tofu {
		name, least = tofuName, tofu
	}
	if least == "" {
		return fmt.Sprintf("%s: %s does not have it", what, name)
	}
	if c.Version.Core().LessThan(version.Must(version.NewVersion(least))) {
		return fmt.Sprintf("%s: needs %s %s or later, this is %s", what, name, least, c.Version)
	}
	return ""
}
