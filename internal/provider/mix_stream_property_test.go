// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// What the provider accepts the API accepts, and what the provider refuses the API refuses: the simulator stands for the
// API, and was written from its pages without a look at the provider. Each subtest is a hundred mixes of a seed of its own,
// which a failure names. Under the race detector, which makes each of them five times as slow, there is a tenth of them;
// SOAK=1 runs twenty times as many, for which the default timeout of go test is too short.
func TestMixStreamProperties(t *testing.T) {
	subtests := 100
	if raceDetector {
		subtests = 10
	}
	if os.Getenv("SOAK") != "" {
		subtests *= 20
	}
	// Nothing lives longer than its mix.
	gcPercent := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(gcPercent) })

	var seen tally
	t.Run("mixes", func(mixes *testing.T) {
		for i := range subtests {
			mixes.Run(strconv.Itoa(i), func(t *testing.T) {
				t.Parallel()
				if mixes.Failed() {
					t.Skip("one failure is enough: to make it small takes half a minute")
				}
				rapid.Check(t, newMixProperties(t, &seen).hold)
			})
		}
	})
	accepted, refused := seen.accepted.Load(), seen.refused.Load()
	t.Logf("%d mixes accepted, %d refused, of which %d could not be sent; %d asked again with unknown values",
		accepted, refused, seen.unsent.Load(), seen.blanked.Load())
	if total := accepted + refused; total >= 1000 && (accepted < total*3/10 || accepted > total*7/10) {
		t.Errorf("%d of %d mixes are valid: too one-sided to find much", accepted, total)
	}
}

type tally struct{ accepted, refused, unsent, blanked atomic.Int64 }

// mixProperties are a provider, and a simulator in which every stream pushes, without sockets between them.
type mixProperties struct {
	tb     *testing.T
	seen   *tally
	server tfprotov6.ProviderServer
	schema resource.SchemaResponse
	object tftypes.Object
	sim    *livesim.Server
	client *liveapi.Client
	// mutations are what may be wrong with a mix.
	mutations []mutation
}

