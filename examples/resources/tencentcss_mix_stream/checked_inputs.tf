locals {
  inputs = [
    { input_stream_name = "host", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest", layout_params = { image_layer = 2, image_width = 320, image_height = 180 } },
  ]
}

resource "tencentcss_mix_stream" "checked" {
  mix_stream_session_id = "checked"
  input_stream_list     = local.inputs
  output_params         = { output_stream_name = "checked_mix" }

  lifecycle {
    precondition {
      condition = length(setsubtract(
        flatten([for input in local.inputs : [
          keys(input), keys(input.layout_params), try(keys(input.crop_params), []), try(keys(input.portrait_segment_params), []),
        ]]),
        [
          "input_stream_name", "layout_params", "crop_params", "portrait_segment_params",
          "image_layer", "input_type", "image_width", "image_height", "location_x", "location_y", "color", "watermark_id", "web_page_url",
          "crop_width", "crop_height", "crop_start_location_x", "crop_start_location_y",
        ],
      )) == 0
      error_message = "An input has an attribute that input_stream_list does not know. Check the spelling in local.inputs."
    }
  }
}
