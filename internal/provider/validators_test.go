// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// Each message names the attribute's full path, the rule, the value and the way out, and no password.
func TestDomainValidator(t *testing.T) {
	t.Parallel()
	at := path.Root("output_monitor").AtName("domain_name")
	for value, want := range map[string]string{
		"push.example.com":                  "",
		"PUSH.example.com":                  "",
		"xn--fiqs8s.example":                "",
		"live.tencentcloudapi.com":          "",
		"":                                  `got ""`,
		"https://push.example.com":          `got "https://push.example.com". Use "push.example.com".`,
		"rtmp://push.example.com/live?a=b":  `Use "push.example.com".`,
		"push.example.com:1935":             `Use "push.example.com".`,
		"push.example.com/live":             `Use "push.example.com".`,
		"push.example.com.":                 `Use "push.example.com".`,
		"\tpush.example.com":                `got "\tpush.example.com". Use "push.example.com".`,
		"push.example.com\n":                `got "push.example.com\n". Use "push.example.com".`,
		"https://me:hush@push.example.com/": `without a scheme, port or path. Use "push.example.com".`,
		"*.example.com":                     `got "*.example.com". It may contain letters, digits, hyphens and dots.`,
		"a.example.com,b.example.com":       "It may contain letters, digits, hyphens and dots.",
		"push\u200b.example.com":            `got "push\u200b.example.com"`,
		"127.0.0.1":                         `got "127.0.0.1"`,
		"直播.example.com":                    "ASCII form (xn--…)",
	} {
		diags := validateString(domainValidator{}, at, types.StringValue(value))
		if want == "" {
			if diags.HasError() {
				t.Errorf("%q: %v", value, diags)
			}
			continue
		}
		if len(diags) != 1 || !strings.HasPrefix(diags[0].Detail(), "output_monitor.domain_name must be a plain host name") || !strings.Contains(diags[0].Detail(), want) {
			t.Errorf("%q: got %v, want %s", value, diags, want)
		}
		if len(diags) > 0 && strings.Contains(diags[0].Detail(), "hush") {
			t.Errorf("a password is shown: %v", diags)
		}
	}
	for _, value := range []types.String{types.StringNull(), types.StringUnknown()} {
		if diags := validateString(domainValidator{}, at, value); diags.HasError() {
			t.Errorf("%s: %v", value, diags)
		}
	}
}

// The root domain of the API may be empty, and is not one of the hosts below it.
func TestDomainValidatorOfTheAPI(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"": "", "\t": "", "tencentcloudapi.com": "", "intl.tencentcloudapi.com\n": "", "live.example.com": "", "internal": "",
		"live.tencentcloudapi.com":              `Use "tencentcloudapi.com".`,
		"LIVE.intl.tencentcloudapi.com":         `Use "intl.tencentcloudapi.com".`,
		"sts.ap-singapore.tencentcloudapi.com":  `Use "ap-singapore.tencentcloudapi.com".`,
		"https://live.intl.tencentcloudapi.com": `Use "intl.tencentcloudapi.com".`,
		"https://intl.tencentcloudapi.com/":     `Use "intl.tencentcloudapi.com".`,
	} {
		diags := validateString(domainValidator{api: true}, path.Root("domain"), types.StringValue(value))
		if got := len(diags) == 0; got != (want == "") || !got && (!strings.HasPrefix(diags[0].Detail(), "domain must be ") || !strings.Contains(diags[0].Detail(), want)) {
			t.Errorf("%q: got %v, want %s", value, diags, want)
		}
	}
}

func TestEndpointValidator(t *testing.T) {
	t.Parallel()
	for value, ok := range map[string]bool{"": true, "\n": true, "live.example.com": true, "http://127.0.0.1:1\n": true, "http://live.example.com": false, "live.example.com:0": false} {
		if diags := validateString(endpointValidator{}, path.Root("endpoints").AtName("live"), types.StringValue(value)); diags.HasError() == ok ||
			!ok && !strings.HasPrefix(diags[0].Detail(), "endpoints.live cannot be used: ") {
			t.Errorf("%q: %v", value, diags)
		}
	}
}
