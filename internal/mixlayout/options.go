// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"strconv"
	"strings"
)

// Options override the defaults of an arrangement. The zero value changes nothing.
type Options struct {
	// Ratio is the ratio of all streams.
	Ratio Ratio
	// Gap is the distance between streams in pixels, and Margin the distance from the edges of the canvas, even and 0
	// to 2000. Nil leaves them to the arrangement.
	Gap, Margin *int
	// Color is the color of the canvas, as 0xRRGGBB or #RRGGBB; empty for black.
	Color string
}

// Ratio is the ratio of the places of streams. The zero value is 16:9. A ratio that fills gives streams all the room
// there is, whatever its shape: a stream is cropped around its center to fit.
type Ratio struct {
	width, height int
	fill          bool
}

// largestTerm bounds both sides of a ratio: tiles are multiples of it.
const largestTerm = 100

// ParseRatio reads a ratio such as 9:16, or fill.
func ParseRatio(text string) (Ratio, error) {
	if text == "fill" {
		return Ratio{fill: true}, nil
	}
	first, second, _ := strings.Cut(text, ":")
	width, errWidth := strconv.ParseUint(first, 10, 16)
	height, errHeight := strconv.ParseUint(second, 10, 16)
	if errWidth != nil || errHeight != nil || min(width, height) < 1 || max(width, height) > largestTerm {
		return Ratio{}, fmt.Errorf("must be two whole numbers from 1 to %d with a colon, such as 16:9, 9:16 or 4:3, or fill; got %q", largestTerm, text)
	}
	a, b := int(width), int(height)
	for b != 0 {
		a, b = b, a%b
	}
	return Ratio{width: int(width) / a, height: int(height) / a}, nil
}

// least returns the smallest tile with even sides; all larger tiles are multiples of it.
func (r Ratio) least() (width, height int) {
	unitWidth, unitHeight := r.unit()
	for width < minPixels || height < minPixels {
		width, height = width+unitWidth, height+unitHeight
	}
	return width, height
}

func (r Ratio) unit() (width, height int) {
	switch {
	case r.fill:
		return 2, 2
	case r.width == 0:
		return 2 * 16, 2 * 9
	default:
		return 2 * r.width, 2 * r.height
	}
}

// largest returns the largest tile with even sides that fits, or 0 by 0 if none does.
func (r Ratio) largest(width, height int) (w, h int) {
	if leastWidth, leastHeight := r.least(); width < leastWidth || height < leastHeight {
		return 0, 0
	}
	if r.fill {
		return even(width), even(height)
	}
	unitWidth, unitHeight := r.unit()
	n := min(width/unitWidth, height/unitHeight)
	return n * unitWidth, n * unitHeight
}

// check checks what does not depend on an arrangement.
func (o Options) check() error {
	for _, distance := range []struct {
		name   string
		pixels *int
	}{{"gap", o.Gap}, {"margin", o.Margin}} {
		if p := distance.pixels; p != nil && !isDistance(*p) {
			return wrong("options", "options.%s must be an even number of pixels from 0 to %d; got %d", distance.name, MaxPixels, *p)
		}
	}
	if _, _, _, ok := rgb(o.Color); o.Color != "" && !ok {
		return wrong("options", "options.color must be a color such as 0xCC0033 or #cc0033; got %q", o.Color)
	}
	return nil
}

// or returns the length if it is set, otherwise fallback.
func or(length *int, fallback int) int {
	if length != nil {
		return *length
	}
	return fallback
}

// shares divides a length into even parts that differ by 2 at most.
func shares(length, parts int) []int {
	all := make([]int, parts)
	for i := range all {
		all[i] = 2 * (length / 2 / parts)
		if i < length/2%parts {
			all[i] += 2
		}
	}
	return all
}
