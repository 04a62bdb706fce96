// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

func rawText(s string) tftypes.Value { return tftypes.NewValue(tftypes.String, s) }

func rawNumber(f float64) tftypes.Value { return tftypes.NewValue(tftypes.Number, f) }

func rawTexts(elements ...tftypes.Value) tftypes.Value {
	return tftypes.NewValue(tftypes.List{ElementType: tftypes.String}, elements)
}

// anArgumentList are arguments that each function accepts, by its name.
func anArgumentList(t *testing.T) map[string][]tftypes.Value {
	t.Helper()
	mix := rawOf(t, plainList(t, `[
		{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = 720 } },
		{ input_stream_name = "host", layout_params = { image_layer = 2 } },
	]`))
	url := []tftypes.Value{rawText("live.example.com"), rawText("live"), rawText("host"), rawText("secret"), rawText("2030-01-01T00:00:00Z")}
	return map[string][]tftypes.Value{
		"push_urls":                 url,
		"play_urls":                 url,
		"grid_layout":               {rawTexts(rawText("a"), rawText("b")), rawNumber(1280), rawNumber(720)},
		"picture_in_picture_layout": {rawText("a"), rawTexts(rawText("b")), rawNumber(1280), rawNumber(720), rawText("top_left"), rawNumber(0), rawNumber(0.25)},
		"side_by_side_layout":       {rawText("a"), rawText("b"), rawNumber(1280), rawNumber(720), rawNumber(0), rawNumber(0.5)},
		"speaker_layout":            {rawText("a"), rawTexts(rawText("b")), rawNumber(1280), rawNumber(720), rawText("left"), rawNumber(0.25)},
		"overlay":                   {mix, rawText("logo"), rawNumber(7), rawNumber(160), rawNumber(90), rawText("top_right"), rawNumber(20)},
		"inputs":                    {mix},
		"layout_svg":                {mix, rawNumber(20)},
		"layout_text":               {mix, rawNumber(20)},
	}
}

