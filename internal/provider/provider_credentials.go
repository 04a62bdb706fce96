// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// The environment variables of the official Tencent provider for everything but plain keys, and those of a pod on TKE.
const (
	envRoleARN              = "TENCENTCLOUD_ASSUME_ROLE_ARN"
	envRoleSessionName      = "TENCENTCLOUD_ASSUME_ROLE_SESSION_NAME"
	envRoleDuration         = "TENCENTCLOUD_ASSUME_ROLE_SESSION_DURATION"
	envRoleExternalID       = "TENCENTCLOUD_ASSUME_ROLE_EXTERNAL_ID"
	envRoleProviderID       = "TENCENTCLOUD_ASSUME_ROLE_PROVIDER_ID"
	envWebIdentityToken     = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN" // #nosec G101 -- the name of a variable, not a token.
	envWebIdentityTokenFile = "TENCENTCLOUD_ASSUME_ROLE_WEB_IDENTITY_TOKEN_FILE"
	envSharedDir            = "TENCENTCLOUD_SHARED_CREDENTIALS_DIR"
	envProfile              = "TENCENTCLOUD_PROFILE"
	envCAMRole              = "TENCENTCLOUD_CAM_ROLE_NAME"

	envPodRegion     = "TKE_REGION"
	envPodProviderID = "TKE_PROVIDER_ID"
	envPodTokenFile  = "TKE_WEB_IDENTITY_TOKEN_FILE"
	envPodRoleARN    = "TKE_ROLE_ARN"
)

const (
	defaultRoleSession  = "terraform-provider-tencentcss"
	defaultRoleDuration = 7200
	maxRoleDuration     = 43200
	defaultProfile      = "default"
)

type assumeRoleModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	SessionDuration types.Number `tfsdk:"session_duration"`
	Policy          types.String `tfsdk:"policy"`
	ExternalID      types.String `tfsdk:"external_id"`
}

type webIdentityModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	SessionDuration types.Number `tfsdk:"session_duration"`
	ProviderID      types.String `tfsdk:"provider_id"`
	Token           types.String `tfsdk:"web_identity_token"`
	TokenFile       types.String `tfsdk:"web_identity_token_file"`
}

// authenticationGuide is the page that lists the sources of credentials.
const authenticationGuide = "https://registry.terraform.io/providers/tencentcss/tencentcss/latest/docs/guides/authentication"

// credentials picks the source of keys: the one that the block names, otherwise the first that the environment names,
// otherwise a file in the home directory. The order within the environment and the files is the official provider's. A
// role can be assumed with keys from any of them.
func (r *resolver) credentials(ctx context.Context, m providerModel) liveapi.Credentials {
	var cr liveapi.Credentials
	before := len(r.diags)
	inBlock := r.sourcesInBlock(m)
	if !r.known {
		return cr
	}
	switch {
	case len(inBlock) > 1:
		r.contradiction(inBlock)
	case r.tokenWithoutKeys(m):
	case len(inBlock) == 1:
		inBlock[0].take(ctx, m, &cr)
	default:
		r.keysOutsideBlock(ctx, m, &cr)
	}
	if len(r.diags) > before || !r.known {
		return cr
	}
	if cr.Static == nil && cr.WebIdentity == nil && cr.Metadata == nil {
		r.noCredentials()
		return cr
	}
	// Only a profile has a role of its own.
	ownRole := len(inBlock) == 1 && cr.AssumeRole != nil
	if role := r.assumeRole(ctx, m, cr.WebIdentity != nil, ownRole); role != nil {
		cr.AssumeRole = role
	}
	return cr
}

// keySource is one source of keys. take reports any problem with it, and returns false if the source has no keys.
type keySource struct {
	name string
	take func(context.Context, providerModel, *liveapi.Credentials) bool
}

