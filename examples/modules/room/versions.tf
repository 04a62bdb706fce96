terraform {
  # Since 1.9 the validation of a variable may look at another one. OpenTofu needs 1.10: before it, a module finds no
  # functions of a provider.
  required_version = ">= 1.9"

  required_providers {
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = ">= 0.1.0"
    }
  }
}
