// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

const maxHostName = 253

// hostName is a DNS name of letters, digits and hyphens. An all-digit last label would make it a malformed IP address.
var hostName = regexp.MustCompile(`^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

var digitsOnly = regexp.MustCompile(`^\d+$`)

// IsHostName reports whether a text is a plain host name: no scheme, port, path or IP address.
func IsHostName(name string) bool {
	return len(name) <= maxHostName && hostName.MatchString(name) && !digitsOnly.MatchString(name[strings.LastIndex(name, ".")+1:])
}

// ParseEndpoint reads an API endpoint: a host, a host with a port, or an http or https URL without path, query and
// user. A bare host gets the given scheme. Plain HTTP shows signatures and tokens to anyone on the way, so it is
// refused except on the loopback interface. No error quotes what may be a password.
func ParseEndpoint(endpoint, scheme string) (*url.URL, error) {
	if strings.Contains(endpoint, "@") {
		// Checked first: the other errors quote the endpoint and would show the password.
		return nil, errors.New("an endpoint must not contain a user or a password. Give just the host, with a port if needed")
	}
	prefix, rest, found := strings.Cut(endpoint, "://")
	if !found {
		prefix, rest = scheme, endpoint
	}
	authority := rest
	if i := strings.IndexAny(rest, `/?#\`); i >= 0 {
		authority = rest[:i]
	}
	prefix = strings.ToLower(prefix)
	switch {
	case prefix != "http" && prefix != "https":
		return nil, fmt.Errorf("the scheme %q is not supported. Use http or https", prefix)
	case authority == "":
		return nil, fmt.Errorf("%q names no host. Give one such as %q", prefix+"://", "live."+DefaultDomain)
	case strings.Trim(rest[len(authority):], "/") != "":
		// A query may hold a token.
		return nil, fmt.Errorf("an endpoint must not have a path or a query. Use %q", authority)
	}
	u, err := url.Parse(prefix + "://" + authority)
	if err != nil {
		return nil, fmt.Errorf("%q is not a host, with a port if needed", authority)
	}
	host := u.Hostname()
	addr, err := netip.ParseAddr(host)
	if isAddr := err == nil; !isAddr && !IsHostName(host) {
		return nil, fmt.Errorf("%q is not a host name, which may contain letters, digits, hyphens and dots", host)
	} else if isAddr && addr.Zone() != "" {
		return nil, fmt.Errorf("%q has an IPv6 zone. Give the address without it", host)
	}
	if port := strings.TrimPrefix(authority[strings.LastIndex(authority, "]")+1:], host); port != "" {
		if n, err := strconv.Atoi(u.Port()); err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("the port in %q is not a number from 1 to 65535", authority)
		}
	}
	if u.Scheme == "http" && !isLoopback(host) {
		return nil, fmt.Errorf("plain HTTP to %q would show credentials to anyone on the way. Use https; http is for the loopback interface only", u.Host)
	}
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
