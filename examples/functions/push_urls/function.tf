variable "push_key" {
  description = "The authentication key of the push domain."
  type        = string
  sensitive   = true
}

# The key makes the result sensitive, so the output has to be, too.
output "host_push_urls" {
  value     = provider::tencentcss::push_urls("push.example.com", "live", "host", var.push_key, "2030-01-01T00:00:00Z")
  sensitive = true
}

# A domain without authentication: rtmp://push.example.com/live/rehearsal
output "rehearsal_push_url" {
  value = provider::tencentcss::push_urls("push.example.com", "live", "rehearsal", null, null).rtmp
}

# A domain that is set to sign by SHA-256.
output "host_push_urls_sha256" {
  value     = provider::tencentcss::push_urls("push.example.com", "live", "host", var.push_key, "2030-01-01T00:00:00Z", { algorithm = "sha256" })
  sensitive = true
}
