mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "host", layout_params = { image_layer = 1 } },
  { input_stream_name = "guest", layout_params = { image_layer = 2, input_type = "picture", watermark_id = 1e30 } },
]
output_params = { output_stream_name = "host" }
