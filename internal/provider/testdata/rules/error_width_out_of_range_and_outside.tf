mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "host", layout_params = { image_layer = 1, input_type = "canvas", image_width = 640, image_height = 360 } },
  { input_stream_name = "guest", layout_params = { image_layer = 2, image_width = 2000.5, location_x = 700 } },
]
output_params = { output_stream_name = "guest" }
