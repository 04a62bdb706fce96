// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// missingRequired is the framework's title for a required attribute without a value.
const missingRequired = "Missing Configuration for Required Attribute"

// withoutUnknownParts drops errors about required attributes of an object that is itself unknown, such as an element of
// input_stream_list that comes from another resource or a conditional expression. The framework takes every part of an
// unknown value for null: https://github.com/hashicorp/terraform-plugin-framework/issues/186. The configuration, of the
// given type, is decoded only if there is such an error.
func withoutUnknownParts(diags []*tfprotov6.Diagnostic, config *tfprotov6.DynamicValue, t tftypes.Type) []*tfprotov6.Diagnostic {
	if !slices.ContainsFunc(diags, isAboutMissingPart) {
		return diags
	}
	decoded, err := config.Unmarshal(t)
	if err != nil {
		return diags // Cannot happen: the framework has decoded the same value.
	}
	return slices.DeleteFunc(diags, func(d *tfprotov6.Diagnostic) bool {
		return isAboutMissingPart(d) && hasUnknownAncestor(decoded, d.Attribute)
	})
}

// isAboutMissingPart reports whether a diagnostic is about a missing required attribute of a nested object.
func isAboutMissingPart(d *tfprotov6.Diagnostic) bool {
	return d.Severity == tfprotov6.DiagnosticSeverityError && d.Summary == missingRequired && len(d.Attribute.Steps()) > 1
}

// hasUnknownAncestor reports whether a value on the way to the path is unknown.
func hasUnknownAncestor(config tftypes.Value, at *tftypes.AttributePath) bool {
	for at = at.WithoutLastStep(); len(at.Steps()) > 0; at = at.WithoutLastStep() {
		found, _, err := tftypes.WalkAttributePath(config, at)
		if v, ok := found.(tftypes.Value); err == nil && ok && !v.IsKnown() {
			return true
		}
	}
	return false
}
