terraform {
  required_providers {
    tencentcss = { source = "tencentcss/tencentcss" }
  }
}

variable "name" {
  type = string
}

resource "tencentcss_mix_stream" "this" {
  mix_stream_session_id  = "room_${var.name}"
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host_${var.name}", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "host_${var.name}" }
}
