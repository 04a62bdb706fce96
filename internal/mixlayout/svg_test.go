// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// image is as much of an SVG image as the tests look at.
type image struct {
	XMLName xml.Name  `xml:"http://www.w3.org/2000/svg svg"`
	Width   float64   `xml:"width,attr"`
	Height  float64   `xml:"height,attr"`
	ViewBox string    `xml:"viewBox,attr"`
	Role    string    `xml:"role,attr"`
	Title   string    `xml:"title"`
	Desc    string    `xml:"desc"`
	Rects   []svgRect `xml:"rect"`
	Tiles   []svgTile `xml:"g"`
	Texts   []svgText `xml:"text"`
}

type svgTile struct {
	Rect  svgRect   `xml:"rect"`
	Paths []svgPath `xml:"path"`
	Texts []svgText `xml:"text"`
}

// svgPath is the mark of a crop, or a sign with a title.
type svgPath struct {
	Title string `xml:"title"`
}

type svgRect struct {
	X      float64 `xml:"x,attr"`
	Y      float64 `xml:"y,attr"`
	Width  float64 `xml:"width,attr"`
	Height float64 `xml:"height,attr"`
	Fill   string  `xml:"fill,attr"`
	Dashes string  `xml:"stroke-dasharray,attr"`
}

type svgText struct {
	X      float64 `xml:"x,attr"`
	Y      float64 `xml:"y,attr"`
	Anchor string  `xml:"text-anchor,attr"`
	Size   float64 `xml:"font-size,attr"`
	Weight string  `xml:"font-weight,attr"`
	Fill   string  `xml:"fill,attr"`
	Text   string  `xml:",chardata"`
}

// extent is what a text covers in Helvetica, by the widths of its characters.
func (t svgText) extent() Rect {
	r := Rect{X: t.X, Y: t.Y - 0.8*t.Size, Height: t.Size}
	for _, c := range t.Text {
		switch {
		case strings.ContainsRune("ijl", c):
			r.Width += 0.222 * t.Size
		case strings.ContainsRune("ft,.: ", c):
			r.Width += 0.278 * t.Size
		case c == 'W' || c == '…':
			r.Width += 0.944 * t.Size
		case 'A' <= c && c <= 'Z':
			r.Width += 0.667 * t.Size
		default:
			r.Width += 0.556 * t.Size
		}
	}
	if t.Weight != "" {
		r.Width *= 1.08
	}
	switch t.Anchor {
	case "middle":
		r.X -= r.Width / 2
	case "end":
		r.X -= r.Width
	}
	return r
}

func (r svgRect) place() Rect { return Rect{r.X, r.Y, r.Width, r.Height} }

func within(r, outer Rect) bool {
	return r.X >= outer.X && r.Y >= outer.Y && r.X+r.Width <= outer.X+outer.Width && r.Y+r.Height <= outer.Y+outer.Height
}

func read(tb rapid.TB, l Layout) image {
	tb.Helper()
	var drawn image
	if err := xml.Unmarshal([]byte(SVG(l)), &drawn); err != nil {
		tb.Fatalf("%v\n%s", err, SVG(l))
	}
	return drawn
}

