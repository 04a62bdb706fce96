// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
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
	r.data = providerDataOf(req.ProviderData)
}

// Create starts the mix. The state is written before the call: from then on the session may exist, and only an answer
// that proves otherwise removes it from the state.
func (r *mixStreamResource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	plan := readPlan(ctx, req.Plan, &resp.Diagnostics)
	limits := readTimeouts(ctx, req.Plan, &resp.Diagnostics)
	timeout, diags := limits.Create(ctx, defaultApplyTimeout)
	resp.Diagnostics.Append(diags...)
	if !r.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "create", timeout)
	defer cancel()

	last := liveapi.NewLastApply()
	session := plan.sessionID.ValueString()
	saveState(ctx, &resp.State, req.Plan, types.StringNull(), &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, mixStreamIdentity{SessionID: plan.sessionID})...)
	writeLastApply(ctx, resp.Private, last, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	last, err := r.data.client.ApplyMixStream(ctx, expandMix(plan), liveapi.Apply{
		Last:          last,
		MayTakeOver:   r.data.claims.yields,
		WaitForInputs: plan.waitForInputs.ValueBool(),
	})
	writeLastApply(ctx, resp.Private, last, &resp.Diagnostics)
	var failed *liveapi.Error
	var shared *liveapi.SharedSessionError
	switch {
	case errors.As(err, &shared):
		resp.State.RemoveResource(ctx)
		resp.Diagnostics.AddAttributeError(path.Root("mix_stream_session_id"), "Session ID used twice", fmt.Sprintf(
			"mix_stream_session_id is %q for two resources, and the other one has started the session in this run. Nothing was sent for this one. Give each resource a session ID of its own.", session))
		return
	case errors.As(err, &failed) && failed.Uncertain:
		r.data.claims.applied(session, last.Generation)
		addCallError(&resp.Diagnostics, "Mix stream may be running", fmt.Sprintf(
			"Whether the session %q runs is not known. It stays in the state as tainted: the next apply cancels it and creates it again, and a destroy cancels it.", session), err)
		return
	case err != nil:
		resp.State.RemoveResource(ctx)
		addCallError(&resp.Diagnostics, "Unable to create mix stream", notStarted(session, failed), err)
		return
	}
	r.data.claims.applied(session, last.Generation)
	saveState(ctx, &resp.State, req.Plan, awaitOutput(ctx, r.data.client, plan, &resp.Diagnostics), &resp.Diagnostics)
}

// notStarted says what a refused create has not done.
func notStarted(session string, failed *liveapi.Error) string {
	if failed != nil && (failed.Code == "InvalidParameter.SessionOutputStreamChanged" || failed.InnerCode == -508) {
		return fmt.Sprintf("The session %q runs with another output, and that mix is unchanged.", session)
	}
	return fmt.Sprintf("The session %q was not started.", session)
}

// Read reads the output's state if a monitor is configured. No API shows whether a session runs, so Read never removes
// a resource: a forgotten session keeps being billed.
func (r *mixStreamResource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state, err := readMix(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the state", err.Error())
		return
	}
	// The identity comes first on every path: Terraform stops a run in which Read returns without one, and it may be
	// missing from a state that an older CLI wrote or a crash left behind.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, mixStreamIdentity{SessionID: state.sessionID})...)
	last := identifyObject(ctx, req.Private, resp.Private, &resp.Diagnostics)
	if r.data != nil {
		shared := r.data.claims.see(state.sessionID.ValueString(), last.Generation)
		setFlag(ctx, resp.Private, sharedKey, shared, &resp.Diagnostics)
	}
	if state.monitor.state != valueKnown || r.data == nil || r.data.client == nil {
		return
	}
	limits := readTimeouts(ctx, req.State, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	timeout, diags := limits.Read(ctx, defaultReadTimeout)
	if resp.Diagnostics.Append(diags...); resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "read", timeout)
	defer cancel()
	seen, err := r.data.client.StreamState(ctx, state.monitor.domainName.ValueString(), state.monitor.appName.ValueString(), state.output.name.ValueString())
	if err != nil {
		resp.Diagnostics.AddWarning("Unable to read the state of the output stream", errorDetail(fmt.Sprintf(
			"The session %q is not touched by this; its output_stream_state stays as it was.", state.sessionID.ValueString()), err))
		return
	}
	if seen != state.outputStreamState.ValueString() {
		resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("output_stream_state"), seen)...)
	}
}

