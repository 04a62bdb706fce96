// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"strings"
	"testing"
)

func TestParseEndpoint(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		endpoint, scheme, want, problem string
	}{
		"host":                   {endpoint: "live.tencentcloudapi.com", scheme: "https", want: "https://live.tencentcloudapi.com"},
		"host and port":          {endpoint: "127.0.0.1:8080", scheme: "http", want: "http://127.0.0.1:8080"},
		"first port":             {endpoint: "live.example.com:1", scheme: "https", want: "https://live.example.com:1"},
		"last port":              {endpoint: "live.example.com:65535", scheme: "https", want: "https://live.example.com:65535"},
		"URL":                    {endpoint: "https://live.intl.tencentcloudapi.com/", scheme: "http", want: "https://live.intl.tencentcloudapi.com"},
		"upper case":             {endpoint: "HTTPS://live.example.com", scheme: "https", want: "https://live.example.com"},
		"loopback":               {endpoint: "http://localhost:1", scheme: "https", want: "http://localhost:1"},
		"loopback IPv6":          {endpoint: "http://[::1]:1", scheme: "https", want: "http://[::1]:1"},
		"IPv6 without a port":    {endpoint: "https://[2001:db8::1]", scheme: "https", want: "https://[2001:db8::1]"},
		"plain HTTP":             {endpoint: "http://live.example.com", scheme: "https", problem: "plain HTTP"},
		"plain HTTP by scheme":   {endpoint: "live.example.com", scheme: "http", problem: "plain HTTP"},
		"looks like loopback":    {endpoint: "http://127.0.0.1.example.com", scheme: "https", problem: "plain HTTP"},
		"other scheme":           {endpoint: "ftp://live.example.com", scheme: "https", problem: `the scheme "ftp"`},
		"no host":                {endpoint: "https://", scheme: "https", problem: "no host"},
		"empty":                  {endpoint: "", scheme: "https", problem: "no host"},
		"path":                   {endpoint: "https://live.example.com/v1", scheme: "https", problem: `Use "live.example.com"`},
		"query with a secret":    {endpoint: "https://live.example.com?token=secret", scheme: "https", problem: `Use "live.example.com"`},
		"fragment":               {endpoint: "https://live.example.com#secret", scheme: "https", problem: `Use "live.example.com"`},
		"password":               {endpoint: "https://me:secret@live.example.com", scheme: "https", problem: "user or a password"},
		"password no URL can be": {endpoint: "https://me:%zzsecret@live.example.com", scheme: "https", problem: "user or a password"},
		"password, wrong scheme": {endpoint: "ftp://me:secret@live.example.com", scheme: "https", problem: "user or a password"},
		"not a URL":              {endpoint: "https://%zz", scheme: "https", problem: "is not a host"},
		"port 0":                 {endpoint: "live.example.com:0", scheme: "https", problem: "from 1 to 65535"},
		"port 99999":             {endpoint: "https://live.example.com:99999", scheme: "https", problem: "from 1 to 65535"},
		"port without number":    {endpoint: "https://live.example.com:", scheme: "https", problem: "from 1 to 65535"},
		"port 0 of an address":   {endpoint: "https://[::1]:0", scheme: "https", problem: "from 1 to 65535"},
		"asterisk":               {endpoint: "*.example.com", scheme: "https", problem: "is not a host name"},
		"comma":                  {endpoint: "live.example.com,sts.example.com", scheme: "https", problem: "is not a host name"},
		"invisible character":    {endpoint: "live.example.com\u200b", scheme: "https", problem: `live.example.com\u200b" is not a host name`},
		"no-break space":         {endpoint: "live\u00a0.example.com", scheme: "https", problem: "is not a host name"},
		"line break":             {endpoint: "live.example.com\n", scheme: "https", problem: "is not a host"},
		"empty label":            {endpoint: "live..example.com", scheme: "https", problem: "is not a host name"},
		"broken address":         {endpoint: "10.0.0.256", scheme: "https", problem: "is not a host name"},
		"IPv6 zone":              {endpoint: "https://[fe80::1%25eth0]:443", scheme: "https", problem: "zone"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			u, err := ParseEndpoint(tt.endpoint, tt.scheme)
			if tt.problem == "" {
				if err != nil || u.String() != tt.want {
					t.Errorf("got %v, %v, want %s", u, err, tt.want)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.problem) {
				t.Errorf("got %v, %v, want a problem with %q", u, err, tt.problem)
			}
			if err != nil && strings.Contains(err.Error(), "secret") {
				t.Errorf("the text shows a secret: %v", err)
			}
		})
	}
}

func TestIsHostName(t *testing.T) {
	t.Parallel()
	label := strings.Repeat("a", 63)
	for name, want := range map[string]bool{
		"push.example.com": true, "localhost": true, "PUSH.Example.COM": true, "xn--fiqs8s.example": true, "1.example.com": true, label + ".com": true,
		"": false, ".": false, "example.com.": false, "-a.com": false, "a-.com": false, "a_b.com": false, "a..com": false, "127.0.0.1": false, "::1": false,
		"a.com:80": false, "https://a.com": false, "a.com/live": false, "a b.com": false, "a.com\n": false, "直播.com": false,
		label + "a.com": false, strings.Repeat("a.", 126) + "com": false,
	} {
		if got := IsHostName(name); got != want {
			t.Errorf("%q: got %t", name, got)
		}
	}
}