// sourcesInBlock returns the sources that the provider block names, each with the first of its attributes that is set.
func (r *resolver) sourcesInBlock(m providerModel) []keySource {
	var named []keySource
	name := func(take func(context.Context, providerModel, *liveapi.Credentials) bool, attributes ...string) {
		texts := map[string]types.String{
			"secret_id": m.SecretID, "secret_key": m.SecretKey,
			"profile": m.Profile, "shared_credentials_dir": m.SharedCredentialsDir, "cam_role_name": m.CAMRoleName,
		}
		var set []string
		for _, attribute := range attributes {
			text := texts[attribute]
			if text.IsUnknown() {
				r.known = false
			}
			if trimText(text.ValueString()) != "" {
				set = append(set, attribute)
			}
		}
		if len(set) > 0 {
			named = append(named, keySource{set[0], take})
		}
	}
	name(r.plainKeys, "secret_id", "secret_key")
	if m.WebIdentity.IsUnknown() || m.EnablePodOIDC.IsUnknown() || m.SecurityToken.IsUnknown() {
		r.known = false
	}
	if !m.WebIdentity.IsNull() {
		named = append(named, keySource{"assume_role_with_web_identity", r.webIdentity})
	}
	name(r.profileKeys, "profile", "shared_credentials_dir")
	if m.EnablePodOIDC.ValueBool() {
		named = append(named, keySource{"enable_pod_oidc", r.podIdentity})
	}
	name(r.instanceRole, "cam_role_name")
	return named
}

// contradiction reports a block that names more than one source.
func (r *resolver) contradiction(named []keySource) {
	names := make([]string, len(named))
	for i, s := range named {
		names[i] = s.name
	}
	last := len(names) - 1
	r.refuse(path.Root(names[last]), "Contradictory credentials",
		fmt.Sprintf("the provider block names more than one source of credentials, %s and %s. Keep one of them", strings.Join(names[:last], ", "), names[last]))
}

// tokenWithoutKeys reports a token in the block that would be combined with keys from elsewhere.
func (r *resolver) tokenWithoutKeys(m providerModel) bool {
	if trimText(m.SecurityToken.ValueString()) == "" || trimText(m.SecretKey.ValueString()) != "" {
		return false
	}
	r.refuse(path.Root("security_token"), "Token without its keys",
		fmt.Sprintf("security_token is set in the provider block, but the secret_key that it belongs to is not. Set secret_id and secret_key beside it, or set all three by %s, %s and %s", envSecretID, envSecretKey, envSecurityToken))
	return true
}

// keysOutsideBlock takes the first source that the environment names, or else the first file that holds keys.
func (r *resolver) keysOutsideBlock(ctx context.Context, m providerModel, cr *liveapi.Credentials) {
	for _, s := range []struct {
		take      func(context.Context, providerModel, *liveapi.Credentials) bool
		variables []string
	}{
		{r.plainKeys, []string{envSecretID, envSecretKey}},
		{r.webIdentity, []string{envWebIdentityToken, envWebIdentityTokenFile}},
		{r.profileKeys, []string{envProfile, envSharedDir}},
		{r.sdkFileKeys, []string{liveapi.SDKFileVariable}},
		{r.instanceRole, []string{envCAMRole}},
	} {
		for _, variable := range s.variables {
			if trimText(r.getenv(variable)) != "" {
				s.take(ctx, m, cr)
				return
			}
		}
	}
	before := len(r.diags)
	if r.home == "" || r.profileKeys(ctx, m, cr) || len(r.diags) > before {
		return
	}
	r.sdkFileKeys(ctx, m, cr)
}

func (r *resolver) noCredentials() {
	detail := fmt.Sprintf("The provider found no credentials: set the environment variables %s and %s, or use another source (%s).", envSecretID, envSecretKey, authenticationGuide)
	for _, file := range r.filesWithoutKeys {
		detail = paragraphs(detail, fmt.Sprintf("The file %s was passed over, as it holds no keys.", file))
	}
	r.diags.AddAttributeError(path.Root("secret_id"), "No credentials", detail)
}

func (r *resolver) plainKeys(_ context.Context, m providerModel, cr *liveapi.Credentials) bool {
	id := r.text(path.Root("secret_id"), m.SecretID, envSecretID, wordRule{})
	key := r.text(path.Root("secret_key"), m.SecretKey, envSecretKey, wordRule{})
	token := r.text(path.Root("security_token"), m.SecurityToken, envSecurityToken, wordRule{})
	switch {
	case len(r.diags) > 0 && (id.value == "" || key.value == ""):
		return false
	case id.value == "":
		r.halfKeys(id, "secret ID", envSecretID, key)
		return false
	case key.value == "":
		r.halfKeys(key, "secret key", envSecretKey, id)
		return false
	case key.block && !token.block:
		// A token in the environment belongs to the keys in the environment.
		token.value = ""
	}
	cr.Static, cr.Source = &liveapi.Keys{SecretID: id.value, SecretKey: key.value, Token: token.value}, key.source
	return true
}

