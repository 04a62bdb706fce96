// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"
	"strings"
	"time"
)

const (
	// defaultAccountID is the account of credentials without one.
	defaultAccountID = "100000000001"
	// The default and the maximum lifetime of a role's credentials (page 598/33164).
	defaultRoleDuration = 7200 * time.Second
	maxRoleDuration     = 43200 * time.Second
)

// Role is a CAM role that can be assumed.
type Role struct {
	// Principals are the account IDs whose credentials may assume the role, and the IDs of the identity providers whose
	// tokens may. Empty means all of them.
	Principals []string
	// ExternalID is what AssumeRole must send as ExternalId; "" accepts anything. AssumeRoleWithWebIdentity has no such
	// parameter.
	ExternalID string
	// MaxDuration is the longest lifetime that may be requested; 0 means the documented 43200 s. It also limits the
	// default of 7200 s.
	MaxDuration time.Duration
	// Lifetime, if not 0, is how long credentials live regardless of the request, so that a test can see them expire.
	// The answer states it correctly.
	Lifetime time.Duration
	// Refuse, if set, is the answer to callers that may assume the role and send a valid request.
	Refuse *APIError
}

// IssuedCredential is a temporary credential that the simulator issued, without its key and token.
type IssuedCredential struct {
	SecretID string `json:"secret_id"`
	// RoleARN is its role, AccountID the account of that role, and SessionName the session as GetCallerIdentity shows
	// it.
	RoleARN     string `json:"role_arn"`
	AccountID   string `json:"account_id"`
	SessionName string `json:"session_name"`
	// PrincipalID is the account whose credential was used to get it, or the role's own account if there was none.
	PrincipalID string `json:"principal_id"`
	// IssuedAt and ExpiresAt are simulated time: Server.Advance makes credentials expire. To a client on the real clock
	// they seem valid until then.
	IssuedAt  time.Time `json:"issued_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// issued is an IssuedCredential with its secrets.
type issued struct {
	IssuedCredential
	key, token string
}

// credentialState is guarded by Server.mu.
type credentialState struct {
	issued   []*issued // oldest first
	byID     map[string]*issued
	instance *issued // the one that the metadata service shows
}

// IssuedCredentials returns the temporary credentials in the order in which they were issued, including expired ones.
func (s *Server) IssuedCredentials() []IssuedCredential {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []IssuedCredential{}
	for _, i := range s.temporary.issued {
		all = append(all, i.IssuedCredential)
	}
	return all
}

// issue creates a temporary credential for a role.
func (s *Server) issue(arn, session, principal string, life time.Duration, now time.Time) *issued {
	account, _ := parseRoleARN(arn) // The caller has checked it.
	i := &issued{
		IssuedCredential: IssuedCredential{
			SecretID: "AKID" + rand.Text(), RoleARN: arn, AccountID: account, SessionName: session,
			PrincipalID: cmp.Or(principal, account), IssuedAt: now, ExpiresAt: now.Add(life),
		},
		key: rand.Text(), token: rand.Text() + rand.Text(),
	}
	s.temporary.issued = append(s.temporary.issued, i)
	s.temporary.byID[i.SecretID] = i
	s.forgetIssued()
	return i
}

// lookup finds what belongs to a secret ID; temporary is nil unless the simulator issued it.
func (s *Server) lookup(secretID string) (c Credential, temporary *issued, known bool) {
	if c, known = s.credentials[secretID]; known {
		return c, nil, true
	}
	if i := s.temporary.byID[secretID]; i != nil {
		return Credential{ID: i.SecretID, Key: i.key, Token: i.token, AccountID: i.AccountID}, i, true
	}
	return Credential{}, nil, false
}

func (i *issued) expired(now time.Time) bool { return !now.Before(i.ExpiresAt) }

// expiry returns the end of i as STS and the metadata service write it. Fractions of a second are cut off, so that
// nobody is promised more time than there is.
func (i *issued) expiry() (unix int64, text string) {
	return i.ExpiresAt.Unix(), i.ExpiresAt.UTC().Format(time.RFC3339)
}

// life returns how long credentials of the role live if seconds are requested; nil means the default.
func (r Role) life(seconds *int64) (time.Duration, *refusal) {
	limit := cmp.Or(r.MaxDuration, maxRoleDuration)
	life := min(defaultRoleDuration, limit)
	if seconds != nil {
		if *seconds < 1 {
			return 0, refuse(codeSTSParam, "DurationSeconds must be 1 or more")
		}
		if *seconds > int64(limit/time.Second) {
			return 0, refuse("InvalidParameter.OverTimeError", "DurationSeconds is more than %d", int64(limit/time.Second))
		}
		life = time.Duration(*seconds) * time.Second
	}
	return cmp.Or(r.Lifetime, life), nil
}

// trusts reports whether an account, or an identity provider, may assume the role.
func (r Role) trusts(principal string) bool {
	return len(r.Principals) == 0 || slices.Contains(r.Principals, principal)
}

// roleARN returns the ARN of a role.
func roleARN(account, name string) string { return "qcs::cam::uin/" + account + ":roleName/" + name }

// parseRoleARN returns the account of "qcs::cam::uin/<account>:role/<ID>" or "…:roleName/<name>", where a service role
// has one more element before its ID or name.
func parseRoleARN(arn string) (account string, ok bool) {
	rest, ok := strings.CutPrefix(arn, "qcs::cam::uin/")
	account, resource, found := strings.Cut(rest, ":")
	kind, name, named := strings.Cut(resource, "/")
	ok = ok && found && named && isUIN(account) && (kind == "role" || kind == "roleName") &&
		name != "" && !strings.HasPrefix(name, "/") && !strings.HasSuffix(name, "/")
	return account, ok
}

// roleID returns the number of a role: the one in its ARN, or one derived from its name.
func roleID(arn string) string {
	last := arn[strings.LastIndex(arn, "/")+1:]
	if strings.Contains(arn, ":role/") && isUIN(last) {
		return last
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(arn)) // A hash does not fail.
	return fmt.Sprintf("46116860%011d", h.Sum32())
}

func isUIN(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

// checkAccounts validates the options about accounts, roles and identity providers.
func (o Options) checkAccounts() error {
	for _, c := range o.Credentials {
		if c.AccountID != "" && !isUIN(c.AccountID) {
			return fmt.Errorf("livesim: the account ID %q is not a number", c.AccountID)
		}
	}
	if o.AccountID != "" && !isUIN(o.AccountID) {
		return fmt.Errorf("livesim: the account ID %q is not a number", o.AccountID)
	}
	for arn, role := range o.Roles {
		if _, ok := parseRoleARN(arn); !ok {
			return fmt.Errorf("livesim: %q is not the ARN of a role, such as qcs::cam::uin/100000000001:roleName/mixer", arn)
		}
		if role.MaxDuration < 0 || role.MaxDuration > maxRoleDuration || role.Lifetime < 0 {
			return fmt.Errorf("livesim: role %s: the maximum is from 0 to %s, and a lifetime is not negative", arn, maxRoleDuration)
		}
		if role.Refuse != nil && role.Refuse.Code == "" {
			return fmt.Errorf("livesim: role %s: a refusal needs a code", arn)
		}
	}
	for provider, tokens := range o.WebIdentityProviders {
		if provider == "" || slices.Contains(tokens, "") {
			return errors.New("livesim: an identity provider needs an ID, and its tokens must not be empty")
		}
	}
	if strings.Contains(o.MetadataRole, "/") {
		return fmt.Errorf("livesim: the metadata role %q is not the name of a role", o.MetadataRole)
	}
	return nil
}

func cloneRoles(roles map[string]Role) map[string]Role {
	roles = maps.Clone(roles)
	for arn, role := range roles {
		role.Principals = slices.Clone(role.Principals)
		if role.Refuse != nil {
			refusal := *role.Refuse
			role.Refuse = &refusal
		}
		roles[arn] = role
	}
	return roles
}

func cloneProviders(providers map[string][]string) map[string][]string {
	providers = maps.Clone(providers)
	for id, tokens := range providers {
		providers[id] = slices.Clone(tokens)
	}
	return providers
}
