# Within inputs(), a misspelled attribute such as imagewidth is an error. Without it, Terraform would drop it.
resource "tencentcss_mix_stream" "checked" {
  mix_stream_session_id = "checked"

  input_stream_list = provider::tencentcss::inputs([
    { input_stream_name = "host", layout_params = { image_layer = 1, image_width = 1280, image_height = 720 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2, image_width = 320, image_height = 180, location_x = 940, location_y = 520 } },
  ])

  output_params = { output_stream_name = "checked_mix" }
}
