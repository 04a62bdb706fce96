resource "tencentcss_mix_stream" "duel" {
  mix_stream_session_id  = "duel"
  mix_stream_template_id = 390

  input_stream_list = [
    { input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1920, image_height = 1080, color = "#1d3557" } },
    { input_stream_name = "red_team", layout_params = { image_layer = 2 } },
    { input_stream_name = "blue_team", layout_params = { image_layer = 3 } },
  ]

  output_params = { output_stream_name = "duel_mix" }
}

# See it with: terraform output -raw duel_picture > duel.svg
output "duel_picture" {
  value = provider::tencentcss::layout_svg(tencentcss_mix_stream.duel.input_stream_list, tencentcss_mix_stream.duel.mix_stream_template_id)
}
