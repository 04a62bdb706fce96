// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
)

// The check of the resource's page passes the inputs as they stand there, knows every attribute, and finds a misspelled one,
// which Terraform itself drops.
func TestAccMixStream_checkedInputs(t *testing.T) {
	sim := newSim(t)
	example, err := os.ReadFile(filepath.Join("..", "..", "examples", "resources", mixStreamType, "checked_inputs.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for name := range inputAttributes() {
		if !strings.Contains(string(example), `"`+name+`"`) {
			t.Errorf("the check does not know %s", name)
		}
	}
	for name := range layoutAttributes() {
		if !strings.Contains(string(example), `"`+name+`"`) {
			t.Errorf("the check does not know %s", name)
		}
	}
	const last = "image_height = 180 }"
	changed := func(with string) string {
		if !strings.Contains(string(example), last) {
			t.Fatalf("no %q in the example", last)
		}
		return providerBlock(sim) + strings.Replace(string(example), last, with, 1)
	}
	const refused = "An input has an attribute that input_stream_list does not know."
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		CheckDestroy:             nothingLeft(sim),
		Steps: []resource.TestStep{
			{Config: changed(last), Check: live(sim, "checked")},
			{Config: changed(last + ", crop_params = { crop_width = 100 }"), Check: live(sim, "checked")},
			{Config: changed("imageheight = 180 }"), ExpectError: message(refused)},
			{Config: changed(last + ", crop_params = { cropwidth = 100 }"), ExpectError: message(refused)},
			{Config: changed(last + `, crop_parms = { crop_width = 100 }`), ExpectError: message(refused)},
		},
	})
}
