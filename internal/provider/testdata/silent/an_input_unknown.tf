mix_stream_session_id  = "s"
mix_stream_template_id = 410
input_stream_list = [
  { input_stream_name = "b", layout_params = { image_layer = 2 } },
  unknown,
]
output_params = { output_stream_name = "b" }
