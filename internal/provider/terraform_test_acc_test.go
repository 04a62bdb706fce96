// SPDX-License-Identifier: MPL-2.0

//go:build unix

package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

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
	acctest.NeedVersion(t, "one provider for all runs of a test file", "1.13.0", "")
	sim := newSim(t)
	const name = "life.tftest.hcl"
	w := newWorkspace(t, map[string]string{"main.tf": requires + testedModule, name: providerBlock(sim) + lifeOfOneSession})
	w.RunTestFile(name)

	var applied []string
	for _, r := range sim.RequestsOf(livesim.ActionCreate) {
		applied = append(applied, r.SessionID)
	}
	if want := []string{"lobby", "lobby", "hall", "lobby"}; !slices.Equal(applied, want) {
		t.Errorf("applied: %q, want %q", applied, want)
	}
	if got := strings.Fields(cancelledIDs(sim)); !slices.Equal(got, []string{"lobby", "hall", "lobby"}) {
		t.Errorf("cancelled: %q", got)
	}
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}
