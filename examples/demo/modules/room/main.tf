# One room: a black canvas with the streams of the host and the guests on it.

terraform {
  required_providers {
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = ">= 0.1.0"
    }
  }
}

variable "name" {
  description = "Names the mix session. Letters, digits and underscores."
  type        = string
}

variable "host" {
  description = "The host's stream."
  type        = string
}

variable "guests" {
  description = "The guests' streams, one to three."
  type        = list(string)

  validation {
    condition     = length(var.guests) >= 1 && length(var.guests) <= 3
    error_message = "A room has one to three guests."
  }
}

variable "layout" {
  description = "side_by_side gives all the same width; picture_in_picture shows the host with the guests in a column on the right."
  type        = string

  validation {
    condition     = contains(["side_by_side", "picture_in_picture"], var.layout)
    error_message = "The layout is side_by_side or picture_in_picture."
  }
}

locals {
  width   = 1280
  height  = 720
  streams = concat([var.host], var.guests)

  # Even numbers of pixels, in the ratio 16:9.
  column_width  = 2 * floor(local.width / length(local.streams) / 2)
  column_height = 2 * floor(local.column_width * 9 / 32)

  layouts = {
    side_by_side = [for i, stream in local.streams : {
      x = i * local.column_width
      y = (local.height - local.column_height) / 2
      w = local.column_width
      h = local.column_height
    }]
    picture_in_picture = [for i, stream in local.streams : {
      x = i == 0 ? 0 : local.width - 340
      y = i == 0 ? 0 : local.height - i * 200
      w = i == 0 ? local.width : 320
      h = i == 0 ? local.height : 180
    }]
  }

  canvas = {
    input_stream_name = "${var.name}_canvas"
    layout_params = {
      input_type   = "canvas"
      image_layer  = 1
      image_width  = local.width
      image_height = local.height
      color        = "0x000000"
    }
  }

  people = [for i, stream in local.streams : {
    input_stream_name = stream
    layout_params = {
      image_layer  = i + 2
      image_width  = local.layouts[var.layout][i].w
      image_height = local.layouts[var.layout][i].h
      location_x   = local.layouts[var.layout][i].x
      location_y   = local.layouts[var.layout][i].y
    }
  }]
}

resource "tencentcss_mix_stream" "this" {
  mix_stream_session_id = "room_${var.name}"
  input_stream_list     = concat([local.canvas], local.people)

  output_params = {
    output_stream_name = "${var.name}_mix"
  }
}

output "output_stream_name" {
  description = "The mixed stream."
  value       = tencentcss_mix_stream.this.output_params.output_stream_name
}
