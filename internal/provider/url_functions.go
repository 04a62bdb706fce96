// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/md5" //nolint:gosec // G501: Tencent signs its URLs with it.
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ function.Function = (*pushURLsFunction)(nil)
	_ function.Function = (*playURLsFunction)(nil)
)

func newPushURLsFunction() function.Function { return &pushURLsFunction{} }

type pushURLsFunction struct{}

func (f *pushURLsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "push_urls"
}

func (f *pushURLsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The URLs to push a stream to",
		MarkdownDescription: "Returns an object with the URLs to push a stream to, by protocol: `rtmp`, `rtmps`, `srt` and `webrtc`. " +
			urlSignedText + " They are valid until `expires`." + urlNotes + "the ephemeral resource `tencentcss_push_urls` leaves no trace.",
		Parameters:        urlParameters("push"),
		VariadicParameter: urlOptionsParameter(),
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"rtmp": types.StringType, "rtmps": types.StringType, "srt": types.StringType, "webrtc": types.StringType,
		}},
	}
}

func (f *pushURLsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	u, ok := readLiveURL(ctx, req, resp, "push")
	if !ok {
		return
	}
	resp.Error = resp.Result.Set(ctx, struct {
		RTMP   types.String `tfsdk:"rtmp"`
		RTMPS  types.String `tfsdk:"rtmps"`
		SRT    types.String `tfsdk:"srt"`
		WebRTC types.String `tfsdk:"webrtc"`
	}{u.at("rtmp", ""), u.at("rtmps", ""), u.srt(), u.at("webrtc", "")})
}

func newPlayURLsFunction() function.Function { return &playURLsFunction{} }

type playURLsFunction struct{}

func (f *playURLsFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "play_urls"
}

func (f *playURLsFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "The URLs to play a stream from",
		MarkdownDescription: "Returns an object with the URLs to play a stream from, by protocol: `rtmp`, `flv`, `hls` and `webrtc`. " +
			urlSignedText + " They are valid until `expires`, and for as long again as the playback domain is configured to allow.\n\n" +
			"`flv` and `hls` begin with `http://`, which every playback domain serves. Where the domain has a certificate, replace it with `https://`.\n\n" +
			"A transcoded stream is signed with the name of its source stream, so its URLs cannot be made with its own name." + urlNotes + "the ephemeral resource `tencentcss_play_urls` leaves no trace.",
		Parameters:        urlParameters("playback"),
		VariadicParameter: urlOptionsParameter(),
		Return: function.ObjectReturn{AttributeTypes: map[string]attr.Type{
			"rtmp": types.StringType, "flv": types.StringType, "hls": types.StringType, "webrtc": types.StringType,
		}},
	}
}

func (f *playURLsFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	u, ok := readLiveURL(ctx, req, resp, "playback")
	if !ok {
		return
	}
	resp.Error = resp.Result.Set(ctx, struct {
		RTMP   types.String `tfsdk:"rtmp"`
		FLV    types.String `tfsdk:"flv"`
		HLS    types.String `tfsdk:"hls"`
		WebRTC types.String `tfsdk:"webrtc"`
	}{u.at("rtmp", ""), u.at("http", ".flv"), u.at("http", ".m3u8"), u.at("webrtc", "")})
}

