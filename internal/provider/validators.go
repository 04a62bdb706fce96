// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// invalidValue is the title of every problem with a single value. The text names the full path of the attribute,
// because most CLIs show only the line of the resource; then the rule and the value.
const invalidValue = "Invalid value"

// namePattern is the rule for session IDs and stream names (267/43404).
var namePattern = regexp.MustCompile(`^[A-Za-z0-9_]{1,80}$`)

const nameRule = "must be 1 to 80 characters long and contain only A-Z, a-z, 0-9 and _"

// colorPattern accepts both spellings of a color; expandColor converts them to Tencent's.
var colorPattern = regexp.MustCompile(`^(?:0[xX]|#)[0-9A-Fa-f]{6}$`)

var webPagePattern = regexp.MustCompile(`^(?i:https?)://[^\s/]+`)

// textRule is the rule of a string.
type textRule struct {
	rule  string // as in "must be …"
	holds func(string) bool
}

var _ validator.String = textRule{}

// The rules of strings.
func nameTextRule() textRule { return textRule{nameRule, namePattern.MatchString} }

func colorTextRule() textRule {
	return textRule{"must be a color such as 0xCC0033 or #CC0033", colorPattern.MatchString}
}

func webPageTextRule() textRule {
	return textRule{"must be a URL that begins with http:// or https://", webPagePattern.MatchString}
}

func shortTextRule() textRule {
	const longest = 255
	return textRule{fmt.Sprintf("must be 1 to %d characters long", longest), func(s string) bool {
		return s != "" && utf8.RuneCountInString(s) <= longest
	}}
}

func oneOfWords[T ~string](choices ...T) textRule {
	var words []string
	for _, choice := range choices {
		words = append(words, string(choice))
	}
	return textRule{"must be " + eitherOf(words), func(s string) bool { return slices.Contains(words, s) }}
}

func (r textRule) Description(context.Context) string { return r.rule }

func (r textRule) MarkdownDescription(context.Context) string { return r.rule }

func (r textRule) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if text := req.ConfigValue; !text.IsNull() && !text.IsUnknown() && !r.holds(text.ValueString()) {
		resp.Diagnostics.AddAttributeError(req.Path, invalidValue,
			fmt.Sprintf("%s %s; got %s.", req.Path, r.rule, excerpt(text.ValueString())))
	}
}

// numberRule is the rule of a whole number.
type numberRule struct {
	rule  string // as in "must be …"
	holds func(int64) bool
}

var _ validator.Int64 = numberRule{}

// upTo is the rule for a whole number from 1.
func upTo(high int64) numberRule {
	const low = 1
	if high == low+1 {
		return oneOfNumbers(low, high)
	}
	return numberRule{fmt.Sprintf("must be a whole number from %d to %d", low, high), func(n int64) bool { return n >= low && n <= high }}
}

func oneOfNumbers(numbers ...int64) numberRule {
	var words []string
	for _, n := range numbers {
		words = append(words, strconv.FormatInt(n, 10))
	}
	return numberRule{"must be " + eitherOf(words), func(n int64) bool { return slices.Contains(numbers, n) }}
}

func (r numberRule) Description(context.Context) string { return r.rule }

func (r numberRule) MarkdownDescription(context.Context) string { return r.rule }

func (r numberRule) ValidateInt64(_ context.Context, req validator.Int64Request, resp *validator.Int64Response) {
	if n := req.ConfigValue; !n.IsNull() && !n.IsUnknown() && !r.holds(n.ValueInt64()) {
		resp.Diagnostics.AddAttributeError(req.Path, invalidValue, fmt.Sprintf("%s %s; got %d.", req.Path, r.rule, n.ValueInt64()))
	}
}

// lengthRule is the rule for a length in the picture.
type lengthRule struct {
	rule  string // as in "must be …"
	holds func(float64) bool
}

var _ validator.Float64 = lengthRule{}

// pixelsOrFraction is the rule for sizes and positions in CommonMixLayoutParams. Tencent does not document values
// between 0 and 0.01, or between 0.99 and 1.
func pixelsOrFraction() lengthRule {
	return lengthRule{
		fmt.Sprintf("must be 0 to %d pixels, or a fraction from 0.01 to 0.99", mixlayout.MaxPixels),
		func(f float64) bool { return f == 0 || f >= 0.01 && f <= 0.99 || f >= 1 && f <= mixlayout.MaxPixels },
	}
}

