# A host over the whole picture, with a guest and an interpreter above each other in the bottom right corner.
resource "tencentcss_mix_stream" "interview" {
  mix_stream_session_id = "interview"
  input_stream_list     = provider::tencentcss::picture_in_picture_layout("host", ["guest", "interpreter"], 1920, 1080, "bottom_right", 32, 0.25)
  output_params         = { output_stream_name = "interview_mix" }
}
