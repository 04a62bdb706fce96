// SPDX-License-Identifier: MPL-2.0

// Package bench measures the provider beside the least server that Terraform could have in its place. The measuring is
// in the tests; the rest of the package is what they measure with.
package bench

import (
	"bytes"
	"context"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/vmihailenco/msgpack/v5"
	"github.com/vmihailenco/msgpack/v5/msgpcode"
)

// NewLeastServer returns a server that has the schemas of another one and does as little about resources as Terraform
// allows: it validates nothing, reads nothing and makes no call. What it costs to run is what Terraform itself costs.
//
// An object is only looked into when it is created, because the values of its computed attributes must be unknown in the
// plan and known afterwards. Everything else is passed on as it came.
func NewLeastServer(schemas tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	return &leastServer{ProviderServer: schemas}
}

type leastServer struct {
	tfprotov6.ProviderServer

	once    sync.Once
	schemas map[string]*tfprotov6.Schema // of the resources
}

func (s *leastServer) ValidateProviderConfig(context.Context, *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{}, nil
}

func (s *leastServer) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (s *leastServer) ValidateResourceConfig(context.Context, *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return &tfprotov6.ValidateResourceConfigResponse{}, nil
}

func (s *leastServer) UpgradeResourceState(_ context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}, nil
}

func (s *leastServer) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, Private: req.Private, NewIdentity: req.CurrentIdentity}, nil
}

// PlanResourceChange plans what is proposed.
func (s *leastServer) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	planned := req.ProposedNewState
	if isNull(req.PriorState) {
		var err error
		if planned, err = s.complete(ctx, req.TypeName, req.Config, unknown); err != nil {
			return nil, err
		}
	}
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity}, nil
}

// ApplyResourceChange says that what is planned was done.
func (s *leastServer) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	state := req.PlannedState
	if isNull(req.PriorState) {
		var err error
		if state, err = s.complete(ctx, req.TypeName, req.Config, zero); err != nil {
			return nil, err
		}
	}
	return &tfprotov6.ApplyResourceChangeResponse{NewState: state, Private: req.PlannedPrivate, NewIdentity: req.PlannedIdentity}, nil
}

func isNull(v *tfprotov6.DynamicValue) bool {
	return v == nil || len(v.MsgPack) == 0 || v.MsgPack[0] == msgpcode.Nil
}

// complete returns a configuration in which the computed attributes that are not set have a value.
func (s *leastServer) complete(ctx context.Context, typeName string, config *tfprotov6.DynamicValue, value func(*tfprotov6.SchemaAttribute) any) (*tfprotov6.DynamicValue, error) {
	schema, err := s.schema(ctx, typeName)
	if err != nil {
		return nil, err
	}
	decoder := msgpack.NewDecoder(bytes.NewReader(config.MsgPack))
	object, err := decoder.DecodeMap()
	if err != nil {
		return nil, fmt.Errorf("the configuration of a %s: %w", typeName, err)
	}
	fill(object, schema.Block.Attributes, value)
	completed, err := msgpack.Marshal(object)
	return &tfprotov6.DynamicValue{MsgPack: completed}, err
}

func (s *leastServer) schema(ctx context.Context, typeName string) (*tfprotov6.Schema, error) {
	var err error
	s.once.Do(func() {
		var resp *tfprotov6.GetProviderSchemaResponse
		if resp, err = s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{}); err == nil {
			s.schemas = resp.ResourceSchemas
		}
	})
	if err != nil {
		return nil, err
	}
	schema, ok := s.schemas[typeName]
	if !ok {
		return nil, fmt.Errorf("there is no resource %q", typeName)
	}
	return schema, nil
}

// fill gives the computed attributes of an object that are null a value. It looks into lists and single objects, which are
// all that the provider nests.
func fill(object map[string]any, attributes []*tfprotov6.SchemaAttribute, value func(*tfprotov6.SchemaAttribute) any) {
	for _, attribute := range attributes {
		switch v := object[attribute.Name].(type) {
		case nil:
			if attribute.Computed {
				object[attribute.Name] = value(attribute)
			}
		case map[string]any:
			fill(v, attribute.NestedType.Attributes, value)
		case []any:
			for _, element := range v {
				if element, ok := element.(map[string]any); ok {
					fill(element, attribute.NestedType.Attributes, value)
				}
			}
		}
	}
}

// unknown is a value that is not known yet: the extension 0 in MessagePack, with one byte that says nothing.
func unknown(*tfprotov6.SchemaAttribute) any { return msgpack.RawMessage{msgpcode.FixExt1, 0, 0} }

// zero is the zero value of an attribute's type.
func zero(attribute *tfprotov6.SchemaAttribute) any {
	switch {
	case attribute.Type.Is(tftypes.Number):
		return 0
	case attribute.Type.Is(tftypes.Bool):
		return false
	default:
		return ""
	}
}
