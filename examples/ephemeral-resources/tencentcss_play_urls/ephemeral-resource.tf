variable "play_key" {
  description = "The authentication key of the playback domain."
  type        = string
  ephemeral   = true
}

ephemeral "tencentcss_play_urls" "mix" {
  domain  = "play.example.com"
  app     = "live"
  stream  = "evening_show_mix"
  key     = var.play_key
  expires = "2030-01-01T00:00:00Z"
}

# Check once that the mix can be played, without its URL in the state.
resource "terraform_data" "probe" {
  input = "evening_show_mix"

  provisioner "local-exec" {
    command     = "test -n \"$PLAY_URL\"" # Such as: curl --fail --head "$PLAY_URL"
    environment = { PLAY_URL = ephemeral.tencentcss_play_urls.mix.hls }
  }
}
