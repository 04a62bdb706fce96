// SPDX-License-Identifier: MPL-2.0

// Command leastserver serves the least server in place of the provider.
package main

import (
	"log"
	"os"
	"runtime/debug"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/bench"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

func main() {
	// The log and the garbage collector are as the provider has them, so that they do not count as its merit.
	if err := os.Setenv("TF_LOG_SDK", "OFF"); err != nil {
		log.Fatal(err)
	}
	debug.SetGCPercent(800)
	debug.SetMemoryLimit(128 << 20)

	schemas := provider.NewServer("least")
	err := tf6server.Serve("registry.terraform.io/tencentcss/tencentcss", func() tfprotov6.ProviderServer {
		return bench.NewLeastServer(schemas())
	})
	if err != nil {
		log.Fatal(err)
	}
}
