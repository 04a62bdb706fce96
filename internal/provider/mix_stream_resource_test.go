// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// mixCore does with mixes what Terraform's core does in one process of the provider, one step at a time, so that a test can
// order the steps of several resources as it likes.
type mixCore struct {
	t          *testing.T
	server     tfprotov6.ProviderServer
	attributes []*tfprotov6.SchemaAttribute
	object     tftypes.Object
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
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return &mixCore{t, server, schema.ResourceSchemas[mixStreamType].Block.Attributes, mixObjectType(t)}
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

// end destroys an object, which must leave no object and no diagnostics.
func (c *mixCore) end(o *mixObject) {
	c.t.Helper()
	if left, text := c.apply(c.null(), o, c.plan(c.null(), o)); left != nil || text != "" {
		c.t.Errorf("object %v: %s", left, text)
	}
}

// settled checks that the next plan of an object changes nothing and says nothing.
func (c *mixCore) settled(config tftypes.Value, o *mixObject) {
	c.t.Helper()
	if o == nil {
		c.t.Fatal("there is no object")
	}
	if next := c.plan(config, o); next.changes(o) || next.text() != "" {
		c.t.Errorf("the next plan changes the mix: %s", next.text())
	}
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
	return acctest.FromWire(v, c.object)
}

func (c *mixCore) proposed(config, prior tftypes.Value) tftypes.Value {
	return acctest.ProposedNew(c.attributes, prior, config)
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

// notConfigured starts a process whose provider block has a value that is not known yet.
func (s *stage) notConfigured() *mixCore {
	s.t.Helper()
	core := newMixCore(s.t, NewServer("test")())
	schema, err := core.server.GetProviderSchema(s.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		s.t.Fatal(err)
	}
	block := config(s.t, schema.Provider, map[string]cty.Value{"secret_id": cty.UnknownVal(cty.String), "secret_key": cty.StringVal("key")})
	resp, err := core.server.ConfigureProvider(s.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: block})
	if err != nil || len(resp.Diagnostics) > 0 {
		s.t.Fatal(err, acctest.Prose(resp.Diagnostics))
	}
	return core
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

// lives checks whether the session lives.
func (s *stage) lives(live bool) {
	s.t.Helper()
	if _, ok := s.sim.Session("room"); ok != live {
		s.t.Errorf("the session lives: %t, want %t", ok, live)
	}
}

// ends checks which calls were made and whether the session lives.
func (s *stage) ends(live bool, creates, cancels int) {
	s.t.Helper()
	s.lives(live)
	if c, d := len(s.sim.RequestsOf(livesim.ActionCreate)), len(s.sim.RequestsOf(livesim.ActionCancel)); c != creates || d != cancels {
		s.t.Errorf("%d creates and %d cancels, want %d and %d", c, d, creates, cancels)
	}
}

// foreignTrial is a provider whose every call goes to a simulator that may answer as anything but Tencent.
type foreignTrial struct {
	*stage
	core    *mixCore
	network *acctest.Network
}

func newForeignTrial(t *testing.T, role bool) *foreignTrial {
	t.Helper()
	s := newStage(t)
	s.sim.Publish("host", livesim.LongSince(), livesim.Domain("push.example.com"))
	network := acctest.NewNetwork(t, s.sim)
	known := livesim.DefaultOptions().Credentials[0]
	credentials := liveapi.Credentials{Static: &liveapi.Keys{SecretID: known.ID, SecretKey: known.Key}}
	if role {
		credentials.AssumeRole = &liveapi.AssumeRole{RoleARN: "qcs::cam::uin/100000000001:roleName/mixer", SessionName: "test", Duration: time.Hour}
	}
	client := newClient(t, liveapi.Config{
		Credentials: credentials, MaxRetries: 1, Pacing: liveapi.DefaultPacing(), Transport: network.Transport,
		Endpoint: &url.URL{Scheme: "http", Host: "live.test"}, STSEndpoint: &url.URL{Scheme: "http", Host: "sts.test"},
	})
	return &foreignTrial{s, newMixCore(t, serve(t, client)), network}
}

// retried tells which answers are retried: those of a gateway in trouble, and what has the status of an answer without
// being one. An error that Tencent's API may have given, with a code that nobody knows, is not retried, and neither is any
// other status.
func retried(fault string) bool {
	if status, err := strconv.Atoi(strings.TrimPrefix(fault, "status-")); err == nil {
		switch status {
		case http.StatusRequestTimeout, http.StatusConflict, http.StatusTooEarly, http.StatusTooManyRequests, 499:
			return true
		}
		return status >= 500
	}
	switch fault {
	case "redirect-https", "redirect-nowhere", "api-403", "hostile-html", "hostile-type",
		"error-unknown", "error-unknown-inner", "error-inner-number", "hostile-message", "hostile-code", "hostile-request-id", "hostile-utf8", "hostile-long":
		return false
	}
	return true
}

// Whatever answers in place of Tencent: the provider does not believe it, loses no session and does not quote it.
func TestMixStreamForeignAnswers(t *testing.T) {
	t.Parallel()
	for _, fault := range livesim.ForeignFaults() {
		for _, after := range []bool{false, true} {
			fault := fault
			fault.Times, fault.After = -1, after
			name := fault.Foreign
			if after {
				name += ", after the effect"
			}
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					trial := newForeignTrial(t, false)
					trial.create(fault)
					trial.update(fault)
					trial.cancel(fault)
					trial.read(fault)
					if n := trial.network.Elsewhere(); n != 0 {
						t.Errorf("%d connections to another host", n)
					}
				})
				synctest.Test(t, func(t *testing.T) {
					newForeignTrial(t, true).assumeRole(fault)
				})
			})
		}
	}
}

