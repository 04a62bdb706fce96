mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "host", layout_params = { image_layer = 1 } },
  { input_stream_name = "guest", layout_params = { image_layer = 2 } },
]
output_params = { output_stream_name = "host", output_audio_bit_rate = 501, output_audio_channels = 3 }
