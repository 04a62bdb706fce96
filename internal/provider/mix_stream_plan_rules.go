// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// sentAttributes are the attributes that make up what is sent.
var sentAttributes = []string{"mix_stream_template_id", "input_stream_list", "output_params", "control_params"}

// checkPlannedMix holds what will be sent against the rules. The configuration has been held against them before; the plan
// differs from it where values became known since, and where ignore_changes keeps what the state has, which is nothing at
// all after an import.
func checkPlannedMix(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	var r rawReader
	configured, planned := r.object(req.Config.Raw), r.object(req.Plan.Raw)
	if r.err != nil {
		diags.AddError("Unable to read the plan", "The rules of a mix were not checked: "+r.err.Error())
		return
	}
	var ignored []string
	missing := false
	for _, name := range sentAttributes {
		if asConfigured(configured[name], planned[name]) {
			continue
		}
		ignored = append(ignored, name)
		if required := name == "input_stream_list" || name == "output_params"; required && planned[name].IsNull() {
			missing = true
			diags.AddAttributeError(path.Root(name), "Mix stream is incomplete", fmt.Sprintf(
				"lifecycle.ignore_changes keeps %s as it is in the state, and there it is empty, because the mix was imported or never applied. "+
					"Take it out of ignore_changes until the mix has been applied once.", name))
		}
	}
	if missing {
		return
	}
	var resp resource.ValidateConfigResponse
	mixRules{}.ValidateResource(ctx, resource.ValidateConfigRequest{Config: tfsdk.Config{Raw: req.Plan.Raw, Schema: req.Plan.Schema}}, &resp)
	for _, d := range resp.Diagnostics.Errors() {
		if len(ignored) == 0 {
			diags.Append(d)
			continue
		}
		detail := fmt.Sprintf("%s\n\nlifecycle.ignore_changes keeps %s as in the state, so the plan differs from the configuration there. Take what is wrong out of ignore_changes.",
			d.Detail(), strings.Join(ignored, " and "))
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			diags.AddAttributeError(at.Path(), d.Summary(), detail)
		} else {
			diags.AddError(d.Summary(), detail)
		}
	}
}

// asConfigured tells whether a planned value is what the configuration says. Where it says nothing, that holds for null and
// for the attributes that the provider fills in.
func asConfigured(configured, planned tftypes.Value) bool {
	switch {
	case !configured.IsKnown() || !planned.IsKnown() || configured.Equal(planned):
		return true
	case configured.IsNull() || planned.IsNull():
		return false
	}
	var r rawReader
	switch {
	case configured.Type().Is(tftypes.Object{}):
		want, got := r.object(configured), r.object(planned)
		for name := range want {
			filledIn := want[name].IsNull() && (name == "input_type" || name == "output_stream_type")
			if !filledIn && !asConfigured(want[name], got[name]) {
				return false
			}
		}
		return r.err == nil
	case configured.Type().Is(tftypes.List{}):
		var want, got []tftypes.Value
		r.note(configured.As(&want))
		r.note(planned.As(&got))
		if r.err != nil || len(want) != len(got) {
			return false
		}
		for i := range want {
			if !asConfigured(want[i], got[i]) {
				return false
			}
		}
		return true
	}
	return false
}
