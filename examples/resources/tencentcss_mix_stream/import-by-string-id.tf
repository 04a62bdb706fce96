import {
  to = tencentcss_mix_stream.show
  id = "evening_show"
}
