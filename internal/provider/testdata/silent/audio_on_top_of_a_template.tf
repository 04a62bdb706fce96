mix_stream_session_id  = "s"
mix_stream_template_id = 20
input_stream_list = [
  { input_stream_name = "a", layout_params = { image_layer = 1 } },
  { input_stream_name = "b", layout_params = { image_layer = 2 } },
  { input_stream_name = "c", layout_params = { image_layer = 3, input_type = "audio" } },
]
output_params = { output_stream_name = "a" }
