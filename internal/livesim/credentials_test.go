// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestTemporaryCredentials checks what issued credentials can do, and until when.
func TestTemporaryCredentials(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // Its clock starts at 2000-01-01T00:00:00Z.
		s, c := serve(t, withRoles)
		time.Sleep(1500 * time.Millisecond)
		a := c.want("", ActionAssumeRole, assumption(set("DurationSeconds", 2)))
		if a.response["ExpiredTime"] != 946684803.0 || a.response["Expiration"] != "2000-01-01T00:00:03Z" {
			t.Errorf("expires at %v, %v", a.response["ExpiredTime"], a.response["Expiration"])
		}
		role := c.as(a)
		online := func(code string) { t.Helper(); role.want(code, ActionOnlineList, map[string]any{}) }
		online("")
		role.create("", "room")
		role.get = true
		online("")
		role.get = false
		s.Skew(time.Minute) // The clock of signatures has no say in this.
		online("")
		s.Skew(0)

		token := role.token
		role.token = ""
		online("AuthFailure.TokenFailure")
		role.token = token + "x"
		online("AuthFailure.TokenFailure")
		role.token = token
		key := role.key
		role.key = "wrong"
		online("AuthFailure.SignatureFailure")
		role.key = key

		s.Advance(2*time.Second - 1)
		online("")
		s.Advance(1)
		online("AuthFailure.TokenFailure")
		role.want("AuthFailure.TokenFailure", ActionCallerIdentity, map[string]any{})

		// Credentials that are issued after an Advance end by the simulated time as well.
		role = c.as(c.want("", ActionAssumeRole, assumption()))
		s.Advance(2*time.Hour - 1)
		online("")
		time.Sleep(time.Nanosecond)
		online("AuthFailure.TokenFailure")

		got := s.IssuedCredentials()
		if len(got) != 2 || got[1].SecretID != role.id {
			t.Fatalf("issued %+v", got)
		}
		issuedAt := time.Date(2000, 1, 1, 0, 0, 1, 5e8, time.UTC)
		got[0].IssuedAt, got[0].ExpiresAt = got[0].IssuedAt.UTC(), got[0].ExpiresAt.UTC()
		want := IssuedCredential{
			SecretID: got[0].SecretID, RoleARN: mixerARN, AccountID: "100000000001", SessionName: "show.1@tf",
			PrincipalID: "100000000001", IssuedAt: issuedAt, ExpiresAt: issuedAt.Add(2 * time.Second),
		}
		if got[0] != want {
			t.Errorf("issued %+v\nwant   %+v", got[0], want)
		}

		role = c.as(c.want("", ActionAssumeRole, assumption()))
		s.Reset()
		online("AuthFailure.SecretIdNotFound")
		if n := len(s.IssuedCredentials()); n != 0 {
			t.Errorf("%d issued credentials after a reset", n)
		}
		c.want("", ActionOnlineList, map[string]any{})
	})
}

