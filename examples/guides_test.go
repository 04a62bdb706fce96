// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// fence is a block of code in a page.
type fence struct{ language, text string }

var fencePattern = regexp.MustCompile("(?s)\n```(\\w+)\n(.*?\n)```")

func fencesOf(t *testing.T, elements ...string) []fence {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(append([]string{".."}, elements...)...))
	if err != nil {
		t.Fatal(err)
	}
	return fencesIn(string(page))
}

func fencesIn(page string) []fence {
	var found []fence
	for _, match := range fencePattern.FindAllStringSubmatch(page, -1) {
		found = append(found, fence{match[1], match[2]})
	}
	return found
}

// pagesOf are the pages of a part of the documentation, without their extension.
func pagesOf(t *testing.T, part string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "docs", part, "*.md"))
	if err != nil || len(files) == 0 {
		t.Fatalf("docs/%s has %d pages (%v)", part, len(files), err)
	}
	names := make([]string, len(files))
	for i, file := range files {
		names[i] = strings.TrimSuffix(filepath.Base(file), ".md")
	}
	return names
}

// allPages are the paths of all pages, with their elements apart.
func allPages(t *testing.T) [][]string {
	t.Helper()
	pages := [][]string{{"README.md"}, {"docs", "index.md"}}
	for _, part := range []string{"guides", "resources", "data-sources", "ephemeral-resources", "actions", "functions"} {
		for _, page := range pagesOf(t, part) {
			pages = append(pages, []string{"docs", part, page + ".md"})
		}
	}
	return pages
}

// vagueContext lets an expression be evaluated without the rest of its configuration: what it refers to and the results of
// functions are not known.
func vagueContext(expr hclsyntax.Expression) *hcl.EvalContext {
	context := &hcl.EvalContext{Variables: map[string]cty.Value{}, Functions: map[string]function.Function{}}
	for _, traversal := range expr.Variables() {
		context.Variables[traversal.RootName()] = cty.DynamicVal
	}
	anything := function.New(&function.Spec{
		VarParam: &function.Parameter{Type: cty.DynamicPseudoType, AllowNull: true, AllowUnknown: true, AllowDynamicType: true, AllowMarked: true},
		Type:     function.StaticReturnType(cty.DynamicPseudoType),
		Impl:     func([]cty.Value, cty.Type) (cty.Value, error) { return cty.DynamicVal, nil },
	})
	hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics { //nolint:errcheck // The visitor reports nothing.
		if call, ok := node.(*hclsyntax.FunctionCallExpr); ok {
			context.Functions[call.Name] = anything
		}
		return nil
	})
	return context
}

// ofTerraform are the arguments that Terraform keeps for itself.
var ofTerraform = []string{"for_each", "count", "depends_on", "provider", "alias"}

// blockConfig is the configuration in a block as the CLI would send it.
func blockConfig(body *hclsyntax.Body, schema *tfprotov6.Schema) (*tfprotov6.DynamicValue, error) {
	values := map[string]cty.Value{}
	for name, attribute := range body.Attributes {
		if slices.Contains(ofTerraform, name) {
			continue
		}
		v, diags := attribute.Expr.Value(vagueContext(attribute.Expr))
		if diags.HasErrors() {
			return nil, diags
		}
		values[name] = v
	}
	config, err := acctest.WireValue(cty.ObjectVal(values), schema.ValueType())
	if err != nil {
		return nil, err
	}
	dynamic, err := tfprotov6.NewDynamicValue(schema.ValueType(), config)
	return &dynamic, err
}

// checkBlock asks the provider what is wrong with a block. Blocks of other providers and of Terraform are none of its.
func checkBlock(t *testing.T, server tfprotov6.ProviderServer, has *tfprotov6.GetProviderSchemaResponse, block *hclsyntax.Block) error {
	t.Helper()
	ctx := t.Context()
	if len(block.Labels) == 0 || !strings.HasPrefix(block.Labels[0], "tencentcss") {
		return nil
	}
	name, body := block.Labels[0], block.Body
	var schema *tfprotov6.Schema
	switch block.Type {
	case "provider":
		schema = has.Provider
	case "resource":
		schema = has.ResourceSchemas[name]
	case "data":
		schema = has.DataSourceSchemas[name]
	case "ephemeral":
		schema = has.EphemeralResourceSchemas[name]
	case "action":
		schema = has.ActionSchemas[name].Schema
		body = body.Blocks[0].Body
	default:
		return nil
	}
	if schema == nil {
		return fmt.Errorf("there is no %s %s", block.Type, name)
	}
	config, err := blockConfig(body, schema)
	if err != nil {
		return err
	}
	var diags []*tfprotov6.Diagnostic
	switch block.Type {
	case "provider":
		resp, callErr := server.ValidateProviderConfig(ctx, &tfprotov6.ValidateProviderConfigRequest{Config: config})
		diags, err = resp.Diagnostics, callErr
	case "resource":
		resp, callErr := server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{TypeName: name, Config: config})
		diags, err = resp.Diagnostics, callErr
	case "data":
		resp, callErr := server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
		diags, err = resp.Diagnostics, callErr
	}
	if err == nil && len(diags) > 0 {
		err = fmt.Errorf("%s", acctest.Prose(diags))
	}
	return err
}

