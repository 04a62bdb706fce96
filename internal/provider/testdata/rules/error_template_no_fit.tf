mix_stream_session_id = "room"
mix_stream_template_id = 610
input_stream_list = [
  { input_stream_name = "host", layout_params = { image_layer = 1 } },
  { input_stream_name = "s2", layout_params = { image_layer = 2 } },
  { input_stream_name = "s3", layout_params = { image_layer = 3 } },
  { input_stream_name = "s4", layout_params = { image_layer = 4 } },
  { input_stream_name = "s5", layout_params = { image_layer = 5 } },
  { input_stream_name = "s6", layout_params = { image_layer = 6 } },
  { input_stream_name = "s7", layout_params = { image_layer = 7 } },
]
output_params = { output_stream_name = "host" }
