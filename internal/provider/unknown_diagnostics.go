// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// missingRequired is the framework's title of a required attribute that has no value.
const missingRequired = "Missing Configuration for Required Attribute"

// withoutUnknownParts drops the complaints about required attributes of an object that is itself not known yet, such as an
// element of input_stream_list that another resource or a conditional expression yields. The framework takes every part of
// an unknown value for null: https://github.com/hashicorp/terraform-plugin-framework/issues/186. The configuration, of the
// given type, is only decoded if there is such a complaint.
func withoutUnknownParts(diags []*tfprotov6.Diagnostic, config *tfprotov6.DynamicValue, t tftypes.Type) []*tfprotov6.Diagnostic {
	if !slices.ContainsFunc(diags, isAboutMissingPart) {
		return diags
	}
	decoded, err := config.Unmarshal(t)
	if err != nil {
		return diags // The framework has decoded the same, so this does not happen.
	}
	return slices.DeleteFunc(diags, func(d *tfprotov6.Diagnostic) bool {
		return isAboutMissingPart(d) && hasUnknownAncestor(decoded, d.Attribute)
	})
}

// isAboutMissingPart tells whether a diagnostic complains of a required attribute of a nested object.
func isAboutMissingPart(d *tfprotov6.Diagnostic) bool {
	return d.Severity == tfprotov6.DiagnosticSeverityError && d.Summary == missingRequired && len(d.Attribute.Steps()) > 1
}

// hasUnknownAncestor tells whether a value that the path leads through is not known.
func hasUnknownAncestor(config tftypes.Value, at *tftypes.AttributePath) bool {
	for at = at.WithoutLastStep(); len(at.Steps()) > 0; at = at.WithoutLastStep() {
		found, _, err := tftypes.WalkAttributePath(config, at)
		if v, ok := found.(tftypes.Value); err == nil && ok && !v.IsKnown() {
			return true
		}
	}
	return false
}
