// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// ModifyPlan fills in the computed attributes as far as the plan can know them, plans to send the mix again if it may
// not run as the state says, and finds other objects with the same session.
func (r *mixStreamResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	if req.Plan.Raw.IsNull() {
		r.planDestroy(ctx, req, resp)
		return
	}
	p := mixPlan{data: r.data, config: req.Config.Raw, planned: req.Plan, prior: req.State.Raw, private: resp.Private}
	if p.read() {
		p.complete(ctx)
	}
	resp.Plan = p.planned
	resp.Diagnostics.Append(p.diags...)
}

// planDestroy decides whether the session lives on for another object. Delete reads that from the planned private
// state.
func (r *mixStreamResource) planDestroy(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	last := identifyObject(ctx, req.Private, resp.Private, &resp.Diagnostics)
	if r.data == nil {
		return
	}
	state, err := readMix(req.State.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the state", err.Error())
		return
	}
	session := state.sessionID.ValueString()
	noted := hasFlag(ctx, req.Private, sharedKey, &resp.Diagnostics)
	spare, renewed, blind := r.data.claims.destroy(session, last.Generation, noted)
	setFlag(ctx, resp.Private, spareKey, spare, &resp.Diagnostics)
	setFlag(ctx, resp.Private, cancelKey, !spare, &resp.Diagnostics)
	switch {
	case blind:
		resp.Diagnostics.AddError(refreshNeeded, refreshNeededText(session))
	case spare:
		resp.Diagnostics.AddWarning("Mix stream will not be cancelled", fmt.Sprintf(
			"This plan destroys one resource with the session %q and keeps another one with it. A cancel would take the mix off air, so the destroy only removes the resource from the state.\n\n"+
				"With create_before_destroy, give the new mix a session ID and an output name of its own. %s",
			session, renameAdvice))
	case renewed:
		resp.Diagnostics.AddWarning("Mix stream goes off air", renewedText(session, r.data.pacing()))
	}
}

// mixPlan is the plan of one object that stays or is created.
type mixPlan struct {
	data    *providerData // nil before the provider is configured
	config  tftypes.Value
	planned tfsdk.Plan    // complete changes it
	prior   tftypes.Value // null for an object that does not exist
	private privateState
	diags   diag.Diagnostics

	plan, state *mixModel // state is nil for an object that does not exist
	last        liveapi.LastApply
	pacing      liveapi.Pacing
	changed     bool // the plan differs from the state
	resend      bool // the mix is sent even if it has not changed
}

// read must succeed before the plan can be completed.
func (p *mixPlan) read() (ok bool) {
	var err error
	p.plan, err = readMix(p.planned.Raw)
	if err == nil && !p.prior.IsNull() {
		p.state, err = readMix(p.prior)
	}
	if err != nil {
		p.diags.AddError("Unable to read the plan", err.Error())
	}
	return err == nil
}

func (p *mixPlan) complete(ctx context.Context) {
	if p.state == nil {
		p.last = readLastApply(ctx, p.private, &p.diags)
	} else {
		p.last = identifyObject(ctx, p.private, p.private, &p.diags)
	}
	p.changed = p.state == nil || !p.planned.Raw.Equal(p.prior)
	p.pacing = p.data.pacing()
	p.fillComputed(ctx)
	p.claimSession(ctx)
	p.planResend(ctx)
	if p.changed && p.state != nil && !p.replaces() {
		warnOfKindChange(p.state, p.plan, &p.diags)
	}
	if p.changed || p.resend {
		checkPlannedMix(p.plan, &p.diags)
	}
}

func (p *mixPlan) set(ctx context.Context, value attr.Value, names ...string) {
	setValue(ctx, &p.planned.Raw, value, &p.diags, names...)
}

func (p *mixPlan) fillComputed(ctx context.Context) {
	if p.plan.id != p.plan.sessionID {
		p.set(ctx, p.plan.sessionID, "id")
	}
	if p.plan.output.state == valueKnown {
		if kind := p.plan.outputStreamType(); p.plan.output.kind != kind {
			p.set(ctx, kind, "output_params", "output_stream_type")
		}
	}
	if p.plan.monitor.state == valueNull && !p.plan.outputStreamState.IsNull() {
		p.set(ctx, types.StringNull(), "output_stream_state")
	}
}

