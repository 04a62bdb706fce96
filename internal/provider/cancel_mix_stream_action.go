// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

var _ action.ActionWithConfigure = (*cancelMixStreamAction)(nil)

// NewCancelMixStreamAction returns the action tencentcss_cancel_mix_stream.
func NewCancelMixStreamAction() action.Action { return &cancelMixStreamAction{} }

type cancelMixStreamAction struct {
	data *providerData
}

// cancelMixStreamModel mirrors the schema.
type cancelMixStreamModel struct {
	SessionID types.String `tfsdk:"mix_stream_session_id"`
	Timeout   types.String `tfsdk:"timeout"`
}

func (a *cancelMixStreamAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cancel_mix_stream"
}

func (a *cancelMixStreamAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Cancels a mix session by its ID, whoever started it, with `CancelCommonMixStream`. It ends the billing of a session that no resource owns any more: " +
			"one that was started by other means, or by a run whose state is lost. If the session no longer exists, the action succeeds. Needs Terraform 1.14.\n\n" +
			"~> If a `tencentcss_mix_stream` owns the session, the resource stays in the state, and Terraform does not learn that it has ended; with an `output_monitor`, the next plan may send the mix again. " +
			"To end such a session for good, destroy the resource.",
		Attributes: map[string]schema.Attribute{
			"mix_stream_session_id": schema.StringAttribute{
				MarkdownDescription: "The ID of the session to cancel: 1 to 80 letters, digits and underscores.",
				Required:            true,
				Validators:          []validator.String{nameTextRule()},
			},
			"timeout": schema.StringAttribute{
				MarkdownDescription: "How long the cancel may take, including all waits and retries, as a duration such as `90s` or `5m`. `5m` by default.",
				Optional:            true,
				Validators:          []validator.String{durationRule{}},
			},
		},
	}
}

func (a *cancelMixStreamAction) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	a.data = providerDataOf(req.ProviderData)
}

// Invoke cancels the session as the destroy of a resource does, but regardless of its owner.
func (a *cancelMixStreamAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m cancelMixStreamModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !a.data.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	m.check(ctx, &resp.Diagnostics)
	timeout := m.timeout()
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(a.data.withMaskedSecrets(ctx), "invoke", timeout)
	defer cancel()
	session := m.SessionID.ValueString()
	tell := func(message string) { sendProgress(ctx, resp.SendProgress, message) }

	tell(fmt.Sprintf("cancelling session %s", session))
	outcome, err := a.data.client.CancelAnyMixStream(ctx, session, tell)
	switch {
	case err != nil:
		resp.Diagnostics.AddError("Unable to cancel mix stream", errorDetail(fmt.Sprintf(
			"The session %q may still run, and is billed while it does. Invoke the action again.", session), err))
	case outcome == liveapi.OutcomeNotFound:
		tell(fmt.Sprintf("session %s no longer exists", session))
	default:
		tell(fmt.Sprintf("session %s is cancelled", session))
	}
}

// check repeats the rules of the schema for values that were unknown when Terraform validated the configuration. A
// cancel without a session is never sent.
func (m *cancelMixStreamModel) check(ctx context.Context, diags *diag.Diagnostics) {
	at := path.Root("mix_stream_session_id")
	switch session := m.SessionID.ValueString(); {
	case m.SessionID.IsUnknown():
		diags.AddAttributeError(at, "Session ID is not known", "mix_stream_session_id is not known yet, so there is no session to cancel. Apply what yields the ID first.")
	case !namePattern.MatchString(session):
		diags.AddAttributeError(at, invalidValue, fmt.Sprintf("%s %s; got %s. Nothing was cancelled.", at, nameRule, excerpt(session)))
	}
	var valid validator.StringResponse
	durationRule{}.ValidateString(ctx, validator.StringRequest{Path: path.Root("timeout"), ConfigValue: m.Timeout}, &valid)
	diags.Append(valid.Diagnostics...)
}

func (m *cancelMixStreamModel) timeout() time.Duration {
	if d, err := time.ParseDuration(m.Timeout.ValueString()); err == nil {
		return d
	}
	return defaultDeleteTimeout
}

// sendProgress shows a message. Once Terraform has gone, nobody receives messages and send would block forever: so it
// is waited for only until the context ends, and never called after that.
func sendProgress(ctx context.Context, send func(action.InvokeProgressEvent), message string) {
	if ctx.Err() != nil {
		return
	}
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		send(action.InvokeProgressEvent{Message: message})
	}()
	select {
	case <-sent:
	case <-ctx.Done():
	}
}
