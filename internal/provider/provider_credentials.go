// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

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
	envMetadataEndpoint     = "TENCENTCSS_METADATA_ENDPOINT"

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
	SessionDuration types.Int64  `tfsdk:"session_duration"`
	Policy          types.String `tfsdk:"policy"`
	ExternalID      types.String `tfsdk:"external_id"`
}

type webIdentityModel struct {
	RoleARN         types.String `tfsdk:"role_arn"`
	SessionName     types.String `tfsdk:"session_name"`
	SessionDuration types.Int64  `tfsdk:"session_duration"`
	ProviderID      types.String `tfsdk:"provider_id"`
	Token           types.String `tfsdk:"web_identity_token"`
	TokenFile       types.String `tfsdk:"web_identity_token_file"`
}

// credentialAttributes are the attributes beside plain keys, by the names of the official provider.
func credentialAttributes() map[string]schema.Attribute {
	roleARN := func(text string) schema.Attribute {
		return schema.StringAttribute{
			MarkdownDescription: "The ARN of the role, such as `qcs::cam::uin/100000000001:roleName/mixer`. " + text,
			Optional:            true,
			Validators:          []validator.String{stringvalidator.LengthAtLeast(1)},
		}
	}
	sessionName := schema.StringAttribute{
		MarkdownDescription: "The name of the session in Tencent's audit log. `" + defaultRoleSession + "` by default. Else the environment variable `" + envRoleSessionName + "`.",
		Optional:            true,
		Validators:          []validator.String{stringvalidator.LengthBetween(2, 128)},
	}
	sessionDuration := schema.Int64Attribute{
		MarkdownDescription: "How long the keys of the role last, in seconds: 1 to 43200, 7200 by default. They are renewed before they end, also in the middle of an apply. Else the environment variable `" + envRoleDuration + "`.",
		Optional:            true,
		Validators:          []validator.Int64{int64validator.Between(1, maxRoleDuration)},
	}
	return map[string]schema.Attribute{
		"assume_role": schema.SingleNestedAttribute{
			MarkdownDescription: "Takes a role with the credentials that are found otherwise, and calls the API with the keys of the role.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"role_arn":         roleARN("Else the environment variable `" + envRoleARN + "`."),
				"session_name":     sessionName,
				"session_duration": sessionDuration,
				"policy": schema.StringAttribute{
					MarkdownDescription: "A policy as JSON that narrows what the role may do.",
					Optional:            true,
				},
				"external_id": schema.StringAttribute{
					MarkdownDescription: "The external ID that the role's trust asks for. Else the environment variable `" + envRoleExternalID + "`.",
					Optional:            true,
				},
			},
		},
		"assume_role_with_web_identity": schema.SingleNestedAttribute{
			MarkdownDescription: "Takes a role with a token of an OIDC identity provider, without any key.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"role_arn":         roleARN("Else the environment variable `" + envRoleARN + "`."),
				"session_name":     sessionName,
				"session_duration": sessionDuration,
				"provider_id": schema.StringAttribute{
					MarkdownDescription: "The name of the identity provider in CAM. Else the environment variable `" + envRoleProviderID + "`.",
					Optional:            true,
				},
				"web_identity_token": schema.StringAttribute{
					MarkdownDescription: "The token. Else the environment variable `" + envWebIdentityToken + "`.",
					Optional:            true,
					Sensitive:           true,
				},
				"web_identity_token_file": schema.StringAttribute{
					MarkdownDescription: "The path of a file with the token, read anew whenever the keys are renewed. Else the environment variable `" + envWebIdentityTokenFile + "`.",
					Optional:            true,
				},
			},
		},
		"enable_pod_oidc": schema.BoolAttribute{
			MarkdownDescription: "Takes the role of the pod that Terraform runs in, on TKE, by `" + envPodRegion + "`, `" + envPodProviderID + "`, `" + envPodTokenFile + "` and `" + envPodRoleARN + "`.",
			Optional:            true,
		},
		"shared_credentials_dir": schema.StringAttribute{
			MarkdownDescription: "The directory with the profiles of Tencent's command line tool. `~/.tccli` by default. Else the environment variable `" + envSharedDir + "`.",
			Optional:            true,
		},
		"profile": schema.StringAttribute{
			MarkdownDescription: "The profile of Tencent's command line tool. `default` by default. Else the environment variable `" + envProfile + "`.",
			Optional:            true,
		},
		"cam_role_name": schema.StringAttribute{
			MarkdownDescription: "The role of the CVM that Terraform runs on, whose keys the metadata service hands out. Else the environment variable `" + envCAMRole + "`.",
			Optional:            true,
		},
		"allowed_account_ids": schema.SetAttribute{
			MarkdownDescription: "The accounts that may be written to. Before its first write the provider asks STS whose credentials it has, and stops where it is another.",
			ElementType:         types.StringType,
			Optional:            true,
		},
		"forbidden_account_ids": schema.SetAttribute{
			MarkdownDescription: "The accounts that must not be written to.",
			ElementType:         types.StringType,
			Optional:            true,
		},
	}
}

