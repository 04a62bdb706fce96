// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/go-version"
	"github.com/hashicorp/hc-install/product"
)

// program writes an executable shell script and returns its path.
func program(t *testing.T, dir, name, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the programs of this test are shell scripts")
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\n"+script+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFind(t *testing.T) {
	var (
		bin    = t.TempDir()
		both   = filepath.Join(bin, "both")
		tofu   = filepath.Join(bin, "tofu")
		empty  = filepath.Join(bin, "empty")
		cached = filepath.Join(bin, "cache")
	)
	kept := filepath.Join(cached, "terraform-provider-tencentcss", "terraform-"+installVersion)
	for _, dir := range []string{both, tofu, empty, kept} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	program(t, both, "terraform", "exit 0")
	program(t, both, "tofu", "exit 0")
	program(t, tofu, "tofu", "exit 0")
	program(t, kept, "terraform", "exit 0")
	mine := program(t, bin, "my-terraform", "exit 0")

	for _, tc := range []struct {
		name, variable, path string
		want, wantErr        string
	}{
		{name: "the variable wins", variable: mine, path: both, want: mine},
		{name: "the variable may be a name on PATH", variable: "tofu", path: both, want: filepath.Join(both, "tofu")},
		{name: "a wrong variable is an error", variable: filepath.Join(bin, "none"), path: both, wantErr: PathVariable},
		{name: "terraform before tofu", path: both, want: filepath.Join(both, "terraform")},
		{name: "tofu alone", path: tofu, want: filepath.Join(tofu, "tofu")},
		{name: "the one that was installed before", path: empty, want: filepath.Join(kept, "terraform")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Setenv(PathVariable, tc.variable)
			t.Setenv("PATH", tc.path)
			// The user's cache directory follows the first on Linux and the second on macOS.
			t.Setenv("XDG_CACHE_HOME", cached)
			t.Setenv("HOME", bin)
			if runtime.GOOS == "darwin" && tc.path == empty {
				t.Skip("the cache directory cannot be moved")
			}
			got, err := Find(t.Context())
			switch {
			case tc.wantErr != "":
				if err == nil || !strings.Contains(err.Error(), tc.wantErr) {
					t.Fatalf("got %q, error %v; want an error with %q", got, err, tc.wantErr)
				}
			case err != nil:
				t.Fatal(err)
			case got != tc.want:
				t.Fatalf("got %q, want %q", got, tc.want)
			}
		})
	}
}

// site serves the release index and one build, as HashiCorp's release site does.
func site(t *testing.T) *httptest.Server {
	t.Helper()
	var archive bytes.Buffer
	zw := zip.NewWriter(&archive)
	for name, text := range map[string]string{"terraform": "#!/bin/sh\necho Terraform v" + installVersion + "\n", "LICENSE.txt": "none"} {
		w, err := zw.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	file := "terraform_" + installVersion + "_" + runtime.GOOS + "_" + runtime.GOARCH + ".zip"
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	mux.HandleFunc("/terraform/"+installVersion+"/index.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"name":"terraform","version":"` + installVersion + `","builds":[{"name":"terraform","version":"` +
			installVersion + `","os":"` + runtime.GOOS + `","arch":"` + runtime.GOARCH + `","filename":"` + file + `","url":"` +
			server.URL + "/terraform/" + installVersion + "/" + file + `"}]}`))
	})
	mux.HandleFunc("/terraform/"+installVersion+"/"+file, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/zip")
		_, _ = w.Write(archive.Bytes())
	})
	return server
}

func TestInstallByManyAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the program of this test is a shell script")
	}
	server := site(t)
	parent := t.TempDir()
	dir := filepath.Join(parent, "terraform")
	want := filepath.Join(dir, product.Terraform.BinaryName())
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			r := release()
			r.ApiBaseURL = server.URL
			r.SkipChecksumVerification = true // The site has no signing key.
			if path, err := install(t.Context(), r, dir); err != nil || path != want {
				t.Errorf("got %q, %v; want %q", path, err, want)
			}
		})
	}
	wg.Wait()
	if cli, err := Inspect(t.Context(), want); err != nil || cli.Tofu {
		t.Errorf("Inspect(%s) = %v, %v", want, cli, err)
	}
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 {
		t.Errorf("left beside the program: %v", entries)
	}
}

