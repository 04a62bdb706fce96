// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

var (
	_ resource.Resource                     = (*mixStreamResource)(nil)
	_ resource.ResourceWithConfigure        = (*mixStreamResource)(nil)
	_ resource.ResourceWithIdentity         = (*mixStreamResource)(nil)
	_ resource.ResourceWithImportState      = (*mixStreamResource)(nil)
	_ resource.ResourceWithModifyPlan       = (*mixStreamResource)(nil)
	_ resource.ResourceWithConfigValidators = (*mixStreamResource)(nil)
)

const (
	defaultApplyTimeout  = 5 * time.Minute
	defaultReadTimeout   = time.Minute
	defaultDeleteTimeout = 5 * time.Minute

	// appliedKey is the private state that holds the liveapi.Applied of the session. It is a cache: a crash of the provider
	// in Update empties it.
	appliedKey = "applied"
)

// NewMixStreamResource returns the resource tencentcss_mix_stream.
func NewMixStreamResource() resource.Resource { return &mixStreamResource{} }

type mixStreamResource struct {
	data *providerData
}

// mixStreamIdentity mirrors the identity schema.
type mixStreamIdentity struct {
	SessionID types.String `tfsdk:"mix_stream_session_id"`
}

func (r *mixStreamResource) Metadata(_ context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_mix_stream"
}

func (r *mixStreamResource) Configure(_ context.Context, req resource.ConfigureRequest, _ *resource.ConfigureResponse) {
	// There is no data while Terraform validates, and while the provider's configuration holds unknown values.
	if data, ok := req.ProviderData.(*providerData); ok {
		r.data = data
	}
}

// ModifyPlan fills in what the plan can know of the computed attributes, and plans to send a mix again whose output was
// found inactive.
func (r *mixStreamResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		return
	}
	// The raw values are read, and only what changes is set: the conversions of the framework take most of a plan's time.
	plan, err := readPlannedMix(req.Plan.Raw)
	var state *plannedMix
	if err == nil && !req.State.Raw.IsNull() {
		state, err = readPlannedMix(req.State.Raw)
	}
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the plan", err.Error())
		return
	}
	if r.data != nil && plan.session.known() {
		r.data.claims.claim(plan.session.value, state != nil, &resp.Diagnostics)
	}

	set := func(at path.Path, value any) {
		resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, at, value)...)
	}
	if plan.id != plan.session {
		set(path.Root("id"), frameworkString(plan.session))
	}
	if plan.output == settingKnown {
		outputType := outputStreamType(frameworkString(plan.outputName), plan.inputNames)
		if planned := plan.outputType; planned.unknown() != outputType.IsUnknown() || int64(planned.value) != outputType.ValueInt64() {
			set(path.Root("output_params").AtName("output_stream_type"), outputType)
		}
	}
	if plan.monitor == settingNull && plan.outputState.state != settingNull {
		set(path.Root("output_stream_state"), types.StringNull())
	}
	// Nothing may be to change, and the mix is to be sent again all the same: its output is down, or a change of it was cut
	// off. Terraform calls Update for a value that is not known only.
	if state != nil && (state.outputState.value == stateInactive && plan.monitor != settingNull ||
		!decodeApplied(ctx, req.Private, &resp.Diagnostics).Known()) {
		set(path.Root("output_stream_state"), types.StringUnknown())
	}
}