// replaces reports whether the plan is known to replace the object. Terraform may replace it for reasons that it does
// not share.
func (p *mixPlan) replaces() bool {
	return p.state != nil && (p.plan.sessionID != p.state.sessionID ||
		isKnown(p.state.output.name) && p.plan.output.name != p.state.output.name)
}

// claimSession finds other objects with the same session.
func (p *mixPlan) claimSession(ctx context.Context) {
	if p.data == nil || p.state == nil && !isKnown(p.plan.sessionID) {
		return
	}
	session, generation := p.plan.sessionID.ValueString(), p.last.Generation
	noted := hasFlag(ctx, p.private, sharedKey, &p.diags)
	spare, cancels := false, false
	switch {
	case p.state == nil && generation != "" && p.data.claims.replace(session, generation):
		// This is the second half of the plan of a replacement, of which Terraform shows only errors. The first half
		// has given any warnings.
		p.checkReuse(ctx, session)
	case p.state == nil:
		p.claimNew(ctx, session)
	case p.plan.sessionID != p.state.sessionID:
		spare = p.claimFormer(p.state.sessionID.ValueString(), generation, noted)
		cancels = !spare
	default:
		p.claimExisting(ctx, session, generation, noted)
	}
	if p.state != nil {
		setFlag(ctx, p.private, spareKey, spare, &p.diags)
		setFlag(ctx, p.private, cancelKey, cancels, &p.diags)
	}
}

// claimFormer gives up the session of an object that the plan replaces by one with a new session ID, known or not.
func (p *mixPlan) claimFormer(session, generation string, noted bool) (spare bool) {
	spare, _, blind := p.data.claims.destroy(session, generation, noted)
	p.refuseBlind(blind, session)
	return spare
}

func (p *mixPlan) claimNew(ctx context.Context, session string) {
	shared, renewed := p.data.claims.create(session, p.config)
	at := path.Root("mix_stream_session_id")
	switch {
	case shared:
		p.diags.AddAttributeWarning(at, "Session ID used twice", fmt.Sprintf(
			"mix_stream_session_id is %q for two resources. Each apply of one undoes the other, and the destroy of one takes the mix off air for both. Give each resource a session ID of its own.\n\n%s",
			session, renameAdvice))
	case renewed:
		p.diags.AddAttributeWarning(at, "Mix stream goes off air", renewedText(session, p.pacing))
		p.checkReuse(ctx, session)
	}
}

func (p *mixPlan) claimExisting(ctx context.Context, session, generation string, noted bool) {
	at := path.Root("mix_stream_session_id")
	shared, lost, blind := p.data.claims.keep(session, generation, noted)
	lost = lost || noted
	if p.refuseBlind(blind, session); blind {
		return
	}
	if shared {
		p.diags.AddAttributeWarning(at, "Session ID used twice", fmt.Sprintf(
			"mix_stream_session_id is %q for two resources in the state. Each apply of one undoes the other. "+
				"Remove one of the two resource blocks: as long as the other one stays, the session goes on.", session))
	}
	if p.replaces() {
		p.diags.AddAttributeWarning(path.Root("output_params").AtName("output_stream_name"), "Mix stream goes off air", fmt.Sprintf(
			"A new output_params.output_stream_name replaces the mix: the session %q is cancelled and created again, and the show is off air for about %s. "+
				"To change the name without a gap, give a new mix_stream_session_id as well and set lifecycle { create_before_destroy = true }.",
			session, offAir(p.pacing)))
		p.checkReuse(ctx, session)
		return
	}
	if lost {
		p.resend = true
		p.diags.AddAttributeWarning(at, "Mix stream will be sent again", fmt.Sprintf(
			"Another resource in the state has the session %q as well. So that the session goes on whatever becomes of that one, this plan sends the mix again. "+
				"If that one is destroyed first, the show is off air for about %s.\n\n%s",
			session, offAir(p.pacing), renameAdvice))
	}
}

// refreshNeeded refuses a plan that destroys one object with a session and keeps another, and has read neither. The apply plans
// the destroy of a deposed object once more, and does not call the provider for an object that stays as it is: without the note
// that a read leaves, nothing would tell it to spare the session.
const refreshNeeded = "Refresh needed"

