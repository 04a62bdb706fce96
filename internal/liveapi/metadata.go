// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"
)

const (
	// ActionMetadata is the operation that errors of the metadata service name.
	ActionMetadata = "security-credentials"
	metadataPath   = "/latest/meta-data/cam/security-credentials/"

	// metadataPatience bounds one call to the metadata service, which never leaves the host machine.
	// metadataWindow bounds all attempts together: outside a CVM nothing answers, and reporting that should not take
	// as long as an outage.
	metadataPatience = 2 * time.Second
	metadataWindow   = 8 * time.Second
)

// metadataRole gets keys from the metadata service, with the same retries as any other call. The SDK's own provider has
// no timeout and would hang outside a CVM.
func (c *Client) metadataRole(ctx context.Context, m Metadata) (Keys, error) {
	at := c.metadata.JoinPath(metadataPath, m.Role).String()
	var out struct {
		Code, TmpSecretID, TmpSecretKey, Token string
		ExpiredTime                            int64
	}
	var issued issuedCredentials
	err := c.do(ctx, request{
		action: ActionMetadata, attemptTimeout: metadataPatience, totalTimeout: metadataWindow,
		final: func(e *Error) bool {
			// The name of the service resolves only within Tencent's network.
			var lookup *net.DNSError
			return errors.As(e, &lookup) && lookup.IsNotFound
		},
		send: func(ctx context.Context, _ Keys) error {
			body, err := c.getMetadata(ctx, at)
			if err != nil {
				return err
			}
			if json.Unmarshal(body, &out) != nil {
				return errNotThisAnswer
			}
			issued.ExpiredTime = out.ExpiredTime
			issued.Credentials.Token, issued.Credentials.TmpSecretID, issued.Credentials.TmpSecretKey = out.Token, out.TmpSecretID, out.TmpSecretKey
			if out.Code == metadataSuccess && !issued.complete() {
				return errNotThisAnswer
			}
			return nil
		},
	})
	if err == nil && out.Code != metadataSuccess {
		err = fmt.Errorf("it answered with the code %q", c.secrets.text(out.Code))
	}
	if err != nil {
		return Keys{}, &CredentialsError{
			From:   SourceMetadata,
			Source: fmt.Sprintf("the metadata service for the role %q, %s", m.Role, at),
			Err:    err,
		}
	}
	return c.issued(issued), nil
}

const metadataSuccess = "Success"

// getMetadata reads a small JSON document. It follows no redirects: its transport turns them into errors.
func (c *Client) getMetadata(ctx context.Context, at string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := (&http.Client{Transport: c.direct}).Do(req)
	if err != nil {
		return nil, err
	}
	return exchangeOf(ctx).body, resp.Body.Close()
}
