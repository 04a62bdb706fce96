// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ datasource.DataSource              = (*streamStateDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*streamStateDataSource)(nil)
)

// advisory is what Tencent says of both calls (267/20470, 267/20472), and what follows from it for a configuration.
const advisory = "Tencent calls this information advisory: it lags behind, and nothing of weight should depend on it alone. " +
	"It is read at each plan, and also before a destroy: where it cannot be read, `-refresh=false` destroys all the same. Within a `check` block that is a mere warning."

// NewStreamStateDataSource returns the data source tencentcss_stream_state.
func NewStreamStateDataSource() datasource.DataSource { return &streamStateDataSource{} }

type streamStateDataSource struct {
	data *providerData
}

// streamStateModel mirrors the schema.
type streamStateModel struct {
	DomainName types.String `tfsdk:"domain_name"`
	AppName    types.String `tfsdk:"app_name"`
	StreamName types.String `tfsdk:"stream_name"`
	State      types.String `tfsdk:"state"`
}

func (d *streamStateDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_stream_state"
}

func (d *streamStateDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Whether a stream is being pushed, by `DescribeLiveStreamState`.\n\n" + advisory,
		Attributes: map[string]schema.Attribute{
			"domain_name": schema.StringAttribute{
				MarkdownDescription: "The push domain of the stream.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthBetween(1, 255)},
			},
			"app_name": schema.StringAttribute{
				MarkdownDescription: "The push path of the stream. `" + defaultAppName + "` by default.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{stringvalidator.LengthBetween(1, 255)},
			},
			"stream_name": schema.StringAttribute{
				MarkdownDescription: "The name of the stream.",
				Required:            true,
				Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
			},
			"state": schema.StringAttribute{
				MarkdownDescription: "`active`, `inactive` or `forbid`. A stream that never was is `inactive`, too.",
				Computed:            true,
			},
		},
	}
}

func (d *streamStateDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	// There is no data while Terraform validates, and while the provider's configuration holds unknown values.
	if data, ok := req.ProviderData.(*providerData); ok {
		d.data = data
	}
}

func (d *streamStateDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m streamStateModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !d.data.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(d.data.withMaskedSecrets(ctx), "read", defaultReadTimeout)
	defer cancel()
	// The schema of a data source has no defaults.
	if m.AppName.IsNull() {
		m.AppName = types.StringValue(defaultAppName)
	}

	state, err := d.data.client.StreamState(ctx, m.DomainName.ValueString(), m.AppName.ValueString(), m.StreamName.ValueString())
	if err != nil {
		resp.Diagnostics.AddError("Unable to read stream state", errorDetail("", err))
		return
	}
	m.State = types.StringValue(state)
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// configured tells whether there is a client, and says what is missing where there is none.
func (d *providerData) configured(diags *diag.Diagnostics) bool {
	if d == nil {
		diags.AddError("The provider is not configured",
			"A value in the provider block is still not known, so that no call can be made. Apply what yields that value first, with -target for example.")
	}
	return d != nil
}
