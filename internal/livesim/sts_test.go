// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const (
	mixerARN  = "qcs::cam::uin/100000000001:roleName/mixer"
	remoteARN = "qcs::cam::uin/200000000002:role/4611686018427397919"
)

// withRoles adds the role mixer, which everybody may assume, the role remote of another account, which trusts only
// account 300000000003 and the provider "idp", and that provider with one token.
func withRoles(o *Options) {
	o.Roles = map[string]Role{
		mixerARN:  {},
		remoteARN: {Principals: []string{"300000000003", "idp"}, ExternalID: "ext:1", MaxDuration: time.Hour},
	}
	o.WebIdentityProviders = map[string][]string{"idp": {"identity-token"}, "other": {"other-token"}}
	o.Credentials = append(o.Credentials, Credential{ID: "guest", Key: "guest-key", AccountID: "300000000003"})
}

// assumption is a valid AssumeRole of mixer.
func assumption(edits ...edit) map[string]any {
	params := map[string]any{"RoleArn": mixerARN, "RoleSessionName": "show.1@tf"}
	for _, e := range edits {
		e(params)
	}
	return params
}

// webIdentity is a valid AssumeRoleWithWebIdentity of mixer.
func webIdentity(edits ...edit) map[string]any {
	return assumption(append([]edit{set("ProviderId", "idp"), set("WebIdentityToken", "identity-token")}, edits...)...)
}

// temporary is what STS and the metadata service hand out.
type temporary struct {
	Credentials  struct{ Token, TmpSecretID, TmpSecretKey string }
	Token        string // The metadata service has no Credentials around these three.
	TmpSecretID  string `json:"TmpSecretId"`
	TmpSecretKey string
	ExpiredTime  int64
	Expiration   time.Time
	Code         string
}

// as returns a client that signs with what a call of STS returned.
func (c *client) as(a answer) *client {
	c.t.Helper()
	b, err := json.Marshal(a.response)
	if err != nil {
		c.t.Fatal(err)
	}
	var t temporary
	if err := json.Unmarshal(b, &t); err != nil {
		c.t.Fatal(err)
	}
	k := t.Credentials
	if k.Token == "" || k.TmpSecretID == "" || k.TmpSecretKey == "" {
		c.t.Fatalf("incomplete credentials in %v", slices.Sorted(maps.Keys(a.response)))
	}
	return &client{t: c.t, server: c.server, id: k.TmpSecretID, key: k.TmpSecretKey, token: k.Token}
}

func (c *client) identity() map[string]any {
	c.t.Helper()
	response := c.want("", ActionCallerIdentity, map[string]any{}).response
	delete(response, "RequestId")
	return response
}

