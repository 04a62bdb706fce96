// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path"
	"path/filepath"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// The examples of the documentation work as they stand there, and neither a key nor what it signs is left in the plan, in
// the state, in the output or in the most talkative log.
func TestAccExamples_ephemeralURLs(t *testing.T) {
	t.Parallel()
	acctest.NeedVersion(t, "ephemeral values", "1.10.0", "1.11.0")
	files := map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(acctest.StartSimulator(t))}
	for name, text := range claimed(t) {
		files[path.Base(path.Dir(name))+".tf"] = text
	}
	const key = "key-to-look-for"
	log := filepath.Join(t.TempDir(), "trace.log")
	w := acctest.NewWorkspace(t, files, "TF_VAR_push_key="+key, "TF_VAR_play_key="+key, "TF_LOG=TRACE", "TF_LOG_PATH="+log)
	traces := map[string][]byte{
		"the output of plan":  []byte(w.Run("plan", "-out=tfplan")),
		"the output of apply": []byte(w.Run("apply", "-auto-approve", "tfplan")),
	}
	plan, err := zip.OpenReader(filepath.Join(w.Dir, "tfplan"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = plan.Close() }()
	for _, file := range plan.File {
		r, err := file.Open()
		if err != nil {
			t.Fatal(err)
		}
		if traces["the plan's "+file.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	for name, file := range map[string]string{"the state": filepath.Join(w.Dir, "terraform.tfstate"), "the log": log} {
		if traces[name], err = os.ReadFile(file); err != nil {
			t.Fatal(err)
		}
	}
	secrets := []string{key}
	for _, stream := range []string{"host", "evening_show_mix"} {
		secrets = append(secrets, signature(key, stream, "70DBD880"))
	}
	for name, text := range traces {
		for _, secret := range secrets {
			if bytes.Contains(text, []byte(secret)) {
				t.Errorf("%s holds %s", name, secret)
			}
		}
	}
	if !bytes.Contains(traces["the log"], []byte("tencentcss_push_urls")) {
		t.Error("the log says nothing of the ephemeral resource, so its silence proves nothing")
	}
}
