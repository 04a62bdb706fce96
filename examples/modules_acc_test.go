// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// needRoomModule skips a test on a CLI that the module does not support: its variables are checked against each other.
func needRoomModule(t *testing.T) {
	t.Helper()
	acctest.NeedVersion(t, "the module of rooms", "1.9.0", "1.10.0")
}

// What is a key, and what is signed with one, is declared sensitive in every example and at every step.
func TestExamples_keysAreSensitive(t *testing.T) {
	t.Parallel()
	all := claimed(t)
	for dir, want := range map[string]int{"modules/room": 4, "rooms": 4, "with-tencentcloud": 4} {
		found := 0
		for name, text := range below(all, dir) {
			for _, block := range parseBody(t, name, text).Blocks {
				secret := block.Type == "variable" && strings.HasSuffix(block.Labels[0], "_key") ||
					block.Type == "output" && strings.HasSuffix(block.Labels[0], "_urls")
				if !secret {
					continue
				}
				found++
				sensitive := false
				if attribute, ok := block.Body.Attributes["sensitive"]; ok {
					value, diags := attribute.Expr.Value(nil)
					if diags.HasErrors() {
						t.Fatal(diags)
					}
					sensitive = value.True()
				}
				if !sensitive {
					t.Errorf("%s/%s: the %s %s is not sensitive", dir, name, block.Type, block.Labels[0])
				}
			}
		}
		if found != want {
			t.Errorf("%s: %d keys and groups of URLs, want %d", dir, found, want)
		}
	}
}

// The module passes its own tests where the resource is mocked, with no account and no endpoint.
func TestAccExamples_roomMocked(t *testing.T) {
	t.Parallel()
	needRoomModule(t)
	// Nothing listens there, so that a call would fail.
	w := acctest.NewWorkspace(t, below(claimed(t), "modules/room"), liveEndpoint+"=http://127.0.0.1:1")
	w.RunTestFile("tests/mock.tftest.hcl")
}

