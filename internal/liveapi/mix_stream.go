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

// The parameters of a mix are the SDK's own types. A nil field is not sent, as Tencent requires: 0 is out of range for
// most numbers, and an attribute that a site does not support is an UnknownParameter.
type (
	// MixStream is a whole mix, as each CreateCommonMixStream sends it (267/43404).
	MixStream = live.CreateCommonMixStreamRequestParams
	// MixInput is one input of a mix: 1 to 16 of them.
	MixInput = live.CommonMixInputParam
	// MixLayout places an input: pixels 0–2000 or fractions 0.01–0.99 of the background.
	MixLayout = live.CommonMixLayoutParams
	// MixCrop cuts an input before it is scaled: pixels 0–2000.
	MixCrop = live.CommonMixCropParams
	// MixPortraitSegment configures the matting of an input.
	MixPortraitSegment = live.MixPortraitSegmentParams
	// MixOutput describes the output stream.
	MixOutput = live.CommonMixOutputParams
	// MixControl holds 0/1 switches.
	MixControl = live.CommonMixControlParams
)

// Apply says on whose behalf and how a mix is applied.
type Apply struct {
	// Last is what the resource remembers of its last apply; NewLastApply for a new session.
	Last LastApply
	// Update reports whether the session already belongs to this resource and runs. The resource keeps it whatever the
	// outcome of the call.
	Update bool
	// MayTakeOver reports whether a create may take the session from the resource with this generation, which this
	// client applied before. Nil allows it.
	MayTakeOver func(generation string) bool
	// WaitForInputs retries "not ready" answers until the context ends, instead of three times.
	WaitForInputs bool
}

// SharedSessionError is a create for a session that belongs to another resource of this run. No call was made.
type SharedSessionError struct {
	// Session is the session's ID.
	Session string
}

// Error names the session.
func (e *SharedSessionError) Error() string {
	return fmt.Sprintf("the session %q was started by another resource in this run", e.Session)
}

// ApplyMixStream starts a mix or changes the one with the same session ID: CreateCommonMixStream is an upsert of the
// whole mix. It waits for the minimum interval after an earlier cancel and retries transient failures. It returns what
// the resource must remember, whether the call succeeded or not. Errors are of type *Error; the cause may be a
// *PacingError or a *SharedSessionError.
func (c *Client) ApplyMixStream(ctx context.Context, mix MixStream, a Apply) (LastApply, error) {
	id, last := *mix.MixStreamSessionId, a.Last
	s, release, err := c.sessions.acquire(ctx, id)
	if err != nil {
		return last, stopped(ctx, actionCreate, nil, false)
	}
	defer release()
	switch {
	case a.Update:
		s.owner = last.Generation
	case s.owner != "" && s.owner != last.Generation && a.MayTakeOver != nil && !a.MayTakeOver(s.owner):
		return last, notSent(actionCreate, KindInvalid, &SharedSessionError{Session: id})
	}
	if last.CancelledAt.After(s.cancelled) {
		s.cancelled = last.CancelledAt
	}
	if err := c.checkAccount(ctx); err != nil {
		return last, notWritten(actionCreate, err)
	}
	if err := c.sessions.waitToCreate(ctx, id, s); err != nil {
		return last, c.pacingFailure(ctx, actionCreate, err)
	}

	req := live.NewCreateCommonMixStreamRequest()
	req.SetHeader(c.header)
	req.MixStreamSessionId = mix.MixStreamSessionId
	req.InputStreamList = mix.InputStreamList
	req.OutputParams = mix.OutputParams
	req.MixStreamTemplateId = mix.MixStreamTemplateId
	req.ControlParams = mix.ControlParams

	err = c.do(ctx, request{
		action:        actionCreate,
		session:       id,
		waitForInputs: a.WaitForInputs,
		signed:        true,
		send: func(ctx context.Context, keys Keys) error {
			_, err := c.signedBy(keys).CreateCommonMixStreamWithContext(ctx, req)
			return err
		},
	})
	var failed *Error
	uncertain := errors.As(err, &failed) && failed.Uncertain
	if err == nil || uncertain {
		now := time.Now()
		s.applied, s.cancelled, s.owner = now, time.Time{}, last.Generation
		last.At, last.CancelledAt, last.Uncertain = now.UTC(), time.Time{}, uncertain
		last.Site, last.Key = c.site, c.key
	}
	return last, err
}

// OwnMixStream makes a resource the owner of its session without a call, so that the destroy of another resource with
// the same session ID leaves it alone. It reports whether the session still runs as far as this client knows: it does
// not if such a destroy came first.
func (c *Client) OwnMixStream(ctx context.Context, id string, last LastApply) (running bool, err error) {
	s, release, err := c.sessions.acquire(ctx, id)
	if err != nil {
		return false, stopped(ctx, actionCreate, nil, false)
	}
	defer release()
	s.owner = last.Generation
	return s.cancelled.IsZero(), nil
}

