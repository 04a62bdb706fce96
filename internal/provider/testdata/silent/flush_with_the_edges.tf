mix_stream_session_id = "s"
input_stream_list = [
  { input_stream_name = "canvas", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720, color = "#000000" } },
  { input_stream_name = "a", layout_params = { image_layer = 2, image_width = 640, image_height = 720, location_x = 640 } },
  { input_stream_name = "b", layout_params = { image_layer = 3, image_width = 0.3, image_height = 0.3, location_x = 0.7, location_y = 0.7 } },
  { input_stream_name = "c", layout_params = { image_layer = 4, image_width = 320, image_height = 0.5, location_x = 0.75, location_y = 360 } },
]
output_params = { output_stream_name = "c" }
