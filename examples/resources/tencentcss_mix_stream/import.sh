# A session is imported by its ID. Nothing else can be read of it: the next apply sends the configured mix and so takes
# the running session over in place.
terraform import tencentcss_mix_stream.show evening_show
