// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

// ConfigValidators returns the rules that no single attribute can check. They run without a configured provider, so
// they also apply when a user's test mocks it.
func (r *mixStreamResource) ConfigValidators(context.Context) []resource.ConfigValidator {
	return []resource.ConfigValidator{mixRules{}}
}

// mixRules refuses mixes that Tencent is documented to refuse (267/43404, 267/45566, 267/54768), and warns of what it
// accepts but what may surprise. Each rule stays silent while a value that it needs is unknown.
type mixRules struct{}

func (mixRules) Description(context.Context) string {
	return "the inputs, the layout and the output must fit together"
}

func (v mixRules) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

func (mixRules) ValidateResource(_ context.Context, req resource.ValidateConfigRequest, resp *resource.ValidateConfigResponse) {
	m, err := readMix(req.Config.Raw)
	if err != nil {
		resp.Diagnostics.AddError("Unable to read the configuration", "The rules for mixes were not checked: "+err.Error())
		return
	}
	resp.Diagnostics.Append(checkMix(m)...)
}

func checkMix(m *mixModel) diag.Diagnostics {
	var diags diag.Diagnostics
	for _, rule := range []func(*mixModel, *diag.Diagnostics){
		checkCount, checkLayers, checkTemplate, checkInputKinds, checkOutputName, checkGeometry, checkCrops,
		warnOfIgnoredAttributes, warnOfLayout, warnOfPixels, warnOfOutput,
	} {
		rule(m, &diags)
	}
	return diags
}

// checkCount checks the number of inputs (codes -3 and -21; AllowCopy of CommonMixControlParams).
func checkCount(m *mixModel, diags *diag.Diagnostics) {
	list := path.Root("input_stream_list")
	switch n := m.inputCount; {
	case n == 0 && m.allInputs():
		diags.AddAttributeError(list, "No inputs",
			fmt.Sprintf("input_stream_list is empty, but a mix needs 1 to %d inputs. Add inputs, or remove the resource to cancel the mix.", mixlayout.MaxLayers))
		return
	case n > mixlayout.MaxLayers:
		diags.AddAttributeError(list, "Too many inputs",
			fmt.Sprintf("input_stream_list has %d inputs, but a mix takes at most %d. Remove some, or mix some of them in a resource of their own and use its output as an input here.", n, mixlayout.MaxLayers))
		return
	case n != 1 || !m.allInputs():
		return
	}
	only := m.inputs[0]
	if !m.control.allowCopy.IsUnknown() && !m.control.allowCopy.ValueBool() {
		diags.AddAttributeError(list, singleInput,
			fmt.Sprintf("input_stream_list has only one input%s, and Tencent treats a mix of a single input as a request to cancel the session. "+
				"Add a second input. Or, to copy the stream to another name, set control_params.allow_copy = true and a new name in output_params.output_stream_name.",
				quotedIfKnown(only.name)))
		return
	}
	if isKnown(only.name) && m.output.name == only.name {
		diags.AddAttributeError(path.Root("output_params").AtName("output_stream_name"), copyToItself,
			fmt.Sprintf("output_params.output_stream_name is %q, which is also the name of the only input. Choose another name for the copy, or add a second input.", only.name.ValueString()))
	}
}

// Titles that more than one rule uses.
const (
	singleInput   = "Only one input"
	copyToItself  = "Output has the same name as the only input"
	layerTwice    = "Two inputs on one layer"
	outputNoInput = "Output has the name of an input that is not a live stream"
)

// checkLayers checks that each input has a layer of its own, and that one of them is the background (code -11).
func checkLayers(m *mixModel, diags *diag.Diagnostics) {
	all := m.allInputs()
	owner := map[int64]*inputModel{}
	for i := range m.inputs {
		in := &m.inputs[i]
		if !isKnown(in.layout.layer) {
			all = false
			continue
		}
		first, taken := owner[in.layout.layer.ValueInt64()]
		if !taken {
			owner[in.layout.layer.ValueInt64()] = in
			continue
		}
		at := in.layoutAt("image_layer")
		diags.AddAttributeError(at, layerTwice,
			fmt.Sprintf("%s is %s, which is already the layer of %s. Each input needs its own layer from 1 to %d; a higher layer covers a lower one.%s",
				at, in.layout.layer, first, mixlayout.MaxLayers, freeLayer(m)))
	}
	if _, ok := owner[1]; all && !ok && len(m.inputs) > 0 {
		var used []string
		for i := range m.inputs {
			used = append(used, m.inputs[i].layout.layer.String())
		}
		diags.AddAttributeError(path.Root("input_stream_list"), "No background",
			fmt.Sprintf("No input in input_stream_list has layout_params.image_layer = 1; the layers in use are %s. The input on layer 1 is the background that all others lie on. Set image_layer = 1 for the stream or canvas that fills the picture.",
				strings.Join(used, ", ")))
	}
}

