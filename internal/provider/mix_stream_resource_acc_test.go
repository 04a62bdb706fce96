// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// expectAction plans one action for the mix.
func expectAction(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(acctest.MixAddress, action)}}
}

// testMix runs the steps, each with fresh servers of the provider, and checks that no session outlives the last destroy.
func testMix(t *testing.T, sim *livesim.Server, steps []resource.TestStep) {
	t.Helper()
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps:                    steps,
	})
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

func TestAccMixStream_wrongSecretKey(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	mix := strings.ReplaceAll(acctest.ProviderBlock(sim), "simulator-secret-key", "a-wrong-secret-key") + acctest.MinimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:      mix,
			ExpectError: acctest.Message("Unable to create mix stream", "The signature of the call is wrong", "Check the secret ID, the secret key", "Code: AuthFailure.SignatureFailure", "Attempts: 1"),
		}},
	})
	if n := len(sim.Requests()); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}
