// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// mixStreamModel mirrors the resource. Nested objects stay framework values, as any of them may be unknown or null in a
// configuration, and most are null after an import.
type mixStreamModel struct {
	ID                types.String   `tfsdk:"id"`
	SessionID         types.String   `tfsdk:"mix_stream_session_id"`
	TemplateID        types.Int64    `tfsdk:"mix_stream_template_id"`
	InputStreamList   types.List     `tfsdk:"input_stream_list"`
	OutputParams      types.Object   `tfsdk:"output_params"`
	ControlParams     types.Object   `tfsdk:"control_params"`
	WaitForInputs     types.Bool     `tfsdk:"wait_for_inputs"`
	OutputMonitor     types.Object   `tfsdk:"output_monitor"`
	OutputStreamState types.String   `tfsdk:"output_stream_state"`
	Timeouts          timeouts.Value `tfsdk:"timeouts"`
}

type inputModel struct {
	InputStreamName       types.String `tfsdk:"input_stream_name"`
	LayoutParams          types.Object `tfsdk:"layout_params"`
	CropParams            types.Object `tfsdk:"crop_params"`
	PortraitSegmentParams types.Object `tfsdk:"portrait_segment_params"`
}

type layoutModel struct {
	ImageLayer  types.Int64   `tfsdk:"image_layer"`
	InputType   types.String  `tfsdk:"input_type"`
	ImageWidth  types.Float64 `tfsdk:"image_width"`
	ImageHeight types.Float64 `tfsdk:"image_height"`
	LocationX   types.Float64 `tfsdk:"location_x"`
	LocationY   types.Float64 `tfsdk:"location_y"`
	Color       types.String  `tfsdk:"color"`
	WatermarkID types.Int64   `tfsdk:"watermark_id"`
	WebPageURL  types.String  `tfsdk:"web_page_url"`
}

type cropModel struct {
	CropWidth          types.Float64 `tfsdk:"crop_width"`
	CropHeight         types.Float64 `tfsdk:"crop_height"`
	CropStartLocationX types.Float64 `tfsdk:"crop_start_location_x"`
	CropStartLocationY types.Float64 `tfsdk:"crop_start_location_y"`
}

type portraitSegmentModel struct {
	Color types.String `tfsdk:"color"`
}

type outputModel struct {
	OutputStreamName      types.String `tfsdk:"output_stream_name"`
	OutputStreamType      types.Int64  `tfsdk:"output_stream_type"`
	OutputStreamBitRate   types.Int64  `tfsdk:"output_stream_bit_rate"`
	OutputStreamGop       types.Int64  `tfsdk:"output_stream_gop"`
	OutputStreamFrameRate types.Int64  `tfsdk:"output_stream_frame_rate"`
	OutputAudioBitRate    types.Int64  `tfsdk:"output_audio_bit_rate"`
	OutputAudioSampleRate types.Int64  `tfsdk:"output_audio_sample_rate"`
	OutputAudioChannels   types.Int64  `tfsdk:"output_audio_channels"`
	MixSei                types.String `tfsdk:"mix_sei"`
}

type controlModel struct {
	UseMixCropCenter      types.Bool `tfsdk:"use_mix_crop_center"`
	AllowCopy             types.Bool `tfsdk:"allow_copy"`
	PassInputSei          types.Bool `tfsdk:"pass_input_sei"`
	UsePictureTransparent types.Bool `tfsdk:"use_picture_transparent"`
}

type monitorModel struct {
	DomainName    types.String         `tfsdk:"domain_name"`
	AppName       types.String         `tfsdk:"app_name"`
	ActiveTimeout timetypes.GoDuration `tfsdk:"active_timeout"`
}

// The kinds of input, by the words of the configuration, and the numbers that the API knows them by. There is no 1.
const (
	inputAudioVideo = "audio_video"
	inputPicture    = "picture"
	inputCanvas     = "canvas"
	inputAudio      = "audio"
	inputVideo      = "video"
	inputWebPage    = "web_page"
)

func inputTypeNumber(word string) *int64 {
	numbers := map[string]int64{
		inputAudioVideo: 0, inputPicture: 2, inputCanvas: 3, inputAudio: 4, inputVideo: 5, inputWebPage: 8,
	}
	if n, ok := numbers[word]; ok {
		return &n
	}
	return nil
}

// The types of output: a name of an input replaces that input, any other name makes a new stream.
const (
	outputReplacesInput int64 = 0
	outputIsNew         int64 = 1
)

// objectAs returns the object as T, nil where it is null or unknown.
func objectAs[T any](ctx context.Context, o types.Object, diags *diag.Diagnostics) *T {
	if o.IsNull() || o.IsUnknown() {
		return nil
	}
	var t T
	diags.Append(o.As(ctx, &t, basetypes.ObjectAsOptions{})...)
	return &t
}

// inputs returns the inputs of a list that is wholly known; nil where it is null or unknown.
func (m *mixStreamModel) inputs(ctx context.Context, diags *diag.Diagnostics) []inputModel {
	if m.InputStreamList.IsNull() || m.InputStreamList.IsUnknown() {
		return nil
	}
	var inputs []inputModel
	diags.Append(m.InputStreamList.ElementsAs(ctx, &inputs, false)...)
	return inputs
}