// freeLayer suggests a free layer if all layers are known.
func freeLayer(m *mixModel) string {
	used := map[int64]bool{}
	for _, in := range m.inputs {
		if !isKnown(in.layout.layer) {
			return ""
		}
		used[in.layout.layer.ValueInt64()] = true
	}
	for layer := int64(1); m.allInputs() && layer <= mixlayout.MaxLayers; layer++ {
		if !used[layer] {
			return fmt.Sprintf(" The lowest free layer is %d.", layer)
		}
	}
	return ""
}

// checkTemplate checks that the template and the inputs fit together (code -20).
func checkTemplate(m *mixModel, diags *diag.Diagnostics) {
	template, ok := mixlayout.FindTemplate(m.templateID.ValueInt64())
	if !ok {
		return
	}
	if visual, ok := m.visualInputs(); ok && visual != template.Inputs {
		diags.AddAttributeError(path.Root("mix_stream_template_id"), "Template does not fit the number of inputs",
			fmt.Sprintf("mix_stream_template_id is %d, a layout of %d visual inputs, but this mix has %d (canvases and pictures count, audio-only inputs do not). %s",
				template.ID, template.Inputs, visual, fittingTemplates(visual)))
	}
	if background := m.background(); template.OnCanvas && background != nil && background.kind() != "" && !background.is(mixlayout.Canvas) {
		at := background.layoutAt("input_type")
		diags.AddAttributeError(at, "Template needs a canvas",
			fmt.Sprintf("mix_stream_template_id is %d, which needs a canvas on layer 1, but there %s is %q. "+
				"Add an input with input_type = \"canvas\" on layer 1 and move this one to a higher layer, or choose a template without a canvas.", template.ID, at, background.kind()))
	}
}

// visualInputs counts the inputs that have a picture. ok is false while any input is unknown.
func (m *mixModel) visualInputs() (n int, ok bool) {
	if !m.allInputs() {
		return 0, false
	}
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.kind() == "" {
			return 0, false
		}
		if !in.is(mixlayout.Audio) {
			n++
		}
	}
	return n, true
}

func fittingTemplates(visual int) string {
	var ids []string
	for _, t := range mixlayout.Templates() {
		if t.Inputs != visual {
			continue
		}
		text := strconv.Itoa(t.ID)
		if t.OnCanvas {
			text += " (with a canvas on layer 1)"
		}
		ids = append(ids, text)
	}
	if len(ids) == 0 {
		return fmt.Sprintf("No template lays out %d visual inputs: omit mix_stream_template_id and place the inputs with layout_params.", visual)
	}
	return fmt.Sprintf("The templates for %d visual inputs are %s. Use one of them, or omit mix_stream_template_id and place the inputs with layout_params.", visual, strings.Join(ids, ", "))
}

// checkInputKinds checks what each kind of input needs: a canvas its size (code -28), a picture its ID (-33), a web page its URL.
func checkInputKinds(m *mixModel, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		switch {
		case in.is(mixlayout.Canvas):
			checkCanvasSide(in, "image_width", in.layout.width, diags)
			checkCanvasSide(in, "image_height", in.layout.height, diags)
		case in.is(mixlayout.Picture) && in.layout.watermarkID.IsNull():
			at := in.layoutAt("watermark_id")
			diags.AddAttributeError(at, "Picture without an ID",
				fmt.Sprintf("%s is not set, but %s is a picture. Upload the picture with AddLiveWatermark and set the ID that it returns.", at, in))
		case in.is(mixlayout.WebPage) && in.layout.webPageURL.IsNull():
			at := in.layoutAt("web_page_url")
			diags.AddAttributeError(at, "Web page without a URL",
				fmt.Sprintf("%s is not set, but %s is a web page. Set the URL of the page.", at, in))
		}
	}
}

func checkCanvasSide(in *inputModel, name string, side types.Float64, diags *diag.Diagnostics) {
	length, at := side.ValueFloat64(), in.layoutAt(name)
	switch {
	case side.IsUnknown():
	case length == 0:
		what := "0"
		if side.IsNull() {
			what = "not set"
		}
		diags.AddAttributeError(at, "Canvas without a size",
			fmt.Sprintf("%s is %s, but %s is a canvas, which has no size of its own. Set image_width and image_height, for example to 1280 and 720.", at, what, in))
	case mixlayout.IsFraction(length) && in.layout.layer.ValueInt64() == 1:
		diags.AddAttributeError(at, "Background without a size",
			fmt.Sprintf("%s is %s, a fraction of the background, but %s is the background itself. Set its size in pixels, for example 1280 by 720.", at, mixlayout.Number(length), in))
	}
}

// checkOutputName refuses an output that would replace an input which is not a live stream: a picture, a canvas or a
// web page.
func checkOutputName(m *mixModel, diags *diag.Diagnostics) {
	if !isKnown(m.output.name) {
		return
	}
	for i := range m.inputs {
		in := &m.inputs[i]
		if in.name == m.output.name && in.is(mixlayout.Picture, mixlayout.Canvas, mixlayout.WebPage) {
			diags.AddAttributeError(path.Root("output_params").AtName("output_stream_name"), outputNoInput,
				fmt.Sprintf("output_params.output_stream_name is %q, which is the name of a %s: %s. An output either replaces a live input or is a new stream. Use the name of a live input or a new name, or rename the %s.",
					m.output.name.ValueString(), in.noun(), in.at(), in.noun()))
		}
	}
}

