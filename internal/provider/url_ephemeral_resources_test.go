// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/echoprovider"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/hashicorp/terraform-plugin-testing/tfversion"
)

// ephemeralConfig is a configuration of an ephemeral resource with URLs, as it goes over the wire.
func ephemeralConfig(t *testing.T, server tfprotov6.ProviderServer, typeName string, given map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	kind := schemas.EphemeralResourceSchemas[typeName].ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, kind := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(kind, given[name])
	}
	return onTheWire(t, tftypes.NewValue(kind, values))
}

// The URLs are those of the function of the same name, by every algorithm and unsigned.
func TestEphemeralURLsAreThoseOfTheFunctions(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	for name, f := range map[string]function.Function{"push_urls": newPushURLsFunction(), "play_urls": newPlayURLsFunction()} {
		for _, given := range []map[string]any{
			{"key": "secret", "expires": "2030-01-01T00:00:00Z"},
			{"key": "secret", "expires": "2030-01-01T00:00:00Z", "algorithm": "sha256"},
			{},
		} {
			argument := func(attribute string) types.String {
				if s, ok := given[attribute].(string); ok {
					return types.StringValue(s)
				}
				return types.StringNull()
			}
			options := types.DynamicValue(types.ObjectValueMust(
				map[string]attr.Type{"algorithm": types.StringType}, map[string]attr.Value{"algorithm": argument("algorithm")}))
			want, funcErr := call(t, f, text("live.example.com"), text("live"), text("room-1"), argument("key"), argument("expires"), options)
			if funcErr != nil {
				t.Fatal(funcErr)
			}

			config := maps.Clone(given)
			maps.Copy(config, map[string]any{"domain": "live.example.com", "app": "live", "stream": "room-1"})
			opened, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
				TypeName: "tencentcss_" + name, Config: ephemeralConfig(t, server, "tencentcss_"+name, config),
			})
			if err != nil || len(opened.Diagnostics) > 0 {
				t.Fatalf("%v, %v", err, opened.Diagnostics)
			}
			schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				t.Fatal(err)
			}
			raw, err := opened.Result.Unmarshal(schemas.EphemeralResourceSchemas["tencentcss_"+name].ValueType())
			if err != nil {
				t.Fatal(err)
			}
			var result map[string]tftypes.Value
			if err := raw.As(&result); err != nil {
				t.Fatal(err)
			}
			for protocol, url := range want.(types.Object).Attributes() {
				var got string
				if err := result[protocol].As(&got); err != nil || got != url.(types.String).ValueString() {
					t.Errorf("%s of %v is %q, want %s", protocol, given, got, url)
				}
			}
		}
	}
}

// What is wrong is said at validation already, at its attribute and without the key; what is not known yet is left alone.
func TestEphemeralURLErrors(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	good := map[string]any{"domain": "live.example.com", "app": "live", "stream": "host", "key": "do-not-print", "expires": "2030-01-01T00:00:00Z"}
	for attribute, wrong := range map[string]any{
		"domain": "https://live.example.com", "app": "..", "stream": "a/b", "key": "do-not-print\n", "expires": "tomorrow", "algorithm": "sha1",
	} {
		config := maps.Clone(good)
		config[attribute] = wrong
		for _, typeName := range []string{"tencentcss_push_urls", "tencentcss_play_urls"} {
			given := ephemeralConfig(t, server, typeName, config)
			validated, err := server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: given})
			if err != nil {
				t.Fatal(err)
			}
			opened, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: given})
			if err != nil {
				t.Fatal(err)
			}
			for when, diags := range map[string][]*tfprotov6.Diagnostic{"validate": validated.Diagnostics, "open": opened.Diagnostics} {
				if len(diags) != 1 || !diags[0].Attribute.Equal(tftypes.NewAttributePath().WithAttributeName(attribute)) || !strings.HasPrefix(diags[0].Detail, attribute+" ") || strings.Contains(diags[0].Detail, "do-not-print") {
					t.Errorf("%s of %s: %s", when, attribute, prose(diags))
				}
			}
			config := maps.Clone(config)
			config["key"] = tftypes.UnknownValue
			validated, err = server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: ephemeralConfig(t, server, typeName, config)})
			if err != nil || len(validated.Diagnostics) > 0 {
				t.Errorf("%s with an unknown key: %v, %s", attribute, err, prose(validated.Diagnostics))
			}
		}
	}
}

// The calls of ephemeral resources leave nothing of their contexts behind in the server either.
func TestServerLetsGoOfEphemeralContexts(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	config := ephemeralConfig(t, server, "tencentcss_push_urls", map[string]any{"domain": "push.example.com", "app": "live", "stream": "host"})
	ctx, kept := heavyContext(t)
	validated, err := server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: "tencentcss_push_urls", Config: config})
	if err != nil || len(validated.Diagnostics) > 0 {
		t.Fatal(err, prose(validated.Diagnostics))
	}
	opened, err := server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: "tencentcss_push_urls", Config: config})
	if err != nil || len(opened.Diagnostics) > 0 {
		t.Fatal(err, prose(opened.Diagnostics))
	}
	if _, err := server.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: "tencentcss_push_urls", Private: opened.Private}); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	if kept.Value() != nil {
		t.Error("the server still holds the context of a call")
	}
}

// What the CLI hands on to another provider is what the function computes.
func TestAccEphemeralURLs(t *testing.T) {
	needAcceptance(t)
	sim := newSim(t)
	config := func(name string) string {
		return providerBlock(sim) + fmt.Sprintf(`
ephemeral "tencentcss_%s" "test" {
  domain  = "livepush.tcloud.com"
  app     = "live"
  stream  = "test"
  key     = "e12c46f2612d5106e2034781ab261ca3"
  expires = "2018-12-29T14:13:45+08:00"
}

provider "echo" {
  data = ephemeral.tencentcss_%[1]s.test
}

resource "echo" "test" {}
`, name)
	}
	withEcho := maps.Clone(factories)
	withEcho["echo"] = echoprovider.NewProviderServer()
	for _, name := range []string{"push_urls", "play_urls"} {
		t.Run(name, func(t *testing.T) {
			resource.ParallelTest(t, resource.TestCase{
				ProtoV6ProviderFactories: withEcho,
				TerraformVersionChecks:   []tfversion.TerraformVersionCheck{tfversion.SkipBelow(tfversion.Version1_10_0)},
				Steps: []resource.TestStep{{
					Config: config(name),
					ConfigStateChecks: []statecheck.StateCheck{
						statecheck.ExpectKnownValue("echo.test", tfjsonpath.New("data").AtMapKey("rtmp"),
							knownvalue.StringExact("rtmp://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099")),
					},
				}},
			})
		})
	}
}
