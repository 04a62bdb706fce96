// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// The picture is drawn into a box of fixed size whatever the canvas is, so that texts and lines always look the same.
const (
	boxWidth, boxHeight = 960.0, 720.0
	padding             = 8.0
	leastWidth          = 540.0 // of the whole picture, for the texts below a narrow canvas
	captionSize         = 16.0
	captionLine         = 24.0
)

// Colors. Texts and lines outside the tiles have the same contrast to white and to near black.
const (
	pageText   = "#737a84"
	lightText  = "#ffffff"
	darkText   = "#14181f"
	noColor    = "#20242b" // an unknown background
	backStream = "#2f3b50" // a stream that fills the background
)

const fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"

// hues returns the fills of the tiles in order: neighbors differ strongly, and white text is readable on each.
func hues() []string {
	return []string{
		"#2f6db3", "#a8541f", "#2e7d4f", "#7b4fb5", "#b0404a", "#1f7680", "#6f6b1c", "#a2408a",
		"#4a57b8", "#8a5a3c", "#4f732c", "#8c3f63", "#6a3f8f", "#9c3030", "#6c5b8e", "#55677d",
	}
}

// SVG draws a layout as an SVG image: the background, the tiles from the lowest layer to the highest with their layers,
// names, sizes and positions in pixels, marks on cropped tiles, a dashed outline around those with their source's size,
// signs for what they are, and a caption. What is not determined by the inputs alone is marked as approximate. A text
// that would not fit is shortened in its middle or left out; the description inside the image has it all. The same
// layout gives the same bytes.
func SVG(l Layout) string {
	d := drawing{layout: l, scale: min(boxWidth/l.Width, boxHeight/l.Height)}
	width, height := d.whole(l.Width), d.whole(l.Height)
	pageWidth := max(width+2*padding, leastWidth)
	d.left, d.top = math.Floor((pageWidth-width)/2), padding
	captions := d.captions(pageWidth - 2*padding)
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

// box converts a place to units of the picture.
func (d *drawing) box(r Rect) Rect {
	x, y := d.whole(r.X), d.whole(r.Y)
	return Rect{
		X: d.left + x, Y: d.top + y,
		// Tiles that touch in the mix touch in the picture: the far edges are rounded, not the lengths.
		Width: d.whole(r.X+r.Width) - x, Height: d.whole(r.Y+r.Height) - y,
	}
}

// whole converts pixels of the mix to whole units of the picture. Edges are then sharp, and no coordinate lies so close
// between two hundredths that processors round it differently.
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
	dashes := ""
	if t.Basis == OfSource {
		dashes = ` stroke-dasharray="8 5"`
	}
	if i == 0 && d.layout.isBackground() && dashes == "" {
		d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s"/>`+"\n",
			coordinate(b.X), coordinate(b.Y), coordinate(b.Width), coordinate(b.Height), fill)
	} else {
		d.printf(`<rect x="%s" y="%s" width="%s" height="%s" fill="%s" stroke="%s" stroke-opacity="0.6"%s/>`+"\n",
			coordinate(b.X+0.5), coordinate(b.Y+0.5), coordinate(max(0, b.Width-1)), coordinate(max(0, b.Height-1)), fill, ink, dashes)
	}
	if t.Crop != (Rect{}) {
		d.cropMarks(b, ink)
	}
	// The caption shows the name of the canvas: there is hardly ever room for it in the tile.
	if i > 0 || !d.layout.isBackground() || t.Kind != Canvas {
		d.label(i, b, ink)
	}
	d.printf("</g>\n")
}

// cropInset is the distance of the crop marks from the edges.
const cropInset = 7.0

// cropMarks draws printer's crop marks at the four corners.
func (d *drawing) cropMarks(b Rect, ink string) {
	inset, arm := min(cropInset, b.Width/8, b.Height/8), min(14, b.Width/5, b.Height/5)
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

// colors returns the fill of a tile and the color of the text on it. Each tile has a hue of its own.
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
	all := hues()
	if d.layout.isBackground() {
		i--
	}
	return all[(i+len(all))%len(all)], lightText
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

// isBackground reports whether the first tile is the background.
func (l Layout) isBackground() bool {
	return len(l.Tiles) > 0 && (l.Tiles[0].Layer == 1 || l.Template != 0)
}

// coordinate formats a number to a hundredth.
func coordinate(f float64) string { return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64) }

// escape makes text safe in an element and in an attribute. What XML cannot hold becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	// A strings.Builder does not fail.
	_ = xml.EscapeText(&b, []byte(s))
	return b.String()
}
