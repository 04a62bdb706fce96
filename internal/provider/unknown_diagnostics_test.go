// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"
)

// What an unknown input may lack is not told; what a known one lacks beside it is.
func TestUnknownInputBesideOmission(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body string
		want []string
	}{
		"an unknown input alone": {
			body: `input_stream_list = [unknown, { input_stream_name = "b", layout_params = { image_layer = 2 } }]`,
		},
		"a name missing beside it": {
			body: `input_stream_list = [unknown, { layout_params = { image_layer = 2 } }]`,
			want: []string{"input_stream_list[1].input_stream_name"},
		},
		"a layer missing beside an unknown layout": {
			body: `input_stream_list = [{ input_stream_name = "a", layout_params = {} }, { input_stream_name = "b", layout_params = unknown }, unknown]`,
			want: []string{"input_stream_list[0].layout_params.image_layer"},
		},
		"all inputs unknown, and no name of the output": {
			body: `
				input_stream_list = [unknown, unknown]
				output_params     = {}`,
			want: []string{"output_params.output_stream_name"},
		},
		"all unknown, and no output": {
			body: `
				input_stream_list = unknown
				output_params     = null`,
			want: []string{"output_params"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			body := `mix_stream_session_id = "s"` + "\n" + tt.body
			if !strings.Contains(body, "output_params") {
				body += "\n" + `output_params = { output_stream_name = "b" }`
			}
			diags := validateMix(t, newServer(New("test")()), mixConfig(t, body))
			var at []string
			for _, d := range diags {
				at = append(at, wirePath(d.Attribute))
			}
			if strings.Join(at, " ") != strings.Join(tt.want, " ") {
				t.Errorf("problems at %q, want %q:\n%s", at, tt.want, prose(diags))
			}
		})
	}
}

// A configuration is decoded for a complaint that could be about a part of something unknown, and for no other: here is
// none that could be decoded.
func TestUnknownPartsAreSoughtOnlyWhereNeeded(t *testing.T) {
	t.Parallel()
	diags := validateMix(t, newServer(New("test")()), mixConfig(t, `
		mix_stream_session_id = "no name"
		input_stream_list     = [{ input_stream_name = "a", layout_params = { image_layer = 1 } }]`))
	if len(diags) < 3 {
		t.Fatalf("only\n%s", prose(diags))
	}
	if kept := withoutUnknownParts(diags, nil, nil); len(kept) != len(diags) {
		t.Errorf("of %d diagnostics %d are left", len(diags), len(kept))
	}
}
