// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func validateString(v validator.String, at path.Path, value types.String) diag.Diagnostics {
	var resp validator.StringResponse
	v.ValidateString(context.Background(), validator.StringRequest{Path: at, ConfigValue: value}, &resp)
	return resp.Diagnostics
}

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

func TestGeometryValidators(t *testing.T) {
	t.Parallel()
	for value, want := range map[float64][2]bool{ // pixels or fraction, pixels only
		-1: {false, false}, 0: {true, true}, 0.005: {false, true}, 0.01: {true, true}, 0.5: {true, true}, 0.99: {true, true},
		0.995: {false, true}, 1: {true, true}, 2000: {true, true}, 2000.5: {false, false}, 4000: {false, false},
	} {
		for i, v := range []validator.Float64{pixelsOrFraction(), pixels()} {
			var resp validator.Float64Response
			v.ValidateFloat64(t.Context(), validator.Float64Request{Path: path.Root("x"), ConfigValue: types.Float64Value(value)}, &resp)
			if resp.Diagnostics.HasError() == want[i] {
				t.Errorf("%v by %s: %v", value, v.Description(t.Context()), resp.Diagnostics)
			}
		}
	}
}

func TestExpandColor(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0xCC0033": "0xCC0033", "0XcC0033": "0xCC0033", "#cc0033": "0xCC0033", "#CC0033": "0xCC0033",
	} {
		if !colorPattern.MatchString(in) {
			t.Errorf("%q is refused", in)
		}
		if got := *expandColor(types.StringValue(in)); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	for _, in := range []string{"", "red", "CC0033", "0xCC003", "#CC00333", "0xGG0033", "x0xCC0033"} {
		if colorPattern.MatchString(in) {
			t.Errorf("%q is accepted", in)
		}
	}
	if expandColor(types.StringNull()) != nil {
		t.Error("a color that is not set is sent")
	}
}

func FuzzColor(f *testing.F) {
	f.Add("#cc0033")
	f.Add("0XCC0033")
	f.Fuzz(func(t *testing.T, s string) {
		if !colorPattern.MatchString(s) {
			return
		}
		got := *expandColor(types.StringValue(s))
		if len(got) != 8 || got[:2] != "0x" || !colorPattern.MatchString(got) {
			t.Errorf("%q became %q", s, got)
		}
	})
}

// A number is judged at the precision that the CLI sends, and named as it was written.
func TestSettingNumber(t *testing.T) {
	t.Parallel()
	whole, rate := settingNumber{0, 100, true}, settingNumber{min: 0.01, max: 10000}
	for _, tt := range []struct {
		rule       settingNumber
		text, want string
	}{
		{whole, "0", ""},
		{whole, "100", ""},
		{whole, "1.0", ""},
		{whole, "1e2", ""},
		{rate, "0.01", ""},
		{rate, "10000", ""},
		{rate, "0.1", ""},
		{whole, "1.5", "x must be a whole number from 0 to 100; got 1.5."},
		{whole, "-1", "got -1."},
		{whole, "101", "got 101."},
		{whole, "1e30", "got 1e+30."},
		{whole, "1e400", "got 1e+400."},
		{whole, "0.0000000000000000000000000000000001", "got 1e-34."},
		{rate, "0.009", "x must be a number from 0.01 to 10000; got 0.009."},
		{rate, "10000.1", "got 10000.1."},
	} {
		n, _, err := big.ParseFloat(tt.text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		var resp validator.NumberResponse
		tt.rule.ValidateNumber(t.Context(), validator.NumberRequest{Path: path.Root("x"), ConfigValue: types.NumberValue(n)}, &resp)
		if ok := !resp.Diagnostics.HasError(); ok != (tt.want == "") || !ok && !strings.Contains(resp.Diagnostics[0].Detail(), tt.want) {
			t.Errorf("%s: got %v, want %s", tt.text, resp.Diagnostics, tt.want)
		}
	}
}

// What a rule finds follows the name of the attribute; a text that keeps the rule has no problem, nor has an empty one.
func TestSettingRules(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		rule       settingRule
		text, want string
	}{
		{wordRule{}, "", ""},
		{wordRule{}, "AKIDx/+=", ""},
		{wordRule{}, "\r\nAKID\n", ""},
		{wordRule{}, "AK ID", "contains white space"},
		{wordRule{}, "AK\nID", "contains"},
		{wordRule{}, "AK\u200bID", "contains"},
		{wordRule{}, "AKID\u200b", "contains"},
		{wordRule{}, "AK\x00ID", "contains"},
		{wordRule{}, "schlüssel", "contains"},
		{lineRule{}, "team/7 (a b)", ""},
		{lineRule{}, "Büro", ""},
		{lineRule{}, "a\r\nb", `got "a\r\nb"`},
		{lineRule{}, "a\u200bb", `got "a\u200bb"`},
		{regionRule(), "ap-guangzhou", ""},
		{regionRule(), "ap guangzhou", `must be a region such as ap-guangzhou; got "ap guangzhou"`},
		{protocolRule(), "https", ""},
		{protocolRule(), "HTTP", ""},
		{protocolRule(), "httpss", "must be HTTPS or HTTP"},
		{sessionNameRule{}, "ab", ""},
		{sessionNameRule{}, strings.Repeat("x", 128), ""},
		{sessionNameRule{}, "x", "got 1"},
		{sessionNameRule{}, strings.Repeat("x", 129), "got 129"},
		{pacingRule{}, "0s", ""},
		{pacingRule{}, "1m30s", ""},
		{pacingRule{}, "5", `got "5". Use "5s" for seconds`},
		{pacingRule{}, "-1s", `got "-1s"`},
		{pacingRule{}, "soon", `got "soon"`},
	} {
		if got := tt.rule.problem(tt.text); (got == "") != (tt.want == "") || !strings.Contains(got, tt.want) {
			t.Errorf("%T, %q: got %q, want %q", tt.rule, tt.text, got, tt.want)
		}
	}
}
