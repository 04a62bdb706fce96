// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// bigNumberOf reads a number as the CLI does.
func bigNumberOf(t *testing.T, text string) *big.Float {
	t.Helper()
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// A number that fits is the framework's own value, and one that does not keeps what was written.
func TestNumberTypes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		of     attr.Type
		number string
		want   attr.Value // nil for a misfit
		text   string
	}{
		"whole":                  {of: wholeNumberType{}, number: "30", want: types.Int64Value(30)},
		"whole, as a decimal":    {of: wholeNumberType{}, number: "30.0", want: types.Int64Value(30)},
		"negative":               {of: wholeNumberType{}, number: "-1", want: types.Int64Value(-1)},
		"the largest":            {of: wholeNumberType{}, number: "9223372036854775807", want: types.Int64Value(9223372036854775807)},
		"one more":               {of: wholeNumberType{}, number: "9223372036854775808", text: "9223372036854775808"},
		"fraction":               {of: wholeNumberType{}, number: "29.97", text: "29.97"},
		"many digits":            {of: wholeNumberType{}, number: "3.33333333333333333333333333", text: "3.333333333"},
		"huge":                   {of: wholeNumberType{}, number: "1e30", text: "1e+30"},
		"no float64 holds it":    {of: wholeNumberType{}, number: "-1e400", text: "-1e+400"},
		"decimal":                {of: decimalType{}, number: "0.5", want: types.Float64Value(0.5)},
		"decimal beyond float64": {of: decimalType{}, number: "1e400", text: "1e+400"},
		"decimal too close to 0": {of: decimalType{}, number: "1e-400", text: "1e-400"},
	} {
		raw := tftypes.NewValue(tftypes.Number, bigNumberOf(t, tt.number))
		got, err := tt.of.ValueFromTerraform(t.Context(), raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !tt.of.Equal(got.Type(t.Context())) {
			t.Errorf("%s: a value of the type %s", name, got.Type(t.Context()))
		}
		back, err := got.ToTerraformValue(t.Context())
		if err != nil || !back.Equal(raw) {
			t.Errorf("%s: turned back into %s, %v", name, back, err)
		}
		if tt.want != nil && !got.Equal(tt.want) || tt.want == nil && got.String() != tt.text {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

// What no plan could know turns out to fit no type. The attribute is named, and nothing panics.
func TestReadPlanRefusesMisfits(t *testing.T) {
	t.Parallel()
	var schema resource.SchemaResponse
	(&mixStreamResource{}).Schema(t.Context(), resource.SchemaRequest{}, &schema)
	for name, tt := range map[string]struct{ body, want string }{
		"template":       {"mix_stream_template_id = 20.5", "mix_stream_template_id must be 10, 20,"},
		"frame rate":     {`output_params = { output_stream_name = "a", output_stream_frame_rate = 29.97 }`, "must be a whole number from 1 to 60; got 29.97."},
		"layer":          {`input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 3/2 } }]`, "must be a whole number from 1 to 16; got 1.5."},
		"width":          {`input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 1, image_width = 1e400 } }]`, "got 1e+400."},
		"crop":           {`input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 1 }, crop_params = { crop_width = 1e400 } }]`, "must be 0 to 2000 pixels; got 1e+400."},
		"active timeout": {`output_monitor = { domain_name = "push.example.com", active_timeout = "1" }`, `got "1", which has no unit.`},
	} {
		var diags diag.Diagnostics
		readPlan(t.Context(), tfsdk.Plan{Raw: mixConfig(t, tt.body), Schema: schema.Schema}, &diags)
		if !diags.HasError() || !strings.Contains(diags[0].Detail(), tt.want) {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// A number that is only known at apply may be none that the API takes. It is refused, and nothing is sent.
func TestApplyRefusesMisfit(t *testing.T) {
	t.Parallel()
	sim := quietSim(t)
	server, _ := newWired(t, inProcess{sim})
	core := newMixCore(t, server)
	mix := func(rate string) tftypes.Value {
		return mixConfig(t, `
			mix_stream_session_id = "room"
			input_stream_list = [
				{ input_stream_name = "host", layout_params = { image_layer = 1, input_type = "audio_video" } },
				{ input_stream_name = "guest", layout_params = { image_layer = 2, input_type = "audio_video" } },
			]
			output_params = { output_stream_name = "show", output_stream_type = 1, output_stream_frame_rate = `+rate+` }`)
	}
	change := core.plan(mix("unknown"), nil)
	if change.failed() {
		t.Fatal(change.text())
	}
	change.value = mix("29.97")
	object, text := core.apply(mix("29.97"), nil, change)
	if object != nil || !strings.Contains(text, "must be a whole number from 1 to 60; got 29.97.") || len(sim.Requests()) > 0 {
		t.Errorf("object %v, %d requests: %s", object, len(sim.Requests()), text)
	}
}
