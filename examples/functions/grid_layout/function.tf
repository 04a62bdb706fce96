# Nine cameras as a wall of three by three.
resource "tencentcss_mix_stream" "wall" {
  mix_stream_session_id = "wall"
  input_stream_list     = provider::tencentcss::grid_layout([for n in range(9) : "camera_${n + 1}"], 1920, 1080)
  output_params         = { output_stream_name = "wall_mix" }
}

# Four phones that fill an upright canvas. Each stream is cropped around its center.
resource "tencentcss_mix_stream" "party" {
  mix_stream_session_id = "party"

  input_stream_list = provider::tencentcss::grid_layout(
    ["phone_1", "phone_2", "phone_3", "phone_4"], 720, 1280,
    { ratio = "fill", gap = 8, margin = 8, color = "#1d3557" },
  )

  output_params  = { output_stream_name = "party_mix" }
  control_params = { use_mix_crop_center = true }
}
