# Everybody who is live in room 42, where the streams are named room_42_ and the name of the speaker.
data "tencentcss_online_streams" "room" {
  domain_name        = "push.example.com"
  app_name           = "live"
  stream_name_prefix = "room_42_"
}

locals {
  speakers = data.tencentcss_online_streams.room.streams[*].stream_name
}

# Each apply mixes whoever is live then. The name of the output does not begin with room_42_, or the mix would become an
# input of itself.
resource "tencentcss_mix_stream" "room" {
  mix_stream_session_id = "room_42"
  input_stream_list     = provider::tencentcss::grid_layout(slice(local.speakers, 0, min(15, length(local.speakers))), 1920, 1080)
  output_params         = { output_stream_name = "mix_of_room_42" }

  # A list that lags behind must not end the mix, which a count of 0 would do.
  lifecycle {
    precondition {
      condition     = length(local.speakers) > 0
      error_message = "Nobody is live in room 42."
    }
  }
}
