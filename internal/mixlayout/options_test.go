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

func ratio(tb rapid.TB, text string) Ratio {
	tb.Helper()
	r, err := ParseRatio(text)
	if err != nil {
		tb.Fatal(err)
	}
	return r
}

func TestParseRatio(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]Ratio{
		"16:9": {width: 16, height: 9}, "32:18": {width: 16, height: 9}, "9:16": {width: 9, height: 16},
		"1:1": {width: 1, height: 1}, "100:100": {width: 1, height: 1}, "fill": {fill: true},
	} {
		if got := ratio(t, text); got != want {
			t.Errorf("%s: %+v, want %+v", text, got, want)
		}
	}
	for _, text := range []string{"", "16", "16:", ":9", "16:9:1", "16/9", "0:9", "16:0", "-16:9", "101:9", "1.5:1", "Fill", " 16:9", "1:99999999999"} {
		if r, err := ParseRatio(text); err == nil || !strings.Contains(err.Error(), fmt.Sprintf("got %q", text)) {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
	}
}

// A show for phones: places stand upright and fill the screen.
func TestPortraitLayouts(t *testing.T) {
	t.Parallel()
	phone, fill := Options{Ratio: ratio(t, "9:16")}, Options{Ratio: ratio(t, "fill")}
	grid := func(n int, o Options) ([]Input, error) { return Grid(names(n), 720, 1280, o) }
	for _, tc := range []struct {
		name, want string
		lay        func() ([]Input, error)
	}{
		{"a duel side by side", "720,1280 0,320,360,640 360,320,360,640", func() ([]Input, error) { return grid(2, phone) }},
		{"a duel of two halves", "720,1280 0,0,720,640 0,640,720,640", func() ([]Input, error) { return grid(2, fill) }},
		{"four", "720,1280 0,0,360,640 360,0,360,640 0,640,360,640 360,640,360,640", func() ([]Input, error) { return grid(4, phone) }},
		{"four that fill", "720,1280 0,0,360,640 360,0,360,640 0,640,360,640 360,640,360,640", func() ([]Input, error) { return grid(4, fill) }},
		{"three that fill", "720,1280 0,0,360,640 360,0,360,640 0,640,720,640", func() ([]Input, error) { return grid(3, fill) }},
		{"a duel by side_by_side", "720,1280 0,320,360,640 360,320,360,640", func() ([]Input, error) { return SideBySide("a", "b", 720, 1280, 0, 0.5, phone) }},
		{"two columns that fill", "720,1280 10,10,280,1260 290,10,420,1260", func() ([]Input, error) {
			return SideBySide("a", "b", 720, 1280, 10, 0.4, Options{Ratio: fill.Ratio, Gap: new(0)})
		}},
		{"a guest over a host", "720,1280 0,0,720,1280 520,20,180,320", func() ([]Input, error) {
			return PictureInPicture("a", []string{"b"}, 720, 1280, TopRight, 20, 0.25, fill)
		}},
		{"a speaker above a strip", "720,1280 0,0,720,960 0,960,240,320 240,960,240,320 480,960,240,320", func() ([]Input, error) {
			return Speaker("a", names(3), 720, 1280, Bottom, 0.25, fill)
		}},
	} {
		inputs, err := tc.lay()
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got := plain(inputs); got != tc.want {
			t.Errorf("%s\ngot  %s\nwant %s", tc.name, got, tc.want)
		}
	}
}

func TestOptions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		o    Options
		want string
	}{
		{"nothing", Options{}, "1280,720 0,180,640,360 640,180,640,360"},
		{"a gap", Options{Gap: new(64)}, "1280,720 0,188,608,342 672,188,608,342"},
		{"a margin", Options{Margin: new(64)}, "1280,720 64,198,576,324 640,198,576,324"},
		{"both", Options{Gap: new(32), Margin: new(48)}, "1280,720 48,198,576,324 656,198,576,324"},
		{"another ratio", Options{Ratio: ratio(t, "4:3")}, "1280,720 0,120,640,480 640,120,640,480"},
		{"all the room but the border", Options{Ratio: ratio(t, "fill"), Gap: new(4), Margin: new(2)}, "1280,720 2,2,636,716 642,2,636,716"},
	} {
		inputs, err := Grid(names(2), 1280, 720, tc.o)
		if err != nil {
			t.Fatalf("%s: %v", tc.name, err)
		}
		if got := plain(inputs); got != tc.want {
			t.Errorf("%s\ngot  %s\nwant %s", tc.name, got, tc.want)
		}
	}
	inputs, err := Grid(names(2), 1280, 720, Options{Color: "#1d3557"})
	if err != nil || inputs[0].Color != "#1d3557" {
		t.Errorf("the canvas is %q, %v", inputs[0].Color, err)
	}
}

