// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"maps"
	"net/url"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

func TestURLs(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                              string
		f                                 function.Function
		domain, app, stream, key, expires string
		want                              map[string]string
	}{
		{
			// The example of 267/31560. 5C271099 is 2018-12-29 14:13:45 in Beijing.
			name: "published push example", f: newPushURLsFunction(),
			domain: "livepush.tcloud.com", app: "live", stream: "test", key: "e12c46f2612d5106e2034781ab261ca3", expires: "2018-12-29T14:13:45+08:00",
			want: map[string]string{
				"rtmp":   "rtmp://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099",
				"rtmps":  "rtmps://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099",
				"srt":    "srt://livepush.tcloud.com:9000?streamid=#!::h=livepush.tcloud.com,r=live/test,txSecret=f85a2ab363fe4deaffef9754d79da6fe,txTime=5C271099",
				"webrtc": "webrtc://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099",
			},
		},
		{
			// The key, stream, txTime and txSecret of Tencent's example of playback authentication.
			name: "published play example", f: newPlayURLsFunction(),
			domain: "play.example.com", app: "live", stream: "test01", key: "ngoeiq03", expires: "2018-12-01T00:30:00Z",
			want: map[string]string{
				"rtmp":   "rtmp://play.example.com/live/test01?txSecret=ce797dc6238156d548ef945e6ad1ea20&txTime=5C01D608",
				"flv":    "http://play.example.com/live/test01.flv?txSecret=ce797dc6238156d548ef945e6ad1ea20&txTime=5C01D608",
				"hls":    "http://play.example.com/live/test01.m3u8?txSecret=ce797dc6238156d548ef945e6ad1ea20&txTime=5C01D608",
				"webrtc": "webrtc://play.example.com/live/test01?txSecret=ce797dc6238156d548ef945e6ad1ea20&txTime=5C01D608",
			},
		},
		{
			// By hand: printf 'secret-of-the-domainhost70DBD880' | md5sum.
			name: "another application", f: newPushURLsFunction(),
			domain: "12345.tlivepush.com", app: "show-1.a_b", stream: "host", key: "secret-of-the-domain", expires: "2030-01-01T00:00:00.9Z",
			want: map[string]string{
				"rtmp":   "rtmp://12345.tlivepush.com/show-1.a_b/host?txSecret=a4b6903846d0a7e15bc42c5e39ae95aa&txTime=70DBD880",
				"rtmps":  "rtmps://12345.tlivepush.com/show-1.a_b/host?txSecret=a4b6903846d0a7e15bc42c5e39ae95aa&txTime=70DBD880",
				"srt":    "srt://12345.tlivepush.com:9000?streamid=#!::h=12345.tlivepush.com,r=show-1.a_b/host,txSecret=a4b6903846d0a7e15bc42c5e39ae95aa,txTime=70DBD880",
				"webrtc": "webrtc://12345.tlivepush.com/show-1.a_b/host?txSecret=a4b6903846d0a7e15bc42c5e39ae95aa&txTime=70DBD880",
			},
		},
		{
			// Names that mixes do not take. By hand: printf 'secret-of-the-domainroom-1.cam_2~a70DBD880' | md5sum.
			name: "symbols in names", f: newPushURLsFunction(),
			domain: "push.example.com", app: "live-2.0", stream: "room-1.cam_2~a", key: "secret-of-the-domain", expires: "2030-01-01T00:00:00Z",
			want: map[string]string{
				"rtmp":   "rtmp://push.example.com/live-2.0/room-1.cam_2~a?txSecret=0b42e5c046602c66d3645a2177ececa5&txTime=70DBD880",
				"rtmps":  "rtmps://push.example.com/live-2.0/room-1.cam_2~a?txSecret=0b42e5c046602c66d3645a2177ececa5&txTime=70DBD880",
				"srt":    "srt://push.example.com:9000?streamid=#!::h=push.example.com,r=live-2.0/room-1.cam_2~a,txSecret=0b42e5c046602c66d3645a2177ececa5,txTime=70DBD880",
				"webrtc": "webrtc://push.example.com/live-2.0/room-1.cam_2~a?txSecret=0b42e5c046602c66d3645a2177ececa5&txTime=70DBD880",
			},
		},
		{
			name: "unsigned push", f: newPushURLsFunction(),
			domain: "push.example.com", app: "live", stream: "host", key: "null", expires: "null",
			want: map[string]string{
				"rtmp":   "rtmp://push.example.com/live/host",
				"rtmps":  "rtmps://push.example.com/live/host",
				"srt":    "srt://push.example.com:9000?streamid=#!::h=push.example.com,r=live/host",
				"webrtc": "webrtc://push.example.com/live/host",
			},
		},
		{
			name: "unsigned play, with a time", f: newPlayURLsFunction(),
			domain: "play.example.com", app: "live", stream: "host", key: "null", expires: "2030-01-01T00:00:00Z",
			want: map[string]string{
				"rtmp":   "rtmp://play.example.com/live/host",
				"flv":    "http://play.example.com/live/host.flv",
				"hls":    "http://play.example.com/live/host.m3u8",
				"webrtc": "webrtc://play.example.com/live/host",
			},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := call(t, tc.f, text(tc.domain), text(tc.app), text(tc.stream), text(tc.key), text(tc.expires))
			if err != nil {
				t.Fatal(err)
			}
			urls := got.(types.Object).Attributes()
			if len(urls) != len(tc.want) {
				t.Errorf("%d URLs, want %d", len(urls), len(tc.want))
			}
			for protocol, want := range tc.want {
				if got, ok := urls[protocol].(types.String); !ok || got.ValueString() != want {
					t.Errorf("%s\ngot  %v\nwant %s", protocol, urls[protocol], want)
				}
			}
		})
	}
}

