// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// Codes of STS (page 1150/49458).
const (
	codeSTSParam       = "InvalidParameter.ParamError"
	codeStrategyFormat = "InvalidParameter.StrategyFormatError"
	codeUnauthorized   = "UnauthorizedOperation"
)

// stsService is the part of the Security Token Service, version 2018-08-13, that the simulator implements. Unlike the
// Live API it requires a region.
func (s *Server) stsService() service {
	return service{name: "sts", version: "2018-08-13", regional: true, actions: map[string]action{
		ActionAssumeRole: {run: s.assumeRole, fields: []field{
			{name: "RoleArn", required: true},
			{name: "RoleSessionName", required: true},
			{name: "DurationSeconds", kind: integer},
			{name: "Policy"},
			{name: "ExternalId"},
			{name: "Tags", kind: list, fields: []field{
				{name: "Key", required: true},
				{name: "Value", required: true},
			}},
			{name: "SourceIdentity"},
			{name: "SerialNumber", mainland: true},
			{name: "TokenCode", mainland: true, secret: true},
		}},
		ActionAssumeRoleWithWebIdentity: {run: s.assumeRoleWithWebIdentity, unsigned: true, fields: []field{
			{name: "ProviderId", required: true},
			{name: "WebIdentityToken", required: true, secret: true},
			{name: "RoleArn", required: true},
			{name: "RoleSessionName", required: true},
			{name: "DurationSeconds", kind: integer},
		}},
		ActionCallerIdentity: {run: s.callerIdentity},
	}}
}

type assumeRoleRequest struct {
	RoleARN         string `json:"RoleArn"`
	RoleSessionName string
	DurationSeconds *int64
	Policy          *string
	ExternalID      *string `json:"ExternalId"`
	Tags            []sessionTag
	SerialNumber    *string
	TokenCode       *string
}

type sessionTag struct{ Key, Value string }

// assumeRole is AssumeRole (page 598/33164). A policy is checked but not applied: the simulator has no permissions.
func (s *Server) assumeRole(c *call, now time.Time) (map[string]any, *refusal) {
	req, err := decodeParams[assumeRoleRequest](c.params)
	if err != nil {
		return nil, refuse(codeInvalidParameter, "%s", err)
	}
	if r := req.check(); r != nil {
		return nil, r
	}
	role, ok := s.options.Roles[req.RoleARN]
	if !ok {
		return nil, refuse("ResourceNotFound.RoleNotFound", "the role does not exist")
	}
	if !role.trusts(c.caller.AccountID) {
		return nil, refuse(codeUnauthorized, "the role does not trust the account %s", c.caller.AccountID)
	}
	if role.ExternalID != "" && (req.ExternalID == nil || *req.ExternalID != role.ExternalID) {
		return nil, refuse(codeUnauthorized, "ExternalId is not the one that the role asks for")
	}
	return s.assume(role, req.RoleARN, req.RoleSessionName, c.caller.AccountID, req.DurationSeconds, now)
}

// check applies the rules that need no knowledge of the role.
func (r assumeRoleRequest) check() *refusal {
	if _, ok := parseRoleARN(r.RoleARN); !ok {
		return refuse(codeSTSParam, "RoleArn is not the ARN of a role")
	}
	if !stsText(r.RoleSessionName, "+=,.@_-") {
		return refuse(codeSTSParam, "RoleSessionName must be 2 to 128 letters, digits and +=,.@_-")
	}
	if r.ExternalID != nil && !stsText(*r.ExternalID, "_+=,.@:/-") {
		return refuse(codeSTSParam, "ExternalId must be 2 to 128 letters, digits and _+=,.@:/-")
	}
	if (r.SerialNumber == nil) != (r.TokenCode == nil) {
		return refuse(codeSTSParam, "SerialNumber and TokenCode belong together")
	}
	if r.SerialNumber != nil && !validSerialNumber(*r.SerialNumber) {
		return refuse(codeSTSParam, "SerialNumber is not of the form qcs::cam:uin/100000000001::mfa/softToken")
	}
	if r.TokenCode != nil && *r.TokenCode == "" {
		return refuse(codeSTSParam, "TokenCode is empty")
	}
	if refused := checkTags(r.Tags); refused != nil {
		return refused
	}
	if r.Policy != nil {
		return checkPolicy(*r.Policy)
	}
	return nil
}

// stsText reports whether s is 2 to 128 ASCII letters, digits and characters of extra.
func stsText(s, extra string) bool {
	other := func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < 'A' || c > 'Z') && (c < '0' || c > '9') && !strings.ContainsRune(extra, c)
	}
	return len(s) >= 2 && len(s) <= 128 && !strings.ContainsFunc(s, other)
}

func validSerialNumber(s string) bool {
	rest, ok := strings.CutPrefix(s, "qcs::cam:uin/")
	account, device, found := strings.Cut(rest, "::mfa/")
	return ok && found && isUIN(account) && device != ""
}