// Create starts the mix. The state is written before the call: from then on the session may exist, and only an answer
// that proves the contrary takes it out again.
func (r *mixStreamResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	var plan mixStreamModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	timeout, diags := plan.Timeouts.Create(ctx, defaultApplyTimeout)
	resp.Diagnostics.Append(diags...)
	if !r.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "create", timeout)
	defer cancel()
	mix := r.expand(ctx, &plan, &resp.Diagnostics)
	plan.OutputStreamState = types.StringNull()
	if resp.Diagnostics.HasError() {
		return
	}

	applied := liveapi.NewApplied()
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, mixStreamIdentity{SessionID: plan.SessionID})...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, appliedKey, encodeApplied(applied))...)
	if resp.Diagnostics.HasError() {
		return
	}

	err := r.data.client.CreateMixStream(ctx, mix, applied, liveapi.ApplyOptions{WaitForInputs: plan.WaitForInputs.ValueBool()})
	if err != nil {
		var failed *liveapi.Error
		if errors.As(err, &failed) && failed.Uncertain {
			// The session may have begun as late as just now.
			applied.At = time.Now().UTC()
			resp.Diagnostics.Append(resp.Private.SetKey(ctx, appliedKey, encodeApplied(applied))...)
			addCallError(&resp.Diagnostics, "Unable to create mix stream", fmt.Sprintf(
				"Whether the session %q runs is not known. It is kept in the state as tainted: the next apply cancels it and creates it anew, and a destroy cancels it.",
				plan.SessionID.ValueString()), err)
			return
		}
		resp.State.RemoveResource(ctx)
		addCallError(&resp.Diagnostics, "Unable to create mix stream",
			fmt.Sprintf("The session %q was not started.", plan.SessionID.ValueString()), err)
		return
	}

	applied.At = time.Now().UTC()
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, appliedKey, encodeApplied(applied))...)
	plan.OutputStreamState = r.awaitOutput(ctx, &plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// Read reads the output's state where a monitor is configured. Nothing tells whether a session runs, so that Read never
// removes a resource: one that is forgotten goes on billing.
func (r *mixStreamResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	raw, err := readPlannedMix(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the state", err.Error())
		return
	}
	// The identity comes first on every path: Terraform stops a run in which Read returns without one, and it may be
	// missing from a state that an older CLI wrote or a crash left behind.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, mixStreamIdentity{SessionID: frameworkString(raw.session)})...)
	if raw.monitor != settingKnown || r.data == nil {
		return
	}
	var monitor monitorModel
	var limits timeouts.Value
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("output_monitor"), &monitor)...)
	resp.Diagnostics.Append(req.State.GetAttribute(ctx, path.Root("timeouts"), &limits)...)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := limits.Read(ctx, defaultReadTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "read", timeout)
	defer cancel()
	seen, err := r.data.client.StreamState(ctx, monitor.DomainName.ValueString(), monitor.AppName.ValueString(), raw.outputName.value)
	if err != nil {
		resp.Diagnostics.AddWarning("Unable to read the state of the output stream", errorDetail(fmt.Sprintf(
			"The session %q is not touched by this; its output_stream_state stays as it was.", raw.session.value), err))
		return
	}
	if seen != raw.outputState.value {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("output_stream_state"), seen)...)
	}
}

// Update sends the whole mix again, which changes the running session in place. A change that concerns this provider
// alone, such as a timeout, sends nothing: each call may set the picture back a little.
func (r *mixStreamResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	var plan, state mixStreamModel
	resp.Diagnostics.Append(req.Plan.Get(ctx, &plan)...)
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := plan.Timeouts.Update(ctx, defaultApplyTimeout)
	resp.Diagnostics.Append(diags...)
	if !r.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "update", timeout)
	defer cancel()
	mix := r.expand(ctx, &plan, &resp.Diagnostics)
	before, diags := expandMixStream(ctx, &state)
	resp.Diagnostics.Append(diags...)
	applied := decodeApplied(ctx, req.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, mixStreamIdentity{SessionID: plan.SessionID})...)
	if resp.Diagnostics.HasError() {
		return
	}

	if !reflect.DeepEqual(mix, before) || state.OutputStreamState.ValueString() == stateInactive || !applied.Known() {
		if applied.Generation == "" {
			// An import, or a crash that emptied the private state: from here on the session is known.
			applied = liveapi.NewApplied()
		}
		err := r.data.client.CreateMixStream(ctx, mix, applied, liveapi.ApplyOptions{
			WaitForInputs: plan.WaitForInputs.ValueBool(),
			Update:        true,
		})
		if err != nil {
			var failed *liveapi.Error
			consequence := fmt.Sprintf("The session %q is as it was before.", plan.SessionID.ValueString())
			if errors.As(err, &failed) && failed.Uncertain {
				consequence = fmt.Sprintf("Whether the session %q has changed is not known. Apply again: the mix is planned to be sent anew.", plan.SessionID.ValueString())
				applied.At, applied.Unsure = time.Now().UTC(), true
				resp.Diagnostics.Append(resp.Private.SetKey(ctx, appliedKey, encodeApplied(applied))...)
			}
			addCallError(&resp.Diagnostics, "Unable to update mix stream", consequence, err)
			return
		}
		applied.At, applied.Unsure = time.Now().UTC(), false
		resp.Diagnostics.Append(resp.Private.SetKey(ctx, appliedKey, encodeApplied(applied))...)
	}
	plan.OutputStreamState = r.awaitOutput(ctx, &plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.State.Set(ctx, &plan)...)
}