func TestRoles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		denied := &APIError{Code: "UnauthorizedOperation", Message: "50% refused"}
		_, c := serve(t, func(o *Options) {
			withRoles(o)
			o.Roles[mixerARN+"/short"] = Role{Lifetime: 1500 * time.Millisecond}
			o.Roles[mixerARN+"/half"] = Role{MaxDuration: time.Hour}
			o.Roles[mixerARN+"/refused"] = Role{Refuse: denied, Principals: []string{"100000000001"}}
		})
		role := func(name string) edit { return set("RoleArn", mixerARN+name) }
		seconds := func(a answer) time.Duration {
			return time.Until(time.Unix(int64(a.response["ExpiredTime"].(float64)), 0))
		}
		if d := seconds(c.want("", ActionAssumeRole, assumption())); d != 2*time.Hour {
			t.Errorf("credentials live for %s", d)
		}
		if d := seconds(c.want("", ActionAssumeRole, assumption(role("/half")))); d != time.Hour {
			t.Errorf("credentials of a role that allows an hour live for %s", d)
		}
		c.want("", ActionAssumeRole, assumption(role("/half"), set("DurationSeconds", 3600)))
		c.want("InvalidParameter.OverTimeError", ActionAssumeRole, assumption(role("/half"), set("DurationSeconds", 3601)))
		a := c.want("", ActionAssumeRole, assumption(role("/short"), set("DurationSeconds", 7200)))
		if d := seconds(a); d != time.Second {
			t.Errorf("a fixed life of 1.5 s is told as %s", d)
		}
		short := c.as(a)
		time.Sleep(1500*time.Millisecond - 1)
		short.want("", ActionOnlineList, map[string]any{})
		time.Sleep(time.Nanosecond)
		short.want("AuthFailure.TokenFailure", ActionOnlineList, map[string]any{})

		if a := c.want("UnauthorizedOperation", ActionAssumeRole, assumption(role("/refused"))); a.message != "50% refused" {
			t.Errorf("message %q", a.message)
		}
		c.want("InvalidParameter.OverTimeError", ActionAssumeRole, assumption(role("/refused"), set("DurationSeconds", 50000)))

		guest := &client{t: t, server: c.server, id: "guest", key: "guest-key"}
		remote := func(external string) map[string]any {
			return assumption(set("RoleArn", remoteARN), set("ExternalId", external))
		}
		guest.want("UnauthorizedOperation", ActionAssumeRole, assumption(set("RoleArn", remoteARN)))
		guest.want("UnauthorizedOperation", ActionAssumeRole, remote("ext:2"))
		guest.want("", ActionAssumeRole, remote("ext:1"))
		c.want("UnauthorizedOperation", ActionAssumeRole, remote("ext:1"))
	})
}

func TestCallerIdentity(t *testing.T) {
	t.Parallel()
	_, c := serve(t, func(o *Options) {
		withRoles(o)
		o.Credentials = append(o.Credentials, Credential{ID: "static", Key: "k", Token: "its-token", AccountID: "400000000004"})
	})
	equal := func(got map[string]any, values ...string) {
		t.Helper()
		want := map[string]any{
			"Type": values[0], "AccountId": values[1], "UserId": values[2], "PrincipalId": values[3], "Arn": values[4],
		}
		if !maps.Equal(got, want) {
			t.Errorf("identity %v\nwant     %v", got, want)
		}
	}
	user := func(id string) []string { return []string{"CAMUser", id, id, id, "qcs::cam:" + id + ":uin/" + id} }
	equal(c.identity(), user("100000000001")...)
	guest := &client{t: t, server: c.server, id: "guest", key: "guest-key"}
	equal(guest.identity(), user("300000000003")...)
	static := &client{t: t, server: c.server, id: "static", key: "k", token: "its-token"}
	equal(static.identity(), user("400000000004")...)

	remote := assumption(set("RoleArn", remoteARN), set("ExternalId", "ext:1"))
	role := guest.as(guest.want("", ActionAssumeRole, remote))
	equal(role.identity(), "CAMRole", "200000000002", "4611686018427397919:show.1@tf", "300000000003",
		"qcs::sts:200000000002:assumed-role/4611686018427397919")

	// A role can assume a role. One that is known by its name has a number nevertheless.
	mixer := role.as(role.want("", ActionAssumeRole, assumption()))
	id := roleID(mixerARN)
	if roleID("qcs::cam::uin/1:roleName/123") == "123" || !isUIN(id) || len(id) != len("4611686018427397919") || id == roleID(mixerARN+"2") || id != roleID(mixerARN) {
		t.Errorf("role ID %q", id)
	}
	equal(mixer.identity(), "CAMRole", "100000000001", id+":show.1@tf", "200000000002", "qcs::sts:100000000001:assumed-role/"+id)

	c.want("UnknownParameter", ActionCallerIdentity, map[string]any{"Arn": "x"})
	_, c = serve(t, func(o *Options) { o.AccountID = "500000000005" })
	equal(c.identity(), user("500000000005")...)
	_, c = serve(t, func(o *Options) { o.AccountID = "" })
	equal(c.identity(), user("100000000001")...)
}

