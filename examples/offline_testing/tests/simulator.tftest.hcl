# tests/simulator.tftest.hcl
provider "tencentcss" {
  secret_id  = "AKIDsimulator"
  secret_key = "simulator-secret-key"
  endpoints  = { live = "http://127.0.0.1:8080" }
  pacing     = { cancel_after_create = "100ms", reuse_after_cancel = "100ms" }
}

variables {
  host   = "anna"
  guests = ["ben"]
}

run "goes_on_air" {
  assert {
    condition     = tencentcss_mix_stream.this.mix_stream_session_id == "anna_talk"
    error_message = "The session is not named after the host."
  }
}

run "a_second_guest_joins_on_air" {
  variables {
    guests = ["ben", "chloe"]
  }

  assert {
    condition     = length(output.layers) == 3
    error_message = "The second guest is missing."
  }
}
