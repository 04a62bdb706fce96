// SPDX-License-Identifier: MPL-2.0

package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

var (
	rangePattern    = regexp.MustCompile(`\d (to|or) \d|between \d|above \d|\d or greater|\x60\d+\x60`)
	durationName    = regexp.MustCompile(`(^|_)timeout$|(^|\.)(timeouts|pacing)\.`)
	durationPattern = regexp.MustCompile(`\x60\d+[smh]\x60`)
	defaultPattern  = regexp.MustCompile(`(?i)default|required|\bwithout\b`)
)

// unitPatterns are the words of which one must stand where a number has a unit, by what its name says.
var unitPatterns = map[*regexp.Regexp]*regexp.Regexp{
	regexp.MustCompile(`width|height|location|margin`): regexp.MustCompile(`pixels|part of`),
	regexp.MustCompile(`bit_rate$`):                    regexp.MustCompile(`\bkbps\b`),
	regexp.MustCompile(`frame_rate$`):                  regexp.MustCompile(`\bfps\b`),
	regexp.MustCompile(`sample_rate$`):                 regexp.MustCompile(`\bHz\b`),
	regexp.MustCompile(`gop$|duration$`):               regexp.MustCompile(`\bseconds\b`),
}

// described is what has a description: an attribute, or a parameter of a function.
type described struct {
	path        string // With dots.
	description string
	parent      string // The description of what it is nested in, which may speak for all of its attributes.
	kind        cty.Type
	optional    bool
	computed    bool
}

// flaws are what the description leaves open.
func (d described) flaws() []string {
	var found []string
	if !strings.HasSuffix(d.description, ".") {
		found = append(found, "does not end with a period")
	}
	if d.computed && !d.optional {
		return found
	}
	name := d.path[strings.LastIndex(d.path, ".")+1:]
	text := d.description + " " + d.parent
	number, duration := d.kind == cty.Number, durationName.MatchString(d.path)
	if number && !strings.HasSuffix(name, "_id") && !rangePattern.MatchString(text) {
		found = append(found, "has no range")
	}
	for named, unit := range unitPatterns {
		if number && named.MatchString(name) && !unit.MatchString(d.description) {
			found = append(found, "has no unit")
		}
	}
	if duration && d.kind == cty.String && !durationPattern.MatchString(d.description) {
		found = append(found, "shows no duration")
	}
	if d.optional && (number || duration || d.kind == cty.Bool || d.computed) && !defaultPattern.MatchString(text) {
		found = append(found, "has no default")
	}
	return found
}

// attributesOf lists attributes and what is nested in them.
func attributesOf(path, parent string, attributes map[string]*tfjson.SchemaAttribute) []described {
	var all []described
	for name, a := range attributes {
		here := path + "." + name
		all = append(all, described{here, a.Description, parent, a.AttributeType, a.Optional, a.Computed})
		if a.AttributeNestedType != nil {
			all = append(all, attributesOf(here, a.Description, a.AttributeNestedType.Attributes)...)
		}
	}
	return all
}

// blockOf lists a block, its attributes and the blocks in it.
func blockOf(path string, block *tfjson.SchemaBlock) []described {
	all := append(attributesOf(path, "", block.Attributes), described{path: path, description: block.Description})
	for name, nested := range block.NestedBlocks {
		all = append(all, blockOf(path+"."+name, nested.Block)...)
	}
	return all
}

// Every description says what a user has to know before the first try: the unit, the range, the default.
func TestDescriptions(t *testing.T) {
	t.Parallel()
	schemas, err := providerSchemas(t.Context(), providerName, provider.NewServer("test")())
	if err != nil {
		t.Fatal(err)
	}
	schema := schemas.Schemas[providerName]
	all := attributesOf("provider", "", schema.ConfigSchema.Block.Attributes)
	for kind, group := range map[string]map[string]*tfjson.Schema{
		"resource": schema.ResourceSchemas, "data": schema.DataSourceSchemas,
		"ephemeral": schema.EphemeralResourceSchemas, "list": schema.ListResourceSchemas,
	} {
		for name, s := range group {
			all = append(all, blockOf(kind+"."+name, s.Block)...)
		}
	}
	for name, s := range schema.ActionSchemas {
		all = append(all, blockOf("action."+name, s.Block)...)
	}
	for name, s := range schema.ResourceIdentitySchemas {
		for attribute, a := range s.Attributes {
			all = append(all, described{path: "identity." + name + "." + attribute, description: a.Description})
		}
	}
	for name, f := range schema.Functions {
		all = append(all, described{path: "function." + name, description: f.Description})
		parameters := f.Parameters
		if f.VariadicParameter != nil {
			parameters = append(slices.Clone(parameters), f.VariadicParameter)
		}
		for _, p := range parameters {
			all = append(all, described{path: "function." + name + "." + p.Name, description: p.Description, kind: p.Type})
		}
	}
	if len(all) < 150 {
		t.Errorf("only %d descriptions were found", len(all))
	}
	for _, d := range all {
		for _, flaw := range d.flaws() {
			t.Errorf("%s: the description %s: %q", d.path, flaw, d.description)
		}
	}
}

func TestDescriptions_flaws(t *testing.T) {
	t.Parallel()
	for want, d := range map[string]described{
		"":                           {path: "r.a.gop", description: "The GOP length in seconds, 1 to 10. By default Tencent chooses.", kind: cty.Number, optional: true},
		"does not end with a period": {path: "r.a", description: "The name", kind: cty.String},
		"has no range":               {path: "r.tries", description: "How often to try.", kind: cty.Number},
		"has no unit":                {path: "r.image_width", description: "The width, 0 to 2000.", kind: cty.Number},
		"shows no duration":          {path: "r.timeouts.create", description: "How long to wait. By default five minutes.", kind: cty.String, optional: true},
		"has no default":             {path: "r.tries", description: "How often to try, 1 to 10 times.", kind: cty.Number, optional: true},
	} {
		if got := strings.Join(d.flaws(), ", "); got != want {
			t.Errorf("%q: got %q, want %q", d.description, got, want)
		}
	}
}
