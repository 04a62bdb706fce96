// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"strings"
	"testing"
)

const layout0 = "InputStreamList.0.LayoutParams."

// ruleCase is a Create that breaks one rule. dedicated is the code that the error tables pair with the inner code.
type ruleCase struct {
	name      string
	inner     int // 0: the code has no inner code and is the same in every style.
	dedicated string
	edits     []edit
	options   func(o *Options)
}

func streamInputs(n int) edit {
	list := []any{}
	for i := 1; i <= n; i++ {
		list = append(list, input([]string{"a", "b"}[i%2], i))
	}
	return set("InputStreamList", list)
}

func ruleCases() []ruleCase {
	long := strings.Repeat("x", 81)
	canvas := input("canvas", 1, "InputType", 3, "ImageWidth", 1280, "ImageHeight", 720)
	outside := func(name string, layout ...any) ruleCase {
		return ruleCase{name, -2, "InvalidParameter.OtherError", []edit{inputs(canvas, input("a", 2, layout...))}, nil}
	}
	cases := []ruleCase{
		{"session ID empty", 0, "InvalidParameter", []edit{set("MixStreamSessionId", "")}, nil},
		{"session ID long", 0, "InvalidParameter", []edit{set("MixStreamSessionId", long)}, nil},
		{"session ID charset", 0, "InvalidParameter", []edit{set("MixStreamSessionId", "room-1")}, nil},
		{"input name empty", -4, "InvalidParameter", []edit{set("InputStreamList.0.InputStreamName", "")}, nil},
		{"input name long", -4, "InvalidParameter", []edit{set("InputStreamList.0.InputStreamName", long)}, nil},
		{"input name charset", -4, "InvalidParameter", []edit{set("InputStreamList.1.InputStreamName", "ä")}, nil},
		{"output name charset", -4, "InvalidParameter", []edit{set("OutputParams.OutputStreamName", "a.b")}, nil},
		{"output name long", -4, "InvalidParameter", []edit{set("OutputParams.OutputStreamName", long)}, nil},
		{"input type 1", -4, "InvalidParameter", []edit{set(layout0+"InputType", 1)}, nil},
		{"input type 6", -4, "InvalidParameter", []edit{set(layout0+"InputType", 6)}, nil},
		{"web page without URL", -4, "InvalidParameter", []edit{set(layout0+"InputType", 8)}, nil},
		{
			"web page abroad", -4, "InvalidParameter",
			[]edit{set(layout0+"InputType", 8)},
			func(o *Options) { o.International = true },
		},
		{"no inputs", -1, "InvalidParameter", []edit{set("InputStreamList", []any{})}, nil},
		{"17 inputs", -3, "InvalidParameter.InputNumLimitExceeded", []edit{streamInputs(17), set("InputStreamList.16.LayoutParams.ImageLayer", 16)}, nil},
		{"one input, type 0", -21, "InvalidParameter", []edit{inputs(input("a", 1)), output("a", 0)}, nil},
		{
			"one input, type 0, copied", -21, "InvalidParameter",
			[]edit{inputs(input("a", 1)), output("a", 0), set("ControlParams.AllowCopy", 1)},
			nil,
		},
		{"layer 0", -11, "InvalidParameter.InvalidLayerParam", []edit{set(layout0+"ImageLayer", 0)}, nil},
		{"layer 17", -11, "InvalidParameter.InvalidLayerParam", []edit{set(layout0+"ImageLayer", 17)}, nil},
		{"layer twice", -11, "InvalidParameter.InvalidLayerParam", []edit{set("InputStreamList.1.LayoutParams.ImageLayer", 1)}, nil},
		{"no layer 1", -11, "InvalidParameter.InvalidLayerParam", []edit{set(layout0+"ImageLayer", 3)}, nil},
		{"unknown template", -20, "InvalidParameter.TemplateNotMatchInputNum", []edit{set("MixStreamTemplateId", 60)}, nil},
		{"negative template", -20, "InvalidParameter.TemplateNotMatchInputNum", []edit{set("MixStreamTemplateId", -10)}, nil},
		{
			"audio does not count", -20, "InvalidParameter.TemplateNotMatchInputNum",
			[]edit{set("MixStreamTemplateId", 20), set("InputStreamList.1.LayoutParams.InputType", 4)},
			nil,
		},
		{"canvas color", -20, "InvalidParameter", []edit{inputs(canvas, input("a", 2)), set(layout0+"Color", "#112233")}, nil},
		{"short color", -20, "InvalidParameter", []edit{set(layout0+"Color", "0x12345")}, nil},
		{"letters in color", -20, "InvalidParameter", []edit{set(layout0+"Color", "0x12345g")}, nil},
		{"matting color", -20, "InvalidParameter", []edit{set("InputStreamList.0.PortraitSegmentParams.Color", "green")}, nil},
		{"type 0 not among the inputs", -111, "InvalidParameter.InvalidOutputType", []edit{output("c", 0)}, nil},
		{"type 0 by default", -111, "InvalidParameter.InvalidOutputType", []edit{unset("OutputParams.OutputStreamType")}, nil},
		{"type 1 among the inputs", -111, "InvalidParameter.InvalidOutputType", []edit{output("b", 1)}, nil},
		{"output type 2", 0, "InvalidParameter", []edit{set("OutputParams.OutputStreamType", 2)}, nil},
		{"bitrate 0", -31004, "InvalidParameter.InvalidBitrate", []edit{set("OutputParams.OutputStreamBitRate", 0)}, nil},
		{"bitrate 50001", -31004, "InvalidParameter.InvalidBitrate", []edit{set("OutputParams.OutputStreamBitRate", 50001)}, nil},
		{"sample rate 0", 0, "InvalidParameter", []edit{set("OutputParams.OutputAudioSampleRate", 0)}, nil},
		{"sample rate 44000", 0, "InvalidParameter", []edit{set("OutputParams.OutputAudioSampleRate", 44000)}, nil},
		{"picture without ID", -33, "InvalidParameter.InvalidPictureID", []edit{inputs(input("a", 1), input("p", 2, "InputType", 2))}, nil},
		{
			"picture that does not exist", -34, "FailedOperation.GetPictureUrlError",
			[]edit{inputs(input("a", 1), input("p", 2, "InputType", 2, "WatermarkId", 8))},
			func(o *Options) { o.Watermarks = []int64{7} },
		},
		{"canvas without size", -28, "InvalidParameter.InvalidBackgroudResolution", []edit{inputs(input("c", 1, "InputType", 3), input("a", 2))}, nil},
		{
			"canvas without height", -28, "InvalidParameter.InvalidBackgroudResolution",
			[]edit{inputs(input("a", 1), input("c", 2, "InputType", 3, "ImageWidth", 0.5))},
			nil,
		},
		{
			"background that is a fraction of itself", -28, "InvalidParameter.InvalidBackgroudResolution",
			[]edit{inputs(input("c", 1, "InputType", 3, "ImageWidth", 0.5, "ImageHeight", 0.5), input("a", 2))},
			nil,
		},
		{
			"stream listed twice", -4, "InvalidParameter",
			[]edit{inputs(input("a", 1), input("a", 2))},
			func(o *Options) { o.RefuseRepeatedInputs = true },
		},
		outside("beyond the right", "LocationX", 641, "ImageWidth", 640),
		outside("beyond the bottom", "LocationY", 361, "ImageHeight", 360),
		outside("fraction beyond the right", "LocationX", 0.5, "ImageWidth", 0.51),
		outside("Y is a fraction of the height", "LocationY", 0.9, "ImageHeight", 73),
		outside("pixels and fraction", "LocationX", 641, "ImageWidth", 0.5),
		outside("as wide as allowed but too wide", "ImageWidth", 2000),
		outside("position alone", "LocationX", 1281),
		{
			"beyond any background", -2, "InvalidParameter.OtherError",
			[]edit{set("InputStreamList.1.LayoutParams.LocationX", 1500), set("InputStreamList.1.LayoutParams.ImageWidth", 501)},
			nil,
		},
		{
			"fractions beyond any background", -2, "InvalidParameter.OtherError",
			[]edit{set("InputStreamList.1.LayoutParams.LocationY", 0.5), set("InputStreamList.1.LayoutParams.ImageHeight", 0.6)},
			nil,
		},
		{
			"custom values override the template's", -2, "InvalidParameter.OtherError",
			[]edit{set("MixStreamTemplateId", 20), set("InputStreamList.1.LayoutParams.LocationX", 0.5), set("InputStreamList.1.LayoutParams.ImageWidth", 0.6)},
			nil,
		},
		{
			"crop beyond any source", -29, "InvalidParameter.InvalidCropParam",
			[]edit{set("InputStreamList.0.CropParams", map[string]any{"CropWidth": 1000, "CropStartLocationX": 1001})},
			nil,
		},
	}
	for _, name := range []string{"ImageWidth", "ImageHeight", "LocationX", "LocationY"} {
		for _, value := range []float64{-1, 2000.5, 0.005, 0.995} {
			cases = append(cases, ruleCase{fmt.Sprint(name, " ", value), -4, "InvalidParameter", []edit{set(layout0+name, value)}, nil})
		}
	}
	for _, name := range []string{"CropWidth", "CropHeight", "CropStartLocationX", "CropStartLocationY"} {
		for _, value := range []float64{-1, 2001} {
			cases = append(cases, ruleCase{
				fmt.Sprint(name, " ", value), -29, "InvalidParameter.InvalidCropParam",
				[]edit{set("InputStreamList.0.CropParams."+name, value)},
				nil,
			})
		}
	}
	for name, values := range map[string][]int{
		"OutputStreamGop": {-1, 0, 11}, "OutputStreamFrameRate": {0, 61}, "OutputAudioBitRate": {0, 501}, "OutputAudioChannels": {0, 3},
	} {
		for _, value := range values {
			cases = append(cases, ruleCase{fmt.Sprint(name, " ", value), 0, "InvalidParameter", []edit{set("OutputParams."+name, value)}, nil})
		}
	}
	for _, name := range []string{"UseMixCropCenter", "AllowCopy", "PassInputSei", "UsePictureTransparent"} {
		cases = append(cases, ruleCase{name + " 2", 0, "InvalidParameter", []edit{set("ControlParams."+name, 2)}, nil})
	}
	for template, visual := range map[int]int{
		10: 2, 20: 2, 30: 2, 40: 2, 50: 2, 310: 3, 390: 3, 391: 3, 410: 4, 510: 5, 590: 5, 610: 6,
	} {
		for _, n := range []int{visual - 1, visual + 1} {
			if n > 1 { // One input of type 1 is a cancel.
				cases = append(cases, ruleCase{
					fmt.Sprintf("template %d with %d inputs", template, n), -20, "InvalidParameter.TemplateNotMatchInputNum",
					[]edit{streamInputs(n), set("MixStreamTemplateId", template)},
					nil,
				})
			}
		}
		if template == 390 || template == 391 || template == 590 {
			cases = append(cases, ruleCase{
				fmt.Sprintf("template %d without a canvas", template), -20, "InvalidParameter.TemplateNotMatchInputNum",
				[]edit{streamInputs(visual), set("MixStreamTemplateId", template)},
				nil,
			})
		}
	}
	return cases
}

