// SPDX-License-Identifier: MPL-2.0

package mixlayout

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

var update = flag.Bool("update", false, "write the pictures of the documentation")

// pictures are those of the documentation, by file.
func pictures(t *testing.T) map[string]Layout {
	t.Helper()
	resolved := func(template int, inputs ...Input) Layout {
		l, err := Resolve(inputs, template)
		if err != nil {
			t.Fatal(err)
		}
		return l
	}
	live := func(layer int, name string) Input { return Input{Name: name, Layer: layer} }
	stage := func(name, color string) Input {
		return Input{Name: name, Layer: 1, Kind: Canvas, Width: length(1920), Height: length(1080), Color: color}
	}

	var nine []string
	for i := range 9 {
		nine = append(nine, fmt.Sprintf("camera_%d", i+1))
	}
	grid, err := Grid(nine, 1920, 1080, Options{})
	if err != nil {
		t.Fatal(err)
	}
	inset, err := PictureInPicture("host", []string{"guest", "interpreter"}, 1920, 1080, BottomRight, 32, 0.25, Options{})
	if err != nil {
		t.Fatal(err)
	}
	must := func(inputs []Input, err error) []Input {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return inputs
	}
	overlaid := func(inputs []Input, name string, width, height int, corner Corner, margin int) []Input {
		picture, err := Overlay(inputs, name, width, height, corner, margin)
		return append(inputs, must([]Input{picture}, err)...)
	}
	speaker := must(Speaker("speaker", nine[:4], 1920, 1080, Right, 0.25, Options{Gap: new(16), Margin: new(32), Color: "#1d3557"}))
	fill, phone := Ratio{fill: true}, Ratio{width: 9, height: 16}
	return map[string]Layout{
		"portrait_duel.svg": resolved(0, must(Grid([]string{"ann", "bob"}, 720, 1280, Options{Ratio: phone, Gap: new(8)}))...),
		"portrait_grid.svg": resolved(0, must(Grid(nine[:4], 720, 1280, Options{Ratio: fill, Gap: new(8), Margin: new(8), Color: "#1d3557"}))...),
		"speaker.svg":       resolved(0, speaker...),
		"overlay.svg":       resolved(0, overlaid(overlaid(must(Grid([]string{"host"}, 1920, 1080, Options{})), "logo", 240, 136, TopRight, 32), "lower_third", 1280, 240, BottomLeft, 32)...),
		"signs.svg": resolved(0,
			Input{Name: "stage", Layer: 1, Kind: Canvas, Width: length(1920), Height: length(1080), Color: "#1d3557"},
			Input{Name: "backdrop", Layer: 2, X: length(0), Y: length(0), Width: length(1280), Height: length(720)},
			Input{Name: "scores", Layer: 3, Kind: WebPage, X: length(1300), Y: length(40), Width: length(560), Height: length(400)},
			Input{Name: "presenter", Layer: 4, Matting: true, X: length(200), Y: length(200), Width: length(640), Height: length(720)},
			Input{Name: "replay", Layer: 5, Kind: Video, X: length(1300), Y: length(480), Width: length(560), Height: length(316), Crop: Rect{X: 0, Y: 0, Width: 640, Height: 360}},
			Input{Name: "wing", Layer: 6, X: length(1300), Y: length(840)},
			Input{Name: "commentary", Layer: 7, Kind: Audio},
		),
		"template_20.svg":        resolved(20, live(1, "host"), live(2, "guest")),
		"template_390.svg":       resolved(390, stage("stage", "#1d3557"), live(2, "red_team"), live(3, "blue_team")),
		"template_590.svg":       resolved(590, stage("stage", "0xFFFFFF"), live(2, "north"), live(3, "east"), live(4, "south"), live(5, "west")),
		"grid.svg":               resolved(0, grid...),
		"picture_in_picture.svg": resolved(0, inset...),
	}
}

// The pictures of the documentation are what the package draws today. "go test ./internal/mixlayout -update" writes them.
func TestPictures(t *testing.T) {
	t.Parallel()
	for name, layout := range pictures(t) {
		file := filepath.Join("..", "..", "docs", "images", name)
		drawn := []byte(SVG(layout))
		if *update {
			if err := os.WriteFile(file, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		kept, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(kept, drawn) {
			t.Errorf("%s is not what is drawn today; run go test ./internal/mixlayout -update, and look at it", file)
		}
	}
}
