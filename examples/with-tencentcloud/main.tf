# Domains, their keys and a logo by Tencent's own provider, and a mix on top of them by this one.
#
# Both providers read the credentials from the same environment: TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY.

terraform {
  required_version = ">= 1.8"

  required_providers {
    tencentcloud = {
      source = "tencentcloudstack/tencentcloud"
    }
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = "~> 0.1.0"
    }
  }
}

provider "tencentcloud" {}

provider "tencentcss" {}

variable "push_domain" {
  description = "The domain that streams are pushed to. It must be yours, as the playback domain."
  type        = string
  default     = "push.example.com"
}

variable "play_domain" {
  description = "The domain that streams are played from."
  type        = string
  default     = "play.example.com"
}

variable "push_key" {
  description = "The authentication key of the push domain."
  type        = string
  sensitive   = true
}

variable "play_key" {
  description = "The authentication key of the playback domain."
  type        = string
  sensitive   = true
}

variable "url_expiry" {
  description = "When the signed URLs end, as RFC 3339."
  type        = string
  default     = "2030-01-01T00:00:00Z"
}

variable "logo_url" {
  description = "Where Tencent fetches the logo from."
  type        = string
  default     = "https://www.example.com/logo.png"
}

variable "streams" {
  description = "The streams in the grid."
  type        = list(string)
  default     = ["camera_1", "camera_2", "camera_3", "camera_4"]
}
