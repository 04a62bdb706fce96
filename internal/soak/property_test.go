// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest/randommix"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// What the provider accepts the API accepts, and what the provider refuses the API refuses: the simulator stands for the
// API, and was written from its pages without a look at the provider. Each subtest is a hundred mixes, or as many as
// -rapid.checks says, of a seed of its own, which a failure names.
func TestMixStreamProperties(t *testing.T) {
	const subtests = 10
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

// mixProperties are a provider, and a simulator in which every stream pushes.
type mixProperties struct {
	tb     *testing.T
	seen   *tally
	server tfprotov6.ProviderServer
	object tftypes.Type
	sim    *livesim.Server
	// mutations are what may be wrong with a mix.
	mutations []mutation
}

func newMixProperties(t *testing.T, seen *tally) *mixProperties {
	t.Helper()
	sim := acctest.StartSimulator(t, func(o *livesim.Options) {
		o.AnyStreamPushes, o.CancelAfterCreate, o.ReuseAfterCancel, o.Quota = true, 0, 0, nil
	})
	schemas := newSoakSchemas(t)
	p := &mixProperties{tb: t, seen: seen, server: provider.NewServer("test")(), object: schemas.mix, sim: sim, mutations: mutations()}
	resp, err := p.server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: acctest.ToWire(acctest.FromJSON(jsonObject{
		"secret_id": "AKIDsimulator", "secret_key": "simulator-secret-key", "max_retries": 0,
		"endpoints":           jsonObject{"live": sim.URL()},
		"pacing":              jsonObject{"cancel_after_create": "0s", "reuse_after_cancel": "0s"},
		"requests_per_second": jsonObject{"create": 10000, "cancel": 10000},
	}, schemas.provider))})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, acctest.Prose(resp.Diagnostics))
	}
	return p
}

// drawMix returns a mix as the pages allow it, with up to three changes that they may not allow.
func (p *mixProperties) drawMix(t *rapid.T) configuration {
	mix := randommix.Valid(t)
	for range randommix.Pick(t, 0, 0, 1, 1, 1, 2, 2, 3) {
		randommix.Pick(t, p.mutations...)(t, mix)
	}
	return configuration{mix}
}

func (p *mixProperties) hold(t *rapid.T) {
	mix := rapid.Custom(p.drawMix).Draw(t, "mix").Object
	problems := p.validate(t, randommix.Wire(t, mix, p.object))
	sent, code := p.send(t, mix)

	if len(problems) == 0 {
		p.seen.accepted.Add(1)
		if !sent || code != "" {
			t.Fatalf("the provider accepts what the API refuses (sent: %t): %s", sent, code)
		}
	} else {
		p.seen.refused.Add(1)
		if !sent {
			p.seen.unsent.Add(1)
		}
		if sent && code == "" && slices.ContainsFunc(problems, func(d *tfprotov6.Diagnostic) bool { return !stricter(d, mix) }) {
			t.Fatalf("the provider refuses what the API accepts:\n%s", acctest.Prose(problems))
		}
	}
	// That there is no such session is the answer to one input without allow_copy, which the API takes for a cancel.
	if code != "" && !invalidPattern.MatchString(code) {
		t.Fatalf("the mix was not refused for what it says: %s", code)
	}

	if randommix.OneIn(t, 8) {
		p.seen.blanked.Add(1)
		p.holdUnknown(t, mix, problems)
	}
}

var invalidPattern = regexp.MustCompile(`^(?:InvalidParameter|InvalidParameterValue|MissingParameter|UnknownParameter)(?:\.|$)|\.CancelSessionNotExist$`)

// validate returns the errors of a configuration, each of which says where and what.
func (p *mixProperties) validate(t *rapid.T, raw tftypes.Value) []*tfprotov6.Diagnostic {
	resp, err := p.server.ValidateResourceConfig(p.tb.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: mixStreamType, Config: acctest.ToWire(raw)})
	if err != nil {
		t.Fatal(err)
	}
	var problems []*tfprotov6.Diagnostic
	for _, d := range resp.Diagnostics {
		if d.Severity != tfprotov6.DiagnosticSeverityError {
			continue
		}
		problems = append(problems, d)
		if d.Summary == "" || d.Detail == "" || len(d.Attribute.Steps()) == 0 {
			t.Errorf("an error without a text or a place: %+v", d)
			continue
		}
		if _, _, err := tftypes.WalkAttributePath(p.object, d.Attribute); err != nil {
			t.Errorf("an error at %s, which the schema does not have: %v", d.Attribute, err)
		}
		if _, _, err := tftypes.WalkAttributePath(raw, d.Attribute); err != nil {
			t.Errorf("an error at %s, which the configuration does not have: %v", d.Attribute, err)
		}
	}
	return problems
}

