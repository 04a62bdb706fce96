// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// environment is what the resolver reads besides the configuration.
type environment struct {
	getenv func(string) string
	// home is the user's home directory, or empty if there is none.
	home string
}

// processEnvironment returns the environment of this process.
func processEnvironment() environment {
	home, err := os.UserHomeDir()
	if err != nil {
		// Without a home directory, no files are looked up in it.
		home = ""
	}
	return environment{getenv: os.Getenv, home: home}
}

// expand replaces a leading tilde in a path, as a shell does for an unquoted path.
func (e environment) expand(file string) string {
	rest, ok := strings.CutPrefix(file, "~")
	if !ok || e.home == "" || rest != "" && !os.IsPathSeparator(rest[0]) {
		return file
	}
	return filepath.Join(e.home, rest)
}

// resolver picks each value from the configuration, otherwise from the environment, otherwise from a default, and
// collects the problems it finds.
type resolver struct {
	environment
	diags diag.Diagnostics
	// known turns false when a value is not known yet.
	known bool
	// passedOver are files that the user did not name and that hold no keys.
	passedOver []string
}

// sourced is a text with its origin, for messages.
type sourced struct {
	value  string
	at     path.Path
	source string
	// block reports whether the origin is an attribute rather than a variable.
	block bool
}

// or substitutes a default for an empty text.
func (s sourced) or(fallback string) sourced {
	if s.value == "" {
		s.value = fallback
	}
	return s
}

// by says which setting names a file, if any does.
func (s sourced) by() string {
	if s.source == "" {
		return ""
	}
	return " (named by " + s.source + ")"
}

// text reads a text from its attribute, otherwise from its variable. Empty counts as unset in both.
func (r *resolver) text(at path.Path, configured types.String, env string, rule settingRule) sourced {
	s := sourced{value: trimText(configured.ValueString()), at: at, source: at.String(), block: true}
	switch {
	case configured.IsUnknown():
		r.known = false
		return s
	case s.value == "" && env != "":
		if v := trimText(r.getenv(env)); v != "" {
			s = sourced{value: v, at: at, source: "the environment variable " + env}
		}
	}
	if problem := rule.problem(s.value); problem != "" {
		r.refuse(at, "Invalid value", s.source+" "+problem)
		s.value = ""
	}
	return s
}

// file reads a path.
func (r *resolver) file(at path.Path, configured types.String, env string) sourced {
	s := r.text(at, configured, env, lineRule{})
	s.value = r.expand(s.value)
	return s
}

// refuse reports a problem on an attribute, or on none for the empty path. The detail has no final period and begins in
// lower case, as it may begin with an attribute's name.
func (r *resolver) refuse(at path.Path, summary, detail string) {
	if strings.HasPrefix(detail, "the ") || strings.HasPrefix(detail, "each ") {
		detail = capital(detail)
	}
	if detail += "."; at.Equal(path.Empty()) {
		r.diags.AddError(summary, detail)
		return
	}
	r.diags.AddAttributeError(at, summary, detail)
}

// object reads a nested attribute and reports whether it is set.
func (r *resolver) object(ctx context.Context, configured types.Object, target any) bool {
	if configured.IsUnknown() {
		r.known = false
		return false
	}
	if configured.IsNull() {
		return false
	}
	r.diags.Append(configured.As(ctx, target, basetypes.ObjectAsOptions{})...)
	return true
}

// number reads a number whose bounds its attribute has checked.
func (r *resolver) number(configured types.Number, fallback float64) float64 {
	switch {
	case configured.IsUnknown():
		r.known = false
	case !configured.IsNull():
		f, _ := configured.ValueBigFloat().Float64()
		return f
	}
	return fallback
}

func (r *resolver) duration(at path.Path, configured types.String, fallback time.Duration) time.Duration {
	s := r.text(at, configured, "", pacingRule{})
	d, err := time.ParseDuration(s.value)
	if err != nil {
		// Empty, unknown, or refused by the rule.
		return fallback
	}
	return d
}

// accountIDs reads a list of accounts. An empty list is refused, not ignored: a guard that guards nothing is a trap.
func (r *resolver) accountIDs(ctx context.Context, at path.Path, set types.Set) []string {
	if set.IsUnknown() {
		r.known = false
	}
	if set.IsNull() || set.IsUnknown() {
		return nil
	}
	var elements []types.String
	r.diags.Append(set.ElementsAs(ctx, &elements, false)...)
	var ids []string
	for _, e := range elements {
		if e.IsUnknown() {
			r.known = false
			continue
		}
		id := trimText(e.ValueString())
		problem := accountRule().problem(id)
		if id == "" {
			problem = "must not be empty; name the account, or remove the element"
		}
		if problem != "" {
			r.refuse(at, "Invalid account ID", "each element of "+at.String()+" "+problem)
			continue
		}
		ids = append(ids, id)
	}
	return ids
}