func mustResolve(t *testing.T, template int, inputs ...Input) Layout {
	t.Helper()
	l, err := Resolve(inputs, template)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// signs are what the paths of a tile are, a mark of a crop as "crop".
func signs(all []svgPath) string {
	var titles []string
	for _, p := range all {
		if p.Title == "" {
			p.Title = "crop"
		}
		titles = append(titles, p.Title)
	}
	return strings.Join(titles, "|")
}

// texts are the lines of a tile, or of the caption.
func texts(all []svgText) string {
	var lines []string
	for _, t := range all {
		lines = append(lines, t.Text)
	}
	return strings.Join(lines, "|")
}

func TestSVGTells(t *testing.T) {
	t.Parallel()
	stage := Input{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720), Color: "#cc0033"}
	l := mustResolve(t, 0,
		stage,
		Input{Name: "commentary", Layer: 9, Kind: Audio},
		Input{Name: "host", Layer: 2, X: px(0.05), Y: px(0.05), Width: px(0.5), Height: px(0.5)},
		Input{Name: "guest", Layer: 4, Kind: Video, X: px(800), Y: px(40), Width: px(400), Height: px(400), Crop: Rect{X: 10, Y: 20, Width: 300, Height: 300}, Matting: true},
		Input{Name: "logo", Layer: 3, Kind: Picture, X: px(40), Y: px(500), Width: px(320), Height: px(180)},
		Input{Name: "dot", Layer: 5, Kind: Picture, X: px(1200), Y: px(700), Width: px(8), Height: px(8)},
		Input{Name: "page", Layer: 6, Kind: WebPage, X: px(500), Y: px(500), Width: px(300)},
	)
	got := read(t, l)

	if want := "0 0 976 612"; got.ViewBox != want || got.Width != 976 || got.Height != 612 || got.Role != "img" {
		t.Errorf("viewBox %q, width %g, height %g, role %q; want %q", got.ViewBox, got.Width, got.Height, got.Role, want)
	}
	if want := "Mix of 7 inputs on 1280 × 720 (approximate)"; got.Title != want {
		t.Errorf("title %q, want %q", got.Title, want)
	}
	want := "Layer 1: stage, canvas #cc0033, 1280 × 720 at 0, 0. " +
		"Layer 2: host, video and sound, 640 × 360 at 64, 36. " +
		"Layer 3: logo, picture, 320 × 180 at 40, 500. " +
		"Layer 4: guest, video only, 400 × 400 at 800, 40, crop 300 × 300 from 10, 20, cut out of its background. " +
		"Layer 5: dot, picture, 8 × 8 at 1200, 700. " +
		"Layer 6: page, web page, about 300 × 169 at 500, 500. " +
		"Layer 9: commentary, sound only."
	if got.Desc != want {
		t.Errorf("description\n%s\nwant\n%s", got.Desc, want)
	}
	if want := "stage · canvas #cc0033 · 1280 × 720|approximate|sound only (1): commentary"; texts(got.Texts) != want {
		t.Errorf("caption %q, want %q", texts(got.Texts), want)
	}

	// In the order of layers, in 960 units for 1280 pixels.
	for i, want := range []struct {
		place        Rect
		lines, signs string
	}{
		{Rect{8, 8, 960, 540}, "", ""},
		{Rect{56, 35, 480, 270}, "2|host|640 × 360|at 64, 36", ""},
		{Rect{38, 383, 240, 135}, "3|logo|320 × 180|at 40, 500|picture", "picture"},
		{Rect{608, 38, 300, 300}, "4|guest|400 × 400|at 800, 40|video only|cut out|crop 300 × 300|from 10, 20", "crop|video only|cut out of its background"},
		{Rect{908, 533, 6, 6}, "", ""},
		{Rect{383, 383, 225, 127}, "6|page|own size|at 500, 500|web page", "web page"},
	} {
		tile := got.Tiles[i]
		if place := tile.Rect.place(); !within(place, want.place) || place.X-want.place.X > 0.5 || want.place.Width-place.Width > 1 {
			t.Errorf("tile %d at %+v, want %+v", i, place, want.place)
		}
		if texts(tile.Texts) != want.lines || signs(tile.Paths) != want.signs {
			t.Errorf("tile %d: %q with %q, want %q with %q", i, texts(tile.Texts), signs(tile.Paths), want.lines, want.signs)
		}
		if dashed, own := tile.Rect.Dashes != "", strings.Contains(want.lines, "own size"); dashed != own {
			t.Errorf("tile %d is dashed: %t, want %t", i, dashed, own)
		}
	}
	if fill := got.Tiles[0].Rect.Fill; fill != "#cc0033" {
		t.Errorf("the canvas is %s", fill)
	}
}

func TestSVGMarksTemplates(t *testing.T) {
	t.Parallel()
	got := read(t, mustResolve(t, 20, Input{Name: "host", Layer: 1}, Input{Name: "guest", Layer: 2}))
	if want := "size not given, drawn as 1920 × 1080|template 20 · approximate"; texts(got.Texts) != want {
		t.Errorf("caption %q, want %q", texts(got.Texts), want)
	}
	if want := "Mix of 2 inputs on 1920 × 1080, template 20 (approximate)"; got.Title != want {
		t.Errorf("title %q, want %q", got.Title, want)
	}
	if got, want := texts(got.Tiles[0].Texts)+" "+texts(got.Tiles[1].Texts), "1|host|own size 2|guest|≈ 640 × 360|at ≈ 1260, 700"; got != want {
		t.Errorf("labels %q, want %q", got, want)
	}

	exact := read(t, mustResolve(t, 0,
		Input{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720)},
		Input{Name: "host", Layer: 2, Width: px(640), Height: px(360)}))
	if all := texts(exact.Texts) + exact.Title + exact.Desc; strings.Contains(all, "approx") || strings.Contains(all, "about") {
		t.Errorf("a layout without a template, all of it given, is called approximate: %s", all)
	}
}

