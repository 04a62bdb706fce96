// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

func px(f float64) *float64 { return &f }

func TestResolve(t *testing.T) {
	t.Parallel()
	stage := Input{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720)}
	for _, tc := range []struct {
		name     string
		inputs   []Input
		template int
		size     string // of the background
		given    bool
		want     string // the tiles above it
		basis    Basis  // of the first of them
	}{
		{
			name:   "pixels",
			inputs: []Input{stage, {Layer: 2, X: px(40), Y: px(60), Width: px(640), Height: px(360)}},
			size:   "1280 × 720", given: true, want: "40,60,640,360",
		},
		{
			name:   "fractions are of the width and of the height",
			inputs: []Input{stage, {Layer: 2, X: px(0.5), Y: px(0.25), Width: px(0.25), Height: px(0.5)}},
			size:   "1280 × 720", given: true, want: "640,180,320,360",
		},
		{
			name:   "pixels and fractions",
			inputs: []Input{stage, {Layer: 2, X: px(0.5), Y: px(100), Width: px(320), Height: px(0.25)}},
			size:   "1280 × 720", given: true, want: "640,100,320,180",
		},
		{
			name:   "by layer, not by order",
			inputs: []Input{{Layer: 3, X: px(9), Width: px(10), Height: px(10)}, {Layer: 2, X: px(1), Width: px(10), Height: px(10)}, stage},
			size:   "1280 × 720", given: true, want: "1,0,10,10 9,0,10,10",
		},
		{
			name:   "own size",
			inputs: []Input{stage, {Layer: 2}},
			size:   "1280 × 720", given: true, want: "0,0,1280,720", basis: OfSource,
		},
		{
			name:   "own size in what is left",
			inputs: []Input{stage, {Layer: 2, X: px(0.5)}},
			size:   "1280 × 720", given: true, want: "640,0,640,360", basis: OfSource,
		},
		{
			name:   "own height",
			inputs: []Input{stage, {Layer: 2, X: px(10), Y: px(20), Width: px(320)}},
			size:   "1280 × 720", given: true, want: "10,20,320,180", basis: OfSource,
		},
		{
			name:   "own width",
			inputs: []Input{stage, {Layer: 2, Height: px(180)}},
			size:   "1280 × 720", given: true, want: "0,0,320,180", basis: OfSource,
		},
		{
			name:   "the size of the crop",
			inputs: []Input{stage, {Layer: 2, Crop: Rect{X: 100, Y: 100, Width: 240, Height: 320}}},
			size:   "1280 × 720", given: true, want: "0,0,240,320", basis: OfSource,
		},
		{
			name:   "the ratio of the crop",
			inputs: []Input{stage, {Layer: 2, Width: px(120), Crop: Rect{Width: 240, Height: 320}}},
			size:   "1280 × 720", given: true, want: "0,0,120,160", basis: OfSource,
		},
		{
			name:   "a size of 0 is none",
			inputs: []Input{stage, {Layer: 2, Width: px(0), Height: px(0)}},
			size:   "1280 × 720", given: true, want: "0,0,1280,720", basis: OfSource,
		},
		{
			name:   "sound has no place",
			inputs: []Input{stage, {Layer: 2, Kind: Audio, Width: px(100), Height: px(100)}},
			size:   "1280 × 720", given: true,
		},
		{
			name:   "a stream as the background",
			inputs: []Input{{Layer: 1}, {Layer: 2, Width: px(0.5), Height: px(0.5)}},
			size:   "1920 × 1080", want: "0,0,960,540",
		},
		{
			name:   "a portrait background, by what lies on it",
			inputs: []Input{{Layer: 1}, {Layer: 2, Y: px(1500), Width: px(320), Height: px(180)}},
			size:   "1080 × 1920", want: "0,1500,320,180",
		},
		{
			name:   "a large background, by what lies on it",
			inputs: []Input{{Layer: 1}, {Layer: 2, X: px(0.5), Y: px(1500), Width: px(980), Height: px(0.2)}},
			size:   "2000 × 2000", want: "1000,1500,980,400",
		},
		{
			name:   "a background of known width",
			inputs: []Input{{Layer: 1, Width: px(640)}, {Layer: 2, Y: px(300), Width: px(160), Height: px(90)}},
			size:   "640 × 390", want: "0,300,160,90",
		},
		{
			name:   "a background of known height",
			inputs: []Input{{Layer: 1, Height: px(720)}, {Layer: 2, Width: px(160), Height: px(90)}},
			size:   "1280 × 720", want: "0,0,160,90",
		},
		{
			name:   "a background cannot be a fraction of itself",
			inputs: []Input{{Layer: 1, Width: px(0.5), Height: px(0.5)}},
			size:   "1920 × 1080",
		},
		{
			name:   "a cropped background",
			inputs: []Input{{Layer: 1, Crop: Rect{Width: 600, Height: 800}}, {Layer: 2, X: px(500), Width: px(200), Height: px(100)}},
			size:   "700 × 800", want: "500,0,200,100",
		},
		{
			name:   "no background that can be seen",
			inputs: []Input{{Layer: 1, Kind: Audio}, {Layer: 2, X: px(10), Y: px(10), Width: px(160), Height: px(90)}},
			size:   "1920 × 1080", want: "10,10,160,90",
		},
		{
			name: "a size overrides the template", template: 20,
			inputs: []Input{stage, {Layer: 2, Width: px(320), Height: px(320)}},
			size:   "1280 × 720", given: true, want: "940,380,320,320",
		},
		{
			name: "a width overrides the template", template: 20,
			inputs: []Input{stage, {Layer: 2, Width: px(0.25)}},
			size:   "1280 × 720", given: true, want: "940,520,320,180", basis: OfTemplate,
		},
		{
			name: "a height overrides the template", template: 20,
			inputs: []Input{stage, {Layer: 2, Height: px(0.25)}},
			size:   "1280 × 720", given: true, want: "940,520,320,180", basis: OfTemplate,
		},
		{
			name: "a position overrides the template, 0 too", template: 20,
			inputs: []Input{stage, {Layer: 2, X: px(0), Y: px(0.5)}},
			size:   "1280 × 720", given: true, want: "0,360,426.7,240", basis: OfTemplate,
		},
		{
			name: "a template has a background where layer 1 is sound", template: 10,
			inputs: []Input{{Layer: 1, Kind: Audio}, {Layer: 2}, {Layer: 3}},
			size:   "1920 × 1080", want: "20,20,640,360", basis: OfTemplate,
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l, err := Resolve(tc.inputs, tc.template)
			if err != nil {
				t.Fatal(err)
			}
			if got := sizeOf(l.Width, l.Height); got != tc.size || l.SizeGiven != tc.given {
				t.Errorf("background %s, given: %t; want %s, %t", got, l.SizeGiven, tc.size, tc.given)
			}
			tiles := l.Tiles
			if l.isBackground() {
				tiles = tiles[1:]
			}
			if got := places(tiles); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
			if len(tiles) > 0 && tiles[0].Basis != tc.basis {
				t.Errorf("basis %d, want %d", tiles[0].Basis, tc.basis)
			}
		})
	}
}

