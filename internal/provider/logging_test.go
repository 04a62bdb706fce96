// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"bufio"
	"bytes"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// The loggers are off exactly when no TF_LOG variable is set: each one of them brings back what it asks for. The provider
// runs as a program of its own that the CLI attaches to, so that what it writes is seen as it leaves it.
func TestAccCLI_loggers(t *testing.T) {
	t.Parallel()
	needAcceptance(t)
	const (
		call      = "Tencent Live API call"
		proto     = "Received request"
		framework = "Calling provider defined Resource Create"
	)
	all := []string{call, proto, framework}
	for name, tt := range map[string]struct {
		env  []string
		want []string
	}{
		"none":                       {},
		"empty":                      {env: []string{"TF_LOG="}},
		"TF_LOG":                     {env: []string{"TF_LOG=TRACE"}, want: all},
		"TF_LOG_CORE":                {env: []string{"TF_LOG_CORE=TRACE"}, want: all},
		"TF_LOG_PROVIDER":            {env: []string{"TF_LOG_PROVIDER=DEBUG"}, want: all},
		"TF_LOG_PROVIDER_TENCENTCSS": {env: []string{"TF_LOG_PROVIDER_TENCENTCSS=DEBUG"}, want: all},
		"TF_LOG_SDK":                 {env: []string{"TF_LOG_SDK=TRACE"}, want: all},
		"TF_LOG_SDK_FRAMEWORK":       {env: []string{"TF_LOG_SDK_FRAMEWORK=TRACE"}, want: all},
		"TF_LOG_SDK_PROTO":           {env: []string{"TF_LOG_SDK_PROTO=TRACE"}, want: all},
		"own log alone":              {env: []string{"TF_LOG_SDK=OFF"}, want: []string{call}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := newSim(t)
			w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + minimalMix("room")})
			attached, written := attach(t, w, tt.env)
			w.Env = append(w.Env, "TF_REATTACH_PROVIDERS="+attached)
			w.run("apply", "-auto-approve")
			w.run("destroy", "-auto-approve")

			text := written()
			for _, line := range all {
				want := false
				for _, wanted := range tt.want {
					want = want || wanted == line
				}
				if got := strings.Contains(text, line); got != want {
					t.Errorf("%q is written: %t, want %t", line, got, want)
				}
			}
		})
	}
}

// attach starts the provider as a program with the given log variables. It returns what tells the CLI of it, and a
// function that ends it and returns what it wrote. The provider names itself by its address in Terraform's registry, and
// OpenTofu looks for the one in its own.
func attach(t *testing.T, w *workspace, env []string) (reattach string, written func() string) {
	t.Helper()
	binary, err := acctest.Provider()
	if err != nil {
		t.Fatal(err)
	}
	cli, err := acctest.Inspect(t.Context(), os.Getenv(acctest.PathVariable))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "-debug")
	cmd.Env = append(append([]string{}, w.Env...), env...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGINT) // Wait tells how it ended.
		if err := cmd.Wait(); err != nil {
			t.Errorf("the provider ended with %v", err)
		}
	})
	t.Cleanup(end)

	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, value, ok := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS="); ok {
			go func() {
				for lines.Scan() {
					// The pipe must be read to its end for the program to go on.
				}
			}()
			value = strings.Replace(value, "registry.terraform.io/", cli.Registry()+"/", 1)
			return strings.Trim(strings.TrimSpace(value), "'"), func() string { end(); return log.String() }
		}
	}
	t.Fatal("the provider did not say how to attach to it")
	return "", nil
}