// styledCode is what a rule must answer in a style, and what the message must hold.
func styledCode(style ErrorStyle, inner int, dedicated string) (code, text string) {
	number := fmt.Sprintf("[ %d ]", inner)
	switch {
	case inner == 0:
		return dedicated, ""
	case style == InvalidParameterInner, style == DedicatedCodes && dedicated == "InvalidParameter":
		return "InvalidParameter", "err_code " + number + ",msg [ "
	case style == OtherErrorInner && dedicated == "InvalidParameter.TemplateNotMatchInputNum":
		return "InvalidParameter.OtherError", "input stream num is not match the template id!"
	case inner == -10021:
		return "InvalidParameter.OtherError", "InnerErrCode : " + number + ",InnerErrMsg: [ "
	case style == OtherErrorInner, dedicated == "InvalidParameter.OtherError":
		return "InvalidParameter.OtherError", "InnerErrCode:" + number + ",InnerErrMsg: ["
	default:
		return dedicated, ""
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, tc := range ruleCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, style := range []ErrorStyle{DedicatedCodes, OtherErrorInner, InvalidParameterInner} {
				s, c := serve(t, func(o *Options) {
					o.Errors = style
					if tc.options != nil {
						tc.options(o)
					}
				})
				code, text := styledCode(style, tc.inner, tc.dedicated)
				a := c.want(code, ActionCreate, mix("room", tc.edits...))
				if !strings.Contains(a.message, text) || a.message == "" {
					t.Errorf("style %d: message %q, want it to hold %q", style, a.message, text)
				}
				if log := s.Requests(); log[0].InnerCode != tc.inner || log[0].Code != code || log[0].Executed {
					t.Errorf("style %d: logged %q, inner code %d, executed %t", style, log[0].Code, log[0].InnerCode, log[0].Executed)
				}
				if len(s.Sessions()) != 0 {
					t.Error("a refused call started a session")
				}
			}
		})
	}
}

