mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "host", layout_params = { image_layer = 1 } },
  { input_stream_name = "guest", layout_params = { image_layer = 2 }, crop_params = { crop_width = 0.8, crop_start_location_y = 0.1 } },
]
output_params = { output_stream_name = "host" }
