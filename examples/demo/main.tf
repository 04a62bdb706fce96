# Two rooms of a live show. Each one mixes the streams of a host and of guests into one output stream.
#
# Everything about the account comes from the environment: TENCENTCLOUD_SECRET_ID, TENCENTCLOUD_SECRET_KEY and, for
# another endpoint than Tencent Cloud's, TENCENTCSS_LIVE_ENDPOINT.

terraform {
  required_version = ">= 1.8"

  required_providers {
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = "~> 0.1.0"
    }
  }
}

provider "tencentcss" {}

variable "rooms" {
  description = "The rooms that are on air, by name. The streams must be pushing already."

  type = map(object({
    host   = string
    guests = list(string)
    layout = optional(string, "side_by_side")
  }))

  default = {
    blue = {
      host   = "anna"
      guests = ["ben"]
    }
    green = {
      host   = "chloe"
      guests = ["dan", "eve"]
    }
  }
}

module "room" {
  source   = "./modules/room"
  for_each = var.rooms

  name   = each.key
  host   = each.value.host
  guests = each.value.guests
  layout = each.value.layout
}

output "output_streams" {
  description = "The stream to play, by room."
  value       = { for name, room in module.room : name => room.output_stream_name }
}
