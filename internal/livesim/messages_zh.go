// SPDX-License-Identifier: MPL-2.0

package livesim

import "strings"

// languageChinese is the value of X-TC-Language that selects Chinese messages.
const languageChinese = "zh-CN"

// chinese returns the message of a common error in Chinese, as documented (page 213/30435), followed by the simulator's
// detail. Messages of the Live API with an inner code are English in either language.
func chinese(code, detail string) string {
	texts := map[string]string{
		"AuthFailure.InvalidAuthorization": "请求头部的 Authorization 不符合腾讯云标准。",
		"AuthFailure.SecretIdNotFound":     "密钥不存在。请在控制台检查密钥是否已被删除或者禁用。",
		"AuthFailure.SignatureExpire":      "签名过期。Timestamp 和服务器时间相差不得超过五分钟。",
		"AuthFailure.SignatureFailure":     "签名错误。签名计算错误，请检查签名计算过程。",
		"AuthFailure.TokenFailure":         "token 错误。",
		"FailedOperation":                  "操作失败。",
		"InternalError":                    "内部错误。",
		"InvalidAction":                    "接口不存在。",
		"InvalidParameter":                 "参数错误（包括参数格式、类型等错误）。",
		"InvalidParameterValue":            "参数取值错误。",
		"InvalidRequest":                   "请求 body 的 multipart 或 json 格式错误。",
		"MissingParameter":                 "缺少参数。",
		"NoSuchVersion":                    "接口版本不存在。",
		"RequestLimitExceeded":             "请求的次数超过了频率限制。",
		"RequestSizeLimitExceeded":         "请求包超过限制大小。",
		"ResourceNotFound":                 "资源不存在。",
		"UnauthorizedOperation":            "未授权操作。",
		"UnknownParameter":                 "未知参数错误，用户多传未定义的参数会导致错误。",
		"UnsupportedProtocol":              "http(s) 请求协议错误，只支持 GET 和 POST 请求。",
	}
	text, ok := texts[code]
	if !ok {
		family, _, _ := strings.Cut(code, ".")
		text, ok = texts[family]
	}
	if !ok {
		return detail
	}
	return text + "（" + detail + "）"
}
