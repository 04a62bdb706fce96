// SPDX-License-Identifier: MPL-2.0

package livesim

// liveService is the part of the Live API, version 2018-08-01, that the simulator implements.
func (s *Server) liveService() service {
	return service{name: "live", version: "2018-08-01", actions: map[string]action{
		ActionCreate: {run: s.createMix, fields: []field{
			{name: "MixStreamSessionId", required: true},
			{name: "InputStreamList", kind: list, required: true, fields: inputFields()},
			{name: "OutputParams", kind: object, required: true, fields: outputFields()},
			{name: "MixStreamTemplateId", kind: integer},
			{name: "ControlParams", kind: object, fields: []field{
				{name: "UseMixCropCenter", kind: integer},
				{name: "AllowCopy", kind: integer},
				{name: "PassInputSei", kind: integer},
				{name: "UsePictureTransparent", kind: integer, mainland: true},
			}},
		}},
		ActionCancel: {run: s.cancelMix, fields: []field{
			{name: "MixStreamSessionId", required: true},
		}},
		ActionState: {run: s.describeState, fields: []field{
			{name: "AppName", required: true},
			{name: "DomainName", required: true},
			{name: "StreamName", required: true},
		}},
		ActionOnlineList: {run: s.describeOnlineList, fields: []field{
			{name: "DomainName"},
			{name: "AppName"},
			{name: "PageNum", kind: integer},
			{name: "PageSize", kind: integer},
			{name: "StreamName"},
		}},
	}}
}

// inputFields is the data type CommonMixInputParam.
func inputFields() []field {
	return []field{
		{name: "InputStreamName", required: true},
		{name: "LayoutParams", kind: object, required: true, fields: []field{
			{name: "ImageLayer", kind: integer, required: true},
			{name: "InputType", kind: integer},
			{name: "ImageHeight", kind: float},
			{name: "ImageWidth", kind: float},
			{name: "LocationX", kind: float},
			{name: "LocationY", kind: float},
			{name: "Color"},
			{name: "WatermarkId", kind: integer},
			{name: "WebPageUrl", mainland: true},
		}},
		{name: "CropParams", kind: object, fields: []field{
			{name: "CropWidth", kind: float},
			{name: "CropHeight", kind: float},
			{name: "CropStartLocationX", kind: float},
			{name: "CropStartLocationY", kind: float},
		}},
		{name: "PortraitSegmentParams", kind: object, mainland: true, fields: []field{
			{name: "Color"},
		}},
	}
}

// outputFields is the data type CommonMixOutputParams.
func outputFields() []field {
	return []field{
		{name: "OutputStreamName", required: true},
		{name: "OutputStreamType", kind: integer},
		{name: "OutputStreamBitRate", kind: integer},
		{name: "OutputStreamGop", kind: integer},
		{name: "OutputStreamFrameRate", kind: integer},
		{name: "OutputAudioBitRate", kind: integer},
		{name: "OutputAudioSampleRate", kind: integer},
		{name: "OutputAudioChannels", kind: integer},
		{name: "MixSei"},
	}
}
