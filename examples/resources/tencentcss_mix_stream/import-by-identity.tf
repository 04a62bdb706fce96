import {
  to = tencentcss_mix_stream.show
  identity = {
    mix_stream_session_id = "evening_show"
  }
}
