// SPDX-License-Identifier: MPL-2.0

// Package mixlayout is the geometry of a mix: where inputs lie, which places a template gives them, how a grid is
// divided, and a picture of it all. It is pure and gives the same result for the same arguments everywhere.
//
// A number such as 267/43404 is a page of Tencent's: https://cloud.tencent.com/document/product/267/43404.
package mixlayout

import (
	"cmp"
	"slices"
)

const (
	// MaxPixels is the maximum width and height of a canvas, and of any source (267/43404).
	MaxPixels = 2000
	// MaxLayers is the number of layers, and so of inputs, of one mix (267/43404).
	MaxLayers = 16
)

// Kind is what an input is. The zero value counts as AudioVideo.
type Kind string

// The kinds of input (CommonMixLayoutParams.InputType of 267/43404).
const (
	AudioVideo Kind = "audio_video"
	Picture    Kind = "picture"
	Canvas     Kind = "canvas"
	Audio      Kind = "audio"
	Video      Kind = "video"
	WebPage    Kind = "web_page"
)

// Rect is a rectangle in pixels, from the top left corner of the background.
type Rect struct {
	X, Y, Width, Height float64
}

// overlaps reports whether r and other share more than an edge.
func (r Rect) overlaps(other Rect) bool {
	return r.X < other.X+other.Width && other.X < r.X+r.Width && r.Y < other.Y+other.Height && other.Y < r.Y+r.Height
}

// fit makes r no larger than the background and moves it inside.
func (r Rect) fit(width, height float64) Rect {
	r.Width, r.Height = min(r.Width, width), min(r.Height, height)
	r.X, r.Y = max(0, min(r.X, width-r.Width)), max(0, min(r.Y, height-r.Height))
	return r
}

// Input is one input of a mix as it is configured.
type Input struct {
	// Name is the name of the stream, or the name used for a picture, a canvas or a web page.
	Name string
	// Layer is 1 for the background and higher for what covers it, up to MaxLayers.
	Layer int
	Kind  Kind
	// X, Y, Width and Height are pixels, or fractions of the background's width (X, Width) and height (Y, Height) if
	// they are between 0 and 1. Nil means not set; a Width or Height of 0 means the same.
	X, Y, Width, Height *float64
	// Color is the color of a canvas, as 0xRRGGBB or #RRGGBB, or empty.
	Color string
	// Crop is the part of the input that is shown, in pixels of the input. The zero value is the whole.
	Crop Rect
	// Matting reports whether a person is cut out of the background of the input.
	Matting bool
}

func (in Input) visual() bool { return in.Kind != Audio }

// Basis says where the size of a tile comes from.
type Basis int

const (
	// Given sizes are set by the input.
	Given Basis = iota
	// OfTemplate sizes come from the template, which Tencent documents only by pictures.
	OfTemplate
	// OfSource sizes are those of a stream or a picture that only the live mix knows. They are drawn as large as fits.
	OfSource
)

// Tile is an input in its place.
type Tile struct {
	Input
	// Place is where the input lies. It is inside the layout.
	Place Rect
	Basis Basis
}

// Layout is a mix with all places known.
type Layout struct {
	// Width and Height are the size of the background in pixels; SizeGiven reports whether the inputs set it.
	Width, Height float64
	SizeGiven     bool
	// Template is the ID of the template, 0 for none.
	Template int
	// Tiles are the visible inputs, from the lowest layer to the highest.
	Tiles []Tile
	// Sound are the audio-only inputs, by layer.
	Sound []Input
}

// Approximate reports whether any part of the layout is not determined by the inputs alone: a template's geometry, or a
// size that only the live mix knows.
func (l Layout) Approximate() bool {
	return l.Template != 0 || !l.SizeGiven || slices.ContainsFunc(l.Tiles, func(t Tile) bool { return t.Basis != Given })
}

// Resolve finds the place of each input. Template is the ID of a template, 0 for none; it applies to the visible inputs
// in the order of their layers, and what an input sets itself overrides it. An unknown template, or one for another
// number of inputs, is an error.
//
// A background without a size is taken as 1920 by 1080, unless other inputs show that it is larger. If a source's own
// size decides, the tile is as large as fits.
func Resolve(inputs []Input, template int) (Layout, error) {
	l := Layout{Template: template}
	var seen []Input
	for _, in := range slices.SortedStableFunc(slices.Values(inputs), func(a, b Input) int { return cmp.Compare(a.Layer, b.Layer) }) {
		if in.visual() {
			seen = append(seen, in)
		} else {
			l.Sound = append(l.Sound, in)
		}
	}
	if template != 0 {
		if err := checkTemplate(template, len(seen)); err != nil {
			return Layout{}, err
		}
	}

	// A template has its background even if layer 1 is audio only.
	above := seen
	if len(seen) > 0 && (seen[0].Layer == 1 || template != 0) {
		above = seen[1:]
		l.Width, l.Height, l.SizeGiven = backgroundSize(&seen[0], above)
		basis := OfSource
		if l.SizeGiven {
			basis = Given
		}
		l.Tiles = append(l.Tiles, Tile{Input: seen[0], Place: Rect{Width: l.Width, Height: l.Height}, Basis: basis})
	} else {
		l.Width, l.Height, l.SizeGiven = backgroundSize(nil, above)
	}

	var places []templatePlace
	if template != 0 {
		places = templatePlaces(template, l.Width, l.Height)
	}
	for i, in := range above {
		if template != 0 {
			l.Tiles = append(l.Tiles, l.tileOfTemplate(in, places[i]))
		} else {
			l.Tiles = append(l.Tiles, l.tile(in))
		}
	}
	return l, nil
}

