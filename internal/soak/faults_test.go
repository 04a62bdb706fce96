// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// soakFaults is everything that the simulator can do wrong. No fault lies: what is refused for good did not take effect.
// The weight scales all probabilities.
func soakFaults(rng *rand.Rand, weight float64) []livesim.RandomFault {
	var faults []livesim.RandomFault
	add := func(probability float64, f livesim.Fault) {
		faults = append(faults, livesim.RandomFault{Fault: f, Probability: probability * weight})
	}
	// A message that quotes a secret must not bring it into a diagnostic.
	const text = "the key " + soakKey + " and the token " + soakToken
	refusals := func(probability float64, action string, after bool, codes ...string) {
		for _, code := range codes {
			message := text
			if code == codeInner {
				message = "InnerErrCode:[ -10031 ],InnerErrMsg: [ " + text + " ]"
			}
			add(probability, livesim.Fault{Action: action, Error: &livesim.APIError{Code: code, Message: message}, After: after})
		}
	}
	passing := []string{"InternalError", "InternalError.CallOtherSvrError", "FailedOperation", "FailedOperation.CallOtherSvrError", "ServiceUnavailable", "ResourceUnavailable"}
	for _, after := range []bool{false, true} {
		refusals(0.006, "", after, passing...)
		refusals(0.004, livesim.ActionCreate, after, "FailedOperation.ProcessMixError", codeInner)
		for _, status := range []int{500, 502, 503, 504} {
			add(0.004, livesim.Fault{Status: status, After: after})
		}
		add(0.02, livesim.Fault{Delay: time.Duration(1+rng.IntN(300)) * time.Millisecond, After: after})
		add(0.01, livesim.Fault{Hang: true, After: after})
		add(0.03, livesim.Fault{Cut: true, After: after})
		add(0.01, livesim.Fault{Cut: true, Delay: 50 * time.Millisecond, After: after})
		add(0.015, livesim.Fault{NotJSON: true, After: after})
	}
	for _, f := range livesim.ForeignFaults() {
		if f.Foreign == "huge" || f.Foreign == "gzip-bomb" {
			continue // What they show takes a second of the machine each time.
		}
		for _, after := range []bool{false, true} {
			f.After = after
			add(0.0006, f)
		}
	}
	add(0.03, livesim.Fault{Truncate: true})
	add(0.004, livesim.Fault{Status: 429})
	add(0.002, livesim.Fault{Status: 403})
	add(0.002, livesim.Fault{Status: 400})
	refusals(0.004, "", false, "RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded", "LimitExceeded.RateLimitExceeded")
	refusals(0.003, livesim.ActionCreate, false, "FailedOperation.StreamNotExist", "FailedOperation.GetStreamResolutionError")
	refusals(0.003, "", false, "ResourceNotFound.ForbidService", "AuthFailure.SecretIdNotFound", "UnauthorizedOperation", "InvalidParameter", "UnknownParameter", "UnsupportedOperation")
	return faults
}

const codeInner = "InvalidParameter.OtherError"

// What an answer means to a client, by the lists of the documentation.
const (
	answerSuccess   = "success"
	answerTransient = "transient"
	answerNotReady  = "not ready"
	answerFinal     = "final"
	answerForeign   = "foreign" // Not one of Tencent's, and may be otherwise next time.
	answerNone      = "none"    // The client did not see one.
)

// answerOf reads an entry of the request log as its client saw it.
func answerOf(r livesim.Request) string {
	fault := strings.TrimSuffix(r.Fault, "-after")
	if strings.HasPrefix(fault, "foreign:") {
		switch {
		case r.Status == 0, r.Status == 200, r.Status >= 500, slices.Contains([]int{408, 409, 425, 429, 499}, r.Status):
			return answerForeign
		}
		return answerFinal
	}
	switch {
	case !r.Done || r.Status == 0 && fault != "cut":
		return answerNone
	case fault == "cut" || fault == "truncate" || fault == "not-json" || r.Status == 429 || r.Status >= 500:
		return answerTransient
	case r.Status != 200:
		return answerFinal
	case r.Code == "":
		return answerSuccess
	}
	if r.Code == "InvalidParameter" || r.Code == codeInner || r.Code == "FailedOperation" {
		for _, inner := range []int{-505, -507, -28, -10031} {
			if strings.Contains(r.Message, fmt.Sprintf("[ %d ]", inner)) {
				return answerNotReady
			}
		}
		if strings.Contains(r.Message, "[ -") {
			return answerFinal
		}
	}
	switch r.Code {
	case "FailedOperation.StreamNotExist", "FailedOperation.GetStreamResolutionError", "FailedOperation.ProcessMixError":
		return answerNotReady
	case "FailedOperation", "FailedOperation.CallOtherSvrError", "FailedOperation.CallOtherSvrFailed",
		"ServiceUnavailable", "ResourceUnavailable", "LimitExceeded.RateLimitExceeded":
		return answerTransient
	}
	switch prefix, _, _ := strings.Cut(r.Code, "."); prefix {
	case "InternalError", "RequestLimitExceeded":
		return answerTransient
	}
	return answerFinal
}
