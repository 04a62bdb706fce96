// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

var (
	_ provider.ProviderWithActions = (*tencentcssProvider)(nil)
	_ action.ActionWithConfigure   = (*cancelMixStreamAction)(nil)
)

// Actions returns the actions, which Terraform 1.14 and later knows.
func (p *tencentcssProvider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{NewCancelMixStreamAction}
}

// NewCancelMixStreamAction returns the action tencentcss_cancel_mix_stream.
func NewCancelMixStreamAction() action.Action { return &cancelMixStreamAction{} }

type cancelMixStreamAction struct {
	data *providerData
}

// cancelMixStreamModel mirrors the schema.
type cancelMixStreamModel struct {
	SessionID types.String         `tfsdk:"mix_stream_session_id"`
	Timeout   timetypes.GoDuration `tfsdk:"timeout"`
}

func (a *cancelMixStreamAction) Metadata(_ context.Context, req action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_cancel_mix_stream"
}

func (a *cancelMixStreamAction) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Cancels a mix session by its ID, whoever started it, by `CancelCommonMixStream`. It ends the billing of a session that nothing owns any more: " +
			"one that was started by other means, or by a run whose state is lost. A session that is gone already is a success. Needs Terraform 1.14.\n\n" +
			"~> A session that a `tencentcss_mix_stream` owns stays in its state, and nothing tells Terraform that it has ended; with an `output_monitor` the next plan may send the mix again. " +
			"To end such a session for good, destroy the resource.",
		Attributes: map[string]schema.Attribute{
			"mix_stream_session_id": schema.StringAttribute{
				MarkdownDescription: "The ID of the session to cancel: 1 to 80 letters, digits and underscores.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.RegexMatches(namePattern, nameRule)},
			},
			"timeout": schema.StringAttribute{
				MarkdownDescription: "How long the cancel may take, with all its waits and retries, as a duration such as `1m`. `5m` by default.",
				CustomType:          timetypes.GoDurationType{},
				Optional:            true,
				Validators:          []validator.String{durationAboveZero{}},
			},
		},
	}
}

func (a *cancelMixStreamAction) Configure(_ context.Context, req action.ConfigureRequest, _ *action.ConfigureResponse) {
	// There is no data while Terraform validates, and while the provider's configuration holds unknown values.
	if data, ok := req.ProviderData.(*providerData); ok {
		a.data = data
	}
}

// Invoke cancels the session as the destroy of a resource does, but without asking whose it is.
func (a *cancelMixStreamAction) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	var m cancelMixStreamModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !a.data.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	timeout := defaultDeleteTimeout
	if !m.Timeout.IsNull() {
		d, diags := m.Timeout.ValueGoDuration()
		resp.Diagnostics.Append(diags...)
		if resp.Diagnostics.HasError() {
			return
		}
		timeout = d
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
	case outcome == liveapi.CancelledBefore:
		tell(fmt.Sprintf("session %s is gone already", session))
	default:
		tell(fmt.Sprintf("session %s is cancelled", session))
	}
}

// sendProgress shows a message. Once Terraform has gone nobody takes messages any more, and send would wait for ever: so
// it is waited for while the context lasts, and nothing is sent after it.
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

// durationAboveZero refuses durations that leave no time. That the text is a duration at all is checked by its type.
type durationAboveZero struct{}

func (durationAboveZero) Description(context.Context) string { return "a duration longer than 0s" }

func (v durationAboveZero) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (durationAboveZero) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if d, err := time.ParseDuration(req.ConfigValue.ValueString()); err == nil && d <= 0 {
		resp.Diagnostics.AddAttributeError(req.Path, "Timeout without time",
			fmt.Sprintf("%s is %q, which leaves no time for the operation. Give a duration such as \"5m\", or leave it out for its default.", req.Path, req.ConfigValue.ValueString()))
	}
}