// tile places an input by its own settings.
func (l Layout) tile(in Input) Tile {
	t := Tile{Input: in, Place: Rect{X: pixels(in.X, l.Width), Y: pixels(in.Y, l.Height)}}
	width, height := pixels(in.Width, l.Width), pixels(in.Height, l.Height)
	if width == 0 || height == 0 {
		t.Basis = OfSource
		room := Rect{Width: max(0, l.Width-t.Place.X), Height: max(0, l.Height-t.Place.Y)}
		width, height = sourceSize(in, width, height, room)
	}
	t.Place.Width, t.Place.Height = width, height
	t.Place = t.Place.fit(l.Width, l.Height)
	return t
}

// tileOfTemplate places an input by a template, as far as it does not place itself.
func (l Layout) tileOfTemplate(in Input, p templatePlace) Tile {
	t := Tile{Input: in, Basis: OfTemplate}
	width, height := pixels(in.Width, l.Width), pixels(in.Height, l.Height)
	switch {
	case width != 0 && height != 0:
		t.Basis = Given
	case width != 0:
		height = width * p.height / p.width
	case height != 0:
		width = height * p.width / p.height
	default:
		width, height = p.width, p.height
	}
	x, y := p.at(width, height)
	if in.X != nil {
		x = pixels(in.X, l.Width)
	}
	if in.Y != nil {
		y = pixels(in.Y, l.Height)
	}
	t.Place = Rect{X: x, Y: y, Width: width, Height: height}.fit(l.Width, l.Height)
	return t
}

// sourceSize returns the size of an input that does not set both sides: that of its crop, otherwise the largest 16:9
// size that fits. A side that is set is kept.
func sourceSize(in Input, width, height float64, room Rect) (w, h float64) {
	ratio := 16.0 / 9
	cropped := in.Crop.Width > 0 && in.Crop.Height > 0
	if cropped {
		ratio = in.Crop.Width / in.Crop.Height
	}
	switch {
	case width != 0:
		return width, width / ratio
	case height != 0:
		return height * ratio, height
	case cropped:
		return in.Crop.Width, in.Crop.Height
	default:
		w = min(room.Width, room.Height*ratio)
		return w, w / ratio
	}
}

// backgroundSize returns the size of the background, if there is one, and whether it is set in pixels.
func backgroundSize(background *Input, above []Input) (width, height float64, given bool) {
	var needed Rect
	for _, in := range above {
		needed.Width = min(max(needed.Width, least(in.X, in.Width)), MaxPixels)
		needed.Height = min(max(needed.Height, least(in.Y, in.Height)), MaxPixels)
	}
	if background != nil {
		// A background cannot be a fraction of itself: pixels of nothing are 0.
		width, height = pixels(background.Width, 0), pixels(background.Height, 0)
	}
	switch {
	case width != 0 && height != 0:
		return width, height, true
	case width != 0:
		return width, max(width*9/16, needed.Height, 1), false
	case height != 0:
		return min(MaxPixels, max(height*16/9, needed.Width)), height, false
	case background != nil && background.Crop.Width > 0 && background.Crop.Height > 0:
		return max(background.Crop.Width, needed.Width, 1), max(background.Crop.Height, needed.Height, 1), false
	}
	for _, usual := range []Rect{{Width: 1920, Height: 1080}, {Width: 1080, Height: 1920}} {
		if needed.Width <= usual.Width && needed.Height <= usual.Height {
			return usual.Width, usual.Height, false
		}
	}
	return MaxPixels, MaxPixels, false
}

// least returns the length of the shortest background that holds size at position, or 0 if any does.
func least(position, size *float64) float64 {
	p, s := value(position), value(size)
	switch {
	case IsFraction(p) && IsFraction(s):
		return 0
	case IsFraction(p):
		return s / (1 - p)
	case IsFraction(s):
		return p / (1 - s)
	default:
		return p + s
	}
}

// IsFraction reports whether a length is a fraction of the background. All others are pixels.
func IsFraction(f float64) bool { return f > 0 && f < 1 }

func value(f *float64) float64 {
	if f == nil {
		return 0
	}
	return *f
}

// pixels converts a length to pixels of a background with the length of; 0 if it is not set.
func pixels(f *float64, of float64) float64 {
	if v := value(f); IsFraction(v) {
		// The conversion prevents a fused multiply-add, whose last digits differ between processors.
		return float64(v * of)
	}
	return value(f)
}
