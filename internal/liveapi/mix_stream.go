// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"errors"
	"fmt"
	"time"

	live "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/live/v20180801"
)

const (
	actionCreate = "CreateCommonMixStream"
	actionCancel = "CancelCommonMixStream"
)

// The parameters of a mix are the SDK's own types: a nil field is not sent, and that is what Tencent asks for, as 0 is out
// of range for most numbers and an attribute that a site does not know is an UnknownParameter.
type (
	// MixStream is a whole mix, as each CreateCommonMixStream sends it (267/43404).
	MixStream = live.CreateCommonMixStreamRequestParams
	// MixInput is one input of a mix: 1 to 16 of them.
	MixInput = live.CommonMixInputParam
	// MixLayout places an input: pixels 0–2000 or fractions 0.01–0.99 of the background.
	MixLayout = live.CommonMixLayoutParams
	// MixCrop cuts an input before it is scaled: pixels 0–2000.
	MixCrop = live.CommonMixCropParams
	// MixPortraitSegment mattes an input.
	MixPortraitSegment = live.MixPortraitSegmentParams
	// MixOutput describes the output stream.
	MixOutput = live.CommonMixOutputParams
	// MixControl holds 0/1 switches.
	MixControl = live.CommonMixControlParams
)

// ApplyOptions say how CreateMixStream behaves.
type ApplyOptions struct {
	// WaitForInputs repeats "not ready" answers until the context ends, instead of three times.
	WaitForInputs bool
	// Update tells that the session is one of ours that runs already. It stays with the create that it stems from, which
	// owns it whatever becomes of the call.
	Update bool
}

// CreateMixStream starts a mix or changes the one with the same session ID: the call is an upsert of the whole mix. It
// waits for the distance to an earlier cancel, repeats what may pass, and returns an *Error or a *PacingError.
func (c *Client) CreateMixStream(ctx context.Context, mix MixStream, applied Applied, opts ApplyOptions) error {
	id := *mix.MixStreamSessionId
	one, release, err := c.sessions.acquire(ctx, id)
	if err != nil {
		return stopped(ctx, actionCreate, nil, false)
	}
	defer release()
	if opts.Update && one.generation == "" {
		one.generation = applied.Generation
	}
	if err := c.checkAccount(ctx); err != nil {
		return notWritten(actionCreate, err)
	}
	if err := c.sessions.waitToCreate(ctx, id, one); err != nil {
		return c.pacingFailure(ctx, actionCreate, err)
	}

	req := live.NewCreateCommonMixStreamRequest()
	req.SetHeader(c.header)
	req.MixStreamSessionId = mix.MixStreamSessionId
	req.InputStreamList = mix.InputStreamList
	req.OutputParams = mix.OutputParams
	req.MixStreamTemplateId = mix.MixStreamTemplateId
	req.ControlParams = mix.ControlParams

	_, err = c.do(ctx, request{
		action:        actionCreate,
		session:       id,
		waitForInputs: opts.WaitForInputs,
		signed:        true,
		send: func(ctx context.Context, keys Keys) (string, error) {
			resp, err := c.signedBy(keys).CreateCommonMixStreamWithContext(ctx, req)
			if err != nil {
				return "", err
			}
			if resp.Response == nil {
				return "", errNotAnAnswer
			}
			return answered(resp.Response.RequestId)
		},
	})
	var failed *Error
	if err == nil || errors.As(err, &failed) && failed.Uncertain {
		one.applied, one.cancelled = time.Now(), time.Time{}
		if !opts.Update {
			one.generation = applied.Generation
		}
	}
	return err
}

// Cancelled says how a cancel ended well.
type Cancelled int

const (
	// CancelledNow is a session that was ended by this call.
	CancelledNow Cancelled = iota
	// CancelledBefore is a session that had ended already.
	CancelledBefore
	// CancelledNot is a session that a later create of this process owns; it was left alone.
	CancelledNot
)

// CancelMixStream ends a session. A session that is gone already is a success, and so is one that another create of this
// process has taken over in the meantime (create_before_destroy with an unchanged session ID), which is left running. It
// waits for the distance to the last apply, repeats what may pass, and returns an *Error or a *PacingError.
func (c *Client) CancelMixStream(ctx context.Context, id string, applied Applied) (Cancelled, error) {
	one, release, err := c.sessions.acquire(ctx, id)
	if err != nil {
		return 0, stopped(ctx, actionCancel, nil, false)
	}
	defer release()
	if one.generation != "" && one.generation != applied.Generation {
		return CancelledNot, nil
	}
	return c.cancel(ctx, id, one, applied.At, func(string) {})
}

