// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// colorPattern accepts both spellings of a color; expandColor brings them to Tencent's.
var colorPattern = regexp.MustCompile(`^(?:0[xX]|#)[0-9A-Fa-f]{6}$`)

const maxPixels = 2000

// pixelsOrFraction is the rule for sizes and places of CommonMixLayoutParams: pixels from 0 to 2000 or a fraction from
// 0.01 to 0.99. What lies between 0 and 0.01, or between 0.99 and 1, Tencent does not document.
type pixelsOrFraction struct{}

func (pixelsOrFraction) Description(context.Context) string {
	return "pixels from 0 to 2000, or a fraction from 0.01 to 0.99"
}

func (v pixelsOrFraction) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v pixelsOrFraction) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	f := req.ConfigValue.ValueFloat64()
	switch {
	case f == 0, f >= 0.01 && f <= 0.99, f >= 1 && f <= maxPixels:
	case f > 0 && f < 1:
		resp.Diagnostics.AddAttributeError(req.Path, "Fraction out of range",
			fmt.Sprintf("%s is %s, a fraction outside of 0.01 to 0.99. Give %s.", req.Path, plain(f), v.Description(ctx)))
	default:
		resp.Diagnostics.AddAttributeError(req.Path, "Value out of range",
			fmt.Sprintf("%s is %s, which is out of range. Give %s.", req.Path, plain(f), v.Description(ctx)))
	}
}

// pixelsOnly is the rule for CommonMixCropParams.
type pixelsOnly struct{}

func (pixelsOnly) Description(context.Context) string { return "pixels from 0 to 2000" }

func (v pixelsOnly) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v pixelsOnly) ValidateFloat64(ctx context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	f := req.ConfigValue.ValueFloat64()
	if f < 0 || f > maxPixels {
		resp.Diagnostics.AddAttributeError(req.Path, "Value out of range",
			fmt.Sprintf("%s is %s, which is out of range. Give %s; a crop takes no fractions.", req.Path, plain(f), v.Description(ctx)))
	}
}

// timeoutsRule refuses timeouts that leave no time at all. That each of them is a duration is checked by its type.
type timeoutsRule struct{}

func (timeoutsRule) Description(context.Context) string { return "timeouts must be longer than 0s" }

func (v timeoutsRule) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (timeoutsRule) ValidateResource(ctx context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	at := path.Root("timeouts")
	var configured timeouts.Value
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, at, &configured)...)
	attributes := configured.Attributes()
	for _, name := range []string{"create", "read", "update", "delete"} {
		text, ok := attributes[name].(types.String)
		if !ok || text.IsNull() || text.IsUnknown() {
			continue
		}
		if d, err := time.ParseDuration(text.ValueString()); err == nil && d <= 0 {
			resp.Diagnostics.AddAttributeError(at.AtName(name), "Timeout without time",
				fmt.Sprintf("timeouts.%s is %q, which leaves no time for the operation. Give a duration such as \"5m\", or leave it out for its default.", name, text.ValueString()))
		}
	}
}