func TestURLErrors(t *testing.T) {
	t.Parallel()
	const key = "do-not-print-this-key"
	for _, tc := range []struct {
		name                              string
		domain, app, stream, key, expires string
		position                          int64
		want                              string
	}{
		{"scheme", "rtmp://push.example.com", "live", "host", key, "2030-01-01T00:00:00Z", 0, `domain must be a host name such as push.example.com, without a scheme, a port or a path; got "rtmp://push.example.com"`},
		{"port", "push.example.com:1935", "live", "host", key, "2030-01-01T00:00:00Z", 0, "without a scheme, a port or a path"},
		{"path", "push.example.com/live", "live", "host", key, "2030-01-01T00:00:00Z", 0, "domain must be a host name"},
		{"one label", "localhost", "live", "host", key, "2030-01-01T00:00:00Z", 0, "domain must be a host name"},
		{"no domain", "", "live", "host", key, "2030-01-01T00:00:00Z", 0, `domain must be a host name such as push.example.com, without a scheme, a port or a path; got ""`},
		{"long domain", strings.Repeat("a.", 126) + "aa", "live", "host", key, "2030-01-01T00:00:00Z", 0, "domain must be a host name"},
		{"hyphen", "push.-example.com", "live", "host", key, "2030-01-01T00:00:00Z", 0, "domain must be a host name"},
		{"no application", "push.example.com", "", "host", key, "2030-01-01T00:00:00Z", 1, `app must be an application name such as live: 1 to 255 letters`},
		{"slash", "push.example.com", "live/a", "host", key, "2030-01-01T00:00:00Z", 1, `and not . or .. alone; got "live/a"`},
		{"comma", "push.example.com", "live,a", "host", key, "2030-01-01T00:00:00Z", 1, "app must be an application name"},
		{"stream", "push.example.com", "live", "the host", key, "2030-01-01T00:00:00Z", 2, `stream must be a stream name: 1 to 255 letters`},
		{"query", "push.example.com", "live", "host?txTime=0", key, "2030-01-01T00:00:00Z", 2, "stream must be a stream name"},
		{"parent directory", "push.example.com", "..", "host", key, "2030-01-01T00:00:00Z", 1, `app must be an application name such as live: 1 to 255 letters, digits and any of - . _ ~ ! $ ' ( ) * + : ; @, and not . or .. alone; got ".."`},
		{"directory", "push.example.com", ".", "host", key, "2030-01-01T00:00:00Z", 1, `got "."`},
		{"parent directory as stream", "push.example.com", "live", "..", key, "2030-01-01T00:00:00Z", 2, `got ".."`},
		{"fragment", "push.example.com", "live", "host#1", key, "2030-01-01T00:00:00Z", 2, `got "host#1"`},
		{"slash in a stream", "push.example.com", "live", "a/b", key, "2030-01-01T00:00:00Z", 2, `got "a/b"`},
		{"escape", "push.example.com", "live", "a%2fb", key, "2030-01-01T00:00:00Z", 2, `got "a%2fb"`},
		{"comma in a stream", "push.example.com", "live", "a,b", key, "2030-01-01T00:00:00Z", 2, `got "a,b"`},
		{"control character", "push.example.com", "live", "a\x00b", key, "2030-01-01T00:00:00Z", 2, `got "a\x00b"`},
		{"no stream", "push.example.com", "live", "", key, "2030-01-01T00:00:00Z", 2, `got ""`},
		{"long stream", "push.example.com", "live", strings.Repeat("a", 256), key, "2030-01-01T00:00:00Z", 2, "1 to 255 letters"},
		{"key with a line break", "push.example.com", "live", "host", key + "\n", "2030-01-01T00:00:00Z", 3, "key contains white space or an invisible character, such as the line break at the end of a file, and Tencent would refuse what it signs. Remove it, for example with trimspace()"},
		{"key with a space", "push.example.com", "live", "host", " " + key, "2030-01-01T00:00:00Z", 3, "key contains white space"},
		{"key with a byte order mark", "push.example.com", "live", "host", "\ufeff" + key, "2030-01-01T00:00:00Z", 3, "an invisible character"},
		{"key with a zero-width space", "push.example.com", "live", "host", key + "\u200b", "2030-01-01T00:00:00Z", 3, "an invisible character"},
		{"line break", "push.example.com", "live", "host\n", key, "2030-01-01T00:00:00Z", 2, "stream must be a stream name"},
		{"empty key", "push.example.com", "live", "host", "", "2030-01-01T00:00:00Z", 3, "key is empty"},
		{"no time", "push.example.com", "live", "host", key, "null", 4, "expires is required with a key"},
		{"date only", "push.example.com", "live", "host", key, "2030-01-01", 4, `expires must be a date, a time and a zone as in RFC 3339, such as 2030-01-01T00:00:00Z; got "2030-01-01"`},
		{"no zone", "push.example.com", "live", "host", key, "2030-01-01T00:00:00", 4, "expires must be a date, a time and a zone"},
		{"past", "push.example.com", "live", "host", key, "1969-12-31T23:59:59Z", 4, "expires must be later than 1970"},
		{"wrong time of an unsigned URL", "push.example.com", "live", "host", "null", "soon", 4, `got "soon"`},
	} {
		for _, f := range []function.Function{newPushURLsFunction(), newPlayURLsFunction()} {
			t.Run(tc.name, func(t *testing.T) {
				t.Parallel()
				_, err := call(t, f, text(tc.domain), text(tc.app), text(tc.stream), text(tc.key), text(tc.expires))
				expectArgumentError(t, err, tc.position, tc.want)
				if strings.Contains(err.Text, key) {
					t.Errorf("the key is printed: %s", err.Text)
				}
			})
		}
	}
}

