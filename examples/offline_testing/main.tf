# main.tf
terraform {
  required_providers {
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = "~> 0.1.0"
    }
  }
}

variable "host" {
  type = string
}

variable "guests" {
  type = list(string)
}

resource "tencentcss_mix_stream" "this" {
  mix_stream_session_id = "${var.host}_talk"

  input_stream_list = concat(
    [{ input_stream_name = var.host, layout_params = { image_layer = 1, image_width = 1280, image_height = 720 } }],
    [for i, guest in var.guests : {
      input_stream_name = guest
      layout_params     = { image_layer = i + 2, image_width = 320, image_height = 180, location_x = 20 + 340 * i, location_y = 520 }
    }],
  )

  output_params = { output_stream_name = "${var.host}_mix" }
}

output "layers" {
  value = { for input in tencentcss_mix_stream.this.input_stream_list : input.input_stream_name => input.layout_params.image_layer }
}
