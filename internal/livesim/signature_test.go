// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bytes"
	"encoding/hex"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// TestPublishedVectors checks the examples of Tencent's page "Signature v3".
func TestPublishedVectors(t *testing.T) {
	t.Parallel()
	const payload = `{"Limit": 1, "Filters": [{"Values": ["\u672a\u547d\u540d"], "Name": "instance-name"}]}`
	if got := sha256Hex([]byte(payload)); got != "35e9c5b0e3ae67532d3c9f17ead6c90222632e5b1ff7f6e89887f1398934f064" {
		t.Errorf("payload hash %s", got)
	}
	for _, v := range []struct {
		name, method, query, contentType, signed, payload, timestamp, date, key, hash, signature string
	}{
		{
			"a", "POST", "", "application/json; charset=utf-8", "content-type;host", payload, "1551113065", "2019-02-25",
			"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
			"5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031",
			"72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168",
		},
		{
			"a with the starred key", "POST", "", "application/json; charset=utf-8", "content-type;host", payload, "1551113065", "2019-02-25",
			"Gu5t9xGARNpq86cd98joQYCN3*******",
			"5ffe6a04c0664d6b969fab9a13bdab201d63ee709638e2749d62a09ca18d7031",
			"2230eefd229f582d8b1b891af7107b91597240707d778ab3738f756258d7652c",
		},
		{
			"b", "POST", "", "application/json; charset=utf-8", "content-type;host;x-tc-action", payload, "1551113065", "2019-02-25",
			strings.Repeat("*", 32),
			"7019a55be8395899b900fb5564e4200d984910f34794a27cb3fb7d10ff6a1e84",
			"10b1a37a7301a02ca19a647ad722d5e43b4b3cff309d421d85b46093f6ab6c4f",
		},
		{
			"c", "GET", "Limit=10&Offset=0", "application/x-www-form-urlencoded", "content-type;host", "", "1539084154", "2018-10-09",
			"Gu5t9xGARNpq86cd98joQYCN3EXAMPLE",
			"91c9c192c14460df6c1ffc69e34e6c5e90708de2a6d282cccf957dbf1aa7f3a7",
			"5da7a33f6993f0614b047e5df4582db9e9bf4672ba50567dba16c6ccf174c474",
		},
	} {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			header := http.Header{"Content-Type": {v.contentType}, "X-Tc-Action": {"DescribeInstances"}}
			canonical := canonicalRequest(v.method, v.query, "cvm.tencentcloudapi.com", header, strings.Split(v.signed, ";"), []byte(v.payload))
			if got := sha256Hex([]byte(canonical)); got != v.hash {
				t.Errorf("hash of the canonical request %s, want %s:\n%s", got, v.hash, canonical)
			}
			if got := tc3Signature(v.key, v.timestamp, v.date, "cvm", canonical); got != v.signature {
				t.Errorf("signature %s, want %s", got, v.signature)
			}
		})
	}
	key := hex.EncodeToString(signingKey(strings.Repeat("*", 32), "2019-02-25", "cvm"))
	if key != "b596b923aad85185e2d1f6659d2a062e0a86731226e021e61bfe06f7ed05f5af" {
		t.Errorf("signing key %s", key)
	}
}

