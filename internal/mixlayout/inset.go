// SPDX-License-Identifier: MPL-2.0

package mixlayout

// PictureInPicture arranges a host on a canvas, as large as possible, and 1 to 14 guests above it in a column that
// begins in a corner. Width and height are those of the canvas in pixels, even and 16 to 2000. Margin is the distance
// in pixels from the edges of the canvas, and between guests unless a gap is set, even and 0 to 2000. Scale is the
// width of a guest as a fraction of the canvas width, above 0 and up to 1: it is rounded down to a size that has the
// ratio and even sides. If the host fills the canvas, guests have the ratio of the canvas. Layers, names and errors are
// those of Grid, with the host on layer 2.
func PictureInPicture(host string, guests []string, width, height int, corner Corner, margin int, scale float64, o Options) ([]Input, error) {
	n := len(guests)
	if n < 1 || n > MaxLayers-2 {
		return nil, wrong("guests", "guests must hold 1 to %d names, as the canvas and the host take two of the %d layers; got %d", MaxLayers-2, MaxLayers, n)
	}
	if err := checkCanvas(width, height); err != nil {
		return nil, err
	}
	if err := checkMargin(margin); err != nil {
		return nil, err
	}
	if err := corner.check(); err != nil {
		return nil, err
	}
	if !(scale > 0 && scale <= 1) {
		return nil, wrong("scale", "scale must be above 0 and at most 1: the width of a guest as a part of the canvas's, such as 0.25; got %s", Number(scale))
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	hostWidth, hostHeight := o.Ratio.largest(width, height)
	if hostWidth == 0 {
		return nil, tooSmall(width, height, 1, o.Ratio)
	}
	gap := or(o.Gap, margin)
	w, h := o.Ratio.guest(part(scale, width), width, height)
	if w == 0 {
		leastWidth, leastHeight := o.Ratio.least()
		return nil, wrong("scale", "scale is %s, which makes a guest smaller than %d by %d pixels on a canvas of %d by %d. Give a larger one",
			Number(scale), leastWidth, leastHeight, width, height)
	}
	if needed := w + 2*margin; needed > width {
		return nil, wrong("scale", "scale is %s: guests of %d pixels with margins of %d need a width of %d, and the canvas has %d. Give a smaller scale or margin",
			Number(scale), w, margin, needed, width)
	}
	if needed := n*h + (n-1)*gap + 2*margin; needed > height {
		return nil, wrong("scale", "scale is %s: a column of %d guests, each %d pixels high, with distances of %d and margins of %d needs a height of %d, and the canvas has %d. Give a smaller scale, gap or margin, or fewer guests",
			Number(scale), n, h, gap, margin, needed, height)
	}

	x, y, step := margin, margin, h+gap
	if corner.right() {
		x = width - margin - w
	}
	if corner.bottom() {
		y, step = height-margin-h, -step
	}
	inputs := []Input{
		canvas(width, height, o, append([]string{host}, guests...)),
		stream(host, 2, even((width-hostWidth)/2), even((height-hostHeight)/2), hostWidth, hostHeight),
	}
	for i, name := range guests {
		inputs = append(inputs, stream(name, i+3, x, y+i*step, w, h))
	}
	return inputs, nil
}

// guest returns the size of a tile of at most the given width on a canvas, or 0 by 0 if there is none.
func (r Ratio) guest(most, width, height int) (w, h int) {
	if r.fill {
		return r.largest(most, most*height/width)
	}
	return r.largest(most, height)
}
