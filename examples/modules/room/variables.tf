variable "name" {
  description = "The name of the room. The session is called room_NAME and the output stream NAME_mix, so it must be unique in the account. A change replaces the session."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[A-Za-z0-9_]{1,75}$", var.name))
    error_message = "The name is 1 to 75 letters, digits and underscores."
  }
}

variable "streams" {
  description = "The names of the streams in the room. A grid shows them row by row; the first one is the host of a picture_in_picture and the left one of a side_by_side."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(distinct(var.streams)) == length(var.streams)
    error_message = "A stream is in a room once."
  }

  validation {
    condition     = var.layout != "grid" || (length(var.streams) >= 1 && length(var.streams) <= 15)
    error_message = "The layout grid has 1 to 15 streams."
  }

  validation {
    condition     = var.layout != "picture_in_picture" || (length(var.streams) >= 2 && length(var.streams) <= 4)
    error_message = "The layout picture_in_picture has 2 to 4 streams: a host and 1 to 3 guests."
  }

  validation {
    condition     = var.layout != "side_by_side" || length(var.streams) == 2
    error_message = "The layout side_by_side has 2 streams."
  }
}

variable "layout" {
  description = "How the streams lie on the canvas: grid, picture_in_picture or side_by_side. A change is made on air."
  type        = string
  default     = "grid"
  nullable    = false

  validation {
    condition     = contains(["grid", "picture_in_picture", "side_by_side"], var.layout)
    error_message = "The layout is grid, picture_in_picture or side_by_side."
  }
}

variable "width" {
  description = "The width of the canvas in pixels: an even number from 16 to 2000."
  type        = number
  default     = 1920
  nullable    = false
}

variable "height" {
  description = "The height of the canvas in pixels: an even number from 16 to 2000."
  type        = number
  default     = 1080
  nullable    = false
}

variable "push_domain" {
  description = "The domain that the streams are pushed to. The output stream is monitored under it."
  type        = string
  nullable    = false
}

variable "play_domain" {
  description = "The domain that the output stream is played from."
  type        = string
  nullable    = false
}

variable "app" {
  description = "The application (AppName) of the streams and of the output stream."
  type        = string
  default     = "live"
  nullable    = false
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
  description = "When signed URLs end, as RFC 3339, such as 2030-01-01T00:00:00Z. Required with a push_key or a play_key."
  type        = string
  default     = null
}

variable "wait_for_inputs" {
  description = "Whether an apply waits for streams that do not push yet: up to 5 minutes, instead of some 10 seconds."
  type        = bool
  default     = false
  nullable    = false
}