func TestAuthentication(t *testing.T) {
	t.Parallel()
	header := func(name, value string) func(*client, *http.Request) {
		return func(_ *client, r *http.Request) { r.Header.Set(name, value) }
	}
	for _, tc := range []struct {
		name, code string
		edit       func(c *client, r *http.Request) // Before signing, unless it sets Authorization itself.
	}{
		{"valid", "", func(*client, *http.Request) {}},
		{"more signed headers", "", func(c *client, r *http.Request) {
			c.sign(r, "live", "content-type;host;x-tc-action;x-tc-timestamp")
		}},
		{"unsigned payload", "", header("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD")},
		{"charset", "", header("Content-Type", "application/json; charset=utf-8")},
		{"no header", "AuthFailure.InvalidAuthorization", header("Authorization", " ")},
		{"unknown secret ID", "AuthFailure.SecretIdNotFound", func(c *client, _ *http.Request) { c.id = "AKIDother" }},
		{"wrong key", "AuthFailure.SignatureFailure", func(c *client, _ *http.Request) { c.key = "other" }},
		{"wrong service", "AuthFailure.SignatureFailure", func(c *client, r *http.Request) { c.sign(r, "cvm", "content-type;host") }},
		{"changed after signing", "AuthFailure.SignatureFailure", func(c *client, r *http.Request) {
			c.sign(r, "live", "content-type;host;x-tc-action")
			r.Header.Set("X-TC-Action", ActionState)
		}},
		{"changed timestamp", "AuthFailure.SignatureFailure", func(c *client, r *http.Request) {
			c.sign(r, "live", "content-type;host")
			r.Header.Set("X-TC-Timestamp", "946684801")
		}},
		{"changed body", "AuthFailure.SignatureFailure", func(c *client, r *http.Request) {
			c.sign(r, "live", "content-type;host")
			r.Body = readCloser{bytes.NewReader([]byte(`{"PageNum":2}`))}
		}},
		{"changed body of an unsigned payload", "", func(c *client, r *http.Request) {
			r.Header.Set("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD")
			c.sign(r, "live", "content-type;host")
			r.Body = readCloser{bytes.NewReader([]byte(`{"PageNum":2}`))}
		}},
		{"other host", "AuthFailure.SignatureFailure", func(c *client, r *http.Request) {
			c.sign(r, "live", "content-type;host")
			r.Host = "127.0.0.1"
		}},
		{"token of nobody", "AuthFailure.TokenFailure", header("X-TC-Token", "token")},
		{"temporary", "", func(c *client, r *http.Request) { c.id = "temporary"; r.Header.Set("X-TC-Token", "its-token") }},
		{"temporary without token", "AuthFailure.TokenFailure", func(c *client, _ *http.Request) { c.id = "temporary" }},
		{"timestamp is no number", "InvalidParameter", header("X-TC-Timestamp", "today")},
		{"no timestamp", "MissingParameter", func(_ *client, r *http.Request) { r.Header.Del("X-TC-Timestamp") }},
		{"no action", "MissingParameter", func(_ *client, r *http.Request) { r.Header.Del("X-TC-Action") }},
		{"no version", "MissingParameter", func(_ *client, r *http.Request) { r.Header.Del("X-TC-Version") }},
		{"unknown action", "InvalidAction", header("X-TC-Action", "CreateUncommonMixStream")},
		{"unknown version", "NoSuchVersion", header("X-TC-Version", "2018-08-02")},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { // Its clock starts at 946684800.
				_, c := serve(t, func(o *Options) {
					o.Credentials = append(o.Credentials, Credential{ID: "temporary", Key: "simulator-secret-key", Token: "its-token"})
				})
				a := c.doEdited(ActionOnlineList, map[string]any{}, func(r *http.Request) { tc.edit(c, r) })
				if a.status != http.StatusOK || a.code != tc.code {
					t.Errorf("status %d, code %q (%s), want %q", a.status, a.code, a.message, tc.code)
				}
			})
		})
	}
}

func TestSignatureClock(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, c := serve(t, nil)
		for skew, code := range map[time.Duration]string{
			0: "", 5 * time.Minute: "", -5 * time.Minute: "",
			5*time.Minute + 1: "AuthFailure.SignatureExpire", -5*time.Minute - 1: "AuthFailure.SignatureExpire",
		} {
			s.Skew(skew)
			c.want(code, ActionOnlineList, map[string]any{})
		}
		s.Skew(0)
		s.Advance(24 * time.Hour) // Moves sessions, not the validity of signatures.
		c.want("", ActionOnlineList, map[string]any{})
	})
}

const goodSignature = "72e494ea809ad7a8c8f7a4507b9bddcbaa8e581f516e8da2f66e2c5a96525168"