// Every block of every page is a configuration that the provider accepts, without as much as a warning.
func TestGuides_blocks(t *testing.T) {
	t.Parallel()
	server, has := schemas(t)
	pages := allPages(t)
	checked := 0
	for _, page := range pages {
		for _, f := range fencesOf(t, page...) {
			if f.language != "terraform" && f.language != "hcl" {
				continue
			}
			file, diags := hclsyntax.ParseConfig([]byte(f.text), "page.tf", hcl.InitialPos)
			if diags.HasErrors() {
				t.Errorf("%s: %v\n%s", page, diags, f.text)
				continue
			}
			for _, block := range file.Body.(*hclsyntax.Body).Blocks {
				checked++
				if err := checkBlock(t, server, has, block); err != nil {
					t.Errorf("%s: %s %q: %v", page, block.Type, block.Labels, err)
				}
			}
		}
	}
	if checked < len(pages) {
		t.Errorf("%d pages have only %d blocks", len(pages), checked)
	}
}

// A block that the provider would refuse, or that has an attribute of no effect, does not pass for one that it accepts.
func TestGuides_blocksRefused(t *testing.T) {
	t.Parallel()
	server, has := schemas(t)
	for name, text := range map[string]string{
		"wrong template":       strings.Replace(acctest.MinimalMix("room"), "20", "410", 1),
		"misspelled attribute": strings.Replace(acctest.MinimalMix("room"), "image_layer = 2", "image_layer = 2, imagewidth = var.width", 1),
		"unknown resource":     `resource "tencentcss_mixer" "a" {}`,
		"wrong provider":       `provider "tencentcss" { protocol = "FTP" }`,
	} {
		block := parseBody(t, "page.tf", text).Blocks[0]
		if checkBlock(t, server, has, block) == nil {
			t.Errorf("%s is accepted", name)
		}
	}
}

// No page leaves its reader with the bare number of a page of Tencent's.
func TestGuides_tencentPagesAreLinks(t *testing.T) {
	t.Parallel()
	bare := regexp.MustCompile(`(?:^|[^/\w])(\d{3}/\d{4,5})\b`)
	for _, page := range allPages(t) {
		text, err := os.ReadFile(filepath.Join(append([]string{".."}, page...)...))
		if err != nil {
			t.Fatal(err)
		}
		if found := bare.FindStringSubmatch(string(text)); found != nil {
			t.Errorf("%s: %s is no link", page, found[1])
		}
	}
}

// The page's table leads from each name of the API to the attribute, and leaves none out.
func TestGuides_attributesOfTheAPI(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "docs", "guides", "scripts.md"))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	boundary := regexp.MustCompile(`([a-z])([A-Z])`)
	for _, row := range regexp.MustCompile("(?m)^\\| `([A-Za-z.]+)` \\| `([a-z_.]+)` \\|").FindAllStringSubmatch(string(page), -1) {
		listed[row[2]] = true
		if want := strings.ToLower(boundary.ReplaceAllString(strings.ReplaceAll(row[1], ".N", ""), "${1}_${2}")); row[2] != want {
			t.Errorf("%s is listed as %s, want %s", row[1], row[2], want)
		}
	}
	want := map[string]bool{}
	_, has := schemas(t)
	collectLeaves(has.ResourceSchemas[mixStreamType].ValueType(), "", want)
	for _, own := range []string{"id", "wait_for_inputs", "output_stream_state"} {
		delete(want, own)
	}
	maps.DeleteFunc(want, func(name string, _ bool) bool {
		return strings.HasPrefix(name, "timeouts.") || strings.HasPrefix(name, "output_monitor.")
	})
	if got, want := slices.Sorted(maps.Keys(listed)), slices.Sorted(maps.Keys(want)); !slices.Equal(got, want) {
		t.Errorf("the table lists\n%q, want\n%q", got, want)
	}
}

// collectLeaves finds the attributes that hold a plain value.
func collectLeaves(of tftypes.Type, prefix string, found map[string]bool) {
	switch of := of.(type) {
	case tftypes.Object:
		for name, attribute := range of.AttributeTypes {
			collectLeaves(attribute, strings.TrimPrefix(prefix+"."+name, "."), found)
		}
	case tftypes.List:
		collectLeaves(of.ElementType, prefix, found)
	default:
		found[prefix] = true
	}
}