func TestSpeaker(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		others int
		side   Side
		scale  float64
		o      Options
		want   string
	}{
		{2, Right, 0.25, Options{}, "1280,720 0,90,960,540 960,180,320,180 960,360,320,180"},
		{2, Left, 0.25, Options{}, "1280,720 320,90,960,540 0,180,320,180 0,360,320,180"},
		// The speaker is as large as what the strip leaves.
		{2, Bottom, 0.3, Options{}, "1280,720 192,0,896,504 256,504,384,216 640,504,384,216"},
		{2, Top, 0.3, Options{}, "1280,720 192,216,896,504 256,0,384,216 640,0,384,216"},
		{1, Right, 0.25, Options{Margin: new(16)}, "1280,720 24,98,928,522 968,278,288,162"},
		{3, Right, 0.25, Options{Ratio: ratio(t, "fill"), Gap: new(8)}, "1280,720 0,0,954,720 962,0,318,236 962,244,318,234 962,486,318,234"},
	} {
		inputs, err := Speaker("speaker", names(tc.others), 1280, 720, tc.side, tc.scale, tc.o)
		if err != nil {
			t.Fatal(err)
		}
		if got := plain(inputs); got != tc.want {
			t.Errorf("%s\ngot  %s\nwant %s", tc.side, got, tc.want)
		}
	}
}

func TestOptionErrors(t *testing.T) {
	t.Parallel()
	grid := func(o Options) error { _, err := Grid(names(4), 1280, 720, o); return err }
	speaker := func(n int, side Side, scale float64, o Options) error {
		_, err := Speaker("speaker", names(n), 1280, 720, side, scale, o)
		return err
	}
	_, inset := PictureInPicture("a", names(1), 1280, 720, TopLeft, 0, 0.2, Options{Gap: new(1)})
	_, beside := SideBySide("a", "b", 1280, 720, 0, 0.5, Options{Gap: new(1)})
	for _, tc := range []struct {
		err            error
		argument, want string
	}{
		{grid(Options{Gap: new(3)}), "options", "options.gap must be an even number of pixels from 0 to 2000; got 3"},
		{grid(Options{Margin: new(-2)}), "options", "options.margin must be an even number of pixels from 0 to 2000; got -2"},
		{grid(Options{Color: "red"}), "options", `options.color must be a color such as 0xCC0033 or #cc0033; got "red"`},
		{grid(Options{Gap: new(1200)}), "height", "is too small"},
		{grid(Options{Margin: new(1200), Ratio: ratio(t, "fill")}), "height", "is too small"},
		{inset, "options", "options.gap"},
		{beside, "options", "options.gap"},
		{speaker(0, Left, 0.2, Options{}), "others", "others must hold 1 to 14 names"},
		{speaker(15, Left, 0.2, Options{}), "others", "got 15"},
		{speaker(1, "middle", 0.2, Options{}), "side", `side must be "left", "right", "top" or "bottom"; got "middle"`},
		{speaker(1, Left, 1, Options{}), "scale", "scale must lie between 0 and 1"},
		{speaker(1, Left, math.NaN(), Options{}), "scale", "got NaN"},
		{speaker(1, Left, 0.02, Options{}), "scale", "leaves each stream of the strip less than 32 by 18 pixels"},
		{speaker(14, Left, 0.2, Options{Gap: new(50)}), "scale", "less than 32 by 18 pixels"},
		{speaker(1, Left, 0.99, Options{Ratio: ratio(t, "fill")}), "scale", "leaves no room for the speaker"},
		{speaker(1, Left, 0.2, Options{Color: "red"}), "options", "options.color"},
	} {
		var wrong *ArgumentError
		if !errors.As(tc.err, &wrong) || wrong.Argument != tc.argument || !strings.Contains(wrong.Problem, tc.want) || strings.HasSuffix(wrong.Problem, ".") {
			t.Errorf("got %v, want %s: %s", tc.err, tc.argument, tc.want)
		}
	}
}

func drawOptions(t *rapid.T) Options {
	distance := rapid.Ptr(rapid.Map(rapid.IntRange(0, 20), func(n int) int { return 2 * n }), true)
	return Options{
		Ratio: ratio(t, rapid.SampledFrom([]string{"16:9", "9:16", "4:3", "3:4", "1:1", "21:9", "7:5", "fill"}).Draw(t, "ratio")),
		Gap:   distance.Draw(t, "gap"), Margin: distance.Draw(t, "margin"),
		Color: rapid.SampledFrom([]string{"", "#1d3557"}).Draw(t, "color"),
	}
}

