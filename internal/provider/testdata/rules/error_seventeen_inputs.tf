mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "s1", layout_params = { image_layer = 1 } },
  { input_stream_name = "s2", layout_params = { image_layer = 2 } },
  { input_stream_name = "s3", layout_params = { image_layer = 3 } },
  { input_stream_name = "s4", layout_params = { image_layer = 4 } },
  { input_stream_name = "s5", layout_params = { image_layer = 5 } },
  { input_stream_name = "s6", layout_params = { image_layer = 6 } },
  { input_stream_name = "s7", layout_params = { image_layer = 7 } },
  { input_stream_name = "s8", layout_params = { image_layer = 8 } },
  { input_stream_name = "s9", layout_params = { image_layer = 9 } },
  { input_stream_name = "s10", layout_params = { image_layer = 10 } },
  { input_stream_name = "s11", layout_params = { image_layer = 11 } },
  { input_stream_name = "s12", layout_params = { image_layer = 12 } },
  { input_stream_name = "s13", layout_params = { image_layer = 13 } },
  { input_stream_name = "s14", layout_params = { image_layer = 14 } },
  { input_stream_name = "s15", layout_params = { image_layer = 15 } },
  { input_stream_name = "s16", layout_params = { image_layer = 16 } },
  { input_stream_name = "s17", layout_params = { image_layer = 16 } },
]
output_params = { output_stream_name = "s1" }
