// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"errors"
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
	testMix(t, sim, []resource.TestStep{
		{Config: block + acctest.MinimalMix("room")},
		{
			Config:           block + acctest.MinimalMix("stage"),
			ConfigPlanChecks: expectAction(plancheck.ResourceActionReplace),
			Check:            func(*terraform.State) error { return acctest.Live(sim, "stage") },
		},
	})
}

// A reuse that the timeout does not allow is refused at plan, before the session is cancelled.
func TestAccMixStream_pacingLongerThanTimeout(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.ReuseAfterCancel = time.Hour })
	block := strings.Replace(acctest.ProviderBlock(sim), `reuse_after_cancel = "300ms"`, `reuse_after_cancel = "1h"`, 1)
	mix := block + acctest.MinimalMix("room")
	testMix(t, sim, []resource.TestStep{
		{Config: mix},
		{
			Config:      strings.Replace(mix, `output_stream_name = "host"`, `output_stream_name = "show"`, 1),
			ExpectError: acctest.Message("Timeout too short to reuse the session ID", "timeouts.create is 5m0s", "only 1h0m0s later", "at least 1h1m0s"),
		},
	})
}

// Another address for the same mix is Terraform's business alone.
func TestAccMixStream_moved(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	testMix(t, sim, []resource.TestStep{
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
	})
}

// Of two new resources with one session ID the second one is refused, before anything is sent for it.
func TestAccMixStream_sessionUsedTwice(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	second := strings.Replace(acctest.MinimalMix("room"), `"test"`, `"second"`, 1)
	testMix(t, sim, []resource.TestStep{{
		Config:      acctest.ProviderBlock(sim) + acctest.MinimalMix("room") + second,
		ExpectError: acctest.Message("Session ID used twice", `mix_stream_session_id is "room" for two resources`, "Nothing was sent for this one", "Give each resource a session ID of its own"),
	}})
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
	testMix(t, sim, []resource.TestStep{
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
	})
}
