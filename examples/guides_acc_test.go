// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

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
	for _, block := range parseBody(t, "page.tf", text).Blocks {
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
	needPages(t)
	acctest.NeedVersion(t, "lifecycle in removed blocks", "1.7.0", "1.10.0")
	sim := acctest.StartSimulator(t, acctest.AnyStreamPushes)
	for n := range 9 {
		sim.Publish(fmt.Sprintf("camera_%d", n+1), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	file := readersFile{}
	w := acctest.NewWorkspace(t, map[string]string{"provider.tf": acctest.Requires + acctest.ProviderBlock(sim)})
	for _, f := range fencesOf(t, "docs", "guides", "cookbook.md") {
		switch f.language {
		case "yaml":
			w.Write(map[string]string{"rooms.yaml": f.text})
		case "text":
			if shown := w.Run("output", "-raw", "talk_layout"); strings.TrimSpace(shown) != strings.TrimSpace(f.text) {
				t.Errorf("the layout is\n%s\nnot\n%s", shown, f.text)
			}
		case "terraform":
			file.follow(t, f.text)
			w.Write(map[string]string{"main.tf": file.text()})
			w.Run("apply", "-auto-approve")
		}
	}
	w.Run("plan", "-detailed-exitcode")
	if got := acctest.SessionIDs(sim); got != "finals_v2 lesson pk portrait_pk room_lobby room_studio talk wall" {
		t.Errorf("live sessions: %q", got)
	}
	if got := acctest.CancelledIDs(sim); got != "finals_v1" {
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
	w.Run("destroy", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "pk" {
		t.Errorf("live sessions in the end: %q, want the one that was let go", got)
	}
}

// Somebody who copies the page's blocks and commands, with the variables for the simulator, has a mix and then none.
func TestAccGuides_gettingStarted(t *testing.T) {
	t.Parallel()
	needPages(t)
	sim := acctest.StartSimulator(t)
	fences := fencesOf(t, "docs", "guides", "getting_started.md")
	var env []string
	for _, f := range fences {
		for _, export := range regexp.MustCompile(`(?m)^export (\w+)="(.*)"$`).FindAllStringSubmatch(f.text, -1) {
			if export[1] == liveEndpoint {
				export[2] = sim.URL()
			}
			env = append(env, export[1]+"="+export[2]) // The last one counts, which is that for the simulator.
		}
	}
	const guestURL = "rtmp://push.example.com/live/guest?txSecret=8be5eb88c63f2cb545e65326945e601b&txTime=70DBD880"
	files := []string{"main.tf", "mix.tf"}
	var w *acctest.Workspace
	for _, f := range fences {
		if f.language == "terraform" {
			if w == nil {
				w = acctest.NewWorkspace(t, map[string]string{files[0]: f.text}, env...)
			} else {
				w.Write(map[string]string{files[0]: f.text})
			}
			files = files[1:]
		}
		for line := range strings.Lines(f.text) {
			command, ok := strings.CutPrefix(line, "terraform ")
			if f.language != "shell" || !ok {
				continue
			}
			if strings.HasPrefix(command, "destroy") {
				if got := acctest.SessionIDs(sim); got != "first_mix" {
					t.Errorf("live sessions: %q", got)
				}
				if got := w.Run("output", "-raw", "play_url"); got != "http://play.example.com/live/first_mix.flv" {
					t.Errorf("play_url is %q", got)
				}
			}
			if out := w.Run(strings.Fields(command)...); strings.Contains(command, "guest_push_url") && !strings.Contains(out, guestURL) {
				t.Error(out)
			}
		}
	}
	if len(files) > 0 {
		t.Errorf("%q were not written", files)
	}
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// Sessions that no state knows end as the page says: by an import that sends nothing, and a destroy.
func TestAccGuides_emergencyStop(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("evening_show"))
	w.Run("state", "rm", acctest.MixAddress)
	file := readersFile{}
	for _, f := range fencesOf(t, "docs", "guides", "destroying.md") {
		if f.language == "terraform" && strings.Contains(f.text, `"stray"`) {
			file.follow(t, f.text)
		}
		for line := range strings.Lines(f.text) {
			if command, ok := strings.CutPrefix(line, "terraform "); f.language == "shell" && ok && strings.Contains(f.text, "terraform import") {
				w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + file.text()})
				w.Run(strings.Fields(command)...)
			}
		}
	}
	if got := acctest.CancelledIDs(sim); got != "evening_show" {
		t.Errorf("cancelled: %q", got)
	}
	if err := acctest.Calls(sim, livesim.ActionCreate, 1); err != nil {
		t.Error(err)
	}
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// The same with the action.
func TestAccGuides_emergencyStopByAction(t *testing.T) {
	t.Parallel()
	acctest.NeedVersion(t, "actions", "1.14.0", "")
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("evening_show"))
	w.Run("state", "rm", acctest.MixAddress)
	for _, f := range fencesOf(t, "docs", "guides", "destroying.md") {
		if f.language == "terraform" && strings.HasPrefix(f.text, "action ") {
			w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + f.text})
		}
		if command, ok := strings.CutPrefix(f.text, "terraform "); ok && strings.Contains(command, "-invoke") {
			w.Run(append(strings.Fields(command), "-auto-approve")...)
		}
	}
	if got := acctest.CancelledIDs(sim); got != "evening_show" {
		t.Errorf("cancelled: %q", got)
	}
}

