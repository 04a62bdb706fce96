// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

const (
	// minPixels is the minimum side of a canvas, and of a tile.
	minPixels = 16
	// canvasColor is the default color of the canvas below an arrangement.
	canvasColor = "0x000000"
)

// ArgumentError says what is wrong with an argument of an arrangement.
type ArgumentError struct {
	// Argument is the name of the parameter.
	Argument string
	// Problem is the rule, the value and what to do, without a final period.
	Problem string
}

// Error returns what is wrong.
func (e *ArgumentError) Error() string { return e.Problem }

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

func (c Corner) right() bool  { return c == TopRight || c == BottomRight }
func (c Corner) bottom() bool { return c == BottomLeft || c == BottomRight }

func (c Corner) check() error {
	return oneOf("corner", c, TopLeft, TopRight, BottomLeft, BottomRight)
}

func oneOf[T ~string](argument string, value T, values ...T) error {
	if slices.Contains(values, value) {
		return nil
	}
	var quoted []string
	for _, v := range values {
		quoted = append(quoted, strconv.Quote(string(v)))
	}
	last := len(quoted) - 1
	return wrong(argument, "%s must be %s or %s; got %q", argument, strings.Join(quoted[:last], ", "), quoted[last], string(value))
}

// rounding tolerates products such as 0.3 * 1280, which is slightly less or more than 384.
const rounding = 1e-6

// part returns a part of a length, rounded down.
func part(scale float64, length int) int { return int(scale*float64(length) + rounding) }

func checkCanvas(width, height int) error {
	for _, side := range []struct {
		name   string
		length int
	}{{"width", width}, {"height", height}} {
		if side.length < minPixels || side.length > MaxPixels || side.length%2 != 0 {
			return wrong(side.name, "%s must be an even number of pixels from %d to %d; got %d", side.name, minPixels, MaxPixels, side.length)
		}
	}
	return nil
}

func isDistance(pixels int) bool { return pixels >= 0 && pixels <= MaxPixels && pixels%2 == 0 }

func checkMargin(margin int) error {
	if !isDistance(margin) {
		return wrong("margin", "margin must be an even number of pixels from 0 to %d; got %d", MaxPixels, margin)
	}
	return nil
}

// tooSmall blames the side that is too short.
func tooSmall(width, height, streams int, ratio Ratio) error {
	leastWidth, leastHeight := ratio.least()
	side, length := "height", height
	if width/leastWidth < height/leastHeight {
		side, length = "width", width
	}
	return wrong(side, "%s is %d, and a canvas of %d by %d is too small: a stream needs at least %d by %d pixels (streams: %d). Give a larger canvas, less of a gap and margin, or fewer streams",
		side, length, width, height, leastWidth, leastHeight, streams)
}

// even rounds down to an even number.
func even(n int) int { return n - n%2 }

// canvas returns the first input of an arrangement. It is named "canvas", or "canvas_1" and so on if a stream has that
// name.
func canvas(width, height int, o Options, taken []string) Input {
	name := "canvas"
	for i := 1; slices.Contains(taken, name); i++ {
		name = "canvas_" + strconv.Itoa(i)
	}
	color := o.Color
	if color == "" {
		color = canvasColor
	}
	return Input{Name: name, Layer: 1, Kind: Canvas, Width: length(width), Height: length(height), Color: color}
}

func stream(name string, layer, x, y, width, height int) Input {
	return Input{Name: name, Layer: layer, Kind: AudioVideo, X: length(x), Y: length(y), Width: length(width), Height: length(height)}
}

func length(pixels int) *float64 { return new(float64(pixels)) }

// Number formats a number as a configuration does: 0.25, 1280, or 1e+300 for an absurdly large one.
func Number(f float64) string {
	const huge = 1e15
	if math.Abs(f) >= huge {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}
