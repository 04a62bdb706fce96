// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewServer returns the constructor of the provider's server for protocol 6; version is as for New.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newServer(New(version)()) }
}

// server is the server of the framework with what has to be done around it: shortcuts past it, contexts that it cannot
// keep, and what CLIs send that it does not expect. Each of these is in a file of its own.
type server struct {
	protocolServer
	shortcuts  *shortcuts
	validation validationShortcut
	changes    changeShortcut
	running    stopper
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
	return &server{protocolServer: framework, shortcuts: &shortcuts{data: shared}, changes: changeShortcut{data: shared}}
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
	if resp := s.changes.plan(ctx, req); resp != nil {
		return resp, nil
	}
	return inCallContext(ctx, req, s.protocolServer.PlanResourceChange)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	stoppable, end := s.running.context(ctx)
	defer end()
	if resp := s.changes.apply(stoppable, req); resp != nil {
		return resp, nil
	}
	return inCallContext(ctx, req, s.protocolServer.ApplyResourceChange)
}

// StopProvider interrupts the calls that are running.
func (s *server) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.running.stop()
	return s.protocolServer.StopProvider(ctx, req)
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

// CallFunction also puts in the arguments that are null.
func (s *server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	putInNulls(req.Arguments)
	return inCallContext(ctx, req, s.protocolServer.CallFunction)
}
