# A moderator with the panel in a strip on the right, on a dark blue canvas.
resource "tencentcss_mix_stream" "debate" {
  mix_stream_session_id = "debate"

  input_stream_list = provider::tencentcss::speaker_layout(
    "moderator", ["ann", "bob", "carl", "dora"], 1920, 1080, "right", 0.25,
    { gap = 16, margin = 32, color = "#1d3557" },
  )

  output_params = { output_stream_name = "debate_mix" }
}
