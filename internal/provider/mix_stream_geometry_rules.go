// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// fractionSlack forgives the rounding of sums such as 0.7 + 0.3.
const fractionSlack = 1e-9

func isFraction(f float64) bool { return f > 0 && f < 1 }

// side is one axis of the layout.
type side struct {
	name               string // as in "640 pixels wide"
	position, size     string // attributes
	ofPosition, ofSize func(*configuredInput) setting[float64]
}

var sides = []side{
	{
		name: "wide", position: "location_x", size: "image_width",
		ofPosition: func(in *configuredInput) setting[float64] { return in.x },
		ofSize:     func(in *configuredInput) setting[float64] { return in.width },
	},
	{
		name: "tall", position: "location_y", size: "image_height",
		ofPosition: func(in *configuredInput) setting[float64] { return in.y },
		ofSize:     func(in *configuredInput) setting[float64] { return in.height },
	},
}

// checkGeometry refuses an input that leaves the background (code -2): position + size must lie within its width and its
// height. Without a known size the background is taken for the largest that Tencent accepts of any source, 2000 pixels
// (code -10021): what leaves that leaves every one.
func checkGeometry(m *configuredMix, diags *diag.Diagnostics) {
	var background *configuredInput
	for i := range m.inputs {
		if in := &m.inputs[i]; in.layer.known() && in.layer.value == 1 {
			background = in
		}
	}
	for _, s := range sides {
		length, given, ok := m.backgroundLength(background, s)
		if !ok {
			continue
		}
		for i := range m.inputs {
			in := &m.inputs[i]
			if in == background || !in.layer.known() || in.kind.unknown() || in.is(inputAudio) {
				continue
			}
			checkSide(in, s, background, length, given, diags)
		}
	}
}

// backgroundLength is the background's length along an axis, and whether the configuration gives it. It is not ok while
// it cannot be told.
func (m *configuredMix) backgroundLength(background *configuredInput, s side) (length float64, given, ok bool) {
	if background == nil || background.kind.unknown() {
		return 0, false, false
	}
	length, ok = s.ofSize(background).or(0)
	if !ok {
		return 0, false, false
	}
	if length == 0 || isFraction(length) || background.is(inputAudio) {
		return maxPixels, false, true
	}
	return length, true, inRange(length)
}

func checkSide(in *configuredInput, s side, background *configuredInput, length float64, given bool, diags *diag.Diagnostics) {
	position, size := atLeast(s.ofPosition(in)), atLeast(s.ofSize(in))
	inPixels := func(f float64) float64 {
		if isFraction(f) {
			return f * length
		}
		return f
	}
	if inPixels(position)+inPixels(size) <= length*(1+fractionSlack) {
		return
	}
	at := in.layout(s.position)
	edge := fmt.Sprintf("%s + %s %s = %s", plain(position), s.size, plain(size), sum(position, size, length))
	switch {
	case position == 0:
		at, edge = in.layout(s.size), "is "+plain(size)
	case size == 0:
		edge = "is " + plain(position)
	}
	room := fmt.Sprintf("the background: %s is %s pixels %s. Move the input, make it smaller, or make the background larger", background, plain(length), s.name)
	switch {
	case isFraction(position) && isFraction(size):
		room = "the background, which ends at 1. Move the input or make it smaller"
	case !given:
		room = fmt.Sprintf("any background: none is more than %d pixels %s. Move the input or make it smaller", maxPixels, s.name)
	}
	diags.AddAttributeError(at, leavesBackground, fmt.Sprintf("%s %s, so %s extends beyond %s.", at, edge, in.called(), room))
}

const leavesBackground = "Input extends beyond the background"

// inRange tells whether a length is one of those that Tencent takes. One that is not is refused by its own validator, and
// is no reason to be silent about the rest.
func inRange(length float64) bool { return length >= 0 && length <= maxPixels }

// atLeast is the least that a length can turn out to be.
func atLeast(length setting[float64]) float64 {
	if length.known() && inRange(length.value) {
		return length.value
	}
	return 0
}

// sum shows the far edge in the unit of its parts, in pixels where they mix.
func sum(position, size, length float64) string {
	switch {
	case isFraction(position) && !isFraction(size) && size != 0:
		position *= length
	case isFraction(size) && !isFraction(position) && position != 0:
		size *= length
	}
	return plain(float64(int64((position+size)*1000+0.5)) / 1000)
}

// checkCrops refuses a part that no source can hold (code -29): Tencent takes none of more than 2000 pixels.
func checkCrops(m *configuredMix, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		for _, c := range []struct {
			start, length string
			from, size    setting[float64]
		}{
			{"crop_start_location_x", "crop_width", in.cropX, in.cropWidth},
			{"crop_start_location_y", "crop_height", in.cropY, in.cropHeight},
		} {
			if from, size := atLeast(c.from), atLeast(c.size); from+size > maxPixels {
				at := in.at("crop_params", c.start)
				diags.AddAttributeError(at, "Crop extends beyond the input",
					fmt.Sprintf("%s %s + %s %s = %s, which is beyond any input: none is larger than %d pixels. Choose a part that lies inside the input.",
						at, plain(from), c.length, plain(size), plain(from+size), maxPixels))
			}
		}
	}
}