// What separates the names that URLs take from others is what url.Parse makes of them.
func TestURLNamesSurviveAURL(t *testing.T) {
	t.Parallel()
	for c := rune(0); c < 0x250; c++ {
		name := "a" + string(c) + "b"
		if !urlName(name) {
			continue
		}
		parsed, err := url.Parse("rtmp://push.example.com/live/" + name + "?txSecret=x")
		if err != nil || parsed.EscapedPath() != "/live/"+name || parsed.RawQuery != "txSecret=x" || strings.ContainsAny(name, ",=&%") {
			t.Errorf("%q becomes %v, %v", name, parsed, err)
		}
	}
}

// Tencent's page gives no example for SHA-256, so this is the one for MD5 with the other hash:
// printf e12c46f2612d5106e2034781ab261ca3test5C271099 | sha256sum.
func TestURLsBySHA256(t *testing.T) {
	t.Parallel()
	arguments := func(options ...attr.Value) []attr.Value {
		return append([]attr.Value{text("livepush.tcloud.com"), text("live"), text("test"), text("e12c46f2612d5106e2034781ab261ca3"), text("2018-12-29T14:13:45+08:00")}, options...)
	}
	const (
		md5    = "rtmp://livepush.tcloud.com/live/test?txSecret=f85a2ab363fe4deaffef9754d79da6fe&txTime=5C271099"
		sha256 = "rtmp://livepush.tcloud.com/live/test?txSecret=2fe51d13bff48deaddd7e4e086265e69d5a04a64db9a2cbc737bd585c472fd07&txTime=5C271099"
	)
	for _, f := range []function.Function{newPushURLsFunction(), newPlayURLsFunction()} {
		for _, tc := range []struct {
			options []attr.Value
			want    string
		}{
			{nil, md5},
			{[]attr.Value{types.DynamicNull()}, md5},
			{[]attr.Value{plainList(t, `{}`)}, md5},
			{[]attr.Value{plainList(t, `{ algorithm = null }`)}, md5},
			{[]attr.Value{plainList(t, `{ algorithm = "md5" }`)}, md5},
			{[]attr.Value{plainList(t, `{ algorithm = "sha256" }`)}, sha256},
		} {
			got, err := call(t, f, arguments(tc.options...)...)
			if err != nil {
				t.Fatal(err)
			}
			if rtmp := got.(types.Object).Attributes()["rtmp"].(types.String).ValueString(); rtmp != tc.want {
				t.Errorf("%v\ngot  %s\nwant %s", tc.options, rtmp, tc.want)
			}
		}
		for options, want := range map[string]string{
			`{ algorithm = "sha1" }`:    `algorithm must be "md5" or "sha256"; got "sha1"`,
			`{ algorithm = 1 }`:         "options.algorithm must be a string; got a number",
			`{ algorithms = "sha256" }`: `options has no attribute "algorithms"; did you mean "algorithm"?`,
			`{ hash = "sha256" }`:       `options has no attribute "hash"; it takes algorithm`,
			`"sha256"`:                  "options must be an object such as { algorithm = … }; got a string",
		} {
			if _, err := call(t, f, arguments(plainList(t, options))...); err == nil || err.Text != want || *err.FunctionArgument != urlOptions {
				t.Errorf("%s: got %+v, want %s", options, err, want)
			}
		}
		if _, err := call(t, f, arguments(types.DynamicNull(), types.DynamicNull())...); err == nil || err.Text != "options must be at most one object; got 2 arguments" {
			t.Errorf("two options: got %+v", err)
		}
	}
}

