// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// exampleFiles reads a directory of examples/ as files of a workspace below the directory to. Only what is part of a
// configuration or of its tests counts, because the CLI leaves files of its own in a directory where it ran.
func exampleFiles(t *testing.T, dir, to string) map[string]string {
	t.Helper()
	files := map[string]string{}
	root := os.DirFS(filepath.Join("..", "..", "examples", filepath.FromSlash(dir)))
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && name != "." && strings.HasPrefix(entry.Name(), "."):
			return fs.SkipDir
		case entry.IsDir() || !strings.HasSuffix(name, ".tf") && !strings.HasSuffix(name, ".tftest.hcl"):
			return nil
		}
		text, err := fs.ReadFile(root, name)
		files[path.Join(to, name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatalf("examples/%s holds no configuration", dir)
	}
	return files
}

// parseBody parses a configuration or a test file.
func parseBody(t *testing.T, files map[string]string, name string) *hclsyntax.Body {
	t.Helper()
	text, ok := files[name]
	if !ok {
		t.Fatalf("there is no %s among %v", name, slices.Sorted(maps.Keys(files)))
	}
	file, diags := hclsyntax.ParseConfig([]byte(text), name, hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return file.Body.(*hclsyntax.Body)
}

// runTestFile runs one test file of the module in a workspace. All of its runs must have passed.
func runTestFile(t *testing.T, w *workspace, files map[string]string, name string) {
	t.Helper()
	runs := 0
	for _, block := range parseBody(t, files, name).Blocks {
		if block.Type == "run" {
			runs++
		}
	}
	out := w.run("test", "-filter="+name)
	if want := fmt.Sprintf("Success! %d passed, 0 failed.", runs); runs == 0 || !strings.Contains(out, want) {
		t.Errorf("want %q of:\n%s", want, out)
	}
	// A clean-up that fails says so and does not always fail the run.
	if strings.Contains(out, "Error") || strings.Contains(out, "left the following resources") {
		t.Error(out)
	}
	w.run("fmt", "-check", "-recursive")
}

// needRoomModule skips a test on a CLI that the module does not support: its variables are checked against each other.
func needRoomModule(t *testing.T) {
	t.Helper()
	acctest.NeedVersion(t, "the module of rooms", "1.9.0", "1.9.0")
}

// What is a key, and what is signed with one, is declared sensitive in every example and at every step.
func TestExamples_keysAreSensitive(t *testing.T) {
	t.Parallel()
	for dir, want := range map[string]int{"modules/room": 4, "rooms": 4, "with-tencentcloud": 4} {
		files := exampleFiles(t, dir, ".")
		found := 0
		for name := range files {
			for _, block := range parseBody(t, files, name).Blocks {
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
	files := exampleFiles(t, "modules/room", ".")
	// Nothing listens there, so that a call would fail.
	w := newWorkspace(t, files, envLiveEndpoint+"=http://127.0.0.1:1")
	runTestFile(t, w, files, "tests/mock.tftest.hcl")
}

// The module passes its own tests on the simulator, which holds no session afterwards.
func TestAccExamples_roomOnSimulator(t *testing.T) {
	t.Parallel()
	needRoomModule(t)
	sim := newSim(t)
	for n := range 9 {
		sim.Publish(fmt.Sprintf("camera_%d", n+1), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	files := exampleFiles(t, "modules/room", ".")
	w := newWorkspace(t, files, envLiveEndpoint+"="+sim.URL())
	runTestFile(t, w, files, "tests/simulator.tftest.hcl")

	var applied []string
	for _, r := range sim.RequestsOf(livesim.ActionCreate) {
		applied = append(applied, r.SessionID)
	}
	if want := []string{"room_lobby", "room_lobby", "room_hall"}; !slices.Equal(applied, want) {
		t.Errorf("applied: %q, want %q", applied, want)
	}
	if got := cancelledIDs(sim); got != "room_lobby room_hall" {
		t.Errorf("cancelled: %q", got)
	}
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// Three rooms of one module go on air; the one that is taken out is cancelled, once, and the others are left alone. The keys
// of the domains are never shown.
func TestAccExamples_rooms(t *testing.T) {
	t.Parallel()
	needRoomModule(t)
	sim := newSim(t)
	streams := []string{"anna", "ben", "red_team", "blue_team"} // Beside the host.
	for n := range 9 {
		streams = append(streams, fmt.Sprintf("camera_%d", n+1))
	}
	for _, name := range streams {
		sim.Publish(name, livesim.LongSince())
	}

	const pushKey, playKey, txTime = "push-key-to-look-for", "play-key-to-look-for", "70DBD880"
	files := exampleFiles(t, "rooms", ".")
	maps.Copy(files, exampleFiles(t, "modules/room", "../modules/room"))
	files["simulator_override.tf"] = providerBlock(sim)
	log := filepath.Join(t.TempDir(), "trace.log")
	w := newWorkspace(t, files, "TF_VAR_push_domain=push.example.com", "TF_VAR_play_domain=play.example.com",
		"TF_VAR_push_key="+pushKey, "TF_VAR_play_key="+playKey, "TF_VAR_url_expiry=2030-01-01T00:00:00Z",
		"TF_LOG=TRACE", "TF_LOG_PATH="+log)

	// The push URLs are known before there is a session, as the streams have to come first.
	out := w.run("plan", "-out=tfplan")
	var plan struct {
		PlannedValues struct {
			Outputs map[string]cliOutput `json:"outputs"`
		} `json:"planned_values"`
	}
	decodeJSON(t, w.run("show", "-json", "tfplan"), &plan)
	wantPushURL := "rtmp://push.example.com/live/camera_9?txSecret=" + txSecret(algorithmMD5, pushKey, "camera_9", txTime) + "&txTime=" + txTime
	if got := valueAt(plan.PlannedValues.Outputs["push_urls"].Value, "wall", "camera_9", "rtmp"); got != wantPushURL {
		t.Errorf("planned push URL: %v, want %s", got, wantPushURL)
	}

	out += w.run("apply", "tfplan")
	if got := sessionIDs(sim); got != "room_debate room_studio room_wall" {
		t.Fatalf("live sessions: %q", got)
	}
	var outputs map[string]cliOutput
	decodeJSON(t, w.run("output", "-json"), &outputs)
	for name, sensitive := range map[string]bool{"push_urls": true, "play_urls": true, "session_ids": false} {
		if o, ok := outputs[name]; !ok || o.Sensitive != sensitive {
			t.Errorf("output %s is there: %t; sensitive: %t, want %t", name, ok, o.Sensitive, sensitive)
		}
	}
	if got := valueAt(outputs["push_urls"].Value, "wall", "camera_9", "rtmp"); got != wantPushURL {
		t.Errorf("push URL: %v, want %s", got, wantPushURL)
	}
	wantPlayURL := "http://play.example.com/live/studio_mix.m3u8?txSecret=" + txSecret(algorithmMD5, playKey, "studio_mix", txTime) + "&txTime=" + txTime
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
	out += w.run("plan", "-detailed-exitcode")

	// What stays is written as in the default of the variable: another difference would show as a change.
	w.write(map[string]string{"terraform.tfvars": `
rooms = {
  wall   = { streams = [` + quotedNames(streams[4:]) + `] }
  debate = { streams = ["red_team", "blue_team"], layout = "side_by_side" }
}
`})
	removal := w.run("apply", "-auto-approve")
	if !strings.Contains(removal, "0 added, 0 changed, 1 destroyed") {
		t.Error(removal)
	}
	if got := sessionIDs(sim); got != "room_debate room_wall" {
		t.Errorf("live sessions: %q", got)
	}
	if got := cancelledIDs(sim); got != "room_studio" || len(sim.RequestsOf(livesim.ActionCancel)) != 1 {
		t.Errorf("cancelled: %q", got)
	}
	if err := calls(sim, livesim.ActionCreate, 3)(nil); err != nil {
		t.Error(err)
	}
	out += removal + w.run("show")

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

	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// cliOutput is an output as the CLI prints it as JSON.
type cliOutput struct {
	Sensitive bool `json:"sensitive"`
	Value     any  `json:"value"`
}

func decodeJSON(t *testing.T, text string, into any) {
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

// The configuration with both providers requires both, and its mix works: with stand-ins for the resources of the official
// provider, of which the ID of the logo is known after the apply only, as there.
func TestAccExamples_withTencentcloud(t *testing.T) {
	t.Parallel()
	const logoID = 4711
	sim := newSim(t, func(o *livesim.Options) { o.Watermarks = []int64{logoID} })
	for n := range 4 {
		sim.Publish(fmt.Sprintf("camera_%d", n+1), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	files := exampleFiles(t, "with-tencentcloud", ".")
	want := map[string]string{"tencentcloud": "tencentcloudstack/tencentcloud", "tencentcss": "tencentcss/tencentcss"}
	if got := requiredSources(t, parseBody(t, files, "main.tf")); !maps.Equal(got, want) {
		t.Errorf("required providers: %v, want %v", got, want)
	}
	for name := range files {
		for _, block := range parseBody(t, files, name).Blocks {
			official := len(block.Labels) > 0 && strings.HasPrefix(block.Labels[0], "tencentcloud_")
			if official != (name == "tencentcloud.tf") && (block.Type == "resource" || block.Type == "data") {
				t.Errorf("%s: %s does not belong there", name, block.Labels[0])
			}
		}
	}

	files["main.tf"] = withoutProvider(t, files["main.tf"], "tencentcloud")
	files["tencentcloud.tf"] = fmt.Sprintf(`
resource "terraform_data" "logo" {
  input = "%d"
}

locals {
  push_domain = var.push_domain
  play_domain = var.play_domain
  logo_id     = tonumber(terraform_data.logo.output)
}
`, logoID)
	files["simulator_override.tf"] = providerBlock(sim)
	const key = "key-to-look-for"
	w := newWorkspace(t, files, "TF_VAR_push_key="+key, "TF_VAR_play_key="+key)
	if out := w.run("apply", "-auto-approve"); !strings.Contains(out, "(known after apply)") || strings.Contains(out, key) || strings.Contains(out, "txSecret") {
		t.Error(out)
	}
	requests := sim.RequestsOf(livesim.ActionCreate)
	if len(requests) != 1 {
		t.Fatalf("%d calls", len(requests))
	}
	inputs, _ := requests[0].Params["InputStreamList"].([]any)
	if len(inputs) != 6 {
		t.Fatalf("inputs: %v", inputs)
	}
	for name, want := range map[string]string{"InputType": "2", "WatermarkId": "4711", "ImageLayer": "6", "LocationX": "1104"} {
		if got, _ := requests[0].Param("InputStreamList.5.LayoutParams." + name); fmt.Sprint(got) != want {
			t.Errorf("%s of the logo: %v, want %s", name, got, want)
		}
	}
	w.run("plan", "-detailed-exitcode")
	w.run("destroy", "-auto-approve")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// requiredSources are the sources of the required providers, by local name.
func requiredSources(t *testing.T, body *hclsyntax.Body) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, block := range body.Blocks {
		if block.Type != "terraform" {
			continue
		}
		for _, inner := range block.Body.Blocks {
			for name, attribute := range inner.Body.Attributes {
				value, diags := attribute.Expr.Value(nil)
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				found[name] = value.GetAttr("source").AsString()
			}
		}
	}
	return found
}

// withoutProvider takes a provider out of a configuration: its block and its requirement.
func withoutProvider(t *testing.T, text, name string) string {
	t.Helper()
	file, diags := hclwrite.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body := file.Body()
	body.FirstMatchingBlock("terraform", nil).Body().FirstMatchingBlock("required_providers", nil).Body().RemoveAttribute(name)
	body.RemoveBlock(body.FirstMatchingBlock("provider", []string{name}))
	return string(file.Bytes())
}

// The configuration with both providers is planned with both. Nothing is applied, and a plan of what does not exist makes no
// call, so that no account is needed.
func TestAccExamples_withTencentcloudOfficial(t *testing.T) {
	t.Parallel()
	needAcceptance(t)
	if os.Getenv("TENCENTCSS_ACC_OFFICIAL") == "" {
		t.Skip("the provider of Tencent is downloaded from the registry with TENCENTCSS_ACC_OFFICIAL=1")
	}
	const key = "key-to-look-for"
	w := newWorkspace(t, exampleFiles(t, "with-tencentcloud", "."), "TF_VAR_push_key="+key, "TF_VAR_play_key="+key,
		envSecretID+"=AKIDnobody", envSecretKey+"=nobodys-secret-key")
	if out := w.run("plan"); !strings.Contains(out, "Plan: 6 to add, 0 to change, 0 to destroy.") || strings.Contains(out, key) {
		t.Error(out)
	}
}
