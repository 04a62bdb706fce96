// SPDX-License-Identifier: MPL-2.0

package mixlayout

// SideBySide arranges two streams beside each other on a canvas. Width and height are those of the canvas in pixels,
// even and 16 to 2000. Margin is the distance in pixels from the edges of the canvas, and between the streams unless a
// gap is set, even and 0 to 2000. Scale is the left stream's share of the available width, between 0 and 1: 0.5 makes
// them equal. Both streams have even sides and positions and are as large as their ratio allows. Layers, names and
// errors are those of Grid.
func SideBySide(left, right string, width, height, margin int, scale float64, o Options) ([]Input, error) {
	if err := checkCanvas(width, height); err != nil {
		return nil, err
	}
	if err := checkMargin(margin); err != nil {
		return nil, err
	}
	if !(scale > 0 && scale < 1) {
		return nil, wrong("scale", "scale must lie between 0 and 1: the part of the room that is the left stream's, such as 0.5; got %s", Number(scale))
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	gap := or(o.Gap, margin)
	leastWidth, leastHeight := o.Ratio.least()
	roomWidth, roomHeight := max(0, width-2*margin-gap), max(0, height-2*margin)
	if w, _ := o.Ratio.largest(roomWidth/2, roomHeight); w == 0 {
		return nil, wrong("margin", "margin is %d, which leaves %d by %d pixels for two streams on a canvas of %d by %d, and each needs at least %d by %d. Give a smaller margin or a larger canvas",
			margin, roomWidth, roomHeight, width, height, leastWidth, leastHeight)
	}
	roomLeft := part(scale, roomWidth)
	if o.Ratio.fill {
		roomLeft = even(roomLeft)
	}
	leftWidth, leftHeight := o.Ratio.largest(roomLeft, roomHeight)
	rightWidth, rightHeight := o.Ratio.largest(roomWidth-roomLeft, roomHeight)
	if leftWidth == 0 || rightWidth == 0 {
		return nil, wrong("scale", "scale is %s, which leaves one of the streams less than %d by %d pixels. Give one closer to 0.5", Number(scale), leastWidth, leastHeight)
	}
	x := even((width - leftWidth - gap - rightWidth) / 2)
	return []Input{
		canvas(width, height, o, []string{left, right}),
		stream(left, 2, x, even((height-leftHeight)/2), leftWidth, leftHeight),
		stream(right, 3, x+leftWidth+gap, even((height-rightHeight)/2), rightWidth, rightHeight),
	}, nil
}