func checkTags(tags []sessionTag) *refusal {
	if len(tags) > 50 {
		return refuse(codeSTSParam, "there are more than 50 Tags")
	}
	seen := make(map[string]bool)
	for _, tag := range tags {
		if tag.Key == "" || utf8.RuneCountInString(tag.Key) > 128 || utf8.RuneCountInString(tag.Value) > 256 {
			return refuse(codeSTSParam, "the key of a tag has 1 to 128 characters, its value up to 256")
		}
		if seen[tag.Key] {
			return refuse(codeSTSParam, "two Tags have the same key")
		}
		seen[tag.Key] = true
	}
	return nil
}

// checkPolicy requires a URL-encoded CAM policy without principals. A brace shows that a policy is not URL-encoded,
// because no encoding leaves one.
func checkPolicy(encoded string) *refusal {
	decoded, err := url.QueryUnescape(encoded)
	if err != nil || strings.Contains(encoded, "{") {
		return refuse(codeStrategyFormat, "Policy is not URL-encoded")
	}
	var policy struct {
		Version   string           `json:"version"`
		Statement []map[string]any `json:"statement"`
	}
	if err := json.Unmarshal([]byte(decoded), &policy); err != nil || policy.Version == "" || len(policy.Statement) == 0 {
		return refuse(codeStrategyFormat, "Policy is not JSON with a version and a list of statements")
	}
	for _, statement := range policy.Statement {
		if _, ok := statement["principal"]; ok {
			return refuse("InvalidParameter.StrategyInvalid", "Policy must not name a principal")
		}
	}
	return nil
}

type webIdentityRequest struct {
	ProviderID       string `json:"ProviderId"`
	WebIdentityToken string
	RoleARN          string `json:"RoleArn"`
	RoleSessionName  string
	DurationSeconds  *int64
}

// assumeRoleWithWebIdentity is AssumeRoleWithWebIdentity (page 1312/73070). The only documented code for a role that
// does not exist is InternalError.GetRoleError.
func (s *Server) assumeRoleWithWebIdentity(c *call, now time.Time) (map[string]any, *refusal) {
	req, err := decodeParams[webIdentityRequest](c.params)
	if err != nil {
		return nil, refuse(codeInvalidParameter, "%s", err)
	}
	if _, ok := parseRoleARN(req.RoleARN); !ok {
		return nil, refuse(codeSTSParam, "RoleArn is not the ARN of a role")
	}
	if req.RoleSessionName == "" {
		return nil, refuse(codeSTSParam, "RoleSessionName is empty")
	}
	tokens, ok := s.options.WebIdentityProviders[req.ProviderID]
	if !ok {
		return nil, refuse(codeSTSParam, "the identity provider does not exist")
	}
	if !slices.Contains(tokens, req.WebIdentityToken) {
		return nil, refuse("InvalidParameter.WebIdentityTokenError", "WebIdentityToken is not a valid token of the provider")
	}
	role, ok := s.options.Roles[req.RoleARN]
	if !ok {
		return nil, refuse("InternalError.GetRoleError", "the role does not exist")
	}
	if !role.trusts(req.ProviderID) {
		return nil, refuse(codeUnauthorized, "the role does not trust the identity provider")
	}
	return s.assume(role, req.RoleARN, req.RoleSessionName, "", req.DurationSeconds, now)
}

// assume issues the credentials of a role to a caller that may have them.
func (s *Server) assume(role Role, arn, session, principal string, seconds *int64, now time.Time) (map[string]any, *refusal) {
	life, refused := role.life(seconds)
	if refused != nil {
		return nil, refused
	}
	if role.Refuse != nil {
		return nil, refuse(role.Refuse.Code, "%s", role.Refuse.Message)
	}
	i := s.issue(arn, session, principal, life, now)
	unix, text := i.expiry()
	return map[string]any{
		"Credentials": map[string]string{"Token": i.token, "TmpSecretId": i.SecretID, "TmpSecretKey": i.key},
		"ExpiredTime": unix, "Expiration": text,
	}, nil
}

// callerIdentity is GetCallerIdentity (page 1312/66098). A credential that the simulator did not issue identifies as
// its account.
func (s *Server) callerIdentity(c *call, _ time.Time) (map[string]any, *refusal) {
	account := c.caller.AccountID
	if c.issued == nil {
		return map[string]any{
			"Type": "CAMUser", "AccountId": account, "UserId": account, "PrincipalId": account,
			"Arn": "qcs::cam:" + account + ":uin/" + account,
		}, nil
	}
	id := roleID(c.issued.RoleARN)
	return map[string]any{
		"Type": "CAMRole", "AccountId": account, "UserId": id + ":" + c.issued.SessionName,
		"PrincipalId": c.issued.PrincipalID, "Arn": "qcs::sts:" + account + ":assumed-role/" + id,
	}, nil
}
