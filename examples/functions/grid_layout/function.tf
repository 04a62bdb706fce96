# Nine cameras as a wall of three by three.
resource "tencentcss_mix_stream" "wall" {
  mix_stream_session_id = "wall"
  input_stream_list     = provider::tencentcss::grid_layout([for n in range(9) : "camera_${n + 1}"], 1920, 1080)
  output_params         = { output_stream_name = "wall_mix" }
}