// credentials picks the source of keys, in the order of the official provider: plain keys of the block or the
// environment, a web identity, a profile of the command line tool, the SDK's file, the role of a pod, that of a CVM. A
// role to assume comes on top of any of them.
func (r *resolver) credentials(ctx context.Context, m providerModel) liveapi.Credentials {
	var cr liveapi.Credentials
	before := len(r.diags)
	for _, source := range []func(context.Context, providerModel, *liveapi.Credentials) bool{
		r.plainKeys, r.webIdentity, r.profileKeys, r.sdkFileKeys, r.podIdentity, r.instanceRole,
	} {
		if source(ctx, m, &cr) || len(r.diags) > before || !r.known {
			break
		}
	}
	found := cr.Static != nil || cr.WebIdentity != nil || cr.Metadata != nil
	if !found && r.known && len(r.diags) == before {
		for _, missing := range []struct{ attribute, env, what string }{
			{"secret_id", envSecretID, "secret ID"}, {"secret_key", envSecretKey, "secret key"},
		} {
			r.diags.AddAttributeError(path.Root(missing.attribute), "Missing "+missing.what,
				fmt.Sprintf("The provider signs every call and needs a %s. Set %s in the provider block, or the environment variable %s. "+
					"Other sources are a profile of tccli, a role, and the identity of a pod or of a CVM; none of them is there.", missing.what, missing.attribute, missing.env))
		}
	}
	cr.AssumeRole = r.assumeRole(ctx, m, cr.WebIdentity != nil)
	return cr
}

func (r *resolver) plainKeys(_ context.Context, m providerModel, cr *liveapi.Credentials) bool {
	idAt, keyAt := path.Root("secret_id"), path.Root("secret_key")
	id, idSource := r.value(idAt, m.SecretID, envSecretID, "")
	key, keySource := r.value(keyAt, m.SecretKey, envSecretKey, "")
	token, _ := r.value(path.Root("security_token"), m.SecurityToken, envSecurityToken, "")
	switch {
	case !r.known:
		return false
	case id == "" && key == "":
		return false
	case id == "":
		r.halfKeys(idAt, "secret ID", envSecretID, keySource)
		return false
	case key == "":
		r.halfKeys(keyAt, "secret key", envSecretKey, idSource)
		return false
	}
	cr.Static, cr.Source = &liveapi.Keys{SecretID: id, SecretKey: key, Token: token}, keySource
	return true
}

func (r *resolver) halfKeys(at path.Path, what, env, other string) {
	r.diags.AddAttributeError(at, "Missing "+what,
		fmt.Sprintf("The other half of the key comes from %s, but there is no %s. Set %s in the provider block, or the environment variable %s.", other, what, at, env))
}

