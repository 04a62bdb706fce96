// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// expandMix turns a fully known mix into the parameters of CreateCommonMixStream. Null attributes are left out.
func expandMix(m *mixModel) liveapi.MixStream {
	mix := liveapi.MixStream{
		MixStreamSessionId:  m.sessionID.ValueStringPointer(),
		MixStreamTemplateId: m.templateID.ValueInt64Pointer(),
		OutputParams:        expandOutput(m),
		ControlParams:       expandControl(&m.control),
	}
	for i := range m.inputs {
		in := &m.inputs[i]
		mix.InputStreamList = append(mix.InputStreamList, &liveapi.MixInput{
			InputStreamName:       in.name.ValueStringPointer(),
			LayoutParams:          expandLayout(&in.layout),
			CropParams:            expandCrop(&in.crop),
			PortraitSegmentParams: expandMatte(&in.matte),
		})
	}
	return mix
}

func expandLayout(m *layoutModel) *liveapi.MixLayout {
	return &liveapi.MixLayout{
		ImageLayer:  m.layer.ValueInt64Pointer(),
		InputType:   inputTypeNumber(mixlayout.Kind(m.kind.ValueString())),
		ImageWidth:  m.width.ValueFloat64Pointer(),
		ImageHeight: m.height.ValueFloat64Pointer(),
		LocationX:   m.x.ValueFloat64Pointer(),
		LocationY:   m.y.ValueFloat64Pointer(),
		Color:       expandColor(m.color),
		WatermarkId: m.watermarkID.ValueInt64Pointer(),
		WebPageUrl:  m.webPageURL.ValueStringPointer(),
	}
}

// inputTypeNumber returns the API's number for a kind of input, or nil for an unknown kind. There is no 1.
func inputTypeNumber(kind mixlayout.Kind) *int64 {
	numbers := map[mixlayout.Kind]int64{
		mixlayout.AudioVideo: 0, mixlayout.Picture: 2, mixlayout.Canvas: 3, mixlayout.Audio: 4, mixlayout.Video: 5, mixlayout.WebPage: 8,
	}
	if n, ok := numbers[kind]; ok {
		return &n
	}
	return nil
}

func expandCrop(m *cropModel) *liveapi.MixCrop {
	if m.state != valueKnown {
		return nil
	}
	return &liveapi.MixCrop{
		CropWidth:          m.width.ValueFloat64Pointer(),
		CropHeight:         m.height.ValueFloat64Pointer(),
		CropStartLocationX: m.x.ValueFloat64Pointer(),
		CropStartLocationY: m.y.ValueFloat64Pointer(),
	}
}

func expandMatte(m *matteModel) *liveapi.MixPortraitSegment {
	if m.state != valueKnown {
		return nil
	}
	return &liveapi.MixPortraitSegment{Color: expandColor(m.color)}
}

func expandOutput(m *mixModel) *liveapi.MixOutput {
	if m.output.state != valueKnown {
		return nil
	}
	return &liveapi.MixOutput{
		OutputStreamName:      m.output.name.ValueStringPointer(),
		OutputStreamType:      m.outputStreamType().ValueInt64Pointer(),
		OutputStreamBitRate:   m.output.bitRate.ValueInt64Pointer(),
		OutputStreamGop:       m.output.gop.ValueInt64Pointer(),
		OutputStreamFrameRate: m.output.frameRate.ValueInt64Pointer(),
		OutputAudioBitRate:    m.output.audioBitRate.ValueInt64Pointer(),
		OutputAudioSampleRate: m.output.audioSampleRate.ValueInt64Pointer(),
		OutputAudioChannels:   m.output.channels.ValueInt64Pointer(),
		MixSei:                m.output.sei.ValueStringPointer(),
	}
}

func expandControl(m *controlModel) *liveapi.MixControl {
	if m.state != valueKnown {
		return nil
	}
	return &liveapi.MixControl{
		UseMixCropCenter:      expandSwitch(m.cropCenter),
		AllowCopy:             expandSwitch(m.allowCopy),
		PassInputSei:          expandSwitch(m.passInputSEI),
		UsePictureTransparent: expandSwitch(m.transparent),
	}
}

// expandSwitch turns a boolean into the API's 0 or 1.
func expandSwitch(b types.Bool) *int64 {
	if !isKnown(b) {
		return nil
	}
	var n int64
	if b.ValueBool() {
		n = 1
	}
	return &n
}

// expandColor formats a color as the API wants it: 0xRRGGBB.
func expandColor(c types.String) *string {
	if !isKnown(c) {
		return nil
	}
	digits := strings.ToUpper(c.ValueString())
	digits = strings.TrimPrefix(strings.TrimPrefix(digits, "#"), "0X")
	s := "0x" + digits
	return &s
}