// Update sends the whole mix again, which changes the running session in place. A change that concerns only this
// provider, such as a timeout, sends nothing: each call may briefly disturb the picture.
func (r *mixStreamResource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	plan := readPlan(ctx, req.Plan, &resp.Diagnostics)
	state, err := readMix(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the state", err.Error())
	}
	limits := readTimeouts(ctx, req.Plan, &resp.Diagnostics)
	timeout, diags := limits.Update(ctx, defaultApplyTimeout)
	resp.Diagnostics.Append(diags...)
	if !r.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "update", timeout)
	defer cancel()
	mix := expandMix(plan)
	changed := !reflect.DeepEqual(mix, expandMix(state))
	last := identifyObject(ctx, req.Private, resp.Private, &resp.Diagnostics)
	resend := hasFlag(ctx, req.Private, resendKey, &resp.Diagnostics) || !last.Known() || state.outputStreamState.ValueString() == stateInactive
	resp.Diagnostics.Append(resp.Identity.Set(ctx, mixStreamIdentity{SessionID: plan.sessionID})...)
	setFlag(ctx, resp.Private, resendKey, false, &resp.Diagnostics)
	setFlag(ctx, resp.Private, sharedKey, false, &resp.Diagnostics)
	writeLastApply(ctx, resp.Private, last, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}

	session := plan.sessionID.ValueString()
	if !resend && !changed {
		running, err := r.data.client.OwnMixStream(ctx, session, last)
		if err != nil {
			addCallError(&resp.Diagnostics, "Unable to update mix stream", fmt.Sprintf("The session %q is unchanged.", session), err)
			return
		}
		// The destroy of another resource may just have cancelled the session.
		resend = !running
	}
	if resend || changed {
		last, err := r.data.client.ApplyMixStream(ctx, mix, liveapi.Apply{
			Last: last, Update: true, WaitForInputs: plan.waitForInputs.ValueBool(),
		})
		var failed *liveapi.Error
		uncertain := errors.As(err, &failed) && failed.Uncertain
		if err != nil && !uncertain && resend {
			// The session may differ from the state, and this update has not changed that.
			last.Uncertain = true
		}
		writeLastApply(ctx, resp.Private, last, &resp.Diagnostics)
		switch {
		case uncertain:
			addCallError(&resp.Diagnostics, "Mix stream may have changed", fmt.Sprintf(
				"Whether the session %q has changed is not known. The next apply sends the mix again.", session), err)
			return
		case err != nil:
			addCallError(&resp.Diagnostics, "Unable to update mix stream", fmt.Sprintf("The session %q is unchanged.", session), err)
			return
		}
	}
	r.data.claims.applied(session, last.Generation)
	saveState(ctx, &resp.State, req.Plan, awaitOutput(ctx, r.data.client, plan, &resp.Diagnostics), &resp.Diagnostics)
}