func TestAssumeRole(t *testing.T) {
	t.Parallel()
	policy := func(text string) edit { return set("Policy", url.QueryEscape(text)) }
	long := strings.Repeat("x", 129)
	tags := func(n int) edit {
		list := []any{}
		for i := range n {
			list = append(list, map[string]any{"Key": fmt.Sprint("k", i), "Value": "v"})
		}
		return set("Tags", list)
	}
	tag := func(key, value string) edit { return set("Tags", []any{map[string]any{"Key": key, "Value": value}}) }
	for _, tc := range []struct {
		name, code, text string
		edits            []edit
	}{
		{"valid", "", "", nil},
		{"everything", "", "", []edit{
			set("DurationSeconds", 43200), set("ExternalId", "a/b:c"), set("SourceIdentity", "100000000001"), tags(50),
			set("SerialNumber", "qcs::cam:uin/100000000001::mfa/softToken"), set("TokenCode", "123456"),
			policy(`{"version":"2.0","statement":[{"effect":"allow","action":["live:*"],"resource":["*"]}]}`),
		}},
		{"no role", "MissingParameter", "`RoleArn`", []edit{unset("RoleArn")}},
		{"no session name", "MissingParameter", "`RoleSessionName`", []edit{unset("RoleSessionName")}},
		{"unknown parameter", "UnknownParameter", "`SAMLAssertion`", []edit{set("SAMLAssertion", "x")}},
		{"duration as text", "InvalidParameter", "`DurationSeconds`", []edit{set("DurationSeconds", "7200")}},
		{"one second", "", "", []edit{set("DurationSeconds", 1)}},
		{"no seconds", "InvalidParameter.ParamError", "DurationSeconds", []edit{set("DurationSeconds", 0)}},
		{"negative seconds", "InvalidParameter.ParamError", "DurationSeconds", []edit{set("DurationSeconds", -1)}},
		{"too many seconds", "InvalidParameter.OverTimeError", "43200", []edit{set("DurationSeconds", 43201)}},
		{"endless", "InvalidParameter.OverTimeError", "43200", []edit{set("DurationSeconds", json.Number("9223372036854775807"))}},
		{"no ARN", "InvalidParameter.ParamError", "RoleArn", []edit{set("RoleArn", "mixer")}},
		{"other role", "ResourceNotFound.RoleNotFound", "", []edit{set("RoleArn", mixerARN+"2")}},
		{"other account's role", "UnauthorizedOperation", "100000000001", []edit{set("RoleArn", remoteARN), set("ExternalId", "ext:1")}},
		{"short session name", "InvalidParameter.ParamError", "RoleSessionName", []edit{set("RoleSessionName", "a")}},
		{"long session name", "InvalidParameter.ParamError", "RoleSessionName", []edit{set("RoleSessionName", long)}},
		{"session name with a space", "InvalidParameter.ParamError", "RoleSessionName", []edit{set("RoleSessionName", "a b")}},
		{"session name with a colon", "InvalidParameter.ParamError", "RoleSessionName", []edit{set("RoleSessionName", "a:b")}},
		{"empty external ID", "InvalidParameter.ParamError", "ExternalId", []edit{set("ExternalId", "")}},
		{"external ID with a space", "InvalidParameter.ParamError", "ExternalId", []edit{set("ExternalId", "a b")}},
		{"51 tags", "InvalidParameter.ParamError", "Tags", []edit{tags(51)}},
		{"two tags of a key", "InvalidParameter.ParamError", "same key", []edit{set("Tags", []any{
			map[string]any{"Key": "k", "Value": "1"}, map[string]any{"Key": "k", "Value": "2"},
		})}},
		{"tag without value", "MissingParameter", "`Tags.0.Value`", []edit{set("Tags", []any{map[string]any{"Key": "k"}})}},
		{"tag without key", "InvalidParameter.ParamError", "key", []edit{tag("", "v")}},
		{"longest tag", "", "", []edit{tag(strings.Repeat("ä", 128), strings.Repeat("ä", 256))}},
		{"long key", "InvalidParameter.ParamError", "key", []edit{tag(long, "v")}},
		{"long value", "InvalidParameter.ParamError", "value", []edit{tag("k", long+long)}},
		{"serial number alone", "InvalidParameter.ParamError", "TokenCode", []edit{set("SerialNumber", "qcs::cam:uin/1::mfa/softToken")}},
		{"token code alone", "InvalidParameter.ParamError", "SerialNumber", []edit{set("TokenCode", "123456")}},
		{"empty token code", "InvalidParameter.ParamError", "TokenCode", []edit{
			set("SerialNumber", "qcs::cam:uin/1::mfa/softToken"), set("TokenCode", ""),
		}},
		{"odd serial number", "InvalidParameter.ParamError", "SerialNumber", []edit{set("SerialNumber", "softToken"), set("TokenCode", "1")}},
		{"policy as it is", "InvalidParameter.StrategyFormatError", "URL-encoded", []edit{
			set("Policy", `{"version":"2.0","statement":[{}]}`),
		}},
		{"policy with a bad escape", "InvalidParameter.StrategyFormatError", "URL-encoded", []edit{set("Policy", "%zz")}},
		{"policy is no JSON", "InvalidParameter.StrategyFormatError", "JSON", []edit{policy("allow")}},
		{"policy without version", "InvalidParameter.StrategyFormatError", "version", []edit{policy(`{"statement":[{}]}`)}},
		{"policy without statement", "InvalidParameter.StrategyFormatError", "statements", []edit{policy(`{"version":"2.0"}`)}},
		{"policy with a principal", "InvalidParameter.StrategyInvalid", "principal", []edit{
			policy(`{"version":"2.0","statement":[{"principal":{"qcs":"*"},"effect":"allow"}]}`),
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for _, get := range []bool{false, true} {
				s, c := serve(t, withRoles)
				if c.get = get; get && tc.name == "duration as text" {
					continue // A query has no types.
				}
				a := c.want(tc.code, ActionAssumeRole, assumption(tc.edits...))
				if !strings.Contains(a.message, tc.text) {
					t.Errorf("message %q, want it to hold %q", a.message, tc.text)
				}
				if n := len(s.IssuedCredentials()); (n == 1) != (tc.code == "") {
					t.Errorf("%d credentials were issued", n)
				}
			}
		})
	}
}

