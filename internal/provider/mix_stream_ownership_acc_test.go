// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// Another session ID replaces the mix, without the wait that the reuse of one ID asks for.
func TestAccMixStream_renamedSession(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.ReuseAfterCancel = time.Hour })
	block := strings.Replace(acctest.ProviderBlock(sim), `reuse_after_cancel = "300ms"`, `reuse_after_cancel = "1h"`, 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
			{Config: block + acctest.MinimalMix("room")},
			{
				Config:           block + acctest.MinimalMix("stage"),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionReplace),
				Check:            func(*terraform.State) error { return acctest.Live(sim, "stage") },
			},
		},
	})
}

// A reuse that the timeout does not allow is refused at plan, before the session is cancelled.
func TestAccMixStream_pacingLongerThanTimeout(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.ReuseAfterCancel = time.Hour })
	block := strings.Replace(acctest.ProviderBlock(sim), `reuse_after_cancel = "300ms"`, `reuse_after_cancel = "1h"`, 1)
	mix := block + acctest.MinimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
			{Config: mix},
			{
				Config:      strings.Replace(mix, `output_stream_name = "host"`, `output_stream_name = "show"`, 1),
				ExpectError: acctest.Message("Timeout too short to reuse the session ID", "timeouts.create is 5m0s", "only 1h0m0s later", "at least 1h1m0s"),
			},
		},
	})
}

// Another address for the same mix is Terraform's business alone.
func TestAccMixStream_moved(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
			{Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room")},
			{
				Config: acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), `"test"`, `"renamed"`, 1) + `
moved {
  from = tencentcss_mix_stream.test
  to   = tencentcss_mix_stream.renamed
}`,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction("tencentcss_mix_stream.renamed", plancheck.ResourceActionNoop),
				}},
				Check: func(*terraform.State) error {
					return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCreate, 1), acctest.Calls(sim, livesim.ActionCancel, 0))
				},
			},
		},
	})
}

// Of two new resources with one session ID the second one is refused, before anything is sent for it.
func TestAccMixStream_sessionUsedTwice(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	second := strings.Replace(acctest.MinimalMix("room"), `"test"`, `"second"`, 1)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:      acctest.ProviderBlock(sim) + acctest.MinimalMix("room") + second,
			ExpectError: acctest.Message("Session ID used twice", `mix_stream_session_id is "room" for two resources`, "Nothing was sent for this one", "Give each resource a session ID of its own"),
		}},
		CheckDestroy: func(*terraform.State) error { return acctest.NothingLeft(sim) },
	})
	if creates, cancels := len(sim.RequestsOf(livesim.ActionCreate)), len(sim.RequestsOf(livesim.ActionCancel)); creates != 1 || cancels != 1 {
		t.Errorf("%d creates and %d cancels, want 1 of each", creates, cancels)
	}
}

// A second resource beside one that exists is a warning at plan. With another output Tencent refuses it, and the first one
// is left alone.
func TestAccMixStream_sessionUsedTwiceLater(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	second := strings.NewReplacer(`"test"`, `"second"`, `output_stream_name = "host"`, `output_stream_name = "other"`).Replace(acctest.MinimalMix("room"))
	first := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{
			{Config: first},
			{
				Config:      first + second,
				ExpectError: acctest.Message("Unable to create mix stream", "A session with this ID runs already, with another output name", "runs with another output, and that mix is unchanged", "Code: InvalidParameter.SessionOutputStreamChanged"),
			},
			{
				Config:           first,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            func(*terraform.State) error { return acctest.Live(sim, "room") },
			},
		},
	})
}