// domainPattern is a host name of at least two labels.
var domainPattern = regexp.MustCompile(`^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

// urlNamePattern is what the names of applications and streams may contain: Tencent allows letters, digits and symbols
// (267/35257). Excluded are symbols that end a path or need escaping in a URL, and those that separate the parts of an
// SRT stream ID. The rule of namePattern, underscores only, applies to mixes alone.
var urlNamePattern = regexp.MustCompile("^[A-Za-z0-9._~!$'()*+:;@-]{1,255}$")

const urlNameRule = "1 to 255 letters, digits and any of - . _ ~ ! $ ' ( ) * + : ; @, and not . or .. alone"

// urlName reports whether a name can be part of the path of a URL.
func urlName(name string) bool {
	return urlNamePattern.MatchString(name) && name != "." && name != ".."
}

const maxDomain = 253

// The positions of the parameters of push_urls and play_urls.
const (
	urlDomain = iota
	urlApp
	urlStream
	urlKey
	urlExpires
	urlOptions
)

// The algorithms that sign a URL.
const (
	algorithmMD5    = "md5"
	algorithmSHA256 = "sha256"
)

// Descriptions that push_urls and play_urls share with the ephemeral resources of the same names.
const (
	urlSymbolsText   = "1 to 255 letters, digits and any of `-._~!$'()*+:;@`, but neither `.` nor `..`."
	urlAppText       = "The application (`AppName`), usually `live`: " + urlSymbolsText
	urlStreamText    = "The name of the stream: " + urlSymbolsText + " The name of a mix input can only have letters, digits and underscores."
	urlExpiresText   = "When the signature expires, as RFC 3339, such as `2030-01-01T00:00:00Z`. Required with a `key`, without effect when `key` is null."
	urlAlgorithmText = "`md5` (default) or `sha256`, whichever the domain is set to"
	urlSignedText    = "With a `key` they are signed: `txSecret` is the MD5, or on request the SHA-256, of key, stream name and `txTime`, in lower-case hexadecimal."
	urlSHA256Note    = "\n\nTencent mentions SHA-256 but gives no example of it ([on this page](https://www.tencentcloud.com/document/product/267/31560)), so compare your first URL with one from the address generator of the console."
)

func urlDomainText(kind string) string {
	return "The " + kind + " domain, without a scheme, a port or a path."
}

func urlKeyText(kind string) string {
	return "The authentication key of the " + kind + " domain, either the primary or the backup one. Null leaves the URLs unsigned, for a domain without authentication."
}

const urlNotes = urlSHA256Note + "\n\nThe key is a secret, so pass it as a sensitive value: Terraform then treats the result as sensitive, too, and does not show it. " +
	"The result still ends up in the state if an output or a resource uses it; "

// urlParameters returns the parameters of push_urls and play_urls; kind is "push" or "playback".
func urlParameters(kind string) []function.Parameter {
	return []function.Parameter{
		function.StringParameter{Name: "domain", MarkdownDescription: urlDomainText(kind)},
		function.StringParameter{Name: "app", MarkdownDescription: urlAppText},
		function.StringParameter{Name: "stream", MarkdownDescription: urlStreamText},
		function.StringParameter{Name: "key", MarkdownDescription: urlKeyText(kind), AllowNullValue: true},
		function.StringParameter{Name: "expires", MarkdownDescription: urlExpiresText, AllowNullValue: true},
	}
}

func urlOptionsParameter() function.Parameter {
	return optionsParameter("`{ algorithm = \"sha256\" }`: the algorithm is " + urlAlgorithmText + ".")
}

// urlRequest is the input of push_urls and play_urls.
type urlRequest struct {
	domain, app, stream string
	key, expires        types.String
	algorithm           string // "" for the default
}

// liveURL is what the URLs of one stream are made of.
type liveURL struct {
	domain, app, stream string
	// secret and expires are txSecret and txTime, empty if the URL is not signed.
	secret, expires string
}

// readLiveURL reads and checks the arguments of push_urls and play_urls. ok is false if there is nothing to compute.
func readLiveURL(ctx context.Context, req function.RunRequest, resp *function.RunResponse, kind string) (u liveURL, ok bool) {
	var r urlRequest
	var options tftypes.Value
	if !readArguments(ctx, req, resp, urlParameters(kind), &r.domain, &r.app, &r.stream, &r.key, &r.expires, &options) {
		return u, false
	}
	values, err := readOptions(options, []string{"algorithm"}, nil)
	if err == nil {
		r.algorithm, err = values.text("algorithm")
	}
	if err != nil {
		resp.Error = function.NewArgumentFuncError(urlOptions, err.Error())
		return u, false
	}
	u, at, err := r.url()
	if err != nil {
		resp.Error = function.NewArgumentFuncError(int64(at), err.Error())
		return u, false
	}
	return u, true
}

