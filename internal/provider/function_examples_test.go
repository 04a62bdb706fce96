// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The examples of the documentation work as they stand there.
func TestAccFunction_examples(t *testing.T) {
	t.Parallel()
	sim := newSim(t, anyStreamPushes)
	examples, err := filepath.Glob(filepath.Join("..", "..", "examples", "functions", "*", "function.tf"))
	if err != nil {
		t.Fatal(err)
	}
	if want := len((&tencentcssProvider{}).Functions(t.Context())); len(examples) != want {
		t.Errorf("%d examples for %d functions: %v", len(examples), want, examples)
	}
	files := map[string]string{"main.tf": requires + providerBlock(sim)}
	for _, example := range examples {
		b, err := os.ReadFile(example)
		if err != nil {
			t.Fatal(err)
		}
		files[filepath.Base(filepath.Dir(example))+".tf"] = string(b)
	}
	const key = "key-to-look-for"
	w := newWorkspace(t, files, "TF_VAR_push_key="+key, "TF_VAR_play_key="+key)
	if out := w.run("apply", "-auto-approve"); strings.Contains(out, key) || strings.Contains(out, "txSecret") || !strings.Contains(out, "<sensitive>") {
		t.Errorf("the key or what it signs is shown:\n%s", out)
	}
	if got := sessionIDs(sim); got != "branded checked debate duel interview party phone_show talk wall" {
		t.Errorf("live sessions: %q", got)
	}

	var outputs map[string]struct {
		Value any `json:"value"`
	}
	if err := json.Unmarshal([]byte(w.run("output", "-json")), &outputs); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"rehearsal_push_url": "rtmp://push.example.com/live/rehearsal",
		"mix_page_url":       "https://play.example.com/live/evening_show_mix.m3u8",
	} {
		if got := outputs[name].Value; got != want {
			t.Errorf("%s is %v, want %s", name, got, want)
		}
	}
	for _, name := range []string{"host_push_urls", "host_push_urls_sha256", "mix_play_urls"} {
		urls, ok := outputs[name].Value.(map[string]any)
		if rtmp, isText := urls["rtmp"].(string); !ok || !isText || !strings.HasSuffix(rtmp, "&txTime=70DBD880") {
			t.Errorf("%s is %v", name, outputs[name].Value)
		}
	}
	if picture, ok := outputs["duel_picture"].Value.(string); !ok || !strings.Contains(picture, "template 390 · approximate") {
		t.Errorf("duel_picture is %v", outputs["duel_picture"].Value)
	}

	b, err := os.ReadFile(filepath.Join("..", "..", "examples", "functions", "layout_text", "function.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.SplitSeq(strings.TrimRight(fmt.Sprint(outputs["phone_show_layout"].Value), "\n"), "\n") {
		if !strings.Contains(string(b), "# "+line+"\n") {
			t.Errorf("the comment of the example does not show %q", line)
		}
	}

	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// The pictures of the guide are those of the configurations above them, which work as they stand there.
func TestAccFunction_layoutsGuide(t *testing.T) {
	t.Parallel()
	sim := newSim(t, anyStreamPushes)
	guide, err := os.ReadFile(filepath.Join("..", "..", "docs", "guides", "layouts.md"))
	if err != nil {
		t.Fatal(err)
	}
	const pictureURL = "(https://raw.githubusercontent.com/tencentcss/terraform-provider-tencentcss/main/"
	var configuration strings.Builder
	configuration.WriteString(requires + providerBlock(sim))
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
		pictures[name] = filepath.Join("..", "..", filepath.FromSlash(file))
		fmt.Fprintf(&configuration, "output %q {\n  value = provider::tencentcss::layout_svg(tencentcss_mix_stream.%[1]s.input_stream_list, tencentcss_mix_stream.%[1]s.mix_stream_template_id)\n}\n", name)
	}
	if len(pictures) != 10 {
		t.Errorf("the guide shows the pictures %v, want 10", pictures)
	}

	w := newWorkspace(t, map[string]string{"main.tf": configuration.String()})
	w.run("apply", "-auto-approve")
	if got := sessionIDs(sim); got != "grid overlay picture_in_picture portrait_duel portrait_grid signs speaker template_20 template_390 template_590" {
		t.Errorf("live sessions: %q", got)
	}
	for name, screenshot := range pictures {
		svg, err := os.ReadFile(strings.TrimSuffix(screenshot, ".png") + ".svg")
		if err != nil {
			t.Fatal(err)
		}
		if drawn := w.run("output", "-raw", name); drawn != string(svg) {
			t.Errorf("the configuration of %s is drawn as\n%s\nwhile the picture is\n%s", name, drawn, svg)
		}
		checkScreenshot(t, screenshot, string(svg))
	}
	w.run("destroy", "-auto-approve")
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