func newMixProperties(t *testing.T, seen *tally) *mixProperties {
	t.Helper()
	o := livesim.DefaultOptions()
	o.AnyStreamPushes = true
	o.CancelAfterCreate, o.ReuseAfterCancel, o.Quota = 0, 0, nil
	p := &mixProperties{tb: t, seen: seen, server: newServer(New("test")()), object: mixObjectType(t), sim: livesim.New(o), mutations: mutations()}
	t.Cleanup(func() {
		if err := p.sim.Close(); err != nil {
			t.Error(err)
		}
	})
	(&mixStreamResource{}).Schema(t.Context(), resource.SchemaRequest{}, &p.schema)
	var err error
	p.client, err = liveapi.New(liveapi.Config{
		Credentials: liveapi.Credentials{Static: &liveapi.Keys{SecretID: o.Credentials[0].ID, SecretKey: o.Credentials[0].Key}},
		Endpoint:    &url.URL{Scheme: "https", Host: "live.test"},
		Rates:       liveapi.Rates{Create: 1e9},
		Transport:   inProcess{p.sim},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
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

func (p *mixProperties) hold(t *rapid.T) {
	mix := rapid.Custom(p.drawMix).Draw(t, "mix").object
	raw := wire(mix, p.object)
	problems := p.validate(t, raw)
	sent, err := p.send(raw)

	if len(problems) == 0 {
		p.seen.accepted.Add(1)
		if !sent || err != nil {
			t.Fatalf("the provider accepts what the API refuses (sent: %t): %v", sent, err)
		}
	} else {
		p.seen.refused.Add(1)
		if !sent {
			p.seen.unsent.Add(1)
		}
		if sent && err == nil && slices.ContainsFunc(problems, func(d *tfprotov6.Diagnostic) bool { return !stricter(d, mix) }) {
			t.Fatalf("the provider refuses what the API accepts:\n%s", prose(problems))
		}
	}
	// Gone is the answer to one input without allow_copy, which the API takes for a cancel.
	if failed := (*liveapi.Error)(nil); err != nil && (!errors.As(err, &failed) || failed.Kind != liveapi.Invalid && failed.Kind != liveapi.Gone) {
		t.Fatalf("the mix was not refused for what it says: %v", err)
	}

	if oneIn(t, 8) {
		p.seen.blanked.Add(1)
		p.holdUnknown(t, mix, problems)
	}
}

// validate returns the errors of a configuration, each of which says where and what.
func (p *mixProperties) validate(t *rapid.T, raw tftypes.Value) []*tfprotov6.Diagnostic {
	var problems []*tfprotov6.Diagnostic
	for _, d := range validateMix(p.tb, p.server, raw) {
		if d.Severity != tfprotov6.DiagnosticSeverityError {
			continue
		}
		problems = append(problems, d)
		if d.Summary == "" || d.Detail == "" || len(d.Attribute.Steps()) == 0 {
			t.Errorf("an error without a text or a place: %+v", d)
			continue
		}
		if _, err := p.schema.Schema.TypeAtTerraformPath(p.tb.Context(), d.Attribute); err != nil {
			t.Errorf("an error at %s, which the schema does not have: %v", d.Attribute, err)
		}
		if _, _, err := tftypes.WalkAttributePath(raw, d.Attribute); err != nil {
			t.Errorf("an error at %s, which the configuration does not have: %v", d.Attribute, err)
		}
	}
	return problems
}

// send creates the mix as an apply would. The one default that a plan fills in, input_type, is the API's as well. A mix
// that the model cannot hold, such as one with half a layer, or that has no session ID cannot be sent.
func (p *mixProperties) send(raw tftypes.Value) (sent bool, _ error) {
	ctx := p.tb.Context()
	var m mixStreamModel
	if diags := (tfsdk.Config{Raw: raw, Schema: p.schema.Schema}).Get(ctx, &m); diags.HasError() || m.SessionID.IsNull() {
		return false, nil
	}
	params, diags := expandMixStream(ctx, &m)
	if diags.HasError() {
		return false, nil
	}
	defer p.sim.Reset()
	_, err := p.client.ApplyMixStream(ctx, params, liveapi.Apply{Applied: liveapi.NewApplied()})
	return true, err
}

// holdUnknown asks again with some values not known yet. What is wrong then was wrong before.
func (p *mixProperties) holdUnknown(t *rapid.T, mix object, problems []*tfprotov6.Diagnostic) {
	density := pick(t, 2, 6, 20)
	blanked := rapid.Custom(func(t *rapid.T) configuration {
		return configuration{blank(t, density, mix, p.object).(object)}
	}).Draw(t, "mix with unknown values").object
	before, layerTwice := map[string]bool{}, false
	for _, d := range problems {
		if d.Summary == "Configuration Read Error" {
			return // Of half a layer the framework tells, and of nothing else in its list.
		}
		before[complaint(d)] = true
		layerTwice = layerTwice || d.Summary == "Layer used twice"
	}
	for _, d := range p.validate(t, wire(blanked, p.object)) {
		if layerTwice && d.Summary == leavesBackground {
			continue // Which of two backgrounds counts depends on which of them are known.
		}
		if !before[complaint(d)] {
			t.Errorf("with unknown values:\n%s\nand without:\n%s", prose([]*tfprotov6.Diagnostic{d}), prose(problems))
		}
	}
}

const leavesBackground = "Input leaves the background"

// complaint is what an error is about: its place and its summary, but for what is told in one of two ways by how much is
// known of it.
func complaint(d *tfprotov6.Diagnostic) string {
	at, summary := wirePath(d.Attribute), d.Summary
	switch summary {
	case leavesBackground: // By the size, where the position is not known.
		at = strings.NewReplacer("image_width", "location_x", "image_height", "location_y").Replace(at)
	case "The only input is also the output": // By the count, where allow_copy is known to be off.
		at, summary = "input_stream_list", "A mix of one input"
	}
	return at + ": " + summary
}

// stricter tells of the errors that the provider makes on its own account.
func stricter(d *tfprotov6.Diagnostic, mix object) bool {
	at := wirePath(d.Attribute)
	// Both are nil where they are left out.
	value, _, _ := tftypes.WalkAttributePath(mix, d.Attribute)
	kind, _, _ := tftypes.WalkAttributePath(mix, d.Attribute.WithoutLastStep().WithAttributeName("input_type"))
	switch {
	case strings.HasPrefix(at, "timeouts."), strings.HasPrefix(at, "output_monitor"):
		return true // The API sees nothing of them.
	case strings.HasSuffix(at, ".input_type"):
		return true // The API knows no words, so that a wrong one cannot be sent.
	case strings.HasSuffix(at, ".color"):
		text, ok := value.(string)
		return ok && colorPattern.MatchString(*expandColor(types.StringValue(text))) // It is sent in another spelling.
	case strings.HasSuffix(at, ".web_page_url"):
		return value != "" || kind != inputWebPage // To the API any text is a URL.
	case strings.HasSuffix(at, ".watermark_id"):
		return kind != inputPicture // The API does not look at it then.
	case at == "mix_stream_template_id":
		return value == 0.0 // To the API it is the custom layout, which one gets without a template.
	}
	return d.Summary == "Output bears the name of an input that is no stream"
}

// object is the value of an object of a configuration: numbers are float64, nil is null, and unknownValue unknown.
type object = map[string]any

type unknownValue struct{}

// wire turns a value into what the CLI sends. Attributes that are left out are null.
func wire(v any, t tftypes.Type) tftypes.Value {
	switch v := v.(type) {
	case unknownValue:
		return tftypes.NewValue(t, tftypes.UnknownValue)
	case object:
		attributes := t.(tftypes.Object).AttributeTypes
		fields := make(map[string]tftypes.Value, len(attributes))
		for name := range v {
			if _, ok := attributes[name]; !ok {
				panic("there is no attribute " + name)
			}
		}
		for name, attributeType := range attributes {
			fields[name] = wire(v[name], attributeType)
		}
		return tftypes.NewValue(t, fields)
	case []any:
		elements := make([]tftypes.Value, len(v))
		for i, element := range v {
			elements[i] = wire(element, t.(tftypes.List).ElementType)
		}
		return tftypes.NewValue(t, elements)
	case float64:
		// The CLI reads decimals with this precision.
		number, _, err := big.ParseFloat(plain(v), 10, 512, big.ToNearestEven)
		if err != nil {
			panic(err)
		}
		return tftypes.NewValue(t, number)
	default:
		return tftypes.NewValue(t, v)
	}
}

// configuration is a mix that a failure shows as the body of a resource block.
type configuration struct{ object }

// GoString is what rapid prints. An expression of HCL may be written as JSON.
func (c configuration) GoString() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(c.object)) {
		text, err := json.Marshal(c.object[name])
		if err != nil {
			text = []byte(err.Error())
		}
		fmt.Fprintf(&b, "\n%s = %s", name, bytes.ReplaceAll(text, []byte(`"`+unknownWord+`"`), []byte("unknown")))
	}
	return b.String()
}

// unknownWord stands for an unknown value until GoString has written it.
const unknownWord = "this value is not known"

// MarshalText makes an unknown value a word.
func (unknownValue) MarshalText() ([]byte, error) { return []byte(unknownWord), nil }

func oneIn(t *rapid.T, n int) bool { return between(t, 1, n) == n }

func between(t *rapid.T, low, high int) int { return rapid.IntRange(low, high).Draw(t, "") }

func pick[T any](t *rapid.T, from ...T) T { return rapid.SampledFrom(from).Draw(t, "") }

// drawMix returns a mix as the pages allow it, with up to three changes that they may not allow.
func (p *mixProperties) drawMix(t *rapid.T) configuration {
	mix := drawValid(t)
	for range pick(t, 0, 0, 1, 1, 1, 2, 2, 3) {
		pick(t, p.mutations...)(t, mix)
	}
	return configuration{mix}
}

// drawValid prefers few inputs, as the time of a case grows with them.
func drawValid(t *rapid.T) object {
	n := pick(t, 2, 2, 3, 2, 1, 2, 3, 2, 2, 3, 2, 1, 2, 2, 3, 0)
	if n == 0 {
		n = pick(t, 4, 4, 5, 6, between(t, 7, maxInputs))
	}
	layers := make([]float64, maxInputs-1)
	for i := range layers {
		layers[i] = float64(i + 2)
	}
	layers = rapid.Permutation(layers).Draw(t, "")

	background := drawBackground(t)
	inputs := []any{background}
	for i := range n - 1 {
		inputs = append(inputs, drawInput(t, i, layers[i], background["layout_params"].(object)))
	}
	mix := object{
		"mix_stream_session_id": pick(t, "s", "room_1", strings.Repeat("S", 80)),
		"output_params":         drawOutput(t, inputs),
	}
	if oneIn(t, 3) {
		mix["mix_stream_template_id"] = drawTemplate(t, inputs)
	}
	mix["input_stream_list"] = rapid.Permutation(inputs).Draw(t, "")
	if n == 1 || oneIn(t, 4) {
		mix["control_params"] = drawSome(t, object{"use_mix_crop_center": true, "pass_input_sei": false, "use_picture_transparent": true})
		if n == 1 {
			child(mix, "control_params")["allow_copy"] = true
		}
	}
	if oneIn(t, 5) {
		mix["wait_for_inputs"] = true
		mix["output_monitor"] = object{"domain_name": "push.example.com", "active_timeout": pick[any](t, nil, "0s", "1m")}
		mix["timeouts"] = drawSome(t, object{"create": "10m", "read": "1s", "update": "1h", "delete": "90s"})
	}
	return mix
}

// drawSome leaves some attributes out.
func drawSome(t *rapid.T, all object) object {
	some := object{}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		if oneIn(t, 2) {
			some[name] = all[name]
		}
	}
	return some
}

