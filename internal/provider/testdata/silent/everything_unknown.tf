mix_stream_session_id  = unknown
mix_stream_template_id = unknown
input_stream_list      = unknown
output_params          = unknown
control_params         = unknown
output_monitor         = unknown
