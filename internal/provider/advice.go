// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// advice says what a failure means and what to do about it.
type advice struct {
	// codes are codes of the API, or of liveapi for failures without an answer; inner are the codes that the mixing
	// backend puts into messages for the same failure. A code that ends with ".*" means all codes below it. "HTTP 403"
	// is a foreign reply with that status, "HTTP 4xx" one with any such status, and unknownCode any code that is in no
	// row.
	codes []string
	inner []int
	// meaning is a sentence, hint one or more. In both, {permission} is the CAM permission that the call needs.
	meaning, hint string
	// again reports whether running Terraform again is the first thing to do.
	again bool
	// at is the attribute that the failure points at, if any.
	at path.Path
}

// unknownCode matches the codes that are in no row of the table.
const unknownCode = "any other code"

// adviceFor returns the advice for a failure: by its inner code, otherwise by its HTTP status, by its code, or by the
// closest code above it.
func adviceFor(e *liveapi.Error) advice {
	a := findAdvice(e)
	fill := strings.NewReplacer("{permission}", permissionFor(e.Operation))
	a.meaning, a.hint = fill.Replace(a.meaning), fill.Replace(a.hint)
	return a
}

func findAdvice(e *liveapi.Error) advice {
	if e.InnerCode != 0 {
		for _, a := range adviceTable {
			if slices.Contains(a.inner, e.InnerCode) {
				return a
			}
		}
	}
	names := []string{e.Code}
	if e.Status != 0 && (e.Code == liveapi.CodeHTTPStatus || e.Code == liveapi.CodeNotAnAnswer) {
		names = []string{fmt.Sprintf("HTTP %d", e.Status), fmt.Sprintf("HTTP %dxx", e.Status/100), e.Code}
	}
	for at := e.Code; strings.Contains(at, "."); {
		at = at[:strings.LastIndex(at, ".")]
		names = append(names, at+".*")
	}
	if e.Kind == liveapi.KindUnknown {
		names = append(names, unknownCode)
	}
	for _, name := range names {
		for _, a := range adviceTable {
			if slices.Contains(a.codes, name) {
				return a
			}
		}
	}
	return advice{}
}

// permissionFor returns the CAM permission that an API call needs.
func permissionFor(operation string) string {
	service := "live"
	if operation == liveapi.ActionCallerIdentity || strings.HasPrefix(operation, "AssumeRole") {
		service = "sts"
	}
	return service + ":" + operation
}

// whatToDo returns the hint with everything that precedes it.
func (a advice) whatToDo() string {
	if a.again {
		return strings.TrimSpace("Run Terraform again. " + a.hint)
	}
	return a.hint
}

// pointsAt reports whether there is an attribute to point at.
func (a advice) pointsAt() bool { return len(a.at.Steps()) > 0 }