func drawBackground(t *rapid.T) object {
	layout := object{"image_layer": 1.0}
	layout["input_type"] = pick[any](t, inputCanvas, nil, inputAudioVideo, inputCanvas, inputVideo, inputPicture, inputWebPage, inputAudio)
	layout["image_width"], layout["image_height"] = pick(t, 1280.0, 640.5, 1, maxPixels), float64(between(t, 1, maxPixels))
	if layout["input_type"] != inputCanvas { // It has a size of its own.
		layout["image_width"] = pick(t, nil, layout["image_width"], 0.5)
		layout["image_height"] = pick(t, nil, layout["image_height"], 0.5)
	}
	return drawRest(t, "background", layout)
}

func drawInput(t *rapid.T, i int, layer float64, background object) object {
	layout := object{"image_layer": layer}
	layout["input_type"] = pick[any](t, nil, inputAudioVideo, inputVideo, inputPicture, inputAudio, inputWebPage, inputCanvas)
	for _, s := range sides {
		length := float64(maxPixels)
		if given, ok := background[s.size].(float64); ok && !isFraction(given) && background["input_type"] != inputAudio {
			length = given
		}
		layout[s.position], layout[s.size] = drawSide(t, length, layout["input_type"] == inputCanvas)
	}
	return drawRest(t, fmt.Sprintf("input_%d", i), layout)
}

