// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"encoding/json"
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
	if got := sessionIDs(sim); got != "duel interview talk wall" {
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
	for _, name := range []string{"host_push_urls", "mix_play_urls"} {
		urls, ok := outputs[name].Value.(map[string]any)
		if rtmp, isText := urls["rtmp"].(string); !ok || !isText || !strings.HasSuffix(rtmp, "&txTime=70DBD880") {
			t.Errorf("%s is %v", name, outputs[name].Value)
		}
	}
	if picture, ok := outputs["duel_picture"].Value.(string); !ok || !strings.Contains(picture, "template 390 · approximate") {
		t.Errorf("duel_picture is %v", outputs["duel_picture"].Value)
	}

	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}
