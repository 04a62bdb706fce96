// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
	tchttp "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common/http"
)

const (
	stsService = "sts"
	stsVersion = "2018-08-13"

	actionAssumeRole  = "AssumeRole"
	actionWebIdentity = "AssumeRoleWithWebIdentity"
	// ActionCallerIdentity returns the account that keys belong to. Errors name it if the account could not be checked
	// before a write.
	ActionCallerIdentity = "GetCallerIdentity"

	// defaultSTSRegion is sent if the configuration names no region: STS requires one, and all of them answer the same.
	defaultSTSRegion = "ap-guangzhou"
)

// issuedCredentials is the answer to both ways of assuming a role.
type issuedCredentials struct {
	Credentials struct {
		Token, TmpSecretID, TmpSecretKey string
	}
	ExpiredTime int64
}

func (i *issuedCredentials) complete() bool {
	return i.Credentials.TmpSecretID != "" && i.Credentials.TmpSecretKey != "" && i.Credentials.Token != "" && i.ExpiredTime > 0
}

// issued returns the keys of an answer and registers them for masking.
func (c *Client) issued(i issuedCredentials) Keys {
	k := Keys{SecretID: i.Credentials.TmpSecretID, SecretKey: i.Credentials.TmpSecretKey, Token: i.Credentials.Token, Expires: time.Unix(i.ExpiredTime, 0)}
	c.secrets.add(k.SecretKey, k.Token)
	return k
}

// callSTS makes one call to STS, with the same retries as any other call, and passes the body of the answer to read.
// The call is signed with the client's own keys if own is set, otherwise with the given keys, and unsigned if there are
// none.
//
// The SDK's own role providers are not used: they support neither a context nor retries and know only one STS host (or,
// for a web identity, one region), and the one for a role renews its keys after a tenth of their lifetime.
func (c *Client) callSTS(ctx context.Context, action, region string, own bool, keys *Keys, params map[string]any, read func(body []byte) error) error {
	if c.sts == nil {
		return notSent(action, KindPermanent, errors.New("no endpoint of STS is configured"))
	}
	if region == "" {
		region = c.region
	}
	if region == "" {
		region = defaultSTSRegion
	}
	err := c.do(ctx, request{action: action, signed: own, send: func(ctx context.Context, mine Keys) error {
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
			return err
		}
		if err := sdk.Send(req, tchttp.NewCommonResponse()); err != nil {
			return err
		}
		return read(exchangeOf(ctx).body)
	}})
	return err
}

// fromSTS decodes the Response of an answer into out and asks complete whether all fields are there. The parser's error
// may quote keys, so it is not shown.
func fromSTS(out any, complete func() bool) func(body []byte) error {
	return func(body []byte) error {
		var envelope struct{ Response json.RawMessage }
		if json.Unmarshal(body, &envelope) != nil || json.Unmarshal(envelope.Response, out) != nil || !complete() {
			return errNotThisAnswer
		}
		return nil
	}
}

func (c *Client) assumeRole(ctx context.Context, base Keys, r AssumeRole) (Keys, error) {
	params := map[string]any{"RoleArn": r.RoleARN, "RoleSessionName": r.SessionName, "DurationSeconds": int64(r.Duration / time.Second)}
	if r.Policy != "" {
		// STS wants the policy URL-encoded.
		params["Policy"] = url.QueryEscape(r.Policy)
	}
	if r.ExternalID != "" {
		params["ExternalId"] = r.ExternalID
	}
	var out issuedCredentials
	if err := c.callSTS(ctx, actionAssumeRole, "", false, &base, params, fromSTS(&out, out.complete)); err != nil {
		return Keys{}, &CredentialsError{
			From:   SourceRole,
			Source: "the role " + r.RoleARN,
			Err:    err,
		}
	}
	return c.issued(out), nil
}

func (c *Client) assumeRoleWithWebIdentity(ctx context.Context, w WebIdentity) (Keys, error) {
	source := fmt.Sprintf("the role %s by web identity", w.RoleARN)
	if w.TokenFile != "" {
		source += " with the token in " + w.TokenFile
	}
	failure := &CredentialsError{From: SourceWebIdentity, Source: source}
	token, err := w.readToken()
	if err != nil {
		failure.Err, failure.From = err, SourceTokenFile
		return Keys{}, failure
	}
	c.secrets.add(token)
	params := map[string]any{
		"ProviderId": w.ProviderID, "WebIdentityToken": token, "RoleArn": w.RoleARN,
		"RoleSessionName": w.SessionName, "DurationSeconds": int64(w.Duration / time.Second),
	}
	var out issuedCredentials
	if failure.Err = c.callSTS(ctx, actionWebIdentity, w.Region, false, nil, params, fromSTS(&out, out.complete)); failure.Err != nil {
		return Keys{}, failure
	}
	return c.issued(out), nil
}
