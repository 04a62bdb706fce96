mix_stream_session_id = "s"
input_stream_list     = [unknown]
output_params         = { output_stream_name = "b" }
