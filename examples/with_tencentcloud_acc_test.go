// SPDX-License-Identifier: MPL-2.0

//go:build unix

package examples_test

import (
	"fmt"
	"maps"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// The configuration with both providers requires both, and its mix works: with stand-ins for the resources of the official
// provider, of which the ID of the logo is known after the apply only, as there.
func TestAccExamples_withTencentcloud(t *testing.T) {
	t.Parallel()
	const logoID = 4711
	acctest.Need(t)
	sim := acctest.StartSimulator(t, func(o *livesim.Options) { o.Watermarks = []int64{logoID} })
	for n := range 4 {
		sim.Publish(fmt.Sprintf("camera_%d", n+1), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	files := below(claimed(t), "with-tencentcloud")
	want := map[string]string{"tencentcloud": "tencentcloudstack/tencentcloud", "tencentcss": "tencentcss/tencentcss"}
	if got := requiredSources(t, parseBody(t, "main.tf", files["main.tf"])); !maps.Equal(got, want) {
		t.Errorf("required providers: %v, want %v", got, want)
	}
	for name, text := range files {
		for _, block := range parseBody(t, name, text).Blocks {
			official := len(block.Labels) > 0 && strings.HasPrefix(block.Labels[0], "tencentcloud_")
			if official != (name == "tencentcloud.tf") && (block.Type == "resource" || block.Type == "data") {
				t.Errorf("%s: %s does not belong there", name, block.Labels[0])
			}
		}
	}

	files["main.tf"] = withoutProvider(t, files["main.tf"], "tencentcloud")
	files["tencentcloud.tf"] = fmt.Sprintf(`
resource "terraform_data" "logo" {
  input = "%d"
}

locals {
  push_domain = var.push_domain
  play_domain = var.play_domain
  logo_id     = tonumber(terraform_data.logo.output)
}
`, logoID)
	files["simulator_override.tf"] = acctest.ProviderBlock(sim)
	const key = "key-to-look-for"
	w := acctest.NewWorkspace(t, files, "TF_VAR_push_key="+key, "TF_VAR_play_key="+key)
	if out := w.Run("apply", "-auto-approve"); !strings.Contains(out, "(known after apply)") || strings.Contains(out, key) || strings.Contains(out, "txSecret") {
		t.Error(out)
	}
	requests := sim.RequestsOf(livesim.ActionCreate)
	if len(requests) != 1 {
		t.Fatalf("%d calls", len(requests))
	}
	inputs, _ := requests[0].Params["InputStreamList"].([]any)
	if len(inputs) != 6 {
		t.Fatalf("inputs: %v", inputs)
	}
	for name, want := range map[string]string{"InputType": "2", "WatermarkId": "4711", "ImageLayer": "6", "LocationX": "1104"} {
		if got, _ := requests[0].Param("InputStreamList.5.LayoutParams." + name); fmt.Sprint(got) != want {
			t.Errorf("%s of the logo: %v, want %s", name, got, want)
		}
	}
	w.Run("plan", "-detailed-exitcode")
	w.Run("destroy", "-auto-approve")
	if err := acctest.NothingLeft(sim); err != nil {
		t.Error(err)
	}
}

// requiredSources are the sources of the required providers, by local name.
func requiredSources(t *testing.T, body *hclsyntax.Body) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, block := range body.Blocks {
		if block.Type != "terraform" {
			continue
		}
		for _, inner := range block.Body.Blocks {
			for name, attribute := range inner.Body.Attributes {
				value, diags := attribute.Expr.Value(nil)
				if diags.HasErrors() {
					t.Fatal(diags)
				}
				found[name] = value.GetAttr("source").AsString()
			}
		}
	}
	return found
}

// withoutProvider takes a provider out of a configuration: its block and its requirement.
func withoutProvider(t *testing.T, text, name string) string {
	t.Helper()
	file, diags := hclwrite.ParseConfig([]byte(text), "main.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	body := file.Body()
	body.FirstMatchingBlock("terraform", nil).Body().FirstMatchingBlock("required_providers", nil).Body().RemoveAttribute(name)
	body.RemoveBlock(body.FirstMatchingBlock("provider", []string{name}))
	return string(file.Bytes())
}

// The configuration with both providers is planned with both. Nothing is applied, and a plan of what does not exist makes no
// call, so that no account is needed.
func TestAccExamples_withTencentcloudOfficial(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	if os.Getenv("TENCENTCSS_ACC_OFFICIAL") == "" {
		t.Skip("the provider of Tencent is downloaded from the registry with TENCENTCSS_ACC_OFFICIAL=1")
	}
	const key = "key-to-look-for"
	w := acctest.NewWorkspace(t, below(claimed(t), "with-tencentcloud"), "TF_VAR_push_key="+key, "TF_VAR_play_key="+key,
		"TENCENTCLOUD_SECRET_ID=AKIDnobody", "TENCENTCLOUD_SECRET_KEY=nobodys-secret-key")
	if out := w.Run("plan"); !strings.Contains(out, "Plan: 6 to add, 0 to change, 0 to destroy.") || strings.Contains(out, key) {
		t.Error(out)
	}
}
