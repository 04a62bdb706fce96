// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"regexp"
	"strconv"
	"strings"
)

// meaning is what a refusal of the API means for the caller.
type meaning struct {
	kind Kind
	// uncertain reports whether the API may have carried out the call anyway.
	uncertain bool
}

// Whether a call that was answered with a code may have taken effect: certain means that it was refused before anything
// was done.
const (
	certain   = false
	uncertain = true
)

// codeMeanings holds the known error codes. A code that ends with ".*" means its whole family: the bare code and all
// codes below it. An exact code takes precedence over its family.
//
// Sources: the code lists of the four Live calls and of STS (AssumeRole, AssumeRoleWithWebIdentity, GetCallerIdentity),
// and the common codes (267/30765).
var codeMeanings = map[string]meaning{
	"FailedOperation":                          {KindTransient, uncertain},
	"FailedOperation.CallOtherSvrError":        {KindTransient, uncertain},
	"FailedOperation.CallOtherSvrFailed":       {KindTransient, uncertain},
	"FailedOperation.CancelSessionNotExist":    {KindNotFound, certain},
	"FailedOperation.GetPictureUrlError":       {KindInvalid, certain},
	"FailedOperation.GetStreamResolutionError": {KindNotReady, certain},
	"FailedOperation.ProcessMixError":          {KindNotReady, uncertain}, // The code does not say how far the start got.
	"FailedOperation.StreamNotExist":           {KindNotReady, certain},
	"InternalError.*":                          {KindTransient, uncertain},
	"ResourceUnavailable":                      {KindTransient, uncertain},
	"ServiceUnavailable":                       {KindTransient, uncertain},

	"RequestLimitExceeded.*":          {KindThrottled, certain},
	"LimitExceeded.RateLimitExceeded": {KindThrottled, certain},

	"InvalidParameter.*":                     {KindInvalid, certain},
	"InvalidParameter.CancelSessionNotExist": {KindNotFound, certain},
	"InvalidParameterValue.*":                {KindInvalid, certain},
	"InvalidRequest.*":                       {KindInvalid, certain},
	"MissingParameter.*":                     {KindInvalid, certain},
	"UnknownParameter.*":                     {KindInvalid, certain},
	"RequestSizeLimitExceeded":               {KindInvalid, certain},
	"ActionOffline":                          {KindInvalid, certain},
	"InvalidAction":                          {KindInvalid, certain},
	"NoSuchProduct":                          {KindInvalid, certain},
	"NoSuchVersion":                          {KindInvalid, certain},
	"UnsupportedOperation.*":                 {KindInvalid, certain},
	"UnsupportedProtocol":                    {KindInvalid, certain},
	"UnsupportedRegion":                      {KindInvalid, certain},

	"AuthFailure.*":           {KindAuth, certain},
	"UnauthorizedOperation.*": {KindAuth, certain},
	"IpInBlacklist":           {KindAuth, certain},
	"IpNotInWhitelist":        {KindAuth, certain},

	"LimitExceeded.*":        {KindAccount, certain},
	"ResourceInsufficient.*": {KindAccount, certain},
	"ResourceNotFound.*":     {KindAccount, certain},
}

// innerMeanings holds the codes that the mixing backend leaves in messages (267/45566, 267/54768).
var innerMeanings = map[int]meaning{
	-30300: {KindNotFound, certain}, -31001: {KindNotFound, certain}, -31002: {KindNotFound, certain},
	-505: {KindNotReady, certain}, -507: {KindNotReady, certain}, -28: {KindNotReady, certain},
	-10031: {KindNotReady, uncertain},
	-1:     {KindInvalid, certain}, -2: {KindInvalid, certain}, -3: {KindInvalid, certain}, -4: {KindInvalid, certain}, -11: {KindInvalid, certain}, -20: {KindInvalid, certain},
	-21: {KindInvalid, certain}, -29: {KindInvalid, certain}, -33: {KindInvalid, certain}, -34: {KindInvalid, certain}, -41: {KindInvalid, certain}, -111: {KindInvalid, certain},
	-300: {KindInvalid, certain}, -508: {KindInvalid, certain}, -10021: {KindInvalid, certain}, -31003: {KindInvalid, certain}, -31004: {KindInvalid, certain},
}

// meaningOf returns the meaning of an API error code. An unknown code leaves open whether Tencent has carried out the
// call. An inner code says more than the code that carries it.
func meaningOf(code string, inner int) meaning {
	if inner != 0 && carriesInnerCode(code) {
		if m, ok := innerMeanings[inner]; ok {
			return m
		}
		if code == "FailedOperation" {
			return meaning{KindUnknown, uncertain}
		}
		return meaning{KindInvalid, certain}
	}
	if m, ok := codeMeanings[code]; ok {
		return m
	}
	family, _, _ := strings.Cut(code, ".")
	if m, ok := codeMeanings[family+".*"]; ok {
		return m
	}
	return meaning{KindUnknown, uncertain}
}

// carriesInnerCode reports whether the API puts inner codes into the message of this code.
func carriesInnerCode(code string) bool {
	switch code {
	case "InvalidParameter", "InvalidParameter.OtherError", "FailedOperation":
		return true
	}
	return false
}

// innerCodePattern matches both documented spellings of codes from the older mixing interface: "InnerErrCode:[ -41 ]",
// with or without a space before the colon, and "err_code [ -41 ]".
var innerCodePattern = regexp.MustCompile(`(?:err_code|InnerErrCode)\s*:?\s*\[\s*(-?\d+)\s*\]`)

// innerCode returns the mixing backend's numeric code from a message, or 0 if there is none. Source: pages 267/45566
// and 267/54768 (37665 and 40599 on the international site).
func innerCode(message string) int {
	m := innerCodePattern.FindStringSubmatch(message)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}
