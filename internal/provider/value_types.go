// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math/big"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// The framework stops reading the configuration at a number that its type cannot hold (a fraction for an integer, 1e400
// for a float) and calls it an error in the provider. These types hold every number: one that does not fit becomes a
// value that its attribute refuses, in the words of the attribute's own rule. All other numbers are the framework's own
// values, so that a model has types.Int64 and types.Float64 as usual.

var (
	_ basetypes.Int64Typable      = wholeNumberType{}
	_ basetypes.Int64Valuable     = misfitInt64{}
	_ basetypes.Float64Typable    = decimalType{}
	_ basetypes.Float64Valuable   = misfitFloat64{}
	_ xattr.ValidateableAttribute = misfitInt64{}
	_ xattr.ValidateableAttribute = misfitFloat64{}
)

// wholeNumberType is Int64Type with a rule, such as "must be a whole number from 1 to 60".
type wholeNumberType struct {
	basetypes.Int64Type
	rule string
}

func (t wholeNumberType) String() string { return "wholeNumberType" }

// Equal also holds for the type of values that fit.
func (t wholeNumberType) Equal(o attr.Type) bool {
	_, same := o.(wholeNumberType)
	return same || t.Int64Type.Equal(o)
}

func (t wholeNumberType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	v, err := t.Int64Type.ValueFromTerraform(ctx, in)
	if err == nil {
		return v, nil
	}
	misfit, err := newMisfit(in, t.rule)
	return misfitInt64{types.Int64Unknown(), misfit}, err
}

// decimalType is Float64Type with a rule, such as "must be from 0 to 2000 pixels".
type decimalType struct {
	basetypes.Float64Type
	rule string
}

func (t decimalType) String() string { return "decimalType" }

// Equal also holds for the type of values that fit.
func (t decimalType) Equal(o attr.Type) bool {
	_, same := o.(decimalType)
	return same || t.Float64Type.Equal(o)
}

func (t decimalType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	v, err := t.Float64Type.ValueFromTerraform(ctx, in)
	if err == nil {
		return v, nil
	}
	misfit, err := newMisfit(in, t.rule)
	return misfitFloat64{types.Float64Unknown(), misfit}, err
}

// misfit is a number that its type cannot hold.
type misfit struct {
	number *big.Float
	rule   string
}

func newMisfit(in tftypes.Value, rule string) (misfit, error) {
	m := misfit{number: new(big.Float), rule: rule}
	return m, in.As(m.number)
}

// ValidateAttribute refuses the number, both in a configuration and when a model is read: at apply, a value that was
// unknown at plan may turn out to be one.
func (m misfit) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	resp.Diagnostics.AddAttributeError(req.Path, invalidValue, fmt.Sprintf("%s %s; got %s.", req.Path, m.rule, m))
}

func (m misfit) ToTerraformValue(context.Context) (tftypes.Value, error) {
	return tftypes.NewValue(tftypes.Number, m.number), nil
}

// String formats the number as in a configuration, or with ten digits if it is long.
func (m misfit) String() string {
	const long, bits = 20, 64
	if m.number.IsInt() && m.number.MantExp(nil) <= bits {
		return m.number.Text('f', 0)
	}
	if exact := m.number.Text('g', -1); len(exact) <= long {
		return exact
	}
	return m.number.Text('g', 10)
}

// misfitInt64 is a misfit in place of an Int64.
type misfitInt64 struct {
	basetypes.Int64Value
	misfit
}

func (v misfitInt64) Type(context.Context) attr.Type { return wholeNumberType{rule: v.rule} }

func (v misfitInt64) Equal(o attr.Value) bool {
	other, ok := o.(misfitInt64)
	return ok && v.number.Cmp(other.number) == 0
}

func (v misfitInt64) String() string { return v.misfit.String() }

func (v misfitInt64) ToTerraformValue(ctx context.Context) (tftypes.Value, error) {
	return v.misfit.ToTerraformValue(ctx)
}

// misfitFloat64 is a misfit in place of a Float64.
type misfitFloat64 struct {
	basetypes.Float64Value
	misfit
}

func (v misfitFloat64) Type(context.Context) attr.Type { return decimalType{rule: v.rule} }

func (v misfitFloat64) Equal(o attr.Value) bool {
	other, ok := o.(misfitFloat64)
	return ok && v.number.Cmp(other.number) == 0
}

func (v misfitFloat64) String() string { return v.misfit.String() }

func (v misfitFloat64) ToTerraformValue(ctx context.Context) (tftypes.Value, error) {
	return v.misfit.ToTerraformValue(ctx)
}

// durationRule is the rule for an attribute that holds a duration.
type durationRule struct {
	orZero bool // 0s has a meaning
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

// durationType is GoDurationType without its message about an invalid duration, which does not name the attribute. The
// rule refuses such a text instead.
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

// Equal also holds for the type of valid durations.
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

// misfitDuration is a text that is not a duration.
type misfitDuration struct {
	basetypes.StringValue
	rule durationRule
}

func (v misfitDuration) Type(context.Context) attr.Type { return durationType{rule: v.rule} }

func (v misfitDuration) Equal(o attr.Value) bool {
	other, ok := o.(misfitDuration)
	return ok && v.StringValue.Equal(other.StringValue)
}

// ValidateAttribute refuses the text, both in a configuration and when a model is read.
func (v misfitDuration) ValidateAttribute(ctx context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	var refused validator.StringResponse
	v.rule.ValidateString(ctx, validator.StringRequest{Path: req.Path, ConfigValue: v.StringValue}, &refused)
	resp.Diagnostics.Append(refused.Diagnostics...)
}

func objectType(attributes map[string]schema.Attribute) types.ObjectType {
	t := types.ObjectType{AttrTypes: map[string]attr.Type{}}
	for name, attribute := range attributes {
		t.AttrTypes[name] = attribute.GetType()
	}
	return t
}

// typed gives a nested attribute the type that it has anyway. Without it the framework builds the type anew at each step
// of each path into it: 35 % more bytes when it reads a mix of 16 inputs (BenchmarkReadResource).
func typed(a schema.SingleNestedAttribute) schema.SingleNestedAttribute {
	a.CustomType = objectType(a.Attributes)
	return a
}

// typedList is typed for a list.
func typedList(a schema.ListNestedAttribute) schema.ListNestedAttribute {
	element := objectType(a.NestedObject.Attributes)
	a.NestedObject.CustomType, a.CustomType = element, types.ListType{ElemType: element}
	return a
}