func (r *resolver) webIdentity(ctx context.Context, m providerModel, cr *liveapi.Credentials) bool {
	at := path.Root("assume_role_with_web_identity")
	if m.WebIdentity.IsUnknown() {
		r.known = false
		return false
	}
	configured := webIdentityModel{}
	if !m.WebIdentity.IsNull() {
		r.diags.Append(m.WebIdentity.As(ctx, &configured, basetypes.ObjectAsOptions{})...)
	}
	w := &liveapi.WebIdentity{}
	w.Token, _ = r.value(at.AtName("web_identity_token"), configured.Token, envWebIdentityToken, "")
	w.TokenFile, _ = r.value(at.AtName("web_identity_token_file"), configured.TokenFile, envWebIdentityTokenFile, "")
	if configured.Token.ValueString() != "" {
		// A token in the block is meant, whatever file the environment names.
		w.TokenFile = configured.TokenFile.ValueString()
	}
	if m.WebIdentity.IsNull() && w.Token == "" && w.TokenFile == "" {
		return false
	}
	w.RoleARN, _ = r.value(at.AtName("role_arn"), configured.RoleARN, envRoleARN, "")
	w.ProviderID, _ = r.value(at.AtName("provider_id"), configured.ProviderID, envRoleProviderID, "")
	w.SessionName, _ = r.value(at.AtName("session_name"), configured.SessionName, envRoleSessionName, defaultRoleSession)
	w.Duration = r.roleDuration(at.AtName("session_duration"), configured.SessionDuration)
	if !r.known {
		return false
	}
	r.need(at.AtName("role_arn"), w.RoleARN, envRoleARN)
	r.need(at.AtName("provider_id"), w.ProviderID, envRoleProviderID)
	if w.Token == "" && w.TokenFile == "" {
		r.need(at.AtName("web_identity_token_file"), "", envWebIdentityTokenFile)
	}
	r.readable(at.AtName("web_identity_token_file"), "the token of the web identity", w.TokenFile)
	cr.WebIdentity = w
	return true
}

// need reports a value that has to be set and is not.
func (r *resolver) need(at path.Path, value, env string) {
	if value == "" {
		r.diags.AddAttributeError(at, "Missing value",
			fmt.Sprintf("%s is not set. Set it in the provider block, or the environment variable %s.", at, env))
	}
}

// readable reports a file that cannot be read, before anything depends on it.
func (r *resolver) readable(at path.Path, what, file string) {
	if file == "" {
		return
	}
	f, err := os.Open(file) //nolint:gosec // G304: the user names the file.
	if err == nil {
		err = f.Close()
	}
	if err != nil {
		r.diags.AddAttributeError(at, "Unreadable file", fmt.Sprintf("The file with %s cannot be read: %s. Check the path and its permissions.", what, sentence(err.Error())))
	}
}

func (r *resolver) profileKeys(_ context.Context, m providerModel, cr *liveapi.Credentials) bool {
	dirAt, profileAt := path.Root("shared_credentials_dir"), path.Root("profile")
	dir, dirSource := r.value(dirAt, m.SharedCredentialsDir, envSharedDir, "")
	profile, profileSource := r.value(profileAt, m.Profile, envProfile, "")
	if !r.known {
		return false
	}
	asked := dir != "" || profile != ""
	at, source := profileAt, profileSource
	if profile == "" {
		at, source, profile = dirAt, dirSource, defaultProfile
	}
	if dir == "" {
		if r.home == "" {
			return false
		}
		dir = filepath.Join(r.home, ".tccli")
	}
	file := liveapi.TCCLIFile(dir, profile)
	keys, err := liveapi.ReadTCCLIFile(file)
	switch {
	case err == nil:
		cr.Static, cr.Source = &keys, "the tccli profile "+file
		return true
	case !asked && errors.Is(err, fs.ErrNotExist):
		return false
	case !asked:
		source = "the default"
	}
	r.diags.AddAttributeError(at, "Unreadable profile",
		fmt.Sprintf("The tccli profile %s, named by %s, cannot be used: %s Run \"tccli configure --profile %s\", or choose another profile or directory.", file, source, sentence(err.Error()), profile))
	return false
}

