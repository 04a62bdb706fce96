// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

func TestMain(m *testing.M) { os.Exit(acctest.Main(m)) }

// factories serve a fresh provider for each CLI command, as the CLI itself starts a fresh process.
var factories = map[string]func() (tfprotov6.ProviderServer, error){
	"tencentcss": func() (tfprotov6.ProviderServer, error) {
		return NewServer("test")(), nil
	},
}

// inProcess hands each request to a handler of this process.
type inProcess struct{ handler http.Handler }

func (t inProcess) RoundTrip(req *http.Request) (*http.Response, error) {
	served := req.Clone(req.Context())
	served.Host = cmp.Or(req.Host, req.URL.Host)
	w := httptest.NewRecorder()
	t.handler.ServeHTTP(w, served)
	return w.Result(), nil
}

// roundTrip is a transport that is a function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// noAnswer never answers: a call ends when its context does.
var noAnswer = roundTrip(func(req *http.Request) (*http.Response, error) {
	<-req.Context().Done()
	return nil, req.Context().Err()
})

// quietSim starts a simulator without a socket, to which nothing pushes.
func quietSim(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	o := livesim.DefaultOptions()
	for _, change := range changes {
		change(&o)
	}
	sim := livesim.New(o)
	t.Cleanup(func() {
		if err := sim.Close(); err != nil {
			t.Error(err)
		}
	})
	return sim
}

// wiredProvider is the provider with a client that the test made, instead of one made from a configuration.
type wiredProvider struct {
	*tencentcssProvider
	data *providerData
}

func (p wiredProvider) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.tencentcssProvider.data.Store(p.data)
	resp.ResourceData, resp.DataSourceData, resp.ActionData = p.data, p.data, p.data
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
	return serve(t, client), client
}

// serve serves the provider by its protocol, configured with the client.
func serve(t *testing.T, client *liveapi.Client) tfprotov6.ProviderServer {
	t.Helper()
	server := newServer(wiredProvider{&tencentcssProvider{version: "test"}, &providerData{client: client, claims: newSessionClaims()}})
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: acctest.ToWire(tftypes.NewValue(schema.Provider.ValueType(), nil))})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, acctest.Prose(resp.Diagnostics))
	}
	return server
}

const mixStreamType = "tencentcss_mix_stream"

// mixObjectType is the resource's type on the wire.
func mixObjectType(tb testing.TB) tftypes.Object {
	tb.Helper()
	var resp resource.SchemaResponse
	(&mixStreamResource{}).Schema(tb.Context(), resource.SchemaRequest{}, &resp)
	object, ok := resp.Schema.Type().TerraformType(tb.Context()).(tftypes.Object)
	if !ok {
		tb.Fatal("the resource is not an object")
	}
	return object
}

// mixConfig turns the body of a resource block into a value on the wire.
func mixConfig(tb testing.TB, body string) tftypes.Value {
	tb.Helper()
	v, err := acctest.WireValue(cty.ObjectVal(blockValues(tb, body)), mixObjectType(tb))
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// blockValues evaluates the attributes in the body of a block. The word unknown stands for a value that is not known yet.
func blockValues(tb testing.TB, body string) map[string]cty.Value {
	tb.Helper()
	file, diags := hclsyntax.ParseConfig([]byte(body), "test.tf", hcl.InitialPos)
	if diags.HasErrors() {
		tb.Fatal(diags)
	}
	attributes, diags := file.Body.JustAttributes()
	if diags.HasErrors() {
		tb.Fatal(diags)
	}
	values := map[string]cty.Value{}
	for name, attribute := range attributes {
		if values[name], diags = attribute.Expr.Value(&hcl.EvalContext{Variables: map[string]cty.Value{"unknown": cty.DynamicVal}}); diags.HasErrors() {
			tb.Fatal(diags)
		}
	}
	return values
}

// validateMix asks the provider what is wrong with a configuration.
func validateMix(tb testing.TB, server tfprotov6.ProviderServer, config tftypes.Value) []*tfprotov6.Diagnostic {
	tb.Helper()
	resp, err := server.ValidateResourceConfig(tb.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: acctest.ToWire(config)})
	if err != nil {
		tb.Fatal(err)
	}
	return resp.Diagnostics
}