// expandMixStream turns a wholly known model into the API's parameters. What is null is left out. It is pure.
func expandMixStream(ctx context.Context, m *mixStreamModel) (liveapi.MixStream, diag.Diagnostics) {
	var diags diag.Diagnostics
	mix := liveapi.MixStream{
		MixStreamSessionId:  m.SessionID.ValueStringPointer(),
		MixStreamTemplateId: m.TemplateID.ValueInt64Pointer(),
		ControlParams:       expandControl(objectAs[controlModel](ctx, m.ControlParams, &diags)),
	}
	var names []types.String
	for _, in := range m.inputs(ctx, &diags) {
		names = append(names, in.InputStreamName)
		mix.InputStreamList = append(mix.InputStreamList, &liveapi.MixInput{
			InputStreamName:       in.InputStreamName.ValueStringPointer(),
			LayoutParams:          expandLayout(objectAs[layoutModel](ctx, in.LayoutParams, &diags)),
			CropParams:            expandCrop(objectAs[cropModel](ctx, in.CropParams, &diags)),
			PortraitSegmentParams: expandPortraitSegment(objectAs[portraitSegmentModel](ctx, in.PortraitSegmentParams, &diags)),
		})
	}
	mix.OutputParams = expandOutput(objectAs[outputModel](ctx, m.OutputParams, &diags), names)
	return mix, diags
}

func expandLayout(m *layoutModel) *liveapi.MixLayout {
	if m == nil {
		return nil
	}
	return &liveapi.MixLayout{
		ImageLayer:  m.ImageLayer.ValueInt64Pointer(),
		InputType:   inputTypeNumber(m.InputType.ValueString()),
		ImageWidth:  m.ImageWidth.ValueFloat64Pointer(),
		ImageHeight: m.ImageHeight.ValueFloat64Pointer(),
		LocationX:   m.LocationX.ValueFloat64Pointer(),
		LocationY:   m.LocationY.ValueFloat64Pointer(),
		Color:       expandColor(m.Color),
		WatermarkId: m.WatermarkID.ValueInt64Pointer(),
		WebPageUrl:  m.WebPageURL.ValueStringPointer(),
	}
}

func expandCrop(m *cropModel) *liveapi.MixCrop {
	if m == nil {
		return nil
	}
	return &liveapi.MixCrop{
		CropWidth:          m.CropWidth.ValueFloat64Pointer(),
		CropHeight:         m.CropHeight.ValueFloat64Pointer(),
		CropStartLocationX: m.CropStartLocationX.ValueFloat64Pointer(),
		CropStartLocationY: m.CropStartLocationY.ValueFloat64Pointer(),
	}
}

func expandPortraitSegment(m *portraitSegmentModel) *liveapi.MixPortraitSegment {
	if m == nil {
		return nil
	}
	return &liveapi.MixPortraitSegment{Color: expandColor(m.Color)}
}

func expandOutput(m *outputModel, inputNames []types.String) *liveapi.MixOutput {
	if m == nil {
		return nil
	}
	return &liveapi.MixOutput{
		OutputStreamName:      m.OutputStreamName.ValueStringPointer(),
		OutputStreamType:      outputStreamType(m.OutputStreamName, inputNames).ValueInt64Pointer(),
		OutputStreamBitRate:   m.OutputStreamBitRate.ValueInt64Pointer(),
		OutputStreamGop:       m.OutputStreamGop.ValueInt64Pointer(),
		OutputStreamFrameRate: m.OutputStreamFrameRate.ValueInt64Pointer(),
		OutputAudioBitRate:    m.OutputAudioBitRate.ValueInt64Pointer(),
		OutputAudioSampleRate: m.OutputAudioSampleRate.ValueInt64Pointer(),
		OutputAudioChannels:   m.OutputAudioChannels.ValueInt64Pointer(),
		MixSei:                m.MixSei.ValueStringPointer(),
	}
}

func expandControl(m *controlModel) *liveapi.MixControl {
	if m == nil {
		return nil
	}
	return &liveapi.MixControl{
		UseMixCropCenter:      expandSwitch(m.UseMixCropCenter),
		AllowCopy:             expandSwitch(m.AllowCopy),
		PassInputSei:          expandSwitch(m.PassInputSei),
		UsePictureTransparent: expandSwitch(m.UsePictureTransparent),
	}
}

// expandSwitch turns a boolean into the API's 0 or 1.
func expandSwitch(b types.Bool) *int64 {
	if b.IsNull() || b.IsUnknown() {
		return nil
	}
	var n int64
	if b.ValueBool() {
		n = 1
	}
	return &n
}

// expandColor spells a color as the API wants it: 0xRRGGBB.
func expandColor(c types.String) *string {
	if c.IsNull() || c.IsUnknown() {
		return nil
	}
	digits := strings.ToUpper(c.ValueString())
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "#"), "0X")
	s := "0x" + digits
	return &s
}

// outputStreamType says whether an output name replaces an input (0) or makes a new stream (1). It is unknown as long as
// a name that could decide it is.
func outputStreamType(output types.String, inputs []types.String) types.Int64 {
	if output.IsUnknown() {
		return types.Int64Unknown()
	}
	undecided := false
	for _, name := range inputs {
		if name.IsUnknown() {
			undecided = true
		} else if name.ValueString() == output.ValueString() {
			return types.Int64Value(outputReplacesInput)
		}
	}
	if undecided {
		return types.Int64Unknown()
	}
	return types.Int64Value(outputIsNew)
}
