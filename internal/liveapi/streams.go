// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-log/tflog"
	live "github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/live/v20180801"
)

const (
	actionStreamState = "DescribeLiveStreamState"
	actionOnlineList  = "DescribeLiveStreamOnlineList"
)

const (
	// onlinePageSize is the largest page that both sites of Tencent Cloud accept.
	onlinePageSize = 100
	// maxOnlineStreams is the length up to which Tencent lists online streams (267/20472).
	maxOnlineStreams = 20000
	// onlineReads bounds how often a list that changes between pages is read.
	onlineReads = 3
)

// ErrTooManyStreams means that more streams are online than Tencent lists.
var ErrTooManyStreams = fmt.Errorf("more than the %d streams are online up to which Tencent lists them", maxOnlineStreams)

// StreamState returns the state of a stream: "active", "inactive" or "forbid". Tencent calls it advisory: it may lag,
// and nothing important may depend on it alone (267/20470). Errors are of type *Error.
func (c *Client) StreamState(ctx context.Context, domain, app, stream string) (string, error) {
	req := live.NewDescribeLiveStreamStateRequest()
	req.SetHeader(c.header)
	req.DomainName, req.AppName, req.StreamName = &domain, &app, &stream

	var state string
	err := c.do(ctx, request{
		action: actionStreamState,
		signed: true,
		send: func(ctx context.Context, keys Keys) error {
			resp, err := c.signedBy(keys).DescribeLiveStreamStateWithContext(ctx, req)
			if err != nil {
				return err
			}
			if resp.Response == nil || resp.Response.StreamState == nil {
				return errNotThisAnswer
			}
			state = c.secrets.value(*resp.Response.StreamState)
			return nil
		},
	})
	return state, err
}

// OnlineStream is a stream that is being pushed.
type OnlineStream struct {
	// Domain and App are the push domain and the push path, Name is the stream's name.
	Domain, App, Name string
	// PublishTimes are the times at which its pushes began, earliest first: RFC 3339 in UTC, as Tencent writes them.
	PublishTimes []string
}

// OnlineStreams returns the streams that are being pushed, each once, sorted by domain, app and name. An empty domain
// or app is not sent. Tencent calls the list advisory: it lags, and nothing important should depend on it (267/20472).
//
// The list may change between pages, and a stream that moves to a page already read would be missed. So a list whose
// pages contradict each other is read again; after the third time, all streams seen are returned. Errors are of type
// *Error; the cause may be ErrTooManyStreams.
func (c *Client) OnlineStreams(ctx context.Context, domain, app string) ([]OnlineStream, error) {
	all := map[onlineKey]OnlineStream{}
	for n := 1; ; n++ {
		seen, steady, err := c.readOnlineList(ctx, domain, app)
		if err != nil {
			return nil, err
		}
		if steady {
			return sortedStreams(seen), nil
		}
		maps.Copy(all, seen)
		if n == onlineReads {
			tflog.Info(ctx, "the list of online streams changed each time it was read", map[string]any{"reads": n, "streams": len(all)})
			return sortedStreams(all), nil
		}
	}
}

// onlineKey identifies a stream.
type onlineKey struct{ domain, app, name string }

// readOnlineList reads all pages once. The list is steady if every page gives the same total and the pages hold that
// many streams; a single page cannot contradict itself. Reading ends even if the number of pages keeps growing.
func (c *Client) readOnlineList(ctx context.Context, domain, app string) (seen map[onlineKey]OnlineStream, steady bool, err error) {
	seen = map[onlineKey]OnlineStream{}
	steady = true
	var total uint64
	for page := uint64(1); ; page++ {
		answer, err := c.onlinePage(ctx, domain, app, page)
		if err != nil {
			return nil, false, err
		}
		if page == 1 {
			total = *answer.TotalNum
		}
		steady = steady && *answer.TotalNum == total
		for _, info := range answer.OnlineInfo {
			if info != nil {
				stream := c.newOnlineStream(info)
				seen[onlineKey{stream.Domain, stream.App, stream.Name}] = stream
			}
		}
		if page >= *answer.TotalPage {
			return seen, page == 1 || steady && uint64(len(seen)) == total, nil
		}
		if *answer.TotalNum > maxOnlineStreams || page*onlinePageSize >= maxOnlineStreams {
			return nil, false, notSent(actionOnlineList, KindInvalid, ErrTooManyStreams)
		}
	}
}

// onlinePage reads one page, counted from 1.
func (c *Client) onlinePage(ctx context.Context, domain, app string, page uint64) (*live.DescribeLiveStreamOnlineListResponseParams, error) {
	size := uint64(onlinePageSize)
	req := live.NewDescribeLiveStreamOnlineListRequest()
	req.SetHeader(c.header)
	req.PageNum, req.PageSize = &page, &size
	if domain != "" {
		req.DomainName = &domain
	}
	if app != "" {
		req.AppName = &app
	}

	var answer *live.DescribeLiveStreamOnlineListResponseParams
	err := c.do(ctx, request{
		action: actionOnlineList,
		signed: true,
		send: func(ctx context.Context, keys Keys) error {
			resp, err := c.signedBy(keys).DescribeLiveStreamOnlineListWithContext(ctx, req)
			if err != nil {
				return err
			}
			if resp.Response == nil || resp.Response.TotalNum == nil || resp.Response.TotalPage == nil {
				return errNotThisAnswer
			}
			answer = resp.Response
			return nil
		},
	})
	return answer, err
}

func (c *Client) newOnlineStream(info *live.StreamOnlineInfo) OnlineStream {
	s := OnlineStream{Domain: c.shown(info.DomainName), App: c.shown(info.AppName), Name: c.shown(info.StreamName)}
	for _, p := range info.PublishTimeList {
		if p != nil && p.PublishTime != nil {
			s.PublishTimes = append(s.PublishTimes, c.shown(p.PublishTime))
		}
	}
	// Times of the same length and zone sort like their texts.
	slices.Sort(s.PublishTimes)
	return s
}

// shown returns a string from an answer, fit for display, or "" if it is absent.
func (c *Client) shown(s *string) string {
	if s == nil {
		return ""
	}
	return c.secrets.value(*s)
}

func sortedStreams(streams map[onlineKey]OnlineStream) []OnlineStream {
	return slices.SortedFunc(maps.Values(streams), func(a, b OnlineStream) int {
		return cmp.Or(cmp.Compare(a.Domain, b.Domain), cmp.Compare(a.App, b.App), cmp.Compare(a.Name, b.Name))
	})
}
