// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// The states that DescribeLiveStreamState returns.
const (
	stateActive   = "active"
	stateInactive = "inactive"
	stateForbid   = "forbid"
)

// monitorInterval is the time between two reads of an output that is not active yet.
const monitorInterval = 2 * time.Second

// awaitOutput waits for the output to become active and returns the last state seen, or null without a monitor or if no
// state could be read. The mix has already been accepted, so nothing here is an error.
func awaitOutput(ctx context.Context, client *liveapi.Client, m *mixModel, diags *diag.Diagnostics) types.String {
	if m.monitor.state != valueKnown {
		return types.StringNull()
	}
	timeout := m.monitor.activeTimeout
	until := time.Now().Add(timeout)
	session, output := m.sessionID.ValueString(), m.output.name.ValueString()
	domain, app := m.monitor.domainName.ValueString(), m.monitor.appName.ValueString()

	seen := types.StringNull()
	for {
		state, err := client.StreamState(ctx, domain, app, output)
		if err != nil {
			diags.AddWarning("Unable to read the state of the output stream", errorDetail(
				fmt.Sprintf("The mix %q itself was accepted.", session), err))
			return seen
		}
		seen = types.StringValue(state)
		wait := min(monitorInterval, time.Until(until))
		if state == stateActive {
			return seen
		}
		if state == stateForbid || wait <= 0 {
			diags.AddWarning("The output stream is not active", notActive(session, output, domain, app, state, timeout))
			return seen
		}
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			diags.AddWarning("The output stream is not active", notActive(session, output, domain, app, state, timeout))
			return seen
		}
	}
}

func notActive(session, output, domain, app, state string, timeout time.Duration) string {
	if state == stateForbid {
		return fmt.Sprintf("Tencent accepted the mix %q, but its output %q under %s/%s is forbidden. Lift the ban on the stream in the Tencent Cloud console.", session, output, domain, app)
	}
	return fmt.Sprintf("Tencent accepted the mix %q, but its output %q under %s/%s was still %s after %s. "+
		"Check that the inputs push and that domain_name and app_name are those of the output. The next plan sends the mix again while the output is inactive.",
		session, output, domain, app, state, timeout)
}
