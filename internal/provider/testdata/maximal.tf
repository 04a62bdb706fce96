resource "tencentcss_mix_stream" "test" {
  mix_stream_session_id = "room"
  input_stream_list = [
    {
      input_stream_name = "Canvas1"
      layout_params = {
        image_layer  = 1
        input_type   = "canvas"
        image_width  = 1280
        image_height = 720
        color        = "#cc0033"
      }
    },
    {
      input_stream_name = "host"
      layout_params = {
        image_layer  = 2
        input_type   = "audio_video"
        image_width  = 0.5
        image_height = 0.5
        location_x   = 0
        location_y   = 0.25
      }
      crop_params = {
        crop_width            = 240
        crop_height           = 320
        crop_start_location_x = 100
        crop_start_location_y = 0
      }
      portrait_segment_params = { color = "0x00ff00" }
    },
    {
      input_stream_name = "guest"
      layout_params     = { image_layer = 3, input_type = "audio" }
    },
    {
      input_stream_name = "Logo1"
      layout_params = {
        image_layer  = 4
        input_type   = "picture"
        watermark_id = 17
        image_width  = 100
        image_height = 100
      }
    },
    {
      input_stream_name = "Sticker1"
      layout_params = {
        image_layer  = 5
        input_type   = "web_page"
        web_page_url = "https://stickers.example.com/confetti"
      }
    },
  ]
  output_params = {
    output_stream_name       = "show"
    output_stream_bit_rate   = 2500
    output_stream_gop        = 2
    output_stream_frame_rate = 30
    output_audio_bit_rate    = 128
    output_audio_sample_rate = 48000
    output_audio_channels    = 2
    mix_sei                  = "hello"
  }
  control_params = {
    use_mix_crop_center     = true
    allow_copy              = false
    pass_input_sei          = true
    use_picture_transparent = true
  }
  wait_for_inputs = true
  output_monitor = {
    domain_name    = "push.example.com"
    app_name       = "live"
    active_timeout = "10s"
  }
  timeouts = { create = "1m", read = "1m", update = "1m", delete = "1m" }
}