// CancelAnyMixStream ends a session whoever started it, be it another create of this process. It is CancelMixStream in all
// else. While it takes its time it tells what it waits for and which attempts failed, in its caller's goroutine.
func (c *Client) CancelAnyMixStream(ctx context.Context, id string, tell func(message string)) (Cancelled, error) {
	one, release, err := c.sessions.acquire(ctx, id)
	if err != nil {
		return 0, stopped(ctx, actionCancel, nil, false)
	}
	defer release()
	// A session of somebody else may have been applied as late as just before this process.
	applied, distance := one.applied, c.sessions.pacing.CancelAfterCreate
	if applied.IsZero() {
		applied = c.sessions.started
	}
	if rest := time.Until(applied.Add(distance)); rest > 0 {
		tell(fmt.Sprintf("waiting %s: a session may be cancelled %s after its last change at the earliest", rest.Round(100*time.Millisecond), distance))
	}
	return c.cancel(ctx, id, one, applied, tell)
}

// cancel ends a session whose turn it is.
func (c *Client) cancel(ctx context.Context, id string, one *session, applied time.Time, tell func(message string)) (Cancelled, error) {
	if err := c.checkAccount(ctx); err != nil {
		return 0, notWritten(actionCancel, err)
	}
	if err := c.sessions.waitToCancel(ctx, id, one, applied); err != nil {
		return 0, c.pacingFailure(ctx, actionCancel, err)
	}

	req := live.NewCancelCommonMixStreamRequest()
	req.SetHeader(c.header)
	req.MixStreamSessionId = &id
	attempts, err := c.do(ctx, request{
		action:  actionCancel,
		session: id,
		signed:  true,
		send: c.telling(actionCancel, tell, func(ctx context.Context, keys Keys) (string, error) {
			resp, err := c.signedBy(keys).CancelCommonMixStreamWithContext(ctx, req)
			if err != nil {
				return "", err
			}
			if resp.Response == nil {
				return "", errNotAnAnswer
			}
			return answered(resp.Response.RequestId)
		}),
	})
	var failed *Error
	gone := errors.As(err, &failed) && failed.Kind == Gone
	if err != nil && !gone {
		if failed != nil && failed.Uncertain {
			one.cancelled = time.Now()
		}
		return 0, err
	}
	one.generation, one.applied = "", time.Time{}
	if gone && attempts == 1 {
		// Nothing was cancelled just now, so that there is no distance to keep before the ID is used again.
		return CancelledBefore, nil
	}
	one.cancelled = time.Now()
	if gone {
		return CancelledBefore, nil
	}
	return CancelledNow, nil
}

// telling tells, before each further attempt, how the one before it failed.
func (c *Client) telling(action string, tell func(message string), send func(context.Context, Keys) (string, error)) func(context.Context, Keys) (string, error) {
	attempts, failure := 0, ""
	return func(ctx context.Context, keys Keys) (string, error) {
		if attempts++; failure != "" {
			tell(fmt.Sprintf("attempt %d failed with %s, trying again", attempts-1, failure))
		}
		id, err := send(ctx, keys)
		if err != nil {
			x, _ := ctx.Value(exchangeKey{}).(*exchange) // Each attempt has one.
			failure = c.attemptError(action, err, x).Code
		}
		return id, err
	}
}

// notWritten is the error of a write that was not sent because its account was not allowed or could not be told. An
// outcome of the question that is not known says nothing of the write.
func notWritten(action string, err error) error {
	e := &Error{Operation: action, Kind: Auth}
	var asked *Error
	if errors.As(err, &asked) {
		*e = *asked
	}
	e.Uncertain = false
	if asked == nil {
		e.Cause = err
	}
	return e
}

// pacingFailure tells the end of the context from a distance that does not fit into it.
func (c *Client) pacingFailure(ctx context.Context, action string, err error) error {
	if ctx.Err() != nil {
		return stopped(ctx, action, nil, false)
	}
	return err
}

// errNotAnAnswer is a well-formed reply that the API did not write: a proxy's page that happens to be JSON, for example.
// It proves nothing about the mix.
var errNotAnAnswer = errors.New("the reply is not an answer of the Tencent API: it has no RequestId")

// answered returns the request ID that every answer of the API bears.
func answered(requestID *string) (string, error) {
	if requestID == nil || *requestID == "" {
		return "", errNotAnAnswer
	}
	return *requestID, nil
}
