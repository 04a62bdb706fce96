// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Package examples_test runs what users copy: the files of examples/, and the blocks and commands of the pages in docs/.
package examples_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }

const (
	mixStreamType = "tencentcss_mix_stream"

	// liveEndpoint is the variable of the environment that leads the provider to a simulator.
	liveEndpoint = "TENCENTCSS_LIVE_ENDPOINT"
)

// claims are the files of this directory that each test runs: it applies them, plans them, validates them or types their
// commands. A test gets the files that it claims from [claimed] and those only.
var claims = map[string][]string{
	"TestAccExamples_provider":                 {"provider/provider.tf"},
	"TestAccExamples_mixStream":                {"resources/tencentcss_mix_stream/resource.tf", "resources/tencentcss_mix_stream/resource_show.tf"},
	"TestAccExamples_mixStreamCheckedInputs":   {"resources/tencentcss_mix_stream/checked_inputs.tf"},
	"TestAccExamples_mixStreamImport":          {"resources/tencentcss_mix_stream/resource_show.tf", "resources/tencentcss_mix_stream/import.sh", "resources/tencentcss_mix_stream/import-by-string-id.tf"},
	"TestAccExamples_mixStreamIdentity":        {"resources/tencentcss_mix_stream/resource_show.tf", "resources/tencentcss_mix_stream/import-by-identity.tf"},
	"TestAccExamples_streamState":              {"data-sources/tencentcss_stream_state/data-source.tf"},
	"TestAccExamples_onlineStreams":            {"data-sources/tencentcss_online_streams/data-source.tf"},
	"TestAccExamples_onlineStreamsCheck":       {"data-sources/tencentcss_online_streams/data-source_check.tf"},
	"TestAccExamples_cancelMixStream":          {"actions/tencentcss_cancel_mix_stream/action.tf", "actions/tencentcss_cancel_mix_stream/action_trigger.tf"},
	"TestAccExamples_ephemeralURLs":            {"ephemeral-resources/*/ephemeral-resource.tf"},
	"TestAccExamples_functions":                {"functions/*/function.tf"},
	"TestAccExamples_roomMocked":               {"modules/room/*.tf", "modules/room/tests/mock.tftest.hcl"},
	"TestAccExamples_roomOnSimulator":          {"modules/room/*.tf", "modules/room/tests/simulator.tftest.hcl"},
	"TestAccExamples_roomPage":                 {"modules/room/*.tf", "modules/room/README.md"},
	"TestAccExamples_rooms":                    {"rooms/*.tf", "modules/room/*.tf"},
	"TestAccExamples_withTencentcloud":         {"with-tencentcloud/*.tf"},
	"TestAccExamples_withTencentcloudOfficial": {"with-tencentcloud/*.tf"},
	"TestAccExamples_demo":                     {"demo/*.tf", "demo/modules/room/*.tf"},
	"TestAccGuides_offlineTesting":             {"offline_testing/*.*", "offline_testing/tests/*"},
	"TestExamples_keysAreSensitive":            {"modules/room/*.tf", "rooms/*.tf", "with-tencentcloud/*.tf"},
}

// claimed reads the files that a test claims, by their paths in this directory.
func claimed(t *testing.T) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range claims[t.Name()] {
		names, err := fs.Glob(os.DirFS("."), pattern)
		if err != nil || len(names) == 0 {
			t.Fatalf("%s claims %s, which is not there (%v)", t.Name(), pattern, err)
		}
		for _, name := range names {
			text, err := os.ReadFile(filepath.FromSlash(name))
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(text)
		}
	}
	if len(files) == 0 {
		t.Fatalf("%s claims no file", t.Name())
	}
	return files
}

// below are the files below a directory, by their paths from there.
func below(files map[string]string, dir string) map[string]string {
	found := map[string]string{}
	for name, text := range files {
		if rest, ok := strings.CutPrefix(name, dir+"/"); ok {
			found[rest] = text
		}
	}
	return found
}

// configuration is the configuration of a simulator with the files beside it, by their last names.
func configuration(settings string, files map[string]string) map[string]string {
	all := map[string]string{"settings.tf": settings}
	for name, text := range files {
		all[path.Base(name)] = text
	}
	return all
}

