resource "tencentcss_mix_stream" "phone_show" {
  mix_stream_session_id = "phone_show"
  input_stream_list     = provider::tencentcss::grid_layout(["ann", "bob"], 720, 1280, { ratio = "fill" })
  output_params         = { output_stream_name = "phone_show_mix" }
  control_params        = { use_mix_crop_center = true }
}

# A plan shows what a change does to the picture:
#
#  1  canvas  canvas 0x000000  720 × 1280 at 0, 0
#  2  ann     video and sound  720 × 640 at 0, 0
#  3  bob     video and sound  720 × 640 at 0, 640
output "phone_show_layout" {
  value = provider::tencentcss::layout_text(tencentcss_mix_stream.phone_show.input_stream_list, null)
}
