// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"strings"
)

// signatureFailure says what the signature was made for, if that can be found out: clients that are given an address
// instead of a Tencent host name sign its first label as the service and omit the port. service is the one that the
// signature names; signs reports whether the signature is right for a host.
func signatureFailure(c *call, service string, signs func(host string) bool) *refusal {
	var reasons []string
	if service != c.service.name {
		reasons = append(reasons, fmt.Sprintf("it names the service %q, and %s belongs to %q", service, c.request.Action, c.service.name))
	}
	host := c.http.Host
	candidates := []string{
		hostname(host), c.service.name + apiDomain, c.service.name + ".intl" + apiDomain, "localhost", "127.0.0.1",
	}
	switch other := firstThat(candidates, signs); {
	case signs(host):
	case other != "":
		reasons = append(reasons, fmt.Sprintf("it is for the host %q, and the request came to %q", other, host))
	default:
		reasons = append(reasons, fmt.Sprintf("neither the host %q nor the host %q gives it, so the secret key, the signed host or what was sent differs",
			host, hostname(host)))
	}
	hint := ""
	if service != c.service.name || !signs(host) {
		hint = fmt.Sprintf(". A client that cannot sign for %q works with the simulator as its HTTP proxy and the endpoint %s",
			host, c.service.name+apiDomain)
	}
	return refuse("AuthFailure.SignatureFailure", "the signature does not match the request: %s%s", strings.Join(reasons, "; "), hint)
}

func firstThat(candidates []string, ok func(string) bool) string {
	for _, c := range candidates {
		if ok(c) {
			return c
		}
	}
	return ""
}
