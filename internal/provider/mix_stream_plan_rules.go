// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// checkPlannedMix checks what will be sent by the rules. Terraform has just validated the configuration; what it plans
// differs from that only where ignore_changes keeps what the state has, which is nothing at all after an import.
func checkPlannedMix(m *mixModel, diags *diag.Diagnostics) {
	missing := false
	for _, required := range []struct {
		name  string
		state valueState
	}{{"input_stream_list", m.inputList}, {"output_params", m.output.state}} {
		if required.state == valueNull {
			missing = true
			diags.AddAttributeError(path.Root(required.name), "Mix stream is incomplete", fmt.Sprintf(
				"lifecycle.ignore_changes keeps %s as in the state, where it is empty: nothing has been applied since the import. "+
					"Take %s out of ignore_changes until the mix has been applied once.", required.name, required.name))
		}
	}
	if missing {
		return
	}
	for _, d := range checkMix(m).Errors() {
		const why = "\n\nThe configuration itself is valid, but lifecycle.ignore_changes keeps a part of the mix as in the state. Take the attributes named above out of ignore_changes."
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			diags.AddAttributeError(at.Path(), d.Summary(), d.Detail()+why)
		} else {
			diags.AddError(d.Summary(), d.Detail()+why)
		}
	}
}
