// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"math"
	"strings"
	"unicode/utf8"
)

const (
	largestLabel, smallestLabel = 24.0, 11.0
	labelInset                  = 8.0 // from the edges of a tile
	leastName                   = 3   // characters; fewer say nothing
)

// label writes the name of a tile and what there is to say of it, where no higher tile covers it: all of it, or less, or
// nothing.
func (d *drawing) label(i int, b Rect, ink string) {
	t := d.layout.Tiles[i]
	details := details(t)
	size := math.Floor(min(largestLabel, max(smallestLabel, min(b.Height/6, b.Width/11))))
	for ; size >= smallestLabel; size -= 2 {
		small := max(smallestLabel, math.Floor(size*0.72))
		for n := len(details); n >= 0; n-- {
			lines := details[:n]
			name, ok := shorten(t.Name, int((b.Width-2*labelInset)/(size*advance)))
			if !ok {
				return
			}
			extent := Rect{Width: float64(utf8.RuneCountInString(name)) * size * advance, Height: size + float64(n)*small*1.4}
			for _, line := range lines {
				extent.Width = max(extent.Width, float64(utf8.RuneCountInString(line))*small*advance)
			}
			place, ok := d.freePlace(i, b, extent)
			if !ok {
				continue
			}
			x, y := coordinate(place.X+place.Width/2), place.Y+size*0.82
			d.text(x, coordinate(y), "middle", size, ink, ` font-weight="600"`, name)
			for _, line := range lines {
				y += small * 1.4
				d.text(x, coordinate(y), "middle", small, ink, ` fill-opacity="0.8"`, line)
			}
			return
		}
	}
}

// freePlace finds room for a text within a tile: its center, else another spot that no higher tile covers.
func (d *drawing) freePlace(i int, b, extent Rect) (Rect, bool) {
	room := Rect{X: b.X + labelInset, Y: b.Y + labelInset, Width: b.Width - 2*labelInset, Height: b.Height - 2*labelInset}
	if extent.Width > room.Width || extent.Height > room.Height {
		return Rect{}, false
	}
	for _, spot := range []struct{ across, down float64 }{
		{0.5, 0.5}, {0.5, 0}, {0.5, 1}, {0, 0.5}, {1, 0.5}, {0, 0}, {1, 0}, {0, 1}, {1, 1}, {0.5, 0.2}, {0.5, 0.8},
	} {
		place := extent
		place.X = room.X + (room.Width-extent.Width)*spot.across
		place.Y = room.Y + (room.Height-extent.Height)*spot.down
		if !d.covered(i, place) {
			return place, true
		}
	}
	return Rect{}, false
}

func (d *drawing) covered(i int, place Rect) bool {
	for _, above := range d.layout.Tiles[i+1:] {
		if place.overlaps(d.box(above.Place)) {
			return true
		}
	}
	return false
}

// details are the lines below the name of a tile, the most telling first.
func details(t Tile) []string {
	size := sizeOf(t.Place.Width, t.Place.Height)
	switch t.Basis {
	case OfTemplate:
		size = "≈ " + size
	case OfSource:
		size = "own size"
	}
	lines := []string{size}
	switch t.Kind {
	case AudioVideo, "":
	case Video:
		lines = append(lines, "video only")
	default:
		lines = append(lines, kindText(t.Kind))
	}
	if t.Crop != (Rect{}) {
		lines = append(lines, strings.Split(cropText(t.Crop), cropSeparator)...)
	}
	return lines
}

func kindText(k Kind) string { return strings.ReplaceAll(string(k), "_", " ") }

func sizeOf(width, height float64) string {
	return fmt.Sprintf("%.0f × %.0f", width, height)
}

const cropSeparator = "; "

// cropText is the part of an input that is shown: its size, where that is given, and its place.
func cropText(c Rect) string {
	place := fmt.Sprintf("from %.0f, %.0f", c.X, c.Y)
	if c.Width > 0 && c.Height > 0 {
		return "crop " + sizeOf(c.Width, c.Height) + cropSeparator + place
	}
	return "crop " + place
}

// shorten cuts a text in its middle to at most so many characters, as names often differ at their ends. It is not ok where
// too little would be left to know it by.
func shorten(s string, most int) (short string, ok bool) {
	runes := []rune(s)
	switch {
	case len(runes) <= most:
		return s, true
	case most <= leastName:
		return "", false
	}
	tail := (most - 1) / 2
	return string(runes[:most-1-tail]) + "…" + string(runes[len(runes)-tail:]), true
}

// caption is a line below the picture.
type caption struct{ left, right string }

// captions are what is to be said of the whole, in lines of at most so many characters.
func (d *drawing) captions(most int) []caption {
	l := d.layout
	var facts, notes, lines []string
	if l.isBackground() && l.Tiles[0].Kind == Canvas {
		if name, _ := shorten(l.Tiles[0].Name, 20); name != "canvas" {
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
	if utf8.RuneCountInString(left)+utf8.RuneCountInString(right)+3 <= most {
		all = append(all, caption{left, right})
	} else {
		lines = append(lines, left, right)
	}
	if len(l.Sound) > 0 {
		var names []string
		for _, in := range l.Sound {
			names = append(names, in.Name)
		}
		lines = append(lines, "sound only: "+strings.Join(names, ", "))
	}
	for _, line := range lines {
		if short, ok := shorten(line, most); ok && line != "" {
			all = append(all, caption{left: short})
		}
	}
	return all
}

// title is the layout in one line, for those who hear the picture.
func (l Layout) title() string {
	text := fmt.Sprintf("Mix of %d inputs on %s", len(l.Tiles)+len(l.Sound), sizeOf(l.Width, l.Height))
	if l.Template != 0 {
		text += fmt.Sprintf(", template %d", l.Template)
	}
	if l.Approximate() {
		text += " (approximate)"
	}
	return text
}

// description tells everything that the picture shows.
func (l Layout) description() string {
	var parts []string
	for _, t := range l.Tiles {
		kind := t.Kind
		if kind == "" {
			kind = AudioVideo
		}
		text := fmt.Sprintf("Layer %d: %s, %s", t.Layer, t.Name, kindText(kind))
		if t.Kind == Canvas && t.Color != "" {
			text += " " + t.Color
		}
		about := ""
		if t.Basis != Given {
			about = "about "
		}
		text += fmt.Sprintf(", %s%s at %.0f, %.0f", about, sizeOf(t.Place.Width, t.Place.Height), t.Place.X, t.Place.Y)
		if t.Crop != (Rect{}) {
			text += ", " + cropText(t.Crop)
		}
		parts = append(parts, text+".")
	}
	for _, in := range l.Sound {
		parts = append(parts, fmt.Sprintf("Layer %d: %s, sound only.", in.Layer, in.Name))
	}
	return strings.Join(parts, " ")
}
