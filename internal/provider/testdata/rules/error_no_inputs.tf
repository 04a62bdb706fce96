mix_stream_session_id = "room"
input_stream_list = [
]
output_params = { output_stream_name = "host" }
