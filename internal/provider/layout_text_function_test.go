// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
)

// One line for each input, by layer.
func TestLayoutText(t *testing.T) {
	t.Parallel()
	got, err := call(t, newLayoutTextFunction(), plainList(t, `[
		{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720, color = "#cc0033" } },
		{ input_stream_name = "voice", layout_params = { image_layer = 5, input_type = "audio" } },
		{ input_stream_name = "host", layout_params = { image_layer = 2, location_x = 0.5, image_width = 0.25, image_height = 0.5 }, portrait_segment_params = {} },
	]`), types.Int64Null())
	if err != nil {
		t.Fatal(err)
	}
	want := ` 1  stage  canvas #cc0033   1280 × 720 at 0, 0
 2  host   video and sound  320 × 360 at 640, 0, cut out of its background
 5  voice  sound only
`
	if text := got.(types.String).ValueString(); text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	if _, err := call(t, newLayoutTextFunction(), plainList(t, twoStreams), types.Int64Value(410)); err == nil || *err.FunctionArgument != svgTemplate {
		t.Errorf("a template of another number of inputs: %+v", err)
	}
}
