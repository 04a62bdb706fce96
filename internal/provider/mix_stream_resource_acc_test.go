// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// testMix runs the steps, each with fresh servers of the provider, and checks that no session outlives the last destroy.
func testMix(t *testing.T, sim *livesim.Server, steps []resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps:                    steps,
	})
}

// expectAction plans one action for the mix.
func expectAction(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(acctest.MixAddress, action)}}
}

func TestAccMixStream_minimal(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	testMix(t, sim, []resource.TestStep{
		{
			Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
			ConfigPlanChecks: resource.ConfigPlanChecks{
				PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(acctest.MixAddress, plancheck.ResourceActionCreate),
					plancheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("id"), knownvalue.StringExact("room")),
					plancheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(0)),
					plancheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.Null()),
				},
				PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
			},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("id"), knownvalue.StringExact("room")),
				statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("input_stream_list").AtSliceIndex(0).AtMapKey("layout_params").AtMapKey("input_type"), knownvalue.StringExact("audio_video")),
				statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.Null()),
			},
			Check: func(*terraform.State) error {
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCreate, 1), acctest.Calls(sim, livesim.ActionState, 0))
			},
		},
		// The same configuration again: nothing to do, and no call at all.
		{
			Config:           acctest.ProviderBlock(sim) + acctest.MinimalMix("room"),
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			Check:            func(*terraform.State) error { return acctest.Calls(sim, livesim.ActionCreate, 1) },
		},
	})
	if sent := len(sim.Requests()); sim != nil && sent != 2 {
		t.Errorf("%d calls in all, want a create and a cancel", sent)
	}
}

// Every attribute there is reaches the API under its name, and what is not set does not.
func TestAccMixStream_maximal(t *testing.T) {
	acctest.Need(t)
	sim := acctest.WithDomain(acctest.StartSimulator(t))
	mix, err := os.ReadFile("testdata/maximal.tf")
	if err != nil {
		t.Fatal(err)
	}
	testMix(t, sim, []resource.TestStep{{
		Config: acctest.ProviderBlock(sim) + string(mix),
		ConfigStateChecks: []statecheck.StateCheck{
			statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_stream_state"), knownvalue.StringExact("active")),
			statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(1)),
		},
		Check: func(*terraform.State) error {
			sent := sim.RequestsOf(livesim.ActionCreate)[0].Params
			return acctest.EqualJSON(sent, `{
				"MixStreamSessionId": "room",
				"InputStreamList": [
					{"InputStreamName": "Canvas1", "LayoutParams": {"ImageLayer": 1, "InputType": 3, "ImageWidth": 1280, "ImageHeight": 720, "Color": "0xCC0033"}},
					{"InputStreamName": "host", "LayoutParams": {"ImageLayer": 2, "InputType": 0, "ImageWidth": 0.5, "ImageHeight": 0.5, "LocationX": 0, "LocationY": 0.25},
					 "CropParams": {"CropWidth": 240, "CropHeight": 320, "CropStartLocationX": 100, "CropStartLocationY": 0},
					 "PortraitSegmentParams": {"Color": "0x00FF00"}},
					{"InputStreamName": "guest", "LayoutParams": {"ImageLayer": 3, "InputType": 4}},
					{"InputStreamName": "Logo1", "LayoutParams": {"ImageLayer": 4, "InputType": 2, "WatermarkId": 17, "ImageWidth": 100, "ImageHeight": 100}},
					{"InputStreamName": "Sticker1", "LayoutParams": {"ImageLayer": 5, "InputType": 8, "WebPageUrl": "https://stickers.example.com/confetti"}}
				],
				"OutputParams": {"OutputStreamName": "show", "OutputStreamType": 1, "OutputStreamBitRate": 2500, "OutputStreamGop": 2, "OutputStreamFrameRate": 30,
					"OutputAudioBitRate": 128, "OutputAudioSampleRate": 48000, "OutputAudioChannels": 2, "MixSei": "hello"},
				"ControlParams": {"UseMixCropCenter": 1, "AllowCopy": 0, "PassInputSei": 1, "UsePictureTransparent": 1}
			}`)
		},
	}})
}

func TestAccMixStream_updateInPlace(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	before := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	after := strings.ReplaceAll(before, "mix_stream_template_id = 20", "mix_stream_template_id = 30")
	timeoutsOnly := strings.ReplaceAll(after, "output_params = {", "timeouts = { create = \"2m\" }\n  output_params = {")
	testMix(t, sim, []resource.TestStep{
		{Config: before, Check: func(*terraform.State) error { return acctest.Live(sim, "room") }},
		{
			Config:           after,
			ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			Check: func(*terraform.State) error {
				if s, _ := sim.Session("room"); s.Template != 30 || s.Updates != 1 {
					return fmt.Errorf("session %+v, want template 30 after 1 update", s)
				}
				return errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 0))
			},
		},
		// A timeout is this provider's business: the mix is left alone.
		{
			Config:           timeoutsOnly,
			ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			Check:            func(*terraform.State) error { return acctest.Calls(sim, livesim.ActionCreate, 2) },
		},
	})
}

