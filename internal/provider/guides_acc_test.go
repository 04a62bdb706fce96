// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// readersFile is the configuration of somebody who follows a page: what has the address of something that is there takes its
// place, and what a page moves or removes goes. Settings of Terraform and of the provider are the test's own.
type readersFile map[string]string

func (r readersFile) follow(t *testing.T, text string) {
	t.Helper()
	const from = "from"
	for _, block := range parseBody(t, map[string]string{"page.tf": text}, "page.tf").Blocks {
		source := text[block.Range().Start.Byte:block.Body.SrcRange.End.Byte]
		key := strings.Join(append([]string{block.Type}, block.Labels...), ".")
		switch block.Type {
		case "terraform", "provider", "action":
			continue // An action needs Terraform 1.14.
		case "locals", "import":
			key += source
		case "moved", "removed":
			at := block.Body.Attributes[from].Expr.Range()
			delete(r, "resource."+text[at.Start.Byte:at.End.Byte])
			key += text[at.Start.Byte:at.End.Byte]
		}
		r[key] = source
	}
}

func (r readersFile) text() string {
	var all strings.Builder
	for _, source := range r {
		all.WriteString(source + "\n")
	}
	return all.String()
}

func needPages(t *testing.T) {
	t.Helper()
	acctest.NeedVersion(t, "the functions of the pages", "1.8.0", "1.7.0")
}

