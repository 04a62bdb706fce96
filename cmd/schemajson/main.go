// SPDX-License-Identifier: MPL-2.0

// Command schemajson prints the schemas of this provider as "terraform providers schema -json" does, without a CLI. It
// asks the provider in this process, so the generated documentation does not depend on the installed Terraform: an
// older one leaves out what it does not know, such as resource identity and actions.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// providerName is the key of the schemas: tfplugindocs looks for the bare name, or for the name under hashicorp/.
const providerName = "tencentcss"

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "schemajson:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	server := provider.NewServer("dev")()
	schemas, err := providerSchemas(ctx, providerName, server)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetIndent("", "  ")
	return encoder.Encode(schemas)
}
