// SPDX-License-Identifier: MPL-2.0

package mixlayout

import "math"

// Grid arranges 1 to 15 streams on a canvas, row by row, as large as possible. Width and height are those of the canvas
// in pixels, even and 16 to 2000. All positions and sizes are even. Errors are of type *ArgumentError.
//
// With a ratio, all streams have the same size; the rest of the canvas becomes gaps of one width and an even border,
// and a last row that is not full is centered. If streams fill the canvas, every row is full, and the first rows hold
// one stream more if the streams cannot be divided evenly.
//
// The canvas is the first input and lies on layer 1; the streams follow on layers 2, 3 and so on. It is named "canvas",
// or "canvas_1" and so on if a stream has that name.
func Grid(streams []string, width, height int, o Options) ([]Input, error) {
	n := len(streams)
	if n < 1 || n > MaxLayers-1 {
		return nil, wrong("streams", "streams must hold 1 to %d names, as the canvas takes one of the %d layers; got %d", MaxLayers-1, MaxLayers, n)
	}
	if err := checkCanvas(width, height); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	var places []place
	if o.Ratio.fill {
		places = fillRows(n, width, height, or(o.Gap, 0), or(o.Margin, 0))
	} else {
		places = equalTiles(n, width, height, o)
	}
	if places == nil {
		return nil, tooSmall(width, height, n, o.Ratio)
	}
	inputs := []Input{canvas(width, height, o, streams)}
	for i, name := range streams {
		p := places[i]
		inputs = append(inputs, stream(name, i+2, p.x, p.y, p.width, p.height))
	}
	return inputs, nil
}

// place is a rectangle in whole pixels.
type place struct{ x, y, width, height int }

// equalTiles returns the places of a grid of equal tiles, or nil if there is no room.
func equalTiles(n, width, height int, o Options) []place {
	margin, least := or(o.Margin, 0), or(o.Gap, 0)
	room := func(length, cells int) int { return (length - 2*margin - (cells-1)*least) / cells }
	// The largest tiles win, then the fewest empty cells, then the wider grid.
	columns, rows, w, h := 0, 0, 0, 0
	for c := 1; c <= n; c++ {
		r := (n + c - 1) / c
		cw, ch := o.Ratio.largest(room(width, c), room(height, r))
		if cw > w || cw == w && c*r <= columns*rows {
			columns, rows, w, h = c, r, cw, ch
		}
	}
	if w == 0 {
		return nil
	}
	gap := or(o.Gap, even(min((width-2*margin-columns*w)/(columns+1), (height-2*margin-rows*h)/(rows+1))))
	top := even((height - rows*h - (rows-1)*gap) / 2)
	var places []place
	for i := range n {
		row, column := i/columns, i%columns
		inRow := min(columns, n-row*columns)
		left := even((width - inRow*w - (inRow-1)*gap) / 2)
		places = append(places, place{left + column*(w+gap), top + row*(h+gap), w, h})
	}
	return places
}

// fillRows returns the places of a grid that fills the canvas, or nil if there is no room.
func fillRows(n, width, height, gap, margin int) []place {
	// The least cropping of streams with the shape of the canvas wins, then the cells closest to a square. The slack
	// keeps the last digits of a logarithm from deciding.
	const slack = 1e-9
	usual := math.Log(16.0 / 9)
	if width < height {
		usual = -usual
	}
	var best []place
	leastCrop, leastSkew := math.Inf(1), math.Inf(1)
	for rows := 1; rows <= n; rows++ {
		places := rowsOf(n, rows, width, height, gap, margin)
		crop, skew := 0.0, 0.0
		for _, p := range places {
			shape := math.Log(float64(p.width) / float64(p.height))
			crop, skew = max(crop, math.Abs(shape-usual)), max(skew, math.Abs(shape))
		}
		if places != nil && (crop < leastCrop-slack || crop < leastCrop+slack && skew < leastSkew-slack) {
			best, leastCrop, leastSkew = places, crop, skew
		}
	}
	return best
}

// rowsOf divides the canvas into a number of rows; nil if there is no room.
func rowsOf(n, rows, width, height, gap, margin int) []place {
	var places []place
	y := margin
	for row, h := range shares(max(0, height-2*margin-(rows-1)*gap), rows) {
		columns := n / rows
		if row < n%rows {
			columns++
		}
		x := margin
		for _, w := range shares(max(0, width-2*margin-(columns-1)*gap), columns) {
			if w < minPixels || h < minPixels {
				return nil
			}
			places = append(places, place{x, y, w, h})
			x += w + gap
		}
		y += h + gap
	}
	return places
}
