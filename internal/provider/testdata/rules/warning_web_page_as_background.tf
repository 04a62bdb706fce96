mix_stream_session_id = "room"
input_stream_list = [
  { input_stream_name = "page", layout_params = { image_layer = 1, input_type = "web_page", web_page_url = "https://example.com" } },
  { input_stream_name = "host", layout_params = { image_layer = 2 } },
]
output_params = { output_stream_name = "host" }
