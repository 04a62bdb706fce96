// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The picture is drawn into a box of one size whatever the canvas is, so that texts and lines look the same in each.
const (
	boxWidth, boxHeight = 960.0, 720.0
	padding             = 8.0
	leastWidth          = 540.0 // of the whole picture, for the texts below a narrow canvas
	captionSize         = 16.0
	captionLine         = 24.0
)

// Colors. Texts and lines that lie on the page have the same contrast to white and to near black.
const (
	pageText   = "#737a84"
	lightText  = "#ffffff"
	darkText   = "#14181f"
	noColor    = "#20242b" // a background that nothing is known of
	backStream = "#2f3b50" // a stream that fills the background
)

// fonts are monospaced: the length of a text is then known by its number of characters, whatever font a viewer has.
const (
	fonts = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', 'DejaVu Sans Mono', monospace"
	// advance is the width of a character in parts of the font size, rounded up from the 0.6 of nearly all such fonts.
	advance = 0.62
)

// SVG draws a layout as an SVG image: the background, the tiles from the lowest layer to the highest with their names and
// sizes in pixels, marks on those that are cropped, and a caption. What is not given by the inputs alone is marked as
// approximate. A text that would not fit is shortened in its middle or left out; the description inside the image tells
// all of it. The same layout gives the same bytes.
func SVG(l Layout) string {
	d := drawing{layout: l, scale: min(boxWidth/l.Width, boxHeight/l.Height)}
	width, height := d.whole(l.Width), d.whole(l.Height)
	pageWidth := max(width+2*padding, leastWidth)
	d.left, d.top = math.Floor((pageWidth-width)/2), padding
	captions := d.captions(int((pageWidth - 2*padding) / (captionSize * advance)))
	pageHeight := padding + height + float64(len(captions))*captionLine + 2*padding

	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" width="%s" height="%s" viewBox="0 0 %[1]s %[2]s" role="img" font-family="%s">`+"\n",
		coordinate(pageWidth), coordinate(pageHeight), escape(fonts))
	d.printf("<title>%s</title>\n<desc>%s</desc>\n", escape(l.title()), escape(l.description()))
	d.background(width, height)
	for i := range l.Tiles {
		d.tile(i)
	}
	d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="none" stroke="%s"/>`+"\n",
		coordinate(d.left-0.5), coordinate(d.top-0.5), coordinate(width+1), coordinate(height+1), pageText)
	for i, c := range captions {
		y := coordinate(d.top + height + captionLine + float64(i)*captionLine)
		d.text(coordinate(padding), y, "start", captionSize, pageText, "", c.left)
		d.text(coordinate(pageWidth-padding), y, "end", captionSize, pageText, "", c.right)
	}
	d.printf("</svg>\n")
	return d.out.String()
}

type drawing struct {
	out       strings.Builder
	layout    Layout
	scale     float64
	left, top float64 // of the background
}

func (d *drawing) printf(format string, values ...any) { fmt.Fprintf(&d.out, format, values...) }

// text writes one line; x and y are coordinates.
func (d *drawing) text(x, y, anchor string, size float64, fill, extra, s string) {
	if s == "" {
		return
	}
	d.printf(`<text x="%s" y="%s" text-anchor="%s" font-size="%s" fill="%s"%s>%s</text>`+"\n",
		x, y, anchor, coordinate(size), fill, extra, escape(s))
}

// box is a place in units of the picture.
func (d *drawing) box(r Rect) Rect {
	x, y := d.whole(r.X), d.whole(r.Y)
	return Rect{
		X: d.left + x, Y: d.top + y,
		// Tiles that touch in the mix touch in the picture: the far edges are rounded, not the lengths.
		Width: d.whole(r.X+r.Width) - x, Height: d.whole(r.Y+r.Height) - y,
	}
}

// whole turns pixels of the mix into whole units of the picture: edges are sharp, and no coordinate comes to lie so close
// between two hundredths that one processor would round it up and another one down.
func (d *drawing) whole(pixels float64) float64 { return math.Round(float64(pixels * d.scale)) }

// background fills the background where no tile does.
func (d *drawing) background(width, height float64) {
	d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
		coordinate(d.left), coordinate(d.top), coordinate(width), coordinate(height), noColor)
}

func (d *drawing) tile(i int) {
	t := d.layout.Tiles[i]
	b := d.box(t.Place)
	fill, ink := d.colors(i)
	d.printf("<g>\n")
	if i == 0 && d.layout.isBackground() {
		d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
			coordinate(b.X), coordinate(b.Y), coordinate(b.Width), coordinate(b.Height), fill)
	} else {
		d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s" stroke="%s" stroke-opacity="0.6"/>`+"\n",
			coordinate(b.X+0.5), coordinate(b.Y+0.5), coordinate(max(0, b.Width-1)), coordinate(max(0, b.Height-1)), fill, ink)
	}
	if t.Crop != (Rect{}) {
		d.cropMarks(b, ink)
	}
	// The name of the canvas below all stands in the caption: there is hardly ever room for it.
	if i > 0 || !d.layout.isBackground() || t.Kind != Canvas {
		d.label(i, b, ink)
	}
	d.printf("</g>\n")
}

