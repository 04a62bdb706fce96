// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// drawMix returns a mix as the pages allow it, with up to three changes that they may not allow.
func (p *mixProperties) drawMix(t *rapid.T) configuration {
	mix := drawValid(t)
	for range pick(t, 0, 0, 1, 1, 1, 2, 2, 3) {
		pick(t, p.mutations...)(t, mix)
	}
	return configuration{mix}
}

// drawValid prefers few inputs, as the time of a case grows with them.
func drawValid(t *rapid.T) object {
	n := pick(t, 2, 2, 3, 2, 1, 2, 3, 2, 2, 3, 2, 1, 2, 2, 3, 0)
	if n == 0 {
		n = pick(t, 4, 4, 5, 6, between(t, 7, mixlayout.MaxLayers))
	}
	layers := make([]float64, mixlayout.MaxLayers-1)
	for i := range layers {
		layers[i] = float64(i + 2)
	}
	layers = rapid.Permutation(layers).Draw(t, "")

	background := drawBackground(t)
	inputs := []any{background}
	for i := range n - 1 {
		inputs = append(inputs, drawInput(t, i, layers[i], background["layout_params"].(object)))
	}
	mix := object{
		"mix_stream_session_id": pick(t, "s", "room_1", strings.Repeat("S", 80)),
		"output_params":         drawOutput(t, inputs),
	}
	if oneIn(t, 3) {
		mix["mix_stream_template_id"] = drawTemplate(t, inputs)
	}
	mix["input_stream_list"] = rapid.Permutation(inputs).Draw(t, "")
	if n == 1 || oneIn(t, 4) {
		mix["control_params"] = drawSome(t, object{"use_mix_crop_center": true, "pass_input_sei": false, "use_picture_transparent": true})
		if n == 1 {
			child(mix, "control_params")["allow_copy"] = true
		}
	}
	if oneIn(t, 5) {
		mix["wait_for_inputs"] = true
		mix["output_monitor"] = object{"domain_name": "push.example.com", "active_timeout": pick[any](t, nil, "0s", "1m")}
		mix["timeouts"] = drawSome(t, object{"create": "10m", "read": "1s", "update": "1h", "delete": "90s"})
	}
	return mix
}

// drawSome leaves some attributes out.
func drawSome(t *rapid.T, all object) object {
	some := object{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if oneIn(t, 2) {
			some[name] = all[name]
		}
	}
	return some
}

func drawBackground(t *rapid.T) object {
	layout := object{"image_layer": 1.0}
	layout["input_type"] = pick[any](t, string(mixlayout.Canvas), nil, string(mixlayout.AudioVideo), string(mixlayout.Canvas), string(mixlayout.Video), string(mixlayout.Picture), string(mixlayout.WebPage), string(mixlayout.Audio))
	layout["image_width"], layout["image_height"] = pick(t, 1280.0, 640.5, 1, mixlayout.MaxPixels), float64(between(t, 1, mixlayout.MaxPixels))
	if layout["input_type"] != string(mixlayout.Canvas) { // It has a size of its own.
		layout["image_width"] = pick(t, nil, layout["image_width"], 0.5)
		layout["image_height"] = pick(t, nil, layout["image_height"], 0.5)
	}
	return drawRest(t, "background", layout)
}

func drawInput(t *rapid.T, i int, layer float64, background object) object {
	layout := object{"image_layer": layer}
	layout["input_type"] = pick[any](t, nil, string(mixlayout.AudioVideo), string(mixlayout.Video), string(mixlayout.Picture), string(mixlayout.Audio), string(mixlayout.WebPage), string(mixlayout.Canvas))
	for _, s := range axes() {
		length := float64(mixlayout.MaxPixels)
		if given, ok := background[s.size].(float64); ok && !mixlayout.IsFraction(given) && background["input_type"] != string(mixlayout.Audio) {
			length = given
		}
		layout[s.position], layout[s.size] = drawSide(t, length, layout["input_type"] == string(mixlayout.Canvas))
	}
	return drawRest(t, fmt.Sprintf("input_%d", i), layout)
}

