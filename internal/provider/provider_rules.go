// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// wordRule is the rule for text that is sent in a header and has no spaces: keys and tokens. It never shows the text.
type wordRule struct{}

func (wordRule) problem(text string) string {
	if strings.ContainsFunc(trimText(text), func(c rune) bool { return c > unicode.MaxASCII || unicode.IsSpace(c) || !unicode.IsPrint(c) }) {
		return "contains white space, a line break or another character that keys never contain. Copy the value again"
	}
	return ""
}

// lineRule is the rule for any other text: no control or invisible characters.
type lineRule struct{}

func (lineRule) problem(text string) string {
	if text = trimText(text); strings.ContainsFunc(text, func(c rune) bool { return !unicode.IsPrint(c) }) {
		return fmt.Sprintf("contains a line break or an invisible character; got %q", text)
	}
	return ""
}

// patternRule is the rule for a text that matches a pattern.
type patternRule struct {
	pattern *regexp.Regexp
	// want completes "must be".
	want string
}

func (r patternRule) problem(text string) string {
	if text = trimText(text); text != "" && !r.pattern.MatchString(text) {
		return fmt.Sprintf("must be %s; got %q", r.want, text)
	}
	return ""
}

func protocolRule() patternRule {
	return patternRule{regexp.MustCompile(`^(?i:https?)$`), "HTTPS or HTTP"}
}

func regionRule() patternRule {
	return patternRule{regexp.MustCompile(`^[A-Za-z0-9-]+$`), "a region such as ap-guangzhou"}
}

func accountRule() patternRule {
	return patternRule{regexp.MustCompile(`^\d+$`), "an account ID, which has digits only"}
}

// sessionNameRule is the rule for the name of a role's session (1312/48197).
type sessionNameRule struct{}

func (sessionNameRule) problem(text string) string {
	text = trimText(text)
	if n := utf8.RuneCountInString(text); text != "" && (n < 2 || n > 128) {
		return fmt.Sprintf("must be 2 to 128 characters long; got %d", n)
	}
	return lineRule{}.problem(text)
}

// pacingRule is the rule for a minimum interval between two calls.
type pacingRule struct{}

func (pacingRule) problem(text string) string {
	text = trimText(text)
	if text == "" {
		return ""
	}
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return ""
	}
	problem := fmt.Sprintf(`must be a duration of at least 0s, such as "30s" or "1m"; got %q`, text)
	if d, err := time.ParseDuration(text + "s"); err == nil && d >= 0 {
		problem += fmt.Sprintf(`. Use %q for seconds`, text+"s")
	}
	return problem
}

// ruleValidator applies a rule to an attribute of the provider block, where an empty text counts as unset.
type ruleValidator struct {
	settingRule
	summary, description string
}

func (v ruleValidator) Description(context.Context) string { return v.description }

func (v ruleValidator) MarkdownDescription(context.Context) string { return v.description }

func (v ruleValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	validateText(v, v.summary, req, resp)
}

// lineValidator returns the validator for texts without another rule.
func lineValidator() ruleValidator {
	return ruleValidator{lineRule{}, "Invalid character", "no line breaks and no invisible characters"}
}

// keyValidator returns the validator for keys and tokens.
func keyValidator() ruleValidator {
	return ruleValidator{wordRule{}, "Invalid character", "no white space"}
}

func pacingValidator() ruleValidator {
	return ruleValidator{pacingRule{}, "Invalid duration", "a duration of at least 0s"}
}

// settingNumber is the rule for a number of any size and precision: the framework's smaller types blame the provider
// for a fraction or for a number that they cannot hold.
type settingNumber struct {
	min, max float64
	whole    bool
}

func (r settingNumber) Description(context.Context) string {
	kind := "a number"
	if r.whole {
		kind = "a whole number"
	}
	return fmt.Sprintf("%s from %s to %s", kind, mixlayout.Number(r.min), mixlayout.Number(r.max))
}

func (r settingNumber) MarkdownDescription(ctx context.Context) string { return r.Description(ctx) }

func (r settingNumber) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	n := req.ConfigValue.ValueBigFloat()
	if f, _ := n.Float64(); f < r.min || f > r.max || r.whole && !n.IsInt() {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid number",
			fmt.Sprintf("%s must be %s; got %s.", req.Path, r.Description(ctx), n.Text('g', -1)))
	}
}
