// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Names of the actions of the Live API and of STS that the simulator knows.
const (
	ActionCreate     = "CreateCommonMixStream"
	ActionCancel     = "CancelCommonMixStream"
	ActionState      = "DescribeLiveStreamState"
	ActionOnlineList = "DescribeLiveStreamOnlineList"

	ActionAssumeRole                = "AssumeRole"
	ActionAssumeRoleWithWebIdentity = "AssumeRoleWithWebIdentity"
	ActionCallerIdentity            = "GetCallerIdentity"
)

// ActionMetadata is the name for a request to the metadata service in faults and in the request log.
const ActionMetadata = "metadata"

// ErrorStyle selects the shape of a failure that has an inner (legacy) code. Tencent documents three shapes but not
// when each is used.
type ErrorStyle int

const (
	// DedicatedCodes answers with the API 3.0 code of the failure, such as InvalidParameter.TemplateNotMatchInputNum.
	// The failures -41, -2 and -10021 have none: they are answered as with OtherErrorInner.
	DedicatedCodes ErrorStyle = iota
	// OtherErrorInner answers InvalidParameter.OtherError with "InnerErrCode:[ -41 ],InnerErrMsg: [ ... ]".
	OtherErrorInner
	// InvalidParameterInner answers InvalidParameter with "err_code [ -41 ],msg [ ... ]".
	InvalidParameterInner
)

// Credential is one entry of the table of secret IDs.
type Credential struct {
	// ID and Key are the secret ID and the secret key.
	ID, Key string
	// Token makes the credential a temporary one: a request must carry it in X-TC-Token. A request signed with a
	// credential without a token must not carry that header.
	Token string
	// AccountID is the account (UIN) that it belongs to; empty means the one of the options. It matters only to STS:
	// all accounts see the same streams and sessions.
	AccountID string
}

// Options are the rules of a Server. Start from DefaultOptions; the zero value has no credentials.
type Options struct {
	// Credentials are the secret IDs that may sign.
	Credentials []Credential
	// AccountID is the account (UIN) of credentials without one and of the metadata role; empty means 100000000001.
	AccountID string
	// Roles are the CAM roles that can be assumed, by ARN: qcs::cam::uin/<account>:roleName/<name> or
	// qcs::cam::uin/<account>:role/<ID>. The two forms are not interchangeable.
	Roles map[string]Role
	// WebIdentityProviders are the OIDC providers that AssumeRoleWithWebIdentity knows, by ID, with the tokens that it
	// accepts.
	WebIdentityProviders map[string][]string
	// MetadataRole is the name of the role whose credentials the metadata service issues; "" means none. If Roles has
	// qcs::cam::uin/<AccountID>:roleName/<MetadataRole>, its MaxDuration and Lifetime apply.
	MetadataRole string

	// Errors is the shape of failures that have an inner code.
	Errors ErrorStyle
	// CancelNotExist is the answer to a cancel of an unknown session: FailedOperation.CancelSessionNotExist (the
	// default), InvalidParameter.CancelSessionNotExist, or the inner code -30300, -31001 or -31002, which is answered
	// in the style of Errors (OtherErrorInner if that is DedicatedCodes).
	CancelNotExist string
	// QuotaCode is the code of a call over its quota; empty means RequestLimitExceeded. Tencent documents it only among
	// the common codes, with three codes below it.
	QuotaCode string
	// International makes PortraitSegmentParams, UsePictureTransparent and WebPageUrl undefined, and SerialNumber and
	// TokenCode of AssumeRole, and limits PageSize to 100, as the international site does.
	International bool

	// AnyStreamPushes makes every stream name count as a long-running push, at any domain and path, until it is
	// unpublished or forbidden. Names that are or were a type-1 output still show the state of that output.
	AnyStreamPushes bool
	// PushSettle is how long an input must push before it can be mixed (documented: 5 s). Zero: at once.
	PushSettle time.Duration
	// CancelAfterCreate is the minimum time from a Create to a Cancel (documented: 5 s). If zero, a Cancel that comes
	// sooner than the documented time is counted as a violation but not refused.
	CancelAfterCreate time.Duration
	// ReuseAfterCancel is the minimum time from a Cancel to a Create with the same session ID (documented: 30 s). Zero
	// works as for CancelAfterCreate.
	ReuseAfterCancel time.Duration
	// AutoEnd is how long all inputs must be offline for a session to end by itself (documented: 15 min). Zero: never.
	AutoEnd time.Duration

	// MaxSessionsPerStream is the maximum number of live sessions with the same stream. The Chinese page asks for fewer
	// than 20, so the default is 19; the English page allows 20. Zero: unlimited.
	MaxSessionsPerStream int
	// Watermarks are the picture IDs that exist; nil: every positive one does.
	Watermarks []int64
	// OutputDomain is the push domain shown for a type-1 output; empty means that of its lowest-layer real input.
	OutputDomain string
	// AllowMissingLayerOne accepts a list of inputs without layer 1. Tencent's answer to that is not documented.
	AllowMissingLayerOne bool
	// AllowEdgeFractions accepts sizes and positions inside (0, 0.01) and (0.99, 1), which no page defines.
	AllowEdgeFractions bool
	// RefuseRepeatedInputs refuses a real stream that is listed twice in one session. No page says whether it may be.
	RefuseRepeatedInputs bool

	// Quota is the number of calls per second by action; missing or 0: unlimited.
	Quota map[string]int
	// History is how many requests, ended sessions, violations and issued credentials are each remembered: 0 means
	// 10,000, a negative number all.
	History int
	// TimeScale is how many times faster than real time simulated time passes; 0 means 1. It does not change Latency,
	// delays of faults or the clock that checks signatures.
	TimeScale float64
	// Latency is added to each call.
	Latency time.Duration
	// AllowRemote lets Start listen on an address that is not a loopback one.
	AllowRemote bool
	// OnRequest, if set, is called once for each API or metadata request after its answer. Calls may be concurrent.
	OnRequest func(Request)
}

