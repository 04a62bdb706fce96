// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"encoding/json"
	"math/big"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// The framework finds nothing wrong with either schema, and every attribute is described.
func TestMixStreamSchema(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	r := &mixStreamResource{}
	var resp resource.SchemaResponse
	r.Schema(ctx, resource.SchemaRequest{}, &resp)
	if diags := resp.Schema.ValidateImplementation(ctx); diags.HasError() {
		t.Error(diags)
	}
	var identity resource.IdentitySchemaResponse
	r.IdentitySchema(ctx, resource.IdentitySchemaRequest{}, &identity)
	if diags := identity.IdentitySchema.ValidateImplementation(ctx); diags.HasError() {
		t.Error(diags)
	}
	describedAttributes(t, "", resp.Schema.Attributes)
}

// describedAttributes wants a description of every attribute at any depth.
func describedAttributes(t *testing.T, prefix string, attributes map[string]schema.Attribute) {
	t.Helper()
	for name, a := range attributes {
		if a.GetMarkdownDescription() == "" && a.GetDescription() == "" && name != "timeouts" {
			t.Errorf("%s%s has no description", prefix, name)
		}
		switch nested := a.(type) {
		case schema.SingleNestedAttribute:
			describedAttributes(t, prefix+name+".", nested.Attributes)
		case schema.ListNestedAttribute:
			describedAttributes(t, prefix+name+".", nested.NestedObject.Attributes)
		}
	}
}

func TestOutputStreamType(t *testing.T) {
	t.Parallel()
	name, unknown := types.StringValue, types.StringUnknown()
	tests := map[string]struct {
		output  types.String
		inputs  []types.String
		missing int
		want    types.Int64
	}{
		"one of the inputs":                  {name("b"), []types.String{name("a"), name("b")}, 0, types.Int64Value(0)},
		"a new name":                         {name("c"), []types.String{name("a"), name("b")}, 0, types.Int64Value(1)},
		"unknown output":                     {unknown, []types.String{name("a")}, 0, types.Int64Unknown()},
		"unknown input":                      {name("c"), []types.String{name("a"), unknown}, 0, types.Int64Unknown()},
		"found in spite of an unknown input": {name("b"), []types.String{unknown, name("b")}, 0, types.Int64Value(0)},
		"no name is known":                   {name("b"), []types.String{unknown}, 0, types.Int64Unknown()},
		"an input is not known":              {name("b"), []types.String{name("a")}, 1, types.Int64Unknown()},
	}
	for name, tt := range tests {
		m := mixModel{output: outputModel{name: tt.output}, inputList: valueKnown, inputCount: len(tt.inputs) + tt.missing}
		for _, input := range tt.inputs {
			m.inputs = append(m.inputs, inputModel{name: input})
		}
		if got := m.outputStreamType(); !got.Equal(tt.want) {
			t.Errorf("%s: got %s, want %s", name, got, tt.want)
		}
	}
}

func TestInputTypeNumber(t *testing.T) {
	t.Parallel()
	for word, want := range map[mixlayout.Kind]int64{"audio_video": 0, "picture": 2, "canvas": 3, "audio": 4, "video": 5, "web_page": 8} {
		if got := inputTypeNumber(word); got == nil || *got != want {
			t.Errorf("%s: got %v, want %d", word, got, want)
		}
	}
	if inputTypeNumber("") != nil {
		t.Error("an unset type is sent")
	}
}

// What is null is left out of the request, which the JSON shows.
func TestExpandMixStreamLeavesOut(t *testing.T) {
	t.Parallel()
	m, err := readMix(mixConfig(t, `mix_stream_session_id = "s"`))
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(expandMix(m))
	if err != nil {
		t.Fatal(err)
	}
	var sent map[string]any
	if err := json.Unmarshal(b, &sent); err != nil {
		t.Fatal(err)
	}
	for name, value := range sent {
		if name != "MixStreamSessionId" && value != nil {
			t.Errorf("%s is sent as %v", name, value)
		}
	}
}

// bigNumberOf reads a number as the CLI does.
func bigNumberOf(t *testing.T, text string) *big.Float {
	t.Helper()
	number, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	return number
}