// CancelOutcome says how a successful cancel ended.
type CancelOutcome int

const (
	// OutcomeCancelled means that this call ended the session.
	OutcomeCancelled CancelOutcome = iota
	// OutcomeNotFound means that the session did not exist when Tencent first answered.
	OutcomeNotFound
	// OutcomeSkipped means that another resource of this run owns the session. No call was made.
	OutcomeSkipped
)

// CancelMixStream ends a session. It succeeds if the session no longer exists, and also if another resource of this run
// has taken it over (create_before_destroy with an unchanged session ID, for example), in which case it keeps running.
// It waits for the minimum interval after the last apply and retries transient failures. It returns what the resource
// must remember if it stays, and an *Error.
func (c *Client) CancelMixStream(ctx context.Context, id string, last LastApply) (CancelOutcome, LastApply, error) {
	s, release, err := c.sessions.acquire(ctx, id)
	if err != nil {
		// The call in flight may be the cancel of another resource.
		last.CancelledAt, last.Uncertain = time.Now().UTC(), true
		return 0, last, stopped(ctx, actionCancel, nil, false)
	}
	defer release()
	if s.owner != "" && s.owner != last.Generation {
		return OutcomeSkipped, last, nil
	}
	outcome, err := c.cancel(ctx, id, s, last.At, func(string) {})
	if err != nil {
		// The resource stays, and the session with it: from here on, the destroy of another resource leaves it alone.
		s.owner = last.Generation
		if !s.cancelled.IsZero() {
			last.CancelledAt, last.Uncertain = s.cancelled.UTC(), true
		}
	}
	if outcome == OutcomeNotFound && last.CancelledAt.After(s.cancelled) {
		// The cancel whose answer got lost has ended it.
		s.cancelled = last.CancelledAt
	}
	return outcome, last, err
}

// CancelAnyMixStream ends a session no matter who started it, and otherwise acts like CancelMixStream. While it runs it
// reports, in the caller's goroutine, what it waits for and which attempts failed.
func (c *Client) CancelAnyMixStream(ctx context.Context, id string, tell func(message string)) (CancelOutcome, error) {
	s, release, err := c.sessions.acquire(ctx, id)
	if err != nil {
		return 0, stopped(ctx, actionCancel, nil, false)
	}
	defer release()
	// Another process may have applied the session at any moment up to the start of this one.
	last, interval := s.applied, c.sessions.pacing.CancelAfterCreate
	if last.IsZero() {
		last = c.sessions.started
	}
	if wait := time.Until(last.Add(interval)); wait > 0 {
		tell(fmt.Sprintf("waiting %s: a session may be cancelled %s after its last change at the earliest", wait.Round(100*time.Millisecond), interval))
	}
	return c.cancel(ctx, id, s, last, tell)
}

// cancel ends a session that the caller has acquired.
func (c *Client) cancel(ctx context.Context, id string, s *session, last time.Time, tell func(message string)) (CancelOutcome, error) {
	if err := c.checkAccount(ctx); err != nil {
		return 0, notWritten(actionCancel, err)
	}
	if err := c.sessions.waitToCancel(ctx, id, s, last); err != nil {
		return 0, c.pacingFailure(ctx, actionCancel, err)
	}

	req := live.NewCancelCommonMixStreamRequest()
	req.SetHeader(c.header)
	req.MixStreamSessionId = &id
	err := c.do(ctx, request{
		action:  actionCancel,
		session: id,
		signed:  true,
		send: func(ctx context.Context, keys Keys) error {
			_, err := c.signedBy(keys).CancelCommonMixStreamWithContext(ctx, req)
			return err
		},
		retrying: func(attempt int, failed *Error) {
			tell(fmt.Sprintf("attempt %d failed with %s, trying again", attempt, failed.Code))
		},
	})
	var failed *Error
	gone := errors.As(err, &failed) && failed.Kind == KindNotFound
	if err != nil && !gone {
		if failed != nil && failed.Uncertain {
			s.cancelled = time.Now()
		}
		return 0, err
	}
	s.owner, s.applied = "", time.Time{}
	if gone && !failed.Uncertain {
		// No session was cancelled just now, so the ID may be reused at once.
		return OutcomeNotFound, nil
	}
	s.cancelled = time.Now()
	return OutcomeCancelled, nil
}

// notWritten returns the error of a write that was not sent because its account was not allowed or could not be
// determined. That check may have an unknown outcome; the write does not.
func notWritten(action string, err error) error {
	var checkErr *Error
	if !errors.As(err, &checkErr) {
		return notSent(action, KindAuth, err)
	}
	e := *checkErr
	e.Uncertain = false
	return &e
}

// pacingFailure distinguishes a context that has ended from a wait that exceeds its deadline.
func (c *Client) pacingFailure(ctx context.Context, action string, err error) error {
	if ctx.Err() != nil {
		return stopped(ctx, action, nil, false)
	}
	return notSent(action, KindTooSoon, err)
}
