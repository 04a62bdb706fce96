# What the module plans, without an account: the functions and the checks of the provider are its own, only its resources
# are mocked.

mock_provider "tencentcss" {}

# The key, the stream and the time of the example in Tencent's documentation, whose signature is known.
variables {
  name        = "lobby"
  streams     = ["test", "guest"]
  push_domain = "livepush.tcloud.com"
  play_domain = "play.example.com"
  push_key    = "e12c46f2612d5106e2034781ab261ca3"
  play_key    = "play-key"
  url_expiry  = "2018-12-29T14:13:45+08:00"
}

run "grid_of_nine" {
  command = plan

  variables {
    streams = ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"]
  }

  assert {
    condition     = tencentcss_mix_stream.this.input_stream_list[0].layout_params.input_type == "canvas"
    error_message = "The background is not a canvas."
  }

  assert {
    condition     = [for input in slice(tencentcss_mix_stream.this.input_stream_list, 1, 10) : input.input_stream_name] == ["c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8", "c9"]
    error_message = "The streams are not those of the room, in their order."
  }

  assert {
    condition = [for input in slice(tencentcss_mix_stream.this.input_stream_list, 1, 10) : [input.layout_params.location_x, input.layout_params.location_y]] == [
      [0, 0], [640, 0], [1280, 0],
      [0, 360], [640, 360], [1280, 360],
      [0, 720], [640, 720], [1280, 720],
    ]
    error_message = "The streams do not make three rows of three."
  }

  assert {
    condition     = output.session_id == "room_lobby" && output.output_stream_name == "lobby_mix"
    error_message = "The session and its output are not named after the room."
  }

  assert {
    condition     = tencentcss_mix_stream.this.output_monitor.domain_name == "livepush.tcloud.com" && tencentcss_mix_stream.this.output_monitor.app_name == "live"
    error_message = "The output is not monitored where it is pushed."
  }

  assert {
    condition     = startswith(output.layout_svg, "<svg ") && strcontains(output.layout_svg, "c9")
    error_message = "The picture does not show the room."
  }
}

run "picture_in_picture" {
  command = plan

  variables {
    streams = ["host", "anna", "ben", "chloe"]
    layout  = "picture_in_picture"
    width   = 1280
    height  = 720
  }

  assert {
    condition     = tencentcss_mix_stream.this.input_stream_list[1].input_stream_name == "host" && tencentcss_mix_stream.this.input_stream_list[1].layout_params.image_width == 1280
    error_message = "The first stream does not fill the canvas."
  }

  # A guest is 320 by 180 pixels, 16 pixels away from the others and from the corner.
  assert {
    condition = [for input in slice(tencentcss_mix_stream.this.input_stream_list, 2, 5) : [input.layout_params.location_x, input.layout_params.location_y]] == [
      [944, 524], [944, 328], [944, 132],
    ]
    error_message = "The guests do not stand above each other in the bottom right corner."
  }
}

run "side_by_side" {
  command = plan

  variables {
    layout = "side_by_side"
    width  = 1280
    height = 720
  }

  assert {
    condition     = [for input in slice(tencentcss_mix_stream.this.input_stream_list, 1, 3) : input.input_stream_name] == ["test", "guest"]
    error_message = "The streams are not those of the room, in their order."
  }

  assert {
    condition     = tencentcss_mix_stream.this.input_stream_list[1].layout_params.location_x < tencentcss_mix_stream.this.input_stream_list[2].layout_params.location_x
    error_message = "The first stream is not the left one."
  }

  assert {
    condition     = tencentcss_mix_stream.this.input_stream_list[1].layout_params.image_width == tencentcss_mix_stream.this.input_stream_list[2].layout_params.image_width
    error_message = "The streams do not have one size."
  }
}

run "signed_urls" {
  command = plan

  assert {
    condition     = output.push_urls["test"].rtmp == "rtmp://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099"
    error_message = "The push URL is not signed as documented."
  }

  assert {
    condition     = keys(output.push_urls) == ["guest", "test"]
    error_message = "Not every stream has its push URLs."
  }

  assert {
    condition     = output.play_urls.rtmp == "rtmp://play.example.com/live/lobby_mix?txSecret=${md5("play-keylobby_mix5C271099")}&txTime=5C271099"
    error_message = "The play URL is not that of the output stream, signed with the play key."
  }

  assert {
    condition     = issensitive(output.push_urls) && issensitive(output.play_urls)
    error_message = "The signed URLs are not sensitive."
  }
}

run "unsigned_urls" {
  command = plan

  variables {
    push_key   = null
    play_key   = null
    url_expiry = null
    app        = "show"
  }

  assert {
    condition     = output.push_urls["test"].rtmp == "rtmp://livepush.tcloud.com/show/test" && output.play_urls.hls == "http://play.example.com/show/lobby_mix.m3u8"
    error_message = "Without a key the URLs are not plain."
  }

  assert {
    condition     = tencentcss_mix_stream.this.output_monitor.app_name == "show"
    error_message = "The output is not monitored under its application."
  }
}

run "waits_if_told" {
  command = plan

  variables {
    wait_for_inputs = true
  }

  assert {
    condition     = tencentcss_mix_stream.this.wait_for_inputs
    error_message = "The room does not wait for its streams."
  }
}

# The outputs that do not come from the configuration alone are there after an apply, too.
run "applied" {
  assert {
    condition     = output.session_id == "room_lobby" && strcontains(output.layout_svg, "guest")
    error_message = "The outputs of a room that is on air are not those that were planned."
  }
}

run "longest_name" {
  command = plan

  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }

  assert {
    condition     = length(output.session_id) == 80
    error_message = "The session ID is not as long as one can be."
  }
}

run "refuses_a_name_that_is_too_long" {
  command = plan

  variables {
    name = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
  }

  expect_failures = [var.name]
}

run "refuses_a_name_that_no_session_can_have" {
  command = plan

  variables {
    name = "main hall"
  }

  expect_failures = [var.name]
}

run "refuses_an_unknown_layout" {
  command = plan

  variables {
    layout = "mosaic"
  }

  expect_failures = [var.layout]
}

run "refuses_a_stream_twice" {
  command = plan

  variables {
    streams = ["test", "test"]
  }

  expect_failures = [var.streams]
}

run "refuses_a_grid_without_streams" {
  command = plan

  variables {
    streams = []
  }

  expect_failures = [var.streams]
}

run "refuses_three_side_by_side" {
  command = plan

  variables {
    streams = ["test", "guest", "third"]
    layout  = "side_by_side"
  }

  expect_failures = [var.streams]
}

run "refuses_a_host_alone" {
  command = plan

  variables {
    streams = ["test"]
    layout  = "picture_in_picture"
  }

  expect_failures = [var.streams]
}
