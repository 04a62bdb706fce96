// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	algorithm       = "TC3-HMAC-SHA256"
	scopeEnd        = "tc3_request"
	unsignedPayload = "UNSIGNED-PAYLOAD"
	// skipAuthorization is the Authorization header of an unsigned action.
	skipAuthorization = "SKIP"
	// signatureWindow is how far X-TC-Timestamp may be off, either way.
	signatureWindow = 5 * time.Minute
)

// authorization is a parsed Authorization header.
type authorization struct {
	secretID, date, service string
	signedHeaders           []string
	signature               string
}

// parseAuthorization reads "TC3-HMAC-SHA256 Credential=<id>/<date>/<service>/tc3_request, SignedHeaders=<a;b>,
// Signature=<hex>". The three parts may come in any order. Signed headers must be lower case, sorted, free of
// duplicates, and include content-type and host. The errors never repeat the header.
func parseAuthorization(header string) (authorization, error) {
	var a authorization
	rest, ok := strings.CutPrefix(header, algorithm+" ")
	if !ok {
		return a, errors.New("the Authorization header does not begin with " + algorithm)
	}
	parts := make(map[string]string)
	for part := range strings.SplitSeq(rest, ",") {
		name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
		if _, twice := parts[name]; !ok || twice {
			return a, errors.New("the Authorization header is not a list of distinct name=value parts")
		}
		parts[name] = value
	}
	credential, hasCredential := parts["Credential"]
	signed, hasSigned := parts["SignedHeaders"]
	signature, hasSignature := parts["Signature"]
	if len(parts) != 3 || !hasCredential || !hasSigned || !hasSignature {
		return a, errors.New("the Authorization header must have exactly Credential, SignedHeaders and Signature")
	}

	scope := strings.Split(credential, "/")
	if len(scope) != 4 || scope[0] == "" || scope[2] == "" || scope[3] != scopeEnd {
		return a, errors.New("Credential is not of the form SecretId/date/service/" + scopeEnd)
	}
	if _, err := time.Parse(time.DateOnly, scope[1]); err != nil {
		return a, errors.New("the date in Credential is not of the form YYYY-MM-DD")
	}
	a.secretID, a.date, a.service = scope[0], scope[1], scope[2]

	a.signedHeaders = strings.Split(signed, ";")
	for i, name := range a.signedHeaders {
		if name == "" || name != strings.ToLower(name) || i > 0 && name <= a.signedHeaders[i-1] {
			return a, errors.New("SignedHeaders must be lower case, sorted and distinct")
		}
	}
	if !slices.Contains(a.signedHeaders, "content-type") || !slices.Contains(a.signedHeaders, "host") {
		return a, errors.New("SignedHeaders must hold content-type and host")
	}

	if b, err := hex.DecodeString(signature); err != nil || len(b) != sha256.Size || signature != strings.ToLower(signature) {
		return a, errors.New("the Signature is not a lower-case SHA-256 in hexadecimal")
	}
	a.signature = signature
	return a, nil
}

// authenticate checks the signature of c against the secret IDs and finds its caller. An unsigned action requires the
// word SKIP in place of a signature (page 1312/73070); if a client signs it anyway, the signature must be valid.
func (s *Server) authenticate(c *call) *refusal {
	header := c.http.Header.Get("Authorization")
	switch {
	case c.action.unsigned && header == skipAuthorization:
		return nil
	case c.signed != nil:
		return s.authenticateOld(c)
	}
	a, err := parseAuthorization(header)
	if err != nil {
		if c.action.unsigned {
			err = errors.New("the Authorization header of this action is " + skipAuthorization + " or a signature")
		}
		return refuse(codeInvalidAuth, "%s", err)
	}
	return s.admitSigner(c, a.secretID, func(key string) *refusal {
		signs := func(host string) bool {
			return hmac.Equal([]byte(a.signature), []byte(signCall(c.http, host, c.body, a, key)))
		}
		switch seconds, _ := strconv.ParseInt(c.timestamp, 10, 64); { // It was validated before.
		case a.date != time.Unix(seconds, 0).UTC().Format(time.DateOnly):
			return refuse("AuthFailure.SignatureFailure", "the signature does not match the request: its date %s is not that of X-TC-Timestamp", a.date)
		case a.service != c.service.name, !signs(c.http.Host):
			return signatureFailure(c, a.service, signs)
		}
		return nil
	})
}

// admitSigner finds the owner of a secret ID, checks time and token, and then the signature with its key.
func (s *Server) admitSigner(c *call, id string, verify func(key string) *refusal) *refusal {
	seconds, err := strconv.ParseInt(c.timestamp, 10, 64)
	if err != nil {
		return refuse(codeInvalidParameter, "the timestamp is not a number of seconds")
	}
	s.mu.Lock()
	c.request.SecretID = id
	now := s.clock.signing()
	credential, temporary, known := s.lookup(id)
	expired := temporary != nil && temporary.expired(s.clock.now())
	s.mu.Unlock()
	switch {
	case now.Sub(time.Unix(seconds, 0)).Abs() > signatureWindow:
		return refuse("AuthFailure.SignatureExpire", "the timestamp is more than %s away from the server's time", signatureWindow)
	case !known:
		return refuse("AuthFailure.SecretIdNotFound", "the secret ID does not exist")
	case !hmac.Equal([]byte(c.token), []byte(credential.Token)):
		return refuse("AuthFailure.TokenFailure", "the token does not belong to the secret ID")
	case expired:
		return refuse("AuthFailure.TokenFailure", "the temporary credential has expired")
	}
	if refused := verify(credential.Key); refused != nil {
		return refused
	}
	c.caller, c.issued = credential, temporary
	return nil
}

// signCall computes the signature that r should carry for host, given the scope and the list of headers in a.
func signCall(r *http.Request, host string, body []byte, a authorization, key string) string {
	payload := body
	if r.Header.Get("X-TC-Content-SHA256") == unsignedPayload {
		payload = []byte(unsignedPayload)
	}
	query := ""
	if r.Method == http.MethodGet {
		query = r.URL.RawQuery
	}
	request := canonicalRequest(r.Method, query, host, r.Header, a.signedHeaders, payload)
	return tc3Signature(key, r.Header.Get("X-TC-Timestamp"), a.date, a.service, request)
}

// canonicalRequest returns the text whose hash is signed. The path is always "/".
func canonicalRequest(method, query, host string, header http.Header, signed []string, payload []byte) string {
	var b strings.Builder
	b.WriteString(method + "\n/\n" + query + "\n")
	for _, name := range signed {
		value := strings.Join(header.Values(name), ",")
		if name == "host" { // Go keeps the Host header apart from the others.
			value = host
		}
		b.WriteString(name + ":" + strings.ToLower(strings.TrimSpace(value)) + "\n")
	}
	b.WriteString("\n" + strings.Join(signed, ";") + "\n" + sha256Hex(payload))
	return b.String()
}

// tc3Signature signs a canonical request.
func tc3Signature(key, timestamp, date, service, canonical string) string {
	text := strings.Join([]string{
		algorithm, timestamp, date + "/" + service + "/" + scopeEnd, sha256Hex([]byte(canonical)),
	}, "\n")
	return hex.EncodeToString(hmacSHA256(signingKey(key, date, service), text))
}

func signingKey(key, date, service string) []byte {
	return hmacSHA256(hmacSHA256(hmacSHA256([]byte("TC3"+key), date), service), scopeEnd)
}

func hmacSHA256(key []byte, text string) []byte {
	h := hmac.New(sha256.New, key)
	h.Write([]byte(text))
	return h.Sum(nil)
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