func TestAccMixStream_removedFromConfiguration(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: acctest.ProviderBlock(sim) + acctest.MinimalMix("room"), Check: func(*terraform.State) error { return acctest.Live(sim, "room") }},
			{
				Config:           acctest.ProviderBlock(sim),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionDestroy),
				Check: func(*terraform.State) error {
					return errors.Join(acctest.Live(sim), acctest.Calls(sim, livesim.ActionCancel, 1))
				},
			},
		},
	})
}

// Tencent refuses another output name for a running session, so that a change replaces it: cancel, wait, create.
func TestAccMixStream_outputNameReplaces(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	before := acctest.ProviderBlock(sim) + acctest.MinimalMix("room")
	after := strings.ReplaceAll(before, `output_stream_name = "host"`, `output_stream_name = "show"`)
	testMix(t, sim, []resource.TestStep{
		{Config: before},
		{
			Config: after,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectResourceAction(acctest.MixAddress, plancheck.ResourceActionReplace),
				plancheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(1)),
			}},
			Check: func(*terraform.State) error {
				if err := errors.Join(acctest.Live(sim, "room"), acctest.Calls(sim, livesim.ActionCancel, 1), acctest.Calls(sim, livesim.ActionCreate, 2)); err != nil {
					return err
				}
				cancelled, created := sim.RequestsOf(livesim.ActionCancel)[0].Time, sim.RequestsOf(livesim.ActionCreate)[1].Time
				if gap := created.Sub(cancelled); gap < acctest.Pacing {
					return fmt.Errorf("the session was used again %s after its cancel, want at least %s", gap, acctest.Pacing)
				}
				return nil
			},
		},
	})
}

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

// cloud is where a test runs that does not control the API: the simulator or Tencent Cloud.
type cloud struct {
	// block is the provider block, and session a session ID that is free.
	block, session string
	// streams are two that push.
	streams []string
	client  *liveapi.Client
}

// anyCloud is a simulator; with TENCENTCSS_ACC_CLOUD it is Tencent Cloud, with the credentials of the environment and the
// two streams that TENCENTCSS_ACC_STREAMS names, separated by a comma.
func anyCloud(t *testing.T) cloud {
	t.Helper()
	acctest.Need(t)
	if os.Getenv(acctest.CloudVariable) == "" {
		sim := acctest.StartSimulator(t)
		return cloud{
			block: acctest.ProviderBlock(sim), session: "anywhere", streams: []string{"host", "guest"},
			client: clientOf(t, environment{getenv: func(name string) string {
				return map[string]string{
					"TENCENTCLOUD_SECRET_ID": "AKIDsimulator", "TENCENTCLOUD_SECRET_KEY": "simulator-secret-key",
					"TENCENTCSS_LIVE_ENDPOINT": sim.URL(),
				}[name]
			}}),
		}
	}
	streams := strings.Split(os.Getenv("TENCENTCSS_ACC_STREAMS"), ",")
	if len(streams) != 2 {
		t.Fatalf("TENCENTCSS_ACC_STREAMS names %q, and must name two streams that push, as in host,guest", streams)
	}
	return cloud{
		block: `provider "tencentcss" {}`, session: fmt.Sprintf("tf_acc_%d", time.Now().UnixNano()), streams: streams,
		client: clientOf(t, processEnvironment()),
	}
}

// clientOf is a client that knows nothing but an environment.
func clientOf(t *testing.T, env environment) *liveapi.Client {
	t.Helper()
	cfg, _, diags := resolveConfig(t.Context(), providerModel{}, env)
	if diags.HasError() {
		t.Fatal(diags)
	}
	return newClient(t, cfg)
}

func (c cloud) mix(template int) string {
	return fmt.Sprintf(`%s
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id  = %q
  mix_stream_template_id = %d
  input_stream_list = [
    { input_stream_name = %q, layout_params = { image_layer = 1 } },
    { input_stream_name = %q, layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "%[2]s_out" }
}
`, c.block, c.session, template, c.streams[0], c.streams[1])
}

// A mix is created, changed in place, imported and cancelled, on the simulator as on Tencent Cloud.
func TestAccCloud_life(t *testing.T) {
	c := anyCloud(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		// No API tells what runs, but a cancel tells whether the session is gone.
		CheckDestroy: func(*terraform.State) error {
			switch cancelled, err := c.client.CancelAnyMixStream(t.Context(), c.session, func(string) {}); {
			case err != nil:
				return err
			case cancelled != liveapi.OutcomeNotFound:
				return fmt.Errorf("the session %s outlived its destroy; it is cancelled now", c.session)
			}
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config:           c.mix(20),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("id"), knownvalue.StringExact(c.session)),
					statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(1)),
				},
			},
			{
				Config:           c.mix(30),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
			},
			{
				ResourceName:            acctest.MixAddress,
				ImportState:             true,
				ImportStateVerify:       true,
				ImportStateVerifyIgnore: []string{"mix_stream_template_id", "input_stream_list", "output_params"},
			},
		},
	})
}
