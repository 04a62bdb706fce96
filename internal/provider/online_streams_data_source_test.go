// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"io"
	"net/http"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

const onlineStreamsType = "tencentcss_online_streams"

func TestFlattenOnlineStreams(t *testing.T) {
	t.Parallel()
	streams := []liveapi.OnlineStream{
		{Domain: "a.example.com", App: "live", Name: "room_1_ann", PublishTimes: []string{"2026-03-01T09:00:00Z"}},
		{Domain: "a.example.com", App: "live", Name: "room_10_bob"},
		{Domain: "b.example.com", App: "live", Name: "a_room_1_"},
	}
	all := []onlineStreamModel{
		{DomainName: "a.example.com", AppName: "live", StreamName: "room_1_ann", PublishTimes: []string{"2026-03-01T09:00:00Z"}},
		{DomainName: "a.example.com", AppName: "live", StreamName: "room_10_bob", PublishTimes: []string{}},
		{DomainName: "b.example.com", AppName: "live", StreamName: "a_room_1_", PublishTimes: []string{}},
	}
	for prefix, want := range map[string][]onlineStreamModel{"": all, "room_1": all[:2], "room_1_": all[:1], "nobody": {}} {
		if got := flattenOnlineStreams(streams, prefix); !reflect.DeepEqual(got, want) {
			t.Errorf("prefix %q: got %+v, want %+v", prefix, got, want)
		}
	}
}

// onlineLines writes what was read as domain/app/name and the times.
func onlineLines(t *testing.T, v tftypes.Value) []string {
	t.Helper()
	var streams []tftypes.Value
	if err := v.As(&streams); err != nil {
		t.Fatal(err)
	}
	lines := []string{}
	for _, stream := range streams {
		fields, times := map[string]tftypes.Value{}, []tftypes.Value{}
		if err := stream.As(&fields); err != nil {
			t.Fatal(err)
		}
		if err := fields["publish_times"].As(&times); err != nil {
			t.Fatal(err)
		}
		line := asText(t, fields["domain_name"]) + "/" + asText(t, fields["app_name"]) + "/" + asText(t, fields["stream_name"])
		for _, published := range times {
			line += " " + asText(t, published)
		}
		lines = append(lines, line)
	}
	return lines
}