// callRaw calls a function through the server, as another implementation of the protocol than Terraform's may.
func callRaw(t *testing.T, server tfprotov6.ProviderServer, name string, arguments []tftypes.Value) (tftypes.Value, *tfprotov6.FunctionError) {
	t.Helper()
	definition := functionNamed(t, name)
	req := &tfprotov6.CallFunctionRequest{Name: name}
	for i, argument := range arguments {
		kind := tftypes.Type(tftypes.DynamicPseudoType)
		if i < len(definition.Parameters) {
			kind = definition.Parameters[i].GetType().TerraformType(t.Context())
		}
		onTheWire, err := tfprotov6.NewDynamicValue(kind, argument)
		if err != nil {
			t.Fatal(err)
		}
		req.Arguments = append(req.Arguments, &onTheWire)
	}
	resp, err := server.CallFunction(t.Context(), req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	result, err := resp.Result.Unmarshal(definition.Return.GetType().TerraformType(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	return result, nil
}

func functionNamed(t *testing.T, name string) function.Definition {
	t.Helper()
	for _, construct := range (&tencentcssProvider{}).Functions(t.Context()) {
		f := construct()
		var metadata function.MetadataResponse
		f.Metadata(t.Context(), function.MetadataRequest{}, &metadata)
		if metadata.Name == name {
			var definition function.DefinitionResponse
			f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
			return definition.Definition
		}
	}
	t.Fatalf("there is no function %s", name)
	return function.Definition{}
}

// Terraform keeps nulls and unknown values from functions. Who calls them with one all the same gets an error that names
// the parameter, or a result that is not known, and no panic.
func TestFunctionsTakeNullAndUnknownArguments(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	all := anArgumentList(t)
	if want := len((&tencentcssProvider{}).Functions(t.Context())); len(all) != want {
		t.Errorf("%d functions are tested, and there are %d", len(all), want)
	}
	for name, arguments := range all {
		if _, err := callRaw(t, server, name, arguments); err != nil {
			t.Fatalf("%s: %s", name, err.Text)
		}
		for i, parameter := range functionNamed(t, name).Parameters {
			t.Run(fmt.Sprintf("%s %s", name, parameter.GetName()), func(t *testing.T) {
				t.Parallel()
				given := slices.Clone(arguments)
				kind := parameter.GetType().TerraformType(t.Context())
				given[i] = tftypes.NewValue(kind, nil)
				_, err := callRaw(t, server, name, given)
				want := parameter.GetName() + " must not be null"
				if !parameter.GetAllowNullValue() && (err == nil || err.Text != want || err.FunctionArgument == nil || *err.FunctionArgument != int64(i)) {
					t.Errorf("null: got %+v, want %d: %s", err, i, want)
				}
				given[i] = tftypes.NewValue(kind, tftypes.UnknownValue)
				if result, err := callRaw(t, server, name, given); err != nil || result.IsFullyKnown() {
					t.Errorf("unknown: got %s, %+v", result, err)
				}
			})
		}
	}
}

// An unknown value may also lie deep inside an argument, or in the options.
func TestFunctionsTakeUnknownElements(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	unknownText := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	options := func(name string, v tftypes.Value) tftypes.Value {
		return tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{name: v.Type()}}, map[string]tftypes.Value{name: v})
	}
	element := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"input_stream_name": tftypes.String}}
	list := tftypes.NewValue(tftypes.List{ElementType: element}, []tftypes.Value{
		tftypes.NewValue(element, tftypes.UnknownValue),
		tftypes.NewValue(element, map[string]tftypes.Value{"input_stream_name": unknownText}),
	})
	for _, tc := range []struct {
		name      string
		arguments []tftypes.Value
	}{
		{"grid_layout", []tftypes.Value{rawTexts(rawText("a"), unknownText), rawNumber(1280), rawNumber(720)}},
		{"grid_layout", []tftypes.Value{rawTexts(rawText("a")), rawNumber(1280), rawNumber(720), options("ratio", unknownText)}},
		{"push_urls", append(anArgumentList(t)["push_urls"], options("algorithm", unknownText))},
		{"layout_svg", []tftypes.Value{list, rawNumber(20)}},
		{"inputs", []tftypes.Value{list}},
	} {
		if result, err := callRaw(t, server, tc.name, tc.arguments); err != nil || result.IsFullyKnown() {
			t.Errorf("%s: got %s, %+v", tc.name, result, err)
		}
	}
}

// Where a whole number is wanted, and where a number is out of all bounds, the error names parameter, rule and value.
func TestFunctionNumbersThatAreNone(t *testing.T) {
	t.Parallel()
	server := NewServer("test")()
	huge, _, err := big.ParseFloat("1e400", 10, 512, big.ToNearestEven)
	if err != nil {
		t.Fatal(err)
	}
	for name, arguments := range anArgumentList(t) {
		for i, parameter := range functionNamed(t, name).Parameters {
			if _, ok := parameter.(function.NumberParameter); !ok {
				continue
			}
			for _, tc := range []struct {
				value tftypes.Value
				want  string
			}{
				{rawNumber(1280.5), "must be a whole number; got 1280.5"},
				{rawNumber(1e30), "is too large a number; got 1e+30"},
				{tftypes.NewValue(tftypes.Number, huge), "is too large a number; got 1e+400"},
			} {
				given := slices.Clone(arguments)
				given[i] = tc.value
				_, err := callRaw(t, server, name, given)
				if parameter.GetName() == "scale" && !strings.Contains(tc.want, "e+400") {
					continue // 1280.5 is a number, and its rule is another one.
				}
				if want := parameter.GetName() + " " + tc.want; err == nil || err.Text != want || *err.FunctionArgument != int64(i) {
					t.Errorf("%s: got %+v, want %d: %s", name, err, i, want)
				}
			}
		}
	}
}
