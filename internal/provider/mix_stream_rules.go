// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// ConfigValidators returns the rules that no attribute can check by itself. They run without a configured provider, so
// that they also hold where a user's test mocks it.
func (r *mixStreamResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{mixRules{}}
}

// mixRules checks a mix against what Tencent documents to refuse (267/43404, 267/45566, 267/54768), and warns of what it
// accepts but what may surprise. Each rule stays silent while a value that it needs is not known.
type mixRules struct{}

func (mixRules) Description(context.Context) string {
	return "the inputs, the layout and the output must fit together"
}

func (v mixRules) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (mixRules) ValidateResource(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	m, err := readConfiguredMix(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the configuration", "The rules for mixes were not checked: "+err.Error())
		return
	}
	for _, rule := range []func(*configuredMix, *diag.Diagnostics){
		checkCount, checkLayers, checkTemplate, checkInputKinds, checkOutputName, checkGeometry, checkCrops,
		warnOfIgnoredAttributes, warnOfLayout, warnOfPixels, warnOfOutput,
	} {
		rule(m, &resp.Diagnostics)
	}
}

// checkCount is the rule about the number of inputs (codes -3 and -21; AllowCopy of CommonMixControlParams).
func checkCount(m *configuredMix, diags *diag.Diagnostics) {
	list := path.Root("input_stream_list")
	switch n := m.inputCount; {
	case n == 0 && m.allInputs:
		diags.AddAttributeError(list, "No inputs",
			fmt.Sprintf("input_stream_list is empty, but a mix needs 1 to %d inputs. Add inputs, or remove the resource to cancel the mix.", maxInputs))
		return
	case n > maxInputs:
		diags.AddAttributeError(list, "Too many inputs",
			fmt.Sprintf("input_stream_list has %d inputs, but a mix takes at most %d. Remove some, or mix some of them in a resource of their own and use its output as an input here.", n, maxInputs))
		return
	case n != 1 || !m.allInputs:
		return
	}
	only := m.inputs[0]
	name, nameKnown := only.name.or("")
	if allow, ok := m.allowCopy.or(false); ok && !allow {
		diags.AddAttributeError(list, singleInput,
			fmt.Sprintf("input_stream_list has only one input%s, and Tencent treats a mix of a single input as a request to cancel the session. "+
				"Add a second input. Or, to copy the stream to another name, set control_params.allow_copy = true and a new name in output_params.output_stream_name.",
				quotedIf(name, nameKnown)))
		return
	}
	if m.outputName.known() && nameKnown && m.outputName.value == name {
		diags.AddAttributeError(path.Root("output_params").AtName("output_stream_name"), copyToItself,
			fmt.Sprintf("output_params.output_stream_name is %q, which is also the name of the only input. Choose another name for the copy, or add a second input.", name))
	}
}

// The titles of rules that others refer to.
const (
	singleInput   = "Only one input"
	copyToItself  = "Output has the same name as the only input"
	layerTwice    = "Two inputs on one layer"
	outputNoInput = "Output has the name of an input that is not a live stream"
)

// checkLayers is the rule about layers (code -11): each has its own, and one of them is the background.
func checkLayers(m *configuredMix, diags *diag.Diagnostics) {
	all := m.allInputs
	owner := map[float64]*configuredInput{}
	for i := range m.inputs {
		in := &m.inputs[i]
		if !in.layer.known() {
			all = false
			continue
		}
		first, taken := owner[in.layer.value]
		if !taken {
			owner[in.layer.value] = in
			continue
		}
		at := in.layout("image_layer")
		diags.AddAttributeError(at, layerTwice,
			fmt.Sprintf("%s is %s, which is already the layer of %s. Each input needs its own layer from 1 to %d; a higher layer covers a lower one.%s",
				at, plain(in.layer.value), first, maxInputs, freeLayer(m)))
	}
	if _, ok := owner[1]; all && !ok && len(m.inputs) > 0 {
		var used []string
		for i := range m.inputs {
			used = append(used, plain(m.inputs[i].layer.value))
		}
		diags.AddAttributeError(path.Root("input_stream_list"), "No background",
			fmt.Sprintf("No input in input_stream_list has layout_params.image_layer = 1; the layers in use are %s. The input on layer 1 is the background that all others lie on. Set image_layer = 1 for the stream or canvas that fills the picture.",
				strings.Join(used, ", ")))
	}
}

// freeLayer suggests a layer, where all are known.
func freeLayer(m *configuredMix) string {
	used := map[float64]bool{}
	for _, in := range m.inputs {
		if !in.layer.known() {
			return ""
		}
		used[in.layer.value] = true
	}
	for layer := 1; m.allInputs && layer <= maxInputs; layer++ {
		if !used[float64(layer)] {
			return fmt.Sprintf(" The lowest free layer is %d.", layer)
		}
	}
	return ""
}

// templates are Tencent's layouts by the number of visual inputs that they lay out (267/43404). A canvas counts.
var templates = []struct {
	inputs int
	ids    []int64
}{
	{2, []int64{10, 20, 30, 40, 50}},
	{3, []int64{310, 390, 391}},
	{4, []int64{410}},
	{5, []int64{510, 590}},
	{6, []int64{610}},
}

// canvasTemplates lay their inputs on a canvas, which has to be layer 1.
var canvasTemplates = []int64{390, 391, 590}

