// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"context"
	"flag"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
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
	client := newClient(t, liveapi.Config{
		Credentials: liveapi.Credentials{Static: &liveapi.Keys{SecretID: known.ID, SecretKey: known.Key}},
		Endpoint:    &url.URL{Scheme: "https", Host: "live.test"},
		MaxRetries:  3,
		Pacing:      liveapi.DefaultPacing(),
		Transport:   transport,
	})
	return serve(t, client), client
}

func newClient(t *testing.T, cfg liveapi.Config) *liveapi.Client {
	t.Helper()
	client, err := liveapi.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return client
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

// call runs a function as the framework does: numbers are numbers, and arguments beyond the parameters are gathered.
func call(t *testing.T, f function.Function, arguments ...attr.Value) (attr.Value, *function.FuncError) {
	t.Helper()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	parameters := definition.Definition.Parameters
	if len(arguments) < len(parameters) || len(arguments) > len(parameters) && definition.Definition.VariadicParameter == nil {
		t.Fatalf("%d arguments for %d parameters", len(arguments), len(parameters))
	}
	var given []attr.Value
	for _, argument := range arguments {
		switch v := argument.(type) {
		case types.Int64:
			argument = types.NumberNull()
			if !v.IsNull() {
				argument = types.NumberValue(new(big.Float).SetInt64(v.ValueInt64()))
			}
		case types.Float64:
			argument = types.NumberValue(big.NewFloat(v.ValueFloat64()))
		}
		given = append(given, argument)
	}
	if definition.Definition.VariadicParameter != nil {
		var kinds []attr.Type
		for _, v := range given[len(parameters):] {
			kinds = append(kinds, v.Type(t.Context()))
		}
		given = append(given[:len(parameters):len(parameters)], types.TupleValueMust(kinds, given[len(parameters):]))
	}
	result, err := definition.Definition.Return.NewResultData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp := function.RunResponse{Result: result}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(given)}, &resp)
	if resp.Error != nil && strings.HasSuffix(resp.Error.Text, ".") {
		t.Errorf("Terraform adds a second period: %s", resp.Error.Text)
	}
	return resp.Result.Value(), resp.Error
}

// expectArgumentError checks that a call failed for the argument at a position, and that the error has a text.
func expectArgumentError(t *testing.T, err *function.FuncError, position int64, text string) {
	t.Helper()
	if err == nil || err.FunctionArgument == nil || *err.FunctionArgument != position || !strings.Contains(err.Text, text) {
		t.Fatalf("got %+v, want %d: %s", err, position, text)
	}
}

// text is a string argument, or null.
func text(s string) types.String {
	if s == "null" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// plainList evaluates an expression as Terraform does before it passes an argument of any type: lists are tuples, and
// objects have just the attributes that are written.
func plainList(t *testing.T, expression string) types.Dynamic {
	t.Helper()
	parsed, diags := hclsyntax.ParseExpression([]byte(expression), "test.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := parsed.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return types.DynamicValue(frameworkValue(t, v))
}

func frameworkValue(t *testing.T, v cty.Value) attr.Value {
	t.Helper()
	switch {
	case v.IsNull():
		return types.DynamicNull()
	case v.Type() == cty.String:
		return types.StringValue(v.AsString())
	case v.Type() == cty.Bool:
		return types.BoolValue(v.True())
	case v.Type() == cty.Number:
		return types.NumberValue(new(big.Float).Set(v.AsBigFloat()))
	case v.Type().IsTupleType():
		var elements []attr.Value
		var kinds []attr.Type
		for _, element := range v.AsValueSlice() {
			converted := frameworkValue(t, element)
			elements, kinds = append(elements, converted), append(kinds, converted.Type(t.Context()))
		}
		return types.TupleValueMust(kinds, elements)
	default:
		attributes, kinds := map[string]attr.Value{}, map[string]attr.Type{}
		for name, attribute := range v.AsValueMap() {
			converted := frameworkValue(t, attribute)
			attributes[name], kinds[name] = converted, converted.Type(t.Context())
		}
		return types.ObjectValueMust(kinds, attributes)
	}
}

func rawOf(t *testing.T, v attr.Value) tftypes.Value {
	t.Helper()
	raw, err := v.ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func rawText(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func rawNumber(f float64) tftypes.Value { return tftypes.NewValue(tftypes.Number, f) }

func rawTexts(elements ...tftypes.Value) tftypes.Value {
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
}

// anArgumentList are arguments that each function accepts, by its name.
func anArgumentList(t *testing.T) map[string][]tftypes.Value {
	t.Helper()
	mix := rawOf(t, plainList(t, `[
		{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720 } },
		{ input_stream_name = "host", layout_params = { image_layer = 2 } },
	]`))
	stream := []tftypes.Value{rawText("live.example.com"), rawText("live"), rawText("host"), rawText("secret"), rawText("2030-01-01T00:00:00Z")}
	return map[string][]tftypes.Value{
		"push_urls":                 stream,
		"play_urls":                 stream,
		"grid_layout":               {rawTexts(rawText("a"), rawText("b")), rawNumber(1280), rawNumber(720)},
		"picture_in_picture_layout": {rawText("a"), rawTexts(rawText("b")), rawNumber(1280), rawNumber(720), rawText("top_left"), rawNumber(0), rawNumber(0.25)},
		"side_by_side_layout":       {rawText("a"), rawText("b"), rawNumber(1280), rawNumber(720), rawNumber(0), rawNumber(0.5)},
		"speaker_layout":            {rawText("a"), rawTexts(rawText("b")), rawNumber(1280), rawNumber(720), rawText("left"), rawNumber(0.25)},
		"overlay":                   {mix, rawText("logo"), rawNumber(7), rawNumber(160), rawNumber(90), rawText("top_right"), rawNumber(20)},
		"inputs":                    {mix},
		"layout_svg":                {mix, rawNumber(20)},
		"layout_text":               {mix, rawNumber(20)},
	}
}

// callRaw calls a function through the server, as another implementation of the protocol than Terraform's may.
func callRaw(t *testing.T, server tfprotov6.ProviderServer, name string, arguments []tftypes.Value) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	definition := functionNamed(t, name)
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		kind := tftypes.Type(tftypes.DynamicPseudoType)
		if i < len(definition.Parameters) {
			kind = definition.Parameters[i].GetType().TerraformType(t.Context())
		}
		onTheWire, err := tfprotov6.NewDynamicValue(kind, argument)
		if err != nil {
			t.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &onTheWire)
	}
	resp, err := server.CallFunction(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	result, err := resp.Result.Unmarshal(definition.Return.GetType().TerraformType(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return result, nil
}

func functionNamed(t *testing.T, name string) function.Definition {
	t.Helper()
	for _, construct := range (&tencentcssProvider{}).Functions(t.Context()) {
		f := construct()
		var metadata function.MetadataResponse
		f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
		if metadata.Name == name {
			var definition function.DefinitionResponse
			f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
			return definition.Definition
		}
	}
	t.Fatalf("there is no function %s", name)
	return function.Definition{}
}
