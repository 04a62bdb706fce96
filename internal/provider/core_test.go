// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// mixCore is what Terraform's core does with mixes in one process of the provider, a step at a time: so a test can put the
// steps of several resources into any order.
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
func (c mixChange) text() string { return strings.Join(strings.Fields(prose(c.diags)), " ") }

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
		TypeName: mixStreamType, PriorState: onTheWire(c.t, prior), ProposedNewState: onTheWire(c.t, c.proposed(config, prior)),
		Config: onTheWire(c.t, config), PriorPrivate: private,
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

// apply carries out a planned change and returns the object that it leaves, nil for none, and what the user reads, in one
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
		TypeName: mixStreamType, PriorState: onTheWire(c.t, prior.value), PlannedState: onTheWire(c.t, change.value),
		Config: onTheWire(c.t, config), PlannedPrivate: change.private,
	})
	if err != nil {
		c.t.Fatal(err)
	}
	text := prose(resp.Diagnostics)
	value := c.decode(resp.NewState)
	if value.IsNull() {
		return nil, text
	}
	return &mixObject{value, resp.Private}, text
}

// change plans an object and applies the plan, which must leave an object without a word.
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
	resp, err := c.server.ReadResource(c.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: mixStreamType, CurrentState: onTheWire(c.t, o.value), Private: o.private})
	if err != nil || len(resp.Diagnostics) > 0 {
		c.t.Fatal(err, prose(resp.Diagnostics))
	}
	return &mixObject{c.decode(resp.NewState), resp.Private}
}

// importID imports a session by its ID.
func (c *mixCore) importID(id string) *mixObject {
	c.t.Helper()
	resp, err := c.server.ImportResourceState(c.t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: mixStreamType, ID: id})
	if err != nil || len(resp.Diagnostics) > 0 {
		c.t.Fatal(err, prose(resp.Diagnostics))
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
