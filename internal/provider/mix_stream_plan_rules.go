// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// checkPlannedMix holds what will be sent against the rules. Terraform has just validated the configuration; what it plans
// differs from that only where ignore_changes keeps what the state has, which is nothing at all after an import.
func checkPlannedMix(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	var r rawReader
	planned := r.object(req.Plan.Raw)
	if r.err != nil {
		diags.AddError("Unable to read the plan", "The rules of a mix were not checked: "+r.err.Error())
		return
	}
	missing := false
	for _, name := range []string{"input_stream_list", "output_params"} {
		if planned[name].IsNull() {
			missing = true
			diags.AddAttributeError(path.Root(name), "Mix stream is incomplete", fmt.Sprintf(
				"lifecycle.ignore_changes keeps %s as in the state, where it is empty: nothing has been applied since the import. "+
					"Take %s out of ignore_changes until the mix has been applied once.", name, name))
		}
	}
	if missing {
		return
	}
	var resp resource.ValidateConfigResponse
	mixRules{}.ValidateResource(ctx, resource.ValidateConfigRequest{Config: tfsdk.Config{Raw: req.Plan.Raw, Schema: req.Plan.Schema}}, &resp)
	for _, d := range resp.Diagnostics.Errors() {
		const why = "\n\nThe configuration itself is valid, but lifecycle.ignore_changes keeps a part of the mix as in the state. Take the attributes named above out of ignore_changes."
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			diags.AddAttributeError(at.Path(), d.Summary(), d.Detail()+why)
		} else {
			diags.AddError(d.Summary(), d.Detail()+why)
		}
	}
}
