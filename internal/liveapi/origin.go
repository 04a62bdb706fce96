// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"
)

// Each site of Tencent Cloud has accounts and sessions of its own: a session of one does not exist on the other.
const (
	// SiteMainland is cloud.tencent.com, with its regional hosts.
	SiteMainland = "mainland"
	// SiteInternational is tencentcloud.com.
	SiteInternational = "international"
	// SiteCustom is any other endpoint: a proxy, or a simulator.
	SiteCustom = "custom"
)

// Site returns the site that the client calls.
func (c *Client) Site() string { return c.site }

// Key returns a hash that identifies the client's credentials without revealing them. A role is identified by its name,
// because the keys it issues are new each time.
func (c *Client) Key() string { return c.key }

func siteOf(endpoint *url.URL) string {
	host := strings.ToLower(endpoint.Hostname())
	switch {
	case strings.HasSuffix(host, ".intl."+DefaultDomain):
		return SiteInternational
	case strings.HasSuffix(host, "."+DefaultDomain):
		return SiteMainland
	default:
		return SiteCustom
	}
}

func keyOf(cr Credentials) string {
	var name string
	switch {
	case cr.AssumeRole != nil:
		name = "role " + cr.AssumeRole.RoleARN
	case cr.WebIdentity != nil:
		name = "role " + cr.WebIdentity.RoleARN
	case cr.Metadata != nil:
		name = "metadata role " + cr.Metadata.Role
	case cr.Static != nil:
		name = "key " + cr.Static.SecretID
	}
	sum := sha256.Sum256([]byte("tencentcss " + name))
	return base64.RawURLEncoding.EncodeToString(sum[:4])
}