func TestSVGEscapes(t *testing.T) {
	t.Parallel()
	name := `<script>"&'` + "\x00"
	drawn := SVG(mustResolve(t, 0, Input{Name: name, Layer: 1, Kind: Canvas, Color: `"/><x>`}, Input{Name: name, Layer: 2, Kind: Audio}))
	if strings.Contains(drawn, "<script>") || strings.Contains(drawn, "<x>") || strings.Contains(drawn, "\x00") {
		t.Errorf("not escaped: %s", drawn)
	}
	var got image
	if err := xml.Unmarshal([]byte(drawn), &got); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(got.Desc, `<script>"&'`) {
		t.Errorf("the name is lost: %q", got.Desc)
	}
}

func TestSVGColors(t *testing.T) {
	t.Parallel()
	for color, want := range map[string][2]string{
		"0xFFFFFF": {"#ffffff", darkText},
		"#CC9900":  {"#cc9900", darkText},
		"0x000000": {"#000000", lightText},
		"0Xcc0033": {"#cc0033", lightText},
		"":         {noColor, lightText},
		"red":      {noColor, lightText},
		"0x12":     {noColor, lightText},
	} {
		got := read(t, mustResolve(t, 0,
			Input{Name: "stage", Layer: 1, Width: px(1280), Height: px(720)},
			Input{Name: "canvas", Layer: 2, Kind: Canvas, Width: px(640), Height: px(360), Color: color}))
		if tile := got.Tiles[1]; tile.Rect.Fill != want[0] || tile.Texts[0].Fill != want[1] {
			t.Errorf("%q: %s under %s, want %v", color, tile.Rect.Fill, tile.Texts[0].Fill, want)
		}
	}
}

// Whatever the layout: the image is well-formed and the same each time, tiles stay on the background, and no text leaves
// its tile or the image, or lies under a higher tile.
func TestSVGProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inputs := drawInputs(t)
		l, err := Resolve(inputs, 0)
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(inputs)
		again, err := Resolve(inputs, 0)
		if err != nil {
			t.Fatal(err)
		}
		if SVG(l) != SVG(again) {
			t.Fatal("the same inputs in another order look different")
		}
		got := read(t, l)
		page := Rect{Width: got.Width, Height: got.Height}
		background := got.Rects[0].place()
		if !within(background, page) || len(got.Tiles) != len(l.Tiles) {
			t.Fatalf("background %+v on %+v, %d tiles of %d", background, page, len(got.Tiles), len(l.Tiles))
		}
		for i, tile := range got.Tiles {
			// Half a unit is the stroke of a tile that is no more than a line.
			if b := background; !within(tile.Rect.place(), Rect{b.X, b.Y, b.Width + 0.5, b.Height + 0.5}) {
				t.Fatalf("tile %+v on %+v", tile.Rect, b)
			}
			for _, text := range tile.Texts {
				if !within(text.extent(), tile.Rect.place()) {
					t.Fatalf("%q at %+v leaves %+v", text.Text, text.extent(), tile.Rect)
				}
				for _, above := range got.Tiles[i+1:] {
					if text.extent().overlaps(above.Rect.place()) {
						t.Fatalf("%q at %+v lies under %+v", text.Text, text.extent(), above.Rect)
					}
				}
			}
		}
		for _, text := range got.Texts {
			if !within(text.extent(), page) || text.extent().overlaps(background) {
				t.Fatalf("caption %q at %+v on %+v", text.Text, text.extent(), page)
			}
		}
	})
}

func TestSVGLongNames(t *testing.T) {
	t.Parallel()
	for _, width := range []float64{16, 160, 640, 1280, 2000} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			t.Parallel()
			long := strings.Repeat("W", 80)
			got := read(t, mustResolve(t, 0,
				Input{Name: long, Layer: 1, Kind: Canvas, Width: px(width), Height: px(1000), Color: "0x000000"},
				Input{Name: long, Layer: 2, Width: px(width), Height: px(500)},
				Input{Name: long, Layer: 3, Kind: Audio}))
			for _, text := range got.Texts {
				if !within(text.extent(), Rect{Width: got.Width, Height: got.Height}) {
					t.Errorf("%q at %+v leaves the image of %g by %g", text.Text, text.extent(), got.Width, got.Height)
				}
			}
			for _, text := range got.Tiles[1].Texts {
				if !within(text.extent(), got.Tiles[1].Rect.place()) {
					t.Errorf("%q at %+v leaves %+v", text.Text, text.extent(), got.Tiles[1].Rect)
				}
			}
		})
	}
}