// -replace cancels, waits and creates; with create_before_destroy and the same session ID it must not cancel what it has
// just created.
func TestAccCLI_replace(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	for name, tt := range map[string]struct {
		lifecycle string
		cancels   int
	}{
		"destroy first": {cancels: 1},
		"create first":  {lifecycle: "lifecycle { create_before_destroy = true }", cancels: 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.StartSimulator(t)
			mix := strings.Replace(acctest.MinimalMix("room"), "output_params", tt.lifecycle+"\n  output_params", 1)
			w := acctest.Applied(t, sim, mix)
			out := acctest.OneLine(w.Run("apply", "-auto-approve", "-replace="+acctest.MixAddress))
			if !strings.Contains(out, "1 added, 0 changed, 1 destroyed") {
				t.Error(out)
			}
			if got := strings.Contains(out, "Warning: Mix stream will not be cancelled"); got != (tt.cancels == 0) {
				t.Errorf("warning: %t in: %s", got, out)
			}
			if n := len(sim.RequestsOf(livesim.ActionCancel)); n != tt.cancels || acctest.SessionIDs(sim) != "room" {
				t.Errorf("%d cancels, live: %q", n, acctest.SessionIDs(sim))
			}
			w.Destroy(sim)
		})
	}
}

// A tainted mix with create_before_destroy is created anew and not cancelled after.
func TestAccCLI_taintedCreateBeforeDestroy(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	mix := strings.Replace(acctest.MinimalMix("room"), "output_params", "lifecycle { create_before_destroy = true }\n  output_params", 1)
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim, "max_retries = 0") + mix})
	w.Fails("apply", "-auto-approve")
	w.Run("apply", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "room" || len(sim.RequestsOf(livesim.ActionCancel)) != 0 {
		t.Errorf("live: %q after %d cancels", got, len(sim.RequestsOf(livesim.ActionCancel)))
	}
	w.Destroy(sim)
}

// wantLive checks that the session room lives, and that it was cancelled as often as said.
func wantLive(t *testing.T, sim *livesim.Server, cancels int) {
	t.Helper()
	if got, n := acctest.SessionIDs(sim), len(sim.RequestsOf(livesim.ActionCancel)); got != "room" || n != cancels {
		t.Errorf("live: %q after %d cancels, want room after %d", got, n, cancels)
	}
}

// A mix is renamed without a moved block and applied with -target first, then in full: the show goes on.
func TestAccCLI_renamedWithTarget(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), `"test"`, `"renamed"`, 1)})
	w.Run("apply", "-auto-approve", "-target=tencentcss_mix_stream.renamed")
	// The object at the old address knows nothing of this change, so that its cancel keeps no distance to it.
	sim.Advance(time.Second)
	out := acctest.OneLine(w.Run("apply", "-auto-approve"))
	expectText(t, out, "Warning: Mix stream will", "moved block", "removed block with lifecycle { destroy = false }", "1 destroyed")
	if got := acctest.SessionIDs(sim); got != "room" {
		t.Errorf("live: %q", got)
	}
	w.Unchanged()
	w.Destroy(sim)
}

// With the keys of another account "does not exist" is a warning, as the session may run on where it was applied.
func TestAccCLI_destroyedWithOtherKeys(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	elsewhere := acctest.StartSimulator(t, func(o *livesim.Options) {
		o.Credentials = []livesim.Credential{{ID: "AKIDother", Key: "another-secret-key"}}
	})
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + strings.NewReplacer("AKIDsimulator", "AKIDother", "simulator-secret-key", "another-secret-key").Replace(acctest.ProviderBlock(elsewhere)) + acctest.MinimalMix("room")})
	expectText(t, acctest.OneLine(w.Run("destroy", "-auto-approve")), "Warning: Mix stream may still be running", "other credentials", "another account")
	wantLive(t, sim, 0)
}

// A simulator that comes back on another port is the same to the provider: sessions that it has lost are destroyed in peace.
func TestAccCLI_destroyedAtANewSimulator(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	w := acctest.Applied(t, acctest.StartSimulator(t), acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(acctest.StartSimulator(t)) + acctest.MinimalMix("room")})
	if out := w.Run("destroy", "-auto-approve"); strings.Contains(out, "Warning") || !strings.Contains(out, "1 destroyed") {
		t.Error(out)
	}
}

