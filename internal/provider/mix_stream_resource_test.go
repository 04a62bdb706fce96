// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

const testAddress = acctest.MixAddress

// expectAction plans one action for the mix.
func expectAction(action plancheck.ResourceActionType) resource.ConfigPlanChecks {
	return resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectResourceAction(testAddress, action)}}
}

func TestAccMixStream_minimal(t *testing.T) {
	sim := newSim(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{
				Config: providerBlock(sim) + minimalMix("room"),
				ConfigPlanChecks: resource.ConfigPlanChecks{
					PreApply: []plancheck.PlanCheck{
						plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionCreate),
						plancheck.ExpectKnownValue(testAddress, tfjsonpath.New("id"), knownvalue.StringExact("room")),
						plancheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(0)),
						plancheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_stream_state"), knownvalue.Null()),
					},
					PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()},
				},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("id"), knownvalue.StringExact("room")),
					statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("input_stream_list").AtSliceIndex(0).AtMapKey("layout_params").AtMapKey("input_type"), knownvalue.StringExact("audio_video")),
					statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_stream_state"), knownvalue.Null()),
				},
				Check: resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCreate, 1), calls(sim, livesim.ActionState, 0)),
			},
			// The same configuration again: nothing to do, and no call at all.
			{
				Config:           providerBlock(sim) + minimalMix("room"),
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				Check:            calls(sim, livesim.ActionCreate, 1),
			},
		},
	})
	if sent := len(sim.Requests()); sim != nil && sent != 2 {
		t.Errorf("%d calls in all, want a create and a cancel", sent)
	}
}

