// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
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

// The state is read anew by each plan.
func TestAccStreamState(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Publish("band", livesim.App("stage"), livesim.LongSince())
	config := acctest.ProviderBlock(sim) + `
data "tencentcss_stream_state" "host" {
  domain_name = "push.example.com"
  stream_name = "host"
}

data "tencentcss_stream_state" "band" {
  domain_name = "push.example.com"
  app_name    = "stage"
  stream_name = "band"
}

output "host" {
  value = data.tencentcss_stream_state.host.state
}
`
	expect := func(name, app, state string) []statecheck.StateCheck {
		at := "data.tencentcss_stream_state." + name
		return []statecheck.StateCheck{
			statecheck.ExpectKnownValue(at, tfjsonpath.New("app_name"), knownvalue.StringExact(app)),
			statecheck.ExpectKnownValue(at, tfjsonpath.New("state"), knownvalue.StringExact(state)),
		}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: append(expect("host", "live", "active"), expect("band", "stage", "active")...)},
			{PreConfig: func() { sim.Unpublish("host") }, Config: config, ConfigStateChecks: expect("host", "live", "inactive")},
			{PreConfig: func() { sim.Forbid("host") }, Config: config, ConfigStateChecks: expect("host", "live", "forbid")},
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "AuthFailure.TokenFailure", Message: "no token"}})
				},
				Config:      config,
				ExpectError: acctest.Message("Unable to read stream state", "The security token is wrong or has expired", "AuthFailure.TokenFailure", "RequestId:", "Attempts: 1"),
			},
			{PreConfig: sim.ClearFaults, Config: config},
		},
	})
}

// All pages of the API make one list, and a list that has not changed plans nothing.
func TestAccOnlineStreams(t *testing.T) {
	acctest.Need(t)
	const n = 250
	sim := acctest.StartSimulator(t)
	for i := range n {
		sim.Publish(fmt.Sprintf("room_%03d", i), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	const at = "data.tencentcss_online_streams.rooms"
	config := acctest.ProviderBlock(sim) + `
data "tencentcss_online_streams" "rooms" {
  domain_name        = "push.example.com"
  stream_name_prefix = "room_"
}

output "names" {
  value = join(" ", data.tencentcss_online_streams.rooms.streams[*].stream_name)
}
`
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("room_%03d", i))
	}
	stream := func(name string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"domain_name": knownvalue.StringExact("push.example.com"), "app_name": knownvalue.StringExact("live"), "stream_name": knownvalue.StringExact(name),
			"publish_times": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))}),
		})
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListSizeExact(n)),
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams").AtSliceIndex(0), stream("room_000")),
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams").AtSliceIndex(n-1), stream("room_249")),
					statecheck.ExpectKnownOutputValue("names", knownvalue.StringExact(strings.Join(names, " "))),
				},
			},
			{
				PreConfig: func() {
					for _, name := range names[1:] {
						sim.Unpublish(name)
					}
				},
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListExact([]knownvalue.Check{stream("room_000")})),
				},
			},
			{
				PreConfig:         func() { sim.Unpublish(names[0]) },
				Config:            config,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListExact([]knownvalue.Check{}))},
			},
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionOnlineList, Times: -1, Error: &livesim.APIError{Code: "UnauthorizedOperation", Message: "not allowed"}})
				},
				Config:      config,
				ExpectError: acctest.Message("Unable to read online streams", "The credentials do not allow this call", "RequestId:"),
			},
			{PreConfig: sim.ClearFaults, Config: config},
		},
	})
}

// needFunctions skips a test on a CLI that does not know functions of providers.
var needFunctions = []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_8_0)}

// declares names the provider by its address in the test harness, without which a configuration has no functions.
const declares = `
terraform {
  required_providers {
    tencentcss = { source = "hashicorp/tencentcss" }
  }
}
`

