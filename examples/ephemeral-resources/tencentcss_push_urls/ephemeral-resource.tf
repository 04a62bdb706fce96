variable "push_key" {
  description = "The authentication key of the push domain."
  type        = string
  ephemeral   = true
}

ephemeral "tencentcss_push_urls" "host" {
  domain  = "push.example.com"
  app     = "live"
  stream  = "host"
  key     = var.push_key
  expires = "2030-01-01T00:00:00Z"
}

# Hand the URL to an encoder once, when the resource is created.
resource "terraform_data" "encoder" {
  input = "studio_1"

  provisioner "local-exec" {
    command     = "test -n \"$PUSH_URL\"" # Such as: curl --data-urlencode "url=$PUSH_URL" https://studio_1.example.com/start
    environment = { PUSH_URL = ephemeral.tencentcss_push_urls.host.rtmp }
  }
}
