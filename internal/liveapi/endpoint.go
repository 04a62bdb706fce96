// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// ParseEndpoint reads an API endpoint: a host, a host with a port, or a URL of scheme http or https without path, query
// and user. A bare host gets the scheme that is given. Plain HTTP shows signatures and tokens to anyone on the way, so it
// is refused to anything but the loopback interface.
func ParseEndpoint(endpoint, scheme string) (*url.URL, error) {
	raw := endpoint
	if !strings.Contains(raw, "://") {
		raw = scheme + "://" + raw
	}
	u, err := url.Parse(raw)
	if err != nil {
		return nil, fmt.Errorf("%q is not a host or a URL", endpoint)
	}
	u.Scheme = strings.ToLower(u.Scheme)
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("%q has the scheme %q; use http or https", endpoint, u.Scheme)
	case u.Hostname() == "":
		return nil, fmt.Errorf("%q names no host", endpoint)
	case u.User != nil:
		return nil, errors.New("an endpoint must not hold a user or a password")
	case strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "":
		return nil, fmt.Errorf("%q has a path or a query; give a host, with a port where needed", endpoint)
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("plain HTTP to %q would show credentials to anyone on the way; use https (http is for the loopback interface only)", u.Host)
	}
	u.Path = ""
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback()
}
