// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

func dataSourceSchema(ctx context.Context, t *testing.T, server tfprotov6.ProviderServer, typeName string) *tfprotov6.Schema {
	t.Helper()
	resp, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || resp.DataSourceSchemas[typeName] == nil {
		t.Fatalf("there is no data source %s: %v", typeName, err)
	}
	return resp.DataSourceSchemas[typeName]
}

// readData reads a data source. The value is what it put into the state.
func readData(ctx context.Context, t *testing.T, server tfprotov6.ProviderServer, typeName string, values map[string]cty.Value) (map[string]tftypes.Value, []*tfprotov6.Diagnostic) {
	t.Helper()
	schema := dataSourceSchema(ctx, t, server, typeName)
	resp, err := server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: typeName, Config: config(t, schema, values)})
	if err != nil {
		t.Fatal(err)
	}
	if len(resp.Diagnostics) > 0 {
		return nil, resp.Diagnostics
	}
	state, err := resp.State.Unmarshal(schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	read := map[string]tftypes.Value{}
	if err := state.As(&read); err != nil {
		t.Fatal(err)
	}
	return read, nil
}

func validateData(t *testing.T, typeName string, values map[string]cty.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	server := newServer(New("test")())
	resp, err := server.ValidateDataResourceConfig(t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: typeName, Config: config(t, dataSourceSchema(t.Context(), t, server, typeName), values),
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp.Diagnostics
}

func asText(t *testing.T, v tftypes.Value) string {
	t.Helper()
	var s string
	if err := v.As(&s); err != nil {
		t.Fatal(err)
	}
	return s
}

const streamStateType = "tencentcss_stream_state"

func TestStreamStateRead(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		app           string // "" leaves it out
		stream        string
		wantApp, want string
	}{
		"active":          {stream: "host", wantApp: "live", want: "active"},
		"of a given path": {app: "stage", stream: "band", wantApp: "stage", want: "active"},
		"of another path": {stream: "band", wantApp: "live", want: "inactive"},
		"inactive":        {stream: "guest", wantApp: "live", want: "inactive"},
		"banned":          {stream: "villain", wantApp: "live", want: "forbid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := quietSim(t)
			sim.Publish("host", livesim.Domain("push.example.com"))
			sim.Publish("band", livesim.App("stage"))
			sim.Forbid("villain")
			server, _ := newWired(t, inProcess{sim})
			values := map[string]cty.Value{"domain_name": cty.StringVal("push.example.com"), "stream_name": cty.StringVal(tt.stream)}
			if tt.app != "" {
				values["app_name"] = cty.StringVal(tt.app)
			}
			state, diags := readData(t.Context(), t, server, streamStateType, values)
			expectProse(t, diags)
			for attribute, want := range map[string]string{
				"domain_name": "push.example.com", "app_name": tt.wantApp, "stream_name": tt.stream, "state": tt.want,
			} {
				if got := asText(t, state[attribute]); got != want {
					t.Errorf("%s is %q, want %q", attribute, got, want)
				}
			}
			sent := sim.RequestsOf(livesim.ActionState)
			if len(sent) != 1 {
				t.Fatalf("%d calls", len(sent))
			}
			if err := acctest.EqualJSON(sent[0].Params, fmt.Sprintf(`{"DomainName": "push.example.com", "AppName": %q, "StreamName": %q}`, tt.wantApp, tt.stream)); err != nil {
				t.Error(err)
			}
		})
	}
}

// someStream are the arguments of a state that can be asked for.
func someStream() map[string]cty.Value {
	return map[string]cty.Value{"domain_name": cty.StringVal("push.example.com"), "stream_name": cty.StringVal("host")}
}

func TestStreamStateFailing(t *testing.T) {
	t.Parallel()
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		sim := quietSim(t)
		sim.Inject(livesim.Fault{Action: livesim.ActionState, Error: &livesim.APIError{Code: "ResourceNotFound.StopService", Message: "service stopped"}})
		server, _ := newWired(t, inProcess{sim})
		_, diags := readData(t.Context(), t, server, streamStateType, someStream())
		expectProse(t, diags, "Error: Unable to read stream state", "The live service of this account is stopped", "Top the account up",
			"Code:      ResourceNotFound.StopService", "RequestId: "+sim.RequestsOf(livesim.ActionState)[0].RequestID, "Attempts:  1")
	})
	t.Run("failing for ever", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			sim := quietSim(t)
			sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "InternalError.GetStreamInfoError", Message: "oops"}})
			server, _ := newWired(t, inProcess{sim})
			_, diags := readData(t.Context(), t, server, streamStateType, someStream())
			expectProse(t, diags, "Error: Unable to read stream state", "The API failed.", "Attempts:  4")
		})
	})
	t.Run("no answer", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server, _ := newWired(t, noAnswer)
			start := time.Now()
			_, diags := readData(t.Context(), t, server, streamStateType, someStream())
			expectProse(t, diags, "Error: Unable to read stream state", "The read timeout of 1m0s ran out")
			if took := time.Since(start); took != time.Minute {
				t.Errorf("took %s", took)
			}
		})
	})
	t.Run("interrupted", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			server, _ := newWired(t, noAnswer)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			_, diags := readData(ctx, t, server, streamStateType, someStream())
			expectProse(t, diags, "Error: Unable to read stream state", "The operation was interrupted")
		})
	})
	t.Run("provider not configured", func(t *testing.T) {
		t.Parallel()
		_, diags := readData(t.Context(), t, newServer(New("test")()), streamStateType, someStream())
		expectProse(t, diags, "Error: The provider is not configured", "Apply what yields that value first")
	})
}

func TestStreamStateValidates(t *testing.T) {
	t.Parallel()
	with := func(attribute string, v cty.Value) map[string]cty.Value {
		values := someStream()
		values[attribute] = v
		return values
	}
	for name, tt := range map[string]struct {
		values map[string]cty.Value
		want   []string
	}{
		"valid":         {values: someStream()},
		"unknown":       {values: with("stream_name", cty.UnknownVal(cty.String))},
		"empty domain":  {values: with("domain_name", cty.StringVal("")), want: []string{"at domain_name"}},
		"URL":           {values: with("domain_name", cty.StringVal("rtmp://push.example.com/live")), want: []string{"at domain_name", `Use "push.example.com"`}},
		"port":          {values: with("domain_name", cty.StringVal("push.example.com:1935")), want: []string{"at domain_name", "domain_name must be a plain host name"}},
		"white space":   {values: with("domain_name", cty.StringVal("push.example.com\n")), want: []string{"at domain_name", `got "push.example.com\n"`}},
		"empty path":    {values: with("app_name", cty.StringVal("")), want: []string{"at app_name", `app_name must be 1 to 255 characters long; got "".`}},
		"empty name":    {values: with("stream_name", cty.StringVal("")), want: []string{"at stream_name", `stream_name must be 1 to 255 characters long; got "".`}},
		"endless names": {values: with("domain_name", cty.StringVal(strings.Repeat("a", 256))), want: []string{"at domain_name"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expectProse(t, validateData(t, streamStateType, tt.values), tt.want...)
		})
	}
}

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
				if err := acctest.EqualJSON(sent[0].Params, tt.sent); err != nil {
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
