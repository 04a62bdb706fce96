// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"net/http"
	"strings"
	"time"
)

const (
	// metadataPrefix is the path of the metadata of a CVM instance (page 213/4934). On an instance the host is
	// metadata.tencentyun.com; the simulator serves it next to the API.
	metadataPrefix = "/latest/meta-data/"
	metadataHost   = "metadata.tencentyun.com"
	credentialPath = metadataPrefix + "cam/security-credentials"
	// instanceSession is the session name of the credentials of an instance.
	instanceSession = "ins-livesim"
)

// serveMetadata serves the metadata of an instance: the role and its credentials only. They are read without a
// signature, so it answers only loopback clients.
func (s *Server) serveMetadata(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	c := &call{http: r, request: &Request{
		Action: ActionMetadata, Method: r.Method, Path: r.URL.Path, UserAgent: r.UserAgent(), RemoteAddr: r.RemoteAddr,
	}}
	c.refuse = func(refused *refusal) reply { return jsonReply(map[string]string{"Code": refused.code}, refused) }
	s.begin(c)
	defer s.finish(c, start) // Deferred, because a cut connection panics.
	if !s.sleep(r.Context().Done(), s.options.Latency) {
		panic(http.ErrAbortHandler)
	}
	s.perform(w, c, func() reply { return s.metadata(c) })
}

// metadata returns the answer to a metadata request.
func (s *Server) metadata(c *call) reply {
	if c.http.Method != http.MethodGet {
		return htmlReply(http.StatusMethodNotAllowed)
	}
	rest, ok := strings.CutPrefix(c.http.URL.Path, credentialPath)
	name, child := strings.CutPrefix(rest, "/")
	role := s.options.MetadataRole
	if !ok || role == "" || !child && rest != "" || name != "" && name != role {
		return htmlReply(http.StatusNotFound)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	c.request.Executed = true
	if name == "" {
		return reply{status: http.StatusOK, contentType: "text/plain", body: []byte(role)}
	}
	i := s.instanceCredential(s.clock.now())
	unix, text := i.expiry()
	return jsonReply(map[string]any{
		"TmpSecretId": i.SecretID, "TmpSecretKey": i.key, "Token": i.token,
		"ExpiredTime": unix, "Expiration": text, "Code": "Success",
	}, nil)
}

// instanceCredential returns the credential of the instance. Tencent says that it changes periodically but not when;
// here it changes as soon as half of its lifetime is over.
func (s *Server) instanceCredential(now time.Time) *issued {
	i := s.temporary.instance
	if i == nil || now.Sub(i.IssuedAt) >= i.ExpiresAt.Sub(now) {
		arn := roleARN(s.options.AccountID, s.options.MetadataRole)
		life, _ := s.options.Roles[arn].life(nil) // The default is always allowed.
		i = s.issue(arn, instanceSession, "", life, now)
		s.temporary.instance = i
	}
	return i
}