// The recipes work one after the other as they stand there: each is applied on top of those before it, and all of them settle. Only
// the mix whose output was renamed is ever cancelled, and that after its successor went on air.
func TestAccGuides_cookbook(t *testing.T) {
	t.Parallel()
	sim := newSim(t, anyStreamPushes)
	needPages(t)
	for n := range 9 {
		sim.Publish(fmt.Sprintf("camera_%d", n+1), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	file := readersFile{}
	w := newWorkspace(t, map[string]string{"provider.tf": requires + providerBlock(sim)})
	for _, f := range fencesOf(t, "docs", "guides", "cookbook.md") {
		switch f.language {
		case "yaml":
			w.write(map[string]string{"rooms.yaml": f.text})
		case "text":
			if shown := w.run("output", "-raw", "talk_layout"); strings.TrimSpace(shown) != strings.TrimSpace(f.text) {
				t.Errorf("the layout is\n%s\nnot\n%s", shown, f.text)
			}
		case "terraform":
			file.follow(t, f.text)
			w.write(map[string]string{"main.tf": file.text()})
			w.run("apply", "-auto-approve")
		}
	}
	w.run("plan", "-detailed-exitcode")
	if got := sessionIDs(sim); got != "finals_v2 lesson pk portrait_pk room_lobby room_studio talk wall" {
		t.Errorf("live sessions: %q", got)
	}
	if got := cancelledIDs(sim); got != "finals_v1" {
		t.Errorf("cancelled: %q", got)
	}
	var order []string
	for _, request := range sim.Requests() {
		if strings.HasPrefix(request.SessionID, "finals") || request.SessionID == "pk" {
			order = append(order, request.Action+" "+request.SessionID)
		}
	}
	if want := []string{
		livesim.ActionCreate + " pk",
		livesim.ActionCreate + " finals_v1", livesim.ActionCreate + " finals_v2", livesim.ActionCancel + " finals_v1",
	}; !slices.Equal(order, want) {
		t.Errorf("calls: %q, want %q", order, want)
	}
	w.run("destroy", "-auto-approve")
	if got := sessionIDs(sim); got != "pk" {
		t.Errorf("live sessions in the end: %q, want the one that was let go", got)
	}
}

// Somebody who copies the page's blocks and commands, with the variables for the simulator, has a mix and then none.
func TestAccGuides_gettingStarted(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	needPages(t)
	fences := fencesOf(t, "docs", "guides", "getting_started.md")
	var env []string
	for _, f := range fences {
		for _, export := range regexp.MustCompile(`(?m)^export (\w+)="(.*)"$`).FindAllStringSubmatch(f.text, -1) {
			if export[1] == envLiveEndpoint {
				export[2] = sim.URL()
			}
			env = append(env, export[1]+"="+export[2]) // The last one counts, which is that for the simulator.
		}
	}
	const guestURL = "rtmp://push.example.com/live/guest?txSecret=8be5eb88c63f2cb545e65326945e601b&txTime=70DBD880"
	files := []string{"main.tf", "mix.tf"}
	var w *workspace
	for _, f := range fences {
		if f.language == "terraform" {
			if w == nil {
				w = newWorkspace(t, map[string]string{files[0]: f.text}, env...)
			} else {
				w.write(map[string]string{files[0]: f.text})
			}
			files = files[1:]
		}
		for line := range strings.Lines(f.text) {
			command, ok := strings.CutPrefix(line, "terraform ")
			if f.language != "shell" || !ok {
				continue
			}
			if strings.HasPrefix(command, "destroy") {
				if got := sessionIDs(sim); got != "first_mix" {
					t.Errorf("live sessions: %q", got)
				}
				if got := w.run("output", "-raw", "play_url"); got != "http://play.example.com/live/first_mix.flv" {
					t.Errorf("play_url is %q", got)
				}
			}
			if out := w.run(strings.Fields(command)...); strings.Contains(command, "guest_push_url") && !strings.Contains(out, guestURL) {
				t.Error(out)
			}
		}
	}
	if len(files) > 0 {
		t.Errorf("%q were not written", files)
	}
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// Sessions that no state knows end as the page says: by an import that sends nothing, and a destroy.
func TestAccGuides_emergencyStop(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := applied(t, sim, minimalMix("evening_show"))
	w.run("state", "rm", testAddress)
	file := readersFile{}
	for _, f := range fencesOf(t, "docs", "guides", "destroying.md") {
		if f.language == "terraform" && strings.Contains(f.text, `"stray"`) {
			file.follow(t, f.text)
		}
		for line := range strings.Lines(f.text) {
			if command, ok := strings.CutPrefix(line, "terraform "); f.language == "shell" && ok && strings.Contains(f.text, "terraform import") {
				w.write(map[string]string{"main.tf": requires + providerBlock(sim) + file.text()})
				w.run(strings.Fields(command)...)
			}
		}
	}
	if got := cancelledIDs(sim); got != "evening_show" {
		t.Errorf("cancelled: %q", got)
	}
	if err := calls(sim, livesim.ActionCreate, 1)(nil); err != nil {
		t.Error(err)
	}
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// The same with the action.
func TestAccGuides_emergencyStopByAction(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	acctest.NeedVersion(t, "actions", "1.14.0", "")
	w := applied(t, sim, minimalMix("evening_show"))
	w.run("state", "rm", testAddress)
	for _, f := range fencesOf(t, "docs", "guides", "destroying.md") {
		if f.language == "terraform" && strings.HasPrefix(f.text, "action ") {
			w.write(map[string]string{"main.tf": requires + providerBlock(sim) + f.text})
		}
		if command, ok := strings.CutPrefix(f.text, "terraform "); ok && strings.Contains(command, "-invoke") {
			w.run(append(strings.Fields(command), "-auto-approve")...)
		}
	}
	if got := cancelledIDs(sim); got != "evening_show" {
		t.Errorf("cancelled: %q", got)
	}
}

// What the page says of a create whose provider is killed: the state does not know of the mix that runs, an apply takes it
// over in place, and a destroy ends it.
func TestAccGuides_createKilled(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	w := newWorkspace(t, map[string]string{"main.tf": requires + providerBlock(sim) + minimalMix("room")})
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Hang: true, After: true})
	cmd, out := w.command("apply", "-auto-approve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, "the create", func() bool { return sessionIDs(sim) == "room" })
	killProvider(t, cmd.Process.Pid)
	if cmd.Wait() == nil {
		t.Fatalf("the run succeeded:\n%s", out)
	}
	if known := w.run("state", "list"); known != "" {
		t.Errorf("the state knows of %s", known)
	}
	w.run("apply", "-auto-approve", "-lock=false")
	if got := sessionIDs(sim) + cancelledIDs(sim); got != "room" {
		t.Errorf("sessions, live and cancelled: %q", got)
	}
	w.run("destroy", "-auto-approve", "-lock=false")
	if err := nothingLeft(sim)(nil); err != nil {
		t.Error(err)
	}
}

// Both ways from a request to a configuration send that request, and an import takes over on air what runs.
func TestAccGuides_scripts(t *testing.T) {
	t.Parallel()
	sim := newSim(t)
	var request string
	var configurations []string
	for _, f := range fencesOf(t, "docs", "guides", "scripts.md") {
		switch f.language {
		case "json":
			request = f.text
		case "terraform":
			configurations = append(configurations, f.text)
		}
	}
	const byHand, fromJSON, imported = 0, 1, 2
	if len(configurations) != imported+1 {
		t.Fatalf("the page has %d configurations", len(configurations))
	}
	w := newWorkspace(t, map[string]string{"provider.tf": requires + providerBlock(sim), "mix.json": request})
	for _, step := range []struct{ configuration, address string }{
		{configurations[byHand], "tencentcss_mix_stream.test_room"},
		{configurations[byHand] + configurations[imported], "tencentcss_mix_stream.test_room"},
		{configurations[fromJSON], "tencentcss_mix_stream.from_json"},
	} {
		w.write(map[string]string{"main.tf": step.configuration})
		out := w.run("apply", "-auto-approve")
		if strings.Contains(step.configuration, "import {") && !strings.Contains(out, "1 imported, 0 added, 1 changed, 0 destroyed") {
			t.Error(out)
		}
		sent := sim.RequestsOf(livesim.ActionCreate)
		if err := equalJSON(sent[len(sent)-1].Params, request); err != nil {
			t.Errorf("%s: %v", step.address, err)
		}
		w.run("state", "rm", step.address)
	}
	if err := calls(sim, livesim.ActionCreate, 3)(nil); err != nil {
		t.Error(err)
	}
	if got := sessionIDs(sim) + cancelledIDs(sim); got != "test_room" {
		t.Errorf("sessions, live and cancelled: %q", got)
	}
}

// What the other pages show is valid for the CLI as well, one block on top of the other.
func TestAccGuides_validate(t *testing.T) {
	t.Parallel()
	needPages(t)
	ofTheirOwnTests := []string{"authentication", "cookbook", "getting_started", "layouts", "offline_testing", "scripts"}
	w := newWorkspace(t, map[string]string{"provider.tf": requires})
	for _, page := range pagesOf(t, "guides") {
		if slices.Contains(ofTheirOwnTests, page) {
			continue
		}
		file := readersFile{}
		for _, f := range fencesOf(t, "docs", "guides", page+".md") {
			if f.language == "terraform" {
				file.follow(t, f.text)
				w.write(map[string]string{"main.tf": file.text()})
				w.run("validate")
			}
		}
	}
}