// config is the configuration of something with this schema, as the CLI sends it.
func config(t *testing.T, schema *tfprotov6.Schema, values map[string]cty.Value) *tfprotov6.DynamicValue {
	t.Helper()
	v, err := acctest.WireValue(cty.ObjectVal(values), schema.ValueType())
	if err != nil {
		t.Fatal(err)
	}
	return acctest.ToWire(v)
}

// expectProse checks what the user reads in diagnostics, as [acctest.ExpectText] does.
func expectProse(t *testing.T, diags []*tfprotov6.Diagnostic, parts ...string) {
	t.Helper()
	acctest.ExpectText(t, acctest.Prose(diags), parts...)
}

var update = flag.Bool("update", false, "write the golden files anew")

// compareGolden compares a text with a file that is there to be read, and writes it with -update.
func compareGolden(t *testing.T, golden, text string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s is not what the texts are; run the test with -update and read it. They are:\n%s", golden, text)
	}
}

// mixCore does with mixes what Terraform's core does in one process of the provider, one step at a time, so that a test can
// order the steps of several resources as it likes.
type mixCore struct {
	t      *testing.T
	server tfprotov6.ProviderServer
	object tftypes.Object
}

// mixObject is an object of the state.
type mixObject struct {
	value   tftypes.Value
	private []byte
}

// mixChange is a planned change.
type mixChange struct {
	value   tftypes.Value
	private []byte
	replace bool
	diags   []*tfprotov6.Diagnostic
}

func newMixCore(t *testing.T, server tfprotov6.ProviderServer) *mixCore {
	t.Helper()
	return &mixCore{t, server, mixObjectType(t)}
}

// text is what the user reads of the plan.
func (c mixChange) text() string { return strings.Join(strings.Fields(acctest.Prose(c.diags)), " ") }

