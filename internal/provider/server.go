// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewServer returns the constructor of the provider's server for protocol 6; version is as for New.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(New(version)()) }
}

// server is the server of the framework, which keeps the context of every call, with its loggers, until the provider
// ends: 11 KB a call, and a run makes some seven calls a resource. So the contexts of the calls that are made for each
// resource can be let go of.
type server struct {
	protocolServer
	shortcuts  *shortcuts
	validation validationShortcut
	planning   planShortcut
}

// protocolServer is what the framework's server offers: its constructor names the first only, and what is not named here
// would be hidden from Terraform.
type protocolServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ActionServer
	tfprotov6.ListResourceServer
	tfprotov6.StateStoreServer
}

func newServer(p provider.Provider) *server {
	framework := providerserver.NewProtocol6(p)().(protocolServer)
	shared := func() *providerData { return nil }
	if own, ok := p.(interface{ shared() *providerData }); ok {
		shared = own.shared
	}
	return &server{protocolServer: framework, shortcuts: &shortcuts{data: shared}, planning: planShortcut{data: shared}}
}

// ValidateResourceConfig also drops what the framework says about parts of values that are not known yet.
func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	if s.validation.accepts(ctx, req) {
		return &tfprotov6.ValidateResourceConfigResponse{}, nil
	}
	resp, err := inCallContext(ctx, req, s.protocolServer.ValidateResourceConfig)
	if resp != nil && len(resp.Diagnostics) > 0 && req.TypeName == mixTypeName {
		mix, _ := s.shortcuts.schema(ctx)
		resp.Diagnostics = withoutUnknownParts(resp.Diagnostics, req.Config, mix)
	}
	return resp, err
}

func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if resp := s.shortcuts.upgrade(ctx, req); resp != nil {
		return resp, nil
	}
	return inCallContext(ctx, req, s.protocolServer.UpgradeResourceState)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.UpgradeResourceIdentity)
}

func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	if resp := s.shortcuts.read(req); resp != nil {
		return resp, nil
	}
	return inCallContext(ctx, req, s.protocolServer.ReadResource)
}

func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	if resp := s.shortcuts.plan(req); resp != nil {
		return resp, nil
	}
	if resp := s.planning.plan(ctx, req); resp != nil {
		return resp, nil
	}
	return inCallContext(ctx, req, s.protocolServer.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.ApplyResourceChange)
}

func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.ImportResourceState)
}

func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.ValidateDataResourceConfig)
}

func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.ReadDataSource)
}

func (s *server) ValidateEphemeralResourceConfig(ctx context.Context, req *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.ValidateEphemeralResourceConfig)
}

func (s *server) OpenEphemeralResource(ctx context.Context, req *tfprotov6.OpenEphemeralResourceRequest) (*tfprotov6.OpenEphemeralResourceResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.OpenEphemeralResource)
}

func (s *server) CloseEphemeralResource(ctx context.Context, req *tfprotov6.CloseEphemeralResourceRequest) (*tfprotov6.CloseEphemeralResourceResponse, error) {
	return inCallContext(ctx, req, s.protocolServer.CloseEphemeralResource)
}

// CallFunction also puts in the arguments that are null: OpenTofu leaves their values out, which the framework refuses.
func (s *server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	for i, argument := range req.Arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			req.Arguments[i] = &tfprotov6.DynamicValue{MsgPack: []byte{msgpackNil}}
		}
	}
	return inCallContext(ctx, req, s.protocolServer.CallFunction)
}

// inCallContext makes a call with a context that ends with it.
func inCallContext[Request, Response any](ctx context.Context, req Request, call func(context.Context, Request) (Response, error)) (Response, error) {
	ctx, end := withEnd(ctx)
	defer end()
	return call(ctx, req)
}

// withEnd returns a callContext and the function that ends it.
func withEnd(caller context.Context) (ctx context.Context, end func()) {
	c := &callContext{}
	c.caller.Store(&caller)
	return c, func() { c.caller.Store(nil) }
}

// callContext is its caller's context for the time of the call. Whoever keeps it longer keeps a context that is cancelled
// and that holds on to nothing.
type callContext struct {
	caller atomic.Pointer[context.Context]
}

var _ context.Context = (*callContext)(nil)

// Deadline is that of the caller; there is none after the call.
func (c *callContext) Deadline() (deadline time.Time, ok bool) {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Deadline()
	}
	return time.Time{}, false
}

// Done is that of the caller, and closed after the call.
func (c *callContext) Done() <-chan struct{} {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Done()
	}
	ended := make(chan struct{})
	close(ended)
	return ended
}

// Err is that of the caller, and context.Canceled after the call.
func (c *callContext) Err() error {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Err()
	}
	return context.Canceled
}

// Value is that of the caller, and nil after the call.
func (c *callContext) Value(key any) any {
	if caller := c.caller.Load(); caller != nil {
		return (*caller).Value(key)
	}
	return nil
}
