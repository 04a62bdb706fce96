// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"context"

	live "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/live/v20180801"
)

// StreamState returns the state of a stream: "active", "inactive" or "forbid". Tencent calls it advisory: it may lag, and
// must not decide anything of weight alone (267/20470). Errors are of type *Error.
func (c *Client) StreamState(ctx context.Context, domain, app, stream string) (string, error) {
	req := live.NewDescribeLiveStreamStateRequest()
	req.SetHeader(c.header)
	req.DomainName, req.AppName, req.StreamName = &domain, &app, &stream

	var state string
	_, err := c.do(ctx, request{
		action: actionStreamState,
		signed: true,
		send: func(ctx context.Context, keys Keys) (string, error) {
			resp, err := c.signedBy(keys).DescribeLiveStreamStateWithContext(ctx, req)
			if err != nil {
				return "", err
			}
			if resp.Response == nil || resp.Response.StreamState == nil {
				return "", errNotAnAnswer
			}
			state = *resp.Response.StreamState
			return answered(resp.Response.RequestId)
		},
	})
	return state, err
}
