# A room: a canvas with the streams on it, mixed into one output stream that is watched.

locals {
  # The distance in pixels between streams and from the edges of the canvas. A grid has only the gaps that its streams leave.
  margin = 16

  input_stream_list = (
    var.layout == "side_by_side" ? provider::tencentcss::side_by_side_layout(
      var.streams[0], var.streams[1], var.width, var.height, local.margin, 0.5
    ) :
    var.layout == "picture_in_picture" ? provider::tencentcss::picture_in_picture_layout(
      var.streams[0], slice(var.streams, 1, length(var.streams)), var.width, var.height, "bottom_right", local.margin, 0.25
    ) :
    provider::tencentcss::grid_layout(var.streams, var.width, var.height)
  )
}

resource "tencentcss_mix_stream" "this" {
  mix_stream_session_id = "room_${var.name}"
  input_stream_list     = local.input_stream_list
  wait_for_inputs       = var.wait_for_inputs

  output_params = {
    output_stream_name = "${var.name}_mix"
  }

  output_monitor = {
    domain_name = var.push_domain
    app_name    = var.app
  }
}
