// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-tencentcss is a Terraform and OpenTofu provider for live-stream mixing on Tencent Cloud CSS.
package main

import (
	"context"
	"flag"
	"log"
	"os/signal"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// version is set by the linker in releases.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "serve for a debugger: print TF_REATTACH_PROVIDERS and stay until interrupted")
	flag.Parse()

	if !*debug {
		// A SIGTERM to the process group (a cancelled CI job, a stopped container) reaches Terraform as well, which then stops
		// this process in order and saves what was begun. Dying of it here would lose a session in the middle of its create.
		signal.Ignore(syscall.SIGTERM)
	}

	err := providerserver.Serve(context.Background(), provider.New(version), providerserver.ServeOpts{
		Address: "registry.terraform.io/tencentcss/tencentcss",
		Debug:   *debug,
	})
	if err != nil {
		log.Fatal(err)
	}
}
