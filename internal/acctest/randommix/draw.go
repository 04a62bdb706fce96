// SPDX-License-Identifier: MPL-2.0

package randommix

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// The types of an input.
const (
	audioVideo = string(mixlayout.AudioVideo)
	picture    = string(mixlayout.Picture)
	canvas     = string(mixlayout.Canvas)
	audio      = string(mixlayout.Audio)
	video      = string(mixlayout.Video)
	webPage    = string(mixlayout.WebPage)
)

// sides are the two axes along which an input has a position and a size.
var sides = []struct{ position, size string }{{"location_x", "image_width"}, {"location_y", "image_height"}}

// Valid draws a mix that the provider accepts. It prefers few inputs, because the time of a case grows with them.
func Valid(t *rapid.T) Object {
	n := Pick(t, 2, 2, 3, 2, 1, 2, 3, 2, 2, 3, 2, 1, 2, 2, 3, 0)
	if n == 0 {
		n = Pick(t, 4, 4, 5, 6, Between(t, 7, mixlayout.MaxLayers))
	}
	layers := make([]float64, mixlayout.MaxLayers-1)
	for i := range layers {
		layers[i] = float64(i + 2)
	}
	layers = rapid.Permutation(layers).Draw(t, "")

	background := drawBackground(t)
	inputs := []any{background}
	for i := range n - 1 {
		inputs = append(inputs, drawInput(t, i, layers[i], background["layout_params"].(Object)))
	}
	mix := Object{
		"mix_stream_session_id": Pick(t, "s", "room_1", strings.Repeat("S", 80)),
		"output_params":         drawOutput(t, inputs),
	}
	if OneIn(t, 3) {
		mix["mix_stream_template_id"] = drawTemplate(t, inputs)
	}
	mix["input_stream_list"] = rapid.Permutation(inputs).Draw(t, "")
	if n == 1 || OneIn(t, 4) {
		mix["control_params"] = drawSome(t, Object{"use_mix_crop_center": true, "pass_input_sei": false, "use_picture_transparent": true})
		if n == 1 {
			Child(mix, "control_params")["allow_copy"] = true
		}
	}
	if OneIn(t, 5) {
		mix["wait_for_inputs"] = true
		mix["output_monitor"] = Object{"domain_name": "push.example.com", "active_timeout": Pick[any](t, nil, "0s", "1m")}
		mix["timeouts"] = drawSome(t, Object{"create": "10m", "read": "1s", "update": "1h", "delete": "90s"})
	}
	return mix
}

// drawSome omits some attributes.
func drawSome(t *rapid.T, all Object) Object {
	some := Object{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if OneIn(t, 2) {
			some[name] = all[name]
		}
	}
	return some
}

func drawBackground(t *rapid.T) Object {
	layout := Object{"image_layer": 1.0}
	layout["input_type"] = Pick[any](t, canvas, nil, audioVideo, canvas, video, picture, webPage, audio)
	layout["image_width"], layout["image_height"] = Pick(t, 1280.0, 640.5, 1, mixlayout.MaxPixels), float64(Between(t, 1, mixlayout.MaxPixels))
	if layout["input_type"] != canvas { // It has a size of its own.
		layout["image_width"] = Pick(t, nil, layout["image_width"], 0.5)
		layout["image_height"] = Pick(t, nil, layout["image_height"], 0.5)
	}
	return drawRest(t, "background", layout)
}

func drawInput(t *rapid.T, i int, layer float64, background Object) Object {
	layout := Object{"image_layer": layer}
	layout["input_type"] = Pick[any](t, nil, audioVideo, video, picture, audio, webPage, canvas)
	for _, s := range sides {
		length := float64(mixlayout.MaxPixels)
		if given, ok := background[s.size].(float64); ok && !mixlayout.IsFraction(given) && background["input_type"] != audio {
			length = given
		}
		layout[s.position], layout[s.size] = drawSide(t, length, layout["input_type"] == canvas)
	}
	return drawRest(t, fmt.Sprintf("input_%d", i), layout)
}

