// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
)

const (
	repository = "https://github.com/tencentcss/terraform-provider-tencentcss/"
	rawFiles   = "https://raw.githubusercontent.com/tencentcss/terraform-provider-tencentcss/main/"
)

var (
	codePattern    = regexp.MustCompile("(?s)\n *```.*?\n *```|`[^`\n]*`")
	linkPattern    = regexp.MustCompile(`\]\(([^)\s]+)\)|(?m)^\[[^\]]+\]: (\S+)$`)
	headingPattern = regexp.MustCompile(`(?m)^#+ (.+)$|<a id="([^"]+)">`)
	// droppedPattern matches what GitHub and the registries leave out of the anchor of a heading.
	droppedPattern = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// Each link leads somewhere: to a file, or, in a page of the registries, to a page without its extension; and its anchor is a
// heading there. The other pages, README.md first of all, are read on GitHub only, which wants the name of the file.
func TestDocs_links(t *testing.T) {
	t.Parallel()
	root := os.DirFS(".")
	pages := map[string]string{}
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (strings.HasPrefix(entry.Name(), ".") && name != "." || entry.Name() == "node_modules") {
			return fs.SkipDir
		}
		if !strings.HasSuffix(name, ".md") && !strings.HasSuffix(name, ".md.tmpl") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		pages[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for name, text := range pages {
		for _, match := range linkPattern.FindAllStringSubmatch(codePattern.ReplaceAllString(text, ""), -1) {
			links++
			if err := resolve(root, pages, name, match[1]+match[2]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if links < len(pages) {
		t.Errorf("only %d links in %d pages", links, len(pages))
	}
}

// resolve looks for what a link in a page leads to.
func resolve(root fs.FS, pages map[string]string, page, link string) error {
	target, anchor, _ := strings.Cut(link, "#")
	// A template stands where its page will.
	from := strings.TrimSuffix(page, ".tmpl")
	if rest, ok := strings.CutPrefix(from, "templates/"); ok {
		from = "docs/" + rest
	}
	file, own := ownFile(target)
	if own {
		target = file
	} else {
		switch {
		case strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:"):
			return nil
		case target == "":
			target = page
		default:
			target = path.Join(path.Dir(from), target)
		}
	}
	if _, err := fs.Stat(root, target); err != nil {
		if own || !strings.HasPrefix(from, "docs/") {
			return fmt.Errorf("%s leads nowhere on GitHub", link)
		}
		target += ".md"
		if _, err := fs.Stat(root, target); err != nil {
			return fmt.Errorf("%s leads nowhere", link)
		}
	}
	if anchor != "" && !anchors(pages[target])[anchor] {
		return fmt.Errorf("%s: %s has no such heading", link, target)
	}
	return nil
}

// ownFile is the file of this repository that an address shows.
func ownFile(address string) (string, bool) {
	for _, prefix := range []string{rawFiles, repository + "blob/main/", repository + "tree/main/"} {
		if file, ok := strings.CutPrefix(address, prefix); ok {
			return file, true
		}
	}
	return "", false
}

func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, match := range headingPattern.FindAllStringSubmatch(text, -1) {
		anchor := droppedPattern.ReplaceAllString(strings.ToLower(match[1]), "")
		found[match[2]+strings.ReplaceAll(anchor, " ", "-")] = true
	}
	return found
}

// What leads nowhere is found, in each way that a link is written.
func TestDocs_brokenLinks(t *testing.T) {
	t.Parallel()
	const page = "docs/guides/a.md"
	pages := map[string]string{page: "# One heading, here\n", "docs/resources/b.md": "", "docs/images/c.png": ""}
	root := fstest.MapFS{}
	for name := range pages {
		root[name] = &fstest.MapFile{}
	}
	for link, wantErr := range map[string]bool{
		"../resources/b":                 false,
		"../resources/b.md":              false,
		"../resources/none":              true,
		"#one-heading-here":              false,
		"#another":                       true,
		"../resources/b#another":         true,
		rawFiles + "docs/images/c.png":   false,
		rawFiles + "docs/images/no.png":  true,
		repository + "blob/main/none.md": true,
		"https://example.com/none":       false,
	} {
		if err := resolve(root, pages, page, link); (err != nil) != wantErr {
			t.Errorf("%s: %v", link, err)
		}
	}
	for link, wantErr := range map[string]bool{
		"docs/resources/b.md":                     false,
		"docs/resources/b":                        true,
		repository + "blob/main/docs/resources/b": true,
	} {
		if err := resolve(root, pages, "README.md", link); (err != nil) != wantErr {
			t.Errorf("%s in README.md: %v", link, err)
		}
	}
}
