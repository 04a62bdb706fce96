# The life of a room against the simulator, which the environment variable TENCENTCSS_LIVE_ENDPOINT names. The session that is
# left after the last run is cancelled at the end.

provider "tencentcss" {
  # Only the simulator knows these credentials.
  secret_id  = "AKIDsimulator"
  secret_key = "simulator-secret-key"

  # The simulator is started with the same times, in place of the 5 and 30 seconds that Tencent asks for.
  pacing = {
    cancel_after_create = "300ms"
    reuse_after_cancel  = "300ms"
  }
}

variables {
  name        = "lobby"
  streams     = ["camera_1", "camera_2", "camera_3", "camera_4", "camera_5", "camera_6", "camera_7", "camera_8", "camera_9"]
  push_domain = "push.example.com"
  play_domain = "play.example.com"
  push_key    = "push-key"
  play_key    = "play-key"
  url_expiry  = "2030-01-01T00:00:00Z"
}

run "goes_on_air" {
  assert {
    condition     = output.session_id == "room_lobby"
    error_message = "The session is not named after the room."
  }

  assert {
    condition     = tencentcss_mix_stream.this.output_stream_state == "active"
    error_message = "The monitor does not see the output."
  }

  assert {
    condition     = endswith(output.push_urls["camera_9"].rtmp, "&txTime=70DBD880") && endswith(output.play_urls.rtmp, "&txTime=70DBD880")
    error_message = "The URLs are not signed until the time that was given."
  }
}

run "changes_on_air" {
  variables {
    streams = ["camera_1", "camera_2"]
    layout  = "picture_in_picture"
  }

  assert {
    condition     = length(tencentcss_mix_stream.this.input_stream_list) == 3
    error_message = "The room does not show a canvas and two streams."
  }

  assert {
    condition     = output.session_id == "room_lobby" && tencentcss_mix_stream.this.output_stream_state == "active"
    error_message = "The session did not stay on air."
  }
}

run "moves_to_a_new_session" {
  variables {
    name = "hall"
  }

  assert {
    condition     = output.session_id == "room_hall" && output.output_stream_name == "hall_mix"
    error_message = "The session was not replaced."
  }
}