func TestAccepted(t *testing.T) {
	t.Parallel()
	canvas := input("canvas", 1, "InputType", 3, "ImageWidth", 1280, "ImageHeight", 720, "Color", "0xCC0033")
	sixteen := []any{}
	for i := 1; i <= 16; i++ {
		sixteen = append(sixteen, input("a", i, "InputType", 4))
	}
	type accepted struct {
		name    string
		edits   []edit
		options func(o *Options)
	}
	cases := []accepted{
		{"smallest", nil, nil},
		{"longest names", []edit{set("MixStreamSessionId", strings.Repeat("x", 80)), output(strings.Repeat("y", 80), 1)}, nil},
		{"output is an input", []edit{output("b", 0)}, nil},
		{"type 0 by default", []edit{output("a", 0), unset("OutputParams.OutputStreamType")}, nil},
		{"one input, copied", []edit{inputs(input("a", 1)), set("ControlParams.AllowCopy", 1)}, nil},
		{"16 inputs", []edit{set("InputStreamList", sixteen)}, nil},
		{"audio on top of a template", []edit{
			inputs(input("a", 1), input("b", 2), input("a", 3, "InputType", 4)), set("MixStreamTemplateId", 20),
		}, nil},
		{"video only", []edit{set(layout0+"InputType", 5)}, nil},
		{"canvas, side by side", []edit{inputs(canvas,
			input("a", 2, "ImageWidth", 640, "ImageHeight", 720),
			input("b", 3, "LocationX", 640, "ImageWidth", 640, "ImageHeight", 720))}, nil},
		{"thirds", []edit{inputs(canvas,
			input("a", 2, "LocationX", 0.66, "ImageWidth", 0.34, "LocationY", 0.01, "ImageHeight", 0.99),
			input("b", 3, "LocationX", 0.33, "ImageWidth", 0.67))}, nil},
		{"fractions that add up with an error", []edit{inputs(
			input("canvas", 1, "InputType", 3, "ImageWidth", 1280, "ImageHeight", 720),
			input("a", 2, "LocationX", 0.08, "ImageWidth", 0.92))}, nil},
		{"fraction and pixels", []edit{inputs(canvas, input("a", 2, "LocationX", 0.5, "ImageWidth", 640))}, nil},
		{"template ignores missing sizes", []edit{inputs(canvas, input("a", 2, "LocationX", 1280)), set("MixStreamTemplateId", 10)}, nil},
		{"picture", []edit{inputs(input("a", 1), input("p", 2, "InputType", 2, "WatermarkId", 7))}, func(o *Options) { o.Watermarks = []int64{7} }},
		{"web page", []edit{inputs(input("a", 1), input("w", 2, "InputType", 8, "WebPageUrl", "https://example.com"))}, nil},
		{"matting", []edit{set("InputStreamList.1.PortraitSegmentParams.Color", "0x00ff00")}, nil},
		{"crop", []edit{set("InputStreamList.0.CropParams", map[string]any{
			"CropWidth": 240, "CropHeight": 320, "CropStartLocationX": 100, "CropStartLocationY": 100,
		})}, nil},
		{"least numbers", []edit{set("OutputParams", map[string]any{
			"OutputStreamName": "c", "OutputStreamType": 1, "OutputStreamBitRate": 1, "OutputStreamGop": 1, "OutputStreamFrameRate": 1,
			"OutputAudioBitRate": 1, "OutputAudioSampleRate": 8000, "OutputAudioChannels": 1, "MixSei": "",
		})}, nil},
		{"greatest numbers", []edit{set("OutputParams", map[string]any{
			"OutputStreamName": "c", "OutputStreamType": 1, "OutputStreamBitRate": 50000, "OutputStreamGop": 10, "OutputStreamFrameRate": 60,
			"OutputAudioBitRate": 500, "OutputAudioSampleRate": 96000, "OutputAudioChannels": 2, "MixSei": "text",
		})}, nil},
		{"flags", []edit{set("ControlParams", map[string]any{
			"UseMixCropCenter": 1, "AllowCopy": 0, "PassInputSei": 1, "UsePictureTransparent": 1,
		})}, nil},
		{"no layer 1", []edit{set(layout0+"ImageLayer", 3)}, func(o *Options) { o.AllowMissingLayerOne = true }},
		{"edge fractions", []edit{set(layout0+"ImageWidth", 0.995)}, func(o *Options) { o.AllowEdgeFractions = true }},
		{"stream listed twice", []edit{inputs(input("a", 1), input("a", 2))}, nil},
		{"sizes at their limits", []edit{set(layout0+"ImageWidth", 2000), set(layout0+"ImageHeight", 0), set(layout0+"LocationX", 1.5)}, nil},
	}
	for template, visual := range map[int]int{10: 2, 20: 2, 30: 2, 40: 2, 50: 2, 310: 3, 410: 4, 510: 5, 610: 6} {
		cases = append(cases, accepted{fmt.Sprint("template ", template), []edit{streamInputs(visual), set("MixStreamTemplateId", template)}, nil})
	}
	for template, visual := range map[int]int{390: 3, 391: 3, 590: 5} {
		cases = append(cases, accepted{fmt.Sprint("template ", template), []edit{
			streamInputs(visual), set("InputStreamList.0", canvas), set("MixStreamTemplateId", template),
		}, nil})
	}
	for _, rate := range []int{96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000} {
		cases = append(cases, accepted{fmt.Sprint("sample rate ", rate), []edit{set("OutputParams.OutputAudioSampleRate", rate)}, nil})
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, get := range []bool{false, true} {
				s, c := serve(t, tc.options)
				c.get = get
				c.create("", "room", tc.edits...)
				if len(s.Sessions()) != 1 {
					t.Errorf("GET %t: %d sessions", get, len(s.Sessions()))
				}
			}
		})
	}
}

