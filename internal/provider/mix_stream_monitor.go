// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// The states of DescribeLiveStreamState.
const (
	stateActive   = "active"
	stateInactive = "inactive"
	stateForbid   = "forbid"
)

// monitorInterval is the time between two looks at an output that is not active yet.
const monitorInterval = 2 * time.Second

// monitored returns the monitor and the output's name; nil without a monitor.
func (r *mixStreamResource) monitored(ctx context.Context, m *mixStreamModel, diags *diag.Diagnostics) (*monitorModel, string) {
	monitor := objectAs[monitorModel](ctx, m.OutputMonitor, diags)
	output := objectAs[outputModel](ctx, m.OutputParams, diags)
	if monitor == nil || output == nil {
		return nil, ""
	}
	return monitor, output.OutputStreamName.ValueString()
}

// awaitOutput waits for the output to become active and returns the state that was seen last; null without a monitor or
// where none could be read. The mix was accepted by then, so that nothing here is an error.
func (r *mixStreamResource) awaitOutput(ctx context.Context, m *mixStreamModel, diags *diag.Diagnostics) types.String {
	monitor, output := r.monitored(ctx, m, diags)
	if monitor == nil {
		return types.StringNull()
	}
	patience, durationDiags := monitor.ActiveTimeout.ValueGoDuration()
	diags.Append(durationDiags...)
	until := time.Now().Add(patience)
	domain, app := monitor.DomainName.ValueString(), monitor.AppName.ValueString()

	seen := types.StringNull()
	for {
		state, err := r.data.client.StreamState(ctx, domain, app, output)
		if err != nil {
			diags.AddWarning("Unable to read the state of the output stream", errorDetail(
				fmt.Sprintf("The mix %q itself was accepted.", m.SessionID.ValueString()), err))
			return seen
		}
		seen = types.StringValue(state)
		wait := min(monitorInterval, time.Until(until))
		if state == stateActive {
			return seen
		}
		if state == stateForbid || wait <= 0 {
			diags.AddWarning("The output stream is not active", notActive(m.SessionID.ValueString(), output, domain, app, state, patience))
			return seen
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			diags.AddWarning("The output stream is not active", notActive(m.SessionID.ValueString(), output, domain, app, state, patience))
			return seen
		}
	}
}

func notActive(session, output, domain, app, state string, patience time.Duration) string {
	if state == stateForbid {
		return fmt.Sprintf("Tencent accepted the mix %q, but its output %q under %s/%s is forbidden. Lift the ban on the stream in the Tencent Cloud console.", session, output, domain, app)
	}
	return fmt.Sprintf("Tencent accepted the mix %q, but its output %q under %s/%s was still %s after %s. "+
		"Check that the inputs push and that domain_name and app_name are those of the output. The next plan sends the mix again while the output is inactive.",
		session, output, domain, app, state, patience)
}