// Delete cancels the session. One that is gone already is what was asked for.
func (r *mixStreamResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	var state mixStreamModel
	resp.Diagnostics.Append(req.State.Get(ctx, &state)...)
	timeout, diags := state.Timeouts.Delete(ctx, defaultDeleteTimeout)
	resp.Diagnostics.Append(diags...)
	if !r.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "delete", timeout)
	defer cancel()
	applied := decodeApplied(ctx, req.Private, &resp.Diagnostics)

	session := state.SessionID.ValueString()
	outcome, err := r.data.client.CancelMixStream(ctx, session, applied)
	if err != nil {
		resp.Diagnostics.AddError("Unable to cancel mix stream", errorDetail(fmt.Sprintf(
			"The session %q may still run. It stays in the state, so that the next destroy or apply cancels it.", session), err))
		return
	}
	if outcome == liveapi.CancelledNot {
		resp.Diagnostics.AddWarning("Mix stream not cancelled", fmt.Sprintf(
			"The session %q was created again in this run before its old object was destroyed (create_before_destroy). "+
				"A cancel would have ended the new one, so none was sent. Leave create_before_destroy out where the session ID stays the same.", session))
	}
}

// ImportState takes a session ID, by ID or by identity. Nothing else can be read of a session; the first apply sends the
// configured mix and so adopts it in place.
func (r *mixStreamResource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	at := path.Root("mix_stream_session_id")
	resource.ImportStatePassthroughWithIdentity(ctx, at, at, req, resp)
	var session types.String
	resp.Diagnostics.Append(resp.State.GetAttribute(ctx, at, &session)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if !namePattern.MatchString(session.ValueString()) {
		resp.Diagnostics.AddAttributeError(at, "Invalid session ID",
			fmt.Sprintf("%q cannot be the ID of a mix session: it %s.", session.ValueString(), nameRule))
		return
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), session)...)
}

// configured tells whether there is a client, and says what is missing where there is none.
func (r *mixStreamResource) configured(diags *diag.Diagnostics) bool {
	return r.data.configured(diags)
}

// expand returns the API's parameters and fills in the computed attributes that follow from the configuration.
func (r *mixStreamResource) expand(ctx context.Context, m *mixStreamModel, diags *diag.Diagnostics) liveapi.MixStream {
	mix, expandDiags := expandMixStream(ctx, m)
	diags.Append(expandDiags...)
	m.ID = m.SessionID
	return mix
}

// withTimeout returns a context that ends with an error naming the operation and its timeout.
func withTimeout(ctx context.Context, operation string, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, &liveapi.TimeoutError{Operation: operation, After: d})
}

func encodeApplied(a liveapi.Applied) []byte {
	b, err := json.Marshal(a)
	if err != nil {
		// A string and a time always marshal.
		return []byte("{}")
	}
	return b
}

// privateState is the private state of any request.
type privateState interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// decodeApplied reads what is known of the last apply. Nothing is known after an import or a crash.
func decodeApplied(ctx context.Context, private privateState, diags *diag.Diagnostics) liveapi.Applied {
	var a liveapi.Applied
	b, getDiags := private.GetKey(ctx, appliedKey)
	diags.Append(getDiags...)
	if len(b) > 0 {
		if err := json.Unmarshal(b, &a); err != nil {
			diags.AddWarning("Unreadable private state", "The time of the last apply could not be read, so that no distance to it is kept: "+err.Error())
			return liveapi.Applied{}
		}
	}
	return a
}
