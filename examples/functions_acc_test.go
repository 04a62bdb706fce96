// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"encoding/json"
	"fmt"
	"path"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// The examples of the documentation work as they stand there.
func TestAccExamples_functions(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t, acctest.AnyStreamPushes)
	files := map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim)}
	for name, text := range claimed(t) {
		files[path.Base(path.Dir(name))+".tf"] = text
	}
	const key = "key-to-look-for"
	w := acctest.NewWorkspace(t, files, "TF_VAR_push_key="+key, "TF_VAR_play_key="+key)
	if out := w.Run("apply", "-auto-approve"); strings.Contains(out, key) || strings.Contains(out, "txSecret") || !strings.Contains(out, "<sensitive>") {
		t.Errorf("the key or what it signs is shown:\n%s", out)
	}
	if got := acctest.SessionIDs(sim); got != "branded checked debate duel interview party phone_show talk wall" {
		t.Errorf("live sessions: %q", got)
	}

	var outputs map[string]struct {
		Value any `json:"value"`
	}
	if err := json.Unmarshal([]byte(w.Run("output", "-json")), &outputs); err != nil {
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

	for line := range strings.SplitSeq(strings.TrimRight(fmt.Sprint(outputs["phone_show_layout"].Value), "\n"), "\n") {
		if !strings.Contains(files["layout_text.tf"], "# "+line+"\n") {
			t.Errorf("the comment of the example does not show %q", line)
		}
	}

	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}
