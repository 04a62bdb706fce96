# tests/mock.tftest.hcl
mock_provider "tencentcss" {}

variables {
  host   = "anna"
  guests = ["ben", "chloe"]
}

run "guests_lie_above_the_host" {
  command = plan

  assert {
    condition     = output.layers == { anna = 1, ben = 2, chloe = 3 }
    error_message = "The guests are not above the host, in their order."
  }
}
