// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// A stream that turns into sound alone while the mix runs is a warning, and the change is planned all the same.
func TestMixStreamInputTurnsToAudioOnAir(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		mix := func(kind string) tftypes.Value {
			return mixConfig(t, fmt.Sprintf(`
				mix_stream_session_id = "room"
				input_stream_list = [
					{ input_stream_name = "host", layout_params = { image_layer = 1 } },
					{ input_stream_name = "guest", layout_params = { image_layer = 2, input_type = %q } },
				]
				output_params = { output_stream_name = "host" }`, kind))
		}
		object := s.process().change(mix("audio_video"), nil)
		change := s.process().plan(mix("audio"), object)
		if s.wants(change.text(), "Warning: Input changes between audio and video on air", "input_stream_list[1].layout_params.input_type"); !change.changes(object) {
			t.Error("the change is not planned")
		}
	})
}

// A new output name replaces the mix with its session ID: that takes the show off air, and a create timeout that ends before
// the ID may be used again is refused at plan.
func TestMixStreamReplacedWithItsSession(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		object := s.process().change(s.mix(), nil)
		renamed := func(extra string) tftypes.Value {
			return mixConfig(t, fmt.Sprintf(`
				mix_stream_session_id  = "room"
				mix_stream_template_id = 20
				input_stream_list = [
					{ input_stream_name = "host", layout_params = { image_layer = 1 } },
					{ input_stream_name = "guest", layout_params = { image_layer = 2 } },
				]
				output_params = { output_stream_name = "show" }
				%s`, extra))
		}
		core := s.process()
		first := core.plan(renamed(""), object)
		s.wants(first.text(), "Warning: Mix stream goes off air", "at output_params.output_stream_name", "35s", "create_before_destroy", "new mix_stream_session_id")
		if !first.replace {
			t.Error("no replacement is planned")
		}
		s.wants(core.planAfter(renamed(""), core.null(), first.private).text())

		short := s.process().plan(renamed(`timeouts = { create = "20s" }`), object)
		s.wants(short.text(), "Error: Timeout too short to reuse the session ID", "at timeouts.create", "timeouts.create is 20s", `"room"`, "at least 1m30s")

		// Terraform tells nobody of -replace but by planning a create with the private state of the object.
		core = s.process()
		tooShort := s.mix(`timeouts = { create = "20s" }`)
		first = core.plan(tooShort, object)
		if first.failed() {
			t.Error(first.text())
		}
		s.wants(core.planAfter(tooShort, core.null(), first.private).text(), "Error: Timeout too short to reuse the session ID")
	})
}
