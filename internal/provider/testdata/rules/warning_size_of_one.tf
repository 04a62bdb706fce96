mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "host", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720 } },
  { input_stream_name = "guest", layout_params = { image_layer = 2, image_width = 1, image_height = 1.0, location_x = 1 } },
]
output_params = { output_stream_name = "guest" }
