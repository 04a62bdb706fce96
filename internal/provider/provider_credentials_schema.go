// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// optionalText returns an optional string of the provider block that can also be set with a variable, unless variable
// is empty.
func optionalText(description, variable string, rule validator.String) schema.StringAttribute {
	if variable != "" {
		description += " Can also be set with `" + variable + "`."
	}
	return schema.StringAttribute{MarkdownDescription: description, Optional: true, Validators: []validator.String{rule}}
}

func sensitiveText(attribute schema.StringAttribute) schema.StringAttribute {
	attribute.Sensitive = true
	return attribute
}

// credentialAttributes returns the attributes besides plain keys, named as in the official provider.
func credentialAttributes() map[string]schema.Attribute {
	line := lineValidator()
	roleARN := optionalText("The ARN of the role, such as `qcs::cam::uin/100000000001:roleName/mixer`.", envRoleARN, line)
	sessionName := optionalText("The name of the session in Tencent's audit log, 2 to 128 characters. Defaults to `"+defaultRoleSession+"`.", envRoleSessionName,
		ruleValidator{sessionNameRule{}, "Invalid session name", "2 to 128 characters"})
	sessionDuration := schema.NumberAttribute{
		MarkdownDescription: "How long the role's keys last, in whole seconds from 1 to 43200. Defaults to `7200`. The provider renews them in time, also during an apply. Can also be set with `" + envRoleDuration + "`.",
		Optional:            true,
		Validators:          []validator.Number{settingNumber{1, maxRoleDuration, true}},
	}
	return map[string]schema.Attribute{
		"assume_role": schema.SingleNestedAttribute{
			MarkdownDescription: "Assumes a role with the credentials from any other source, and calls the API with the role's keys.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"role_arn":         roleARN,
				"session_name":     sessionName,
				"session_duration": sessionDuration,
				"policy": schema.StringAttribute{
					MarkdownDescription: "A JSON policy that restricts what the role may do.",
					Optional:            true,
				},
				"external_id": optionalText("The external ID that the role's trust policy requires.", envRoleExternalID, line),
			},
		},
		"assume_role_with_web_identity": schema.SingleNestedAttribute{
			MarkdownDescription: "Assumes a role with the token of an OIDC identity provider. No API key is needed.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"role_arn":           roleARN,
				"session_name":       sessionName,
				"session_duration":   sessionDuration,
				"provider_id":        optionalText("The name of the identity provider in CAM.", envRoleProviderID, line),
				"web_identity_token": sensitiveText(optionalText("The token.", envWebIdentityToken, keyValidator())),
				"web_identity_token_file": optionalText("The path of a file that contains the token. The file is read again whenever the keys are renewed. `~` stands for the home directory.",
					envWebIdentityTokenFile, line),
			},
		},
		"enable_pod_oidc": schema.BoolAttribute{
			MarkdownDescription: "Whether to use the role of the TKE pod that Terraform runs in. TKE sets `" + envPodRegion + "`, `" + envPodProviderID + "`, `" + envPodTokenFile + "` and `" + envPodRoleARN + "` in such a pod. Defaults to `false`.",
			Optional:            true,
		},
		"shared_credentials_dir": optionalText("The directory with the profiles of `tccli`, Tencent's command line tool. Defaults to `~/.tccli`.", envSharedDir, line),
		"profile":                optionalText("The `tccli` profile to use. Defaults to `default`.", envProfile, line),
		"cam_role_name":          optionalText("The role of the CVM that Terraform runs on. The metadata service hands out its keys.", envCAMRole, line),
		"allowed_account_ids": schema.SetAttribute{
			MarkdownDescription: "The accounts that the provider may write to. Before its first write the provider asks STS which account its credentials belong to, and stops if it is not one of these.",
			ElementType:         types.StringType,
			Optional:            true,
		},
		"forbidden_account_ids": schema.SetAttribute{
			MarkdownDescription: "The accounts that the provider must not write to.",
			ElementType:         types.StringType,
			Optional:            true,
		},
	}
}
