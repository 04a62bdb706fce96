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
	// uncertain tells that the API may have carried out the call all the same.
	uncertain bool
}

// Whether a call that was answered with a code may have taken effect. certain is a refusal before anything was done.
const (
	certain   = false
	uncertain = true
)

// codeMeanings holds the codes of which a meaning is known. A code that ends with ".*" stands for its whole family: the
// bare code and all below it. An exact code counts before its family.
//
// Sources: the code lists of the four Live calls and of STS (AssumeRole, AssumeRoleWithWebIdentity, GetCallerIdentity),
// and the common codes (267/30765).
var codeMeanings = map[string]meaning{
	"FailedOperation":                          {Transient, uncertain},
	"FailedOperation.CallOtherSvrError":        {Transient, uncertain},
	"FailedOperation.CallOtherSvrFailed":       {Transient, uncertain},
	"FailedOperation.CancelSessionNotExist":    {Gone, certain},
	"FailedOperation.GetPictureUrlError":       {Invalid, certain},
	"FailedOperation.GetStreamResolutionError": {NotReady, certain},
	"FailedOperation.ProcessMixError":          {NotReady, uncertain}, // It does not say how far the start got.
	"FailedOperation.StreamNotExist":           {NotReady, certain},
	"InternalError.*":                          {Transient, uncertain},
	"ResourceUnavailable":                      {Transient, uncertain},
	"ServiceUnavailable":                       {Transient, uncertain},

	"RequestLimitExceeded.*":          {Throttled, certain},
	"LimitExceeded.RateLimitExceeded": {Throttled, certain},

	"InvalidParameter.*":                     {Invalid, certain},
	"InvalidParameter.CancelSessionNotExist": {Gone, certain},
	"InvalidParameterValue.*":                {Invalid, certain},
	"InvalidRequest.*":                       {Invalid, certain},
	"MissingParameter.*":                     {Invalid, certain},
	"UnknownParameter.*":                     {Invalid, certain},
	"RequestSizeLimitExceeded":               {Invalid, certain},
	"ActionOffline":                          {Invalid, certain},
	"InvalidAction":                          {Invalid, certain},
	"NoSuchProduct":                          {Invalid, certain},
	"NoSuchVersion":                          {Invalid, certain},
	"UnsupportedOperation.*":                 {Invalid, certain},
	"UnsupportedProtocol":                    {Invalid, certain},
	"UnsupportedRegion":                      {Invalid, certain},

	"AuthFailure.*":           {Auth, certain},
	"UnauthorizedOperation.*": {Auth, certain},
	"IpInBlacklist":           {Auth, certain},
	"IpNotInWhitelist":        {Auth, certain},

	"LimitExceeded.*":        {Account, certain},
	"ResourceInsufficient.*": {Account, certain},
	"ResourceNotFound.*":     {Account, certain},
}

// innerMeanings holds the codes that the mixing backend leaves in messages (267/45566, 267/54768).
var innerMeanings = map[int]meaning{
	-30300: {Gone, certain}, -31001: {Gone, certain}, -31002: {Gone, certain},
	-505: {NotReady, certain}, -507: {NotReady, certain}, -28: {NotReady, certain},
	-10031: {NotReady, uncertain},
	-1:     {Invalid, certain}, -2: {Invalid, certain}, -3: {Invalid, certain}, -4: {Invalid, certain}, -11: {Invalid, certain}, -20: {Invalid, certain},
	-21: {Invalid, certain}, -29: {Invalid, certain}, -33: {Invalid, certain}, -34: {Invalid, certain}, -41: {Invalid, certain}, -111: {Invalid, certain},
	-300: {Invalid, certain}, -508: {Invalid, certain}, -10021: {Invalid, certain}, -31003: {Invalid, certain}, -31004: {Invalid, certain},
}

// meaningOf says what a code of the API means. A code that is not known to be a refusal leaves open whether Tencent has done
// what it was asked to do. An inner code says more than the code that carries it.
func meaningOf(code string, inner int) meaning {
	if inner != 0 && carriesInnerCode(code) {
		if m, ok := innerMeanings[inner]; ok {
			return m
		}
		if code == "FailedOperation" {
			return meaning{Unknown, uncertain}
		}
		return meaning{Invalid, certain}
	}
	if m, ok := codeMeanings[code]; ok {
		return m
	}
	family, _, _ := strings.Cut(code, ".")
	if m, ok := codeMeanings[family+".*"]; ok {
		return m
	}
	return meaning{Unknown, uncertain}
}

// carriesInnerCode tells whether the API leaves inner codes in the message of this code.
func carriesInnerCode(code string) bool {
	switch code {
	case "InvalidParameter", "InvalidParameter.OtherError", "FailedOperation":
		return true
	}
	return false
}

// innerCodePattern matches both spellings that Tencent documents for leftovers of the older mixing interface:
// "InnerErrCode:[ -41 ]", with or without a space before the colon, and "err_code [ -41 ]".
var innerCodePattern = regexp.MustCompile(`(?:err_code|InnerErrCode)\s*:?\s*\[\s*(-?\d+)\s*\]`)

// innerCode returns the mixing backend's numeric code in a message, 0 where there is none. Source: pages 267/45566 and
// 267/54768 (37665 and 40599 on the international site).
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