func (c mixChange) failed() bool {
	return slices.ContainsFunc(c.diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

// changes tells whether the plan changes the object.
func (c mixChange) changes(prior *mixObject) bool { return !c.value.Equal(prior.value) }

// null is a mix that does not exist.
func (c *mixCore) null() tftypes.Value { return tftypes.NewValue(c.object, nil) }

// plan plans the change of an object to a configuration; nil stands for one that does not exist, and a null configuration
// for a destroy.
func (c *mixCore) plan(config tftypes.Value, prior *mixObject) mixChange {
	c.t.Helper()
	if prior == nil {
		prior = &mixObject{value: c.null()}
	}
	return c.planAfter(config, prior.value, prior.private)
}

// planAfter is plan with the private state apart: core plans the second half of a replacement with that of the first.
func (c *mixCore) planAfter(config, prior tftypes.Value, private []byte) mixChange {
	c.t.Helper()
	resp, err := c.server.PlanResourceChange(c.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: mixStreamType, PriorState: acctest.ToWire(prior), ProposedNewState: acctest.ToWire(c.proposed(config, prior)),
		Config: acctest.ToWire(config), PriorPrivate: private,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	change := mixChange{private: resp.PlannedPrivate, replace: len(resp.RequiresReplace) > 0, diags: resp.Diagnostics}
	if resp.PlannedState != nil {
		change.value = c.decode(resp.PlannedState)
	}
	return change
}

// apply applies a planned change. It returns the resulting object, or nil, and what the user reads, on one
// line.
func (c *mixCore) apply(config tftypes.Value, prior *mixObject, change mixChange) (*mixObject, string) {
	c.t.Helper()
	object, text := c.applyRaw(config, prior, change)
	return object, strings.Join(strings.Fields(text), " ")
}

// applyRaw is apply with the text as it is.
func (c *mixCore) applyRaw(config tftypes.Value, prior *mixObject, change mixChange) (*mixObject, string) {
	c.t.Helper()
	if prior == nil {
		prior = &mixObject{value: c.null()}
	}
	resp, err := c.server.ApplyResourceChange(c.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: mixStreamType, PriorState: acctest.ToWire(prior.value), PlannedState: acctest.ToWire(change.value),
		Config: acctest.ToWire(config), PlannedPrivate: change.private,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	text := acctest.Prose(resp.Diagnostics)
	value := c.decode(resp.NewState)
	if value.IsNull() {
		return nil, text
	}
	return &mixObject{value, resp.Private}, text
}

// change plans an object and applies the plan, which must leave an object and no diagnostics.
func (c *mixCore) change(config tftypes.Value, prior *mixObject) *mixObject {
	c.t.Helper()
	object, text := c.apply(config, prior, c.plan(config, prior))
	if object == nil || text != "" {
		c.t.Fatalf("object %v: %s", object, text)
	}
	return object
}

// refresh reads an object.
func (c *mixCore) refresh(o *mixObject) *mixObject {
	c.t.Helper()
	resp, err := c.server.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: mixStreamType, CurrentState: acctest.ToWire(o.value), Private: o.private})
	if err != nil || len(resp.Diagnostics) > 0 {
		c.t.Fatal(err, acctest.Prose(resp.Diagnostics))
	}
	return &mixObject{c.decode(resp.NewState), resp.Private}
}

// importID imports a session by its ID.
func (c *mixCore) importID(id string) *mixObject {
	c.t.Helper()
	resp, err := c.server.ImportResourceState(c.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: mixStreamType, ID: id})
	if err != nil || len(resp.Diagnostics) > 0 {
		c.t.Fatal(err, acctest.Prose(resp.Diagnostics))
	}
	return &mixObject{c.decode(resp.ImportedResources[0].State), resp.ImportedResources[0].Private}
}

func (c *mixCore) decode(v *tfprotov6.DynamicValue) tftypes.Value {
	c.t.Helper()
	value, err := v.Unmarshal(c.object)
	if err != nil {
		c.t.Fatal(err)
	}
	return value
}

// proposed is the configuration with the prior values of what the provider fills in.
func (c *mixCore) proposed(config, prior tftypes.Value) tftypes.Value {
	c.t.Helper()
	computed := []string{"id", "output_stream_state", "output_stream_type", "input_type", "app_name", "active_timeout"}
	proposed, err := tftypes.Transform(config, func(at *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		name, ok := at.LastStep().(tftypes.AttributeName)
		if !ok || !v.IsNull() || !slices.Contains(computed, string(name)) {
			return v, nil
		}
		before, _, err := tftypes.WalkAttributePath(prior, at)
		if err != nil {
			return v, nil //nolint:nilerr // The prior object has no such attribute.
		}
		return before.(tftypes.Value), nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return proposed
}

// stage is a simulator in which host and guest push, with processes of the provider beside it.
type stage struct {
	t   *testing.T
	sim *livesim.Server
}

func newStage(t *testing.T, credentials ...livesim.Credential) *stage {
	t.Helper()
	sim := quietSim(t, func(o *livesim.Options) { o.Credentials = append(o.Credentials, credentials...) })
	for _, name := range []string{"host", "guest"} {
		sim.Publish(name, livesim.LongSince())
	}
	return &stage{t, sim}
}

// process starts another process of the provider.
func (s *stage) process() *mixCore {
	s.t.Helper()
	server, _ := newWired(s.t, inProcess{s.sim})
	return newMixCore(s.t, server)
}

// mix is a configuration of the session room; extra lines go into it.
func (s *stage) mix(extra ...string) tftypes.Value {
	s.t.Helper()
	return mixConfig(s.t, fmt.Sprintf(`
		mix_stream_session_id  = "room"
		mix_stream_template_id = 20
		input_stream_list = [
			{ input_stream_name = "host", layout_params = { image_layer = 1 } },
			{ input_stream_name = "guest", layout_params = { image_layer = 2 } },
		]
		output_params = { output_stream_name = "host" }
		%s`, strings.Join(extra, "\n")))
}

// ends checks which calls were made and whether the session lives.
func (s *stage) ends(live bool, creates, cancels int) {
	s.t.Helper()
	if _, ok := s.sim.Session("room"); ok != live {
		s.t.Errorf("the session lives: %t, want %t", ok, live)
	}
	if c, d := len(s.sim.RequestsOf(livesim.ActionCreate)), len(s.sim.RequestsOf(livesim.ActionCancel)); c != creates || d != cancels {
		s.t.Errorf("%d creates and %d cancels, want %d and %d", c, d, creates, cancels)
	}
}