func (r *resolver) halfKeys(missing sourced, what, env string, other sourced) {
	r.refuse(missing.at, "Missing "+what,
		fmt.Sprintf("%s is set, but there is no %s. Set %s in the provider block, or the environment variable %s", other.source, what, missing.at, env))
}

func (r *resolver) profileKeys(_ context.Context, m providerModel, cr *liveapi.Credentials) bool {
	dir := r.file(path.Root("shared_credentials_dir"), m.SharedCredentialsDir, envSharedDir)
	profile := r.text(path.Root("profile"), m.Profile, envProfile, lineRule{})
	asked := profile
	if profile.value == "" {
		asked = dir
	}
	unasked := asked.value == ""
	if unasked {
		asked.source = ""
	}
	if dir.value == "" && r.home == "" {
		r.refuse(asked.at, "Unreadable profile", fmt.Sprintf("the profile named by %s is looked for in the home directory, but there is none. Set shared_credentials_dir, or the environment variable %s", asked.source, envSharedDir))
		return false
	}
	profile = profile.or(defaultProfile)
	file := liveapi.TCCLIFile(dir.or(filepath.Join(r.home, ".tccli")).value, profile.value)
	found, err := liveapi.ReadTCCLIFile(file)
	switch {
	case unasked && r.absent(file, err):
		return false
	case err != nil:
		r.refuse(asked.at, "Unreadable profile",
			fmt.Sprintf("the tccli profile %s%s cannot be used: %s. Run \"tccli configure --profile %s\", or use another source", file, asked.by(), err, profile.value))
		return false
	}
	if found.RoleARN != "" {
		cr.AssumeRole = &liveapi.AssumeRole{RoleARN: found.RoleARN, SessionName: found.RoleSessionName, Duration: defaultRoleDuration * time.Second}
		if found.RoleSessionName == "" {
			cr.AssumeRole.SessionName = defaultRoleSession
		}
	}
	return r.keysOfFile(asked.at, "the tccli profile "+file, found.Keys, cr)
}

func (r *resolver) sdkFileKeys(_ context.Context, _ providerModel, cr *liveapi.Credentials) bool {
	at := path.Root("secret_id")
	file := r.file(at, types.StringNull(), liveapi.SDKFileVariable)
	unasked := file.value == ""
	if unasked {
		file = sourced{value: liveapi.SDKFile(r.home), at: at}
	}
	keys, err := liveapi.ReadSDKFile(file.value)
	switch {
	case unasked && r.absent(file.value, err):
		return false
	case err != nil:
		r.refuse(at, "Unreadable credentials file",
			fmt.Sprintf("the credentials file %s%s cannot be used: %s. It needs secret_id and secret_key in the section [default]", file.value, file.by(), err))
		return false
	}
	return r.keysOfFile(at, "the credentials file "+file.value, keys, cr)
}

// absent reports whether a file that the user did not name is missing or holds no keys; it then counts as absent.
func (r *resolver) absent(file string, err error) bool {
	if errors.Is(err, liveapi.ErrNoKeys) {
		r.filesWithoutKeys = append(r.filesWithoutKeys, file)
		return true
	}
	return errors.Is(err, fs.ErrNotExist)
}

// keysOfFile takes keys from a file if they can be sent.
func (r *resolver) keysOfFile(at path.Path, file string, keys liveapi.Keys, cr *liveapi.Credentials) bool {
	ok := true
	for _, part := range []struct{ what, text string }{{"secret ID", keys.SecretID}, {"secret key", keys.SecretKey}, {"token", keys.Token}} {
		if problem := (wordRule{}).problem(part.text); problem != "" {
			r.refuse(at, "Invalid value", fmt.Sprintf("the %s in %s %s", part.what, file, problem))
			ok = false
		}
	}
	keys.SecretID, keys.SecretKey, keys.Token = trimText(keys.SecretID), trimText(keys.SecretKey), trimText(keys.Token)
	cr.Static, cr.Source = &keys, file
	return ok
}

func (r *resolver) instanceRole(_ context.Context, m providerModel, cr *liveapi.Credentials) bool {
	role := r.text(path.Root("cam_role_name"), m.CAMRoleName, envCAMRole, lineRule{})
	cr.Metadata = &liveapi.Metadata{Role: role.value}
	return true
}

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
