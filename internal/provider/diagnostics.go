// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// addCallError reports a failed call: what it means, what to do, what became of the mix, and what support asks for. It
// points at an attribute of the configuration if the failure does.
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

// errorDetail returns the detail of a failed call.
func errorDetail(consequence string, err error) string {
	var failed *liveapi.Error
	if !errors.As(err, &failed) {
		return paragraphs(sentence(err.Error()), consequence)
	}
	reason, hint := explain(failed)
	var keys *liveapi.CredentialsError
	var asked *liveapi.Error
	if failed.Attempts == 0 && errors.As(failed, &keys) && errors.As(keys.Err, &asked) {
		// Only the call for the keys was sent.
		failed = asked
	}
	return paragraphs(reason, hint, consequence, supportDetails(failed))
}

// explain says what happened and what to do next.
func explain(e *liveapi.Error) (reason, hint string) {
	var pacing *liveapi.PacingError
	var account *liveapi.AccountError
	var keys *liveapi.CredentialsError
	switch {
	case e.Kind == liveapi.KindTimedOut, e.Kind == liveapi.KindInterrupted:
		return explainStop(e)
	case errors.As(e, &pacing):
		return sentence(pacing.Error()), "Run Terraform again after that time, or set a longer timeout in timeouts of the resource."
	case errors.As(e, &account):
		return accountProblem(account), "Nothing was sent. Use credentials of an account that may be written to, or change the list in the provider block."
	case errors.As(e, &keys):
		return explainKeys(keys)
	case e.Code == "" && e.Message != "":
		// No call was made, and the message says why.
		return sentence(e.Message), ""
	}
	a := adviceFor(e)
	reason = a.meaning
	if reason == "" {
		reason = e.Operation + " failed."
	}
	if e.Operation == liveapi.ActionCallerIdentity {
		reason = "allowed_account_ids or forbidden_account_ids is set, but the provider could not find out which account the credentials belong to. " + reason + " Nothing was changed."
	}
	return reason, a.whatToDo()
}

// accountProblem names the attribute of the provider block that guards the account.
func accountProblem(e *liveapi.AccountError) string {
	if len(e.Allowed) > 0 {
		return fmt.Sprintf("The credentials belong to the account %s, but allowed_account_ids allows only %s.", e.Account, strings.Join(e.Allowed, ", "))
	}
	return fmt.Sprintf("The credentials belong to the account %s, which forbidden_account_ids names.", e.Account)
}

// explainKeys explains why there are no keys. The source's own hint is of no use if the source could not be reached.
func explainKeys(keys *liveapi.CredentialsError) (reason, hint string) {
	var asked *liveapi.Error
	if !errors.As(keys.Err, &asked) || asked.Code == "" {
		// There was no answer that supportDetails could list.
		return sentence("There are " + keys.Error()), hintForKeys(keys.From)
	}
	reason = sentence("There are no credentials from " + keys.Source)
	switch {
	case asked.Operation == liveapi.ActionMetadata, asked.Kind == liveapi.KindInvalid, asked.Kind == liveapi.KindAuth, asked.Kind == liveapi.KindAccount:
		return reason, hintForKeys(keys.From)
	}
	a := adviceFor(asked)
	return strings.TrimSpace(reason + " " + a.meaning), a.whatToDo()
}

// explainStop explains an operation that timed out or was interrupted, and what its last attempt said.
func explainStop(e *liveapi.Error) (reason, hint string) {
	reason, hint = "The operation was interrupted", "Run Terraform again to continue."
	var timeout *liveapi.TimeoutError
	if errors.As(e, &timeout) {
		reason = strings.TrimSuffix(sentence(timeout.Error()), ".")
		hint = "Run Terraform again. If the calls need more time, set a longer timeout."
		switch timeout.Operation {
		case "create", "update", "delete":
			hint = fmt.Sprintf("Run Terraform again. If the calls need more time, raise timeouts.%s of the resource.", timeout.Operation)
		case "invoke":
			hint = "Invoke the action again. If the call needs more time, raise its timeout."
		}
	}
	switch {
	case e.Attempts == 0:
		return fmt.Sprintf("%s before %s was sent.", reason, e.Operation), hint
	case e.Code == "":
		return fmt.Sprintf("%s before %s was answered.", reason, e.Operation), hint
	}
	a := adviceFor(e)
	if a.meaning == "" {
		a.meaning = e.Operation + " failed."
	}
	return fmt.Sprintf("%s. Its last attempt failed: %s", reason, a.meaning), strings.TrimSpace(hint + " " + a.hint)
}

// supportDetails lists what Tencent's support asks for.
func supportDetails(e *liveapi.Error) string {
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
	if e.Code != "" {
		add("Message", e.Message)
	}
	add("RequestId", e.RequestID)
	if e.Attempts > 1 || e.Attempts == 1 && len(lines) > 0 {
		add("Attempts", fmt.Sprint(e.Attempts))
	}
	return strings.Join(lines, "\n")
}

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

// wireDiagnostics are diagnostics as the framework sends them.
func wireDiagnostics(diags diag.Diagnostics) []*tfprotov6.Diagnostic {
	var all []*tfprotov6.Diagnostic
	for _, d := range diags {
		on := &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError, Summary: d.Summary(), Detail: d.Detail()}
		if d.Severity() == diag.SeverityWarning {
			on.Severity = tfprotov6.DiagnosticSeverityWarning
		}
		if at, ok := d.(diag.DiagnosticWithPath); ok {
			on.Attribute = wirePath(at.Path())
		}
		all = append(all, on)
	}
	return all
}

// wirePath is a path of names and list indexes, as all paths of a mix are.
func wirePath(p path.Path) *tftypes.AttributePath {
	at := tftypes.NewAttributePath()
	for _, step := range p.Steps() {
		switch step := step.(type) {
		case path.PathStepAttributeName:
			at = at.WithAttributeName(string(step))
		case path.PathStepElementKeyInt:
			at = at.WithElementKeyInt(int(step))
		}
	}
	return at
}