// ephemeralConfig is a configuration of an ephemeral resource with URLs, as it goes over the wire.
func ephemeralConfig(t *testing.T, server tfprotov6.ProviderServer, typeName string, given map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	kind := schemas.EphemeralResourceSchemas[typeName].ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for name, kind := range kind.AttributeTypes {
		values[name] = tftypes.NewValue(kind, given[name])
	}
	return acctest.ToWire(tftypes.NewValue(kind, values))
}

// The URLs are those of the function of the same name, by every algorithm and unsigned.
func TestEphemeralURLsAreThoseOfTheFunctions(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	for name, f := range map[string]function.Function{"push_urls": newPushURLsFunction(), "play_urls": newPlayURLsFunction()} {
		for _, given := range []map[string]any{
			{"key": "secret", "expires": "2030-01-01T00:00:00Z"},
			{"key": "secret", "expires": "2030-01-01T00:00:00Z", "algorithm": "sha256"},
			{},
		} {
			argument := func(attribute string) types.String {
				if s, ok := given[attribute].(string); ok {
					return types.StringValue(s)
				}
				return types.StringNull()
			}
			options := types.DynamicValue(types.ObjectValueMust(
				map[string]attr.Type{"algorithm": types.StringType}, map[string]attr.Value{"algorithm": argument("algorithm")}))
			want, funcErr := call(t, f, text("live.example.com"), text("live"), text("room-1"), argument("key"), argument("expires"), options)
			if funcErr != nil {
				t.Fatal(funcErr)
			}

			config := maps.Clone(given)
			maps.Copy(config, map[string]any{"domain": "live.example.com", "app": "live", "stream": "room-1"})
			opened, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{
				TypeName: "tencentcss_" + name, Config: ephemeralConfig(t, server, "tencentcss_"+name, config),
			})
			if err != nil || len(opened.Diagnostics) > 0 {
				t.Fatalf("%v, %v", err, opened.Diagnostics)
			}
			schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
			if err != nil {
				t.Fatal(err)
			}
			raw, err := opened.Result.Unmarshal(schemas.EphemeralResourceSchemas["tencentcss_"+name].ValueType())
			if err != nil {
				t.Fatal(err)
			}
			var result map[string]tftypes.Value
			if err := raw.As(&result); err != nil {
				t.Fatal(err)
			}
			for protocol, url := range want.(types.Object).Attributes() {
				var got string
				if err := result[protocol].As(&got); err != nil || got != url.(types.String).ValueString() {
					t.Errorf("%s of %v is %q, want %s", protocol, given, got, url)
				}
			}
		}
	}
}

