variable "play_key" {
  description = "The authentication key of the playback domain."
  type        = string
  sensitive   = true
}

# The key makes the result sensitive, so the output has to be, too.
output "mix_play_urls" {
  value     = provider::tencentcss::play_urls("play.example.com", "live", "evening_show_mix", var.play_key, "2030-01-01T00:00:00Z")
  sensitive = true
}

# Playback without authentication, from a domain with a certificate: https://play.example.com/live/evening_show_mix.m3u8
output "mix_page_url" {
  value = replace(provider::tencentcss::play_urls("play.example.com", "live", "evening_show_mix", null, null).hls, "http://", "https://")
}
