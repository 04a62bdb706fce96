// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

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

// What a rule finds begins after the name of the attribute; a text that keeps the rule, and an empty one, draw no word.
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