// What is wrong is said at validation already, at its attribute and without the key; what is not known yet is left alone.
func TestEphemeralURLErrors(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	good := map[string]any{"domain": "live.example.com", "app": "live", "stream": "host", "key": "do-not-print", "expires": "2030-01-01T00:00:00Z"}
	for attribute, wrong := range map[string]any{
		"domain": "https://live.example.com", "app": "..", "stream": "a/b", "key": "do-not-print\n", "expires": "tomorrow", "algorithm": "sha1",
	} {
		config := maps.Clone(good)
		config[attribute] = wrong
		for _, typeName := range []string{"tencentcss_push_urls", "tencentcss_play_urls"} {
			given := ephemeralConfig(t, server, typeName, config)
			validated, err := server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: given})
			if err != nil {
				t.Fatal(err)
			}
			opened, err := server.OpenEphemeralResource(t.Context(), &tfprotov6.OpenEphemeralResourceRequest{TypeName: typeName, Config: given})
			if err != nil {
				t.Fatal(err)
			}
			for when, diags := range map[string][]*tfprotov6.Diagnostic{"validate": validated.Diagnostics, "open": opened.Diagnostics} {
				if len(diags) != 1 || !diags[0].Attribute.Equal(tftypes.NewAttributePath().WithAttributeName(attribute)) || !strings.HasPrefix(diags[0].Detail, attribute+" ") || strings.Contains(diags[0].Detail, "do-not-print") {
					t.Errorf("%s of %s: %s", when, attribute, acctest.Prose(diags))
				}
			}
			config := maps.Clone(config)
			config["key"] = tftypes.UnknownValue
			validated, err = server.ValidateEphemeralResourceConfig(t.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: typeName, Config: ephemeralConfig(t, server, typeName, config)})
			if err != nil || len(validated.Diagnostics) > 0 {
				t.Errorf("%s with an unknown key: %v, %s", attribute, err, acctest.Prose(validated.Diagnostics))
			}
		}
	}
}

// The calls of ephemeral resources leave nothing of their contexts behind in the server either.
func TestServerLetsGoOfEphemeralContexts(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	config := ephemeralConfig(t, server, "tencentcss_push_urls", map[string]any{"domain": "push.example.com", "app": "live", "stream": "host"})
	ctx, kept := heavyContext(t)
	validated, err := server.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{TypeName: "tencentcss_push_urls", Config: config})
	if err != nil || len(validated.Diagnostics) > 0 {
		t.Fatal(err, acctest.Prose(validated.Diagnostics))
	}
	opened, err := server.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: "tencentcss_push_urls", Config: config})
	if err != nil || len(opened.Diagnostics) > 0 {
		t.Fatal(err, acctest.Prose(opened.Diagnostics))
	}
	if _, err := server.CloseEphemeralResource(ctx, &tfprotov6.CloseEphemeralResourceRequest{TypeName: "tencentcss_push_urls", Private: opened.Private}); err != nil {
		t.Fatal(err)
	}
	runtime.GC()
	if kept.Value() != nil {
		t.Error("the server still holds the context of a call")
	}
}
