# The rehearsal is mixed by other means. It has to end before the show takes its place.
action "tencentcss_cancel_mix_stream" "rehearsal" {
  config {
    mix_stream_session_id = "rehearsal"
    timeout               = "1m"
  }
}

resource "tencentcss_mix_stream" "premiere" {
  mix_stream_session_id  = "premiere"
  mix_stream_template_id = 20

  input_stream_list = [
    { input_stream_name = "stage", layout_params = { image_layer = 1 } },
    { input_stream_name = "interpreter", layout_params = { image_layer = 2 } },
  ]

  output_params = { output_stream_name = "stage" }

  lifecycle {
    action_trigger {
      events  = [before_create]
      actions = [action.tencentcss_cancel_mix_stream.rehearsal]
    }
  }
}
