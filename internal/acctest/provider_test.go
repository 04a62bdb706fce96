// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"
)

// Each CLI looks below the name of its own registry, and finds the same file there. It does not look behind a link, unless
// that is in the place of the platform's directory.
func TestProviderPath(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path, err := ProviderPath(dir, "1.2.3")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("a build"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		at := filepath.Join(dir, "terraform.d", "plugins")
		for _, name := range []string{registry, "tencentcss", "tencentcss", "1.2.3"} {
			at = filepath.Join(at, name)
			if info, err := os.Lstat(at); err != nil || info.Mode()&fs.ModeSymlink != 0 {
				t.Errorf("%s is a link (%v)", at, err)
			}
		}
		b, err := os.ReadFile(filepath.Join(at, runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-tencentcss_v1.2.3"))
		if err != nil || string(b) != "a build" {
			t.Errorf("%s: %q, %v", registry, b, err)
		}
	}
	if _, err := ProviderPath(dir, "1.2.3"); err == nil {
		t.Error("a second version is put into the same directory without an error")
	}
}