// Nine streams in ten lines: planned, mixed, unchanged when planned again, and drawn from the resource.
func TestAccFunction_grid(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, acctest.AnyStreamPushes)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		TerraformVersionChecks:   needFunctions,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{{
			Config: declares + acctest.ProviderBlock(sim) + `
resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id = "wall"
  input_stream_list     = provider::tencentcss::grid_layout([for n in range(9) : "camera_${n + 1}"], 1920, 1080)
  output_params         = { output_stream_name = "wall_mix" }
}

output "picture" {
  value = provider::tencentcss::layout_svg(tencentcss_mix_stream.test.input_stream_list, tencentcss_mix_stream.test.mix_stream_template_id)
}

output "plain" {
  value = provider::tencentcss::layout_svg([
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ], 20)
}
`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(acctest.MixAddress, tfjsonpath.New("input_stream_list").AtSliceIndex(9), knownvalue.ObjectExact(map[string]knownvalue.Check{
					"input_stream_name": knownvalue.StringExact("camera_9"),
					"layout_params": knownvalue.ObjectExact(map[string]knownvalue.Check{
						"image_layer": knownvalue.Int64Exact(10), "input_type": knownvalue.StringExact("audio_video"),
						"image_width": knownvalue.Float64Exact(640), "image_height": knownvalue.Float64Exact(360),
						"location_x": knownvalue.Float64Exact(1280), "location_y": knownvalue.Float64Exact(720),
						"color": knownvalue.Null(), "watermark_id": knownvalue.Null(), "web_page_url": knownvalue.Null(),
					}),
					"crop_params": knownvalue.Null(), "portrait_segment_params": knownvalue.Null(),
				})),
				statecheck.ExpectKnownOutputValue("picture", knownvalue.StringRegexp(regexp.MustCompile(`(?s)^<svg .*camera_1.*camera_9.*640 × 360.*</svg>\n$`))),
				statecheck.ExpectKnownOutputValue("plain", knownvalue.StringRegexp(regexp.MustCompile(`(?s)^<svg .*template 20 · approximate.*</svg>\n$`))),
			},
			Check: func(*terraform.State) error { return acctest.Live(sim, "wall") },
		}},
	})
}

// Streams whose names are not known yet make a layout that is not known yet.
func TestAccFunction_unknown(t *testing.T) {
	acctest.Need(t)
	sim := acctest.StartSimulator(t, acctest.AnyStreamPushes)
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		TerraformVersionChecks:   needFunctions,
		CheckDestroy:             func(*terraform.State) error { return acctest.NothingLeft(sim) },
		Steps: []resource.TestStep{{
			Config: declares + acctest.ProviderBlock(sim) + `
resource "terraform_data" "later" {
  input = ["left", "right"]
}

resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id = "room"
  input_stream_list     = provider::tencentcss::grid_layout(terraform_data.later.output, 1280, 720)
  output_params         = { output_stream_name = "room_mix" }
}

output "picture" {
  value = provider::tencentcss::layout_svg(tencentcss_mix_stream.test.input_stream_list, null)
}
`,
			ConfigPlanChecks: resource.ConfigPlanChecks{PreApply: []plancheck.PlanCheck{
				plancheck.ExpectUnknownValue(acctest.MixAddress, tfjsonpath.New("input_stream_list")),
				plancheck.ExpectUnknownOutputValue("picture"),
			}},
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownOutputValue("picture", knownvalue.StringRegexp(regexp.MustCompile(`right`))),
			},
			Check: func(*terraform.State) error { return acctest.Live(sim, "room") },
		}},
	})
}

// The key makes all that is made of it sensitive, and functions need no provider configuration.
func TestAccFunction_sensitive(t *testing.T) {
	acctest.NeedVersion(t, "functions without credentials", "1.8.0", "1.12.0")
	config := func(function, sensitive string) string {
		return declares + fmt.Sprintf(`
variable "key" {
  type      = string
  sensitive = true
  default   = "e12c46f2612d5106e2034781ab261ca3"
}

output "urls" {
  value = provider::tencentcss::%s("livepush.tcloud.com", "live", "test", var.key, "2018-12-29T14:13:45+08:00")
  %s
}
`, function, sensitive)
	}
	published := knownvalue.StringExact("rtmp://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099")
	for _, function := range []string{"push_urls", "play_urls"} {
		t.Run(function, func(t *testing.T) {
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				TerraformVersionChecks:   needFunctions,
				Steps: []resource.TestStep{
					{
						Config:      config(function, ""),
						ExpectError: acctest.Message("Output refers to sensitive values"),
					},
					{
						Config: config(function, "sensitive = true"),
						ConfigStateChecks: []statecheck.StateCheck{
							statecheck.ExpectKnownOutputValueAtPath("urls", tfjsonpath.New("rtmp"), published),
						},
						Check: func(s *terraform.State) error {
							if !s.RootModule().Outputs["urls"].Sensitive {
								return fmt.Errorf("the output is not sensitive")
							}
							return nil
						},
					},
				},
			})
		})
	}
}