// TestKnownSizes checks the rules that need the size of a published stream.
func TestKnownSizes(t *testing.T) {
	t.Parallel()
	crop := func(x, width int) edit {
		return set("InputStreamList.0.CropParams", map[string]any{"CropStartLocationX": x, "CropWidth": width, "CropHeight": 480})
	}
	for _, tc := range []struct {
		name  string
		inner int
		code  string
		edits []edit
	}{
		{"crop inside", 0, "", []edit{crop(320, 320)}},
		{"crop outside", -29, "InvalidParameter.InvalidCropParam", []edit{crop(321, 320)}},
		{"as large as the background", 0, "", []edit{inputs(input("vga", 1), input("vga", 2))}},
		{"larger than the background", -2, "InvalidParameter.OtherError", []edit{inputs(input("vga", 1), input("hd", 2))}},
		{"scaled into the background", 0, "", []edit{inputs(input("vga", 1), input("hd", 2, "ImageWidth", 0.5, "ImageHeight", 0.5))}},
		{"template scales", 0, "", []edit{inputs(input("vga", 1), input("hd", 2)), set("MixStreamTemplateId", 10)}},
		{"crop is smaller", 0, "", []edit{
			inputs(input("vga", 1), input("hd", 2)),
			set("InputStreamList.1.CropParams", map[string]any{"CropWidth": 640, "CropHeight": 480}),
		}},
		{"scaled background", -2, "InvalidParameter.OtherError", []edit{
			inputs(input("vga", 1, "ImageWidth", 320, "ImageHeight", 240), input("vga", 2)),
		}},
		{"source too large", -10021, "InvalidParameter.OtherError", []edit{inputs(input("a", 1), input("uhd", 2, "ImageWidth", 0.5, "ImageHeight", 0.5))}},
		{"only its sound", 0, "", []edit{inputs(input("a", 1), input("uhd", 2, "InputType", 4))}},
		{"sound declared as a picture", -507, "FailedOperation.GetStreamResolutionError", []edit{inputs(input("a", 1), input("radio", 2))}},
		{"sound", 0, "", []edit{inputs(input("a", 1), input("radio", 2, "InputType", 4))}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, style := range []ErrorStyle{DedicatedCodes, OtherErrorInner, InvalidParameterInner} {
				s, c := serve(t, func(o *Options) { o.Errors = style })
				s.Publish("vga", LongSince(), Size(640, 480))
				s.Publish("hd", LongSince(), Size(1280, 720))
				s.Publish("uhd", LongSince(), Size(3840, 2160))
				s.Publish("radio", LongSince(), AudioOnly())
				edits := append([]edit{inputs(input("vga", 1), input("b", 2))}, tc.edits...)
				code, text := styledCode(style, tc.inner, tc.code)
				if a := c.want(code, ActionCreate, mix("room", edits...)); !strings.Contains(a.message, text) {
					t.Errorf("style %d: message %q, want it to hold %q", style, a.message, text)
				}
			}
		})
	}
}

