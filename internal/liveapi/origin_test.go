// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"net/url"
	"testing"
)

func TestSite(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"live.tencentcloudapi.com":              SiteMainland,
		"live.ap-singapore.tencentcloudapi.com": SiteMainland,
		"LIVE.TencentCloudAPI.com:443":          SiteMainland,
		"live.intl.tencentcloudapi.com":         SiteInternational,
		"127.0.0.1:8080":                        SiteCustom,
		"tencentcloudapi.com.example.org":       SiteCustom,
		"nottencentcloudapi.com":                SiteCustom,
	} {
		if got := siteOf(&url.URL{Scheme: "https", Host: host}); got != want {
			t.Errorf("%s: site %q, want %q", host, got, want)
		}
	}
}

// A role is the same whatever keys it was given this time; two accounts never look alike.
func TestKey(t *testing.T) {
	t.Parallel()
	static := func(id string) Credentials { return Credentials{Static: &Keys{SecretID: id, SecretKey: "k"}} }
	role := func(id, arn string) Credentials {
		c := static(id)
		c.AssumeRole = &AssumeRole{RoleARN: arn}
		return c
	}
	if keyOf(static("a")) == keyOf(static("b")) || keyOf(static("a")) == keyOf(role("a", "arn")) || keyOf(role("a", "arn")) == keyOf(role("a", "arn2")) {
		t.Error("different credentials look alike")
	}
	if keyOf(role("a", "arn")) != keyOf(role("b", "arn")) {
		t.Error("one role has two keys")
	}
}
