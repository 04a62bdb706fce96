// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/provider"
)

// server answers only the two calls for schemas.
type server struct {
	tfprotov6.ProviderServer
	schema   tfprotov6.GetProviderSchemaResponse
	identity tfprotov6.GetResourceIdentitySchemasResponse
}

func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &s.schema, nil
}

func (s *server) GetResourceIdentitySchemas(
	context.Context, *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &s.identity, nil
}

// everything holds each kind of schema, attribute and block once.
func everything() *server {
	block := &tfprotov6.SchemaBlock{
		Description:     "Text.",
		DescriptionKind: tfprotov6.StringKindMarkdown,
		Deprecated:      true,
		Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "plain", Type: tftypes.String, Required: true, Description: "One."},
			{Name: "secret", Type: tftypes.List{ElementType: tftypes.Number}, Optional: true, Computed: true, Sensitive: true},
			{Name: "once", Type: tftypes.Bool, Optional: true, WriteOnly: true, Deprecated: true},
			{Name: "any", Type: tftypes.DynamicPseudoType, Optional: true},
			{Name: "nested", Optional: true, NestedType: &tfprotov6.SchemaObject{
				Nesting: tfprotov6.SchemaObjectNestingModeSet,
				Attributes: []*tfprotov6.SchemaAttribute{{
					Name: "of", Computed: true,
					Type: tftypes.Object{AttributeTypes: map[string]tftypes.Type{"a": tftypes.Map{ElementType: tftypes.String}}},
				}},
			}},
		},
		BlockTypes: []*tfprotov6.SchemaNestedBlock{{
			TypeName: "part", Nesting: tfprotov6.SchemaNestedBlockNestingModeList, MinItems: 1, MaxItems: 3,
			Block: &tfprotov6.SchemaBlock{},
		}},
	}
	schema := &tfprotov6.Schema{Version: 4, Block: block}
	return &server{
		schema: tfprotov6.GetProviderSchemaResponse{
			Provider:                 &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}},
			ResourceSchemas:          map[string]*tfprotov6.Schema{"x_resource": schema},
			DataSourceSchemas:        map[string]*tfprotov6.Schema{"x_data": {Block: &tfprotov6.SchemaBlock{}}},
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"x_ephemeral": {Block: &tfprotov6.SchemaBlock{}}},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"x_list": {Block: &tfprotov6.SchemaBlock{}}},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"x_action": {Schema: &tfprotov6.Schema{Block: &tfprotov6.SchemaBlock{}}}},
			Functions: map[string]*tfprotov6.Function{"f": {
				Summary: "Short.", Description: "Long.", DeprecationMessage: "Old.",
				Parameters:        []*tfprotov6.FunctionParameter{{Name: "p", Type: tftypes.String, AllowNullValue: true, Description: "In."}},
				VariadicParameter: &tfprotov6.FunctionParameter{Name: "more", Type: tftypes.Number},
				Return:            &tfprotov6.FunctionReturn{Type: tftypes.List{ElementType: tftypes.String}},
			}},
		},
		identity: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"x_resource": {
				Version: 2,
				IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
					{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "Who."},
					{Name: "zone", Type: tftypes.Number, OptionalForImport: true},
				},
			}},
		},
	}
}