// drawSide takes a part of a side of so many pixels, in pixels or fractions, as often as not up to its end.
func drawSide(t *rapid.T, length float64, sized bool) (position, size any) {
	before := between(t, 0, 99)
	part := between(t, 1, 100-before)
	if oneIn(t, 2) {
		part = 100 - before
	}
	pixels := func(hundredths int) any { return math.Floor(length * float64(hundredths) / 100) }
	fraction := func(hundredths int) any { return float64(min(hundredths, 99)) / 100 }
	position = pick(t, nil, pixels(before), fraction(before))
	size = pick(t, nil, pixels(part), fraction(part))
	if sized && (size == nil || size == 0.0) {
		size = fraction(part)
	}
	return position, size
}

// drawRest adds what each kind of input needs, and what any may have.
func drawRest(t *rapid.T, name string, layout object) object {
	switch layout["input_type"] {
	case inputCanvas:
		layout["color"] = pick[any](t, nil, "#cc0033", "0xCC0033", "0X00ff7F")
	case inputPicture:
		layout["watermark_id"] = pick(t, 1.0, 4711)
	case inputWebPage:
		layout["web_page_url"] = pick(t, "https://example.com/page", "HTTP://1.2.3.4")
	default:
		name = pick(t, name, "twice", strings.Repeat("n", 80))
	}
	in := object{"input_stream_name": name, "layout_params": layout}
	if oneIn(t, 6) {
		x, y := between(t, 0, maxPixels), between(t, 0, maxPixels)
		in["crop_params"] = drawSome(t, object{
			"crop_start_location_x": float64(x), "crop_width": float64(between(t, 0, maxPixels-x)),
			"crop_start_location_y": float64(y), "crop_height": float64(between(t, 0, maxPixels-y)),
		})
	}
	if oneIn(t, 8) {
		in["portrait_segment_params"] = object{"color": pick[any](t, nil, "#00FF00")}
	}
	return in
}

