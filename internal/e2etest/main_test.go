// SPDX-License-Identifier: MPL-2.0

package e2etest

import (
	"os"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }
