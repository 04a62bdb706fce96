// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// warnOfIgnoredAttributes warns of attributes that have no effect for the kind of their input.
func warnOfIgnoredAttributes(m *mixModel, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.kind() == "" {
			continue
		}
		ignored := func(at path.Path, attribute, owner string) {
			diags.AddAttributeWarning(at, "Attribute has no effect",
				fmt.Sprintf("%s has no effect, as %s has input_type = %q: %s is for %s. Remove it, or change input_type.", at, in, in.kind(), attribute, owner))
		}
		if isKnown(in.layout.color) && !in.is(mixlayout.Canvas) {
			ignored(in.layoutAt("color"), "color", "canvases")
		}
		if isKnown(in.layout.watermarkID) && !in.is(mixlayout.Picture) {
			ignored(in.layoutAt("watermark_id"), "watermark_id", "pictures")
		}
		if isKnown(in.layout.webPageURL) && !in.is(mixlayout.WebPage) {
			ignored(in.layoutAt("web_page_url"), "web_page_url", "web pages")
		}
		if !in.is(mixlayout.Audio) {
			continue
		}
		for _, a := range axes() {
			if isKnown(a.positionOf(in)) {
				ignored(in.layoutAt(a.position), a.position, "inputs with a picture")
			}
			if isKnown(a.sizeOf(in)) {
				ignored(in.layoutAt(a.size), a.size, "inputs with a picture")
			}
		}
		if in.crop.state == valueKnown {
			ignored(in.at("crop_params"), "crop_params", "inputs with a picture")
		}
		if in.matte.state == valueKnown {
			ignored(in.at("portrait_segment_params"), "portrait_segment_params", "inputs with a picture")
		}
	}
}

// warnOfLayout warns of layouts that Tencent accepts, or is not known to refuse, but that may not look as intended.
func warnOfLayout(m *mixModel, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.is(mixlayout.Picture) {
			for _, a := range axes() {
				if length := a.sizeOf(in).ValueFloat64(); length > 1 && math.Mod(length, 2) != 0 {
					at := in.layoutAt(a.size)
					diags.AddAttributeWarning(at, "Picture with an odd size",
						fmt.Sprintf("%s is %s. Tencent reports that a mix may not appear when the size of a picture is odd. Use an even number of pixels.", at, mixlayout.Number(length)))
				}
			}
		}
		if !isKnown(in.layout.layer) {
			continue
		}
		at := in.layoutAt("image_layer")
		background := in.layout.layer.ValueInt64() == 1
		switch {
		case background && in.is(mixlayout.Picture, mixlayout.WebPage):
			diags.AddAttributeWarning(at, "Background is neither a stream nor a canvas",
				fmt.Sprintf("%s is 1, so a %s is the background. Tencent documents only live streams and canvases as backgrounds. Put a canvas on layer 1 and this input on a higher layer.", at, in.noun()))
		case background && in.is(mixlayout.Audio):
			diags.AddAttributeWarning(at, "Background has no picture",
				fmt.Sprintf("%s is 1, so an audio-only input is the background. Put the stream or canvas that fills the picture on layer 1 and this input on a higher layer.", at))
		case !background && in.is(mixlayout.Canvas):
			diags.AddAttributeWarning(at, "Canvas covers other inputs",
				fmt.Sprintf("%s is %s, so this canvas hides what lies below it. Put the canvas on layer 1, unless that is intended.", at, in.layout.layer))
		}
		if isKnown(m.templateID) && !background && in.kind() != "" && !in.is(mixlayout.Audio) && slices.ContainsFunc(axes(), func(a axis) bool {
			return isKnown(a.positionOf(in)) || isKnown(a.sizeOf(in))
		}) {
			at := in.at("layout_params")
			diags.AddAttributeWarning(at, "Layout overrides the template",
				fmt.Sprintf("%s sets a position or a size, which overrides that of mix_stream_template_id %s. To follow the template, remove location_x, location_y, image_width and image_height; to place inputs yourself, omit mix_stream_template_id.",
					at, m.templateID))
		}
	}
}

