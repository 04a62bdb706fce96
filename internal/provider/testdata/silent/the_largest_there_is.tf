mix_stream_session_id = "s"
input_stream_list = [
  { input_stream_name = "a", layout_params = { image_layer = 1 } },
  { input_stream_name = "b", layout_params = { image_layer = 2, image_width = 2000, image_height = 1000, location_y = 1000 },
    crop_params = { crop_width = 1000, crop_start_location_x = 1000 } },
]
output_params = { output_stream_name = "a" }
