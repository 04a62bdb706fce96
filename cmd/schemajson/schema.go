// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// providerSchemas asks server for all of its schemas and returns them under the key name. Errors that the provider
// reports as diagnostics are returned as errors.
func providerSchemas(ctx context.Context, name string, server tfprotov6.ProviderServer) (*tfjson.ProviderSchemas, error) {
	schema, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		return nil, err
	}
	identity, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		return nil, err
	}
	if err := diagnosticsError(append(schema.Diagnostics, identity.Diagnostics...)); err != nil {
		return nil, err
	}

	var out tfjson.ProviderSchema
	if out.ConfigSchema, err = convertSchema(schema.Provider); err != nil {
		return nil, fmt.Errorf("provider: %w", err)
	}
	if out.ResourceSchemas, err = convertMap(schema.ResourceSchemas, convertSchema); err != nil {
		return nil, fmt.Errorf("resource %w", err)
	}
	if out.DataSourceSchemas, err = convertMap(schema.DataSourceSchemas, convertSchema); err != nil {
		return nil, fmt.Errorf("data source %w", err)
	}
	if out.EphemeralResourceSchemas, err = convertMap(schema.EphemeralResourceSchemas, convertSchema); err != nil {
		return nil, fmt.Errorf("ephemeral resource %w", err)
	}
	if out.ListResourceSchemas, err = convertMap(schema.ListResourceSchemas, convertSchema); err != nil {
		return nil, fmt.Errorf("list resource %w", err)
	}
	if out.ActionSchemas, err = convertMap(schema.ActionSchemas, convertAction); err != nil {
		return nil, fmt.Errorf("action %w", err)
	}
	if out.Functions, err = convertMap(schema.Functions, convertFunction); err != nil {
		return nil, fmt.Errorf("function %w", err)
	}
	if out.ResourceIdentitySchemas, err = convertMap(identity.IdentitySchemas, convertIdentity); err != nil {
		return nil, fmt.Errorf("identity of %w", err)
	}
	return &tfjson.ProviderSchemas{
		FormatVersion: "1.0",
		Schemas:       map[string]*tfjson.ProviderSchema{name: &out},
	}, nil
}

// diagnosticsError joins the diagnostics that are errors, or returns nil if there are none.
func diagnosticsError(diagnostics []*tfprotov6.Diagnostic) error {
	var errs []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			errs = append(errs, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(errs...)
}

// convertMap converts each value. An error begins with the key.
func convertMap[From, To any](in map[string]From, convert func(From) (To, error)) (map[string]To, error) {
	out := make(map[string]To, len(in))
	for name, value := range in {
		converted, err := convert(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = converted
	}
	return out, nil
}

func convertSchema(s *tfprotov6.Schema) (*tfjson.Schema, error) {
	if s == nil {
		return nil, errors.New("no schema")
	}
	block, err := convertBlock(s.Block)
	if err != nil {
		return nil, err
	}
	return &tfjson.Schema{Version: uint64(s.Version), Block: block}, nil //nolint:gosec // G115: a schema version is not negative.
}

func convertAction(s *tfprotov6.ActionSchema) (*tfjson.ActionSchema, error) {
	schema, err := convertSchema(s.Schema)
	if err != nil {
		return nil, err
	}
	return &tfjson.ActionSchema{Block: schema.Block}, nil
}

func convertBlock(b *tfprotov6.SchemaBlock) (*tfjson.SchemaBlock, error) {
	attributes, err := convertAttributes(b.Attributes)
	if err != nil {
		return nil, err
	}
	blocks := make(map[string]*tfjson.SchemaBlockType, len(b.BlockTypes))
	for _, nested := range b.BlockTypes {
		block, err := convertBlock(nested.Block)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", nested.TypeName, err)
		}
		mode, err := blockNesting(nested.Nesting)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", nested.TypeName, err)
		}
		blocks[nested.TypeName] = &tfjson.SchemaBlockType{
			NestingMode: mode,
			Block:       block,
			MinItems:    uint64(nested.MinItems), //nolint:gosec // G115: a number of blocks is not negative.
			MaxItems:    uint64(nested.MaxItems), //nolint:gosec // G115: the same.
		}
	}
	return &tfjson.SchemaBlock{
		Attributes:      attributes,
		NestedBlocks:    blocks,
		Description:     b.Description,
		DescriptionKind: descriptionKind(b.DescriptionKind),
		Deprecated:      b.Deprecated,
	}, nil
}