// drawSide draws a part of a side of the given length, in pixels or fractions, often up to its end.
func drawSide(t *rapid.T, length float64, sized bool) (position, size any) {
	before := Between(t, 0, 99)
	part := Between(t, 1, 100-before)
	if OneIn(t, 2) {
		part = 100 - before
	}
	pixels := func(hundredths int) any { return math.Floor(length * float64(hundredths) / 100) }
	fraction := func(hundredths int) any { return float64(min(hundredths, 99)) / 100 }
	position = Pick(t, nil, pixels(before), fraction(before))
	size = Pick(t, nil, pixels(part), fraction(part))
	if sized && (size == nil || size == 0.0) {
		size = fraction(part)
	}
	return position, size
}

// drawRest adds what each kind of input requires, and what any input may have.
func drawRest(t *rapid.T, name string, layout Object) Object {
	switch layout["input_type"] {
	case canvas:
		layout["color"] = Pick[any](t, nil, "#cc0033", "0xCC0033", "0X00ff7F")
	case picture:
		layout["watermark_id"] = Pick(t, 1.0, 4711)
	case webPage:
		layout["web_page_url"] = Pick(t, "https://example.com/page", "HTTP://1.2.3.4")
	default:
		name = Pick(t, name, "twice", strings.Repeat("n", 80))
	}
	in := Object{"input_stream_name": name, "layout_params": layout}
	if OneIn(t, 6) {
		x, y := Between(t, 0, mixlayout.MaxPixels), Between(t, 0, mixlayout.MaxPixels)
		in["crop_params"] = drawSome(t, Object{
			"crop_start_location_x": float64(x), "crop_width": float64(Between(t, 0, mixlayout.MaxPixels-x)),
			"crop_start_location_y": float64(y), "crop_height": float64(Between(t, 0, mixlayout.MaxPixels-y)),
		})
	}
	if OneIn(t, 8) {
		in["portrait_segment_params"] = Object{"color": Pick[any](t, nil, "#00FF00")}
	}
	return in
}

func drawOutput(t *rapid.T, inputs []any) Object {
	output := Object{"output_stream_name": Pick(t, "out", strings.Repeat("o", 80))}
	if of := Pick(t, inputs...).(Object); len(inputs) > 1 && isStream(of) && OneIn(t, 2) {
		output["output_stream_name"] = of["input_stream_name"]
	}
	if OneIn(t, 3) {
		maps.Copy(output, drawSome(t, Object{
			"output_stream_bit_rate": Pick(t, 1.0, 50000), "output_stream_gop": Pick(t, 1.0, 10), "output_stream_frame_rate": Pick(t, 1.0, 60),
			"output_audio_bit_rate": Pick(t, 1.0, 500), "output_audio_channels": Pick(t, 1.0, 2), "output_audio_sample_rate": Pick(t, 8000.0, 44100, 96000),
			"mix_sei": Pick(t, "", "现场"),
		}))
	}
	return output
}

func isStream(in Object) bool {
	kind := Child(in, "layout_params")["input_type"]
	return kind == nil || kind == audioVideo || kind == audio || kind == video
}

// drawTemplate returns a template for the inputs, of which the first is the background, or nil for none.
func drawTemplate(t *rapid.T, inputs []any) any {
	visual := len(inputs)
	for _, in := range inputs {
		if Child(in.(Object), "layout_params")["input_type"] == audio {
			visual--
		}
	}
	onCanvas := Child(inputs[0].(Object), "layout_params")["input_type"] == canvas
	fitting := []any{nil}
	for _, template := range mixlayout.Templates() {
		if template.Inputs == visual && (onCanvas || !template.OnCanvas) {
			fitting = append(fitting, float64(template.ID))
		}
	}
	return Pick(t, fitting...)
}

// Child returns an Object within an Object, and adds it if it is missing.
func Child(parent Object, name string) Object {
	of, ok := parent[name].(Object)
	if !ok {
		of = Object{}
		parent[name] = of
	}
	return of
}