func TestOnlineStreamsRead(t *testing.T) {
	t.Parallel()
	const at = "2000-01-01T00:00:00Z" // where a synctest bubble begins
	all := []string{
		"one.example.com/live/ann " + at, "one.example.com/live/bob " + at, "one.example.com/stage/band " + at, "two.example.com/live/carl " + at,
	}
	for name, tt := range map[string]struct {
		values map[string]cty.Value
		want   []string
		sent   string
	}{
		"all":         {want: all, sent: `{"PageNum": 1, "PageSize": 100}`},
		"of a domain": {values: map[string]cty.Value{"domain_name": cty.StringVal("one.example.com")}, want: all[:3], sent: `{"DomainName": "one.example.com", "PageNum": 1, "PageSize": 100}`},
		"of a path":   {values: map[string]cty.Value{"app_name": cty.StringVal("stage")}, want: all[2:3], sent: `{"AppName": "stage", "PageNum": 1, "PageSize": 100}`},
		"of a prefix": {values: map[string]cty.Value{"stream_name_prefix": cty.StringVal("b")}, want: all[1:3], sent: `{"PageNum": 1, "PageSize": 100}`},
		"none":        {values: map[string]cty.Value{"domain_name": cty.StringVal("three.example.com")}, want: []string{}, sent: `{"DomainName": "three.example.com", "PageNum": 1, "PageSize": 100}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				sim := quietSim(t)
				sim.Publish("carl", livesim.Domain("two.example.com"))
				sim.Publish("bob", livesim.Domain("one.example.com"))
				sim.Publish("band", livesim.Domain("one.example.com"), livesim.App("stage"))
				sim.Publish("ann", livesim.Domain("one.example.com"))
				sim.Publish("gone", livesim.Domain("one.example.com"))
				sim.Unpublish("gone")
				server, _ := newWired(t, inProcess{sim})
				state, diags := readData(t.Context(), t, server, onlineStreamsType, tt.values)
				expectProse(t, diags)
				if got := onlineLines(t, state["streams"]); !reflect.DeepEqual(got, tt.want) {
					t.Errorf("got  %q\nwant %q", got, tt.want)
				}
				sent := sim.RequestsOf(livesim.ActionOnlineList)
				if len(sent) != 1 {
					t.Fatalf("%d calls", len(sent))
				}
				if err := equalJSON(sent[0].Params, tt.sent); err != nil {
					t.Error(err)
				}
			})
		})
	}
}

func TestOnlineStreamsReadFailing(t *testing.T) {
	t.Parallel()
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		sim := quietSim(t)
		sim.Inject(livesim.Fault{Action: livesim.ActionOnlineList, Error: &livesim.APIError{Code: "ResourceNotFound.FreezeService", Message: "frozen"}})
		server, _ := newWired(t, inProcess{sim})
		_, diags := readData(t.Context(), t, server, onlineStreamsType, nil)
		expectProse(t, diags, "Error: Unable to read online streams", "The live service of this account is frozen",
			"Code:      ResourceNotFound.FreezeService", "RequestId: "+sim.RequestsOf(livesim.ActionOnlineList)[0].RequestID, "Attempts:  1")
	})
	t.Run("too many", func(t *testing.T) {
		t.Parallel()
		server, _ := newWired(t, roundTrip(func(req *http.Request) (*http.Response, error) {
			body := `{"Response":{"TotalNum":30000,"TotalPage":300,"OnlineInfo":[],"RequestId":"r"}}`
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
		}))
		_, diags := readData(t.Context(), t, server, onlineStreamsType, nil)
		expectProse(t, diags, "Error: Unable to read online streams", "More than the 20000 streams are online up to which Tencent lists them.", "Narrow the list with domain_name and app_name")
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server, _ := newWired(t, noAnswer)
			start := time.Now()
			_, diags := readData(t.Context(), t, server, onlineStreamsType, nil)
			expectProse(t, diags, "Error: Unable to read online streams", "The read timeout of 2m0s ran out")
			if took := time.Since(start); took != 2*time.Minute {
				t.Errorf("took %s", took)
			}
		})
	})
	t.Run("provider not configured", func(t *testing.T) {
		t.Parallel()
		_, diags := readData(t.Context(), t, newServer(New("test")()), onlineStreamsType, nil)
		expectProse(t, diags, "Error: The provider is not configured")
	})
}

func TestOnlineStreamsValidates(t *testing.T) {
	t.Parallel()
	expectProse(t, validateData(t, onlineStreamsType, nil))
	expectProse(t, validateData(t, onlineStreamsType, map[string]cty.Value{"domain_name": cty.UnknownVal(cty.String)}))
	for _, attribute := range []string{"domain_name", "app_name"} {
		expectProse(t, validateData(t, onlineStreamsType, map[string]cty.Value{attribute: cty.StringVal("")}), "at "+attribute)
	}
}

// All pages of the API make one list, and a list that has not changed plans nothing.
func TestAccOnlineStreams(t *testing.T) {
	const n = 250
	sim := newSim(t)
	for i := range n {
		sim.Publish(fmt.Sprintf("room_%03d", i), livesim.LongSince(), livesim.Domain("push.example.com"))
	}
	const at = "data.tencentcss_online_streams.rooms"
	config := providerBlock(sim) + `
data "tencentcss_online_streams" "rooms" {
  domain_name        = "push.example.com"
  stream_name_prefix = "room_"
}

output "names" {
  value = join(" ", data.tencentcss_online_streams.rooms.streams[*].stream_name)
}
`
	var names []string
	for i := range n {
		names = append(names, fmt.Sprintf("room_%03d", i))
	}
	stream := func(name string) knownvalue.Check {
		return knownvalue.ObjectExact(map[string]knownvalue.Check{
			"domain_name": knownvalue.StringExact("push.example.com"), "app_name": knownvalue.StringExact("live"), "stream_name": knownvalue.StringExact(name),
			"publish_times": knownvalue.ListExact([]knownvalue.Check{knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))}),
		})
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{
				Config:           config,
				ConfigPlanChecks: resource.ConfigPlanChecks{PostApplyPostRefresh: []plancheck.PlanCheck{plancheck.ExpectEmptyPlan()}},
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListSizeExact(n)),
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams").AtSliceIndex(0), stream("room_000")),
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams").AtSliceIndex(n-1), stream("room_249")),
					statecheck.ExpectKnownOutputValue("names", knownvalue.StringExact(strings.Join(names, " "))),
				},
			},
			{
				PreConfig: func() {
					for _, name := range names[1:] {
						sim.Unpublish(name)
					}
				},
				Config: config,
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListExact([]knownvalue.Check{stream("room_000")})),
				},
			},
			{
				PreConfig:         func() { sim.Unpublish(names[0]) },
				Config:            config,
				ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(at, tfjsonpath.New("streams"), knownvalue.ListExact([]knownvalue.Check{}))},
			},
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionOnlineList, Times: -1, Error: &livesim.APIError{Code: "UnauthorizedOperation", Message: "not allowed"}})
				},
				Config:      config,
				ExpectError: message("Unable to read online streams", "The credentials do not allow this call", "RequestId:"),
			},
			{PreConfig: sim.ClearFaults, Config: config},
		},
	})
}
