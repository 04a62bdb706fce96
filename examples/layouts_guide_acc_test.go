// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"bytes"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// The pictures of the guide are those of the configurations above them, which work as they stand there.
func TestAccGuides_layouts(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t, acctest.AnyStreamPushes)
	guide, err := os.ReadFile(filepath.Join("..", "docs", "guides", "layouts.md"))
	if err != nil {
		t.Fatal(err)
	}
	const pictureURL = "(https://raw.githubusercontent.com/tencentcss/terraform-provider-tencentcss/main/"
	var configuration strings.Builder
	configuration.WriteString(acctest.Requires + acctest.ProviderBlock(sim))
	pictures := map[string]string{}
	for part := range strings.SplitSeq(string(guide), "```terraform\n") {
		block, after, ok := strings.Cut(part, "\n```\n")
		if !ok {
			continue // The text before the first block.
		}
		configuration.WriteString(block + "\n")
		_, file, ok := strings.Cut(after, pictureURL)
		if !ok {
			continue
		}
		file, _, _ = strings.Cut(file, ")")
		name := strings.TrimSuffix(filepath.Base(file), ".png")
		pictures[name] = filepath.Join("..", filepath.FromSlash(file))
		fmt.Fprintf(&configuration, "output %q {\n  value = provider::tencentcss::layout_svg(tencentcss_mix_stream.%[1]s.input_stream_list, tencentcss_mix_stream.%[1]s.mix_stream_template_id)\n}\n", name)
	}
	if len(pictures) != 10 {
		t.Errorf("the guide shows the pictures %v, want 10", pictures)
	}

	w := acctest.NewWorkspace(t, map[string]string{"main.tf": configuration.String()})
	w.Run("apply", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "grid overlay picture_in_picture portrait_duel portrait_grid signs speaker template_20 template_390 template_590" {
		t.Errorf("live sessions: %q", got)
	}
	for name, screenshot := range pictures {
		svg, err := os.ReadFile(strings.TrimSuffix(screenshot, ".png") + ".svg")
		if err != nil {
			t.Fatal(err)
		}
		if drawn := w.Run("output", "-raw", name); drawn != string(svg) {
			t.Errorf("the configuration of %s is drawn as\n%s\nwhile the picture is\n%s", name, drawn, svg)
		}
		checkScreenshot(t, screenshot, string(svg))
	}
	w.Run("destroy", "-auto-approve")
}

// checkScreenshot looks for a screenshot of an SVG image at twice its size.
func checkScreenshot(t *testing.T, file, svg string) {
	t.Helper()
	var width, height int
	if _, err := fmt.Sscanf(svg, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d"`, &width, &height); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	config, err := png.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	if config.Width != 2*width || config.Height != 2*height {
		t.Errorf("%s has %d by %d pixels, want twice %d by %d; run make pictures", file, config.Width, config.Height, width, height)
	}
}
