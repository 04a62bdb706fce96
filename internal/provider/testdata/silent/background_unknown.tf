mix_stream_session_id = "s"
input_stream_list = [
  { input_stream_name = "a", layout_params = { image_layer = 1, image_width = unknown, image_height = unknown } },
  { input_stream_name = "b", layout_params = { image_layer = 2, image_width = 1900, image_height = 1900, location_x = 1900, location_y = 1900 } },
]
output_params = { output_stream_name = "a" }
