// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// fractionSlack tolerates the rounding of sums such as 0.7 + 0.3.
const fractionSlack = 1e-9

// axis is one of the two axes of the picture.
type axis struct {
	name               string // as in "640 pixels wide"
	position, size     string // attributes of layout_params
	positionOf, sizeOf func(*inputModel) types.Float64
}

func axes() []axis {
	return []axis{
		{
			name: "wide", position: "location_x", size: "image_width",
			positionOf: func(in *inputModel) types.Float64 { return in.layout.x },
			sizeOf:     func(in *inputModel) types.Float64 { return in.layout.width },
		},
		{
			name: "tall", position: "location_y", size: "image_height",
			positionOf: func(in *inputModel) types.Float64 { return in.layout.y },
			sizeOf:     func(in *inputModel) types.Float64 { return in.layout.height },
		},
	}
}

// checkGeometry refuses an input that extends beyond the background (code -2): position + size must not exceed its
// width or height. If the size of the background is unknown, it is taken as the largest that Tencent accepts of any
// source, 2000 pixels (code -10021): an input beyond that is outside any background.
func checkGeometry(m *mixModel, diags *diag.Diagnostics) {
	background := m.background()
	for _, a := range axes() {
		length, given, ok := backgroundLength(background, a)
		if !ok {
			continue
		}
		for i := range m.inputs {
			in := &m.inputs[i]
			if in == background || !isKnown(in.layout.layer) || in.kind() == "" || in.is(mixlayout.Audio) {
				continue
			}
			checkAxis(in, a, background, length, given, diags)
		}
	}
}

// backgroundLength returns the background's length along an axis and whether the configuration sets it. ok is false
// while the length cannot be determined.
func backgroundLength(background *inputModel, a axis) (length float64, given, ok bool) {
	if background == nil || background.kind() == "" || a.sizeOf(background).IsUnknown() {
		return 0, false, false
	}
	length = a.sizeOf(background).ValueFloat64()
	if length == 0 || mixlayout.IsFraction(length) || background.is(mixlayout.Audio) {
		return mixlayout.MaxPixels, false, true
	}
	return length, true, inRange(length)
}

func checkAxis(in *inputModel, a axis, background *inputModel, length float64, given bool, diags *diag.Diagnostics) {
	position, size := atLeast(a.positionOf(in)), atLeast(a.sizeOf(in))
	inPixels := func(f float64) float64 {
		if mixlayout.IsFraction(f) {
			return f * length
		}
		return f
	}
	if inPixels(position)+inPixels(size) <= length*(1+fractionSlack) {
		return
	}
	at := in.layoutAt(a.position)
	edge := fmt.Sprintf("%s + %s %s = %s", mixlayout.Number(position), a.size, mixlayout.Number(size), sum(position, size, length))
	switch {
	case position == 0:
		at, edge = in.layoutAt(a.size), "is "+mixlayout.Number(size)
	case size == 0:
		edge = "is " + mixlayout.Number(position)
	}
	room := fmt.Sprintf("the background: %s is %s pixels %s. Move the input, make it smaller, or make the background larger", background, mixlayout.Number(length), a.name)
	switch {
	case mixlayout.IsFraction(position) && mixlayout.IsFraction(size):
		room = "the background, which ends at 1. Move the input or make it smaller"
	case !given:
		room = fmt.Sprintf("any background: none is more than %d pixels %s. Move the input or make it smaller", mixlayout.MaxPixels, a.name)
	}
	diags.AddAttributeError(at, leavesBackground, fmt.Sprintf("%s %s, so %s extends beyond %s.", at, edge, in.called(), room))
}

const leavesBackground = "Input extends beyond the background"

// inRange reports whether Tencent accepts a length. A length out of range is refused by its own validator and does not
// stop the other checks.
func inRange(length float64) bool { return length >= 0 && length <= mixlayout.MaxPixels }

// atLeast returns the smallest value that a length can have.
func atLeast(length types.Float64) float64 {
	if f := length.ValueFloat64(); inRange(f) {
		return f
	}
	return 0
}

// sum formats the far edge in the unit of its parts, or in pixels if the units differ.
func sum(position, size, length float64) string {
	switch {
	case mixlayout.IsFraction(position) && !mixlayout.IsFraction(size) && size != 0:
		position *= length
	case mixlayout.IsFraction(size) && !mixlayout.IsFraction(position) && position != 0:
		size *= length
	}
	return mixlayout.Number(float64(int64((position+size)*1000+0.5)) / 1000)
}

// checkCrops refuses a crop that no source can contain (code -29): Tencent accepts no source of more than 2000 pixels.
func checkCrops(m *mixModel, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		for _, c := range []struct {
			start, length string
			from, size    types.Float64
		}{
			{"crop_start_location_x", "crop_width", in.crop.x, in.crop.width},
			{"crop_start_location_y", "crop_height", in.crop.y, in.crop.height},
		} {
			if from, size := atLeast(c.from), atLeast(c.size); from+size > mixlayout.MaxPixels {
				at := in.at("crop_params", c.start)
				diags.AddAttributeError(at, "Crop extends beyond the input",
					fmt.Sprintf("%s %s + %s %s = %s, which is beyond any input: none is larger than %d pixels. Choose a part that lies inside the input.",
						at, mixlayout.Number(from), c.length, mixlayout.Number(size), mixlayout.Number(from+size), mixlayout.MaxPixels))
			}
		}
	}
}
