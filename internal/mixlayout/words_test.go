// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"math"
	"strings"
	"testing"
)

func TestShorten(t *testing.T) {
	t.Parallel()
	const name = "room_12_guest_3"
	whole := textWidth(name, 10, false)
	for _, tc := range []struct {
		most float64
		want string
		ok   bool
	}{
		{whole, name, true},
		{whole - 1, "room_12…uest_3", true},
		{whole / 2, "roo…t_3", true},
		{30, "ro…3", true},
		{20, "", false},
		{-1, "", false},
	} {
		if got, ok := shorten(name, tc.most, 10, false); got != tc.want || ok != tc.ok {
			t.Errorf("%g: %q, %t; want %q, %t", tc.most, got, ok, tc.want, tc.ok)
		}
	}
	if textWidth(name, 10, true) <= whole {
		t.Error("bold letters are no wider")
	}
}

// A long list of names goes on in a next line, and no word is cut that a line could hold.
func TestCaptionsWrap(t *testing.T) {
	t.Parallel()
	inputs := []Input{{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720)}}
	var voices []string
	for i := range 15 {
		voices = append(voices, fmt.Sprintf("commentary_in_language_%d", i+1))
		inputs = append(inputs, Input{Name: voices[i], Layer: i + 2, Kind: Audio})
	}
	got := texts(read(t, mustResolve(t, 0, inputs...)).Texts)
	if want := "sound only (15): " + strings.Join(voices, ", "); !strings.Contains(strings.ReplaceAll(got, "|", " "), want) || strings.Contains(got, "…") {
		t.Errorf("captions\n%s\nwant\n%s", strings.ReplaceAll(got, "|", "\n"), want)
	}
}

// An input that nothing is to be seen of is named; one that something may show through is not.
func TestHiddenInputs(t *testing.T) {
	t.Parallel()
	at := func(layer int, kind Kind, x, width float64) Input {
		return Input{Name: fmt.Sprintf("s%d", layer), Layer: layer, Kind: kind, X: px(x), Y: px(0), Width: px(width), Height: px(720)}
	}
	stage := Input{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720)}
	cut := at(3, AudioVideo, 0, 1280)
	cut.Matting = true
	for _, tc := range []struct {
		name   string
		inputs []Input
		want   string
	}{
		{"by one", []Input{stage, at(2, AudioVideo, 10, 100), at(3, AudioVideo, 0, 200)}, "s2"},
		{"by two together", []Input{stage, at(2, AudioVideo, 10, 100), at(3, AudioVideo, 0, 60), at(4, Video, 60, 60)}, "s2"},
		{"not quite", []Input{stage, at(2, AudioVideo, 10, 100), at(3, AudioVideo, 0, 60), at(4, Video, 62, 60)}, ""},
		{"by a picture", []Input{stage, at(2, AudioVideo, 10, 100), at(3, Picture, 0, 200)}, ""},
		{"by a person", []Input{stage, at(2, AudioVideo, 10, 100), cut}, ""},
		{"the canvas", []Input{stage, at(2, AudioVideo, 0, 1280)}, ""},
	} {
		l := mustResolve(t, 0, tc.inputs...)
		var hidden []string
		for i, tile := range l.Tiles {
			if l.hidden(i) {
				hidden = append(hidden, tile.Name)
			}
		}
		if got := strings.Join(hidden, " "); got != tc.want {
			t.Errorf("%s: %q is hidden, want %q", tc.name, got, tc.want)
		}
		if got := strings.Contains(texts(read(t, l).Texts), "wholly covered (1): s2"); got != (tc.want != "") {
			t.Errorf("%s: the picture says so: %t", tc.name, got)
		}
	}
}

func TestText(t *testing.T) {
	t.Parallel()
	l := mustResolve(t, 0,
		Input{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720), Color: "#cc0033"},
		Input{Name: "host", Layer: 2, X: px(64), Y: px(36), Width: px(640), Height: px(360), Crop: Rect{X: 10, Y: 20, Width: 300, Height: 300}},
		Input{Name: "commentary", Layer: 11, Kind: Audio},
		Input{Name: "page", Layer: 3, Kind: WebPage, X: px(500), Y: px(500), Width: px(300)},
	)
	want := ` 1  stage       canvas #cc0033   1280 × 720 at 0, 0
 2  host        video and sound  640 × 360 at 64, 36, crop 300 × 300 from 10, 20
 3  page        web page         ≈ 300 × 169 at 500, 500
11  commentary  sound only
`
	if got := Text(l); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// White letters can be read on every hue (WCAG asks for 4.5), and no two hues look the same.
func TestHues(t *testing.T) {
	t.Parallel()
	linear := func(c int) float64 {
		v := float64(c) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	all := hues()
	if len(all) < MaxLayers {
		t.Errorf("%d hues for %d layers", len(all), MaxLayers)
	}
	for i, hue := range all {
		r, g, b, ok := rgb(hue)
		if !ok {
			t.Fatalf("%q", hue)
		}
		if contrast := 1.05 / (0.2126*linear(r) + 0.7152*linear(g) + 0.0722*linear(b) + 0.05); contrast < 4.5 {
			t.Errorf("%s has a contrast of %.1f to white", hue, contrast)
		}
		for _, other := range all[:i] {
			or, og, ob, _ := rgb(other)
			if distance := math.Hypot(math.Hypot(float64(r-or), float64(g-og)), float64(b-ob)); distance < 25 {
				t.Errorf("%s and %s are only %.0f apart", hue, other, distance)
			}
		}
	}
}

// A tile that is too flat for the scale of the picture is drawn as a line, and no text crosses it.
func TestNoTextOnALine(t *testing.T) {
	t.Parallel()
	line := Input{Name: "line", Layer: 2, X: px(0), Y: px(100), Width: px(2000), Height: px(1)}
	d := drawing{layout: mustResolve(t, 0, Input{Name: "stage", Layer: 1, Width: px(2000), Height: px(1000)}, line), scale: 0.48}
	box := d.box(d.layout.Tiles[1].Place)
	if box.Height != 0 {
		t.Fatalf("the line is drawn as %+v", box)
	}
	if !d.covered(0, Rect{X: 10, Y: box.Y, Width: 50, Height: 20}) || d.covered(0, Rect{X: 10, Y: box.Y + 1, Width: 50, Height: 20}) {
		t.Error("the line covers what it should not, or not what it should")
	}
}

// A tile that is covered for the most part still bears a name, though a shorter one.
func TestNameBesideAHigherTile(t *testing.T) {
	t.Parallel()
	long := "participant_of_the_panel_discussion"
	got := read(t, mustResolve(t, 0,
		Input{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720)},
		Input{Name: long, Layer: 2, Width: px(640), Height: px(360)},
		Input{Name: "big", Layer: 3, Width: px(400), Height: px(360)}))
	name := got.Tiles[1].Texts[1].Text
	if !strings.Contains(name, "…") || !strings.HasPrefix(name, "part") {
		t.Errorf("the tile bears %q", texts(got.Tiles[1].Texts))
	}
}