// unclaimed are the files of a directory of examples that nobody claims. What the CLI leaves where it ran, and what Git
// ignores for that reason, does not count; nor do the tests themselves.
func unclaimed(root fs.FS, claims map[string][]string) ([]string, error) {
	var found []string
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch base := path.Base(name); {
		case err != nil:
			return err
		case entry.IsDir() && base == ".terraform":
			return fs.SkipDir
		case entry.IsDir(), strings.HasSuffix(base, "_test.go"), strings.HasPrefix(base, "."), strings.HasPrefix(base, "terraform.tfstate"),
			strings.HasSuffix(base, ".tfplan"), strings.HasSuffix(base, "override.tf"), base == "crash.log":
			return nil
		}
		for _, patterns := range claims {
			for _, pattern := range patterns {
				if ok, err := path.Match(pattern, name); ok || err != nil {
					return err
				}
			}
		}
		found = append(found, name)
		return nil
	})
	return found, err
}

// Every file is claimed by a test, every claim is for files that are there, and every test with a claim is one that asks for its
// files.
func TestExamples_claims(t *testing.T) {
	t.Parallel()
	left, err := unclaimed(os.DirFS("."), claims)
	if err != nil || len(left) > 0 {
		t.Errorf("no test claims %q (%v)", left, err)
	}
	readers := map[string]bool{}
	sources, err := filepath.Glob("*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, source := range sources {
		file, err := parser.ParseFile(token.NewFileSet(), source, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, declared := range file.Decls {
			f, ok := declared.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(node ast.Node) bool {
				if called, ok := node.(*ast.CallExpr); ok {
					if name, ok := called.Fun.(*ast.Ident); ok && name.Name == "claimed" {
						readers[f.Name.Name] = true
					}
				}
				return true
			})
		}
	}
	if got, want := slices.Sorted(maps.Keys(readers)), slices.Sorted(maps.Keys(claims)); !slices.Equal(got, want) {
		t.Errorf("tests that read their files:\n%q\ntests that claim files:\n%q", got, want)
	}
	for test, patterns := range claims {
		for _, pattern := range patterns {
			if names, err := fs.Glob(os.DirFS("."), pattern); err != nil || len(names) == 0 {
				t.Errorf("%s claims %s, which is not there (%v)", test, pattern, err)
			}
		}
	}
}

// A file that nobody claims is found, wherever it lies. What a CLI leaves behind is not looked at.
func TestExamples_unclaimed(t *testing.T) {
	t.Parallel()
	root := fstest.MapFS{}
	for _, name := range []string{
		"rooms/main.tf", "rooms/new.tf", "rooms/page.md", "new/main.tf", "modules/room/tests/new.tftest.hcl", "examples_test.go",
		"rooms/.terraform.lock.hcl", "rooms/.terraform/modules/modules.json", "rooms/terraform.tfstate.backup", "rooms/local_override.tf",
	} {
		root[name] = &fstest.MapFile{}
	}
	got, err := unclaimed(root, map[string][]string{"TestA": {"rooms/main.tf"}, "TestB": {"modules/room/*.tf"}})
	if want := []string{"modules/room/tests/new.tftest.hcl", "new/main.tf", "rooms/new.tf", "rooms/page.md"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("unclaimed: %q (%v), want %q", got, err, want)
	}
}

// schemas are what the provider says of itself.
func schemas(t *testing.T) (tfprotov6.ProviderServer, *tfprotov6.GetProviderSchemaResponse) {
	t.Helper()
	server := provider.NewServer("test")()
	resp, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return server, resp
}

// There is an example of everything that the provider has, and of nothing else.
func TestExamples_complete(t *testing.T) {
	t.Parallel()
	_, has := schemas(t)
	for kind, want := range map[string][]string{
		"resources":           slices.Sorted(maps.Keys(has.ResourceSchemas)),
		"data-sources":        slices.Sorted(maps.Keys(has.DataSourceSchemas)),
		"ephemeral-resources": slices.Sorted(maps.Keys(has.EphemeralResourceSchemas)),
		"actions":             slices.Sorted(maps.Keys(has.ActionSchemas)),
		"functions":           slices.Sorted(maps.Keys(has.Functions)),
	} {
		entries, err := os.ReadDir(kind)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, entry := range entries {
			got = append(got, entry.Name())
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s has examples of %q, want %q", kind, got, want)
		}
	}
}

// parseBody parses a configuration or a test file.
func parseBody(t *testing.T, name, text string) *hclsyntax.Body {
	t.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(text), name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return file.Body.(*hclsyntax.Body)
}
