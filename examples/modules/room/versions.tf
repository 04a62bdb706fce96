terraform {
  # 1.9 of Terraform and of OpenTofu is the first in which the validation of a variable may look at another one.
  required_version = ">= 1.9"

  required_providers {
    tencentcss = {
      source  = "tencentcss/tencentcss"
      version = ">= 0.1.0"
    }
  }
}
