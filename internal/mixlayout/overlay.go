// SPDX-License-Identifier: MPL-2.0

package mixlayout

import "slices"

// Overlay is a picture above all inputs, in a corner of the background. Width and height are its size in pixels, even
// and 2 to 2000, and margin is its distance in pixels from the two edges, even and 0 to 2000. The background, which is
// the input on layer 1, must set its own size in pixels, except for the top left corner. Errors are of type
// *ArgumentError.
func Overlay(inputs []Input, name string, width, height int, corner Corner, margin int) (Input, error) {
	const list = "input_stream_list"
	if len(inputs) >= MaxLayers {
		return Input{}, wrong(list, "input_stream_list already has %d inputs, and a mix takes no more. Leave one out to make room for the picture", len(inputs))
	}
	if slices.ContainsFunc(inputs, func(in Input) bool { return in.Name == name }) {
		return Input{}, wrong("name", "name must be a new one, and input_stream_list already has an input %q", name)
	}
	top := 0
	var background *Input
	for i, in := range inputs {
		top = max(top, in.Layer)
		if in.Layer == 1 && in.visual() {
			background = &inputs[i]
		}
	}
	if top >= MaxLayers {
		return Input{}, wrong(list, "input_stream_list uses layer %d, and no layer lies above it for the picture. Give its inputs lower layers", MaxLayers)
	}
	for _, side := range []struct {
		name   string
		length int
	}{{"width", width}, {"height", height}} {
		if side.length < 2 || !isDistance(side.length) {
			return Input{}, wrong(side.name, "%s must be an even number of pixels from 2 to %d; got %d", side.name, MaxPixels, side.length)
		}
	}
	if err := corner.check(); err != nil {
		return Input{}, err
	}
	if err := checkMargin(margin); err != nil {
		return Input{}, err
	}

	x, y := margin, margin
	if background == nil {
		return Input{}, wrong(list, "input_stream_list has no input on layer 1 that can be seen, and the picture is placed on that one")
	}
	wide, high := int(pixels(background.Width, 0)), int(pixels(background.Height, 0))
	if (wide == 0 || high == 0) && corner != TopLeft {
		return Input{}, wrong("corner", "corner is %s, and where that is depends on the background, %q, which gives no size. Give it image_width and image_height in pixels, or take top_left",
			corner, background.Name)
	}
	for _, side := range []struct {
		name         string
		length, room int
	}{{"width", width, wide}, {"height", height, high}} {
		if side.room != 0 && side.length+margin > side.room {
			return Input{}, wrong(side.name, "%s is %d, which with a margin of %d leaves the background, %q, of %d pixels. Give a smaller picture or margin",
				side.name, side.length, margin, background.Name, side.room)
		}
	}
	if corner.right() {
		x = even(wide - margin - width)
	}
	if corner.bottom() {
		y = even(high - margin - height)
	}
	picture := stream(name, top+1, x, y, width, height)
	picture.Kind = Picture
	return picture, nil
}
