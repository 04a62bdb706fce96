# What this provider does: the streams in a grid, with the logo in the top right corner.

locals {
  grid = provider::tencentcss::grid_layout(var.streams, 1280, 720)

  logo = {
    input_stream_name = "logo"
    layout_params = {
      image_layer  = length(local.grid) + 1
      input_type   = "picture"
      watermark_id = local.logo_id
      image_width  = 160
      image_height = 90
      location_x   = 1104
      location_y   = 16
    }
  }
}

resource "tencentcss_mix_stream" "show" {
  mix_stream_session_id = "show"
  input_stream_list     = concat(local.grid, [local.logo])
  output_params         = { output_stream_name = "show_mix" }
  output_monitor        = { domain_name = local.push_domain }
}

output "push_urls" {
  description = "The URLs to push each stream to, by stream and protocol."
  sensitive   = true
  value = {
    for stream in var.streams :
    stream => provider::tencentcss::push_urls(local.push_domain, "live", stream, var.push_key, var.url_expiry)
  }
}

output "play_urls" {
  description = "The URLs to play the show from, by protocol."
  sensitive   = true
  value       = provider::tencentcss::play_urls(local.play_domain, "live", tencentcss_mix_stream.show.output_params.output_stream_name, var.play_key, var.url_expiry)
}
