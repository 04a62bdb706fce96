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
		"host":                 {endpoint: "live.tencentcloudapi.com", scheme: "https", want: "https://live.tencentcloudapi.com"},
		"host and port":        {endpoint: "127.0.0.1:8080", scheme: "http", want: "http://127.0.0.1:8080"},
		"URL":                  {endpoint: "https://live.intl.tencentcloudapi.com/", scheme: "http", want: "https://live.intl.tencentcloudapi.com"},
		"upper case":           {endpoint: "HTTPS://live.example.com", scheme: "https", want: "https://live.example.com"},
		"loopback":             {endpoint: "http://localhost:1", scheme: "https", want: "http://localhost:1"},
		"loopback IPv6":        {endpoint: "http://[::1]:1", scheme: "https", want: "http://[::1]:1"},
		"plain HTTP":           {endpoint: "http://live.example.com", scheme: "https", problem: "plain HTTP"},
		"plain HTTP by scheme": {endpoint: "live.example.com", scheme: "http", problem: "plain HTTP"},
		"looks like loopback":  {endpoint: "http://127.0.0.1.example.com", scheme: "https", problem: "plain HTTP"},
		"other scheme":         {endpoint: "ftp://live.example.com", scheme: "https", problem: "scheme"},
		"no host":              {endpoint: "https://", scheme: "https", problem: "no host"},
		"empty":                {endpoint: "", scheme: "https", problem: "no host"},
		"path":                 {endpoint: "https://live.example.com/v1", scheme: "https", problem: "path"},
		"query":                {endpoint: "https://live.example.com?x=1", scheme: "https", problem: "query"},
		"user":                 {endpoint: "https://me:secret@live.example.com", scheme: "https", problem: "user"},
		"not a URL":            {endpoint: "https://%zz", scheme: "https", problem: "not a host"},
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
				t.Errorf("the text shows a password: %v", err)
			}
		})
	}
}