func drawOutput(t *rapid.T, inputs []any) object {
	output := object{"output_stream_name": pick(t, "out", strings.Repeat("o", 80))}
	if of := pick(t, inputs...).(object); len(inputs) > 1 && isStream(of) && oneIn(t, 2) {
		output["output_stream_name"] = of["input_stream_name"]
	}
	if oneIn(t, 3) {
		maps.Copy(output, drawSome(t, object{
			"output_stream_bit_rate": pick(t, 1.0, 50000), "output_stream_gop": pick(t, 1.0, 10), "output_stream_frame_rate": pick(t, 1.0, 60),
			"output_audio_bit_rate": pick(t, 1.0, 500), "output_audio_channels": pick(t, 1.0, 2), "output_audio_sample_rate": pick(t, 8000.0, 44100, 96000),
			"mix_sei": pick(t, "", "现场"),
		}))
	}
	return output
}

func isStream(in object) bool {
	kind := child(in, "layout_params")["input_type"]
	return kind == nil || kind == inputAudioVideo || kind == inputAudio || kind == inputVideo
}

// drawTemplate returns a template for the inputs, of which the first is the background; nil where there is none.
func drawTemplate(t *rapid.T, inputs []any) any {
	visual := len(inputs)
	for _, in := range inputs {
		if child(in.(object), "layout_params")["input_type"] == inputAudio {
			visual--
		}
	}
	canvas := child(inputs[0].(object), "layout_params")["input_type"] == inputCanvas
	fitting := []any{nil}
	for _, of := range templates {
		for _, id := range of.ids {
			if of.inputs == visual && (canvas || !slices.Contains(canvasTemplates, id)) {
				fitting = append(fitting, float64(id))
			}
		}
	}
	return pick(t, fitting...)
}

// child returns an object of an object. What is not there is put there.
func child(parent object, name string) object {
	of, ok := parent[name].(object)
	if !ok {
		of = object{}
		parent[name] = of
	}
	return of
}

// mutation is a change that a mix may not bear.
type mutation func(*rapid.T, object)

// The parts of a mix that change.
func theMix(_ *rapid.T, mix object) object      { return mix }
func theOutput(_ *rapid.T, mix object) object   { return child(mix, "output_params") }
func theControl(_ *rapid.T, mix object) object  { return child(mix, "control_params") }
func theTimeouts(_ *rapid.T, mix object) object { return child(mix, "timeouts") }
func theMonitor(_ *rapid.T, mix object) object  { return child(mix, "output_monitor") }
func aLayout(t *rapid.T, mix object) object     { return child(anInput(t, mix), "layout_params") }
func aSegment(t *rapid.T, mix object) object {
	return child(anInput(t, mix), "portrait_segment_params")
}

// aCrop is full to the edge where there was none.
func aCrop(t *rapid.T, mix object) object {
	crop := child(anInput(t, mix), "crop_params")
	if len(crop) == 0 {
		maps.Copy(crop, object{"crop_start_location_x": 400.0, "crop_width": 1600.0, "crop_start_location_y": 1900.0, "crop_height": 100.0})
	}
	return crop
}

func anInput(t *rapid.T, mix object) object {
	inputs := mix["input_stream_list"].([]any)
	if len(inputs) == 0 {
		return object{}
	}
	return pick(t, inputs...).(object)
}

// set changes one of the named attributes to one of the values.
func set(of func(*rapid.T, object) object, names string, values ...any) mutation {
	return func(t *rapid.T, mix object) { of(t, mix)[pick(t, strings.Fields(names)...)] = pick(t, values...) }
}

// nudge makes one of the named attributes, which may lie flush with an edge, a little larger.
func nudge(of func(*rapid.T, object) object, names string) mutation {
	return func(t *rapid.T, mix object) {
		parent, name := of(t, mix), pick(t, strings.Fields(names)...)
		if value, ok := parent[name].(float64); ok {
			parent[name] = value + pick(t, 1, 0.01)
		}
	}
}

