// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"slices"
	"strconv"
)

const (
	// tileWidth and tileHeight are the smallest tile: every multiple of it has the ratio 16:9 and even sides.
	tileWidth, tileHeight = 32, 18
	// minPixels is the least side of a canvas.
	minPixels = 16
	// canvasColor is that of the canvas below an arrangement.
	canvasColor = "0x000000"
)

// ArgumentError tells what is wrong with an argument of Grid, PictureInPicture or SideBySide.
type ArgumentError struct {
	// Argument is the name of the parameter.
	Argument string
	// Problem is one or more sentences: the value, the rule and what to do.
	Problem string
}

// Error returns the parameter and what is wrong with it.
func (e *ArgumentError) Error() string { return e.Argument + ": " + e.Problem }

func wrong(argument, format string, values ...any) error {
	return &ArgumentError{Argument: argument, Problem: fmt.Sprintf(format, values...)}
}

// Corner is a corner of a canvas.
type Corner string

// The corners.
const (
	TopLeft     Corner = "top_left"
	TopRight    Corner = "top_right"
	BottomLeft  Corner = "bottom_left"
	BottomRight Corner = "bottom_right"
)

// Grid lays 1 to 15 streams out on a black canvas, row by row, all of one size and as large as they can be. Width and
// height are those of the canvas in pixels, even and 16 to 2000. Tiles have the ratio 16:9 and even sides and positions;
// what they leave of the canvas becomes gaps of one width and an even border, and a last row that is not full is centered.
// The canvas is the first input and lies on layer 1; the streams follow on layers 2, 3 and so on. It is named "canvas", or
// "canvas_1" and so on where a stream has that name. What is wrong is an *ArgumentError.
func Grid(streams []string, width, height int) ([]Input, error) {
	n := len(streams)
	if n < 1 || n > MaxLayers-1 {
		return nil, wrong("streams", "there are %d streams, and a grid holds 1 to %d: one of the %d layers is the canvas.", n, MaxLayers-1, MaxLayers)
	}
	if err := checkCanvas(width, height); err != nil {
		return nil, err
	}
	// The largest tiles win, then the fewest empty cells, then the wider grid.
	columns, rows, w, h := 0, 0, 0, 0
	for c := 1; c <= n; c++ {
		r := (n + c - 1) / c
		cw, ch := largestTile(width/c, height/r)
		if cw > w || cw == w && c*r <= columns*rows {
			columns, rows, w, h = c, r, cw, ch
		}
	}
	if w == 0 {
		return nil, tooSmall(width, height, n)
	}

	gap := even(min((width-columns*w)/(columns+1), (height-rows*h)/(rows+1)))
	inputs := []Input{canvas(width, height, streams)}
	top := even((height - rows*h - (rows-1)*gap) / 2)
	for i, name := range streams {
		row, column := i/columns, i%columns
		inRow := min(columns, n-row*columns)
		left := even((width - inRow*w - (inRow-1)*gap) / 2)
		inputs = append(inputs, stream(name, i+2, left+column*(w+gap), top+row*(h+gap), w, h))
	}
	return inputs, nil
}

// PictureInPicture lays a host out on a black canvas, as large as it can be, and 1 to 14 guests above it in a column that
// begins in a corner. Width and height are those of the canvas in pixels, even and 16 to 2000. Margin is the distance in
// pixels between guests and from the edges of the canvas, even and 0 to 2000. Scale is the width of a guest as a part of the
// canvas's, above 0 and up to 1: the next lower size is taken that has the ratio 16:9 and even sides. Layers, names and
// errors are those of Grid, with the host on layer 2.
func PictureInPicture(host string, guests []string, width, height int, corner Corner, margin int, scale float64) ([]Input, error) {
	if n := len(guests); n < 1 || n > MaxLayers-2 {
		return nil, wrong("guests", "there are %d guests, and a picture in picture has 1 to %d: the canvas and the host take two of the %d layers.", n, MaxLayers-2, MaxLayers)
	}
	if err := checkCanvas(width, height); err != nil {
		return nil, err
	}
	if err := checkMargin(margin); err != nil {
		return nil, err
	}
	corners := []Corner{TopLeft, TopRight, BottomLeft, BottomRight}
	if !slices.Contains(corners, corner) {
		return nil, wrong("corner", "%q is no corner. Give one of %q.", corner, corners)
	}
	if !(scale > 0 && scale <= 1) {
		return nil, wrong("scale", "it is %s, and must be above 0 and at most 1: the width of a guest as a part of the canvas's, such as 0.25.", number(scale))
	}
	hostWidth, hostHeight := largestTile(width, height)
	if hostWidth == 0 {
		return nil, tooSmall(width, height, 1)
	}
	w, h := largestTile(int(scale*float64(width)+rounding), height)
	if w == 0 {
		return nil, wrong("scale", "it is %s, which makes a guest narrower than %d pixels on a canvas of %d. Give a larger one.", number(scale), tileWidth, width)
	}
	n := len(guests)
	if needed := w + 2*margin; needed > width {
		return nil, wrong("scale", "guests of %d pixels with margins of %d need a width of %d, and the canvas has %d. Give a smaller scale or margin.", w, margin, needed, width)
	}
	if needed := n*h + (n+1)*margin; needed > height {
		return nil, wrong("scale", "a column of %d guests, each %d pixels high, with margins of %d needs a height of %d, and the canvas has %d. Give a smaller scale or margin, or fewer guests.", n, h, margin, needed, height)
	}

	x, y, step := margin, margin, h+margin
	if corner == TopRight || corner == BottomRight {
		x = width - margin - w
	}
	if corner == BottomLeft || corner == BottomRight {
		y, step = height-margin-h, -step
	}
	inputs := []Input{
		canvas(width, height, append([]string{host}, guests...)),
		stream(host, 2, even((width-hostWidth)/2), even((height-hostHeight)/2), hostWidth, hostHeight),
	}
	for i, name := range guests {
		inputs = append(inputs, stream(name, i+3, x, y+i*step, w, h))
	}
	return inputs, nil
}