// A number that fits is the framework's own value, and one that does not keeps what was written.
func TestNumberTypes(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		of     attr.Type
		number string
		want   attr.Value // nil for a misfit
		text   string
	}{
		"whole":                  {of: wholeNumberType{}, number: "30", want: types.Int64Value(30)},
		"whole, as a decimal":    {of: wholeNumberType{}, number: "30.0", want: types.Int64Value(30)},
		"negative":               {of: wholeNumberType{}, number: "-1", want: types.Int64Value(-1)},
		"the largest":            {of: wholeNumberType{}, number: "9223372036854775807", want: types.Int64Value(9223372036854775807)},
		"one more":               {of: wholeNumberType{}, number: "9223372036854775808", text: "9223372036854775808"},
		"fraction":               {of: wholeNumberType{}, number: "29.97", text: "29.97"},
		"many digits":            {of: wholeNumberType{}, number: "3.33333333333333333333333333", text: "3.333333333"},
		"huge":                   {of: wholeNumberType{}, number: "1e30", text: "1e+30"},
		"no float64 holds it":    {of: wholeNumberType{}, number: "-1e400", text: "-1e+400"},
		"decimal":                {of: decimalType{}, number: "0.5", want: types.Float64Value(0.5)},
		"decimal beyond float64": {of: decimalType{}, number: "1e400", text: "1e+400"},
		"decimal too close to 0": {of: decimalType{}, number: "1e-400", text: "1e-400"},
	} {
		raw := tftypes.NewValue(tftypes.Number, bigNumberOf(t, tt.number))
		got, err := tt.of.ValueFromTerraform(t.Context(), raw)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if !tt.of.Equal(got.Type(t.Context())) {
			t.Errorf("%s: a value of the type %s", name, got.Type(t.Context()))
		}
		back, err := got.ToTerraformValue(t.Context())
		if err != nil || !back.Equal(raw) {
			t.Errorf("%s: turned back into %s, %v", name, back, err)
		}
		if tt.want != nil && !got.Equal(tt.want) || tt.want == nil && got.String() != tt.text {
			t.Errorf("%s: got %s", name, got)
		}
	}
}

// What no plan could know turns out to fit no type. The attribute is named, and nothing panics.
func TestReadPlanRefusesMisfits(t *testing.T) {
	t.Parallel()
	var resp resource.SchemaResponse
	(&mixStreamResource{}).Schema(t.Context(), resource.SchemaRequest{}, &resp)
	for name, tt := range map[string]struct{ body, want string }{
		"template":       {"mix_stream_template_id = 20.5", "mix_stream_template_id must be 10, 20,"},
		"frame rate":     {`output_params = { output_stream_name = "a", output_stream_frame_rate = 29.97 }`, "must be a whole number from 1 to 60; got 29.97."},
		"layer":          {`input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 3/2 } }]`, "must be a whole number from 1 to 16; got 1.5."},
		"width":          {`input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 1, image_width = 1e400 } }]`, "got 1e+400."},
		"crop":           {`input_stream_list = [{ input_stream_name = "a", layout_params = { image_layer = 1 }, crop_params = { crop_width = 1e400 } }]`, "must be 0 to 2000 pixels; got 1e+400."},
		"active timeout": {`output_monitor = { domain_name = "push.example.com", active_timeout = "1" }`, `got "1", which has no unit.`},
	} {
		var diags diag.Diagnostics
		readPlan(t.Context(), tfsdk.Plan{Raw: mixConfig(t, tt.body), Schema: resp.Schema}, &diags)
		if !diags.HasError() || !strings.Contains(diags[0].Detail(), tt.want) {
			t.Errorf("%s: %v", name, diags)
		}
	}
}

