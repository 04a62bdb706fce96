// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// Where the files of this repository are read. The registry shows the pages of docs/ without their extension, GitHub with it,
// and no relative link works in both.
const (
	registry      = "https://registry.terraform.io/providers/tencentcss/"
	registryPages = registry + "tencentcss/latest/docs"
	github        = "https://github.com/tencentcss/"
	repository    = github + "terraform-provider-tencentcss"
	raw           = "https://raw.githubusercontent.com/tencentcss/"
	rawFiles      = raw + "terraform-provider-tencentcss/main/"
)

// onGitHub are the addresses of this repository that show no file of it.
var onGitHub = []string{repository, repository + "/issues", repository + "/security/advisories/new"}

var (
	codePattern    = regexp.MustCompile("(?s)\n *```.*?\n *```|`[^`\n]*`")
	linkPattern    = regexp.MustCompile(`\]\(([^)\s]+)\)|(?m)^\[[^\]]+\]: (\S+)$`)
	headingPattern = regexp.MustCompile(`(?m)^#+ (.+)$|<a id="([^"]+)">`)
	// droppedPattern matches what GitHub and the registries leave out of the anchor of a heading.
	droppedPattern = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	// ownPattern matches the addresses of this project in any text.
	ownPattern = regexp.MustCompile(`https://(?:registry\.(?:terraform\.io|opentofu\.org)/providers?|github\.com|raw\.githubusercontent\.com)/tencentcss/[\w./#-]*[\w/]`)
)

// site is what the links lead to: the repository, with the texts of its pages.
type site struct {
	root  fs.FS
	pages map[string]string
}

// readSite reads all pages, and the other texts in which an address of this project may stand.
func readSite(root fs.FS) (s site, others map[string]string, _ error) {
	s, others = site{root, map[string]string{}}, map[string]string{}
	return s, others, fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case entry.IsDir() && (strings.HasPrefix(base, ".") && base != "." && base != ".github" || slices.Contains([]string{"node_modules", "bin", "dist"}, base)):
			return fs.SkipDir
		case entry.IsDir(), strings.HasSuffix(base, "_test.go"):
			return nil
		}
		into := others
		switch ext := path.Ext(name); {
		case ext == ".md" || strings.HasSuffix(name, ".md.tmpl"):
			into = s.pages
		case !slices.Contains([]string{".go", ".tf", ".hcl", ".yml", ".yaml", ".txt"}, ext):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		into[name] = string(text)
		return err
	})
}

