// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// The defaults of attributes that several schemas, plans and reads know.
const (
	defaultAppName       = "live"
	defaultActiveTimeout = "30s"
	defaultApplyTimeout  = 5 * time.Minute
	defaultReadTimeout   = time.Minute
	defaultDeleteTimeout = 5 * time.Minute
)

// providerData is what Configure passes to resources.
type providerData struct {
	client *liveapi.Client
	claims *sessionClaims
}

// withMaskedSecrets returns a context whose log lines never show a secret. Loggers belong to the context of one RPC, so
// every method of a resource must call it.
func (d *providerData) withMaskedSecrets(ctx context.Context) context.Context {
	secrets := d.client.Secrets()
	return tflog.MaskMessageStrings(tflog.MaskAllFieldValuesStrings(ctx, secrets...), secrets...)
}

// configured reports whether there is a client, and adds an error if not.
func (d *providerData) configured(diags *diag.Diagnostics) bool {
	if d == nil {
		diags.AddError("The provider is not configured",
			"A value in the provider block is not known yet, so no call can be made. Apply what yields that value first, for example with -target.")
	}
	return d != nil
}

// withTimeout returns a context whose cause, once it times out, names the operation and its timeout.
func withTimeout(ctx context.Context, operation string, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, &liveapi.TimeoutError{Operation: operation, After: d})
}

// attributeReader is a plan or a state.
type attributeReader interface {
	GetAttribute(ctx context.Context, at path.Path, target any) diag.Diagnostics
}

func readTimeouts(ctx context.Context, from attributeReader, diags *diag.Diagnostics) timeouts.Value {
	var limits timeouts.Value
	diags.Append(from.GetAttribute(ctx, path.Root("timeouts"), &limits)...)
	return limits
}
