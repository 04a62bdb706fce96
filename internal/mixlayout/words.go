// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"strings"
	"unicode"
)

// textWidth estimates the width of a text in a sans-serif face, rather too large: by character classes of DejaVu Sans,
// which is as wide as any common one. An SVG image cannot know the exact width, as each viewer has its own fonts.
func textWidth(text string, size float64, bold bool) float64 {
	width := 0.0
	for _, c := range text {
		width += advance(c)
	}
	if bold {
		width *= 1.12
	}
	return width * size
}

// advance returns the width of a character as a fraction of the font size.
func advance(c rune) float64 {
	switch {
	case strings.ContainsRune("ijlI.,:;'|! ·", c):
		return 0.34
	case strings.ContainsRune("frt()[]-/\"", c):
		return 0.42
	case c == '_':
		return 0.52
	case strings.ContainsRune("mMwW@%…", c) || c > 0x2e80:
		return 1
	case 'a' <= c && c <= 'z' || unicode.IsDigit(c):
		return 0.64
	case unicode.IsUpper(c):
		return 0.79
	default:
		return 0.85
	}
}

const leastName = 3 // characters; fewer say nothing

// shorten cuts a text in its middle until it is no wider than most, because names often differ at their ends. ok is
// false if too little would be left to recognize it.
func shorten(text string, most, size float64, bold bool) (short string, ok bool) {
	if textWidth(text, size, bold) <= most {
		return text, true
	}
	runes := []rune(text)
	for n := len(runes) - 1; n >= leastName; n-- {
		tail := n / 2
		short = string(runes[:n-tail]) + "…" + string(runes[len(runes)-tail:])
		if textWidth(short, size, bold) <= most {
			return short, true
		}
	}
	return "", false
}

// wrap breaks a text between words into lines no wider than most. Only a word wider than that is shortened.
func wrap(text string, most, size float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(text) {
		if line != "" && textWidth(line+" "+word, size, false) <= most {
			line += " " + word
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		line, _ = shorten(word, most, size, false)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func kindText(k Kind) string {
	switch k {
	case AudioVideo, "":
		return "video and sound"
	case Video:
		return "video only"
	case Audio:
		return "sound only"
	default:
		return strings.ReplaceAll(string(k), "_", " ")
	}
}

func sizeOf(width, height float64) string {
	return fmt.Sprintf("%.0f × %.0f", width, height)
}

// cropText describes the part of an input that is shown: its size, if set, and its position.
func cropText(c Rect) []string {
	place := fmt.Sprintf("from %.0f, %.0f", c.X, c.Y)
	if c.Width > 0 && c.Height > 0 {
		return []string{"crop " + sizeOf(c.Width, c.Height), place}
	}
	return []string{"crop " + place}
}

// title describes the layout in one line, for screen readers.
func (l Layout) title() string {
	n, plural := len(l.Tiles)+len(l.Sound), "s"
	if n == 1 {
		plural = ""
	}
	text := fmt.Sprintf("Mix of %d input%s on %s", n, plural, sizeOf(l.Width, l.Height))
	if l.Template != 0 {
		text += fmt.Sprintf(", template %d", l.Template)
	}
	if l.Approximate() {
		text += " (approximate)"
	}
	return text
}

// description lists everything that the picture shows.
func (l Layout) description() string {
	var parts []string
	for i, t := range l.Tiles {
		about := ""
		if t.Basis != Given {
			about = "about "
		}
		parts = append(parts, fmt.Sprintf("Layer %d: %s, %s, %s%s.", t.Layer, t.Name, t.about(), about, l.whereabouts(i)))
	}
	for _, in := range l.Sound {
		parts = append(parts, fmt.Sprintf("Layer %d: %s, sound only.", in.Layer, in.Name))
	}
	return strings.Join(parts, " ")
}

// about returns the kind of a tile, with the color of a canvas.
func (t Tile) about() string {
	if t.Kind == Canvas {
		return strings.TrimSpace("canvas " + t.Color)
	}
	return kindText(t.Kind)
}

// whereabouts returns the size, the position and all further details of a tile.
func (l Layout) whereabouts(i int) string {
	t := l.Tiles[i]
	text := fmt.Sprintf("%s at %.0f, %.0f", sizeOf(t.Place.Width, t.Place.Height), t.Place.X, t.Place.Y)
	if t.Crop != (Rect{}) {
		text += ", " + strings.Join(cropText(t.Crop), " ")
	}
	if t.Matting {
		text += ", cut out of its background"
	}
	if l.hidden(i) {
		text += ", wholly covered"
	}
	return text
}

// Text describes a layout with one line for each input, by layer, in aligned columns.
func Text(l Layout) string {
	type line struct {
		layer             int
		name, kind, place string
	}
	var lines []line
	for i, t := range l.Tiles {
		about := ""
		if t.Basis != Given {
			about = "≈ "
		}
		lines = append(lines, line{t.Layer, t.Name, t.about(), about + l.whereabouts(i)})
	}
	for _, in := range l.Sound {
		lines = append(lines, line{in.Layer, in.Name, kindText(in.Kind), ""})
	}
	names, kinds := 0, 0
	for _, in := range lines {
		names, kinds = max(names, len([]rune(in.name))), max(kinds, len([]rune(in.kind)))
	}
	var b strings.Builder
	for _, in := range lines {
		text := fmt.Sprintf("%2d  %-*s  %-*s  %s", in.layer, names, in.name, kinds, in.kind, in.place)
		b.WriteString(strings.TrimRight(text, " ") + "\n")
	}
	return b.String()
}

// hidden reports whether nothing of a tile is visible because of the tiles above it. A picture or a cut-out person
// above it may let it show through, and a hidden canvas is not worth a mention.
func (l Layout) hidden(i int) bool {
	if l.Tiles[i].Kind == Canvas {
		return false
	}
	left := []Rect{l.Tiles[i].Place}
	for _, above := range l.Tiles[i+1:] {
		if above.Kind == Picture || above.Kind == WebPage || above.Matting {
			continue
		}
		var rest []Rect
		for _, r := range left {
			rest = append(rest, r.without(above.Place)...)
		}
		left = rest
	}
	return len(left) == 0
}

// without returns what another rectangle leaves of r, as rectangles.
func (r Rect) without(other Rect) []Rect {
	if !r.overlaps(other) {
		return []Rect{r}
	}
	var rest []Rect
	add := func(x, y, right, bottom float64) {
		if right > x && bottom > y {
			rest = append(rest, Rect{x, y, right - x, bottom - y})
		}
	}
	right, bottom := r.X+r.Width, r.Y+r.Height
	top, low := max(r.Y, other.Y), min(bottom, other.Y+other.Height)
	add(r.X, r.Y, right, top)
	add(r.X, low, right, bottom)
	add(r.X, top, other.X, low)
	add(other.X+other.Width, top, right, low)
	return rest
}
