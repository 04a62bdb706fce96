// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/terraform"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// The seven replies of Tencent's page on mixing errors (https://www.tencentcloud.com/document/product/267/54768), which all come as InvalidParameter.OtherError: each is
// caught at plan, or is an apply error with a hint where it cannot be known at plan. The last one cannot come up at all,
// as the provider derives the type of the output from its name; should it, it is told like the others.
func TestAccGuides_mixingErrors(t *testing.T) {
	pushedAt := func(name string, width, height int) func(*livesim.Server) {
		return func(sim *livesim.Server) { sim.Publish(name, livesim.LongSince(), livesim.Size(width, height)) }
	}
	reply := func(message string) func(*livesim.Server) {
		return func(sim *livesim.Server) {
			sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InvalidParameter.OtherError", Message: message}})
		}
	}
	other := strings.NewReplacer(`"test"`, `"other"`, `"room"`, `"stage"`).Replace(acctest.MinimalMix("room"))
	layout := func(guest string) string {
		return strings.Replace(strings.Replace(acctest.MinimalMix("room"), "mix_stream_template_id = 20", "", 1), "layout_params = { image_layer = 2 }", "layout_params = { image_layer = 2, "+guest+" }", 1)
	}
	tests := map[string]struct {
		options func(*livesim.Options)
		before  func(*livesim.Server)
		first   string // applied before, with success
		mix     string
		atPlan  bool
		want    []string
	}{
		"1 input larger than 2000 pixels": {
			before: pushedAt("guest", 2160, 1080), mix: acctest.MinimalMix("room"),
			want: []string{"An input is wider or higher than 2000 pixels", "Push it at 2000 pixels", "InnerCode: -10021"},
		},
		"2 stream in too many sessions": {
			options: func(o *livesim.Options) { o.MaxSessionsPerStream = 1 },
			first:   other,
			mix:     other + strings.Replace(acctest.MinimalMix("room"), `output_stream_name = "host"`, `output_stream_name = "show"`, 1),
			want:    []string{"in 20 mix sessions at once", "Sessions that nobody cancelled count", "InnerCode: -41"},
		},
		"3 account in channel mode": {
			before: reply("InnerErrCode:[ -4 ],InnerErrMsg: [ get liveconfig failed! ]"), mix: acctest.MinimalMix("room"),
			want: []string{"the account still runs in the old channel mode", "upgrade the live console", "InnerCode: -4"},
		},
		"4 template and inputs": {
			mix: strings.Replace(acctest.MinimalMix("room"), "20", "410", 1), atPlan: true,
			want: []string{"Template does not fit the number of inputs", "a layout of 4 visual inputs, but this mix has 2", "10, 20, 30, 40, 50"},
		},
		"5 output is the background of another session": {
			first: other, mix: other + acctest.MinimalMix("room"),
			want: []string{"The name of the output is taken", "Give another output_stream_name", "InnerCode: -300"},
		},
		"6 input leaves the background": {
			mix: layout("image_width = 0.5, location_x = 0.7"), atPlan: true,
			want: []string{"Input extends beyond the background", "location_x 0.7 + image_width 0.5 = 1.2"},
		},
		"6 input leaves a live background": {
			before: pushedAt("host", 640, 360), mix: layout("image_width = 320, location_x = 400"),
			want: []string{"An input lies outside the background", "what counts is the size that it is pushed with", "InnerCode: -2"},
		},
		"7 type and name of the output": {
			before: reply("InnerErrCode:[ -111 ],InnerErrMsg: [ output_stream_type is [0],but output_stream_id xxxxx is not in input stream list ]"), mix: acctest.MinimalMix("room"),
			want: []string{"The type of the output does not fit its name", "InnerCode: -111"},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			acctest.Need(t)
			sim := acctest.StartSimulator(t, func(o *livesim.Options) {
				o.Errors = livesim.OtherErrorInner
				if tt.options != nil {
					tt.options(o)
				}
			})
			var steps []resource.TestStep
			if tt.first != "" {
				steps = append(steps, resource.TestStep{Config: acctest.ProviderBlock(sim) + tt.first})
			}
			if tt.before != nil {
				tt.before(sim)
			}
			steps = append(steps, resource.TestStep{Config: acctest.ProviderBlock(sim) + tt.mix, PlanOnly: tt.atPlan, ExpectError: acctest.Message(tt.want...)})
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
					"tencentcss": func() (tfprotov6.ProviderServer, error) { return provider.NewServer("test")(), nil },
				},
				CheckDestroy: func(*terraform.State) error {
					if n := len(sim.RequestsOf(livesim.ActionCreate)); tt.atPlan && n != 0 {
						return fmt.Errorf("%d creates were sent for what the plan can tell", n)
					}
					return acctest.NothingLeft(sim)
				},
				Steps: steps,
			})
		})
	}
}
