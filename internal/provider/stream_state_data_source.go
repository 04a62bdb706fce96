// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var (
	_ datasource.DataSource              = (*streamStateDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*streamStateDataSource)(nil)
)

// advisory is what Tencent says of both calls (267/20470, 267/20472), and what that means for a configuration.
const advisory = "Tencent calls this information advisory: it lags behind, so nothing important should depend on it alone. " +
	"Every plan reads it, including the plan of a destroy: if it cannot be read, `-refresh=false` still destroys. In a `check` block, a failed read is only a warning."

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
		MarkdownDescription: "Tells whether a stream is being pushed, with `DescribeLiveStreamState`.\n\n" + advisory,
		Attributes: map[string]schema.Attribute{
			"domain_name": schema.StringAttribute{
				MarkdownDescription: "The push domain of the stream, such as `push.example.com`.",
				Required:            true,
				Validators:          []validator.String{domainValidator{}},
			},
			"app_name": schema.StringAttribute{
				MarkdownDescription: "The push path of the stream, 1 to 255 characters. `" + defaultAppName + "` by default.",
				Optional:            true,
				Computed:            true,
				Validators:          []validator.String{shortTextRule()},
			},
			"stream_name": schema.StringAttribute{
				MarkdownDescription: "The name of the stream, 1 to 255 characters.",
				Required:            true,
				Validators:          []validator.String{shortTextRule()},
			},
			"state": schema.StringAttribute{
				MarkdownDescription: "`active`, `inactive` or `forbid`. A stream that never existed is `inactive`, too.",
				Computed:            true,
			},
		},
	}
}

func (d *streamStateDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	// There is no data during validation, or while the provider's configuration has unknown values.
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
