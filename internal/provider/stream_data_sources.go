// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

var (
	_ datasource.DataSource              = (*streamStateDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*streamStateDataSource)(nil)
	_ datasource.DataSource              = (*onlineStreamsDataSource)(nil)
	_ datasource.DataSourceWithConfigure = (*onlineStreamsDataSource)(nil)
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
	d.data = providerDataOf(req.ProviderData)
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

// onlineListTimeout leaves time to read the 200 pages of the longest list, and to read them again if they change
// meanwhile.
const onlineListTimeout = 2 * time.Minute

// NewOnlineStreamsDataSource returns the data source tencentcss_online_streams.
func NewOnlineStreamsDataSource() datasource.DataSource { return &onlineStreamsDataSource{} }

type onlineStreamsDataSource struct {
	data *providerData
}

// onlineStreamsModel mirrors the schema.
type onlineStreamsModel struct {
	DomainName       types.String        `tfsdk:"domain_name"`
	AppName          types.String        `tfsdk:"app_name"`
	StreamNamePrefix types.String        `tfsdk:"stream_name_prefix"`
	Streams          []onlineStreamModel `tfsdk:"streams"`
}

type onlineStreamModel struct {
	DomainName   string   `tfsdk:"domain_name"`
	AppName      string   `tfsdk:"app_name"`
	StreamName   string   `tfsdk:"stream_name"`
	PublishTimes []string `tfsdk:"publish_times"`
}

func (d *onlineStreamsDataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_online_streams"
}

func (d *onlineStreamsDataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "Lists the streams that are being pushed, from all pages of `DescribeLiveStreamOnlineList`. Tencent supports up to 20,000 streams.\n\n" + advisory,
		Attributes: map[string]schema.Attribute{
			"domain_name": schema.StringAttribute{
				MarkdownDescription: "Lists only the streams of this push domain, such as `push.example.com`. By default all domains; Tencent asks accounts with several push domains to name one.",
				Optional:            true,
				Validators:          []validator.String{domainValidator{}},
			},
			"app_name": schema.StringAttribute{
				MarkdownDescription: "Lists only the streams of this push path, 1 to 255 characters. Tencent asks accounts with several push paths to name one; its default is `" + defaultAppName + "`.",
				Optional:            true,
				Validators:          []validator.String{shortTextRule()},
			},
			"stream_name_prefix": schema.StringAttribute{
				MarkdownDescription: "Lists only the streams whose names begin with this text. By default all names. The whole list is read in any case, as the API matches only whole names.",
				Optional:            true,
			},
			"streams": schema.ListNestedAttribute{
				MarkdownDescription: "The streams, each once, sorted by `domain_name`, `app_name` and `stream_name`. Outputs of mixes are included.",
				Computed:            true,
				NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
					"domain_name": schema.StringAttribute{MarkdownDescription: "The push domain.", Computed: true},
					"app_name":    schema.StringAttribute{MarkdownDescription: "The push path.", Computed: true},
					"stream_name": schema.StringAttribute{MarkdownDescription: "The name of the stream.", Computed: true},
					"publish_times": schema.ListAttribute{
						MarkdownDescription: "When its pushes began, earliest first, as RFC 3339 in UTC, such as `2026-06-29T19:00:00Z`.",
						ElementType:         types.StringType,
						Computed:            true,
					},
				}},
			},
		},
	}
}

func (d *onlineStreamsDataSource) Configure(_ context.Context, req datasource.ConfigureRequest, _ *datasource.ConfigureResponse) {
	d.data = providerDataOf(req.ProviderData)
}

func (d *onlineStreamsDataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var m onlineStreamsModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &m)...)
	if !d.data.configured(&resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(d.data.withMaskedSecrets(ctx), "read", onlineListTimeout)
	defer cancel()

	streams, err := d.data.client.OnlineStreams(ctx, m.DomainName.ValueString(), m.AppName.ValueString())
	if err != nil {
		hint := ""
		if errors.Is(err, liveapi.ErrTooManyStreams) {
			hint = "Narrow the list with domain_name and app_name. A stream_name_prefix does not help, as it filters the whole list after it was read."
		}
		resp.Diagnostics.AddError("Unable to read online streams", errorDetail(hint, err))
		return
	}
	m.Streams = flattenOnlineStreams(streams, m.StreamNamePrefix.ValueString())
	resp.Diagnostics.Append(resp.State.Set(ctx, &m)...)
}

// flattenOnlineStreams returns the streams whose names have a prefix. An empty string stays empty, not null.
func flattenOnlineStreams(streams []liveapi.OnlineStream, prefix string) []onlineStreamModel {
	kept := []onlineStreamModel{}
	for _, s := range streams {
		if strings.HasPrefix(s.Name, prefix) {
			kept = append(kept, onlineStreamModel{
				DomainName: s.Domain, AppName: s.App, StreamName: s.Name, PublishTimes: append([]string{}, s.PublishTimes...),
			})
		}
	}
	return kept
}