// A number that is only known at apply may be none that the API takes. It is refused, and nothing is sent.
func TestApplyRefusesMisfit(t *testing.T) {
	t.Parallel()
	sim := quietSim(t)
	server, _ := newWired(t, inProcess{sim})
	core := newMixCore(t, server)
	mix := func(rate string) tftypes.Value {
		return mixConfig(t, `
			mix_stream_session_id = "room"
			input_stream_list = [
				{ input_stream_name = "host", layout_params = { image_layer = 1, input_type = "audio_video" } },
				{ input_stream_name = "guest", layout_params = { image_layer = 2, input_type = "audio_video" } },
			]
			output_params = { output_stream_name = "show", output_stream_type = 1, output_stream_frame_rate = `+rate+` }`)
	}
	change := core.plan(mix("unknown"), nil)
	if change.failed() {
		t.Fatal(change.text())
	}
	change.value = mix("29.97")
	object, text := core.apply(mix("29.97"), nil, change)
	if object != nil || !strings.Contains(text, "must be a whole number from 1 to 60; got 29.97.") || len(sim.Requests()) > 0 {
		t.Errorf("object %v, %d requests: %s", object, len(sim.Requests()), text)
	}
}

// Each attribute of the schema is read, so that none of them is mistyped or forgotten. The library reads the timeouts.
func TestReadMixReadsEveryAttribute(t *testing.T) {
	t.Parallel()
	objectType := mixObjectType(t)
	empty, err := readMix(filled(objectType, nil))
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range leaves(objectType) {
		if at[0] == "timeouts" {
			continue
		}
		m, err := readMix(filled(objectType, at))
		if err != nil {
			t.Fatal(err)
		}
		parent, err := readMix(filled(objectType, append(slices.Clone(at[:len(at)-1]), "")))
		if err != nil {
			t.Fatal(err)
		}
		if reflect.DeepEqual(m, empty) || reflect.DeepEqual(m, parent) {
			t.Errorf("%s is not read", strings.Join(at, "."))
		}
	}
}

// leaves are the paths of all attributes that are no objects. That of a list goes on with those of its elements.
func leaves(t tftypes.Type) [][]string {
	switch t := t.(type) {
	case tftypes.Object:
		var all [][]string
		for name, attribute := range t.AttributeTypes {
			for _, rest := range leaves(attribute) {
				all = append(all, append([]string{name}, rest...))
			}
		}
		return all
	case tftypes.List:
		return leaves(t.ElementType)
	default:
		return [][]string{nil}
	}
}

// filled is a value of which only the attribute at the path is set. A path that ends with "" sets the object before it.
func filled(t tftypes.Type, at []string) tftypes.Value {
	switch t := t.(type) {
	case tftypes.Object:
		values := map[string]tftypes.Value{}
		for name, attribute := range t.AttributeTypes {
			values[name] = tftypes.NewValue(attribute, nil)
			if len(at) > 0 && at[0] == name {
				values[name] = filled(attribute, at[1:])
			}
		}
		return tftypes.NewValue(t, values)
	case tftypes.List:
		return tftypes.NewValue(t, []tftypes.Value{filled(t.ElementType, at)})
	}
	switch {
	case t.Is(tftypes.Bool):
		return tftypes.NewValue(t, true)
	case t.Is(tftypes.Number):
		return tftypes.NewValue(t, 7)
	default:
		return tftypes.NewValue(t, "7s")
	}
}

