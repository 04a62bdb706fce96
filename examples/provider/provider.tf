terraform {
  required_providers {
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = "~> 0.1.0"
    }
  }
}

# Credentials come from TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.
provider "tencentcss" {}

# The host fills the picture, the guest sits in its bottom right corner.
# Viewers of the host's stream see the mix.
resource "tencentcss_mix_stream" "duet" {
  mix_stream_session_id  = "duet"
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "host" }
}
