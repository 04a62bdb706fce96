resource "tencentcss_mix_stream" "show" {
  mix_stream_session_id = "evening_show"

  input_stream_list = [
    {
      input_stream_name = "backdrop"
      layout_params = {
        image_layer  = 1
        input_type   = "canvas"
        image_width  = 1280
        image_height = 720
        color        = "#101820"
      }
    },
    {
      input_stream_name = "speaker_left"
      layout_params = {
        image_layer  = 2
        image_width  = 640
        image_height = 360
        location_x   = 0
        location_y   = 180
      }
    },
    {
      input_stream_name = "speaker_right"
      layout_params = {
        image_layer  = 3
        image_width  = 640
        image_height = 360
        location_x   = 640
        location_y   = 180
      }
    },
    {
      input_stream_name = "logo"
      layout_params = {
        image_layer  = 4
        input_type   = "picture"
        watermark_id = 4711
        image_width  = 160
        image_height = 90
        location_x   = 1100
        location_y   = 20
      }
    },
  ]

  output_params = {
    output_stream_name       = "evening_show_mix"
    output_stream_bit_rate   = 2500
    output_stream_frame_rate = 30
  }

  # The speakers may come a little late.
  wait_for_inputs = true
  timeouts        = { create = "15m" }

  # A plan tells when the output is down, and an apply sends the mix again.
  output_monitor = {
    domain_name = "push.example.com"
  }
}
