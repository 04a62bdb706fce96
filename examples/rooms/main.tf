# The rooms of a show, each one a session of its own. A room that is taken out of the map is cancelled; the others stay on air.
#
# The credentials come from the environment: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY. So do the keys, which are
# better kept out of files: TF_VAR_push_key and TF_VAR_play_key.

terraform {
  required_version = ">= 1.9"

  required_providers {
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = "~> 0.1.0"
    }
  }
}

provider "tencentcss" {}

variable "rooms" {
  description = "The rooms that are on air, by name."

  type = map(object({
    streams = list(string)
    layout  = optional(string, "grid")
  }))

  default = {
    wall = {
      streams = ["camera_1", "camera_2", "camera_3", "camera_4", "camera_5", "camera_6", "camera_7", "camera_8", "camera_9"]
    }
    studio = {
      streams = ["host", "anna", "ben"]
      layout  = "picture_in_picture"
    }
    debate = {
      streams = ["red_team", "blue_team"]
      layout  = "side_by_side"
    }
  }
}

variable "push_domain" {
  description = "The domain that the streams are pushed to."
  type        = string
}

variable "play_domain" {
  description = "The domain that the rooms are played from."
  type        = string
}

variable "push_key" {
  description = "The authentication key of the push domain. Null for a domain without authentication."
  type        = string
  default     = null
  sensitive   = true
}

variable "play_key" {
  description = "The authentication key of the playback domain. Null for a domain without authentication."
  type        = string
  default     = null
  sensitive   = true
}

variable "url_expiry" {
  description = "When signed URLs end, as RFC 3339, such as 2030-01-01T00:00:00Z. Required with a key."
  type        = string
  default     = null
}

module "room" {
  source   = "../modules/room"
  for_each = var.rooms

  name            = each.key
  streams         = each.value.streams
  layout          = each.value.layout
  push_domain     = var.push_domain
  play_domain     = var.play_domain
  push_key        = var.push_key
  play_key        = var.play_key
  url_expiry      = var.url_expiry
  wait_for_inputs = true
}

output "session_ids" {
  description = "The session of each room, by room."
  value       = { for name, room in module.room : name => room.session_id }
}

output "push_urls" {
  description = "The URLs to push to, by room, stream and protocol. Show them with: terraform output push_urls"
  sensitive   = true
  value       = { for name, room in module.room : name => room.push_urls }
}

output "play_urls" {
  description = "The URLs to play, by room and protocol. Show them with: terraform output play_urls"
  sensitive   = true
  value       = { for name, room in module.room : name => room.play_urls }
}
