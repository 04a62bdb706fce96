// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

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

// hintForKeys says what to check if there are no keys from a source.
func hintForKeys(source liveapi.KeySource) string {
	switch source {
	case liveapi.SourceRole:
		return "Check role_arn, and external_id if the role requires one. The credentials that assume the role need the permission sts:AssumeRole, and the role must trust their account."
	case liveapi.SourceWebIdentity:
		return "Check role_arn and provider_id, that the role trusts the identity provider, and that the token has not expired."
	case liveapi.SourceTokenFile:
		return "Check the path of the token file and that this user may read it."
	case liveapi.SourceMetadata:
		return "Run Terraform on a CVM, or in a container on one, that this role is bound to. Elsewhere, remove cam_role_name and TENCENTCLOUD_CAM_ROLE_NAME and set other credentials."
	default:
		return ""
	}
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
