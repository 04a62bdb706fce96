mix_stream_session_id  = "s"
mix_stream_template_id = 390
input_stream_list = [
  { input_stream_name = "canvas", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1920, image_height = 1080 } },
  { input_stream_name = "a", layout_params = { image_layer = 2 } },
  { input_stream_name = "b", layout_params = { image_layer = 3 } },
]
output_params = { output_stream_name = "b" }