func mutations() []mutation {
	const (
		places = "location_x location_y image_width image_height"
		crops  = "crop_start_location_x crop_start_location_y crop_width crop_height"
	)
	lengths := []any{nil, -1.0, -0.5, 0.0, 0.005, 0.01, 0.5, 0.99, 0.995, 1.0, 1.5, 700.0, 1999.5, 2000.0, 2000.5, 2001.0, 1e300}
	counts := []any{-1.0, 0.0, 1.0, 1.5, 2.0, 3.0, 10.0, 11.0, 60.0, 61.0, 500.0, 501.0, 50000.0, 50001.0, 44100.0, 44101.0, 1e300}
	names := []any{nil, "", "a b", "a-b", "é", "a\n", strings.Repeat("n", 81), "input_0", "background"}
	colors := []any{nil, "", "red", "CC0033", "#CC003", "0xCC00331", "0xcc003g", "#0xCC0033", "0XCC0033", "#cc0033"}
	templates := []any{nil, 0.0, 10.0, 20.0, 50.0, 310.0, 390.0, 391.0, 410.0, 510.0, 590.0, 610.0, 11.0, -10.0, 1e300}
	kinds := []any{nil, inputAudioVideo, inputPicture, inputCanvas, inputAudio, inputVideo, inputWebPage, "", "Canvas"}
	urls := []any{nil, "", "https://example.com", "ftp://example.com", "https://", "example.com", " https://example.com"}
	return []mutation{
		set(aLayout, "image_layer", nil, 1.0, 2.0, 16.0, 17.0, 0.0, -1.0, 1.5),
		set(aLayout, "input_type", kinds...),
		set(aLayout, places, lengths...),
		set(aLayout, places, 0.6, 700.0, 1200.0),
		nudge(aLayout, places),
		set(aLayout, "watermark_id", nil, 0.0, -1.0, 1.0, 1.5),
		set(aLayout, "web_page_url", urls...),
		set(aLayout, "color", colors...),
		set(aSegment, "color", colors...),
		set(aCrop, crops, lengths...),
		nudge(aCrop, crops),
		set(anInput, "input_stream_name", names...),
		set(anInput, "layout_params", nil),
		set(theMix, "mix_stream_session_id", names...),
		set(theMix, "mix_stream_template_id", templates...),
		set(theMix, "output_params", nil),
		set(theOutput, "output_stream_name", names...),
		set(theOutput, "output_stream_bit_rate output_stream_gop output_stream_frame_rate", counts...),
		set(theOutput, "output_audio_bit_rate output_audio_sample_rate output_audio_channels", counts...),
		set(theControl, "allow_copy", nil, true, false),
		set(theTimeouts, "create read update delete", "0s", "-1m", "soon", "1ms"),
		set(theMonitor, "domain_name app_name", nil, "", "live", strings.Repeat("d", 256)),
		set(theMonitor, "active_timeout", "-1s", "1", "1s"),
		func(t *rapid.T, mix object) {
			theOutput(t, mix)["output_stream_name"] = anInput(t, mix)["input_stream_name"]
		},
		func(t *rapid.T, mix object) { aLayout(t, mix)["image_layer"] = aLayout(t, mix)["image_layer"] },
		func(t *rapid.T, mix object) {
			inputs := mix["input_stream_list"].([]any)
			n := pick(t, 0, 1, 1, 1, 1, 1, maxInputs+1)
			inputs = inputs[:min(len(inputs), n)]
			for len(inputs) < n {
				inputs = append(inputs, object{"input_stream_name": "more", "layout_params": object{"image_layer": float64(len(inputs) + 1)}})
			}
			mix["input_stream_list"] = inputs
		},
	}
}

// blank returns a value of which some parts are not known. An element of a list stays as such: Terraform's framework
// misses its required attributes.
func blank(t *rapid.T, density int, v any, of tftypes.Type) any {
	switch of := of.(type) {
	case tftypes.Object:
		known, ok := v.(object)
		if !ok {
			return v
		}
		blanked := object{}
		for _, name := range slices.Sorted(maps.Keys(of.AttributeTypes)) {
			switch {
			case name == "id", name == "output_stream_state", name == "output_stream_type":
				// Only the provider sets them.
			case oneIn(t, density):
				blanked[name] = unknownValue{}
			default:
				blanked[name] = blank(t, density, known[name], of.AttributeTypes[name])
			}
		}
		return blanked
	case tftypes.List:
		var blanked []any
		for _, element := range v.([]any) {
			blanked = append(blanked, blank(t, density, element, of.ElementType))
		}
		return blanked
	}
	return v
}