// An error stands at its argument.
func TestAccFunction_errors(t *testing.T) {
	acctest.Need(t)
	for name, tc := range map[string]struct {
		call string
		want []string
	}{
		"width":      {`grid_layout(["a"], 1279, 720)`, []string{`Invalid value for "width" parameter:`, "width must be an even number of pixels from 16 to 2000; got 1279."}},
		"fraction":   {`grid_layout(["a"], 12.5, 720)`, []string{`Invalid value for "width" parameter:`, "width must be a whole number; got 12.5."}},
		"key":        {`push_urls("push.example.com", "live", "host", "", "2030-01-01T00:00:00Z")`, []string{`Invalid value for "key" parameter:`, "key is empty"}},
		"expires":    {`play_urls("play.example.com", "live", "host", "secret", null)`, []string{`Invalid value for "expires" parameter:`, "expires is required with a key"}},
		"layout":     {`layout_svg([{ input_stream_name = "a" }], null)`, []string{`Invalid value for "input_stream_list" parameter:`, "the input_stream_list[0].layout_params attribute as the provider has marked it as required"}},
		"template":   {`layout_svg([{ input_stream_name = "a", layout_params = { image_layer = 1 } }], 20)`, []string{`Invalid value for "template_id" parameter:`, "a layout of 2 visual inputs"}},
		"null":       {`layout_svg(null, 20)`, []string{`Invalid value for "input_stream_list" parameter:`, "argument must not be null"}},
		"null guest": {`picture_in_picture_layout("a", [null], 1280, 720, "top_left", 0, 0.5)`, []string{`Invalid value for "guests" parameter:`, "guests[0] must not be null"}},
		"huge":       {`grid_layout(["a"], 1e400, 720)`, []string{`Invalid value for "width" parameter:`, "width is too large a number; got 1e+400."}},
		"directory":  {`push_urls("push.example.com", "..", "host", null, null)`, []string{`Invalid value for "app" parameter:`, `and not . or .. alone; got "..".`}},
		"option":     {`grid_layout(["a"], 1280, 720, { ratoi = "9:16" })`, []string{`Invalid value for "options" parameter:`, `options has no attribute "ratoi"; did you mean "ratio"?`}},
		"mistyped":   {`inputs([{ input_stream_name = "a", layout_params = { image_layer = 1, imagewidth = 320 } }])`, []string{`Invalid value for "input_stream_list" parameter:`, `input_stream_list[0].layout_params has no attribute "imagewidth"; did you mean "image_width"?`}},
	} {
		t.Run(name, func(t *testing.T) {
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: factories,
				TerraformVersionChecks:   needFunctions,
				Steps: []resource.TestStep{{
					Config:      declares + fmt.Sprintf("\noutput \"result\" {\n  value = provider::tencentcss::%s\n}\n", tc.call),
					ExpectError: acctest.Message(tc.want...),
				}},
			})
		})
	}
}

// What the CLI hands on to another provider is what the function computes.
func TestAccEphemeralURLs(t *testing.T) {
	acctest.NeedVersion(t, "ephemeral values", "1.10.0", "1.11.0")
	sim := acctest.StartSimulator(t)
	config := func(name string) string {
		return acctest.ProviderBlock(sim) + fmt.Sprintf(`
ephemeral "tencentcss_%s" "test" {
  domain  = "livepush.tcloud.com"
  app     = "live"
  stream  = "test"
  key     = "e12c46f2612d5106e2034781ab261ca3"
  expires = "2018-12-29T14:13:45+08:00"
}

provider "echo" {
  data = ephemeral.tencentcss_%[1]s.test
}

resource "echo" "test" {}
`, name)
	}
	withEcho := maps.Clone(factories)
	withEcho["echo"] = echoprovider.NewProviderServer()
	for _, name := range []string{"push_urls", "play_urls"} {
		t.Run(name, func(t *testing.T) {
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: withEcho,
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
				Steps: []resource.TestStep{{
					Config: config(name),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("rtmp"),
							knownvalue.StringExact("rtmp://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099")),
					},
				}},
			})
		})
	}
}
