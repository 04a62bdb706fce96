// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"strings"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// errorDetail is the text of a failed call: what it means for the user's mix, what to do, and what support asks for.
func errorDetail(consequence string, err error) string {
	var failed *liveapi.Error
	if !errors.As(err, &failed) {
		return paragraphs(sentence(err.Error()), consequence)
	}
	return paragraphs(reason(failed), hint(failed), consequence, particulars(failed))
}

// reason says in a sentence what happened.
func reason(e *liveapi.Error) string {
	if e.Kind == liveapi.TimedOut || e.Kind == liveapi.Interrupted {
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
		return fmt.Sprintf("%s. The last answer to %s was: %s", what, e.Operation, sentence(e.Message))
	}
	if e.Message == "" {
		return fmt.Sprintf("%s was refused with %s.", e.Operation, e.Code)
	}
	return fmt.Sprintf("%s failed: %s", e.Operation, sentence(e.Message))
}

// hint says what to do, where that is known.
func hint(e *liveapi.Error) string {
	switch e.Kind {
	case liveapi.Auth:
		return "Check the secret ID, the secret key and the token of the provider, and the permissions of their user."
	case liveapi.Account:
		return "The account itself is refused, not the mix. See to its state in the Tencent Cloud console (balance, service status, limits), then run Terraform again."
	case liveapi.NotReady:
		return "An input does not push yet, or not for 5 seconds. Start it, or set wait_for_inputs to wait for it."
	case liveapi.Throttled:
		return "The account's quota of calls is used up, perhaps by another run. Run Terraform again later, or with a lower -parallelism."
	case liveapi.Transient:
		return "Failures of this kind tend to pass. Run Terraform again."
	}
	return ""
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
