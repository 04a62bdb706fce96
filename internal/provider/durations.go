// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// durationRule is the rule of an attribute that holds a duration.
type durationRule struct {
	orZero bool // 0s has a meaning.
}

var _ validator.String = durationRule{}

func (r durationRule) Description(context.Context) string {
	if r.orZero {
		return `must be a duration of at least 0s, such as "30s" or "1m"`
	}
	return `must be a duration longer than 0s, such as "90s" or "5m"`
}

func (r durationRule) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r durationRule) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	text := req.ConfigValue.ValueString()
	d, err := time.ParseDuration(text)
	if err == nil && (d > 0 || d == 0 && r.orZero) {
		return
	}
	why := ""
	if _, bare := strconv.ParseFloat(text, 64); bare == nil && err != nil {
		why = ", which has no unit"
	}
	resp.Diagnostics.AddAttributeError(req.Path, invalidValue,
		fmt.Sprintf("%s %s; got %s%s.", req.Path, r.Description(ctx), excerpt(text), why))
}

// durationType is GoDurationType without its own message about a text that is no duration: that does not name the
// attribute. The rule refuses such a text instead.
type durationType struct {
	timetypes.GoDurationType
	rule durationRule
}

var (
	_ basetypes.StringTypable     = durationType{}
	_ basetypes.StringValuable    = misfitDuration{}
	_ xattr.ValidateableAttribute = misfitDuration{}
)

func (t durationType) String() string { return "durationType" }

// Equal also holds for the type of the durations themselves.
func (t durationType) Equal(o attr.Type) bool {
	_, same := o.(durationType)
	return same || t.GoDurationType.Equal(o)
}

func (t durationType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	v, err := t.GoDurationType.ValueFromTerraform(ctx, in)
	if d, ok := v.(timetypes.GoDuration); ok && !d.IsNull() && !d.IsUnknown() && !isDuration(d.ValueString()) {
		return misfitDuration{d.StringValue, t.rule}, err
	}
	return v, err
}

func isDuration(text string) bool {
	_, err := time.ParseDuration(text)
	return err == nil
}

// misfitDuration is a text that is no duration.
type misfitDuration struct {
	basetypes.StringValue
	rule durationRule
}

func (v misfitDuration) Type(context.Context) attr.Type { return durationType{rule: v.rule} }

func (v misfitDuration) Equal(o attr.Value) bool {
	other, ok := o.(misfitDuration)
	return ok && v.StringValue.Equal(other.StringValue)
}

// ValidateAttribute refuses the text, both in a configuration and where a model is read.
func (v misfitDuration) ValidateAttribute(ctx context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	var refused validator.StringResponse
	v.rule.ValidateString(ctx, validator.StringRequest{Path: req.Path, ConfigValue: v.StringValue}, &refused)
	resp.Diagnostics.Append(refused.Diagnostics...)
}