func TestApproximate(t *testing.T) {
	t.Parallel()
	w, h := 640.0, 360.0
	given, sized := Input{Layer: 1, Width: &w, Height: &h}, Input{Layer: 2, Width: &w, Height: &h}
	for _, tc := range []struct {
		name     string
		inputs   []Input
		template int
		want     bool
	}{
		{"all given", []Input{given, sized}, 0, false},
		{"a template", []Input{given, sized}, 20, true},
		{"a background without a size", []Input{{Layer: 1}, sized}, 0, true},
		{"an input without a size", []Input{given, {Layer: 2}}, 0, true},
		{"sound needs no size", []Input{given, sized, {Layer: 3, Kind: Audio}}, 0, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			l, err := Resolve(tc.inputs, tc.template)
			if err != nil {
				t.Fatal(err)
			}
			if got := l.Approximate(); got != tc.want {
				t.Errorf("got %t, want %t", got, tc.want)
			}
		})
	}
}

// drawInputs are inputs as an API would accept them, and now and then as it would not.
func drawInputs(t *rapid.T) []Input {
	side := rapid.OneOf(
		rapid.Just[*float64](nil),
		rapid.Map(rapid.IntRange(0, MaxPixels), length),
		rapid.Map(rapid.IntRange(1, 99), func(n int) *float64 { return new(float64(n) / 100) }),
	)
	kind := rapid.SampledFrom([]Kind{"", AudioVideo, AudioVideo, Picture, Canvas, Audio, Video, WebPage})
	pixel := rapid.IntRange(0, MaxPixels)
	n := rapid.IntRange(0, MaxLayers).Draw(t, "inputs")
	layers := rapid.Permutation([]int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}).Draw(t, "layers")
	var inputs []Input
	for i := range n {
		label := func(s string) string { return fmt.Sprintf("%s %d", s, i) }
		in := Input{
			Name:  rapid.StringMatching(`[A-Za-z0-9_]{1,80}`).Draw(t, label("name")),
			Layer: layers[i], Kind: kind.Draw(t, label("kind")),
			X: side.Draw(t, label("x")), Y: side.Draw(t, label("y")),
			Width: side.Draw(t, label("width")), Height: side.Draw(t, label("height")),
			Color: rapid.SampledFrom([]string{"", "0xCC9900", "#ffffff", "0x000000"}).Draw(t, label("color")),
		}
		if rapid.IntRange(0, 3).Draw(t, label("cropped")) == 0 {
			in.Crop = Rect{
				X: float64(pixel.Draw(t, label("crop x"))), Y: float64(pixel.Draw(t, label("crop y"))),
				Width: float64(pixel.Draw(t, label("crop width"))), Height: float64(pixel.Draw(t, label("crop height"))),
			}
		}
		inputs = append(inputs, in)
	}
	return inputs
}