func refreshNeededText(session string) string {
	return fmt.Sprintf("This plan destroys one resource with the session %q and keeps another one with it, but neither was refreshed. "+
		"Its apply could take the mix off air. Plan again without -refresh=false.", session)
}

func (p *mixPlan) refuseBlind(blind bool, session string) {
	if blind {
		p.diags.AddAttributeError(path.Root("mix_stream_session_id"), refreshNeeded, refreshNeededText(session))
	}
}

// checkReuse refuses a create that would run out of time before the session ID may be reused: the session would be
// cancelled, and then the create would fail.
func (p *mixPlan) checkReuse(ctx context.Context, session string) {
	if p.data.client == nil {
		return // The pacing is not known yet.
	}
	limits := readTimeouts(ctx, p.planned, &p.diags)
	timeout, diags := limits.Create(ctx, defaultApplyTimeout)
	p.diags.Append(diags...)
	if p.diags.HasError() || timeout > p.pacing.ReuseAfterCancel {
		return
	}
	p.diags.AddAttributeError(path.Root("timeouts").AtName("create"), "Timeout too short to reuse the session ID", fmt.Sprintf(
		"timeouts.create is %s, but the session %q is cancelled first, and its ID may be used again only %s later (pacing.reuse_after_cancel). "+
			"The create would fail and the show would stay off air. Set timeouts.create to at least %s.",
		timeout, session, p.pacing.ReuseAfterCancel, p.pacing.ReuseAfterCancel+time.Minute))
}

// planResend plans an update if nothing has changed but the mix must be sent again. Terraform calls Update only if
// something changes, so a computed value becomes unknown.
func (p *mixPlan) planResend(ctx context.Context) {
	if p.state == nil || p.replaces() {
		setFlag(ctx, p.private, resendKey, false, &p.diags)
		return
	}
	session := p.plan.sessionID.ValueString()
	if p.plan.monitor.state != valueNull {
		p.warnOfOutput(session)
	}
	switch {
	case !p.last.CancelledAt.IsZero():
		p.diags.AddAttributeWarning(path.Root("mix_stream_session_id"), "Mix stream will be sent again", fmt.Sprintf(
			"Whether the last cancel of the session %q took effect is not known. This plan sends the mix again, so that it runs.", session))
	case p.last.Uncertain && !p.last.At.IsZero():
		p.diags.AddAttributeWarning(path.Root("mix_stream_session_id"), "Mix stream will be sent again", fmt.Sprintf(
			"Whether the last change of the session %q took effect is not known. This plan sends the mix again.", session))
	}
	p.resend = p.resend || !p.last.Known()
	setFlag(ctx, p.private, resendKey, p.resend, &p.diags)
	if p.resend && !p.changed {
		p.set(ctx, types.StringUnknown(), "output_stream_state")
	}
}

// warnOfOutput reports what the monitor saw when the state was refreshed.
func (p *mixPlan) warnOfOutput(session string) {
	at := path.Root("output_stream_state")
	switch p.state.outputStreamState.ValueString() {
	case stateInactive:
		p.resend = true
		p.diags.AddAttributeWarning(at, "Output stream is inactive", fmt.Sprintf(
			"The output %q of the session %q is inactive. This plan sends the mix again. Check that its inputs push.", p.state.output.name.ValueString(), session))
	case stateForbid:
		p.diags.AddAttributeWarning(at, "Output stream is forbidden", fmt.Sprintf(
			"The output %q of the session %q is banned. Lift the ban on the stream in the Tencent Cloud console. The session runs on and is billed.", p.state.output.name.ValueString(), session))
	}
}

func renewedText(session string, pacing liveapi.Pacing) string {
	return fmt.Sprintf("This plan destroys one resource with the session %q and creates another one with it. The show may go off air for about %s.\n\n%s", session, offAir(pacing), renameAdvice)
}

// offAir returns how long a session that is cancelled and created again is off air.
func offAir(p liveapi.Pacing) time.Duration { return p.CancelAfterCreate + p.ReuseAfterCancel }

// checkPlannedMix applies the rules to what will be sent. Terraform has just validated the configuration; the plan
// differs from it only where ignore_changes keeps the value of the state, which is null after an import.
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
