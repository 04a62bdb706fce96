# What Tencent's own provider does.

resource "tencentcloud_css_domain" "push" {
  domain_name = var.push_domain
  domain_type = 0 # Push.
}

resource "tencentcloud_css_domain" "play" {
  domain_name = var.play_domain
  domain_type = 1 # Playback.
}

# Its schema does not mark the keys as sensitive. They are, as the variables that they come from are.
resource "tencentcloud_css_push_auth_key_config" "this" {
  domain_name     = tencentcloud_css_domain.push.domain_name
  enable          = 1
  master_auth_key = var.push_key
}

resource "tencentcloud_css_play_auth_key_config" "this" {
  domain_name = tencentcloud_css_domain.play.domain_name
  enable      = 1
  auth_key    = var.play_key
}

resource "tencentcloud_css_watermark" "logo" {
  watermark_name = "show_logo"
  picture_url    = var.logo_url
}

# What the mix takes of it. The domains are taken from the resources of their keys, so that the keys are set first.
locals {
  push_domain = tencentcloud_css_push_auth_key_config.this.domain_name
  play_domain = tencentcloud_css_play_auth_key_config.this.domain_name

  # Its IDs are texts, and a picture is named by a number.
  logo_id = tonumber(tencentcloud_css_watermark.logo.id)
}