// Every attribute there is reaches the API under its name, and what is not set does not.
func TestAccMixStream_maximal(t *testing.T) {
	sim := newSim(t)
	mix := providerBlock(sim) + `
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id = "room"
  input_stream_list = [
    {
      input_stream_name = "Canvas1"
      layout_params = {
        image_layer  = 1
        input_type   = "canvas"
        image_width  = 1280
        image_height = 720
        color        = "#cc0033"
      }
    },
    {
      input_stream_name = "host"
      layout_params = {
        image_layer  = 2
        input_type   = "audio_video"
        image_width  = 0.5
        image_height = 0.5
        location_x   = 0
        location_y   = 0.25
      }
      crop_params = {
        crop_width            = 240
        crop_height           = 320
        crop_start_location_x = 100
        crop_start_location_y = 0
      }
      portrait_segment_params = { color = "0x00ff00" }
    },
    {
      input_stream_name = "guest"
      layout_params     = { image_layer = 3, input_type = "audio" }
    },
    {
      input_stream_name = "Logo1"
      layout_params = {
        image_layer  = 4
        input_type   = "picture"
        watermark_id = 17
        image_width  = 100
        image_height = 100
      }
    },
    {
      input_stream_name = "Sticker1"
      layout_params = {
        image_layer  = 5
        input_type   = "web_page"
        web_page_url = "https://stickers.example.com/confetti"
      }
    },
  ]
  output_params = {
    output_stream_name       = "show"
    output_stream_bit_rate   = 2500
    output_stream_gop        = 2
    output_stream_frame_rate = 30
    output_audio_bit_rate    = 128
    output_audio_sample_rate = 48000
    output_audio_channels    = 2
    mix_sei                  = "hello"
  }
  control_params = {
    use_mix_crop_center     = true
    allow_copy              = false
    pass_input_sei          = true
    use_picture_transparent = true
  }
  wait_for_inputs = true
  output_monitor = {
    domain_name    = "push.example.com"
    app_name       = "live"
    active_timeout = "10s"
  }
  timeouts = { create = "1m", read = "1m", update = "1m", delete = "1m" }
}
`
	domain := livesim.Domain("push.example.com")
	sim.Publish("host", livesim.LongSince(), domain)
	sim.Publish("guest", livesim.LongSince(), domain)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{{
			Config: mix,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_stream_state"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(1)),
			},
			Check: func(*terraform.State) error {
				sent := sim.RequestsOf(livesim.ActionCreate)[0].Params
				return equalJSON(sent, `{
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
		}},
	})
}

func TestAccMixStream_updateInPlace(t *testing.T) {
	sim := newSim(t)
	before := providerBlock(sim) + minimalMix("room")
	after := strings.ReplaceAll(before, "mix_stream_template_id = 20", "mix_stream_template_id = 30")
	timeoutsOnly := strings.ReplaceAll(after, "output_params = {", "timeouts = { create = \"2m\" }\n  output_params = {")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{Config: before, Check: live(sim, "room")},
			{
				Config:           after,
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check: resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCancel, 0), func(*terraform.State) error {
					if s, _ := sim.Session("room"); s.Template != 30 || s.Updates != 1 {
						return fmt.Errorf("session %+v, want template 30 after 1 update", s)
					}
					return nil
				}),
			},
			// A timeout is this provider's business: the mix is left alone.
			{
				Config:           timeoutsOnly,
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            calls(sim, livesim.ActionCreate, 2),
			},
		},
	})
}

func TestAccMixStream_removedFromConfiguration(t *testing.T) {
	sim := newSim(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: providerBlock(sim) + minimalMix("room"), Check: live(sim, "room")},
			{
				Config:           providerBlock(sim),
				ConfigPlanChecks: expectAction(plancheck.ResourceActionDestroy),
				Check:            resource.ComposeTestCheckFunc(live(sim), calls(sim, livesim.ActionCancel, 1)),
			},
		},
	})
}

func TestAccMixStream_cancelRetriesInternalError(t *testing.T) {
	sim := newSim(t)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             resource.ComposeTestCheckFunc(nothingLeft(sim), calls(sim, livesim.ActionCancel, 3)),
		Steps: []resource.TestStep{{
			Config: providerBlock(sim) + minimalMix("room"),
			Check: func(*terraform.State) error {
				sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Times: 2, Error: &livesim.APIError{Code: "InternalError", Message: "internal error"}})
				return nil
			},
		}},
	})
}

// An InternalError that never ends leaves the resource in the state. It may have cancelled the session all the same, so the
// next apply sends the mix again; a destroy cancels it.
func TestAccMixStream_cancelFailsForEver(t *testing.T) {
	sim := newSim(t)
	mix := providerBlock(sim, "max_retries = 2") + minimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{Config: mix, Check: live(sim, "room")},
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionCancel, Times: -1, Error: &livesim.APIError{Code: "InternalError", Message: "internal error"}})
				},
				Config:      mix,
				Destroy:     true,
				ExpectError: message("Unable to cancel mix stream", "The API failed", "It stays in the state", "Code: InternalError", "Message: internal error", "RequestId:", "Attempts: 3"),
			},
			{
				PreConfig:        sim.ClearFaults,
				Config:           mix,
				ConfigPlanChecks: expectAction(plancheck.ResourceActionUpdate),
				Check:            resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCreate, 2)),
			},
		},
	})
}

// Cancelling what is gone is a success, however Tencent spells it.
func TestAccMixStream_cancelOfAGoneSession(t *testing.T) {
	for name, change := range map[string]func(*livesim.Options){
		"failed operation":       func(*livesim.Options) {},
		"invalid parameter":      func(o *livesim.Options) { o.CancelNotExist = "InvalidParameter.CancelSessionNotExist" },
		"inner code":             func(o *livesim.Options) { o.CancelNotExist = "-30300"; o.Errors = livesim.OtherErrorInner },
		"inner code, older form": func(o *livesim.Options) { o.CancelNotExist = "-31001"; o.Errors = livesim.InvalidParameterInner },
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim(t, change)
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				CheckDestroy:             resource.ComposeTestCheckFunc(nothingLeft(sim), calls(sim, livesim.ActionCancel, 1)),
				Steps: []resource.TestStep{{
					Config: providerBlock(sim) + minimalMix("room"),
					// All inputs go offline, and the session ends by itself after a quarter of an hour.
					Check: func(*terraform.State) error {
						sim.Unpublish("host")
						sim.Unpublish("guest")
						sim.Advance(16 * time.Minute)
						return live(sim)(nil)
					},
				}},
			})
		})
	}
}

// The answer to the cancel is lost after it took effect: the second cancel finds nothing, and that is a success.
func TestAccMixStream_cancelAnswerLost(t *testing.T) {
	for name, fault := range map[string]livesim.Fault{
		"cut connection": {Cut: true, After: true},
		"cut body":       {Truncate: true},
		"not JSON":       {NotJSON: true, After: true},
		"HTTP 502":       {Status: 502, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			sim := newSim(t)
			fault.Action = livesim.ActionCancel
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				CheckDestroy:             resource.ComposeTestCheckFunc(nothingLeft(sim), calls(sim, livesim.ActionCancel, 2)),
				Steps: []resource.TestStep{{
					Config: providerBlock(sim) + minimalMix("room"),
					Check:  func(*terraform.State) error { sim.Inject(fault); return nil },
				}},
			})
		})
	}
}

// The answer to the create is lost after it took effect, and the retries are used up: the session is in the state as
// tainted, and is cancelled before a new one is created.
func TestAccMixStream_createAnswerLost(t *testing.T) {
	sim := newSim(t)
	mix := providerBlock(sim, "max_retries = 0") + minimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{
				Config:      mix,
				ExpectError: message("Mix stream may be running", "stays in the state as tainted", "Code: ClientError.NetworkError"),
			},
			{
				PreConfig: func() {
					if err := live(sim, "room")(nil); err != nil {
						t.Error(err)
					}
				},
				Config:           mix,
				ConfigPlanChecks: expectAction(plancheck.ResourceActionReplace),
				Check:            resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCancel, 1), calls(sim, livesim.ActionCreate, 2)),
			},
		},
	})
}

// The same, but the user gives up on the mix: the destroy leaves nothing.
func TestAccMixStream_createAnswerLostThenDestroyed(t *testing.T) {
	sim := newSim(t)
	mix := providerBlock(sim, "max_retries = 0") + minimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{Config: mix, ExpectError: message("Mix stream may be running")},
			{Config: mix, Destroy: true, PreConfig: func() {
				if err := live(sim, "room")(nil); err != nil {
					t.Error(err)
				}
			}},
		},
	})
	if got := cancelledIDs(sim); got != "room" {
		t.Errorf("cancelled: %q, want room", got)
	}
}

// A lost answer with retries left is no matter for the user: the second create changes the session that the first began.
func TestAccMixStream_createRetried(t *testing.T) {
	sim := newSim(t)
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Cut: true, After: true})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{{
			Config: providerBlock(sim) + minimalMix("room"),
			Check:  resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCreate, 2)),
		}},
	})
}

// A refusal proves that nothing was started: the state stays empty, and so the next plan creates.
func TestAccMixStream_createRefused(t *testing.T) {
	sim := newSim(t)
	mix := providerBlock(sim) + minimalMix("room")
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InvalidParameter.InvalidPictureID", Message: "no such picture"}})
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{
				Config:      mix,
				ExpectError: message("Unable to create mix stream", "A picture has no valid ID", "was not started", "Code: InvalidParameter.InvalidPictureID", "Attempts: 1"),
			},
			{
				Config:           mix,
				ConfigPlanChecks: expectAction(plancheck.ResourceActionCreate),
				Check:            resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCancel, 0), calls(sim, livesim.ActionCreate, 2)),
			},
		},
	})
}

func TestAccMixStream_wrongSecretKey(t *testing.T) {
	sim := newSim(t)
	mix := strings.ReplaceAll(providerBlock(sim), "simulator-secret-key", "a-wrong-secret-key") + minimalMix("room")
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{{
			Config:      mix,
			ExpectError: message("Unable to create mix stream", "The signature of the call is wrong", "Check the secret ID, the secret key", "Code: AuthFailure.SignatureFailure", "Attempts: 1"),
		}},
	})
	if n := len(sim.Requests()); n != 1 {
		t.Errorf("%d calls, want 1", n)
	}
}

// Tencent refuses another output name for a running session, so that a change replaces it: cancel, wait, create.
func TestAccMixStream_outputNameReplaces(t *testing.T) {
	sim := newSim(t)
	before := providerBlock(sim) + minimalMix("room")
	after := strings.ReplaceAll(before, `output_stream_name = "host"`, `output_stream_name = "show"`)
	var cancelled, created time.Time
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{Config: before},
			{
				Config: after,
				ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
					plancheck.ExpectResourceAction(testAddress, plancheck.ResourceActionReplace),
					plancheck.ExpectKnownValue(testAddress, tfjsonpath.New("output_params").AtMapKey("output_stream_type"), knownvalue.Int64Exact(1)),
				}},
				Check: resource.ComposeTestCheckFunc(live(sim, "room"), calls(sim, livesim.ActionCancel, 1), calls(sim, livesim.ActionCreate, 2), func(*terraform.State) error {
					cancelled, created = sim.RequestsOf(livesim.ActionCancel)[0].Time, sim.RequestsOf(livesim.ActionCreate)[1].Time
					if gap := created.Sub(cancelled); gap < accPacing {
						return fmt.Errorf("the session was used again %s after its cancel, want at least %s", gap, accPacing)
					}
					return nil
				}),
			},
		},
	})
}
