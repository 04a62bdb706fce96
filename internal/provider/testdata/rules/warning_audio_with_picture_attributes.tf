mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "host", layout_params = { image_layer = 1 } },
  { input_stream_name = "guest", layout_params = { image_layer = 2, input_type = "audio", image_width = 640, location_y = 100 }, crop_params = { crop_width = 100 }, portrait_segment_params = { color = "#00ff00" } },
]
output_params = { output_stream_name = "host" }