// What the page says of a create whose provider is killed: the state does not know of the mix that runs, an apply takes it
// over in place, and a destroy ends it.
func TestAccGuides_createKilled(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + acctest.MinimalMix("room")})
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Hang: true, After: true})
	cmd, out := w.Command("apply", "-auto-approve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	acctest.WaitFor(t, "the create", func() bool { return acctest.SessionIDs(sim) == "room" })
	acctest.KillProvider(t, cmd.Process.Pid)
	if cmd.Wait() == nil {
		t.Fatalf("the run succeeded:\n%s", out)
	}
	if known := w.Run("state", "list"); known != "" {
		t.Errorf("the state knows of %s", known)
	}
	w.Run("apply", "-auto-approve", "-lock=false")
	if got := acctest.SessionIDs(sim) + acctest.CancelledIDs(sim); got != "room" {
		t.Errorf("sessions, live and cancelled: %q", got)
	}
	w.Run("destroy", "-auto-approve", "-lock=false")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// Both ways from a request to a configuration send that request, and an import takes over on air what runs.
func TestAccGuides_scripts(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
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
	w := acctest.NewWorkspace(t, map[string]string{"provider.tf": acctest.Requires + acctest.ProviderBlock(sim), "mix.json": request})
	for _, step := range []struct{ configuration, address string }{
		{configurations[byHand], "tencentcss_mix_stream.test_room"},
		{configurations[byHand] + configurations[imported], "tencentcss_mix_stream.test_room"},
		{configurations[fromJSON], "tencentcss_mix_stream.from_json"},
	} {
		w.Write(map[string]string{"main.tf": step.configuration})
		out := w.Run("apply", "-auto-approve")
		if strings.Contains(step.configuration, "import {") && !strings.Contains(out, "1 imported, 0 added, 1 changed, 0 destroyed") {
			t.Error(out)
		}
		sent := sim.RequestsOf(livesim.ActionCreate)
		if err := acctest.EqualJSON(sent[len(sent)-1].Params, request); err != nil {
			t.Errorf("%s: %v", step.address, err)
		}
		w.Run("state", "rm", step.address)
	}
	if err := acctest.Calls(sim, livesim.ActionCreate, 3); err != nil {
		t.Error(err)
	}
	if got := acctest.SessionIDs(sim) + acctest.CancelledIDs(sim); got != "test_room" {
		t.Errorf("sessions, live and cancelled: %q", got)
	}
}

// What the other pages show is valid for the CLI as well, one block on top of the other.
func TestAccGuides_validate(t *testing.T) {
	t.Parallel()
	needPages(t)
	ofTheirOwnTests := []string{"authentication", "cookbook", "getting_started", "layouts", "offline_testing", "scripts"}
	w := acctest.NewWorkspace(t, map[string]string{"provider.tf": acctest.Requires})
	for _, page := range pagesOf(t, "guides") {
		if slices.Contains(ofTheirOwnTests, page) {
			continue
		}
		file := readersFile{}
		for _, f := range fencesOf(t, "docs", "guides", page+".md") {
			if f.language == "terraform" {
				file.follow(t, f.text)
				w.Write(map[string]string{"main.tf": file.text()})
				w.Run("validate")
			}
		}
	}
}
