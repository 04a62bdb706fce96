// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"slices"
)

// maxInputs is both the number of inputs and the number of layers of one session.
const maxInputs = 16

// mixRequest is CreateCommonMixStream as documented. A pointer is nil if the parameter was not sent.
type mixRequest struct {
	MixStreamSessionID  string `json:"MixStreamSessionId"`
	InputStreamList     []mixInput
	OutputParams        mixOutput
	MixStreamTemplateID int64 `json:"MixStreamTemplateId"` // absent and 0 both mean a custom layout
	ControlParams       mixControl
}

type mixInput struct {
	InputStreamName       string
	LayoutParams          mixLayout
	CropParams            mixCrop
	PortraitSegmentParams struct{ Color *string }
}

type mixLayout struct {
	ImageLayer, InputType                         int64
	ImageWidth, ImageHeight, LocationX, LocationY float64
	Color                                         *string
	WatermarkID                                   int64  `json:"WatermarkId"`
	WebPageURL                                    string `json:"WebPageUrl"`
}

type mixCrop struct {
	CropWidth, CropHeight, CropStartLocationX, CropStartLocationY float64
}

type mixOutput struct {
	OutputStreamName                                               string
	OutputStreamType                                               int64
	OutputStreamBitRate, OutputStreamGop, OutputStreamFrameRate    *int64
	OutputAudioBitRate, OutputAudioSampleRate, OutputAudioChannels *int64
}

type mixControl struct {
	UseMixCropCenter, AllowCopy, PassInputSei, UsePictureTransparent int64
}

// copies reports whether a single input is to be copied to the output instead of ending the session.
func (req *mixRequest) copies() bool {
	return req.OutputParams.OutputStreamType == 1 && req.ControlParams.AllowCopy == 1
}

// cancels reports whether the API treats the request as a cancel.
func (req *mixRequest) cancels() bool {
	return len(req.InputStreamList) == 1 && req.OutputParams.OutputStreamType == 1 && !req.copies()
}

// session returns the session that the request describes, without times.
func (req *mixRequest) session() *Session {
	session := &Session{
		ID: req.MixStreamSessionID, Output: req.OutputParams.OutputStreamName,
		OutputType: int(req.OutputParams.OutputStreamType), Template: int(req.MixStreamTemplateID),
	}
	for _, in := range req.InputStreamList {
		l, c := in.LayoutParams, in.CropParams
		input := Input{
			Name: in.InputStreamName, Layer: int(l.ImageLayer), Type: int(l.InputType),
			X: l.LocationX, Y: l.LocationY, Width: l.ImageWidth, Height: l.ImageHeight,
			Watermark: l.WatermarkID, WebPageURL: l.WebPageURL,
			Crop: Crop{X: c.CropStartLocationX, Y: c.CropStartLocationY, Width: c.CropWidth, Height: c.CropHeight},
		}
		if l.Color != nil {
			input.Color = *l.Color
		}
		if color := in.PortraitSegmentParams.Color; color != nil {
			input.PortraitSegment = *color
		}
		session.Inputs = append(session.Inputs, input)
	}
	return session
}

// validName reports whether s is a session ID or a stream name: 1 to 80 letters, digits and underscores.
func validName(s string) bool {
	for _, c := range []byte(s) {
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_') {
			return false
		}
	}
	return 1 <= len(s) && len(s) <= 80
}

// validColor reports whether s is of the form 0xRRGGBB.
func validColor(s string) bool {
	if len(s) != 8 || s[:2] != "0x" {
		return false
	}
	for _, c := range []byte(s[2:]) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}

func invalidSessionID() *refusal {
	return refuse(codeInvalidParameter, "Session id is invalid!")
}

// checkFields checks every value on its own.
func (s *Server) checkFields(req *mixRequest) *refusal {
	if !validName(req.MixStreamSessionID) {
		return invalidSessionID()
	}
	for i := range req.InputStreamList {
		if r := s.checkInput(&req.InputStreamList[i], fmt.Sprintf("InputStreamList.%d.", i)); r != nil {
			return r
		}
	}
	if r := s.checkOutputParams(&req.OutputParams); r != nil {
		return r
	}
	c := req.ControlParams
	for _, flag := range []struct {
		name  string
		value int64
	}{
		{"UseMixCropCenter", c.UseMixCropCenter},
		{"AllowCopy", c.AllowCopy},
		{"PassInputSei", c.PassInputSei},
		{"UsePictureTransparent", c.UsePictureTransparent},
	} {
		if flag.value != 0 && flag.value != 1 {
			return refuse(codeInvalidParameter, "ControlParams.%s must be 0 or 1", flag.name)
		}
	}
	return nil
}