func convertAttributes(in []*tfprotov6.SchemaAttribute) (map[string]*tfjson.SchemaAttribute, error) {
	out := make(map[string]*tfjson.SchemaAttribute, len(in))
	for _, a := range in {
		attribute := &tfjson.SchemaAttribute{
			Description:     a.Description,
			DescriptionKind: descriptionKind(a.DescriptionKind),
			Deprecated:      a.Deprecated,
			Required:        a.Required,
			Optional:        a.Optional,
			Computed:        a.Computed,
			Sensitive:       a.Sensitive,
			WriteOnly:       a.WriteOnly,
		}
		var err error
		if a.NestedType != nil {
			attribute.AttributeNestedType, err = convertObject(a.NestedType)
		} else {
			err = convertType(a.Type, &attribute.AttributeType)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		out[a.Name] = attribute
	}
	return out, nil
}

func convertObject(o *tfprotov6.SchemaObject) (*tfjson.SchemaNestedAttributeType, error) {
	attributes, err := convertAttributes(o.Attributes)
	if err != nil {
		return nil, err
	}
	mode, err := objectNesting(o.Nesting)
	if err != nil {
		return nil, err
	}
	return &tfjson.SchemaNestedAttributeType{Attributes: attributes, NestingMode: mode}, nil
}

func convertIdentity(s *tfprotov6.ResourceIdentitySchema) (*tfjson.IdentitySchema, error) {
	attributes := make(map[string]*tfjson.IdentityAttribute, len(s.IdentityAttributes))
	for _, a := range s.IdentityAttributes {
		attribute := &tfjson.IdentityAttribute{
			Description:       a.Description,
			RequiredForImport: a.RequiredForImport,
			OptionalForImport: a.OptionalForImport,
		}
		if err := convertType(a.Type, &attribute.IdentityType); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Name, err)
		}
		attributes[a.Name] = attribute
	}
	return &tfjson.IdentitySchema{Version: uint64(s.Version), Attributes: attributes}, nil //nolint:gosec // G115: a schema version is not negative.
}

func convertFunction(f *tfprotov6.Function) (*tfjson.FunctionSignature, error) {
	out := &tfjson.FunctionSignature{
		Description:        f.Description,
		Summary:            f.Summary,
		DeprecationMessage: f.DeprecationMessage,
	}
	if err := convertType(f.Return.Type, &out.ReturnType); err != nil {
		return nil, fmt.Errorf("return: %w", err)
	}
	for _, p := range f.Parameters {
		parameter, err := convertParameter(p)
		if err != nil {
			return nil, err
		}
		out.Parameters = append(out.Parameters, parameter)
	}
	if f.VariadicParameter != nil {
		parameter, err := convertParameter(f.VariadicParameter)
		if err != nil {
			return nil, err
		}
		out.VariadicParameter = parameter
	}
	return out, nil
}

func convertParameter(p *tfprotov6.FunctionParameter) (*tfjson.FunctionParameter, error) {
	out := &tfjson.FunctionParameter{Name: p.Name, Description: p.Description, IsNullable: p.AllowNullValue}
	if err := convertType(p.Type, &out.Type); err != nil {
		return nil, fmt.Errorf("%s: %w", p.Name, err)
	}
	return out, nil
}

// convertType sets to from t. All that the two have in common is that they write a type in the same JSON ("string",
// ["list","number"]).
func convertType(t tftypes.Type, to json.Unmarshaler) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	return to.UnmarshalJSON(text)
}

func descriptionKind(k tfprotov6.StringKind) tfjson.SchemaDescriptionKind {
	if k == tfprotov6.StringKindMarkdown {
		return tfjson.SchemaDescriptionKindMarkdown
	}
	return tfjson.SchemaDescriptionKindPlain
}

func blockNesting(m tfprotov6.SchemaNestedBlockNestingMode) (tfjson.SchemaNestingMode, error) {
	switch m {
	case tfprotov6.SchemaNestedBlockNestingModeSingle:
		return tfjson.SchemaNestingModeSingle, nil
	case tfprotov6.SchemaNestedBlockNestingModeGroup:
		return tfjson.SchemaNestingModeGroup, nil
	case tfprotov6.SchemaNestedBlockNestingModeList:
		return tfjson.SchemaNestingModeList, nil
	case tfprotov6.SchemaNestedBlockNestingModeSet:
		return tfjson.SchemaNestingModeSet, nil
	case tfprotov6.SchemaNestedBlockNestingModeMap:
		return tfjson.SchemaNestingModeMap, nil
	default:
		return "", fmt.Errorf("unknown nesting of a block: %v", m)
	}
}

func objectNesting(m tfprotov6.SchemaObjectNestingMode) (tfjson.SchemaNestingMode, error) {
	switch m {
	case tfprotov6.SchemaObjectNestingModeSingle:
		return tfjson.SchemaNestingModeSingle, nil
	case tfprotov6.SchemaObjectNestingModeList:
		return tfjson.SchemaNestingModeList, nil
	case tfprotov6.SchemaObjectNestingModeSet:
		return tfjson.SchemaNestingModeSet, nil
	case tfprotov6.SchemaObjectNestingModeMap:
		return tfjson.SchemaNestingModeMap, nil
	default:
		return "", fmt.Errorf("unknown nesting of an attribute: %v", m)
	}
}