// BenchmarkReadMix sets the reading of a mix beside the framework's conversion of the same value, which reading it into a
// struct begins with.
func BenchmarkReadMix(b *testing.B) {
	var resp resource.SchemaResponse
	(&mixStreamResource{}).Schema(b.Context(), resource.SchemaRequest{}, &resp)
	raw := mixConfig(b, `
		mix_stream_session_id = "room"
		input_stream_list = [
			{ input_stream_name = "host",
			  layout_params     = { image_layer = 1, image_width = 1920, image_height = 0.25, location_x = 0, location_y = 0.5 },
			  crop_params       = { crop_width = 640, crop_height = 360, crop_start_location_x = 10, crop_start_location_y = 20 } },
			{ input_stream_name = "guest",
			  layout_params     = { image_layer = 2, image_width = 1900, image_height = 0.25, location_x = 10, location_y = 0.5 },
			  crop_params       = { crop_width = 640, crop_height = 360, crop_start_location_x = 10, crop_start_location_y = 20 } },
		]
		output_params  = { output_stream_name = "stage", output_stream_bit_rate = 2500 }
		control_params = { pass_input_sei = true }
		timeouts       = { create = "10m" }`)
	b.Run("own", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := readMix(raw); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("framework", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := resp.Schema.Type().ValueFromTerraform(b.Context(), raw); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// Tencent refuses the first update after an import. The session is the resource's all the same: a destroy cancels it, also
// in the same process.
func TestMixStreamUpdateAfterImportRefused(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newStage(t)
		s.process().change(s.mix(), nil)
		core := s.process()
		imported := core.refresh(core.importID("room"))
		s.sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InvalidParameter.InvalidBitrate", Message: "no"}})
		object, text := core.apply(s.mix(), imported, core.plan(s.mix(), imported))
		acctest.ExpectText(t, text, "Error: Unable to update mix stream", `The session "room" is unchanged`)
		if next := core.plan(s.mix(), object); !next.changes(object) {
			t.Error("nothing is planned after a refused update")
		}
		core.end(object)
		s.ends(false, 2, 1)
	})
}

// processAt starts a process of the provider that calls a host with a key, which the simulator answers in its place.
func (s *stage) processAt(host, keyID string) *mixCore {
	s.t.Helper()
	client := newClient(s.t, liveapi.Config{
		Credentials: liveapi.Credentials{Static: &liveapi.Keys{SecretID: keyID, SecretKey: "another-secret-key"}},
		Endpoint:    &url.URL{Scheme: "https", Host: host},
		Transport:   inProcess{s.sim},
	})
	return newMixCore(s.t, serve(s.t, client))
}

// "Does not exist" proves nothing about the site and the account in which the session was applied.
func TestMixStreamDestroyedElsewhere(t *testing.T) {
	t.Parallel()
	const mainland, international = "live.tencentcloudapi.com", "live.intl.tencentcloudapi.com"
	for name, tt := range map[string]struct {
		fromHost, fromKey, toHost, toKey string
		stays                            bool
		want                             []string
	}{
		"at the same site with the same key": {fromHost: mainland, fromKey: "AKIDone", toHost: mainland, toKey: "AKIDone"},
		"at the other site": {
			fromHost: mainland, fromKey: "AKIDone", toHost: international, toKey: "AKIDone", stays: true,
			want: []string{"Error: Mix stream not found at this site", "at the international site", "last applied at the mainland site", "domain", "terraform state rm"},
		},
		"at the other site, with another key": {
			fromHost: international, fromKey: "AKIDone", toHost: mainland, toKey: "AKIDtwo", stays: true,
			want: []string{"Error: Mix stream not found at this site", "at the mainland site", "last applied at the international site"},
		},
		"with another key": {
			fromHost: mainland, fromKey: "AKIDone", toHost: mainland, toKey: "AKIDtwo",
			want: []string{"Warning: Mix stream may still be running", "applied with other credentials", "another account"},
		},
		"at a custom endpoint": {
			fromHost: mainland, fromKey: "AKIDone", toHost: "proxy.example.com", toKey: "AKIDone",
			want: []string{"Warning: Mix stream may still be running", "(mainland, now custom)"},
		},
		"at a simulator that came back on another port": {fromHost: "127.0.0.1:4000", fromKey: "AKIDone", toHost: "127.0.0.1:5000", toKey: "AKIDone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const secret = "another-secret-key"
				s := newStage(t, livesim.Credential{ID: "AKIDone", Key: secret}, livesim.Credential{ID: "AKIDtwo", Key: secret})
				object := s.processAt(tt.fromHost, tt.fromKey).change(s.mix(), nil)
				s.sim.Unpublish("host")
				s.sim.Unpublish("guest")
				s.sim.Advance(16 * time.Minute)
				s.ends(false, 1, 0)

				core := s.processAt(tt.toHost, tt.toKey)
				left, text := core.apply(core.null(), object, core.plan(core.null(), object))
				acctest.ExpectText(t, text, tt.want...)
				if (left != nil) != tt.stays {
					t.Errorf("the object stays: %t, want %t", left != nil, tt.stays)
				}
				if left == nil {
					return
				}
				core = s.processAt(tt.fromHost, tt.fromKey)
				left, text = core.apply(core.null(), left, core.plan(core.null(), left))
				if acctest.ExpectText(t, text); left != nil {
					t.Error("the destroy at the right site leaves the object")
				}
			})
		})
	}
}
