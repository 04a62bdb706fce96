// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// addCallError reports a failed call: what it means, what to do, what became of the mix, and what support asks for. It
// points at an attribute of the configuration where the failure does.
func addCallError(diags *diag.Diagnostics, summary, consequence string, err error) {
	var failed *liveapi.Error
	if errors.As(err, &failed) {
		if a := adviceFor(failed); a.pointsAt() {
			diags.AddAttributeError(a.at, summary, errorDetail(consequence, err))
			return
		}
	}
	diags.AddError(summary, errorDetail(consequence, err))
}

// errorDetail is the text of a failed call.
func errorDetail(consequence string, err error) string {
	var failed *liveapi.Error
	if !errors.As(err, &failed) {
		return paragraphs(sentence(err.Error()), consequence)
	}
	var keys *liveapi.CredentialsError
	if errors.As(err, &keys) {
		return paragraphs(sentence("There are "+keys.Error()), keys.Hint, consequence, particulars(failed))
	}
	var account *liveapi.AccountError
	if errors.As(err, &account) {
		return paragraphs(sentence(account.Error()), "Nothing was sent. Give the credentials of an account that may be written to, or change the list in the provider block.", consequence)
	}
	if failed.Code == "" && failed.Message != "" {
		// No call was made, and the message says why.
		return paragraphs(sentence(failed.Message), consequence)
	}
	a := adviceFor(failed)
	return paragraphs(reason(failed, a), a.hint, consequence, particulars(failed))
}

// reason says in a sentence what happened.
func reason(e *liveapi.Error, a advice) string {
	meaning := a.meaning
	if meaning == "" {
		meaning = e.Operation + " failed."
	}
	if e.Kind != liveapi.TimedOut && e.Kind != liveapi.Interrupted {
		return meaning
	}
	what := "The operation was interrupted"
	var timeout *liveapi.TimeoutError
	if errors.As(e, &timeout) {
		what = strings.TrimSuffix(sentence(timeout.Error()), ".")
	}
	switch {
	case e.Attempts == 0:
		return fmt.Sprintf("%s before %s was sent.", what, e.Operation)
	case e.Code == "":
		return fmt.Sprintf("%s before %s was answered.", what, e.Operation)
	}
	return fmt.Sprintf("%s. The last answer before: %s", what, meaning)
}

// particulars lists what Tencent's support asks for.
func particulars(e *liveapi.Error) string {
	var lines []string
	add := func(name, value string) {
		if value != "" {
			lines = append(lines, fmt.Sprintf("  %-10s %s", name+":", value))
		}
	}
	add("Code", e.Code)
	if e.InnerCode != 0 {
		add("InnerCode", fmt.Sprint(e.InnerCode))
	}
	add("Message", e.Message)
	add("RequestId", e.RequestID)
	add("Attempts", fmt.Sprint(e.Attempts))
	return strings.Join(lines, "\n")
}

// sentence begins with a capital letter and ends with a full stop.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	s = capital(s)
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// paragraphs joins what is not empty.
func paragraphs(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n")
}
