// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// call runs a function as the framework does: numbers are numbers, and arguments beyond the parameters are gathered.
func call(t *testing.T, f function.Function, arguments ...attr.Value) (attr.Value, *function.FuncError) {
	t.Helper()
	var definition function.DefinitionResponse
	f.Definition(t.Context(), function.DefinitionRequest{}, &definition)
	parameters := definition.Definition.Parameters
	if len(arguments) < len(parameters) || len(arguments) > len(parameters) && definition.Definition.VariadicParameter == nil {
		t.Fatalf("%d arguments for %d parameters", len(arguments), len(parameters))
	}
	var given []attr.Value
	for _, argument := range arguments {
		switch v := argument.(type) {
		case types.Int64:
			argument = types.NumberNull()
			if !v.IsNull() {
				argument = types.NumberValue(new(big.Float).SetInt64(v.ValueInt64()))
			}
		case types.Float64:
			argument = types.NumberValue(big.NewFloat(v.ValueFloat64()))
		}
		given = append(given, argument)
	}
	if definition.Definition.VariadicParameter != nil {
		var kinds []attr.Type
		for _, v := range given[len(parameters):] {
			kinds = append(kinds, v.Type(t.Context()))
		}
		given = append(given[:len(parameters):len(parameters)], types.TupleValueMust(kinds, given[len(parameters):]))
	}
	result, err := definition.Definition.Return.NewResultData(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	resp := function.RunResponse{Result: result}
	f.Run(t.Context(), function.RunRequest{Arguments: function.NewArgumentsData(given)}, &resp)
	if resp.Error != nil && strings.HasSuffix(resp.Error.Text, ".") {
		t.Errorf("Terraform adds a second period: %s", resp.Error.Text)
	}
	return resp.Result.Value(), resp.Error
}

// text is a string argument, or null.
func text(s string) types.String {
	if s == "null" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// plainList evaluates an expression as Terraform does before it passes an argument of any type: lists are tuples, and
// objects have just the attributes that are written.
func plainList(t *testing.T, expression string) types.Dynamic {
	t.Helper()
	parsed, diags := hclsyntax.ParseExpression([]byte(expression), "test.tf", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	v, diags := parsed.Value(nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	return types.DynamicValue(frameworkValue(t, v))
}

func frameworkValue(t *testing.T, v cty.Value) attr.Value {
	t.Helper()
	switch {
	case v.IsNull():
		return types.DynamicNull()
	case v.Type() == cty.String:
		return types.StringValue(v.AsString())
	case v.Type() == cty.Bool:
		return types.BoolValue(v.True())
	case v.Type() == cty.Number:
		return types.NumberValue(new(big.Float).Set(v.AsBigFloat()))
	case v.Type().IsTupleType():
		var elements []attr.Value
		var kinds []attr.Type
		for _, element := range v.AsValueSlice() {
			converted := frameworkValue(t, element)
			elements, kinds = append(elements, converted), append(kinds, converted.Type(t.Context()))
		}
		return types.TupleValueMust(kinds, elements)
	default:
		attributes, kinds := map[string]attr.Value{}, map[string]attr.Type{}
		for name, attribute := range v.AsValueMap() {
			converted := frameworkValue(t, attribute)
			attributes[name], kinds[name] = converted, converted.Type(t.Context())
		}
		return types.ObjectValueMust(kinds, attributes)
	}
}

func rawOf(t *testing.T, v attr.Value) tftypes.Value {
	t.Helper()
	raw, err := v.ToTerraformValue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

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

// What is given comes back, with nulls for what is left out.
func TestInputsFunction(t *testing.T) {
	t.Parallel()
	list, err := call(t, newInputsFunction(), plainList(t, `[
		{ input_stream_name = "stage", layout_params = { image_layer = 1, input_type = "canvas", image_width = 1280, image_height = "720", color = "#cc0033" } },
		{ input_stream_name = "host", layout_params = { image_layer = 2, location_x = 0.5 }, crop_params = { crop_width = 100 }, portrait_segment_params = null },
	]`))
	if err != nil {
		t.Fatal(err)
	}
	models := inputsOf(t, list)
	stage, host := models[0], models[1]
	if stage.layout.height.ValueFloat64() != 720 || stage.layout.color.ValueString() != "#cc0033" || host.layout.x.ValueFloat64() != 0.5 || !host.layout.kind.IsNull() {
		t.Errorf("got %+v and %+v", stage, host)
	}
	if host.crop.width.ValueFloat64() != 100 || host.matte.state != valueNull {
		t.Errorf("got %+v", host)
	}
	if wanted := mixObjectType(t).AttributeTypes["input_stream_list"]; !list.Type(t.Context()).TerraformType(t.Context()).Equal(wanted) {
		t.Errorf("the type is %s", list.Type(t.Context()))
	}
}

// A misspelled attribute, which Terraform itself drops, is an error that names the element and the attribute that was meant.
func TestInputsFunctionRefusesUnknownAttributes(t *testing.T) {
	t.Parallel()
	for element, want := range map[string]string{
		`{ input_stream_name = "b", layout_params = { image_layer = 2, imagewidth = 320 } }`:    `input_stream_list[1].layout_params has no attribute "imagewidth"; did you mean "image_width"?`,
		`{ input_stream_name = "b", layout_params = { image_layer = 2, ImageWidth = 320 } }`:    `input_stream_list[1].layout_params has no attribute "ImageWidth"; did you mean "image_width"?`,
		`{ input_stream_name = "b", layout_params = { image_layer = 2 }, image_width = 320 }`:   `input_stream_list[1] has no attribute "image_width"; did you mean "layout_params.image_width"?`,
		`{ input_stream_name = "b", layout_param = { image_layer = 2 } }`:                       `input_stream_list[1] has no attribute "layout_param"; did you mean "layout_params"?`,
		`{ input_stream_name = "b", layout_params = { image_layer = 2 }, volume = 3 }`:          `input_stream_list[1] has no attribute "volume"; it takes crop_params, input_stream_name, layout_params, portrait_segment_params`,
		`{ input_stream_name = "b", layout_params = {}, crop_params = { crop_heigth = 10 } }`:   `input_stream_list[1].crop_params has no attribute "crop_heigth"; did you mean "crop_height"?`,
		`{ input_stream_name = "b", layout_params = [] }`:                                       "input_stream_list[1].layout_params must be an object; got a list",
		`{ input_stream_name = "b", layout_params = { image_layer = 1.5 } }`:                    "input_stream_list[1].layout_params.image_layer must be a whole number; got 1.5",
		`{ input_stream_name = "b", layout_params = { image_layer = 1e30 } }`:                   "input_stream_list[1].layout_params.image_layer is too large a number; got 1e+30",
		`{ input_stream_name = "b", layout_params = { image_layer = 1, image_width = 1e400 } }`: "input_stream_list[1].layout_params.image_width is too large a number; got 1e+400",
	} {
		_, err := call(t, newInputsFunction(), plainList(t, `[{ input_stream_name = "a", layout_params = { image_layer = 1 } }, `+element+`]`))
		if err == nil || err.Text != want || *err.FunctionArgument != 0 {
			t.Errorf("%s\ngot  %+v\nwant %s", element, err, want)
		}
	}
	if _, err := call(t, newInputsFunction(), types.DynamicValue(types.StringValue("host"))); err == nil || !strings.Contains(err.Text, "must be a list; got a string") {
		t.Errorf("no list: %+v", err)
	}
}

// What is known of a list is checked at plan, and what is not known stays so.
func TestInputsFunctionKeepsWhatIsUnknown(t *testing.T) {
	t.Parallel()
	layout := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"image_layer": tftypes.Number, "image_width": tftypes.Number}}
	element := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"input_stream_name": tftypes.String, "layout_params": layout}}
	list := tftypes.NewValue(tftypes.List{ElementType: element}, []tftypes.Value{tftypes.NewValue(element, map[string]tftypes.Value{
		"input_stream_name": rawText("host"),
		"layout_params": tftypes.NewValue(layout, map[string]tftypes.Value{
			"image_layer": rawNumber(1), "image_width": tftypes.NewValue(tftypes.Number, tftypes.UnknownValue),
		}),
	})})
	result, err := callRaw(t, NewServer("test")(), "inputs", []tftypes.Value{list})
	if err != nil {
		t.Fatal(err.Text)
	}
	mix, readErr := readMix(tftypes.NewValue(tftypes.Object{AttributeTypes: map[string]tftypes.Type{"input_stream_list": result.Type()}}, map[string]tftypes.Value{"input_stream_list": result}))
	if readErr != nil {
		t.Fatal(readErr)
	}
	if in := mix.inputs[0]; in.name.ValueString() != "host" || in.layout.layer.ValueInt64() != 1 || !in.layout.width.IsUnknown() {
		t.Errorf("got %+v", in)
	}
}