func (s *Server) checkInput(in *mixInput, path string) *refusal {
	l, c := &in.LayoutParams, &in.CropParams
	if !validName(in.InputStreamName) {
		return s.inner(-4, "%sInputStreamName must be 1 to 80 letters, digits and underscores", path)
	}
	switch l.InputType {
	case typeAudioVideo, typePicture, typeCanvas, typeAudio, typeVideo:
	case typeWebPage:
		if s.options.International || l.WebPageURL == "" {
			return s.inner(-4, "%sLayoutParams.InputType 8 needs a WebPageUrl", path)
		}
	default:
		return s.inner(-4, "%sLayoutParams.InputType must be 0, 2, 3, 4 or 5", path)
	}
	for _, n := range []struct {
		name  string
		value float64
	}{
		{"ImageWidth", l.ImageWidth}, {"ImageHeight", l.ImageHeight}, {"LocationX", l.LocationX}, {"LocationY", l.LocationY},
	} {
		if !s.validLength(n.value) {
			return s.inner(-4, "%sLayoutParams.%s must be pixels from 0 to 2000 or a fraction from 0.01 to 0.99", path, n.name)
		}
	}
	if l.Color != nil && !validColor(*l.Color) {
		return s.invalidColor(path + "LayoutParams.Color")
	}
	if color := in.PortraitSegmentParams.Color; color != nil && !validColor(*color) {
		return s.invalidColor(path + "PortraitSegmentParams.Color")
	}
	for _, n := range []struct {
		name  string
		value float64
	}{
		{"CropWidth", c.CropWidth},
		{"CropHeight", c.CropHeight},
		{"CropStartLocationX", c.CropStartLocationX},
		{"CropStartLocationY", c.CropStartLocationY},
	} {
		if n.value < 0 || n.value > maxPixels {
			return s.inner(-29, "%sCropParams.%s must be from 0 to %d", path, n.name, maxPixels)
		}
	}
	if l.InputType == typePicture {
		switch {
		case l.WatermarkID <= 0:
			return s.inner(-33, "%sLayoutParams.WatermarkId is not set", path)
		case s.options.Watermarks != nil && !slices.Contains(s.options.Watermarks, l.WatermarkID):
			return s.inner(-34, "the picture %d does not exist", l.WatermarkID)
		}
	}
	return nil
}

func (s *Server) checkOutputParams(out *mixOutput) *refusal {
	if !validName(out.OutputStreamName) {
		return s.inner(-4, "OutputParams.OutputStreamName must be 1 to 80 letters, digits and underscores")
	}
	if out.OutputStreamType != 0 && out.OutputStreamType != 1 {
		return refuse(codeInvalidParameter, "OutputParams.OutputStreamType must be 0 or 1")
	}
	// The page of the action says 10000, the table of inner codes 50000.
	if rate := out.OutputStreamBitRate; rate != nil && (*rate < 1 || *rate > 50000) {
		return s.inner(-31004, "OutputParams.OutputStreamBitRate must be from 1 to 50000")
	}
	for _, n := range []struct {
		name  string
		value *int64
		most  int64
	}{
		{"OutputStreamGop", out.OutputStreamGop, 10},
		{"OutputStreamFrameRate", out.OutputStreamFrameRate, 60},
		{"OutputAudioBitRate", out.OutputAudioBitRate, 500},
		{"OutputAudioChannels", out.OutputAudioChannels, 2},
	} {
		if n.value != nil && (*n.value < 1 || *n.value > n.most) {
			return refuse(codeInvalidParameter, "OutputParams.%s must be from 1 to %d", n.name, n.most)
		}
	}
	if rate := out.OutputAudioSampleRate; rate != nil {
		switch *rate {
		case 96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000:
		default:
			return refuse(codeInvalidParameter, "OutputParams.OutputAudioSampleRate %d is not a sample rate of the list", *rate)
		}
	}
	return nil
}

// templateInputs returns the number of visual inputs that a template needs, or 0 for an unknown template.
func templateInputs(template int64) int {
	switch template {
	case 10, 20, 30, 40, 50:
		return 2
	case 310, 390, 391:
		return 3
	case 410:
		return 4
	case 510, 590:
		return 5
	case 610:
		return 6
	}
	return 0
}

// checkComposition checks how inputs, layers, template and output fit together.
func (s *Server) checkComposition(req *mixRequest, session *Session) *refusal {
	switch n := len(session.Inputs); {
	case n == 0:
		return s.inner(-1, "the input list is empty")
	case n > maxInputs:
		return s.inner(-3, "%d inputs, at most %d are allowed", n, maxInputs)
	case n == 1 && !req.copies():
		return s.inner(-21, "a mix needs at least 2 inputs")
	}
	if r := s.checkLayers(session); r != nil {
		return r
	}
	visual, named := 0, false
	sources := make(map[string]bool)
	for _, in := range session.Inputs {
		if in.visual() {
			visual++
		}
		named = named || in.Name == session.Output
		if in.real() && sources[in.Name] && s.options.RefuseRepeatedInputs {
			return s.inner(-4, "the stream %s is in the list twice", in.Name)
		}
		sources[in.Name] = sources[in.Name] || in.real()
	}
	if template := req.MixStreamTemplateID; template != 0 {
		needsCanvas := template == 390 || template == 391 || template == 590
		canvas := slices.ContainsFunc(session.Inputs, func(in Input) bool { return in.Layer == 1 && in.Type == typeCanvas })
		if want := templateInputs(template); want == 0 || want != visual || needsCanvas && !canvas {
			return s.templateMismatch()
		}
	}
	if named != (session.OutputType == 0) {
		not := " not"
		if session.OutputType == 1 {
			not = ""
		}
		return s.inner(-111, "output_stream_type is [%d],but output_stream_id %s is%s in input stream list",
			session.OutputType, session.Output, not)
	}
	return nil
}

func (s *Server) checkLayers(session *Session) *refusal {
	layers := make(map[int]bool)
	for _, in := range session.Inputs {
		switch {
		case in.Layer < 1 || in.Layer > maxInputs:
			return s.inner(-11, "the layer %d is not from 1 to %d", in.Layer, maxInputs)
		case layers[in.Layer]:
			return s.inner(-11, "the layer %d is given twice", in.Layer)
		}
		layers[in.Layer] = true
	}
	if !layers[1] && !s.options.AllowMissingLayerOne {
		return s.inner(-11, "no input is on layer 1, the background")
	}
	return nil
}
