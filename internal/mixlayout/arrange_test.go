// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func names(n int) []string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprintf("s%d", i+1))
	}
	return all
}

// plain writes inputs as x,y,width,height, the canvas without its position.
func plain(inputs []Input) string {
	var all []string
	for _, in := range inputs {
		text := fmt.Sprintf("%g,%g", *in.Width, *in.Height)
		if in.X != nil {
			text = fmt.Sprintf("%g,%g,%s", *in.X, *in.Y, text)
		}
		all = append(all, text)
	}
	return strings.Join(all, " ")
}

func TestGrid(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		streams, width, height int
		want                   string
	}{
		{1, 1920, 1080, "1920,1080 0,0,1920,1080"},
		{2, 1920, 1080, "1920,1080 0,270,960,540 960,270,960,540"},
		// The last row is centered.
		{3, 1280, 720, "1280,720 0,0,640,360 640,0,640,360 320,360,640,360"},
		{4, 1280, 720, "1280,720 0,0,640,360 640,0,640,360 0,360,640,360 640,360,640,360"},
		{9, 1920, 1080, "1920,1080 " +
			"0,0,640,360 640,0,640,360 1280,0,640,360 " +
			"0,360,640,360 640,360,640,360 1280,360,640,360 " +
			"0,720,640,360 640,720,640,360 1280,720,640,360"},
		// A third of 1280 is no multiple of 32: what is left becomes gaps of 4 pixels and a border.
		{5, 1280, 720, "1280,720 8,122,416,234 432,122,416,234 856,122,416,234 220,364,416,234 644,364,416,234"},
		// Below each other on a portrait canvas.
		{2, 720, 1280, "720,1280 8,240,704,396 8,644,704,396"},
		// No gaps beside each other where there are none below.
		{4, 2000, 72, "2000,72 744,0,128,72 872,0,128,72 1000,0,128,72 1128,0,128,72"},
		// The smallest of all.
		{1, 32, 18, "32,18 0,0,32,18"},
	} {
		t.Run(fmt.Sprintf("%d on %d by %d", tc.streams, tc.width, tc.height), func(t *testing.T) {
			t.Parallel()
			inputs, err := Grid(names(tc.streams), tc.width, tc.height, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := plain(inputs); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestPictureInPicture(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		guests, width, height int
		corner                Corner
		margin                int
		scale                 float64
		want                  string
	}{
		{1, 1920, 1080, BottomRight, 32, 0.25, "1920,1080 0,0,1920,1080 1408,778,480,270"},
		{1, 1920, 1080, TopLeft, 32, 0.25, "1920,1080 0,0,1920,1080 32,32,480,270"},
		{1, 1920, 1080, TopRight, 32, 0.25, "1920,1080 0,0,1920,1080 1408,32,480,270"},
		{1, 1920, 1080, BottomLeft, 32, 0.25, "1920,1080 0,0,1920,1080 32,778,480,270"},
		// The first guest is in the corner, the next ones follow along the edge.
		{2, 1280, 720, BottomRight, 20, 0.2, "1280,720 0,0,1280,720 1004,556,256,144 1004,392,256,144"},
		{2, 1280, 720, TopLeft, 20, 0.2, "1280,720 0,0,1280,720 20,20,256,144 20,184,256,144"},
		// 0.3 of 1280 is 384 exactly, though not in floating point.
		{1, 1280, 720, TopLeft, 0, 0.3, "1280,720 0,0,1280,720 0,0,384,216"},
		{1, 1280, 720, TopLeft, 0, 1, "1280,720 0,0,1280,720 0,0,1280,720"},
		// The host keeps its ratio on a portrait canvas.
		{1, 720, 1280, TopRight, 16, 0.4, "720,1280 8,442,704,396 416,16,288,162"},
	} {
		t.Run(fmt.Sprintf("%d %s on %d by %d", tc.guests, tc.corner, tc.width, tc.height), func(t *testing.T) {
			t.Parallel()
			inputs, err := PictureInPicture("host", names(tc.guests), tc.width, tc.height, tc.corner, tc.margin, tc.scale, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := plain(inputs); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestSideBySide(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		width, height, margin int
		scale                 float64
		want                  string
	}{
		{1280, 720, 0, 0.5, "1280,720 0,180,640,360 640,180,640,360"},
		{1920, 1080, 0, 0.5, "1920,1080 0,270,960,540 960,270,960,540"},
		// Room for 1280 - 3 * 24 = 1208 pixels: 845 and 363, which hold 832 and 352.
		{1280, 720, 24, 0.7, "1280,720 36,126,832,468 892,260,352,198"},
		{1280, 720, 24, 0.3, "1280,720 36,260,352,198 412,126,832,468"},
		// The height is the limit.
		{2000, 200, 10, 0.5, "2000,200 674,10,320,180 1004,10,320,180"},
	} {
		t.Run(fmt.Sprintf("%g on %d by %d", tc.scale, tc.width, tc.height), func(t *testing.T) {
			t.Parallel()
			inputs, err := SideBySide("left", "right", tc.width, tc.height, tc.margin, tc.scale, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := plain(inputs); got != tc.want {
				t.Errorf("got  %s\nwant %s", got, tc.want)
			}
		})
	}
}

func TestArrangementErrors(t *testing.T) {
	t.Parallel()
	grid := func(n, width, height int) error {
		_, err := Grid(names(n), width, height, Options{})
		return err
	}
	inset := func(n, width, height int, corner Corner, margin int, scale float64) error {
		_, err := PictureInPicture("host", names(n), width, height, corner, margin, scale, Options{})
		return err
	}
	beside := func(width, height, margin int, scale float64) error {
		_, err := SideBySide("left", "right", width, height, margin, scale, Options{})
		return err
	}
	for _, tc := range []struct {
		name           string
		err            error
		argument, want string
	}{
		{"no stream", grid(0, 1280, 720), "streams", "streams must hold 1 to 15 names, as the canvas takes one of the 16 layers; got 0"},
		{"too many streams", grid(16, 1280, 720), "streams", "got 16"},
		{"narrow canvas", grid(1, 14, 720), "width", "width must be an even number of pixels from 16 to 2000; got 14"},
		{"wide canvas", grid(1, 2002, 720), "width", "width must be an even number of pixels from 16 to 2000; got 2002"},
		{"odd canvas", grid(1, 1279, 720), "width", "width must be an even number of pixels from 16 to 2000; got 1279"},
		{"negative canvas", grid(1, -2, 720), "width", "width must be an even number of pixels from 16 to 2000; got -2"},
		{"low canvas", grid(1, 1280, 0), "height", "height must be an even number of pixels from 16 to 2000; got 0"},
		{"odd height", grid(1, 1280, 719), "height", "height must be an even number of pixels from 16 to 2000; got 719"},
		{"no room below", grid(2, 32, 34), "height", "height is 34, and a canvas of 32 by 34 is too small: a stream needs at least 32 by 18 pixels (streams: 2)"},
		{"no room beside", grid(15, 30, 2000), "width", "width is 30, and a canvas of 30 by 2000 is too small"},
		{"no room at all", grid(1, 200, 16), "height", "height is 16, and a canvas of 200 by 16 is too small"},

		{"no guest", inset(0, 1280, 720, TopLeft, 0, 0.25), "guests", "guests must hold 1 to 14 names, as the canvas and the host take two of the 16 layers; got 0"},
		{"too many guests", inset(15, 1280, 720, TopLeft, 0, 0.25), "guests", "got 15"},
		{"canvas", inset(1, 1280, 721, TopLeft, 0, 0.25), "height", "height must be an even number of pixels from 16 to 2000; got 721"},
		{"corner", inset(1, 1280, 720, "middle", 0, 0.25), "corner", `corner must be "top_left", "top_right", "bottom_left" or "bottom_right"; got "middle"`},
		{"negative margin", inset(1, 1280, 720, TopLeft, -2, 0.25), "margin", "margin must be an even number of pixels from 0 to 2000; got -2"},
		{"odd margin", inset(1, 1280, 720, TopLeft, 7, 0.25), "margin", "margin must be an even number of pixels from 0 to 2000; got 7"},
		{"no scale", inset(1, 1280, 720, TopLeft, 0, 0), "scale", "scale must be above 0 and at most 1: the width of a guest as a part of the canvas's, such as 0.25; got 0"},
		{"large scale", inset(1, 1280, 720, TopLeft, 0, 1.01), "scale", "such as 0.25; got 1.01"},
		{"scale of no number", inset(1, 1280, 720, TopLeft, 0, math.NaN()), "scale", "got NaN"},
		{"small scale", inset(1, 1280, 720, TopLeft, 0, 0.02), "scale", "which makes a guest smaller than 32 by 18 pixels on a canvas of 1280 by 720"},
		{"small canvas", inset(1, 30, 18, TopLeft, 0, 1), "width", "width is 30, and a canvas of 30 by 18 is too small"},
		{"wide guest", inset(1, 1280, 720, TopLeft, 20, 1), "scale", "need a width of 1320, and the canvas has 1280"},
		{"high column", inset(4, 1280, 720, TopLeft, 20, 0.25), "scale", "needs a height of 820, and the canvas has 720"},

		{"canvas of two", beside(10, 720, 0, 0.5), "width", "width must be an even number of pixels from 16 to 2000; got 10"},
		{"margin of two", beside(1280, 720, 3, 0.5), "margin", "margin must be an even number of pixels from 0 to 2000; got 3"},
		{"wide margin", beside(1280, 720, 420, 0.5), "margin", "margin is 420, which leaves 20 by 0 pixels"},
		{"nothing left", beside(1280, 720, 0, 0), "scale", "scale must lie between 0 and 1: the part of the room that is the left stream's, such as 0.5; got 0"},
		{"nothing right", beside(1280, 720, 0, 1), "scale", "such as 0.5; got 1"},
		{"little left", beside(1280, 720, 0, 0.01), "scale", "scale is 0.01, which leaves one of the streams less than 32 by 18 pixels"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			var wrong *ArgumentError
			if !errors.As(tc.err, &wrong) || wrong.Argument != tc.argument || !strings.Contains(wrong.Problem, tc.want) {
				t.Errorf("got %v, want %s: %s", tc.err, tc.argument, tc.want)
			}
		})
	}
}

func TestCanvasName(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		streams []string
		want    string
	}{
		{[]string{"a", "b"}, "canvas"},
		{[]string{"Canvas", "canvas_1"}, "canvas"},
		{[]string{"a", "canvas"}, "canvas_1"},
		{[]string{"canvas_1", "canvas", "canvas_3"}, "canvas_2"},
	} {
		inputs, err := Grid(tc.streams, 1280, 720, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if inputs[0].Name != tc.want {
			t.Errorf("beside %q the canvas is %q, want %q", tc.streams, inputs[0].Name, tc.want)
		}
	}
}

// checkArrangement holds for every arrangement: the canvas first, one layer after the other, and streams that have the
// ratio 16:9 and even numbers and stay on the canvas.
func checkArrangement(t *rapid.T, inputs []Input, width, height int, streams ...string) []Rect {
	if c := inputs[0]; c.Kind != Canvas || *c.Width != float64(width) || *c.Height != float64(height) || c.Color != "0x000000" {
		t.Fatalf("the first input is no canvas of %d by %d: %+v", width, height, c)
	}
	seen := map[string]bool{inputs[0].Name: true}
	for i, in := range inputs {
		if in.Layer != i+1 {
			t.Fatalf("layer %d at %d", in.Layer, i)
		}
		if i > 0 && (in.Name != streams[i-1] || seen[in.Name]) {
			t.Fatalf("%q at %d", in.Name, i)
		}
		seen[in.Name] = true
	}
	var rects []Rect
	for _, in := range inputs[1:] {
		r := Rect{*in.X, *in.Y, *in.Width, *in.Height}
		if r.Width*9 != r.Height*16 || r.Width == 0 {
			t.Fatalf("%+v is not of the ratio 16:9", r)
		}
		for _, f := range []float64{r.X, r.Y, r.Width, r.Height} {
			if math.Mod(f, 2) != 0 {
				t.Fatalf("%+v has an odd number", r)
			}
		}
		if !inside(r, float64(width), float64(height)) {
			t.Fatalf("%+v leaves the canvas of %d by %d", r, width, height)
		}
		rects = append(rects, r)
	}
	return rects
}

func checkApart(t *rapid.T, rects []Rect) {
	for i, r := range rects {
		for _, other := range rects[:i] {
			if r.overlaps(other) {
				t.Fatalf("%+v overlaps %+v", r, other)
			}
		}
	}
}

var evenSide = rapid.Map(rapid.IntRange(8, 1000), func(n int) int { return 2 * n })

func TestGridProperties(t *testing.T) {
	t.Parallel()
	for n := 1; n <= 15; n++ {
		t.Run(fmt.Sprint(n), func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(t *rapid.T) {
				width, height := evenSide.Draw(t, "width"), evenSide.Draw(t, "height")
				// The widest tile that any number of columns allows, by trying all of them.
				widest := 0
				for columns := 1; columns <= n; columns++ {
					for w := 32; w <= width/columns; w += 32 {
						if rows := (n + columns - 1) / columns; rows*w*9/16 <= height {
							widest = max(widest, w)
						}
					}
				}
				inputs, err := Grid(names(n), width, height, Options{})
				if widest == 0 {
					if err == nil {
						t.Fatal("there is no room, and there is no error")
					}
					return
				}
				if err != nil {
					t.Fatal(err)
				}
				rects := checkArrangement(t, inputs, width, height, names(n)...)
				checkApart(t, rects)
				for _, r := range rects {
					if r.Width != float64(widest) || r.Height != rects[0].Height {
						t.Fatalf("%+v, and there is room for %d pixels", r, widest)
					}
				}
			})
		})
	}
}

func TestPictureInPictureProperties(t *testing.T) {
	t.Parallel()
	drawn := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 14).Draw(t, "guests")
		width, height := evenSide.Draw(t, "width"), evenSide.Draw(t, "height")
		corner := rapid.SampledFrom([]Corner{TopLeft, TopRight, BottomLeft, BottomRight}).Draw(t, "corner")
		margin := 2 * rapid.IntRange(0, 30).Draw(t, "margin")
		scale := rapid.Float64Range(0.01, 0.5).Draw(t, "scale")
		inputs, err := PictureInPicture("host", names(n), width, height, corner, margin, scale, Options{})
		if err != nil {
			return
		}
		drawn++
		rects := checkArrangement(t, inputs, width, height, append([]string{"host"}, names(n)...)...)
		guests := rects[1:]
		checkApart(t, guests)
		for _, r := range guests {
			if r.Width > scale*float64(width)+1e-3 || r.Width+32 <= scale*float64(width) && r.Height+18 <= float64(height) {
				t.Fatalf("%+v is not the largest within %g of %d", r, scale, width)
			}
			m := float64(margin)
			if r.X < m || r.Y < m || r.X+r.Width+m > float64(width) || r.Y+r.Height+m > float64(height) {
				t.Fatalf("%+v is closer than %d to an edge of %d by %d", r, margin, width, height)
			}
		}
	})
	if drawn == 0 {
		t.Error("nothing was laid out")
	}
}

func TestSideBySideProperties(t *testing.T) {
	t.Parallel()
	drawn := 0
	rapid.Check(t, func(t *rapid.T) {
		width, height := evenSide.Draw(t, "width"), evenSide.Draw(t, "height")
		margin := 2 * rapid.IntRange(0, 30).Draw(t, "margin")
		scale := rapid.Float64Range(0.01, 0.99).Draw(t, "scale")
		inputs, err := SideBySide("left", "right", width, height, margin, scale, Options{})
		if err != nil {
			return
		}
		drawn++
		rects := checkArrangement(t, inputs, width, height, "left", "right")
		left, right, m := rects[0], rects[1], float64(margin)
		if left.X < m || right.X != left.X+left.Width+m || right.X+right.Width+m > float64(width) {
			t.Fatalf("margins of %d: %+v %+v on %d", margin, left, right, width)
		}
		if min(left.Y, right.Y) < m || max(left.Y+left.Height, right.Y+right.Height) > float64(height)-m {
			t.Fatalf("margins of %d: %+v %+v on a height of %d", margin, left, right, height)
		}
	})
	if drawn == 0 {
		t.Error("nothing was laid out")
	}
}