// send has the provider create the mix as if it had been planned, and destroy it again, and returns the code with which
// the API refused it. The one default that a plan fills in, input_type, is the API's as well. A mix that the provider cannot
// hold, such as one with half a layer, or that has no session ID cannot be sent. What the API sees nothing of is left out.
func (p *mixProperties) send(t *rapid.T, mix randommix.Object) (sent bool, code string) {
	if mix["mix_stream_session_id"] == nil {
		return false, ""
	}
	planned := maps.Clone(mix)
	for _, own := range []string{"wait_for_inputs", "output_monitor", "timeouts"} {
		delete(planned, own)
	}
	none, value := tftypes.NewValue(p.object, nil), randommix.Wire(t, planned, p.object)
	created := p.apply(t, none, value, value, nil)
	requests := p.sim.RequestsOf(livesim.ActionCreate)
	p.sim.ResetRequests()
	if len(requests) == 0 {
		return false, ""
	}
	if len(requests) > 1 {
		t.Fatalf("%d calls for one create", len(requests))
	}
	code = requests[0].Code
	if failed := hasErrors(created.Diagnostics); failed != (code != "") {
		t.Fatalf("the API answered %q, and the provider:\n%s", code, acctest.Prose(created.Diagnostics))
	}
	if state := acctest.FromWire(created.NewState, p.object); !state.IsNull() {
		if ended := p.apply(t, state, none, none, created.Private); hasErrors(ended.Diagnostics) {
			t.Fatalf("the mix cannot be destroyed:\n%s", acctest.Prose(ended.Diagnostics))
		}
	}
	if left := acctest.SessionIDs(p.sim); left != "" {
		t.Fatalf("sessions that still live: %s", left)
	}
	return true, code
}

func hasErrors(diags []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diags, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError })
}

func (p *mixProperties) apply(t *rapid.T, prior, planned, config tftypes.Value, private []byte) *tfprotov6.ApplyResourceChangeResponse {
	resp, err := p.server.ApplyResourceChange(p.tb.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: mixStreamType, PriorState: acctest.ToWire(prior), PlannedState: acctest.ToWire(planned), Config: acctest.ToWire(config), PlannedPrivate: private,
	})
	if err != nil {
		t.Fatal(err)
	}
	return resp
}

// holdUnknown asks again with some values not known yet. What is wrong then was wrong before.
func (p *mixProperties) holdUnknown(t *rapid.T, mix randommix.Object, problems []*tfprotov6.Diagnostic) {
	density := randommix.Pick(t, 2, 6, 20)
	blanked := rapid.Custom(func(t *rapid.T) configuration {
		return configuration{blank(t, density, mix, p.object).(randommix.Object)}
	}).Draw(t, "mix with unknown values").Object
	before, twice := map[string]bool{}, false
	for _, d := range problems {
		before[complaint(d)] = true
		twice = twice || d.Summary == layerTwice
	}
	for _, d := range p.validate(t, randommix.Wire(t, blanked, p.object)) {
		if twice && d.Summary == leavesBackground {
			continue // Which of two backgrounds counts depends on which of them are known.
		}
		if !before[complaint(d)] {
			t.Errorf("with unknown values:\n%s\nand without:\n%s", acctest.Prose([]*tfprotov6.Diagnostic{d}), acctest.Prose(problems))
		}
	}
}

// Summaries of errors.
const (
	leavesBackground = "Input extends beyond the background"
	singleInput      = "Only one input"
	copyToItself     = "Output has the same name as the only input"
	layerTwice       = "Two inputs on one layer"
	outputNoInput    = "Output has the name of an input that is not a live stream"
)

// complaint is what an error is about: its place and its summary, but for what is told in one of two ways by how much is
// known of it.
func complaint(d *tfprotov6.Diagnostic) string {
	at, summary := acctest.WirePath(d.Attribute), d.Summary
	switch summary {
	case leavesBackground: // By the size, where the position is not known.
		at = strings.NewReplacer("image_width", "location_x", "image_height", "location_y").Replace(at)
	case copyToItself: // By the count, where allow_copy is known to be off.
		at, summary = "input_stream_list", singleInput
	}
	return at + ": " + summary
}

// spelledOtherwise matches colors that the provider refuses and sends in a spelling that the API takes.
var spelledOtherwise = regexp.MustCompile(`^#?(?:0[xX])?[0-9A-Fa-f]{6}$`)

// stricter tells of the errors that the provider makes on its own account.
func stricter(d *tfprotov6.Diagnostic, mix randommix.Object) bool {
	at := acctest.WirePath(d.Attribute)
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
		return ok && spelledOtherwise.MatchString(text)
	case strings.HasSuffix(at, ".web_page_url"):
		return value != "" || kind != string(mixlayout.WebPage) // To the API any text is a URL.
	case strings.HasSuffix(at, ".watermark_id"):
		return kind != string(mixlayout.Picture) // The API does not look at it then.
	case at == "mix_stream_template_id":
		return value == 0.0 // To the API it is the custom layout, which one gets without a template.
	}
	return d.Summary == outputNoInput
}

// configuration is a mix that a failure shows as the body of a resource block.
type configuration struct{ randommix.Object }

// GoString is what rapid prints. An expression of HCL may be written as JSON.
func (c configuration) GoString() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(c.Object)) {
		text, err := json.Marshal(c.Object[name])
		if err != nil {
			text = []byte(err.Error())
		}
		fmt.Fprintf(&b, "\n%s = %s", name, bytes.ReplaceAll(text, []byte(`"`+randommix.UnknownWord+`"`), []byte("unknown")))
	}
	return b.String()
}
