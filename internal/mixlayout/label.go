// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

const (
	largestLabel, smallestLabel = 24.0, 11.0
	labelInset                  = 8.0 // from the edges of a tile
	badgeSize, badgeInset       = 13.0, 6.0
	lineHeight                  = 1.4
)

// badge draws the layer of a tile and its signs into its top left corner, or into another corner that no higher tile
// covers. It returns an empty rectangle if there is no room.
func (d *drawing) badge(i int, b Rect, ink string) Rect {
	t := d.layout.Tiles[i]
	layer, signs := strconv.Itoa(t.Layer), t.signs()
	number := textWidth(layer, badgeSize, false)
	extent := Rect{Width: number + float64(len(signs))*(signSize+3), Height: signSize}
	inset := badgeInset
	if t.Crop != (Rect{}) {
		inset += cropInset // within the marks
	}
	room := Rect{X: b.X + inset, Y: b.Y + inset, Width: b.Width - 2*inset, Height: b.Height - 2*inset}
	place, ok := d.freePlace(i, room, extent, Rect{}, []spot{{0, 0}, {1, 0}, {0, 1}, {1, 1}})
	if !ok {
		return Rect{}
	}
	d.text(coordinate(place.X), coordinate(place.Y+badgeSize*0.86), "start", badgeSize, ink, ` fill-opacity="0.8"`, layer)
	for n, s := range signs {
		d.sign(s, place.X+number+3+float64(n)*(signSize+3), place.Y, ink)
	}
	return place
}

// label writes the name and details of a tile where neither a higher tile nor the badge covers them: as much as fits,
// or nothing. A name is shortened before it is left out.
func (d *drawing) label(i int, b Rect, ink string) {
	badge := d.badge(i, b, ink)
	for _, share := range []float64{1, 0.6, 0.4} {
		if d.labelWithin(i, b, badge, ink, share) {
			return
		}
	}
}

// labelWithin is label for texts no wider than a share of the tile. ok is false if there is no room.
func (d *drawing) labelWithin(i int, b, badge Rect, ink string, share float64) (ok bool) {
	t := d.layout.Tiles[i]
	details := d.details(t)
	room := Rect{X: b.X + labelInset, Y: b.Y + labelInset, Width: b.Width - 2*labelInset, Height: b.Height - 2*labelInset}
	size := math.Floor(min(largestLabel, max(smallestLabel, min(b.Height/6, b.Width/10))))
	for ; size >= smallestLabel; size -= 2 {
		small := max(smallestLabel, math.Floor(size*0.72))
		name, ok := shorten(t.Name, room.Width*share, size, true)
		if !ok {
			continue
		}
		for n := len(details); n >= 0; n-- {
			lines := details[:n]
			extent := Rect{Width: textWidth(name, size, true), Height: size + float64(n)*small*lineHeight}
			for _, line := range lines {
				extent.Width = max(extent.Width, textWidth(line, small, false))
			}
			place, ok := d.freePlace(i, room, extent, badge, labelSpots())
			if !ok {
				continue
			}
			x, y := coordinate(place.X+place.Width/2), place.Y+size*0.82
			d.text(x, coordinate(y), "middle", size, ink, ` font-weight="600"`, name)
			for _, line := range lines {
				y += small * lineHeight
				d.text(x, coordinate(y), "middle", small, ink, ` fill-opacity="0.8"`, line)
			}
			return true
		}
	}
	return false
}

// spot is a position in a room, as fractions of the space that a text leaves free.
type spot struct{ across, down float64 }

// labelSpots returns the spots that are tried for a label, the best first.
func labelSpots() []spot {
	return []spot{{0.5, 0.5}, {0.5, 0}, {0.5, 1}, {0, 0.5}, {1, 0.5}, {0, 0}, {1, 0}, {0, 1}, {1, 1}, {0.5, 0.2}, {0.5, 0.8}}
}

// freePlace finds a spot for a text of a tile that no higher tile and no badge covers.
func (d *drawing) freePlace(i int, room, extent, badge Rect, spots []spot) (Rect, bool) {
	if extent.Width > room.Width || extent.Height > room.Height {
		return Rect{}, false
	}
	for _, s := range spots {
		place := extent
		place.X = room.X + (room.Width-extent.Width)*s.across
		place.Y = room.Y + (room.Height-extent.Height)*s.down
		if !d.covered(i, place) && !place.overlaps(badge) {
			return place, true
		}
	}
	return Rect{}, false
}

func (d *drawing) covered(i int, place Rect) bool {
	for _, above := range d.layout.Tiles[i+1:] {
		b := d.box(above.Place)
		// A tile no thicker than a line is still drawn.
		b.Width, b.Height = max(1, b.Width), max(1, b.Height)
		if place.overlaps(b) {
			return true
		}
	}
	return false
}

// details returns the lines below the name of a tile, the most important first.
func (d *drawing) details(t Tile) []string {
	size, position := sizeOf(t.Place.Width, t.Place.Height), fmt.Sprintf("%.0f, %.0f", t.Place.X, t.Place.Y)
	switch t.Basis {
	case OfTemplate:
		size, position = "≈ "+size, "≈ "+position
	case OfSource:
		size = "own size"
	}
	lines := []string{size}
	if t.Place != (Rect{Width: d.layout.Width, Height: d.layout.Height}) {
		lines = append(lines, "at "+position)
	}
	if t.Kind != AudioVideo && t.Kind != "" {
		lines = append(lines, kindText(t.Kind))
	}
	if t.Matting {
		lines = append(lines, "cut out")
	}
	if t.Crop != (Rect{}) {
		lines = append(lines, cropText(t.Crop)...)
	}
	return lines
}

// caption is a line below the picture.
type caption struct{ left, right string }

// captions returns the captions about the whole layout, in lines of at most the given width.
func (d *drawing) captions(most float64) []caption {
	l := d.layout
	var facts, notes []string
	if l.isBackground() && l.Tiles[0].Kind == Canvas {
		if name, _ := shorten(l.Tiles[0].Name, most/3, captionSize, false); name != "canvas" {
			facts = append(facts, name)
		}
		facts = append(facts, strings.TrimSpace("canvas "+l.Tiles[0].Color))
	}
	if l.SizeGiven {
		facts = append(facts, sizeOf(l.Width, l.Height))
	} else {
		facts = append(facts, "size not given, drawn as "+sizeOf(l.Width, l.Height))
	}
	if l.Template != 0 {
		notes = append(notes, fmt.Sprintf("template %d", l.Template))
	}
	if l.Approximate() {
		notes = append(notes, "approximate")
	}
	left, right := strings.Join(facts, " · "), strings.Join(notes, " · ")
	var all []caption
	if textWidth(left+right, captionSize, false)+2*captionSize <= most {
		all = append(all, caption{left, right})
	} else {
		for _, line := range append(wrap(left, most, captionSize), wrap(right, most, captionSize)...) {
			all = append(all, caption{left: line})
		}
	}

	var heard, hidden []string
	for _, in := range l.Sound {
		heard = append(heard, in.Name)
	}
	for i, t := range l.Tiles {
		if l.hidden(i) {
			hidden = append(hidden, t.Name)
		}
	}
	for _, list := range []struct {
		title string
		names []string
	}{{"sound only", heard}, {"wholly covered", hidden}} {
		if len(list.names) == 0 {
			continue
		}
		text := fmt.Sprintf("%s (%d): %s", list.title, len(list.names), strings.Join(list.names, ", "))
		for _, line := range wrap(text, most, captionSize) {
			all = append(all, caption{left: line})
		}
	}
	return all
}
