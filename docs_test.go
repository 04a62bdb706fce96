// SPDX-License-Identifier: MPL-2.0

package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
)

var (
	sourcePattern = regexp.MustCompile(`source *= "tencentcss/tencentcss"\n *(version *= "(?:~>|>=) ([^"]+)")?`)
	nextPattern   = regexp.MustCompile(`(?m)^VERSION \?= (\d+\.\d+)\.\d+$`)
)

// Every configuration to copy pins the version of the provider, and its pin accepts the release that is built next.
func TestDocs_versionPins(t *testing.T) {
	t.Parallel()
	makefile, err := os.ReadFile("GNUmakefile")
	if err != nil {
		t.Fatal(err)
	}
	next := nextPattern.FindStringSubmatch(string(makefile))
	if next == nil {
		t.Fatal("GNUmakefile names no VERSION")
	}
	found := 0
	for _, root := range []string{"README.md", "examples", "templates", "docs"} {
		err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.Name() == ".terraform" {
				return fs.SkipDir
			}
			if entry.IsDir() || !slices.Contains([]string{".md", ".tmpl", ".tf"}, path.Ext(name)) {
				return nil
			}
			text, err := os.ReadFile(name)
			for _, match := range sourcePattern.FindAllStringSubmatch(string(text), -1) {
				found++
				if match[1] == "" || match[2] != next[1]+".0" {
					t.Errorf("%s: %q does not pin version %s.0", name, match[0], next[1])
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if found < 8 {
		t.Errorf("only %d configurations were found", found)
	}
}