// warnOfPixels warns of lengths in pixels that were probably meant as fractions: a crop below 1, and 1 itself, which is
// not the whole side.
func warnOfPixels(m *mixModel, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		for _, c := range []struct {
			name  string
			value types.Float64
		}{
			{"crop_width", in.crop.width},
			{"crop_height", in.crop.height},
			{"crop_start_location_x", in.crop.x},
			{"crop_start_location_y", in.crop.y},
		} {
			if mixlayout.IsFraction(c.value.ValueFloat64()) {
				at := in.at("crop_params", c.name)
				diags.AddAttributeWarning(at, "Crop of less than one pixel",
					fmt.Sprintf("%s is %s, which means less than one pixel: crops are in pixels and take no fractions of the input. Set a number of pixels.", at, mixlayout.Number(c.value.ValueFloat64())))
			}
		}
		if in.is(mixlayout.Audio) {
			continue
		}
		for _, a := range axes() {
			if a.positionOf(in).ValueFloat64() == 1 {
				at := in.layoutAt(a.position)
				diags.AddAttributeWarning(at, "1 means one pixel",
					fmt.Sprintf("%s is 1, which means one pixel, not the far edge: fractions end at 0.99. Set the position in pixels, or as a fraction from 0.01 to 0.99.", at))
			}
			if a.sizeOf(in).ValueFloat64() == 1 {
				at := in.layoutAt(a.size)
				diags.AddAttributeWarning(at, "1 means one pixel",
					fmt.Sprintf("%s is 1, which means one pixel, not the whole background: fractions end at 0.99. To fill the background, set its size in pixels.", at))
			}
		}
	}
}

// warnOfOutput warns of an SEI text that says nothing, and of a bit rate that only older pages allow.
func warnOfOutput(m *mixModel, diags *diag.Diagnostics) {
	const newer, older = 10000, 50000
	if rate := m.output.bitRate.ValueInt64(); rate > newer && rate <= older {
		diags.AddAttributeWarning(path.Root("output_params").AtName("output_stream_bit_rate"), "Bit rate that Tencent may refuse",
			fmt.Sprintf("output_params.output_stream_bit_rate is %d. Tencent's page about CreateCommonMixStream allows up to %d kbps, its table of error codes up to %d. To be safe, stay within %d.", rate, newer, older, newer))
	}
	if isKnown(m.output.sei) && m.output.sei.ValueString() == "" {
		diags.AddAttributeWarning(path.Root("output_params").AtName("mix_sei"), "Empty SEI text",
			"output_params.mix_sei is empty and adds nothing to the output. Set a text, or remove mix_sei.")
	}
}

// warnOfKindChange warns of live streams that switch between audio only and audio with video while the mix runs:
// Tencent advises against it.
func warnOfKindChange(before, after *mixModel, diags *diag.Diagnostics) {
	// A stream may be several inputs of one mix. It has changed if no earlier input was what a new one is.
	audioOnly := map[string][]bool{}
	for i := range before.inputs {
		if in := &before.inputs[i]; in.isNamedStream() {
			audioOnly[in.name.ValueString()] = append(audioOnly[in.name.ValueString()], in.is(mixlayout.Audio))
		}
	}
	for i := range after.inputs {
		in := &after.inputs[i]
		if !in.isNamedStream() {
			continue
		}
		was, now := audioOnly[in.name.ValueString()], in.is(mixlayout.Audio)
		if len(was) == 0 || slices.Contains(was, now) {
			continue
		}
		change := "from audio only to a picture"
		if now {
			change = "from a picture to audio only"
		}
		at := in.layoutAt("input_type")
		diags.AddAttributeWarning(at, "Input changes between audio and video on air",
			fmt.Sprintf("%s changes %s %s while the mix runs. Tencent advises against this: it resets RTMP connections and splits recordings into small files. "+
				"If the change can wait, apply it while the mix is not running.", at, in.called(), change))
	}
}

// isNamedStream reports whether the input is known to be a live stream and its name is known.
func (in *inputModel) isNamedStream() bool {
	return isKnown(in.name) && in.is(mixlayout.AudioVideo, mixlayout.Video, mixlayout.Audio)
}
