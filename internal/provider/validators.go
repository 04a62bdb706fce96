// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// settingRule is a rule for a text, wherever the text comes from. problem completes a sentence that begins with the name of
// the attribute or the variable: the rule, the value, the way out. It is empty where the text keeps the rule.
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
	// api is for the root domain of the API, which may be empty for the default and is not one of the hosts below it.
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
		// What stands before an @ may be a password.
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

// rootDomain takes the service off one of Tencent's own API hosts.
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

// hostIn finds the host name in what was meant to be one: a URL, or a name with a port, a path or white space. It is
// empty where there is none.
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

// trimText removes white space, control characters and a byte order mark from both ends: they come with what is copied, or
// read from a file.
func trimText(text string) string {
	return strings.TrimFunc(text, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) || c == '\ufeff' })
}

// endpointValidator refuses what liveapi.ParseEndpoint refuses. Empty stands for the default.
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
