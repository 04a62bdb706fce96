// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

func (r *resolver) webIdentity(ctx context.Context, m providerModel, cr *liveapi.Credentials) bool {
	at := path.Root("assume_role_with_web_identity")
	var configured webIdentityModel
	r.object(ctx, m.WebIdentity, &configured)
	token := r.text(at.AtName("web_identity_token"), configured.Token, envWebIdentityToken, wordRule{})
	file := r.file(at.AtName("web_identity_token_file"), configured.TokenFile, envWebIdentityTokenFile)
	arn := r.text(at.AtName("role_arn"), configured.RoleARN, envRoleARN, lineRule{})
	issuer := r.text(at.AtName("provider_id"), configured.ProviderID, envRoleProviderID, lineRule{})
	name := r.text(at.AtName("session_name"), configured.SessionName, envRoleSessionName, sessionNameRule{}).or(defaultRoleSession)
	duration := r.roleDuration(at.AtName("session_duration"), configured.SessionDuration)
	if !r.known || r.diags.HasError() {
		return false
	}
	switch {
	case token.value == "" || file.value == "":
	case token.block && file.block:
		r.refuse(file.at, "Contradictory credentials", fmt.Sprintf("%s and %s are both set. Keep one of them", token.at, file.at))
		return false
	case file.block:
		token.value = ""
	default:
		// A token in the block takes precedence over a file in the environment, as a token does over a file within the
		// environment.
		file.value = ""
	}
	r.need(arn, envRoleARN)
	r.need(issuer, envRoleProviderID)
	if token.value == "" && file.value == "" {
		r.need(file, envWebIdentityTokenFile)
	}
	r.readableToken(file)
	cr.WebIdentity = &liveapi.WebIdentity{
		RoleARN: arn.value, ProviderID: issuer.value, SessionName: name.value, Duration: duration, Token: token.value, TokenFile: file.value,
	}
	return true
}

// need reports a required value that is not set.
func (r *resolver) need(s sourced, env string) {
	if s.value == "" {
		r.refuse(s.at, "Missing value", fmt.Sprintf("%s is not set. Set it in the provider block, or the environment variable %s", s.at, env))
	}
}

// readableToken reports a file without a usable token before anything depends on it.
func (r *resolver) readableToken(file sourced) {
	if file.value == "" {
		return
	}
	if _, err := liveapi.ReadTokenFile(file.value); err != nil {
		r.refuse(file.at, "Unreadable token file", fmt.Sprintf("the token file %s%s cannot be used: %s", file.value, file.by(), err))
	}
}

func (r *resolver) podIdentity(_ context.Context, _ providerModel, cr *liveapi.Credentials) bool {
	at := path.Root("enable_pod_oidc")
	var missing []string
	env := func(name string) string {
		v := r.text(at, types.StringNull(), name, lineRule{}).value
		if v == "" {
			missing = append(missing, name)
		}
		return v
	}
	w := &liveapi.WebIdentity{
		Region: env(envPodRegion), ProviderID: env(envPodProviderID), TokenFile: r.expand(env(envPodTokenFile)), RoleARN: env(envPodRoleARN),
		SessionName: defaultRoleSession, Duration: defaultRoleDuration * time.Second,
	}
	if len(missing) > 0 {
		if !r.diags.HasError() {
			r.refuse(at, "No pod identity",
				fmt.Sprintf("enable_pod_oidc is true, but the environment lacks %s, which TKE sets in a pod with a role. Run Terraform in such a pod, or use another source", strings.Join(missing, ", ")))
		}
		return false
	}
	r.readableToken(sourced{value: w.TokenFile, at: at, source: "the environment variable " + envPodTokenFile})
	cr.WebIdentity = w
	return true
}

// assumeRole reads the role to assume, from the block or otherwise from the environment; nil means none. If a web
// identity is used, the variable with the ARN belongs to it. The role of a profile that the block names takes
// precedence over the variable.
func (r *resolver) assumeRole(ctx context.Context, m providerModel, webIdentity, ownRole bool) *liveapi.AssumeRole {
	var configured assumeRoleModel
	inBlock := r.object(ctx, m.AssumeRole, &configured)
	if !r.known || !inBlock && (webIdentity || ownRole || trimText(r.getenv(envRoleARN)) == "") {
		return nil
	}
	at := path.Root("assume_role")
	arn := r.text(at.AtName("role_arn"), configured.RoleARN, envRoleARN, lineRule{})
	role := &liveapi.AssumeRole{
		RoleARN:     arn.value,
		SessionName: r.text(at.AtName("session_name"), configured.SessionName, envRoleSessionName, sessionNameRule{}).or(defaultRoleSession).value,
		ExternalID:  r.text(at.AtName("external_id"), configured.ExternalID, envRoleExternalID, lineRule{}).value,
		Duration:    r.roleDuration(at.AtName("session_duration"), configured.SessionDuration),
		Policy:      trimText(configured.Policy.ValueString()),
	}
	if configured.Policy.IsUnknown() {
		r.known = false
	}
	if r.known && !r.diags.HasError() {
		r.need(arn, envRoleARN)
	}
	return role
}

func (r *resolver) roleDuration(at path.Path, configured types.Number) time.Duration {
	seconds := r.number(configured, defaultRoleDuration)
	if text := trimText(r.getenv(envRoleDuration)); configured.IsNull() && text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 || n > maxRoleDuration {
			r.refuse(at, "Invalid session duration",
				fmt.Sprintf("the environment variable %s must be a whole number of seconds from 1 to %d; got %q", envRoleDuration, maxRoleDuration, text))
			return 0
		}
		seconds = float64(n)
	}
	return time.Duration(seconds) * time.Second
}
