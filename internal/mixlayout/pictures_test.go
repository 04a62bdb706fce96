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
	return map[string]Layout{
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
