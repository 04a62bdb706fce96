# A logo in the top right corner and a lower third, over an anchor and a reporter side by side.
resource "tencentcss_mix_stream" "branded" {
  mix_stream_session_id = "branded"

  input_stream_list = provider::tencentcss::overlay(
    provider::tencentcss::overlay(
      provider::tencentcss::side_by_side_layout("anchor", "reporter", 1920, 1080, 32, 0.5),
      "logo", 1001, 240, 136, "top_right", 32,
    ),
    "lower_third", 1002, 1280, 240, "bottom_left", 32,
  )

  output_params = { output_stream_name = "branded_mix" }
}
