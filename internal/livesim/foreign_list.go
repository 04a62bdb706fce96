// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// foreignHost is where redirects lead. The name cannot be resolved.
const foreignHost = "portal.invalid"

// Sizes of answers that are too large.
const (
	oversize = 1<<20 + 1
	hugeSize = 1 << 30
)

// ForeignFaults returns every kind of answer that Tencent's API does not give: faults for one call, before its effect,
// that are complete except for Action, Times and After. None of them proves anything about the call, so each may strike
// before or after the effect. "huge" and "gzip-bomb" are 1 GiB; see Answer.Size.
func ForeignFaults() []Fault {
	faults := make([]Fault, 0, 100)
	for _, f := range foreignAnswers() {
		faults = append(faults, Fault{Foreign: f.name})
	}
	return faults
}

func foreignAnswer(name string) *Answer {
	all := foreignAnswers()
	if i := slices.IndexFunc(all, func(f namedAnswer) bool { return f.name == name }); i >= 0 {
		return all[i].answer
	}
	return nil
}

type namedAnswer struct {
	name   string
	answer *Answer
}

func foreignAnswers() []namedAnswer {
	all := foreignStatuses()
	add := func(name string, a Answer) { all = append(all, namedAnswer{name, &a}) }
	body := func(name, text string) { add(name, Answer{ContentType: jsonType, Body: text}) }
	const success = `{"Response":{"RequestId":"{{RequestId}}"}}`

	add("html", Answer{Body: "<html><head><title>Sign in to the network</title></head><body>Welcome</body></html>\n"})
	add("echo", Answer{Status: http.StatusBadGateway, Echo: true})
	add("echo-ok", Answer{Echo: true})
	add("redirect-https", Answer{Status: http.StatusFound, Header: map[string]string{"Location": "https://" + foreignHost + "/"}})
	add("redirect-nowhere", Answer{Status: http.StatusFound})
	add("gateway-502", Answer{Status: http.StatusBadGateway, ContentType: jsonType, Body: `{"message":"no upstream"}`})
	add("api-403", Answer{Status: http.StatusForbidden, ContentType: jsonType, Body: apiError("UnauthorizedOperation", "not by Tencent")})
	add("api-500", Answer{Status: http.StatusInternalServerError, ContentType: jsonType, Body: success})
	add("text", Answer{ContentType: "text/plain", Body: "upstream connect error or disconnect/reset before headers"})

	body("empty", "")
	body("null", "null")
	body("list", "[]")
	body("object", "{}")
	body("number", "0")
	body("string", `"ok"`)
	body("gateway", `{"code":504,"message":"upstream request timeout"}`)
	body("legacy", `{"code":4000,"message":"internal error","codeDesc":"InternalError"}`)
	body("response-null", `{"Response":null}`)
	body("response-list", `{"Response":[]}`)
	body("response-string", `{"Response":"ok"}`)
	body("response-empty", `{"Response":{}}`)
	body("request-id-empty", `{"Response":{"RequestId":""}}`)
	body("request-id-null", `{"Response":{"RequestId":null}}`)
	body("request-id-number", `{"Response":{"RequestId":7}}`)
	body("twice", success+success)
	body("half", success[:len(success)-2])
	body("error-no-request-id", `{"Response":{"Error":{"Code":"InvalidParameter","Message":"not by Tencent"}}}`)
	body("error-string", `{"Response":{"Error":"InvalidParameter","RequestId":"{{RequestId}}"}}`)
	body("error-list", `{"Response":{"Error":[],"RequestId":"{{RequestId}}"}}`)
	body("error-empty", `{"Response":{"Error":{},"RequestId":"{{RequestId}}"}}`)
	body("error-code-empty", apiError("", "no code"))
	body("error-code-number", `{"Response":{"Error":{"Code":5,"Message":"a number"},"RequestId":"{{RequestId}}"}}`)
	body("error-unknown", apiError("SomethingNew", "a code that nobody knows"))
	body("error-unknown-inner", apiError("FailedOperation.SomethingNew", "an inner code that nobody knows"))
	body("error-inner-number", apiError("FailedOperation", "InnerErrCode:[ -99999 ],InnerErrMsg: [ unknown ]"))

	// The client decodes the escapes. What cannot be escaped is sent raw: invalid UTF-8, which JSON parsers replace,
	// and control characters, which they refuse.
	body("hostile-message", apiError("FailedOperation.Hostile", hostileJSON))
	body("hostile-code", apiError("FailedOperation."+hostileJSON, "the code is hostile"))
	body("hostile-request-id", `{"Response":{"Error":{"Code":"FailedOperation.Hostile","Message":"the request ID is hostile"},"RequestId":"`+hostileJSON+`"}}`)
	body("hostile-raw", apiError("FailedOperation.Hostile", "\x1b[31m\x9b31m \xff\xfe \u202e\u2066 \x07"))
	body("hostile-utf8", apiError("FailedOperation.Hostile", "\xff\xfe \u202e\u2066 \xc0\xaf \xed\xa0\x80"))
	body("hostile-long", apiError("FailedOperation.Hostile", strings.Repeat("long ", 2000)))
	add("hostile-html", Answer{Status: http.StatusNotFound, Body: "<html><head><title>\x1b]0;owned\x07\u202enot found \xff" +
		strings.Repeat(" and so on", 200) + "</title></head></html>"})
	add("hostile-type", Answer{Status: http.StatusNotFound, ContentType: "text/\u202ehtml; x=\u2066\xff" + strings.Repeat("x", 2000), Body: "x"})

	add("mangled", Answer{ContentType: jsonType, Mangled: true})
	add("cut-body", Answer{ContentType: jsonType, Body: success, Cut: true})
	add("cut-html", Answer{Status: http.StatusBadGateway, Body: "<html><head><title>Bad Gate", Cut: true})
	add("gzip", Answer{ContentType: "text/html", Body: "<html><title>packed</title></html>", Gzip: true})
	add("gzip-broken", Answer{ContentType: jsonType, Header: map[string]string{"Content-Encoding": "gzip"}, Body: success})
	add("oversize", Answer{ContentType: jsonType, Body: success, Size: oversize})
	add("oversize-gzip", Answer{ContentType: jsonType, Body: success, Size: oversize, Gzip: true})
	add("huge", Answer{ContentType: jsonType, Body: success, Size: hugeSize})
	add("gzip-bomb", Answer{ContentType: jsonType, Body: success, Size: hugeSize, Gzip: true})
	return all
}

// foreignStatuses returns each status that something between client and API is known to send, named by its number.
func foreignStatuses() []namedAnswer {
	statuses := []int{
		201, 202, 203, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308,
		400, 401, 402, 403, 404, 405, 407, 408, 409, 410, 411, 413, 415, 417, 418, 421, 425, 426, 429, 431, 451, 499,
		500, 501, 502, 503, 504, 505, 507, 511, 520, 522, 524, 530, 599,
	}
	all := make([]namedAnswer, 0, len(statuses))
	for _, status := range statuses {
		all = append(all, namedAnswer{fmt.Sprintf("status-%d", status), statusAnswer(status)})
	}
	return all
}

// hostileJSON is text for a JSON string that controls a terminal and misleads a reader.
const hostileJSON = `\u001b[2J\u001b]0;owned\u0007\u009b31m\r\n\t\u0000\u202e\u2066\u200f\ufeff\ud800`

// apiError returns an error in the shape of the API's. Neither argument is escaped.
func apiError(code, message string) string {
	return `{"Response":{"Error":{"Code":"` + code + `","Message":"` + message + `"},"RequestId":"{{RequestId}}"}}`
}
