// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// inputType is the type of one input of input_stream_list. A function returns it whole, with nulls for what it does not
// set, so that its result can be assigned as it is.
func inputType() types.ObjectType {
	return objectType(inputAttributes())
}

func objectType(attributes map[string]schema.Attribute) types.ObjectType {
	t := types.ObjectType{AttrTypes: map[string]attr.Type{}}
	for name, attribute := range attributes {
		t.AttrTypes[name] = attribute.GetType()
	}
	return t
}

// layoutReturn is what the layout functions return.
func layoutReturn() function.Return { return function.ListReturn{ElementType: inputType()} }

// layoutNotes end the description of each layout function.
const layoutNotes = "\n\nThe canvas is black, lies on layer 1 and is called `canvas`, or `canvas_1` and so on where a stream has that name. " +
	"Streams have the ratio 16:9, even sizes and positions, and never leave the canvas. A stream of another ratio is stretched, unless `control_params.use_mix_crop_center` is true.\n\n" +
	"The result is a whole `input_stream_list`. To change a part of it, take it apart with a `for` expression and `merge`. The guide [Layouts](../guides/layouts) shows pictures."

func widthParameter() function.Parameter {
	return function.Int64Parameter{Name: "width", MarkdownDescription: "The width of the canvas in pixels: an even number from 16 to 2000."}
}

func heightParameter() function.Parameter {
	return function.Int64Parameter{Name: "height", MarkdownDescription: "The height of the canvas in pixels: an even number from 16 to 2000."}
}

// checkStreamName checks one name; where is what to call it in the error.
func checkStreamName(position int64, where, name string) *function.FuncError {
	if namePattern.MatchString(name) {
		return nil
	}
	return function.NewArgumentFuncError(position, fmt.Sprintf("%s is %q, which is no stream name: it %s.", where, name, nameRule))
}

// readStreamNames checks the names of a list. An element that is null is no name.
func readStreamNames(position int64, list []types.String) ([]string, *function.FuncError) {
	var names []string
	for i, name := range list {
		if name.IsNull() {
			return nil, function.NewArgumentFuncError(position, fmt.Sprintf("[%d] is null. Give the name of a stream, or leave it out.", i))
		}
		if err := checkStreamName(position, fmt.Sprintf("[%d]", i), name.ValueString()); err != nil {
			return nil, err
		}
		names = append(names, name.ValueString())
	}
	return names, nil
}

// setLayout answers a call with an arrangement, or points at the argument that does not allow it. Parameters are the names
// in their order.
func setLayout(ctx context.Context, resp *function.RunResponse, parameters []function.Parameter, inputs []mixlayout.Input, err error) {
	if err != nil {
		var wrong *mixlayout.ArgumentError
		if errors.As(err, &wrong) {
			for i, p := range parameters {
				if p.GetName() == wrong.Argument {
					resp.Error = function.NewArgumentFuncError(int64(i), wrong.Problem)
					return
				}
			}
		}
		resp.Error = function.NewFuncError(err.Error())
		return
	}
	list, diags := flattenInputs(ctx, inputs)
	if resp.Error = function.FuncErrorFromDiags(ctx, diags); resp.Error == nil {
		resp.Error = resp.Result.Set(ctx, list)
	}
}

// flattenInputs turns an arrangement into an input_stream_list. What is not set is null.
func flattenInputs(ctx context.Context, inputs []mixlayout.Input) (types.List, diag.Diagnostics) {
	var diags diag.Diagnostics
	t := inputType()
	layoutType, cropType, matteType := t.AttrTypes["layout_params"], t.AttrTypes["crop_params"], t.AttrTypes["portrait_segment_params"]
	models := make([]inputModel, 0, len(inputs))
	for _, in := range inputs {
		layout := layoutModel{
			ImageLayer: types.Int64Value(int64(in.Layer)), InputType: types.StringValue(string(in.Kind)),
			ImageWidth: types.Float64PointerValue(in.Width), ImageHeight: types.Float64PointerValue(in.Height),
			LocationX: types.Float64PointerValue(in.X), LocationY: types.Float64PointerValue(in.Y),
		}
		if in.Color != "" {
			layout.Color = types.StringValue(in.Color)
		}
		object, d := types.ObjectValueFrom(ctx, layoutType.(attr.TypeWithAttributeTypes).AttributeTypes(), layout)
		diags.Append(d...)
		models = append(models, inputModel{
			InputStreamName: types.StringValue(in.Name), LayoutParams: object,
			CropParams:            types.ObjectNull(cropType.(attr.TypeWithAttributeTypes).AttributeTypes()),
			PortraitSegmentParams: types.ObjectNull(matteType.(attr.TypeWithAttributeTypes).AttributeTypes()),
		})
	}
	list, d := types.ListValueFrom(ctx, t, models)
	return list, append(diags, d...)
}

// expandInputs turns inputs into the geometry of a layout. All of them are known.
func expandInputs(ctx context.Context, models []inputModel) ([]mixlayout.Input, diag.Diagnostics) {
	var diags diag.Diagnostics
	var inputs []mixlayout.Input
	for _, m := range models {
		in := mixlayout.Input{Name: m.InputStreamName.ValueString()}
		if layout := objectAs[layoutModel](ctx, m.LayoutParams, &diags); layout != nil {
			in.Layer, in.Kind = int(layout.ImageLayer.ValueInt64()), mixlayout.Kind(layout.InputType.ValueString())
			in.Width, in.Height = layout.ImageWidth.ValueFloat64Pointer(), layout.ImageHeight.ValueFloat64Pointer()
			in.X, in.Y = layout.LocationX.ValueFloat64Pointer(), layout.LocationY.ValueFloat64Pointer()
			in.Color = layout.Color.ValueString()
		}
		if crop := objectAs[cropModel](ctx, m.CropParams, &diags); crop != nil {
			in.Crop = mixlayout.Rect{
				X: crop.CropStartLocationX.ValueFloat64(), Y: crop.CropStartLocationY.ValueFloat64(),
				Width: crop.CropWidth.ValueFloat64(), Height: crop.CropHeight.ValueFloat64(),
			}
		}
		inputs = append(inputs, in)
	}
	return inputs, diags
}
