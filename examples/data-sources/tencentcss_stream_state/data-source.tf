resource "tencentcss_mix_stream" "duet" {
  mix_stream_session_id  = "duet"
  mix_stream_template_id = 20

  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]

  output_params = { output_stream_name = "host" }
}

# Warns at each plan and apply while the host does not push. Within the check a state that cannot be read is a warning, too.
check "host_is_live" {
  data "tencentcss_stream_state" "host" {
    domain_name = "push.example.com"
    stream_name = "host"
  }

  assert {
    condition     = data.tencentcss_stream_state.host.state == "active"
    error_message = "The stream of the host is ${data.tencentcss_stream_state.host.state}."
  }
}
