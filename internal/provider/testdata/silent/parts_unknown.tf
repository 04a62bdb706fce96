mix_stream_session_id  = "s"
mix_stream_template_id = 390
input_stream_list = [
  { input_stream_name = unknown, layout_params = { image_layer = 1, input_type = unknown, image_width = unknown, image_height = 100 } },
  { input_stream_name = "c", layout_params = { image_layer = unknown, input_type = "canvas", image_width = unknown, image_height = unknown } },
  { input_stream_name = "p", layout_params = { image_layer = 2, input_type = "picture", watermark_id = unknown } },
  { input_stream_name = "w", layout_params = { image_layer = unknown, input_type = "web_page", web_page_url = unknown } },
  { input_stream_name = "l", layout_params = unknown, crop_params = unknown, portrait_segment_params = unknown },
]
output_params  = { output_stream_name = unknown, mix_sei = unknown }
control_params = unknown
timeouts       = { create = unknown }