// checkTemplate is the rule about templates and inputs (code -20).
func checkTemplate(m *configuredMix, diags *diag.Diagnostics) {
	id := int64(m.template.value)
	if !m.template.known() || float64(id) != m.template.value {
		return
	}
	wanted := 0
	for _, t := range templates {
		if slices.Contains(t.ids, id) {
			wanted = t.inputs
		}
	}
	if wanted == 0 {
		return
	}
	at := path.Root("mix_stream_template_id")
	if visual, ok := m.visualInputs(); ok && visual != wanted {
		diags.AddAttributeError(at, "Template does not fit the number of inputs",
			fmt.Sprintf("mix_stream_template_id is %d, a layout of %d visual inputs, but this mix has %d (canvases and pictures count, audio-only inputs do not). %s",
				id, wanted, visual, fittingTemplates(visual)))
	}
	if !slices.Contains(canvasTemplates, id) {
		return
	}
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.layer.known() && in.layer.value == 1 && !in.kind.unknown() && !in.is(inputCanvas) {
			at := in.layout("input_type")
			diags.AddAttributeError(at, "Template needs a canvas",
				fmt.Sprintf("mix_stream_template_id is %d, which needs a canvas on layer 1, but there %s is %q. "+
					"Add an input with input_type = \"canvas\" on layer 1 and move this one to a higher layer, or choose a template without a canvas.", id, at, in.kindName()))
		}
	}
}

// visualInputs counts the inputs that have a picture; ok is false while any is not known.
func (m *configuredMix) visualInputs() (n int, ok bool) {
	if !m.allInputs {
		return 0, false
	}
	for _, in := range m.inputs {
		if in.kind.unknown() {
			return 0, false
		}
		if !in.is(inputAudio) {
			n++
		}
	}
	return n, true
}

func fittingTemplates(visual int) string {
	for _, t := range templates {
		if t.inputs != visual {
			continue
		}
		var ids []string
		for _, id := range t.ids {
			text := strconv.FormatInt(id, 10)
			if slices.Contains(canvasTemplates, id) {
				text += " (with a canvas on layer 1)"
			}
			ids = append(ids, text)
		}
		return fmt.Sprintf("The templates for %d visual inputs are %s. Use one of them, or omit mix_stream_template_id and place the inputs with layout_params.", visual, strings.Join(ids, ", "))
	}
	return fmt.Sprintf("No template lays out %d visual inputs: omit mix_stream_template_id and place the inputs with layout_params.", visual)
}

// checkInputKinds is what each kind of input needs: a canvas its size (code -28), a picture its ID (-33), a web page its URL.
func checkInputKinds(m *configuredMix, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		switch {
		case in.is(inputCanvas):
			checkCanvasSide(in, "image_width", in.width, diags)
			checkCanvasSide(in, "image_height", in.height, diags)
		case in.is(inputPicture) && in.watermark.state == settingNull:
			at := in.layout("watermark_id")
			diags.AddAttributeError(at, "Picture without an ID",
				fmt.Sprintf("%s is not set, but %s is a picture. Upload the picture with AddLiveWatermark and set the ID that it returns.", at, in))
		case in.is(inputWebPage) && in.webPage.state == settingNull:
			at := in.layout("web_page_url")
			diags.AddAttributeError(at, "Web page without a URL",
				fmt.Sprintf("%s is not set, but %s is a web page. Set the URL of the page.", at, in))
		}
	}
}

func checkCanvasSide(in *configuredInput, name string, side setting[float64], diags *diag.Diagnostics) {
	length, ok := side.or(0)
	at := in.layout(name)
	switch {
	case !ok:
	case length == 0:
		what := "0"
		if side.state == settingNull {
			what = "not set"
		}
		diags.AddAttributeError(at, "Canvas without a size",
			fmt.Sprintf("%s is %s, but %s is a canvas, which has no size of its own. Set image_width and image_height, for example to 1280 and 720.", at, what, in))
	case isFraction(length) && in.layer.known() && in.layer.value == 1:
		diags.AddAttributeError(at, "Background without a size",
			fmt.Sprintf("%s is %s, a fraction of the background, but %s is the background itself. Set its size in pixels, for example 1280 by 720.", at, plain(length), in))
	}
}

// checkOutputName refuses a name that would replace something that is no stream: a picture, a canvas or a web page.
func checkOutputName(m *configuredMix, diags *diag.Diagnostics) {
	if !m.outputName.known() {
		return
	}
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.name.known() && in.name.value == m.outputName.value && in.is(inputPicture, inputCanvas, inputWebPage) {
			diags.AddAttributeError(path.Root("output_params").AtName("output_stream_name"), outputNoInput,
				fmt.Sprintf("output_params.output_stream_name is %q, which is the name of a %s: %s. An output either replaces a live input or is a new stream. Use the name of a live input or a new name, or rename the %s.",
					m.outputName.value, in.noun(), in.at(), in.noun()))
		}
	}
}

// String names the input in a message.
func (in *configuredInput) String() string {
	if in.name.known() {
		return fmt.Sprintf("%s (%q)", in.at(), in.name.value)
	}
	return in.at().String()
}

// called names the input where its place is known.
func (in *configuredInput) called() string {
	if in.name.known() {
		return fmt.Sprintf("input %q", in.name.value)
	}
	return "the input"
}

// kindName is the kind as the configuration spells it, or would.
func (in *configuredInput) kindName() string {
	kind, _ := in.kind.or(inputAudioVideo)
	return kind
}

// noun is the kind in a sentence.
func (in *configuredInput) noun() string { return strings.ReplaceAll(in.kindName(), "_", " ") }

// plain writes a number as a configuration does.
func plain(f float64) string {
	const huge = 1e15
	if math.Abs(f) >= huge {
		return strconv.FormatFloat(f, 'g', -1, 64)
	}
	return strconv.FormatFloat(f, 'f', -1, 64)
}

func quotedIf(name string, known bool) string {
	if !known {
		return ""
	}
	return fmt.Sprintf(", %q", name)
}