// url checks the request and signs the URL. An error comes with the position of its parameter and never contains the
// key.
func (r urlRequest) url() (u liveURL, position int, err error) {
	u = liveURL{domain: r.domain, app: r.app, stream: r.stream}
	switch {
	case len(r.domain) > maxDomain || !domainPattern.MatchString(r.domain):
		return u, urlDomain, fmt.Errorf("domain must be a host name such as push.example.com, without a scheme, a port or a path; got %q", r.domain)
	case !urlName(r.app):
		return u, urlApp, fmt.Errorf("app must be an application name such as live: %s; got %q", urlNameRule, r.app)
	case !urlName(r.stream):
		return u, urlStream, fmt.Errorf("stream must be a stream name: %s; got %q", urlNameRule, r.stream)
	case r.algorithm != "" && r.algorithm != algorithmMD5 && r.algorithm != algorithmSHA256:
		return u, urlOptions, fmt.Errorf("algorithm must be %q or %q; got %q", algorithmMD5, algorithmSHA256, r.algorithm)
	}

	// The time is checked even if nothing is signed.
	if !r.expires.IsNull() {
		at, err := time.Parse(time.RFC3339, r.expires.ValueString())
		if err != nil {
			return u, urlExpires, fmt.Errorf("expires must be a date, a time and a zone as in RFC 3339, such as 2030-01-01T00:00:00Z; got %q", r.expires.ValueString())
		}
		if at.Unix() <= 0 {
			return u, urlExpires, fmt.Errorf("expires must be later than 1970, such as 2030-01-01T00:00:00Z; got %q", r.expires.ValueString())
		}
		u.expires = fmt.Sprintf("%X", at.Unix())
	}
	key := r.key.ValueString()
	switch {
	case r.key.IsNull():
		u.expires = ""
		return u, 0, nil
	case key == "":
		return u, urlKey, errors.New("key is empty. Give the authentication key of the domain, or null for URLs without a signature")
	case strings.ContainsFunc(key, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }):
		return u, urlKey, errors.New("key contains white space or an invisible character, such as the line break at the end of a file, and Tencent would refuse what it signs. Remove it, for example with trimspace()")
	case r.expires.IsNull():
		return u, urlExpires, errors.New("expires is required with a key. Give the time at which the signature expires, such as 2030-01-01T00:00:00Z, or null for the key")
	}
	u.secret = txSecret(r.algorithm, key, u.stream, u.expires)
	return u, 0, nil
}

// txSecret signs a URL (267/31560): the hash of key, stream name and txTime, in lower-case hexadecimal.
func txSecret(algorithm, key, stream, txTime string) string {
	signed := []byte(key + stream + txTime)
	if algorithm == algorithmSHA256 {
		sum := sha256.Sum256(signed)
		return hex.EncodeToString(sum[:])
	}
	sum := md5.Sum(signed) //nolint:gosec // G401: Tencent signs its URLs with it.
	return hex.EncodeToString(sum[:])
}

// at returns the URL for a scheme and the suffix of a format (267/38393).
func (u liveURL) at(scheme, suffix string) types.String {
	url := scheme + "://" + u.domain + "/" + u.app + "/" + u.stream + suffix
	if u.secret != "" {
		url += "?txSecret=" + u.secret + "&txTime=" + u.expires
	}
	return types.StringValue(url)
}

// srt returns the SRT URL (267/40102), which carries everything in its stream ID.
func (u liveURL) srt() types.String {
	url := "srt://" + u.domain + ":9000?streamid=#!::h=" + u.domain + ",r=" + u.app + "/" + u.stream
	if u.secret != "" {
		url += ",txSecret=" + u.secret + ",txTime=" + u.expires
	}
	return types.StringValue(url)
}