// A background that is one pixel wide, or cropped to less than a pixel, is still a pixel high.
func TestResolveTinyBackground(t *testing.T) {
	t.Parallel()
	one := 1.0
	for name, background := range map[string]Input{
		"one pixel wide":             {Name: "host", Layer: 1, Width: &one},
		"cropped to part of a pixel": {Name: "host", Layer: 1, Crop: Rect{Width: 0.8, Height: 0.5}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l, err := Resolve([]Input{background}, 0)
			if err != nil || l.Width < 1 || l.Height < 1 {
				t.Errorf("a background of %g by %g, error %v", l.Width, l.Height, err)
			}
		})
	}
}

func TestResolveStaysInside(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		inputs := drawInputs(t)
		l, err := Resolve(inputs, 0)
		if err != nil {
			t.Fatal(err)
		}
		if len(l.Tiles)+len(l.Sound) != len(inputs) {
			t.Fatalf("%d tiles and %d sounds of %d inputs", len(l.Tiles), len(l.Sound), len(inputs))
		}
		if !(l.Width >= 1 && l.Width <= MaxPixels && l.Height >= 1 && l.Height <= MaxPixels) {
			t.Fatalf("a background of %g by %g", l.Width, l.Height)
		}
		for i, tile := range l.Tiles {
			if !inside(tile.Place, l.Width, l.Height) {
				t.Fatalf("%s at %+v on %g by %g", tile.Name, tile.Place, l.Width, l.Height)
			}
			if i > 0 && l.Tiles[i-1].Layer >= tile.Layer {
				t.Fatalf("layer %d after layer %d", tile.Layer, l.Tiles[i-1].Layer)
			}
		}
	})
}
