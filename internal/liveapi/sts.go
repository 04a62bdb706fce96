// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
)

const (
	stsService = "sts"
	stsVersion = "2018-08-13"

	actionAssumeRole     = "AssumeRole"
	actionWebIdentity    = "AssumeRoleWithWebIdentity"
	actionCallerIdentity = "GetCallerIdentity"

	// defaultSTSRegion is named where the configuration names none: STS wants one, and answers the same in each.
	defaultSTSRegion = "ap-guangzhou"

	// metadataTimeout bounds a question to the metadata service: outside of a CVM nothing answers.
	metadataTimeout = 2 * time.Second
	metadataPath    = "/latest/meta-data/cam/security-credentials/"
)

// issuedCredentials is the answer of both ways to assume a role.
type issuedCredentials struct {
	Credentials struct {
		Token, TmpSecretID, TmpSecretKey string
	}
	ExpiredTime int64
}

func (i issuedCredentials) keys() (Keys, error) {
	k := Keys{SecretID: i.Credentials.TmpSecretID, SecretKey: i.Credentials.TmpSecretKey, Token: i.Credentials.Token, Expires: time.Unix(i.ExpiredTime, 0)}
	if k.SecretID == "" || k.SecretKey == "" || k.Token == "" || i.ExpiredTime == 0 {
		return Keys{}, errors.New("the answer holds no credentials")
	}
	return k, nil
}

// callSTS makes one call to STS, with the retries of any other call, and reads the answer into out. It is signed with the
// given keys, with the client's own where own is set, and not at all without either.
//
// The SDK's own role providers are not used: they take neither a context nor retries, know one host of STS (or, for a
// web identity, one region), and the one for a role renews its keys after a tenth of their life.
func (c *Client) callSTS(ctx context.Context, action, region string, own bool, keys *Keys, params map[string]any, out any) error {
	if c.sts == nil {
		return errors.New("no endpoint of STS is configured")
	}
	if region == "" {
		region = c.region
	}
	if region == "" {
		region = defaultSTSRegion
	}
	_, err := c.do(ctx, request{action: action, signed: own, send: func(ctx context.Context, mine Keys) (string, error) {
		signer := keys
		if own {
			signer = &mine
		}
		var credential common.CredentialIface
		if signer != nil {
			credential = common.NewTokenCredential(signer.SecretID, signer.SecretKey, signer.Token)
		}
		sdk := common.NewCommonClient(credential, region, c.profile(c.sts))
		sdk.WithHttpTransport(c.transport)
		if c.requestClient != "" {
			sdk.WithRequestClient(c.requestClient)
		}
		req := tchttp.NewCommonRequest(stsService, stsVersion, action)
		req.SetContext(ctx)
		req.SetHeader(c.header)
		req.SetSkipSign(signer == nil)
		if err := req.SetActionParameters(params); err != nil {
			return "", err
		}
		resp := tchttp.NewCommonResponse()
		if err := sdk.Send(req, resp); err != nil {
			return "", err
		}
		var body struct {
			Response json.RawMessage
		}
		var id struct{ RequestID *string }
		if err := errors.Join(json.Unmarshal(resp.GetBody(), &body), json.Unmarshal(body.Response, &id), json.Unmarshal(body.Response, out)); err != nil {
			return "", err
		}
		return answered(id.RequestID)
	}})
	return err
}

func (c *Client) assumeRole(ctx context.Context, base Keys, r AssumeRole) (Keys, error) {
	params := map[string]any{"RoleArn": r.RoleARN, "RoleSessionName": r.SessionName, "DurationSeconds": int64(r.Duration / time.Second)}
	if r.Policy != "" {
		// STS wants the policy encoded as in a URL.
		params["Policy"] = url.QueryEscape(r.Policy)
	}
	if r.ExternalID != "" {
		params["ExternalId"] = r.ExternalID
	}
	var out issuedCredentials
	err := c.callSTS(ctx, actionAssumeRole, "", false, &base, params, &out)
	return c.issued(out, err, &CredentialsError{
		Source: fmt.Sprintf("the role %s (assume_role)", r.RoleARN),
		Hint:   "Check role_arn, and external_id where the role asks for one; the credentials that assume the role need the permission sts:AssumeRole, and the role must trust their account.",
	})
}

func (c *Client) assumeRoleWithWebIdentity(ctx context.Context, w WebIdentity) (Keys, error) {
	source := fmt.Sprintf("the role %s by web identity", w.RoleARN)
	if w.TokenFile != "" {
		source += " with the token in " + w.TokenFile
	}
	failure := &CredentialsError{
		Source: source,
		Hint:   "Check role_arn and provider_id, that the role trusts the identity provider, and that the token has not expired.",
	}
	token, err := w.readToken()
	if err != nil {
		failure.Err, failure.Hint = err, "Check the path of the token file and that this user may read it."
		return Keys{}, failure
	}
	c.secrets.add(token)
	params := map[string]any{
		"ProviderId": w.ProviderID, "WebIdentityToken": token, "RoleArn": w.RoleARN,
		"RoleSessionName": w.SessionName, "DurationSeconds": int64(w.Duration / time.Second),
	}
	var out issuedCredentials
	err = c.callSTS(ctx, actionWebIdentity, w.Region, false, nil, params, &out)
	return c.issued(out, err, failure)
}