// Each link leads somewhere, on GitHub as in the registries: to a file of this repository or to a page of the registry, which is
// a file of docs/, and its anchor is a heading there.
func TestLinks(t *testing.T) {
	t.Parallel()
	s, others, err := readSite(os.DirFS("."))
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for name, text := range s.pages {
		for _, match := range linkPattern.FindAllStringSubmatch(codePattern.ReplaceAllString(text, ""), -1) {
			links++
			if err := s.resolve(name, match[1]+match[2]); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if links < len(s.pages) {
		t.Errorf("only %d links in %d pages", links, len(s.pages))
	}
	found := 0
	for name, text := range others {
		for _, address := range ownPattern.FindAllString(text, -1) {
			found++
			if err := s.resolve(name, address); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	if found == 0 {
		t.Error("no message has an address of this project")
	}
}

// resolve looks for what a link leads to that stands in a file.
func (s site) resolve(from, link string) error {
	address, anchor, _ := strings.Cut(link, "#")
	target, err := s.target(from, address)
	switch {
	case err != nil:
		return fmt.Errorf("%s: %w", link, err)
	case target == "":
		return nil
	}
	if anchor != "" && !anchors(s.pages[target])[anchor] {
		return fmt.Errorf("%s: %s has no such heading", link, target)
	}
	return nil
}

// target is the file of this repository to which an address leads; "" for what lies elsewhere.
func (s site) target(from, address string) (string, error) {
	published := strings.HasPrefix(from, "docs/") || strings.HasPrefix(from, "templates/")
	var file string
	var wantDir, isPage bool
	switch {
	case address == "":
		return from, nil
	case address == registryPages:
		file, isPage = "docs/index.md", true
	case strings.HasPrefix(address, registryPages+"/"):
		file, isPage = "docs"+strings.TrimPrefix(address, registryPages)+".md", true
	case strings.HasPrefix(address, rawFiles):
		file = strings.TrimPrefix(address, rawFiles)
	case strings.HasPrefix(address, repository+"/blob/main/"):
		file = strings.TrimPrefix(address, repository+"/blob/main/")
	case strings.HasPrefix(address, repository+"/tree/main/"):
		file, wantDir = strings.TrimPrefix(address, repository+"/tree/main/"), true
	case slices.Contains(onGitHub, address):
		return "", nil
	case strings.HasPrefix(address, registry), strings.HasPrefix(address, github), strings.HasPrefix(address, raw):
		return "", errors.New("this project has no such address")
	case strings.Contains(address, "://") || strings.HasPrefix(address, "mailto:"):
		return "", nil
	case published:
		return "", fmt.Errorf("a relative link works either on GitHub or in the registries; write %s/…", registryPages)
	default:
		file = path.Join(path.Dir(from), address)
		if info, err := fs.Stat(s.root, file); err == nil {
			wantDir = info.IsDir()
		}
	}
	// The registry shows no other files of docs/ than these.
	parts := strings.Split(file, "/")
	if isPage && file != "docs/index.md" && (len(parts) != 3 || !slices.Contains(pageKinds, parts[1])) {
		return "", errors.New("the registry has no such page")
	}
	switch info, err := fs.Stat(s.root, file); {
	case err != nil:
		return "", errors.New("leads nowhere")
	case info.IsDir() != wantDir:
		return "", errors.New("tree leads to a directory, blob and raw lead to a file")
	}
	return file, nil
}

// pageKinds are the directories of docs/ that the registry shows.
var pageKinds = []string{"guides", "resources", "data-sources", "ephemeral-resources", "functions", "actions"}

func anchors(text string) map[string]bool {
	found := map[string]bool{}
	for _, match := range headingPattern.FindAllStringSubmatch(codePattern.ReplaceAllStringFunc(text, withoutBlock), -1) {
		anchor := droppedPattern.ReplaceAllString(strings.ToLower(match[1]), "")
		found[match[2]+strings.ReplaceAll(anchor, " ", "-")] = true
	}
	return found
}

// withoutBlock drops a block of code, whose comments look like headings, and keeps what a heading may quote.
func withoutBlock(code string) string {
	if strings.Contains(code, "```") {
		return ""
	}
	return code
}

// What leads nowhere is found, in each way that a link is written, and so is what leads somewhere in one place only.
func TestLinks_broken(t *testing.T) {
	t.Parallel()
	const page = "docs/guides/a.md"
	s := site{fstest.MapFS{}, map[string]string{
		page: "# One heading, here\n\n```shell\n# not a heading\n```\n\n## With `code`\n", "docs/resources/b.md": "", "docs/index.md": "", "docs/benchmarks.md": "",
	}}
	for name := range s.pages {
		s.root.(fstest.MapFS)[name] = &fstest.MapFile{}
	}
	s.root.(fstest.MapFS)["docs/images/c.png"] = &fstest.MapFile{}
	for link, wantErr := range map[string]bool{
		registryPages:                                     false,
		registryPages + "/resources/b":                    false,
		registryPages + "/guides/a#one-heading-here":      false,
		registryPages + "/guides/a#with-code":             false,
		registryPages + "/guides/a#not-a-heading":         true,
		registryPages + "/guides/a#another":               true,
		registryPages + "/guides/none":                    true,
		registryPages + "/resources/b.md":                 true,
		registryPages + "/benchmarks":                     true, // A file of docs/ that the registry does not show.
		registry + "tencentcss/0.1.0/docs/guides/a":       true,
		registry + "tencent/latest/docs/guides/a":         true,
		rawFiles + "docs/images/c.png":                    false,
		rawFiles + "docs/images/no.png":                   true,
		repository + "/blob/main/docs/benchmarks.md":      false,
		repository + "/blob/main/docs/benchmarks.md#none": true,
		repository + "/blob/main/none.md":                 true,
		repository + "/blob/main/docs":                    true,
		repository + "/tree/main/docs":                    false,
		repository + "/tree/main/docs/index.md":           true,
		repository + "/tree/main/none":                    true,
		repository + "/blob/v0.1.0/docs/index.md":         true,
		repository + "/issues":                            false,
		repository + "/wiki":                              true,
		github + "another":                                true,
		"https://example.com/none":                        false,
		"#one-heading-here":                               false,
		"#another":                                        true,
		"../resources/b":                                  true,
		"../resources/b.md":                               true,
		"../images/c.png":                                 true,
		"/docs/resources/b.md":                            true,
	} {
		for _, from := range []string{page, "templates/guides/a.md"} {
			s.pages["templates/guides/a.md"] = s.pages[page]
			if err := s.resolve(from, link); (err != nil) != wantErr {
				t.Errorf("%s in %s: %v", link, from, err)
			}
		}
	}
	for link, wantErr := range map[string]bool{
		"docs/resources/b.md":          false,
		"docs/resources":               false,
		"docs/resources/b":             true,
		"docs/benchmarks.md#none":      true,
		registryPages + "/resources/b": false,
		registryPages + "/none":        true,
	} {
		if err := s.resolve("README.md", link); (err != nil) != wantErr {
			t.Errorf("%s in README.md: %v", link, err)
		}
	}
}
