// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// allTemplates are the IDs of the API, with the number of inputs of each.
var allTemplates = map[int]int{10: 2, 20: 2, 30: 2, 40: 2, 50: 2, 310: 3, 390: 3, 391: 3, 410: 4, 510: 5, 590: 5, 610: 6}

// inputsOf are as many inputs as a template wants, on a canvas of the given size.
func inputsOf(template int, width, height float64) []Input {
	inputs := []Input{{Name: "stage", Layer: 1, Kind: Canvas, Width: &width, Height: &height}}
	for layer := 2; layer <= allTemplates[template]; layer++ {
		inputs = append(inputs, Input{Name: fmt.Sprintf("s%d", layer-1), Layer: layer})
	}
	return inputs
}

// places writes the tiles above the background as x,y,width,height, in tenths of a pixel where they are not whole.
func places(tiles []Tile) string {
	var all []string
	for _, t := range tiles {
		var numbers []string
		for _, f := range []float64{t.Place.X, t.Place.Y, t.Place.Width, t.Place.Height} {
			numbers = append(numbers, Number(math.Round(f*10)/10))
		}
		all = append(all, strings.Join(numbers, ","))
	}
	return strings.Join(all, " ")
}

// inside tells whether a rectangle lies within a background, but for the rounding of its far edge.
func inside(r Rect, width, height float64) bool {
	const slack = 1e-6
	return r.X >= 0 && r.Y >= 0 && r.Width >= 0 && r.Height >= 0 && r.X+r.Width <= width+slack && r.Y+r.Height <= height+slack
}

// The numbers are worked out by hand from the documented table: margins of 20, thirds, halves and 20/43 of the canvas.
func TestTemplatePlaces(t *testing.T) {
	t.Parallel()
	for template, want := range map[int]string{
		10:  "20,20,640,360",
		20:  "1260,700,640,360",
		30:  "20,700,640,360",
		40:  "1260,20,640,360",
		50:  "244,400,120,67.5",
		310: "20,20,640,360 1260,700,640,360",
		390: "20,270,960,540 960,270,960,540",
		// The table puts the second one 20 pixels below the canvas; it is moved up.
		391: "470,10,960,540 470,540,960,540",
		410: "20,20,640,360 1260,700,640,360 20,700,640,360",
		510: "20,20,640,360 1260,700,640,360 1260,20,640,360 20,700,640,360",
		590: "20,20,893,502.3 1007,20,893,502.3 20,557.7,893,502.3 1007,557.7,893,502.3",
		610: "20,20,640,360 1260,700,640,360 1260,20,640,360 640,700,640,360 20,700,640,360",
	} {
		t.Run(fmt.Sprint(template), func(t *testing.T) {
			t.Parallel()
			l, err := Resolve(inputsOf(template, 1920, 1080), template)
			if err != nil {
				t.Fatal(err)
			}
			if got := places(l.Tiles[1:]); got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			if !l.Approximate() || l.Tiles[1].Basis != OfTemplate {
				t.Error("the geometry of a template must be marked as approximate")
			}
		})
	}
}

func TestTemplateStaysInside(t *testing.T) {
	t.Parallel()
	for template := range allTemplates {
		t.Run(fmt.Sprint(template), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				width := float64(rapid.IntRange(1, MaxPixels).Draw(t, "width"))
				height := float64(rapid.IntRange(1, MaxPixels).Draw(t, "height"))
				l, err := Resolve(inputsOf(template, width, height), template)
				if err != nil {
					t.Fatal(err)
				}
				if len(l.Tiles) != allTemplates[template] {
					t.Fatalf("%d tiles", len(l.Tiles))
				}
				for _, tile := range l.Tiles {
					if !inside(tile.Place, width, height) || tile.Place.Width == 0 || tile.Place.Height == 0 {
						t.Fatalf("%s at %+v on %g by %g", tile.Name, tile.Place, width, height)
					}
				}
			})
		})
	}
}

func TestTemplateFits(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name     string
		template int
		inputs   int
		want     string
	}{
		{"unknown", 7, 2, "there is no template 7; the templates are 10, 20, 30, 40, 50, 310, 390, 391, 410, 510, 590, 610"},
		{"negative", -1, 2, "there is no template -1"},
		{"too few", 410, 3, "template 410 lays out 4 inputs that can be seen, the background included, and there are 3"},
		{"too many", 20, 3, "template 20 lays out 2 inputs that can be seen, the background included, and there are 3"},
		{"none", 20, 0, "and there are 0"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			inputs := slices.Repeat([]Input{{Name: "s", Layer: 1}}, tc.inputs)
			if _, err := Resolve(inputs, tc.template); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
		})
	}
}