// TestNoSecretsInTheLog checks that neither log nor list nor refusals show what must stay secret.
func TestNoSecretsInTheLog(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var seen []Request
	s, c := serve(t, func(o *Options) {
		withRoles(o)
		o.MetadataRole = "web"
		o.OnRequest = func(r Request) { mu.Lock(); defer mu.Unlock(); seen = append(seen, r) }
	})
	secrets := []string{"identity-token", "wrong-token", "nested-token", "one-time-code", "simulator-secret-key"}
	role := c.as(c.want("", ActionAssumeRole, assumption(
		set("SerialNumber", "qcs::cam:uin/1::mfa/softToken"), set("TokenCode", "one-time-code"))))
	secrets = append(secrets, role.key, role.token)
	role = c.as(c.want("", ActionAssumeRoleWithWebIdentity, webIdentity()))
	secrets = append(secrets, role.key, role.token)
	role.want("", ActionOnlineList, map[string]any{})
	_, key := instance(t, s, "cam/security-credentials/web")
	secrets = append(secrets, key.TmpSecretKey, key.Token)
	bodies := ""
	for _, token := range []any{"wrong-token", map[string]any{"a": "nested-token"}} {
		c.get = false
		bodies += c.do(ActionAssumeRoleWithWebIdentity, webIdentity(set("WebIdentityToken", token))).body
		c.get = true
		bodies += c.do(ActionAssumeRoleWithWebIdentity, webIdentity(set("WebIdentityToken", token))).body
	}
	for name, value := range map[string]any{
		"log": s.Requests(), "OnRequest": seen, "list": s.IssuedCredentials(), "refusals": bodies,
	} {
		b, err := json.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		for i, secret := range secrets {
			if secret == "" || strings.Contains(string(b), secret) {
				t.Errorf("%s holds secret %d", name, i)
			}
		}
	}
	log := s.RequestsOf(ActionAssumeRoleWithWebIdentity)
	if v, _ := log[0].Param("WebIdentityToken"); len(log) != 5 || v != "(secret)" {
		t.Errorf("%d calls, WebIdentityToken %v", len(log), v)
	}
	if _, sent := s.RequestsOf(ActionOnlineList)[0].Param("WebIdentityToken"); sent {
		t.Error("what was not sent is in the log")
	}
	if _, sent := s.RequestsOf(ActionAssumeRole)[0].Param("ExternalId"); sent {
		t.Error("what was not sent is in the log")
	}
}

func TestParseRoleARN(t *testing.T) {
	t.Parallel()
	for arn, want := range map[string]string{
		"qcs::cam::uin/12345678:role/4611686018427397919":                         "12345678",
		"qcs::cam::uin/12345678:roleName/testRoleName":                            "12345678",
		"qcs::cam::uin/12345678:role/tencentcloudServiceRole/4611686018427397920": "12345678",
		"qcs::cam::uin/12345678:role/tencentcloudServiceRoleName/testServiceRole": "12345678",
		"":                                           "",
		"qcs::cam::uin/:roleName/a":                  "",
		"qcs::cam::uin/x:roleName/a":                 "",
		"qcs::cam::uin/1:roleName/":                  "",
		"qcs::cam::uin/1:roleName":                   "",
		"qcs::cam::uin/1:roleName//a":                "",
		"qcs::cam::uin/1:role/a/":                    "",
		"qcs::cam::uin/1:user/a":                     "",
		"qcs::cam::uin/1":                            "",
		"qcs:cam::uin/1:roleName/a":                  "",
		"arn:aws:iam::123456789012:role/a":           "",
		"qcs%3A%3Acam%3A%3Auin%2F1%3AroleName%2Fabc": "",
	} {
		if account, ok := parseRoleARN(arn); ok != (want != "") || ok && account != want {
			t.Errorf("%q: account %q, %t", arn, account, ok)
		}
	}
}
