# Slides with the speaker beside them, on a canvas of another color.
resource "tencentcss_mix_stream" "talk" {
  mix_stream_session_id = "talk"
  input_stream_list     = provider::tencentcss::side_by_side_layout("slides", "speaker", 1280, 720, 24, 0.7, { color = "#1d3557" })
  output_params         = { output_stream_name = "talk_mix" }
}