// The documented times (pages 267/45566 and 267/44917 of Tencent's documentation).
const (
	documentedPushSettle        = 5 * time.Second
	documentedCancelAfterCreate = 5 * time.Second
	documentedReuseAfterCancel  = 30 * time.Second
	documentedAutoEnd           = 15 * time.Minute
)

// DefaultOptions returns the documented rules, with the one credential AKIDsimulator / simulator-secret-key.
func DefaultOptions() Options {
	return Options{
		Credentials:          []Credential{{ID: "AKIDsimulator", Key: "simulator-secret-key"}},
		Errors:               DedicatedCodes,
		CancelNotExist:       codeCancelNotExist,
		PushSettle:           documentedPushSettle,
		CancelAfterCreate:    documentedCancelAfterCreate,
		ReuseAfterCancel:     documentedReuseAfterCancel,
		AutoEnd:              documentedAutoEnd,
		MaxSessionsPerStream: 19,
		AccountID:            defaultAccountID,
		Quota: map[string]int{
			ActionCreate: 200, ActionCancel: 100, ActionState: 300, ActionOnlineList: 100,
			ActionAssumeRole: 600, ActionAssumeRoleWithWebIdentity: 20, ActionCallerIdentity: 20,
		},
	}
}

// check validates the options.
func (o Options) check() error {
	switch o.CancelNotExist {
	case "", codeCancelNotExist, "InvalidParameter.CancelSessionNotExist", "-30300", "-31001", "-31002":
	default:
		return fmt.Errorf("livesim: CancelNotExist %q is not one of the documented answers", o.CancelNotExist)
	}
	if o.Errors < DedicatedCodes || o.Errors > InvalidParameterInner {
		return fmt.Errorf("livesim: unknown error style %d", o.Errors)
	}
	for _, d := range []time.Duration{o.PushSettle, o.CancelAfterCreate, o.ReuseAfterCancel, o.AutoEnd, o.Latency} {
		if d < 0 {
			return fmt.Errorf("livesim: negative duration %s", d)
		}
	}
	if o.TimeScale != 0 && !(o.TimeScale >= minTimeScale && o.TimeScale <= maxTimeScale) {
		return fmt.Errorf("livesim: the time scale %v is not from %v to %v", o.TimeScale, minTimeScale, maxTimeScale)
	}
	for action, n := range o.Quota {
		if n < 0 {
			return fmt.Errorf("livesim: negative quota for %s", action)
		}
	}
	seen := make(map[string]bool)
	for _, c := range o.Credentials {
		if c.ID == "" || c.Key == "" || seen[c.ID] {
			return fmt.Errorf("livesim: credential %q is incomplete or given twice", c.ID)
		}
		seen[c.ID] = true
	}
	return o.checkAccounts()
}

// clone returns a copy that shares nothing with the caller's value.
func (o Options) clone() Options {
	o.Credentials = slices.Clone(o.Credentials)
	o.Watermarks = slices.Clone(o.Watermarks)
	o.Quota = maps.Clone(o.Quota)
	o.Roles = cloneRoles(o.Roles)
	o.WebIdentityProviders = cloneProviders(o.WebIdentityProviders)
	return o
}
