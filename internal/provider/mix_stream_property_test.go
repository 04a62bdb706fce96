// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"cmp"
	"errors"
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
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"pgregory.net/rapid"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
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
	if failed := (*liveapi.Error)(nil); err != nil && (!errors.As(err, &failed) || failed.Kind != liveapi.KindInvalid && failed.Kind != liveapi.KindNotFound) {
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
	m, err := readMix(raw)
	if err != nil || len(m.misfits) > 0 || m.sessionID.IsNull() {
		return false, nil
	}
	defer p.sim.Reset()
	_, err = p.client.ApplyMixStream(ctx, expandMix(m), liveapi.Apply{Last: liveapi.NewLastApply()})
	return true, err
}

// holdUnknown asks again with some values not known yet. What is wrong then was wrong before.
func (p *mixProperties) holdUnknown(t *rapid.T, mix object, problems []*tfprotov6.Diagnostic) {
	density := pick(t, 2, 6, 20)
	blanked := rapid.Custom(func(t *rapid.T) configuration {
		return configuration{blank(t, density, mix, p.object).(object)}
	}).Draw(t, "mix with unknown values").object
	before, twice := map[string]bool{}, false
	for _, d := range problems {
		before[complaint(d)] = true
		twice = twice || d.Summary == layerTwice
	}
	for _, d := range p.validate(t, wire(blanked, p.object)) {
		if twice && d.Summary == leavesBackground {
			continue // Which of two backgrounds counts depends on which of them are known.
		}
		if !before[complaint(d)] {
			t.Errorf("with unknown values:\n%s\nand without:\n%s", prose([]*tfprotov6.Diagnostic{d}), prose(problems))
		}
	}
}

// complaint is what an error is about: its place and its summary, but for what is told in one of two ways by how much is
// known of it.
func complaint(d *tfprotov6.Diagnostic) string {
	at, summary := wirePath(d.Attribute), d.Summary
	switch summary {
	case leavesBackground: // By the size, where the position is not known.
		at = strings.NewReplacer("image_width", "location_x", "image_height", "location_y").Replace(at)
	case copyToItself: // By the count, where allow_copy is known to be off.
		at, summary = "input_stream_list", singleInput
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
		return value != "" || kind != string(mixlayout.WebPage) // To the API any text is a URL.
	case strings.HasSuffix(at, ".watermark_id"):
		return kind != string(mixlayout.Picture) // The API does not look at it then.
	case at == "mix_stream_template_id":
		return value == 0.0 // To the API it is the custom layout, which one gets without a template.
	}
	return d.Summary == outputNoInput
}
