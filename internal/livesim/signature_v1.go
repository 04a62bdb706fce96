// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Tencent's older signature is built on it.
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"hash"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// maxFormBody is the largest body with the older signature.
const maxFormBody = 1 << 20

// Common parameters of the older signature, where they are parameters like any other.
const (
	paramAction, paramVersion, paramRegion, paramTimestamp = "Action", "Version", "Region", "Timestamp"
	paramNonce, paramSecretID, paramToken, paramLanguage   = "Nonce", "SecretId", "Token", "Language"
	paramSignature, paramSignatureMethod, paramClient      = "Signature", "SignatureMethod", "RequestClient"
)

// oldSignature reports whether r uses the older signature: its parameters are in the query or in a form, not in
// headers.
func oldSignature(r *http.Request, mediaType string) bool {
	if r.Header.Get("Authorization") != "" || r.Header.Get("X-TC-Action") != "" {
		return false
	}
	return r.Method == http.MethodGet && r.URL.RawQuery != "" || r.Method == http.MethodPost && mediaType == formType
}

// takeCommon moves the common parameters out of values, which keep those of the action.
func takeCommon(values url.Values) (common url.Values) {
	common = make(url.Values)
	for _, name := range []string{
		paramAction, paramVersion, paramRegion, paramTimestamp, paramNonce, paramSecretID, paramToken, paramLanguage,
		paramSignature, paramSignatureMethod, paramClient,
	} {
		if v, ok := values[name]; ok {
			common[name] = v
			delete(values, name)
		}
	}
	return common
}

// signValues computes the older signature over the method, the host, the path and all parameters, sorted by name and
// not encoded (page 213/15693).
func signValues(method, host string, values url.Values, key string) (string, error) {
	var newHash func() hash.Hash
	switch values.Get(paramSignatureMethod) {
	case "", "HmacSHA1":
		newHash = sha1.New
	case "HmacSHA256":
		newHash = sha256.New
	default:
		return "", errors.New("SignatureMethod is neither HmacSHA1 nor HmacSHA256")
	}
	var text strings.Builder
	text.WriteString(method + host + "/?")
	first := true
	for _, name := range slices.Sorted(maps.Keys(values)) {
		if name == paramSignature {
			continue
		}
		if !first {
			text.WriteByte('&')
		}
		first = false
		text.WriteString(name + "=" + values.Get(name))
	}
	mac := hmac.New(newHash, []byte(key))
	mac.Write([]byte(text.String()))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}

// authenticateOld checks the older signature.
func (s *Server) authenticateOld(c *call) *refusal {
	for _, name := range []string{paramSecretID, paramSignature, paramNonce} {
		if c.signed.Get(name) == "" {
			return refuse(codeMissing, "the common parameter `%s` is missing", name)
		}
	}
	if _, err := signValues("", "", c.signed, ""); err != nil {
		return refuse(codeInvalidAuth, "%s", err)
	}
	id := c.signed.Get(paramSecretID)
	return s.admitSigner(c, id, func(key string) *refusal {
		signs := func(host string) bool {
			signature, err := signValues(c.http.Method, host, c.signed, key)
			return err == nil && hmac.Equal([]byte(signature), []byte(c.signed.Get(paramSignature)))
		}
		if signs(c.http.Host) {
			return nil
		}
		return signatureFailure(c, c.service.name, signs)
	})
}