// during makes the calls of an action fail, and checks the number of attempts and what the user reads.
func (s *foreignTrial) during(fault livesim.Fault, action string, call func() string) {
	s.t.Helper()
	fault.Action = action
	s.sim.Inject(fault)
	before := len(s.sim.RequestsOf(action))
	text := call()
	s.sim.ClearFaults()
	want := 1
	if retried(fault.Foreign) {
		want = 2
	}
	if got := len(s.sim.RequestsOf(action)) - before; got != want {
		s.t.Errorf("%s: %d attempts, want %d", action, got, want)
	}
	s.readable(action, text)
}

// readable checks that a text is safe to show.
func (s *foreignTrial) readable(action, text string) {
	s.t.Helper()
	for _, bad := range []string{"simulator-secret-key", "TC3-HMAC-SHA256", "Signature=", "Welcome", "upstream connect error", "<html", "portal.invalid", "panic"} {
		if strings.Contains(text, bad) {
			s.t.Errorf("%s: %q is shown: %s", action, bad, text)
		}
	}
	for _, r := range text {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			s.t.Errorf("%s: the character %U is shown: %q", action, r, text)
			break
		}
	}
	if len([]rune(text)) > 2500 {
		s.t.Errorf("%s: a text of %d characters", action, len([]rune(text)))
	}
}

func (s *foreignTrial) create(fault livesim.Fault) {
	s.t.Helper()
	var object *mixObject
	s.during(fault, livesim.ActionCreate, func() (text string) {
		object, text = s.core.applyRaw(s.mix(), nil, s.core.plan(s.mix(), nil))
		acctest.ExpectText(s.t, text, "Error: Mix stream may be running", "stays in the state as tainted")
		return text
	})
	if object == nil {
		s.t.Fatal("the session is not in the state")
	}
	s.core.end(object)
	s.lives(false)
}

func (s *foreignTrial) update(fault livesim.Fault) {
	s.t.Helper()
	object := s.core.change(s.mix(), nil)
	longer := s.mix(`control_params = { pass_input_sei = true }`)
	s.during(fault, livesim.ActionCreate, func() (text string) {
		object, text = s.core.applyRaw(longer, object, s.core.plan(longer, object))
		acctest.ExpectText(s.t, text, "Error: Mix stream may have changed", "sends the mix again")
		return text
	})
	if again := s.core.plan(s.mix(), object); !again.changes(object) {
		s.t.Error("taking the change back is not planned")
	}
	s.core.apply(s.core.null(), object, s.core.plan(s.core.null(), object))
}

func (s *foreignTrial) cancel(fault livesim.Fault) {
	s.t.Helper()
	object := s.core.change(s.mix(), nil)
	s.during(fault, livesim.ActionCancel, func() (text string) {
		object, text = s.core.applyRaw(s.core.null(), object, s.core.plan(s.core.null(), object))
		acctest.ExpectText(s.t, text, "Error: Unable to cancel mix stream", "may still run")
		return text
	})
	if object == nil {
		s.t.Fatal("the session is not in the state")
	}
	if again := s.core.plan(s.mix(), object); !again.changes(object) {
		s.t.Error("nothing is planned over a session that may be gone")
	}
	if left, _ := s.core.apply(s.core.null(), object, s.core.plan(s.core.null(), object)); left != nil || len(s.sim.Sessions()) != 0 {
		s.t.Errorf("after the destroy: %v, %d sessions", left, len(s.sim.Sessions()))
	}
}

func (s *foreignTrial) read(fault livesim.Fault) {
	s.t.Helper()
	object := s.core.change(s.mix(`output_monitor = { domain_name = "push.example.com", active_timeout = "0s" }`), nil)
	s.during(fault, livesim.ActionState, func() string {
		resp, err := s.core.server.ReadResource(s.t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: mixStreamType, CurrentState: acctest.ToWire(object.value), Private: object.private,
		})
		if err != nil {
			s.t.Fatal(err)
		}
		text := acctest.Prose(resp.Diagnostics)
		if acctest.ExpectText(s.t, text, "Warning: Unable to read the state of the output stream"); !s.core.decode(resp.NewState).Equal(object.value) {
			s.t.Error("the state has changed")
		}
		return text
	})
}

func (s *foreignTrial) assumeRole(fault livesim.Fault) {
	s.t.Helper()
	s.during(fault, livesim.ActionAssumeRole, func() string {
		object, text := s.core.applyRaw(s.mix(), nil, s.core.plan(s.mix(), nil))
		if acctest.ExpectText(s.t, text, "Error: Unable to create mix stream", "was not started"); object != nil {
			s.t.Error("a mix that was not sent is in the state")
		}
		for _, issued := range s.sim.IssuedCredentials() {
			if strings.Contains(text, issued.SecretID) {
				s.t.Errorf("an issued secret ID is shown: %s", text)
			}
		}
		return text
	})
	s.ends(false, 0, 0)
	if len(s.sim.RequestsOf(livesim.ActionCreate)) != 0 {
		s.t.Error("a mix was sent without keys")
	}
}
