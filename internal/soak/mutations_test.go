// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest/randommix"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// mutation is a change that a mix may not bear.
type mutation func(*rapid.T, randommix.Object)

// The parts of a mix that change.
func theMix(_ *rapid.T, mix randommix.Object) randommix.Object { return mix }

func theOutput(_ *rapid.T, mix randommix.Object) randommix.Object {
	return randommix.Child(mix, "output_params")
}

func theControl(_ *rapid.T, mix randommix.Object) randommix.Object {
	return randommix.Child(mix, "control_params")
}

func theTimeouts(_ *rapid.T, mix randommix.Object) randommix.Object {
	return randommix.Child(mix, "timeouts")
}

func theMonitor(_ *rapid.T, mix randommix.Object) randommix.Object {
	return randommix.Child(mix, "output_monitor")
}

func aLayout(t *rapid.T, mix randommix.Object) randommix.Object {
	return randommix.Child(anInput(t, mix), "layout_params")
}

func aSegment(t *rapid.T, mix randommix.Object) randommix.Object {
	return randommix.Child(anInput(t, mix), "portrait_segment_params")
}

// aCrop is full to the edge where there was none.
func aCrop(t *rapid.T, mix randommix.Object) randommix.Object {
	crop := randommix.Child(anInput(t, mix), "crop_params")
	if len(crop) == 0 {
		maps.Copy(crop, randommix.Object{"crop_start_location_x": 400.0, "crop_width": 1600.0, "crop_start_location_y": 1900.0, "crop_height": 100.0})
	}
	return crop
}

func anInput(t *rapid.T, mix randommix.Object) randommix.Object {
	inputs := mix["input_stream_list"].([]any)
	if len(inputs) == 0 {
		return randommix.Object{}
	}
	return randommix.Pick(t, inputs...).(randommix.Object)
}

// set changes one of the named attributes to one of the values.
func set(of func(*rapid.T, randommix.Object) randommix.Object, names string, values ...any) mutation {
	return func(t *rapid.T, mix randommix.Object) {
		of(t, mix)[randommix.Pick(t, strings.Fields(names)...)] = randommix.Pick(t, values...)
	}
}

// nudge makes one of the named attributes, which may lie flush with an edge, a little larger.
func nudge(of func(*rapid.T, randommix.Object) randommix.Object, names string) mutation {
	return func(t *rapid.T, mix randommix.Object) {
		parent, name := of(t, mix), randommix.Pick(t, strings.Fields(names)...)
		if value, ok := parent[name].(float64); ok {
			parent[name] = value + randommix.Pick(t, 1, 0.01)
		}
	}
}

func mutations() []mutation {
	const (
		places = "location_x location_y image_width image_height"
		crops  = "crop_start_location_x crop_start_location_y crop_width crop_height"
	)
	lengths := []any{nil, -1.0, -0.5, 0.0, 0.005, 0.01, 0.5, 0.99, 0.995, 1.0, 1.5, 700.0, 1999.5, 2000.0, 2000.5, 2001.0, 1e300}
	counts := []any{-1.0, 0.0, 1.0, 1.5, 2.0, 3.0, 10.0, 11.0, 60.0, 61.0, 500.0, 501.0, 50000.0, 50001.0, 44100.0, 44101.0, 1e300}
	names := []any{nil, "", "a b", "a-b", "é", "a\n", strings.Repeat("n", 81), "input_0", "background"}
	colors := []any{nil, "", "red", "CC0033", "#CC003", "0xCC00331", "0xcc003g", "#0xCC0033", "0XCC0033", "#cc0033"}
	templates := []any{nil, 0.0, 10.0, 20.0, 50.0, 310.0, 390.0, 391.0, 410.0, 510.0, 590.0, 610.0, 11.0, -10.0, 1e300}
	kinds := []any{nil, string(mixlayout.AudioVideo), string(mixlayout.Picture), string(mixlayout.Canvas), string(mixlayout.Audio), string(mixlayout.Video), string(mixlayout.WebPage), "", "Canvas"}
	urls := []any{nil, "", "https://example.com", "ftp://example.com", "https://", "example.com", " https://example.com"}
	return []mutation{
		set(aLayout, "image_layer", nil, 1.0, 2.0, 16.0, 17.0, 0.0, -1.0, 1.5),
		set(aLayout, "input_type", kinds...),
		set(aLayout, places, lengths...),
		set(aLayout, places, 0.6, 700.0, 1200.0),
		nudge(aLayout, places),
		set(aLayout, "watermark_id", nil, 0.0, -1.0, 1.0, 1.5),
		set(aLayout, "web_page_url", urls...),
		set(aLayout, "color", colors...),
		set(aSegment, "color", colors...),
		set(aCrop, crops, lengths...),
		nudge(aCrop, crops),
		set(anInput, "input_stream_name", names...),
		set(anInput, "layout_params", nil),
		set(theMix, "mix_stream_session_id", names...),
		set(theMix, "mix_stream_template_id", templates...),
		set(theMix, "output_params", nil),
		set(theOutput, "output_stream_name", names...),
		set(theOutput, "output_stream_bit_rate output_stream_gop output_stream_frame_rate", counts...),
		set(theOutput, "output_audio_bit_rate output_audio_sample_rate output_audio_channels", counts...),
		set(theControl, "allow_copy", nil, true, false),
		set(theTimeouts, "create read update delete", "0s", "-1m", "soon", "5", "1ms"),
		set(theMonitor, "domain_name app_name", nil, "", "live", strings.Repeat("d", 256)),
		set(theMonitor, "active_timeout", "-1s", "1", "1s"),
		func(t *rapid.T, mix randommix.Object) {
			theOutput(t, mix)["output_stream_name"] = anInput(t, mix)["input_stream_name"]
		},
		func(t *rapid.T, mix randommix.Object) {
			aLayout(t, mix)["image_layer"] = aLayout(t, mix)["image_layer"]
		},
		func(t *rapid.T, mix randommix.Object) {
			inputs := mix["input_stream_list"].([]any)
			n := randommix.Pick(t, 0, 1, 1, 1, 1, 1, mixlayout.MaxLayers+1)
			inputs = inputs[:min(len(inputs), n)]
			for len(inputs) < n {
				inputs = append(inputs, randommix.Object{"input_stream_name": "more", "layout_params": randommix.Object{"image_layer": float64(len(inputs) + 1)}})
			}
			mix["input_stream_list"] = inputs
		},
	}
}

// blank returns a value of which some parts are not known.
func blank(t *rapid.T, density int, v any, of tftypes.Type) any {
	switch of := of.(type) {
	case tftypes.Object:
		known, ok := v.(randommix.Object)
		if !ok {
			return v
		}
		blanked := randommix.Object{}
		for _, name := range slices.Sorted(maps.Keys(of.AttributeTypes)) {
			switch {
			case name == "id", name == "output_stream_state", name == "output_stream_type":
				// Only the provider sets them.
			case randommix.OneIn(t, density):
				blanked[name] = randommix.Unknown{}
			default:
				blanked[name] = blank(t, density, known[name], of.AttributeTypes[name])
			}
		}
		return blanked
	case tftypes.List:
		var blanked []any
		for _, element := range v.([]any) {
			if randommix.OneIn(t, density) {
				blanked = append(blanked, randommix.Unknown{})
				continue
			}
			blanked = append(blanked, blank(t, density, element, of.ElementType))
		}
		return blanked
	}
	return v
}
