// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const ephemeralNotes = "The URLs that the function `%[1]s` returns, without a trace of them or of the key in the plan or the state. " +
	"They can be used where Terraform accepts ephemeral values: in write-only attributes, provider configurations, provisioners and ephemeral outputs of modules.\n\n" +
	"They need Terraform 1.10 or OpenTofu 1.11, and a configured provider, although no API is called: the URLs are computed. " + urlSignedText + urlSHA256Note

// urlAttributes are those that push_urls and play_urls have in common as ephemeral resources; kind is "push" or "playback".
func urlAttributes(kind string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"domain":    schema.StringAttribute{MarkdownDescription: urlDomainText(kind), Required: true},
		"app":       schema.StringAttribute{MarkdownDescription: urlAppText, Required: true},
		"stream":    schema.StringAttribute{MarkdownDescription: urlStreamText, Required: true},
		"key":       schema.StringAttribute{MarkdownDescription: urlKeyText(kind), Optional: true, Sensitive: true},
		"expires":   schema.StringAttribute{MarkdownDescription: urlExpiresText, Optional: true},
		"algorithm": schema.StringAttribute{MarkdownDescription: urlAlgorithmText + ".", Optional: true},
	}
}

// urlAttribute is a URL of the result.
func urlAttribute(description string) schema.Attribute {
	return schema.StringAttribute{MarkdownDescription: description, Computed: true, Sensitive: true}
}

// urlModel is what a user gives.
type urlModel struct {
	Domain    types.String `tfsdk:"domain"`
	App       types.String `tfsdk:"app"`
	Stream    types.String `tfsdk:"stream"`
	Key       types.String `tfsdk:"key"`
	Expires   types.String `tfsdk:"expires"`
	Algorithm types.String `tfsdk:"algorithm"`
}

// readURLModel reads what is given. The result's type has other attributes for each kind of URLs, so they are read one by
// one.
func readURLModel(ctx context.Context, config tfsdk.Config) (m urlModel, diags diag.Diagnostics) {
	for name, target := range map[string]*types.String{
		"domain": &m.Domain, "app": &m.App, "stream": &m.Stream, "key": &m.Key, "expires": &m.Expires, "algorithm": &m.Algorithm,
	} {
		diags.Append(config.GetAttribute(ctx, path.Root(name), target)...)
	}
	return m, diags
}

// url checks what is given and signs it. It is not known before all of it is.
func (m urlModel) url(diags *diag.Diagnostics) (u liveURL, known bool) {
	for _, v := range []types.String{m.Domain, m.App, m.Stream, m.Key, m.Expires, m.Algorithm} {
		if v.IsUnknown() {
			return u, false
		}
	}
	u, position, err := urlRequest{
		domain: m.Domain.ValueString(), app: m.App.ValueString(), stream: m.Stream.ValueString(),
		key: m.Key, expires: m.Expires, algorithm: m.Algorithm.ValueString(),
	}.url()
	if err != nil {
		name := []string{"domain", "app", "stream", "key", "expires", "algorithm"}[position]
		diags.AddAttributeError(path.Root(name), "Unable to make the URLs", err.Error()+".")
		return u, false
	}
	return u, true
}
