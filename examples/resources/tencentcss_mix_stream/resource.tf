resource "tencentcss_mix_stream" "duet" {
  mix_stream_session_id  = "duet"
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "host" }
}
