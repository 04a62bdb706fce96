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
	// codes are the API's codes, or those of liveapi for failures without an answer, and inner those that the mixing backend
	// leaves in the message for the same thing. A code that ends with ".*" stands for all below it. "HTTP 403" is a reply of
	// somebody else with that status, "HTTP 4xx" one with any such status, and unknownCode any code that stands nowhere.
	codes []string
	inner []int
	// meaning is a sentence, hint one or more. In both, {permission} is the CAM permission that the call needs.
	meaning, hint string
	// again tells that the first thing to do is to run Terraform again.
	again bool
	// at is the attribute that the failure points at; empty where it points at none.
	at path.Path
}

// unknownCode stands for the codes that are in no row of the table.
const unknownCode = "any other code"

// adviceFor finds the advice for a failure: by its inner code, else by its HTTP status, else by its code, else by the code
// that is closest above it.
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

// permissionFor is the permission that an API call needs in CAM.
func permissionFor(operation string) string {
	service := "live"
	if operation == liveapi.ActionCallerIdentity || strings.HasPrefix(operation, "AssumeRole") {
		service = "sts"
	}
	return service + ":" + operation
}

// whatToDo is the hint with all that it begins with.
func (a advice) whatToDo() string {
	if a.again {
		return strings.TrimSpace("Run Terraform again. " + a.hint)
	}
	return a.hint
}

// pointsAt tells whether there is an attribute to point at.
func (a advice) pointsAt() bool { return len(a.at.Steps()) > 0 }
