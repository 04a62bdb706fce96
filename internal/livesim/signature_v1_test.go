// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

// TestPublishedVectorOfTheOlderSignature checks the example of Tencent's page "Signature v1".
func TestPublishedVectorOfTheOlderSignature(t *testing.T) {
	t.Parallel()
	values, err := url.ParseQuery("Action=DescribeInstances&InstanceIds.0=ins-09dx96dg&Limit=20&Nonce=11886&Offset=0&Region=ap-guangzhou" +
		"&SecretId=AKIDz8krbsJ5yKBZQpn74WFkmLPx3EXAMPLE&Timestamp=1465185768&Version=2017-03-12&Signature=left-out")
	if err != nil {
		t.Fatal(err)
	}
	got, err := signValues("GET", "cvm.tencentcloudapi.com", values, "Gu5t9xGARNpq86cd98joQYCN3EXAMPLE")
	if err != nil || got != "EliP9YW3pW28FpsEdkXt/+WcGeI=" {
		t.Errorf("signature %s, %v", got, err)
	}
}

// old sends a call with the older signature for a host. edit changes the parameters after they were signed.
func (c *client) old(method, address, host, signer, action string, params map[string]any, edit func(url.Values)) answer {
	c.t.Helper()
	values := url.Values{
		"Action": {action}, "Version": {"2018-08-01"}, "Timestamp": {strconv.FormatInt(time.Now().Unix(), 10)},
		"Nonce": {"4711"}, "SecretId": {c.id}, "RequestClient": {"test"},
	}
	if signer != "" {
		values.Set("SignatureMethod", signer)
	}
	if c.token != "" {
		values.Set("Token", c.token)
	}
	flatten(values, "", params)
	signature, err := signValues(method, host, values, c.key)
	if err != nil {
		signature = "none"
	}
	values.Set("Signature", signature)
	if edit != nil {
		edit(values)
	}
	var r *http.Request
	if method == http.MethodGet {
		r = httptest.NewRequest(method, "http://"+address+"/?"+values.Encode(), http.NoBody)
	} else {
		r = httptest.NewRequest(method, "http://"+address+"/", strings.NewReader(values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	c.server.ServeHTTP(w, r)
	return c.read(w.Code, w.Body.Bytes())
}

func TestOlderSignature(t *testing.T) {
	t.Parallel()
	const host = "127.0.0.1:8080"
	for _, method := range []string{http.MethodGet, http.MethodPost} {
		for _, signer := range []string{"", "HmacSHA1", "HmacSHA256"} {
			s, c := serve(t, nil)
			call := func(code, action string, params map[string]any, edit func(url.Values)) answer {
				t.Helper()
				a := c.old(method, host, host, signer, action, params, edit)
				if a.code != code {
					t.Errorf("%s %s %s: code %q (%s), want %q", method, signer, action, a.code, a.message, code)
				}
				return a
			}
			call("", ActionCreate, mix("room", set("InputStreamList.1.LayoutParams.LocationX", 0.5)), nil)
			if session, ok := s.Session("room"); !ok || session.Inputs[1].X != 0.5 || session.Inputs[0].Name != "a" {
				t.Errorf("session %+v", session)
			}
			if r := s.Requests()[0]; r.Action != ActionCreate || r.Client != "test" || r.SecretID != c.id || r.Params["SecretId"] != nil || r.Params["Signature"] != nil {
				t.Errorf("log %+v", r)
			}
			list := map[string]any{}
			call("MissingParameter", ActionOnlineList, list, func(v url.Values) { v.Del("Action") })
			call("MissingParameter", ActionOnlineList, list, func(v url.Values) { v.Del("Timestamp") })
			call("MissingParameter", ActionOnlineList, list, func(v url.Values) { v.Del("Nonce") })
			call("MissingParameter", ActionOnlineList, list, func(v url.Values) { v.Del("Signature") })
			call("InvalidAction", "Nothing", list, nil)
			call("NoSuchVersion", ActionOnlineList, list, func(v url.Values) { v.Set("Version", "1") })
			call("UnknownParameter", ActionOnlineList, map[string]any{"Nothing": 1}, nil)
			call("AuthFailure.SignatureFailure", ActionOnlineList, list, func(v url.Values) { v.Set("PageNum", "2") })
			call("AuthFailure.SecretIdNotFound", ActionOnlineList, list, func(v url.Values) { v.Set("SecretId", "nobody") })
			call("AuthFailure.InvalidAuthorization", ActionOnlineList, list, func(v url.Values) { v.Set("SignatureMethod", "MD5") })
			call("AuthFailure.SignatureExpire", ActionOnlineList, list, func(v url.Values) { v.Set("Timestamp", "1") })
			call("AuthFailure.TokenFailure", ActionOnlineList, list, func(v url.Values) { v.Set("Token", "x") })
			if a := call("AuthFailure.SignatureExpire", ActionOnlineList, list, func(v url.Values) {
				v.Set("Timestamp", "1")
				v.Set("Language", "zh-CN")
			}); !strings.HasPrefix(a.message, "签名过期") {
				t.Errorf("message %s", a.message)
			}
			if a := c.old(method, host, "127.0.0.1", signer, ActionOnlineList, list, nil); a.code != "AuthFailure.SignatureFailure" ||
				!strings.Contains(a.message, `it is for the host "127.0.0.1", and the request came to "127.0.0.1:8080"`) {
				t.Errorf("%s: %s", a.code, a.message)
			}
		}
	}
}

// TestSignatureFailureSaysForWhat checks that a client that takes an address for a host name learns what it signed.
func TestSignatureFailureSaysForWhat(t *testing.T) {
	t.Parallel()
	_, c := serve(t, nil)
	for name, tc := range map[string]struct {
		service, host, key string
		want               []string
	}{
		"service of an address": {"127", "127.0.0.1:8080", c.key, []string{`names the service "127"`, `belongs to "live"`, "HTTP proxy"}},
		"host without its port": {"live", "127.0.0.1", c.key, []string{`is for the host "127.0.0.1"`, `came to "127.0.0.1:8080"`, "live.tencentcloudapi.com"}},
		"both":                  {"127", "127.0.0.1", c.key, []string{`names the service "127"`, `is for the host "127.0.0.1"`}},
		"Tencent's host":        {"live", "live.tencentcloudapi.com", c.key, []string{`is for the host "live.tencentcloudapi.com"`}},
		"wrong key":             {"live", "127.0.0.1:8080", "wrong", []string{"secret key"}},
	} {
		a := (&client{t: t, server: c.server, id: c.id, key: tc.key}).doEdited(ActionOnlineList, map[string]any{}, func(r *http.Request) {
			r.Host = tc.host
			(&client{t: t, id: c.id, key: tc.key}).sign(r, tc.service, "content-type;host")
			r.Host = "127.0.0.1:8080"
		})
		if a.code != "AuthFailure.SignatureFailure" {
			t.Errorf("%s: code %q", name, a.code)
		}
		for _, text := range tc.want {
			if !strings.Contains(a.message, text) {
				t.Errorf("%s: %q lacks %q", name, a.message, text)
			}
		}
		if strings.Contains(a.message, c.key) {
			t.Errorf("%s: the message holds the key", name)
		}
	}
}

// TestProxy checks the way that works for every client: Tencent's own host names, and the simulator as the proxy.
func TestProxy(t *testing.T) {
	t.Parallel()
	s, c := start(t, withRoles)
	proxy, err := url.Parse(s.URL())
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{Proxy: http.ProxyURL(proxy), DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	send := func(host, action string, params map[string]any) (int, answer) {
		t.Helper()
		resp, err := transport.RoundTrip(c.request("http://"+host, action, params, nil).WithContext(t.Context()))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		b := make([]byte, 4096)
		n, _ := resp.Body.Read(b)
		return resp.StatusCode, c.readAny(b[:n])
	}
	for _, tc := range []struct {
		host, action string
		params       map[string]any
		status       int
		code         string
	}{
		{"live.tencentcloudapi.com", ActionCreate, mix("room"), 200, ""},
		{"live.intl.tencentcloudapi.com", ActionOnlineList, map[string]any{}, 200, ""},
		{"sts.tencentcloudapi.com", ActionAssumeRole, assumption(), 200, ""},
		{"live.tencentcloudapi.com", ActionAssumeRole, assumption(), 200, "InvalidAction"},
		{"sts.tencentcloudapi.com", ActionOnlineList, map[string]any{}, 200, "InvalidAction"},
		{"cvm.tencentcloudapi.com", ActionOnlineList, map[string]any{}, 502, ""},
		{"example.com", ActionOnlineList, map[string]any{}, 502, ""},
	} {
		status, a := send(tc.host, tc.action, tc.params)
		if status != tc.status || a.code != tc.code {
			t.Errorf("%s %s: status %d, code %q (%s)", tc.host, tc.action, status, a.code, a.message)
		}
	}
	checkTunnel(t, c, proxy.Host)
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest(http.MethodConnect, "live.tencentcloudapi.com:443", http.NoBody))
	if w.Code != http.StatusMethodNotAllowed || !strings.Contains(w.Body.String(), "protocol") {
		t.Errorf("CONNECT: %d %s", w.Code, w.Body)
	}
}

// checkTunnel calls through CONNECT, as clients do that know no other way to use a proxy.
func checkTunnel(t *testing.T, c *client, proxy string) {
	t.Helper()
	open := func(target string) (net.Conn, *bufio.Reader, int) {
		t.Helper()
		conn, err := net.Dial("tcp", proxy)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = conn.Close() })
		if _, err := io.WriteString(conn, "CONNECT "+target+" HTTP/1.1\r\nHost: "+target+"\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		in := bufio.NewReader(conn)
		resp, err := http.ReadResponse(in, &http.Request{Method: http.MethodConnect})
		if err != nil {
			t.Fatal(err)
		}
		if resp.StatusCode != http.StatusOK { // The body of a success is the tunnel.
			defer resp.Body.Close()
		}
		return conn, in, resp.StatusCode
	}
	conn, in, status := open("live.tencentcloudapi.com:80")
	if status != http.StatusOK {
		t.Fatalf("CONNECT: %d", status)
	}
	for range 2 {
		r := c.request("http://live.tencentcloudapi.com", ActionOnlineList, map[string]any{}, nil)
		if err := r.Write(conn); err != nil {
			t.Fatal(err)
		}
		resp, err := http.ReadResponse(in, r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || c.readAny(body).code != "" {
			t.Errorf("through the tunnel: %v, %s", err, body)
		}
		_ = resp.Body.Close()
	}
	for target, want := range map[string]int{"live.tencentcloudapi.com:443": 405, "example.com:80": 502} {
		if _, _, status := open(target); status != want {
			t.Errorf("CONNECT %s: %d, want %d", target, status, want)
		}
	}
}

func TestLanguageAndTrace(t *testing.T) {
	t.Parallel()
	s, c := serve(t, nil)
	message := func(language string) string {
		return c.doEdited("Nothing", map[string]any{}, func(r *http.Request) { r.Header.Set("X-TC-Language", language) }).message
	}
	if got := message("zh-CN"); !strings.HasPrefix(got, "接口不存在") || !strings.Contains(got, "Nothing") {
		t.Errorf("zh-CN: %s", got)
	}
	if got := message("en-US"); got != message("") || strings.Contains(got, "接口") {
		t.Errorf("en-US: %s", got)
	}
	for id, want := range map[string]string{"trace-1": "trace-1", "": "", "a\u00ff": "", strings.Repeat("x", 129): ""} {
		w := httptest.NewRecorder()
		s.ServeHTTP(w, c.request("http://127.0.0.1:8080", ActionOnlineList, map[string]any{}, func(r *http.Request) {
			if id != "" {
				r.Header.Set("X-TC-TraceId", id)
			}
		}))
		log := s.Requests()
		if got := w.Header().Get("X-TC-TraceId"); got != want || log[len(log)-1].TraceID != want {
			t.Errorf("trace %q: answered %q, logged %q", id, got, log[len(log)-1].TraceID)
		}
	}
}