// SideBySide lays two streams out beside each other on a black canvas. Width and height are those of the canvas in pixels,
// even and 16 to 2000. Margin is the distance in pixels between them and from the edges of the canvas, even and 0 to 2000.
// Scale is the part of the room that is the left one's, between 0 and 1: 0.5 makes them equal. Both have the ratio 16:9 and
// even sides and positions, and are as large as that allows. Layers, names and errors are those of Grid.
func SideBySide(left, right string, width, height, margin int, scale float64) ([]Input, error) {
	if err := checkCanvas(width, height); err != nil {
		return nil, err
	}
	if err := checkMargin(margin); err != nil {
		return nil, err
	}
	if !(scale > 0 && scale < 1) {
		return nil, wrong("scale", "it is %s, and must lie between 0 and 1: the part of the room that is the left stream's. 0.5 makes both equal.", number(scale))
	}
	roomWidth, roomHeight := max(0, width-3*margin), max(0, height-2*margin)
	if w, h := largestTile(roomWidth/2, roomHeight); w == 0 || h == 0 {
		return nil, wrong("margin", "it is %d, which leaves %d by %d pixels for two streams on a canvas of %d by %d, and each needs at least %d by %d. Give a smaller margin or a larger canvas.",
			margin, roomWidth, roomHeight, width, height, tileWidth, tileHeight)
	}
	roomLeft := int(scale*float64(roomWidth) + rounding)
	leftWidth, leftHeight := largestTile(roomLeft, roomHeight)
	rightWidth, rightHeight := largestTile(roomWidth-roomLeft, roomHeight)
	if leftWidth == 0 || rightWidth == 0 {
		return nil, wrong("scale", "it is %s, which leaves one of the streams less than %d by %d pixels. Give one closer to 0.5.", number(scale), tileWidth, tileHeight)
	}
	x := even((width - leftWidth - margin - rightWidth) / 2)
	return []Input{
		canvas(width, height, []string{left, right}),
		stream(left, 2, x, even((height-leftHeight)/2), leftWidth, leftHeight),
		stream(right, 3, x+leftWidth+margin, even((height-rightHeight)/2), rightWidth, rightHeight),
	}, nil
}

// rounding forgives products such as 0.3 * 1280, which is a little less or more than 384.
const rounding = 1e-6

func checkCanvas(width, height int) error {
	for _, side := range []struct {
		name   string
		length int
	}{{"width", width}, {"height", height}} {
		if side.length < minPixels || side.length > MaxPixels || side.length%2 != 0 {
			return wrong(side.name, "it is %d, and must be an even number of pixels from %d to %d, such as 1280 by 720.", side.length, minPixels, MaxPixels)
		}
	}
	return nil
}

func checkMargin(margin int) error {
	if margin < 0 || margin > MaxPixels || margin%2 != 0 {
		return wrong("margin", "it is %d, and must be an even number of pixels from 0 to %d.", margin, MaxPixels)
	}
	return nil
}

// tooSmall blames the side that is short, for its multiples of the smallest tile.
func tooSmall(width, height, n int) error {
	side, length := "height", height
	if width/tileWidth < height/tileHeight {
		side, length = "width", width
	}
	return wrong(side, "it is %d, and a canvas of %d by %d is too small: a stream needs at least %d by %d pixels (streams: %d). Give a larger canvas or fewer streams.",
		length, width, height, tileWidth, tileHeight, n)
}

// largestTile is the largest tile of the ratio 16:9 with even sides that fits; 0 by 0 where none does.
func largestTile(width, height int) (w, h int) {
	n := min(width/tileWidth, height/tileHeight)
	return n * tileWidth, n * tileHeight
}

// even rounds down to an even number.
func even(n int) int { return n - n%2 }

func canvas(width, height int, taken []string) Input {
	name := "canvas"
	for i := 1; slices.Contains(taken, name); i++ {
		name = "canvas_" + strconv.Itoa(i)
	}
	return Input{Name: name, Layer: 1, Kind: Canvas, Width: length(width), Height: length(height), Color: canvasColor}
}

func stream(name string, layer, x, y, width, height int) Input {
	return Input{Name: name, Layer: layer, Kind: AudioVideo, X: length(x), Y: length(y), Width: length(width), Height: length(height)}
}

func length(pixels int) *float64 { return new(float64(pixels)) }

func number(f float64) string { return strconv.FormatFloat(f, 'f', -1, 64) }