// checkOptions holds for every arrangement with options: even numbers, the ratio, and nothing closer to the edges of the
// canvas than the margin.
func checkOptions(t *rapid.T, inputs []Input, width, height, margin int, o Options) []Rect {
	var rects []Rect
	for i, in := range inputs {
		if in.Layer != i+1 {
			t.Fatalf("layer %d at %d", in.Layer, i)
		}
	}
	for _, in := range inputs[1:] {
		r := Rect{*in.X, *in.Y, *in.Width, *in.Height}
		for _, f := range []float64{r.X, r.Y, r.Width, r.Height} {
			if math.Mod(f, 2) != 0 {
				t.Fatalf("%+v has an odd number", r)
			}
		}
		if ratio := o.Ratio; !ratio.fill && r.Width*float64(ratio.height) != r.Height*float64(ratio.width) || min(r.Width, r.Height) < minPixels {
			t.Fatalf("%+v has not the ratio %+v", r, ratio)
		}
		m := float64(margin)
		if r.X < m || r.Y < m || r.X+r.Width+m > float64(width) || r.Y+r.Height+m > float64(height) {
			t.Fatalf("%+v is closer than %d to an edge of %d by %d", r, margin, width, height)
		}
		rects = append(rects, r)
	}
	return rects
}

// checkGaps holds where no stream covers another: they are at least a gap apart, across or down.
func checkGaps(t *rapid.T, rects []Rect, gap int) {
	checkApart(t, rects)
	for i, r := range rects {
		wide := Rect{r.X - float64(gap), r.Y - float64(gap), r.Width + 2*float64(gap), r.Height + 2*float64(gap)}
		for _, other := range rects[:i] {
			if wide.overlaps(other) {
				t.Fatalf("%+v and %+v are closer than %d", r, other, gap)
			}
		}
	}
}

func TestGridWithOptionsProperties(t *testing.T) {
	t.Parallel()
	drawn := 0
	rapid.Check(t, func(t *rapid.T) {
		width, height := evenSide.Draw(t, "width"), evenSide.Draw(t, "height")
		n, o := rapid.IntRange(1, 15).Draw(t, "streams"), drawOptions(t)
		inputs, err := Grid(names(n), width, height, o)
		if err != nil {
			return
		}
		drawn++
		rects := checkOptions(t, inputs, width, height, or(o.Margin, 0), o)
		checkGaps(t, rects, or(o.Gap, 0))
		if o.Ratio.fill && o.Gap == nil {
			area := 0.0
			for _, r := range rects {
				area += r.Width * r.Height
			}
			if m := 2 * or(o.Margin, 0); area != float64((width-m)*(height-m)) {
				t.Fatalf("%d streams leave holes: %v", n, rects)
			}
		}
	})
	if drawn == 0 {
		t.Error("nothing was laid out")
	}
}

func TestOtherLayoutsWithOptionsProperties(t *testing.T) {
	t.Parallel()
	drawn := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		width, height := evenSide.Draw(t, "width"), evenSide.Draw(t, "height")
		n, o := rapid.IntRange(1, 8).Draw(t, "streams"), drawOptions(t)
		scale := rapid.Float64Range(0.05, 0.6).Draw(t, "scale")
		margin := or(o.Margin, 0)

		side := rapid.SampledFrom([]Side{Left, Right, Top, Bottom}).Draw(t, "side")
		if inputs, err := Speaker("speaker", names(n), width, height, side, scale, o); err == nil {
			drawn["speaker"]++
			checkGaps(t, checkOptions(t, inputs, width, height, margin, o), or(o.Gap, margin))
		}
		if inputs, err := SideBySide("left", "right", width, height, margin, scale, o); err == nil {
			drawn["side by side"]++
			checkGaps(t, checkOptions(t, inputs, width, height, margin, o), or(o.Gap, margin))
		}
		corner := rapid.SampledFrom([]Corner{TopLeft, TopRight, BottomLeft, BottomRight}).Draw(t, "corner")
		if inputs, err := PictureInPicture("host", names(n), width, height, corner, margin, scale, o); err == nil {
			drawn["picture in picture"]++
			checkOptions(t, inputs, width, height, 0, o)
			checkGaps(t, checkOptions(t, append(inputs[:1:1], renumber(inputs[2:])...), width, height, margin, o), or(o.Gap, margin))
		}
	})
	if len(drawn) != 3 {
		t.Errorf("laid out: %v", drawn)
	}
}

// renumber gives inputs the layers from 2 on.
func renumber(inputs []Input) []Input {
	var all []Input
	for i, in := range inputs {
		in.Layer = i + 2
		all = append(all, in)
	}
	return all
}