func (r *resolver) sdkFileKeys(_ context.Context, _ providerModel, cr *liveapi.Credentials) bool {
	file, source := r.getenv(liveapi.SDKFileVariable), "the environment variable "+liveapi.SDKFileVariable
	if file == "" {
		if r.home == "" {
			return false
		}
		file, source = filepath.Join(r.home, ".tencentcloud", "credentials"), "the default"
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	keys, err := r.sdkFile()
	if err != nil {
		r.diags.AddAttributeError(path.Root("secret_id"), "Unreadable credentials file",
			fmt.Sprintf("The credentials file of the SDK %s, named by %s, cannot be used. It needs secret_id and secret_key in its section [default]. Mend it, remove it, or give other credentials.", file, source))
		return false
	}
	cr.Static, cr.Source = &keys, "the credentials file "+file
	return true
}

func (r *resolver) podIdentity(_ context.Context, m providerModel, cr *liveapi.Credentials) bool {
	if m.EnablePodOIDC.IsUnknown() {
		r.known = false
	}
	if !m.EnablePodOIDC.ValueBool() {
		return false
	}
	var missing []string
	env := func(name string) string {
		v := r.getenv(name)
		if v == "" {
			missing = append(missing, name)
		}
		return v
	}
	w := &liveapi.WebIdentity{
		Region: env(envPodRegion), ProviderID: env(envPodProviderID), TokenFile: env(envPodTokenFile), RoleARN: env(envPodRoleARN),
		SessionName: defaultRoleSession, Duration: defaultRoleDuration * time.Second,
	}
	at := path.Root("enable_pod_oidc")
	if len(missing) > 0 {
		r.diags.AddAttributeError(at, "No identity of a pod",
			fmt.Sprintf("enable_pod_oidc is true, but the environment lacks %s, which TKE sets in a pod with a role. Run Terraform in such a pod, or give other credentials.", strings.Join(missing, ", ")))
		return false
	}
	r.readable(at, "the token of the pod ("+envPodTokenFile+")", w.TokenFile)
	cr.WebIdentity = w
	return true
}

func (r *resolver) instanceRole(_ context.Context, m providerModel, cr *liveapi.Credentials) bool {
	role, _ := r.value(path.Root("cam_role_name"), m.CAMRoleName, envCAMRole, "")
	if role == "" {
		return false
	}
	cr.Metadata = &liveapi.Metadata{Role: role}
	return true
}

// assumeRole reads the role to take. The variable of its ARN belongs to a web identity where one is used.
func (r *resolver) assumeRole(ctx context.Context, m providerModel, webIdentity bool) *liveapi.AssumeRole {
	at := path.Root("assume_role")
	if m.AssumeRole.IsUnknown() {
		r.known = false
		return nil
	}
	configured := assumeRoleModel{}
	if m.AssumeRole.IsNull() {
		if webIdentity || r.getenv(envRoleARN) == "" {
			return nil
		}
	} else {
		r.diags.Append(m.AssumeRole.As(ctx, &configured, basetypes.ObjectAsOptions{})...)
	}
	role := &liveapi.AssumeRole{Policy: configured.Policy.ValueString()}
	if configured.Policy.IsUnknown() {
		r.known = false
	}
	role.RoleARN, _ = r.value(at.AtName("role_arn"), configured.RoleARN, envRoleARN, "")
	role.SessionName, _ = r.value(at.AtName("session_name"), configured.SessionName, envRoleSessionName, defaultRoleSession)
	role.ExternalID, _ = r.value(at.AtName("external_id"), configured.ExternalID, envRoleExternalID, "")
	role.Duration = r.roleDuration(at.AtName("session_duration"), configured.SessionDuration)
	if r.known {
		r.need(at.AtName("role_arn"), role.RoleARN, envRoleARN)
	}
	return role
}

func (r *resolver) roleDuration(at path.Path, configured types.Int64) time.Duration {
	if configured.IsUnknown() {
		r.known = false
	}
	seconds := int64(defaultRoleDuration)
	if !configured.IsNull() {
		seconds = configured.ValueInt64()
	} else if text := r.getenv(envRoleDuration); text != "" {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil || n < 1 || n > maxRoleDuration {
			r.diags.AddAttributeError(at, "Invalid session duration",
				fmt.Sprintf("%q, from the environment variable %s, is not a number of seconds from 1 to %d.", text, envRoleDuration, maxRoleDuration))
			return 0
		}
		seconds = n
	}
	return time.Duration(seconds) * time.Second
}

// accountIDs reads a list of accounts.
func (r *resolver) accountIDs(ctx context.Context, set types.Set) []string {
	if set.IsUnknown() {
		r.known = false
	}
	if set.IsNull() || set.IsUnknown() {
		return nil
	}
	var elements []types.String
	r.diags.Append(set.ElementsAs(ctx, &elements, false)...)
	var ids []string
	for _, e := range elements {
		if e.IsUnknown() {
			r.known = false
		}
		ids = append(ids, e.ValueString())
	}
	return ids
}
