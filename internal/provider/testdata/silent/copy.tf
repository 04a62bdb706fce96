mix_stream_session_id = "s"
input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 1 } }]
output_params  = { output_stream_name = "b" }
control_params = { allow_copy = true }