// TestMultiFactorAbroad checks that the international site does not know the parameters of multi-factor authentication.
func TestMultiFactorAbroad(t *testing.T) {
	t.Parallel()
	_, c := serve(t, func(o *Options) { withRoles(o); o.International = true })
	c.want("UnknownParameter", ActionAssumeRole, assumption(set("TokenCode", "1")))
	c.want("UnknownParameter", ActionAssumeRole, assumption(set("SerialNumber", "1")))
	c.want("", ActionAssumeRole, assumption(set("Tags", []any{}), set("SourceIdentity", "1")))
}

func TestWebIdentity(t *testing.T) {
	t.Parallel()
	remote := set("RoleArn", remoteARN)
	for _, tc := range []struct {
		name, code string
		edits      []edit
	}{
		{"valid", "", nil},
		{"one-letter session name", "", []edit{set("RoleSessionName", "a")}},
		{"trusted provider", "", []edit{remote, set("DurationSeconds", 3600)}},
		{"too many seconds", "InvalidParameter.OverTimeError", []edit{remote, set("DurationSeconds", 3601)}},
		{"no seconds", "InvalidParameter.ParamError", []edit{set("DurationSeconds", 0)}},
		{"provider without trust", "UnauthorizedOperation", []edit{remote, set("ProviderId", "other"), set("WebIdentityToken", "other-token")}},
		{"other provider's token", "InvalidParameter.WebIdentityTokenError", []edit{set("WebIdentityToken", "other-token")}},
		{"token with a line feed", "InvalidParameter.WebIdentityTokenError", []edit{set("WebIdentityToken", "identity-token\n")}},
		{"unknown provider", "InvalidParameter.ParamError", []edit{set("ProviderId", "idp2")}},
		{"unknown role", "InternalError.GetRoleError", []edit{set("RoleArn", mixerARN+"2")}},
		{"no ARN", "InvalidParameter.ParamError", []edit{set("RoleArn", "mixer")}},
		{"empty session name", "InvalidParameter.ParamError", []edit{set("RoleSessionName", "")}},
		{"no token", "MissingParameter", []edit{unset("WebIdentityToken")}},
		{"no provider", "MissingParameter", []edit{unset("ProviderId")}},
		{"external ID", "UnknownParameter", []edit{set("ExternalId", "ext:1")}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s, c := serve(t, withRoles)
			a := c.want(tc.code, ActionAssumeRoleWithWebIdentity, webIdentity(tc.edits...))
			if tc.code != "" {
				return
			}
			role := c.as(a)
			role.want("", ActionOnlineList, map[string]any{})
			i := s.IssuedCredentials()[0]
			if got := role.identity()["PrincipalId"]; got != i.AccountID || i.PrincipalID != i.AccountID || s.Requests()[0].SecretID != "" {
				t.Errorf("principal %v of %+v", got, i)
			}
		})
	}
}

