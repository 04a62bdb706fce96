# Ends a session that nothing owns any more:
#
#   terraform apply -invoke=action.tencentcss_cancel_mix_stream.stray
action "tencentcss_cancel_mix_stream" "stray" {
  config {
    mix_stream_session_id = "forgotten_show"
  }
}