// pixels is the rule for CommonMixCropParams.
func pixels() lengthRule {
	return lengthRule{
		fmt.Sprintf("must be 0 to %d pixels", mixlayout.MaxPixels),
		func(f float64) bool { return f >= 0 && f <= mixlayout.MaxPixels },
	}
}

func (r lengthRule) Description(context.Context) string { return r.rule }

func (r lengthRule) MarkdownDescription(context.Context) string { return r.rule }

func (r lengthRule) ValidateFloat64(_ context.Context, req validator.Float64Request, resp *validator.Float64Response) {
	if f := req.ConfigValue; !f.IsNull() && !f.IsUnknown() && !r.holds(f.ValueFloat64()) {
		resp.Diagnostics.AddAttributeError(req.Path, invalidValue, fmt.Sprintf("%s %s; got %s.", req.Path, r.rule, mixlayout.Number(f.ValueFloat64())))
	}
}

// settingRule is a rule for a text from any source. problem completes a sentence that begins with the name of the
// attribute or variable: the rule, the value, the way out. It is empty if the text obeys the rule.
type settingRule interface {
	problem(text string) string
}

// validateText applies a rule to an attribute.
func validateText(rule settingRule, summary string, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if problem := rule.problem(req.ConfigValue.ValueString()); problem != "" {
		resp.Diagnostics.AddAttributeError(req.Path, summary, req.Path.String()+" "+problem+".")
	}
}

// domainValidator accepts a plain host name.
type domainValidator struct {
	// api marks the root domain of the API, which may be empty for the default and must not be one of the hosts below
	// it.
	api bool
}

func (domainValidator) Description(context.Context) string {
	return "a plain host name, without a scheme, port or path"
}

func (v domainValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v domainValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	validateText(v, "Invalid domain name", req, resp)
}

func (v domainValidator) problem(text string) string {
	host := hostIn(text)
	if v.api {
		text, host = trimText(text), rootDomain(host)
		if text == "" {
			return ""
		}
		if root := rootDomain(text); root != text {
			return fmt.Sprintf("must be the root domain, to which the provider adds the service; got %q. Use %q", text, root)
		}
	}
	if liveapi.IsHostName(text) {
		return ""
	}
	problem := "must be a plain host name, without a scheme, port or path"
	if !strings.Contains(text, "@") {
		// What precedes an @ may be a password.
		problem += fmt.Sprintf("; got %q", text)
	}
	switch {
	case host != "":
		problem += fmt.Sprintf(". Use %q", host)
	case strings.ContainsFunc(text, func(c rune) bool { return c > unicode.MaxASCII && unicode.IsLetter(c) }):
		problem += ". Give an internationalized name in its ASCII form (xn--…)"
	default:
		problem += ". It may contain letters, digits, hyphens and dots"
	}
	return problem
}

// rootDomain removes the service from one of Tencent's own API hosts.
func rootDomain(host string) string {
	if !liveapi.IsHostName(host) || !strings.HasSuffix(strings.ToLower(host), "."+liveapi.DefaultDomain) {
		return host
	}
	for _, service := range []string{"live.", "sts."} {
		if len(host) > len(service) && strings.EqualFold(host[:len(service)], service) {
			return host[len(service):]
		}
	}
	return host
}

// hostIn finds the host name in a malformed one: a URL, or a name with a port, a path or white space. It returns "" if
// there is none.
func hostIn(text string) string {
	if _, rest, ok := strings.Cut(text, "://"); ok {
		text = rest
	}
	if i := strings.IndexAny(text, `/?#\`); i >= 0 {
		text = text[:i]
	}
	text = text[strings.LastIndex(text, "@")+1:]
	text, _, _ = strings.Cut(text, ":")
	text = strings.TrimSuffix(trimText(text), ".")
	if !liveapi.IsHostName(text) {
		return ""
	}
	return text
}

// endpointValidator refuses what liveapi.ParseEndpoint refuses. Empty means the default.
type endpointValidator struct{}

func (endpointValidator) Description(context.Context) string {
	return "a host, a host with a port, or a URL without a path; plain HTTP for the loopback interface only"
}

func (v endpointValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (v endpointValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	validateText(v, "Invalid endpoint", req, resp)
}

func (endpointValidator) problem(text string) string {
	if text = trimText(text); text == "" {
		return ""
	}
	if _, err := liveapi.ParseEndpoint(text, "https"); err != nil {
		return "cannot be used: " + err.Error()
	}
	return ""
}

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