// The module passes its own tests on the simulator, which holds no session afterwards.
func TestAccExamples_roomOnSimulator(t *testing.T) {
	t.Parallel()
	needRoomModule(t)
	sim := acctest.StartSimulator(t)
	for n := range 9 {
		sim.Publish(fmt.Sprintf("camera_%d", n+1), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	w := acctest.NewWorkspace(t, below(claimed(t), "modules/room"), liveEndpoint+"="+sim.URL())
	w.RunTestFile("tests/simulator.tftest.hcl")

	var applied []string
	for _, r := range sim.RequestsOf(livesim.ActionCreate) {
		applied = append(applied, r.SessionID)
	}
	if want := []string{"room_lobby", "room_lobby", "room_hall"}; !slices.Equal(applied, want) {
		t.Errorf("applied: %q, want %q", applied, want)
	}
	if got := acctest.CancelledIDs(sim); got != "room_lobby room_hall" {
		t.Errorf("cancelled: %q", got)
	}
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// Three rooms of one module go on air; the one that is taken out is cancelled, once, and the others are left alone. The keys
// of the domains are never shown.
func TestAccExamples_rooms(t *testing.T) {
	t.Parallel()
	needRoomModule(t)
	sim := acctest.StartSimulator(t)
	streams := []string{"anna", "ben", "red_team", "blue_team"} // Beside the host.
	for n := range 9 {
		streams = append(streams, fmt.Sprintf("camera_%d", n+1))
	}
	for _, name := range streams {
		sim.Publish(name, livesim.LongSince())
	}

	const pushKey, playKey, txTime = "push-key-to-look-for", "play-key-to-look-for", "70DBD880"
	all := claimed(t)
	files := below(all, "rooms")
	for name, text := range below(all, "modules") {
		files["../modules/"+name] = text
	}
	files["simulator_override.tf"] = acctest.ProviderBlock(sim)
	log := filepath.Join(t.TempDir(), "trace.log")
	w := acctest.NewWorkspace(t, files, "TF_VAR_push_domain=push.example.com", "TF_VAR_play_domain=play.example.com",
		"TF_VAR_push_key="+pushKey, "TF_VAR_play_key="+playKey, "TF_VAR_url_expiry=2030-01-01T00:00:00Z",
		"TF_LOG=TRACE", "TF_LOG_PATH="+log)

	// The push URLs are known before there is a session, as the streams have to come first.
	out := w.Run("plan", "-out=tfplan")
	var plan struct {
		PlannedValues struct {
			Outputs map[string]cliOutput `json:"outputs"`
		} `json:"planned_values"`
	}
	decode(t, w.Run("show", "-json", "tfplan"), &plan)
	wantPushURL := "rtmp://push.example.com/live/camera_9?txSecret=" + signature(pushKey, "camera_9", txTime) + "&txTime=" + txTime
	if got := valueAt(plan.PlannedValues.Outputs["push_urls"].Value, "wall", "camera_9", "rtmp"); got != wantPushURL {
		t.Errorf("planned push URL: %v, want %s", got, wantPushURL)
	}

	out += w.Run("apply", "tfplan")
	if got := acctest.SessionIDs(sim); got != "room_debate room_studio room_wall" {
		t.Fatalf("live sessions: %q", got)
	}
	var outputs map[string]cliOutput
	decode(t, w.Run("output", "-json"), &outputs)
	for name, sensitive := range map[string]bool{"push_urls": true, "play_urls": true, "session_ids": false} {
		if o, ok := outputs[name]; !ok || o.Sensitive != sensitive {
			t.Errorf("output %s is there: %t; sensitive: %t, want %t", name, ok, o.Sensitive, sensitive)
		}
	}
	if got := valueAt(outputs["push_urls"].Value, "wall", "camera_9", "rtmp"); got != wantPushURL {
		t.Errorf("push URL: %v, want %s", got, wantPushURL)
	}
	wantPlayURL := "http://play.example.com/live/studio_mix.m3u8?txSecret=" + signature(playKey, "studio_mix", txTime) + "&txTime=" + txTime
	if got := valueAt(outputs["play_urls"].Value, "studio", "hls"); got != wantPlayURL {
		t.Errorf("play URL: %v, want %s", got, wantPlayURL)
	}
	if got := valueAt(outputs["session_ids"].Value, "debate"); got != "room_debate" {
		t.Errorf("session of the debate: %v", got)
	}

	// The wall is three by three.
	for _, r := range sim.RequestsOf(livesim.ActionCreate) {
		inputs, _ := r.Params["InputStreamList"].([]any)
		if r.SessionID != "room_wall" {
			continue
		}
		if len(inputs) != 10 {
			t.Fatalf("inputs of the wall: %v", inputs)
		}
		for i, input := range inputs[1:] {
			x, y := valueAt(input, "LayoutParams", "LocationX"), valueAt(input, "LayoutParams", "LocationY")
			if got, want := fmt.Sprint(x, " ", y), fmt.Sprint(i%3*640, " ", i/3*360); got != want {
				t.Errorf("camera %d lies at %s, want %s", i+1, got, want)
			}
		}
	}

	// Nothing is left to do.
	out += w.Run("plan", "-detailed-exitcode")

	// What stays is written as in the default of the variable: another difference would show as a change.
	w.Write(map[string]string{"terraform.tfvars": `
rooms = {
  wall   = { streams = [` + quotedNames(streams[4:]) + `] }
  debate = { streams = ["red_team", "blue_team"], layout = "side_by_side" }
}
`})
	removal := w.Run("apply", "-auto-approve")
	if !strings.Contains(removal, "0 added, 0 changed, 1 destroyed") {
		t.Error(removal)
	}
	if got := acctest.SessionIDs(sim); got != "room_debate room_wall" {
		t.Errorf("live sessions: %q", got)
	}
	if got := acctest.CancelledIDs(sim); got != "room_studio" || len(sim.RequestsOf(livesim.ActionCancel)) != 1 {
		t.Errorf("cancelled: %q", got)
	}
	if err := acctest.Calls(sim, livesim.ActionCreate, 3); err != nil {
		t.Error(err)
	}
	out += removal + w.Run("show")

	texts := map[string]string{"output": out}
	for _, name := range []string{filepath.Join(w.Dir, "terraform.tfstate"), log} {
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[filepath.Base(name)] = string(b)
	}
	for name, text := range texts {
		for _, key := range []string{pushKey, playKey} {
			if i := strings.Index(text, key); i >= 0 {
				t.Errorf("the %s shows %q: …%s…", name, key, text[max(0, i-200):min(len(text), i+100)])
			}
		}
	}
	if strings.Contains(out, "txSecret") {
		t.Errorf("a signature is shown:\n%s", out)
	}

	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// signature is what Tencent signs a URL with (https://www.tencentcloud.com/document/product/267/31560).
func signature(key, stream, txTime string) string {
	sum := md5.Sum([]byte(key + stream + txTime))
	return hex.EncodeToString(sum[:])
}

// cliOutput is an output as the CLI prints it as JSON.
type cliOutput struct {
	Sensitive bool `json:"sensitive"`
	Value     any  `json:"value"`
}

func decode(t *testing.T, text string, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

// valueAt walks into nested objects; nil where there is nothing.
func valueAt(value any, names ...string) any {
	for _, name := range names {
		object, _ := value.(map[string]any)
		value = object[name]
	}
	return value
}

func quotedNames(names []string) string { return `"` + strings.Join(names, `", "`) + `"` }

// The block of the module's page is a wall of nine cameras.
func TestAccExamples_roomPage(t *testing.T) {
	t.Parallel()
	needRoomModule(t)
	sim := acctest.StartSimulator(t, acctest.AnyStreamPushes)
	all := claimed(t)
	files := map[string]string{"settings.tf": acctest.Requires + acctest.ProviderBlock(sim)}
	for name, text := range below(all, "modules/room") {
		if strings.HasSuffix(name, ".tf") {
			files["modules/room/"+name] = text
		}
	}
	for _, f := range fencesIn(all["modules/room/README.md"]) {
		if f.language == "terraform" {
			files["main.tf"] += f.text
		}
	}
	w := acctest.NewWorkspace(t, files)
	w.Run("apply", "-auto-approve")
	if err := acctest.Live(sim, "room_wall"); err != nil {
		t.Error(err)
	}
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// The rooms of the demo go on air from the environment alone; "make demo" shows the rest of their life.
func TestAccExamples_demo(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t, acctest.AnyStreamPushes)
	w := acctest.NewWorkspace(t, below(claimed(t), "demo"), environment(sim)...)
	expectWords(t, w.Run("apply", "-auto-approve"), "2 added, 0 changed, 0 destroyed", `"blue_mix"`, `"green_mix"`)
	if err := acctest.Live(sim, "room_blue", "room_green"); err != nil {
		t.Error(err)
	}
	w.Run("plan", "-detailed-exitcode")
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}
