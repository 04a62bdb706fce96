resource "tencentcss_mix_stream" "panel" {
  mix_stream_session_id = "panel"
  input_stream_list     = provider::tencentcss::grid_layout(["moderator", "expert", "critic"], 1280, 720)
  output_params         = { output_stream_name = "panel_mix" }
}

# Warns at each plan and apply of inputs that do not push, with one call for all of them.
check "inputs_are_live" {
  data "tencentcss_online_streams" "now" {
    domain_name = "push.example.com"
    app_name    = "live"
  }

  assert {
    condition = length(setsubtract(
      [for input in tencentcss_mix_stream.panel.input_stream_list : input.input_stream_name if input.layout_params.input_type == "audio_video"],
      data.tencentcss_online_streams.now.streams[*].stream_name,
    )) == 0
    error_message = "Not every input of the panel is live."
  }
}