// fractionSlack tolerates the rounding of sums such as 0.7 + 0.3.
const fractionSlack = 1e-9

// checkGeometry refuses an input that extends beyond the background (code -2): position + size must not exceed its
// width or height. If the size of the background is unknown, it is taken as the largest that Tencent accepts of any
// source, 2000 pixels (code -10021): an input beyond that is outside any background.
func checkGeometry(m *mixModel, diags *diag.Diagnostics) {
	background := m.background()
	for _, a := range axes() {
		length, given, ok := backgroundLength(background, a)
		if !ok {
			continue
		}
		for i := range m.inputs {
			in := &m.inputs[i]
			if in == background || !isKnown(in.layout.layer) || in.kind() == "" || in.is(mixlayout.Audio) {
				continue
			}
			checkAxis(in, a, background, length, given, diags)
		}
	}
}

// backgroundLength returns the background's length along an axis and whether the configuration sets it. ok is false
// while the length cannot be determined.
func backgroundLength(background *inputModel, a axis) (length float64, given, ok bool) {
	if background == nil || background.kind() == "" || a.sizeOf(background).IsUnknown() {
		return 0, false, false
	}
	length = a.sizeOf(background).ValueFloat64()
	if length == 0 || mixlayout.IsFraction(length) || background.is(mixlayout.Audio) {
		return mixlayout.MaxPixels, false, true
	}
	return length, true, inRange(length)
}

func checkAxis(in *inputModel, a axis, background *inputModel, length float64, given bool, diags *diag.Diagnostics) {
	position, size := atLeast(a.positionOf(in)), atLeast(a.sizeOf(in))
	inPixels := func(f float64) float64 {
		if mixlayout.IsFraction(f) {
			return f * length
		}
		return f
	}
	if inPixels(position)+inPixels(size) <= length*(1+fractionSlack) {
		return
	}
	at := in.layoutAt(a.position)
	edge := fmt.Sprintf("%s + %s %s = %s", mixlayout.Number(position), a.size, mixlayout.Number(size), sum(position, size, length))
	switch {
	case position == 0:
		at, edge = in.layoutAt(a.size), "is "+mixlayout.Number(size)
	case size == 0:
		edge = "is " + mixlayout.Number(position)
	}
	room := fmt.Sprintf("the background: %s is %s pixels %s. Move the input, make it smaller, or make the background larger", background, mixlayout.Number(length), a.name)
	switch {
	case mixlayout.IsFraction(position) && mixlayout.IsFraction(size):
		room = "the background, which ends at 1. Move the input or make it smaller"
	case !given:
		room = fmt.Sprintf("any background: none is more than %d pixels %s. Move the input or make it smaller", mixlayout.MaxPixels, a.name)
	}
	diags.AddAttributeError(at, leavesBackground, fmt.Sprintf("%s %s, so %s extends beyond %s.", at, edge, in.called(), room))
}

const leavesBackground = "Input extends beyond the background"

// inRange reports whether Tencent accepts a length. A length out of range is refused by its own validator and does not
// stop the other checks.
func inRange(length float64) bool { return length >= 0 && length <= mixlayout.MaxPixels }

// atLeast returns the smallest value that a length can have.
func atLeast(length types.Float64) float64 {
	if f := length.ValueFloat64(); inRange(f) {
		return f
	}
	return 0
}

// sum formats the far edge in the unit of its parts, or in pixels if the units differ.
func sum(position, size, length float64) string {
	switch {
	case mixlayout.IsFraction(position) && !mixlayout.IsFraction(size) && size != 0:
		position *= length
	case mixlayout.IsFraction(size) && !mixlayout.IsFraction(position) && position != 0:
		size *= length
	}
	return mixlayout.Number(float64(int64((position+size)*1000+0.5)) / 1000)
}

// checkCrops refuses a crop that no source can contain (code -29): Tencent accepts no source of more than 2000 pixels.
func checkCrops(m *mixModel, diags *diag.Diagnostics) {
	for i := range m.inputs {
		in := &m.inputs[i]
		for _, c := range []struct {
			start, length string
			from, size    types.Float64
		}{
			{"crop_start_location_x", "crop_width", in.crop.x, in.crop.width},
			{"crop_start_location_y", "crop_height", in.crop.y, in.crop.height},
		} {
			if from, size := atLeast(c.from), atLeast(c.size); from+size > mixlayout.MaxPixels {
				at := in.at("crop_params", c.start)
				diags.AddAttributeError(at, "Crop extends beyond the input",
					fmt.Sprintf("%s %s + %s %s = %s, which is beyond any input: none is larger than %d pixels. Choose a part that lies inside the input.",
						at, mixlayout.Number(from), c.length, mixlayout.Number(size), mixlayout.Number(from+size), mixlayout.MaxPixels))
			}
		}
	}
}
