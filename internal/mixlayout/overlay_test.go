// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"errors"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestOverlay(t *testing.T) {
	t.Parallel()
	grid, err := Grid(names(2), 1280, 720, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for corner, want := range map[Corner]string{
		TopLeft: "20,20,160,90", TopRight: "1100,20,160,90", BottomLeft: "20,610,160,90", BottomRight: "1100,610,160,90",
	} {
		logo, err := Overlay(grid, "logo", 160, 90, corner, 20)
		if err != nil {
			t.Fatal(err)
		}
		if got := plain([]Input{logo}); got != want || logo.Layer != 4 || logo.Kind != Picture || logo.Name != "logo" {
			t.Errorf("%s: %s, %+v, want %s", corner, got, logo, want)
		}
	}
	// The layer is above all others, also where there are gaps between those, and the list may be in any order.
	logo, err := Overlay([]Input{{Name: "b", Layer: 9}, {Name: "a", Layer: 1}}, "logo", 160, 90, TopLeft, 0)
	if err != nil || logo.Layer != 10 {
		t.Errorf("layer %d, %v", logo.Layer, err)
	}
}

func TestOverlayErrors(t *testing.T) {
	t.Parallel()
	stage := Input{Name: "stage", Layer: 1, Kind: Canvas, Width: px(1280), Height: px(720)}
	var full []Input
	for i := range 16 {
		full = append(full, Input{Name: names(16)[i], Layer: i + 1})
	}
	for _, tc := range []struct {
		inputs         []Input
		name           string
		width, height  int
		corner         Corner
		margin         int
		argument, want string
	}{
		{full, "logo", 160, 90, TopLeft, 0, "input_stream_list", "already has 16 inputs"},
		{[]Input{stage, {Name: "top", Layer: 16}}, "logo", 160, 90, TopLeft, 0, "input_stream_list", "uses layer 16, and no layer lies above it"},
		{[]Input{stage}, "stage", 160, 90, TopLeft, 0, "name", `already has an input "stage"`},
		{[]Input{stage}, "logo", 161, 90, TopLeft, 0, "width", "width must be an even number of pixels from 2 to 2000; got 161"},
		{[]Input{stage}, "logo", 160, 0, TopLeft, 0, "height", "got 0"},
		{[]Input{stage}, "logo", 160, 90, "middle", 0, "corner", `got "middle"`},
		{[]Input{stage}, "logo", 160, 90, TopLeft, 5, "margin", "got 5"},
		{[]Input{stage}, "logo", 1280, 90, TopLeft, 2, "width", `leaves the background, "stage", of 1280 pixels`},
		{[]Input{stage}, "logo", 160, 720, BottomLeft, 2, "height", "of 720 pixels"},
		{[]Input{{Name: "host", Layer: 1}}, "logo", 160, 90, TopRight, 0, "corner", `corner is top_right, and where that is depends on the background, "host", which gives no size`},
		{[]Input{{Name: "voice", Layer: 1, Kind: Audio}, {Name: "host", Layer: 2}}, "logo", 160, 90, TopLeft, 0, "input_stream_list", "no input on layer 1 that can be seen"},
	} {
		_, err := Overlay(tc.inputs, tc.name, tc.width, tc.height, tc.corner, tc.margin)
		var wrong *ArgumentError
		if !errors.As(err, &wrong) || wrong.Argument != tc.argument || !strings.Contains(wrong.Problem, tc.want) || strings.HasSuffix(wrong.Problem, ".") {
			t.Errorf("got %v, want %s: %s", err, tc.argument, tc.want)
		}
	}
}

// Wherever it lies, it is on the background, on the highest layer, and a margin away from two edges.
func TestOverlayProperties(t *testing.T) {
	t.Parallel()
	drawn := 0
	rapid.Check(t, func(t *rapid.T) {
		width, height := evenSide.Draw(t, "width"), evenSide.Draw(t, "height")
		inputs, err := Grid(names(rapid.IntRange(1, 14).Draw(t, "streams")), width, height, drawOptions(t))
		if err != nil {
			return
		}
		side := rapid.Map(rapid.IntRange(1, 200), func(n int) int { return 2 * n })
		margin := 2 * rapid.IntRange(0, 30).Draw(t, "margin")
		corner := rapid.SampledFrom([]Corner{TopLeft, TopRight, BottomLeft, BottomRight}).Draw(t, "corner")
		picture, err := Overlay(inputs, "logo", side.Draw(t, "picture width"), side.Draw(t, "picture height"), corner, margin)
		if err != nil {
			return
		}
		drawn++
		r := Rect{*picture.X, *picture.Y, *picture.Width, *picture.Height}
		right, bottom := float64(width)-r.X-r.Width, float64(height)-r.Y-r.Height
		across, down := r.X, r.Y
		if corner.right() {
			across = right
		}
		if corner.bottom() {
			down = bottom
		}
		if min(r.X, r.Y, right, bottom) < 0 || across != float64(margin) || down != float64(margin) || picture.Layer != len(inputs)+1 {
			t.Fatalf("%+v on layer %d in the %s corner of %d by %d with a margin of %d", r, picture.Layer, corner, width, height, margin)
		}
	})
	if drawn == 0 {
		t.Error("nothing was laid out")
	}
}