// TestDocumentedMessages checks the replies that page 267/54768 prints.
func TestDocumentedMessages(t *testing.T) {
	t.Parallel()
	s, c := serve(t, func(o *Options) { o.Errors, o.MaxSessionsPerStream = OtherErrorInner, 1 })
	s.Publish("uhd", LongSince(), Size(2001, 100))
	s.Publish("d", LongSince())
	c.create("", "first", output("a", 0), inputs(input("a", 1), input("d", 2)))
	for _, tc := range []struct {
		message string
		edits   []edit
	}{
		{"InnerErrCode : [ -10021 ],InnerErrMsg: [ Params Error ]", []edit{inputs(input("b", 1), input("uhd", 2, "ImageWidth", 9, "ImageHeight", 9))}},
		{"InnerErrCode:[ -41 ],InnerErrMsg: [ ]", []edit{inputs(input("b", 1), input("d", 2))}},
		{"input stream num is not match the template id!", []edit{set("MixStreamTemplateId", 390)}},
		{
			"InnerErrCode:[ -300 ],InnerErrMsg: [ outputstreamid not avaliable, outputstreamid alread use as background in other sessionid ]",
			[]edit{output("a", 0)},
		},
		{
			"InnerErrCode:[ -2 ],InnerErrMsg: [ small picture out of the background ]",
			[]edit{set("InputStreamList.1.LayoutParams.LocationX", 2000), set("InputStreamList.1.LayoutParams.ImageWidth", 2)},
		},
		{
			"InnerErrCode:[ -111 ],InnerErrMsg: [ output_stream_type is [0],but output_stream_id xxxxx is not in input stream list ]",
			[]edit{output("xxxxx", 0)},
		},
	} {
		if a := c.want("InvalidParameter.OtherError", ActionCreate, mix("room", tc.edits...)); a.message != tc.message {
			t.Errorf("message %q, want %q", a.message, tc.message)
		}
	}
}