func TestParseAuthorization(t *testing.T) {
	t.Parallel()
	const scope = "Credential=id/2019-02-25/live/tc3_request"
	const signed = "SignedHeaders=content-type;host"
	for header, valid := range map[string]bool{
		algorithm + " " + scope + ", " + signed + ", Signature=" + goodSignature:                              true,
		algorithm + " " + scope + "," + signed + ",Signature=" + goodSignature:                                true,
		algorithm + " " + scope + ", SignedHeaders=content-type;host;x-tc-action, Signature=" + goodSignature: true,
		"": false,
		"TC3-HMAC-SHA1 " + scope + ", " + signed + ", Signature=" + goodSignature:                              false,
		algorithm + " " + scope + ", " + signed:                                                                false,
		algorithm + " " + scope + ", " + scope + ", " + signed + ", Signature=" + goodSignature:                false,
		algorithm + " " + scope + ", " + signed + ", Signature=" + goodSignature + ", More=1":                  false,
		algorithm + " " + scope + ", " + signed + ", Signature=" + goodSignature[2:]:                           false,
		algorithm + " " + scope + ", " + signed + ", Signature=" + strings.ToUpper(goodSignature):              false,
		algorithm + " " + scope + ", SignedHeaders=host, Signature=" + goodSignature:                           false,
		algorithm + " " + scope + ", SignedHeaders=content-type, Signature=" + goodSignature:                   false,
		algorithm + " " + scope + ", SignedHeaders=host;content-type, Signature=" + goodSignature:              false,
		algorithm + " " + scope + ", SignedHeaders=Content-Type;host, Signature=" + goodSignature:              false,
		algorithm + " " + scope + ", SignedHeaders=content-type;content-type;host, Signature=" + goodSignature: false,
		algorithm + " Credential=id/20190225/live/tc3_request, " + signed + ", Signature=" + goodSignature:     false,
		algorithm + " Credential=/2019-02-25/live/tc3_request, " + signed + ", Signature=" + goodSignature:     false,
		algorithm + " Credential=id/2019-02-25//tc3_request, " + signed + ", Signature=" + goodSignature:       false,
		algorithm + " Credential=id/2019-02-25/live/tc2_request, " + signed + ", Signature=" + goodSignature:   false,
		algorithm + " Credential=id/2019-02-25/live, " + signed + ", Signature=" + goodSignature:               false,
	} {
		a, err := parseAuthorization(header)
		if (err == nil) != valid {
			t.Errorf("%q: error %v, want valid %t", header, err, valid)
		}
		if valid && (a.secretID != "id" || a.date != "2019-02-25" || a.service != "live" || a.signature != goodSignature || len(a.signedHeaders) < 2) {
			t.Errorf("%q: parsed as %+v", header, a)
		}
	}
}

func FuzzParseAuthorization(f *testing.F) {
	f.Add(algorithm + " Credential=id/2019-02-25/live/tc3_request, SignedHeaders=content-type;host, Signature=" + goodSignature)
	f.Add(algorithm + " Credential=//, SignedHeaders=;, Signature=")
	f.Add("SKIP")
	f.Fuzz(func(t *testing.T, header string) {
		a, err := parseAuthorization(header)
		if err != nil {
			if secret := strings.TrimSpace(header); len(secret) > 40 && strings.Contains(err.Error(), secret) {
				t.Errorf("the error repeats the header: %v", err)
			}
			return
		}
		// What is accepted means the same when it is written in the usual way.
		usual := algorithm + " Credential=" + a.secretID + "/" + a.date + "/" + a.service + "/" + scopeEnd +
			", SignedHeaders=" + strings.Join(a.signedHeaders, ";") + ", Signature=" + a.signature
		b, err := parseAuthorization(usual)
		if err != nil || b.secretID != a.secretID || b.signature != a.signature || b.date != a.date || b.service != a.service {
			t.Errorf("%q is read as %+v, but %q as %+v, %v", header, a, usual, b, err)
		}
	})
}