func TestInstallFails(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.NotFoundHandler())
	t.Cleanup(server.Close)
	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	for name, ctx := range map[string]context.Context{"no such release": t.Context(), "cancelled": canceled} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			parent := t.TempDir()
			r := release()
			r.ApiBaseURL = server.URL
			_, err := install(ctx, r, filepath.Join(parent, "terraform"))
			if err == nil || !strings.Contains(err.Error(), PathVariable) || !strings.Contains(err.Error(), "tofu on PATH") {
				t.Errorf("the error does not say what to do: %v", err)
			}
			if ctx.Err() != nil && !errors.Is(err, ctx.Err()) {
				t.Errorf("the error hides why it ended: %v", err)
			}
			entries, readErr := os.ReadDir(parent)
			if readErr != nil || len(entries) != 0 {
				t.Errorf("left behind: %v, %v", entries, readErr)
			}
		})
	}
}

func TestInstallChecksSignature(t *testing.T) {
	t.Parallel()
	r := release()
	r.ApiBaseURL = site(t).URL
	if path, err := install(t.Context(), r, filepath.Join(t.TempDir(), "terraform")); err == nil {
		t.Errorf("installed %s without a signed checksum", path)
	}
}

// TestInspect and the tests that write programs are serial: a program cannot start while a child of this process that is
// just being forked still has it open for writing ("text file busy").
func TestInspect(t *testing.T) {
	dir := t.TempDir()
	for _, tc := range []struct {
		name, script            string
		want, registry, wantErr string
	}{
		{
			name: "terraform", script: "echo 'Terraform v1.15.9'; echo 'on linux_amd64'",
			want: "Terraform 1.15.9", registry: "registry.terraform.io",
		},
		{name: "tofu", script: "echo 'OpenTofu v1.12.6'", want: "OpenTofu 1.12.6", registry: "registry.opentofu.org"},
		{name: "prerelease", script: "echo 'Terraform v1.16.0-rc2'", want: "Terraform 1.16.0-rc2", registry: "registry.terraform.io"},
		{name: "other", script: "echo 'Packer v1.0.0'", wantErr: "neither Terraform nor OpenTofu"},
		{name: "no number", script: "echo 'Terraform is fine'", wantErr: "neither Terraform nor OpenTofu"},
		{name: "broken", script: "exit 3", wantErr: "exit status 3"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := Inspect(t.Context(), program(t, dir, tc.name, tc.script))
			if tc.wantErr != "" {
				if err == nil || !strings.Contains(err.Error(), tc.wantErr) {
					t.Fatalf("got error %v, want %q", err, tc.wantErr)
				}
				return
			}
			if err != nil || got.String() != tc.want || got.Registry() != tc.registry {
				t.Fatalf("got %s of %s, %v; want %s of %s", got, got.Registry(), err, tc.want, tc.registry)
			}
		})
	}
}

func TestLacks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, number     string
		tofu             bool
		terraform, since string // From when on it is there.
		want             string
	}{
		{name: "new enough", number: "1.9.0", terraform: "1.9.0"},
		{name: "a release candidate counts", number: "1.9.0-rc1", terraform: "1.9.0"},
		{name: "too old", number: "1.8.5", terraform: "1.9.0", want: "rooms: needs Terraform 1.9.0 or later, this is 1.8.5"},
		{name: "too old OpenTofu", number: "1.8.5", tofu: true, terraform: "1.8.0", since: "1.9.0", want: "rooms: needs OpenTofu 1.9.0 or later, this is 1.8.5"},
		{name: "never in OpenTofu", number: "1.12.6", tofu: true, terraform: "1.8.0", want: "rooms: OpenTofu does not have it"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			cli := CLI{Tofu: tc.tofu, Version: version.Must(version.NewVersion(tc.number))}
			if got := cli.lacks("rooms", tc.terraform, tc.since); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}

func TestEnviron(t *testing.T) {
	for _, name := range []string{"TF_LOG", "TF_VAR_rooms", "TF_CLI_ARGS_apply", "TENCENTCLOUD_SECRET_KEY", "TENCENTCSS_LIVE_ENDPOINT"} {
		t.Setenv(name, "from the shell")
	}
	t.Setenv("MTF_LOG", "kept")
	env := Environ("TF_LOG=DEBUG", "TENCENTCSS_LIVE_ENDPOINT=http://127.0.0.1:1")
	if i := slices.IndexFunc(env, func(e string) bool { return strings.HasSuffix(e, "=from the shell") }); i >= 0 {
		t.Errorf("%s is still there", env[i])
	}
	for _, want := range []string{
		"MTF_LOG=kept", "PATH=" + os.Getenv("PATH"),
		"CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=" + os.DevNull, "TF_IN_AUTOMATION=1",
		"TF_LOG=DEBUG", "TENCENTCSS_LIVE_ENDPOINT=http://127.0.0.1:1",
	} {
		if !slices.Contains(env, want) {
			t.Errorf("%s is missing", want)
		}
	}
}
