// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// wiredProvider is the provider with a client that the test made, in place of one by a configuration.
type wiredProvider struct {
	*tencentcssProvider
	data *providerData
}

func (p wiredProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.tencentcssProvider.data.Store(p.data)
	resp.ResourceData, resp.DataSourceData, resp.ActionData = p.data, p.data, p.data
}

// roundTrip is a transport that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// noAnswer keeps each call waiting until it is given up.
var noAnswer = roundTrip(func(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
})

// quietSim is a simulator without sockets, in which nothing pushes.
func quietSim(t *testing.T) *livesim.Server {
	t.Helper()
	sim := livesim.New(livesim.DefaultOptions())
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}

// newWired serves the provider by its protocol, configured with a client whose calls the transport answers. The client
// keeps Tencent's pacing.
func newWired(t *testing.T, transport http.RoundTripper) (tfprotov6.ProviderServer, *liveapi.Client) {
	t.Helper()
	known := livesim.DefaultOptions().Credentials[0]
	client, err := liveapi.New(liveapi.Config{
		Credentials: liveapi.Credentials{Static: &liveapi.Keys{SecretID: known.ID, SecretKey: known.Key}},
		Endpoint:    &url.URL{Scheme: "https", Host: "live.test"},
		MaxRetries:  3,
		Pacing:      liveapi.DefaultPacing(),
		Transport:   transport,
	})
	if err != nil {
		t.Fatal(err)
	}
	server := newServer(wiredProvider{&tencentcssProvider{version: "test"}, &providerData{client: client, claims: newSessionClaims()}})
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	object := schema.Provider.ValueType()
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: onTheWire(t, tftypes.NewValue(object, nil))})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatalf("%v\n%s", err, prose(resp.Diagnostics))
	}
	return server, client
}

func onTheWire(t *testing.T, v tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	dynamic, err := tfprotov6.NewDynamicValue(v.Type(), v)
	if err != nil {
		t.Fatal(err)
	}
	return &dynamic
}

// config is the configuration of something with this schema, as the CLI sends it.
func config(t *testing.T, schema *tfprotov6.Schema, values map[string]cty.Value) *tfprotov6.DynamicValue {
	t.Helper()
	v, err := wireValue(cty.ObjectVal(values), schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return onTheWire(t, v)
}

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

// expectProse compares diagnostics with what is wanted of them, which is nothing where want is empty.
func expectProse(t *testing.T, diags []*tfprotov6.Diagnostic, want ...string) {
	t.Helper()
	got := prose(diags)
	if len(want) == 0 && got != "" {
		t.Errorf("told:\n%s", got)
	}
	for _, part := range want {
		if !strings.Contains(got, part) {
			t.Errorf("no word of %q in:\n%s", part, got)
		}
	}
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
			if err := equalJSON(sent[0].Params, fmt.Sprintf(`{"DomainName": "push.example.com", "AppName": %q, "StreamName": %q}`, tt.wantApp, tt.stream)); err != nil {
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

// The state is read anew by each plan.
func TestAccStreamState(t *testing.T) {
	sim := newSim(t)
	sim.Publish("band", livesim.App("stage"), livesim.LongSince())
	config := providerBlock(sim) + `
data "tencentcss_stream_state" "host" {
  domain_name = "push.example.com"
  stream_name = "host"
}

data "tencentcss_stream_state" "band" {
  domain_name = "push.example.com"
  app_name    = "stage"
  stream_name = "band"
}

output "host" {
  value = data.tencentcss_stream_state.host.state
}
`
	expect := func(name, app, state string) []statecheck.StateCheck {
		at := "data.tencentcss_stream_state." + name
		return []statecheck.StateCheck{
			statecheck.ExpectKnownValue(at, tfjsonpath.New("app_name"), knownvalue.StringExact(app)),
			statecheck.ExpectKnownValue(at, tfjsonpath.New("state"), knownvalue.StringExact(state)),
		}
	}
	resource.ParallelTest(t, resource.TestCase{
		ProtoV6ProviderFactories: factories,
		Steps: []resource.TestStep{
			{Config: config, ConfigStateChecks: append(expect("host", "live", "active"), expect("band", "stage", "active")...)},
			{PreConfig: func() { sim.Unpublish("host") }, Config: config, ConfigStateChecks: expect("host", "live", "inactive")},
			{PreConfig: func() { sim.Forbid("host") }, Config: config, ConfigStateChecks: expect("host", "live", "forbid")},
			{
				PreConfig: func() {
					sim.Inject(livesim.Fault{Action: livesim.ActionState, Times: -1, Error: &livesim.APIError{Code: "AuthFailure.TokenFailure", Message: "no token"}})
				},
				Config:      config,
				ExpectError: message("Unable to read stream state", "The security token is wrong or has expired", "AuthFailure.TokenFailure", "RequestId:", "Attempts: 1"),
			},
			{PreConfig: sim.ClearFaults, Config: config},
		},
	})
}
