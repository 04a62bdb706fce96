// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"errors"
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// An import knows the session ID alone. The first apply adopts the session in place, whatever its output is called.
func TestAccMixStream_importAdopts(t *testing.T) {
	acctest.NeedVersion(t, "lifecycle in removed blocks", "1.7.0", "1.10.0")
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	testMix(t, sim, []resource.TestStep{
		{Config: mix},
		{
			Config: acctest.ProviderBlock(sim) + `removed {
  from = tencentcss_mix_stream.test
  lifecycle { destroy = false }
}`,
			Check: func(*terraform.State) error {
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 0))
			},
		},
		{
			Config:             mix,
			ResourceName:       acctest.MixAddress,
			ImportState:        true,
			ImportStateId:      "room",
			ImportStatePersist: true,
			ImportStateCheck: func(states []*terraform.InstanceState) error {
				if len(states) != 1 || states[0].ID != "room" || states[0].Attributes["mix_stream_session_id"] != "room" {
					return fmt.Errorf("imported %v", states)
				}
				return nil
			},
		},
		{
			Config: mix,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(acctest.MixAddress, plancheck.ResourceActionUpdate),
				// Without a monitor there is nothing that an apply would find out.
				plancheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.Null()),
			}},
			Check: func(*terraform.State) error {
				if s, _ := sim.Session("room"); s.Updates != 1 {
					return errors.New("the mix was not sent again")
				}
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 0))
			},
		},
	})
}

func TestAccMixStream_importInvalidID(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:        acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
			ResourceName:  acctest.MixAddress,
			ImportState:   true,
			ImportStateId: "not a session",
			ExpectError:   acctest.Message("Invalid session ID", `"not a session"`, "A-Z, a-z, 0-9 and _"),
		}},
	})
}

func TestAccMixStream_importByIdentity(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_12_0)},
		Steps: []resource.TestStep{
			{
				Config: mix,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectIdentity(acctest.MixAddress, map[string]knownvalue.Check{"mix_stream_session_id": knownvalue.StringExact("room")}),
				},
			},
			{
				Config:             mix,
				ResourceName:       acctest.MixAddress,
				ImportState:        true,
				ImportStateKind:    resource.ImportBlockWithResourceIdentity,
				ExpectNonEmptyPlan: true,
			},
		},
	})
}