// issued turns the answer of STS into keys, and what went wrong into a failure of the source.
func (c *Client) issued(out issuedCredentials, err error, failure *CredentialsError) (Keys, error) {
	if err == nil {
		var keys Keys
		if keys, err = out.keys(); err == nil {
			c.secrets.add(keys.SecretKey, keys.Token)
			return keys, nil
		}
	}
	failure.Err = err
	return Keys{}, failure
}

// metadataRole asks the metadata service. The SDK's own provider has no timeout, so that it would hang outside of a CVM.
func (c *Client) metadataRole(ctx context.Context, m Metadata) (Keys, error) {
	ctx, cancel := context.WithTimeout(ctx, metadataTimeout)
	defer cancel()
	at := c.metadata.JoinPath(metadataPath, m.Role).String()
	failure := &CredentialsError{
		Source: fmt.Sprintf("the metadata service for the role %q (cam_role_name), %s", m.Role, at),
		Hint:   "Run Terraform on a CVM or in a container of one, with that role bound to it; elsewhere remove cam_role_name and TENCENTCLOUD_CAM_ROLE_NAME and give other credentials.",
	}
	var out struct {
		Code, TmpSecretID, TmpSecretKey, Token string
		ExpiredTime                            int64
	}
	if failure.Err = c.getJSON(ctx, at, &out); failure.Err != nil {
		return Keys{}, failure
	}
	if out.Code != "Success" {
		failure.Err = fmt.Errorf("it answered with the code %q", out.Code)
		return Keys{}, failure
	}
	issued := issuedCredentials{ExpiredTime: out.ExpiredTime}
	issued.Credentials.Token, issued.Credentials.TmpSecretID, issued.Credentials.TmpSecretKey = out.Token, out.TmpSecretID, out.TmpSecretKey
	return c.issued(issued, nil, failure)
}

// getJSON reads a small JSON document.
func (c *Client) getJSON(ctx context.Context, at string, out any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := (&http.Client{Transport: c.direct}).Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("it answered with HTTP status %d (%s)", resp.StatusCode, http.StatusText(resp.StatusCode))
	}
	if err := json.NewDecoder(http.MaxBytesReader(nil, resp.Body, 1<<20)).Decode(out); err != nil {
		return fmt.Errorf("its answer is not JSON: %w", err)
	}
	return nil
}

// accountGuard checks once, before the first write, that the credentials belong to an account that may be written to.
type accountGuard struct {
	allowed, forbidden []string
	turn               chan struct{}
	verdict            error
	checked            bool
}

func newAccountGuard(allowed, forbidden []string) *accountGuard {
	return &accountGuard{allowed: allowed, forbidden: forbidden, turn: make(chan struct{}, 1)}
}

// checkAccount returns an *AccountError where the account is not allowed. Where the account cannot be told it returns
// that failure, and the next write asks again.
func (c *Client) checkAccount(ctx context.Context) error {
	g := c.account
	if len(g.allowed) == 0 && len(g.forbidden) == 0 {
		return nil
	}
	select {
	case g.turn <- struct{}{}:
		defer func() { <-g.turn }()
	case <-ctx.Done():
		return stopped(ctx, actionCallerIdentity, nil, false)
	}
	if g.checked {
		return g.verdict
	}
	var out struct{ AccountID string }
	if err := c.callSTS(ctx, actionCallerIdentity, "", true, nil, map[string]any{}, &out); err != nil {
		return err
	}
	if out.AccountID == "" {
		return &Error{Operation: actionCallerIdentity, Code: codeNotAnAnswer, Message: "the answer names no account", Kind: Transient, Attempts: 1}
	}
	if len(g.allowed) > 0 && !slices.Contains(g.allowed, out.AccountID) || slices.Contains(g.forbidden, out.AccountID) {
		g.verdict = &AccountError{Account: out.AccountID, Allowed: g.allowed, Forbidden: g.forbidden}
	}
	g.checked = true
	return g.verdict
}

// AccountError is a refusal to write to an account that the configuration does not allow. No write was sent.
type AccountError struct {
	// Account is the one that the credentials belong to.
	Account string
	// Allowed and Forbidden are the lists of the configuration.
	Allowed, Forbidden []string
}

// Error names both the account and the lists.
func (e *AccountError) Error() string {
	if len(e.Allowed) > 0 {
		return fmt.Sprintf("the credentials belong to the account %s, but allowed_account_ids names %q", e.Account, e.Allowed)
	}
	return fmt.Sprintf("the credentials belong to the account %s, which forbidden_account_ids names", e.Account)
}
