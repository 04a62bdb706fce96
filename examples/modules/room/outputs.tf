output "session_id" {
  description = "The ID of the mix session."
  value       = tencentcss_mix_stream.this.mix_stream_session_id
}

output "output_stream_name" {
  description = "The name of the output stream."
  value       = tencentcss_mix_stream.this.output_params.output_stream_name
}

output "layout_svg" {
  description = "A picture of the room as an SVG image."
  value       = provider::tencentcss::layout_svg(tencentcss_mix_stream.this.input_stream_list, null)
}

# Whether an output is sensitive is fixed, so that the URLs are sensitive without a key as well.

output "push_urls" {
  description = "The URLs to push each stream to, by stream and protocol. They are known without the session, as the streams come first."
  sensitive   = true
  value = {
    for stream in var.streams :
    stream => provider::tencentcss::push_urls(var.push_domain, var.app, stream, var.push_key, var.url_expiry)
  }
}

output "play_urls" {
  description = "The URLs to play the output stream from, by protocol."
  sensitive   = true
  value = provider::tencentcss::play_urls(
    var.play_domain, var.app, tencentcss_mix_stream.this.output_params.output_stream_name, var.play_key, var.url_expiry
  )
}