// Delete cancels the session. If the session no longer exists, the destroy succeeds.
func (r *mixStreamResource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state, err := readMix(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the state", err.Error())
	}
	limits := readTimeouts(ctx, req.State, &resp.Diagnostics)
	timeout, diags := limits.Delete(ctx, defaultDeleteTimeout)
	resp.Diagnostics.Append(diags...)
	if !r.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(r.data.withMaskedSecrets(ctx), "delete", timeout)
	defer cancel()
	session := state.sessionID.ValueString()
	last := readLastApply(ctx, req.Private, &resp.Diagnostics)
	spare := hasFlag(ctx, req.Private, spareKey, &resp.Diagnostics) // The plan has said so, and why.
	if !spare && r.data.claims.replanned(last.Generation) {
		// The plan that the user saw knew of another object with the session, which either stays or cancels it.
		spare = hasFlag(ctx, req.Private, sharedKey, &resp.Diagnostics)
	}
	if spare {
		r.data.claims.gone(session, last.Generation, false)
		return
	}

	// An object without a generation is a tainted one that is about to be replaced.
	forGood := last.Generation != "" && hasFlag(ctx, req.Private, cancelKey, &resp.Diagnostics)
	outcome := liveapi.OutcomeSkipped
	if r.data.claims.cancel(session, last.Generation, forGood) {
		outcome, last, err = r.data.client.CancelMixStream(ctx, session, last)
	}
	switch {
	case err != nil:
		writeLastApply(ctx, resp.Private, last, &resp.Diagnostics)
		resp.Diagnostics.AddError("Unable to cancel mix stream", errorDetail(fmt.Sprintf(
			"The session %q may still run. It stays in the state, so that the next destroy or apply cancels it.", session), err))
		return
	case outcome == liveapi.OutcomeSkipped:
		resp.Diagnostics.AddWarning("Mix stream not cancelled", fmt.Sprintf(
			"Another resource of this run has the session %q now, so the session goes on. "+
				"Do not use create_before_destroy where the session ID stays the same. %s", session, renameAdvice))
	case outcome == liveapi.OutcomeNotFound:
		if r.checkOrigin(session, last, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
	}
	r.data.claims.gone(session, last.Generation, forGood && outcome == liveapi.OutcomeCancelled)
}

// checkOrigin checks a session that was not found where it was cancelled: it may still run on the other site or in
// another account.
func (r *mixStreamResource) checkOrigin(session string, last liveapi.LastApply, diags *diag.Diagnostics) {
	site := r.data.client.Site()
	switch {
	case last.Site == "" || last.Site == site && last.Key == r.data.client.Key():
	case last.Site != site && last.Site != liveapi.SiteCustom && site != liveapi.SiteCustom:
		diags.AddError("Mix stream not found at this site", fmt.Sprintf(
			"The session %q does not exist at the %s site of Tencent Cloud, but it was last applied at the %s site, where it may still run and be billed. "+
				"Set the provider's domain and credentials as they were and destroy it again. If you are sure that the session has ended, remove it from the state with a removed block with lifecycle { destroy = false }, or with terraform state rm.",
			session, site, last.Site))
	case last.Site != site:
		diags.AddWarning("Mix stream may still be running", fmt.Sprintf(
			"The session %q does not exist at the endpoint of this run, so there was nothing to cancel. It was last applied at another endpoint (%s, now %s): check that it does not run there.",
			session, last.Site, site))
	default:
		diags.AddWarning("Mix stream may still be running", fmt.Sprintf(
			"The session %q does not exist in this account, so there was nothing to cancel. It was last applied with other credentials: if they belong to another account, the session may still run there.", session))
	}
}

// ImportState imports a session by ID or by identity. Only the ID can be known; the first apply sends the configured
// mix and so adopts the session in place.
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
	writeLastApply(ctx, resp.Private, liveapi.Adopted(), &resp.Diagnostics)
}

// configured reports whether there is a client, and adds an error if not.
func (r *mixStreamResource) configured(diags *diag.Diagnostics) bool {
	return r.data.configured(diags)
}

// readPlan reads the mix that is to be sent. A value that was unknown at plan may turn out to be invalid.
func readPlan(ctx context.Context, plan tfsdk.Plan, diags *diag.Diagnostics) *mixModel {
	m, err := readMix(plan.Raw)
	if err != nil {
		diags.AddError("Unable to read the plan", err.Error())
	}
	for _, at := range m.misfits {
		var refused attr.Value
		diags.Append(plan.GetAttribute(ctx, at, &refused)...)
	}
	return m
}

// saveState saves a plan in which only the state of the output stream may be unknown.
func saveState(ctx context.Context, state *tfsdk.State, plan tfsdk.Plan, outputStreamState types.String, diags *diag.Diagnostics) {
	state.Raw = plan.Raw
	setValue(ctx, &state.Raw, outputStreamState, diags, "output_stream_state")
}

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