// drawSide takes a part of a side of so many pixels, in pixels or fractions, as often as not up to its end.
func drawSide(t *rapid.T, length float64, sized bool) (position, size any) {
	before := between(t, 0, 99)
	part := between(t, 1, 100-before)
	if oneIn(t, 2) {
		part = 100 - before
	}
	pixels := func(hundredths int) any { return math.Floor(length * float64(hundredths) / 100) }
	fraction := func(hundredths int) any { return float64(min(hundredths, 99)) / 100 }
	position = pick(t, nil, pixels(before), fraction(before))
	size = pick(t, nil, pixels(part), fraction(part))
	if sized && (size == nil || size == 0.0) {
		size = fraction(part)
	}
	return position, size
}

// drawRest adds what each kind of input needs, and what any may have.
func drawRest(t *rapid.T, name string, layout object) object {
	switch layout["input_type"] {
	case string(mixlayout.Canvas):
		layout["color"] = pick[any](t, nil, "#cc0033", "0xCC0033", "0X00ff7F")
	case string(mixlayout.Picture):
		layout["watermark_id"] = pick(t, 1.0, 4711)
	case string(mixlayout.WebPage):
		layout["web_page_url"] = pick(t, "https://example.com/page", "HTTP://1.2.3.4")
	default:
		name = pick(t, name, "twice", strings.Repeat("n", 80))
	}
	in := object{"input_stream_name": name, "layout_params": layout}
	if oneIn(t, 6) {
		x, y := between(t, 0, mixlayout.MaxPixels), between(t, 0, mixlayout.MaxPixels)
		in["crop_params"] = drawSome(t, object{
			"crop_start_location_x": float64(x), "crop_width": float64(between(t, 0, mixlayout.MaxPixels-x)),
			"crop_start_location_y": float64(y), "crop_height": float64(between(t, 0, mixlayout.MaxPixels-y)),
		})
	}
	if oneIn(t, 8) {
		in["portrait_segment_params"] = object{"color": pick[any](t, nil, "#00FF00")}
	}
	return in
}

func drawOutput(t *rapid.T, inputs []any) object {
	output := object{"output_stream_name": pick(t, "out", strings.Repeat("o", 80))}
	if of := pick(t, inputs...).(object); len(inputs) > 1 && isStream(of) && oneIn(t, 2) {
		output["output_stream_name"] = of["input_stream_name"]
	}
	if oneIn(t, 3) {
		maps.Copy(output, drawSome(t, object{
			"output_stream_bit_rate": pick(t, 1.0, 50000), "output_stream_gop": pick(t, 1.0, 10), "output_stream_frame_rate": pick(t, 1.0, 60),
			"output_audio_bit_rate": pick(t, 1.0, 500), "output_audio_channels": pick(t, 1.0, 2), "output_audio_sample_rate": pick(t, 8000.0, 44100, 96000),
			"mix_sei": pick(t, "", "现场"),
		}))
	}
	return output
}

func isStream(in object) bool {
	kind := child(in, "layout_params")["input_type"]
	return kind == nil || kind == string(mixlayout.AudioVideo) || kind == string(mixlayout.Audio) || kind == string(mixlayout.Video)
}

// drawTemplate returns a template for the inputs, of which the first is the background; nil where there is none.
func drawTemplate(t *rapid.T, inputs []any) any {
	visual := len(inputs)
	for _, in := range inputs {
		if child(in.(object), "layout_params")["input_type"] == string(mixlayout.Audio) {
			visual--
		}
	}
	canvas := child(inputs[0].(object), "layout_params")["input_type"] == string(mixlayout.Canvas)
	fitting := []any{nil}
	for _, template := range mixlayout.Templates() {
		if template.Inputs == visual && (canvas || !template.OnCanvas) {
			fitting = append(fitting, float64(template.ID))
		}
	}
	return pick(t, fitting...)
}

// child returns an object of an object. What is not there is put there.
func child(parent object, name string) object {
	of, ok := parent[name].(object)
	if !ok {
		of = object{}
		parent[name] = of
	}
	return of
}