// cropMarks are the marks of a printer at the four corners.
func (d *drawing) cropMarks(b Rect, ink string) {
	inset, arm := min(7, b.Width/8, b.Height/8), min(14, b.Width/5, b.Height/5)
	near := Rect{X: b.X + inset, Y: b.Y + inset, Width: b.Width - 2*inset, Height: b.Height - 2*inset}
	var path strings.Builder
	for _, corner := range []struct{ x, y, dx, dy float64 }{
		{near.X, near.Y, arm, arm},
		{near.X + near.Width, near.Y, -arm, arm},
		{near.X + near.Width, near.Y + near.Height, -arm, -arm},
		{near.X, near.Y + near.Height, arm, -arm},
	} {
		fmt.Fprintf(&path, "M%s %sV%sH%s", coordinate(corner.x), coordinate(corner.y+corner.dy), coordinate(corner.y), coordinate(corner.x+corner.dx))
	}
	d.printf(`<path d="%s" fill="none" stroke="%s" stroke-width="2"/>`+"\n", path.String(), ink)
}

// colors are the fill of a tile and the color of what is written on it. Higher layers are lighter; the hue tells the kind.
func (d *drawing) colors(i int) (fill, ink string) {
	t := d.layout.Tiles[i]
	if t.Kind == Canvas {
		r, g, b, ok := rgb(t.Color)
		if !ok {
			return noColor, lightText
		}
		fill = fmt.Sprintf("#%02x%02x%02x", r, g, b)
		if float64(r)*0.299+float64(g)*0.587+float64(b)*0.114 > 140 {
			return fill, darkText
		}
		return fill, lightText
	}
	if t.Place == (Rect{Width: d.layout.Width, Height: d.layout.Height}) {
		return backStream, lightText
	}
	from, to := [3]int{0x33, 0x50, 0x7c}, [3]int{0x4e, 0x7d, 0xbb}
	switch t.Kind {
	case Picture:
		from, to = [3]int{0x7c, 0x57, 0x2e}, [3]int{0x96, 0x6b, 0x3a}
	case WebPage:
		from, to = [3]int{0x2c, 0x67, 0x63}, [3]int{0x38, 0x7d, 0x78}
	}
	n := max(1, len(d.layout.Tiles)-1)
	var mixed [3]int
	for c := range mixed {
		mixed[c] = from[c] + (to[c]-from[c])*i/n
	}
	return fmt.Sprintf("#%02x%02x%02x", mixed[0], mixed[1], mixed[2]), lightText
}

// rgb reads a color of the form 0xRRGGBB or #RRGGBB.
func rgb(color string) (r, g, b int, ok bool) {
	digits := strings.TrimPrefix(strings.TrimPrefix(strings.ToUpper(color), "0X"), "#")
	n, err := strconv.ParseUint(digits, 16, 24)
	if err != nil || len(digits) != 6 {
		return 0, 0, 0, false
	}
	return int(n >> 16), int(n >> 8 & 0xff), int(n & 0xff), true
}

// isBackground tells whether the first tile is the background.
func (l Layout) isBackground() bool {
	return len(l.Tiles) > 0 && (l.Tiles[0].Layer == 1 || l.Template != 0)
}

// coordinate writes a number to a hundredth.
func coordinate(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// escape makes text safe in an element and in an attribute. What XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	// A strings.Builder does not fail.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