const everythingJSON = `{
  "format_version": "1.0",
  "provider_schemas": {"x": {
    "provider": {"version": 0, "block": {"description_kind": "plain"}},
    "resource_schemas": {"x_resource": {"version": 4, "block": {
      "description": "Text.", "description_kind": "markdown", "deprecated": true,
      "attributes": {
        "plain": {"type": "string", "required": true, "description": "One.", "description_kind": "plain"},
        "secret": {"type": ["list", "number"], "optional": true, "computed": true, "sensitive": true, "description_kind": "plain"},
        "once": {"type": "bool", "optional": true, "write_only": true, "deprecated": true, "description_kind": "plain"},
        "any": {"type": "dynamic", "optional": true, "description_kind": "plain"},
        "nested": {"optional": true, "description_kind": "plain", "nested_type": {"nesting_mode": "set", "attributes": {
          "of": {"type": ["object", {"a": ["map", "string"]}], "computed": true, "description_kind": "plain"}
        }}}
      },
      "block_types": {"part": {"nesting_mode": "list", "min_items": 1, "max_items": 3, "block": {"description_kind": "plain"}}}
    }}},
    "data_source_schemas": {"x_data": {"version": 0, "block": {"description_kind": "plain"}}},
    "ephemeral_resource_schemas": {"x_ephemeral": {"version": 0, "block": {"description_kind": "plain"}}},
    "list_resource_schemas": {"x_list": {"version": 0, "block": {"description_kind": "plain"}}},
    "action_schemas": {"x_action": {"block": {"description_kind": "plain"}}},
    "functions": {"f": {
      "summary": "Short.", "description": "Long.", "deprecation_message": "Old.",
      "return_type": ["list", "string"],
      "parameters": [{"name": "p", "type": "string", "is_nullable": true, "description": "In."}],
      "variadic_parameter": {"name": "more", "type": "number"}
    }},
    "resource_identity_schemas": {"x_resource": {"version": 2, "attributes": {
      "id": {"type": "string", "required_for_import": true, "description": "Who."},
      "zone": {"type": "number", "optional_for_import": true}
    }}}
  }}
}`

func TestProviderSchemas(t *testing.T) {
	t.Parallel()
	schemas, err := providerSchemas(t.Context(), "x", everything())
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := canonical(t, got), canonical(t, []byte(everythingJSON)); got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

// canonical formats JSON with sorted keys.
func canonical(t *testing.T, text []byte) string {
	t.Helper()
	var v any
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestProviderSchemasFails(t *testing.T) {
	t.Parallel()
	broken := func(change func(s *server)) *server {
		s := everything()
		change(s)
		return s
	}
	diagnostic := func(severity tfprotov6.DiagnosticSeverity) []*tfprotov6.Diagnostic {
		return []*tfprotov6.Diagnostic{{Severity: severity, Summary: "Broken", Detail: "Detail."}}
	}
	for name, tc := range map[string]struct {
		server  *server
		wantErr string
	}{
		"a warning is no error": {server: broken(func(s *server) {
			s.schema.Diagnostics = diagnostic(tfprotov6.DiagnosticSeverityWarning)
		})},
		"schema diagnostic": {wantErr: "Broken: Detail.", server: broken(func(s *server) {
			s.schema.Diagnostics = diagnostic(tfprotov6.DiagnosticSeverityError)
		})},
		"identity diagnostic": {wantErr: "Broken: Detail.", server: broken(func(s *server) {
			s.identity.Diagnostics = diagnostic(tfprotov6.DiagnosticSeverityError)
		})},
		"no schema": {wantErr: "data source x_data: no schema", server: broken(func(s *server) {
			s.schema.DataSourceSchemas["x_data"] = nil
		})},
		"unknown nesting": {wantErr: "resource x_resource: nested: unknown nesting", server: broken(func(s *server) {
			s.schema.ResourceSchemas["x_resource"].Block.Attributes[4].NestedType.Nesting = 99
		})},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := providerSchemas(t.Context(), "x", tc.server)
			if tc.wantErr == "" {
				if err != nil {
					t.Error(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tc.wantErr) {
				t.Errorf("got error %v, want %q", err, tc.wantErr)
			}
		})
	}
}

func TestOfThisProvider(t *testing.T) {
	t.Parallel()
	server := provider.NewServer("test")()
	schemas, err := providerSchemas(t.Context(), providerName, server)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(schemas)
	if err != nil {
		t.Fatal(err)
	}
	var read tfjson.ProviderSchemas
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	mix := read.Schemas[providerName].ResourceSchemas["tencentcss_mix_stream"]
	if mix == nil || !mix.Block.Attributes["mix_stream_session_id"].Required {
		t.Errorf("tencentcss_mix_stream has no required mix_stream_session_id: %+v", mix)
	}
}
