// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"crypto/md5" //nolint:gosec // G501: Tencent signs its URLs with it.
	"encoding/hex"
	"fmt"
	"regexp"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// domainPattern is a host name of at least two labels. What it, appPattern and namePattern let through needs no escaping
// anywhere in a URL.
var domainPattern = regexp.MustCompile(`^(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)

var appPattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,255}$`)

const maxDomain = 253

// The positions of the parameters of push_urls and play_urls.
const (
	urlDomain = iota
	urlApp
	urlStream
	urlKey
	urlExpires
)

const urlNotes = "\n\nA domain that is set to sign by SHA-256 does not accept them.\n\nAs `key` is a secret, pass it as a sensitive value: Terraform then treats the result as sensitive too, and does not show it."

// urlParameters are those of push_urls and play_urls; kind is "push" or "playback".
func urlParameters(kind string) []function.Parameter {
	return []function.Parameter{
		function.StringParameter{
			Name:                "domain",
			MarkdownDescription: "The " + kind + " domain, without a scheme, a port or a path.",
		},
		function.StringParameter{
			Name:                "app",
			MarkdownDescription: "The application (`AppName`), usually `live`: letters, digits, underscores, hyphens and dots.",
		},
		function.StringParameter{
			Name:                "stream",
			MarkdownDescription: "The name of the stream: 1 to 80 letters, digits and underscores.",
		},
		function.StringParameter{
			Name:                "key",
			MarkdownDescription: "The authentication key of the " + kind + " domain, its primary or its backup one. Null leaves the URLs unsigned, for a domain without authentication.",
			AllowNullValue:      true,
		},
		function.StringParameter{
			Name:                "expires",
			MarkdownDescription: "When the signature ends, as RFC 3339, such as `2030-01-01T00:00:00Z`. Required with a `key`, without effect when `key` is null.",
			AllowNullValue:      true,
		},
	}
}

// liveURL is what the URLs of one stream are made of.
type liveURL struct {
	domain, app, stream string
	// secret and expires are txSecret and txTime, empty where the URL is not signed.
	secret, expires string
}

// readLiveURL reads and checks the arguments of push_urls and play_urls. An error never holds the key.
func readLiveURL(ctx context.Context, arguments function.ArgumentsData) (liveURL, *function.FuncError) {
	var u liveURL
	var key, expires types.String
	if err := arguments.Get(ctx, &u.domain, &u.app, &u.stream, &key, &expires); err != nil {
		return u, err
	}
	switch {
	case len(u.domain) > maxDomain || !domainPattern.MatchString(u.domain):
		return u, function.NewArgumentFuncError(urlDomain, fmt.Sprintf("%q is no domain. Give a host name such as push.example.com, without a scheme, a port or a path.", u.domain))
	case !appPattern.MatchString(u.app):
		return u, function.NewArgumentFuncError(urlApp, fmt.Sprintf("%q is no application name: it must be 1 to 255 characters long and hold letters, digits, underscores, hyphens and dots only. The usual one is \"live\".", u.app))
	case !namePattern.MatchString(u.stream):
		return u, function.NewArgumentFuncError(urlStream, fmt.Sprintf("%q is no stream name: it %s.", u.stream, nameRule))
	}

	// A time that is given is checked even where nothing is signed.
	if !expires.IsNull() {
		at, err := time.Parse(time.RFC3339, expires.ValueString())
		if err != nil {
			return u, function.NewArgumentFuncError(urlExpires, fmt.Sprintf("%q is no time of RFC 3339. Give a date, a time and a zone, such as 2030-01-01T00:00:00Z.", expires.ValueString()))
		}
		if at.Unix() <= 0 {
			return u, function.NewArgumentFuncError(urlExpires, fmt.Sprintf("%q is before 1970, where the times of a signature begin. Give a time to come, such as 2030-01-01T00:00:00Z.", expires.ValueString()))
		}
		u.expires = fmt.Sprintf("%X", at.Unix())
	}
	switch {
	case key.IsNull():
		u.expires = ""
		return u, nil
	case key.ValueString() == "":
		return u, function.NewArgumentFuncError(urlKey, "the key is empty. Give the authentication key of the domain, or null for URLs without a signature.")
	case expires.IsNull():
		return u, function.NewArgumentFuncError(urlExpires, "there is a key and no time at which its signature ends. Give one, such as 2030-01-01T00:00:00Z, or null for the key.")
	}
	u.secret = txSecret(key.ValueString(), u.stream, u.expires)
	return u, nil
}

// txSecret signs a URL (267/31560): the MD5 of key, stream name and txTime, in lower-case hexadecimal.
func txSecret(key, stream, txTime string) string {
	sum := md5.Sum([]byte(key + stream + txTime)) //nolint:gosec // G401: Tencent signs its URLs with it.
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

// srt returns the URL for SRT (267/40102), which carries everything in its stream ID.
func (u liveURL) srt() types.String {
	url := "srt://" + u.domain + ":9000?streamid=#!::h=" + u.domain + ",r=" + u.app + "/" + u.stream
	if u.secret != "" {
		url += ",txSecret=" + u.secret + ",txTime=" + u.expires
	}
	return types.StringValue(url)
}
