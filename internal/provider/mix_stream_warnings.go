// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// warnOfIgnoredAttributes names what an input's kind makes idle.
func warnOfIgnoredAttributes(m *configuredMix, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.kind.unknown() {
			continue
		}
		ignored := func(at path.Path, attribute, owner string) {
			diags.AddAttributeWarning(at, "Attribute without effect",
				fmt.Sprintf("%s is of type %q, for which %s has no effect: it is for %s. Remove it, or change input_type.", capital(in.String()), in.kindName(), attribute, owner))
		}
		if in.color.known() && !in.is(inputCanvas) {
			ignored(in.layout("color"), "color", "a canvas")
		}
		if in.watermark.known() && !in.is(inputPicture) {
			ignored(in.layout("watermark_id"), "watermark_id", "a picture")
		}
		if in.webPage.known() && !in.is(inputWebPage) {
			ignored(in.layout("web_page_url"), "web_page_url", "a web page")
		}
		if !in.is(inputAudio) {
			continue
		}
		for _, s := range sides {
			if s.ofPosition(in).known() {
				ignored(in.layout(s.position), s.position, "inputs with a picture")
			}
			if s.ofSize(in).known() {
				ignored(in.layout(s.size), s.size, "inputs with a picture")
			}
		}
		if in.crop == settingKnown {
			ignored(in.at("crop_params"), "crop_params", "inputs with a picture")
		}
		if in.matting == settingKnown {
			ignored(in.at("portrait_segment_params"), "portrait_segment_params", "inputs with a picture")
		}
	}
}

// warnOfLayout names what Tencent accepts, or is not known to refuse, and what does not look as one would think.
func warnOfLayout(m *configuredMix, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.is(inputPicture) {
			for _, s := range sides {
				if length := s.ofSize(in); length.known() && !isFraction(length.value) && math.Mod(length.value, 2) != 0 {
					diags.AddAttributeWarning(in.layout(s.size), "Odd size of a picture",
						fmt.Sprintf("%s of %s is %s. Tencent reports mixes that do not appear when a picture has an odd size; give an even number of pixels.", s.size, in, plain(length.value)))
				}
			}
		}
		if !in.layer.known() {
			continue
		}
		background := in.layer.value == 1
		switch {
		case background && in.is(inputPicture, inputWebPage):
			diags.AddAttributeWarning(in.layout("image_layer"), "Background is no stream and no canvas",
				fmt.Sprintf("Layer 1 is %s, a %s. Tencent documents a live stream or a canvas as the background. Put a canvas on layer 1 and this one above it.", in, in.noun()))
		case background && in.is(inputAudio):
			diags.AddAttributeWarning(in.layout("image_layer"), "Background without a picture",
				fmt.Sprintf("Layer 1 is %s, which has no picture. Put the stream or the canvas that is to fill the picture on layer 1 and this one above it.", in))
		case !background && in.is(inputCanvas):
			diags.AddAttributeWarning(in.layout("image_layer"), "Canvas above other inputs",
				fmt.Sprintf("%s is a canvas on layer %s and hides what lies below it. Put the canvas on layer 1, unless that is what you want.", capital(in.String()), plain(in.layer.value)))
		}
		if m.template.known() && !background && !in.is(inputAudio) && !in.kind.unknown() && slices.ContainsFunc(sides, func(s side) bool {
			return s.ofPosition(in).known() || s.ofSize(in).known()
		}) {
			diags.AddAttributeWarning(in.at("layout_params"), "Position overrides the template",
				fmt.Sprintf("%s has a position or a size of its own, which override those of mix_stream_template_id %s. Leave them out to follow the template, or leave the template out.", capital(in.String()), plain(m.template.value)))
		}
	}
}

// warnOfOutput names an SEI text that says nothing, and a bit rate that only older pages allow.
func warnOfOutput(m *configuredMix, diags *diag.Diagnostics) {
	const newer, older = 10000, 50000
	if rate := m.bitRate; rate.known() && rate.value > newer && rate.value <= older {
		diags.AddAttributeWarning(path.Root("output_params").AtName("output_stream_bit_rate"), "Bit rate that Tencent may refuse",
			fmt.Sprintf("output_stream_bit_rate is %s. Tencent's page of CreateCommonMixStream allows up to %d kbps, the table of its error codes up to %d. Stay within %d to be safe.", plain(rate.value), newer, older, newer))
	}
	if m.mixSei.known() && m.mixSei.value == "" {
		diags.AddAttributeWarning(path.Root("output_params").AtName("mix_sei"), "Empty SEI text",
			"mix_sei is an empty text, which puts nothing into the output. Give a text, or leave mix_sei out.")
	}
}
