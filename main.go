// SPDX-License-Identifier: MPL-2.0

// Command terraform-provider-tencentcss is a Terraform and OpenTofu provider for live-stream mixing on Tencent Cloud CSS.
package main

import (
	"flag"
	"log"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// version is set by the linker in releases.
var version = "dev"

func main() {
	parent := os.Getppid() // First of all: from here on, a parent that dies is noticed.
	debugger := flag.Bool("debug", false, "serve for a debugger: print TF_REATTACH_PROVIDERS and stay until interrupted")
	flag.Parse()

	if !*debugger {
		// A SIGTERM to the process group (a cancelled CI job, a stopped container) also reaches Terraform, which then
		// stops this process in order and saves its work. Exiting on the signal here would lose a session in the middle
		// of its create.
		signal.Ignore(syscall.SIGTERM)
		go endWithParent(parent)
	}
	quietLoggers()
	relaxGarbageCollection()

	var options []tf6server.ServeOpt
	if *debugger {
		options = append(options, tf6server.WithManagedDebug())
	}
	if err := tf6server.Serve("registry.terraform.io/tencentcss/tencentcss", provider.NewServer(version), options...); err != nil {
		log.Fatal(err)
	}
}

// endWithParent ends this process if the Terraform that started it dies silently. The calls then end with the
// connection, but nothing else would end the process. A Terraform that died before main began has closed the pipe for
// the handshake, and writing to that ends the process as well.
func endWithParent(parent int) {
	for ticker := time.NewTicker(time.Second); os.Getppid() == parent; {
		<-ticker.C
	}
	os.Exit(1)
}

// quietLoggers turns the plugin's loggers off if the user asked for no log at all. They would otherwise write every
// line at trace level, for Terraform to parse and discard: 7 % of the time of a plan of a thousand mixes.
func quietLoggers() {
	for _, entry := range os.Environ() {
		if name, value, _ := strings.Cut(entry, "="); strings.HasPrefix(name, "TF_LOG") && value != "" {
			return
		}
	}
	for _, name := range []string{"TF_LOG_SDK", "TF_LOG_PROVIDER_TENCENTCSS"} {
		if err := os.Setenv(name, "OFF"); err != nil {
			log.Printf("leaving the log of %s on: %v", name, err)
		}
	}
}

// relaxGarbageCollection lets the heap grow further between collections, because this process and its values are
// short-lived: with Go's default, an apply of a thousand mixes takes the plugin a fifth more processor time. The limit brings
// the collector back before memory use gets large. GOGC and GOMEMLIMIT take precedence.
func relaxGarbageCollection() {
	const percent, limit = 800, 128 << 20
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(limit)
	}
}