// A timeout changes beside the destroy of an object with the same session: the show goes on.
func TestAccCLI_timeoutChangedBesideADestroy(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	renamed := strings.Replace(acctest.MinimalMix("room"), `"test"`, `"renamed"`, 1)
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + renamed})
	w.Run("apply", "-auto-approve", "-target=tencentcss_mix_stream.renamed")
	// The object at the old address knows nothing of this change, so that its cancel keeps no distance to it.
	sim.Advance(time.Second)
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.Replace(renamed, "output_params", "timeouts = { create = \"9m\" }\n  output_params", 1)})
	w.Run("apply", "-auto-approve")
	if got := acctest.SessionIDs(sim); got != "room" {
		t.Errorf("live: %q", got)
	}
	w.Destroy(sim)
}

// A replacement that keeps the session ID takes the show off air, and the plan says so.
func TestAccCLI_newOutputNameWarns(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	w := acctest.Applied(t, sim, acctest.MinimalMix("room"))
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.Replace(acctest.MinimalMix("room"), `output_stream_name = "host"`, `output_stream_name = "show"`, 1)})
	expectText(t, acctest.OneLine(w.Run("plan")), "Warning: Mix stream goes off air", "give a new mix_stream_session_id as well", "must be replaced")
}

// The way without a gap: a new session ID and a new output name, and the new mix first.
func TestAccCLI_newOutputNameWithoutAGap(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := strings.Replace(acctest.MinimalMix("room"), "output_params", "lifecycle { create_before_destroy = true }\n  output_params", 1)
	w := acctest.Applied(t, sim, mix)
	w.Write(map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + strings.NewReplacer(`"room"`, `"room_2"`, `output_stream_name = "host"`, `output_stream_name = "show"`).Replace(mix)})
	if out := w.Run("apply", "-auto-approve"); strings.Contains(out, "Warning") {
		t.Error(out)
	}
	create, cancel := sim.RequestsOf(livesim.ActionCreate), sim.RequestsOf(livesim.ActionCancel)
	if len(create) != 2 || len(cancel) != 1 || cancel[0].Time.Before(create[1].Time) || acctest.SessionIDs(sim) != "room_2" {
		t.Errorf("%d creates, %d cancels, live: %q", len(create), len(cancel), acctest.SessionIDs(sim))
	}
}

// testedModule is a module that is tested with "terraform test".
const testedModule = `
variable "session" {
  type = string
}

variable "rate" {
  type = number
}

resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = var.session
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "${var.session}_out", output_stream_bit_rate = var.rate }
}
`

// lifeOfOneSession plans and applies one session again and again, each run with the state of the one before.
const lifeOfOneSession = `
variables {
  session = "lobby"
  rate    = 1000
}

run "is_planned" {
  command = plan
}

run "goes_on_air" {
  assert {
    condition     = tencentcss_mix_stream.test.id == "lobby"
    error_message = "The session is not the one that was asked for."
  }
}

run "stays_as_it_is" {}

run "would_change" {
  command = plan

  variables {
    rate = 2000
  }

  assert {
    condition     = tencentcss_mix_stream.test.output_params.output_stream_bit_rate == 2000
    error_message = "The change is not planned."
  }
}

run "changes_on_air" {
  variables {
    rate = 2000
  }
}

run "moves_to_another_session" {
  variables {
    session = "hall"
  }
}

run "comes_back" {}
`

// Terraform 1.13 and later configure a provider that the test file declares once, and all runs of the file share its
// process: what one run plans must not stand in the way of the next.
func TestAccTerraformTest_runsShareAProvider(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	acctest.NeedVersion(t, "one provider for all runs of a test file", "1.13.0", "")
	sim := acctest.StartSimulator(t)
	const name = "life.tftest.hcl"
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + testedModule, name: acctest.ProviderBlock(sim) + lifeOfOneSession})
	w.RunTestFile(name)

	var applied []string
	for _, r := range sim.RequestsOf(livesim.ActionCreate) {
		applied = append(applied, r.SessionID)
	}
	if want := []string{"lobby", "lobby", "hall", "lobby"}; !slices.Equal(applied, want) {
		t.Errorf("applied: %q, want %q", applied, want)
	}
	if got := strings.Fields(acctest.CancelledIDs(sim)); !slices.Equal(got, []string{"lobby", "hall", "lobby"}) {
		t.Errorf("cancelled: %q", got)
	}
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}