// TestSkipAuthorization checks which calls need no signature.
func TestSkipAuthorization(t *testing.T) {
	t.Parallel()
	_, c := serve(t, withRoles)
	for _, tc := range []struct {
		action, authorization, code string
		params                      map[string]any
	}{
		{ActionAssumeRoleWithWebIdentity, "SKIP", "", webIdentity()},
		{ActionAssumeRoleWithWebIdentity, " ", "AuthFailure.InvalidAuthorization", webIdentity()},
		{ActionAssumeRoleWithWebIdentity, "", "", webIdentity()}, // Signed.
		{ActionAssumeRole, "SKIP", "AuthFailure.InvalidAuthorization", assumption()},
		{ActionCallerIdentity, "SKIP", "AuthFailure.InvalidAuthorization", map[string]any{}},
		{ActionOnlineList, "SKIP", "AuthFailure.InvalidAuthorization", map[string]any{}},
	} {
		a := c.doEdited(tc.action, tc.params, func(r *http.Request) {
			r.Header.Del("Authorization")
			if tc.authorization != "" {
				r.Header.Set("Authorization", tc.authorization)
				r.Header.Set("X-TC-Token", "ignored where nothing is signed")
			}
		})
		if a.code != tc.code {
			t.Errorf("%s with %q: code %q (%s), want %q", tc.action, tc.authorization, a.code, a.message, tc.code)
		}
	}
}

// TestSTSEnvelope checks what every call of STS has in common.
func TestSTSEnvelope(t *testing.T) {
	t.Parallel()
	_, c := serve(t, withRoles)
	for name, tc := range map[string]struct {
		code string
		edit func(r *http.Request)
	}{
		"no region":           {"MissingParameter", func(r *http.Request) { r.Header.Del("X-TC-Region") }},
		"version of live":     {"NoSuchVersion", func(r *http.Request) { r.Header.Set("X-TC-Version", "2018-08-01") }},
		"signed for live":     {"AuthFailure.SignatureFailure", func(r *http.Request) { c.sign(r, "live", "content-type;host") }},
		"signed for sts":      {"", func(r *http.Request) { c.sign(r, "sts", "content-type;host") }},
		"an old timestamp":    {"AuthFailure.SignatureExpire", func(r *http.Request) { r.Header.Set("X-TC-Timestamp", "1") }},
		"a token of its own":  {"AuthFailure.TokenFailure", func(r *http.Request) { r.Header.Set("X-TC-Token", "x") }},
		"an action of nobody": {"InvalidAction", func(r *http.Request) { r.Header.Set("X-TC-Action", "AssumeRoleWithSAML") }},
	} {
		if a := c.doEdited(ActionAssumeRole, assumption(), tc.edit); a.code != tc.code {
			t.Errorf("%s: code %q (%s), want %q", name, a.code, a.message, tc.code)
		}
	}
	// The Live API needs no region.
	if a := c.doEdited(ActionOnlineList, map[string]any{}, func(r *http.Request) { r.Header.Del("X-TC-Region") }); a.code != "" {
		t.Errorf("live without a region: %q", a.code)
	}
}

// TestSTSQuota checks the documented calls per second.
func TestSTSQuota(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := serve(t, nil)
		for range 20 {
			c.want("", ActionCallerIdentity, map[string]any{})
		}
		c.want("RequestLimitExceeded", ActionCallerIdentity, map[string]any{})
	})
}

// TestSTSFaults checks that faults strike STS, and that one after the effect leaves a credential issued.
func TestSTSFaults(t *testing.T) {
	t.Parallel()
	s, c := serve(t, withRoles)
	s.Inject(Fault{Action: ActionAssumeRole, Error: &APIError{Code: "InternalError.DbError"}, After: true})
	s.Inject(Fault{Action: ActionAssumeRoleWithWebIdentity, Status: 503})
	c.want("", ActionCallerIdentity, map[string]any{})
	c.want("InternalError.DbError", ActionAssumeRole, assumption())
	if n := len(s.IssuedCredentials()); n != 1 {
		t.Errorf("%d credentials were issued", n)
	}
	if a := c.do(ActionAssumeRoleWithWebIdentity, webIdentity()); a.status != 503 || !strings.HasPrefix(a.body, "<html>") {
		t.Errorf("status %d, body %q", a.status, a.body)
	}
	if n := len(s.IssuedCredentials()); n != 1 {
		t.Errorf("%d credentials were issued", n)
	}
}
