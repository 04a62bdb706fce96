// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"math"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/mixlayout"
)

const mixTypeName = "tencentcss_mix_stream"

// outputChange decides whether a change of the output name replaces the resource. Tencent refuses such a change of a
// running session (SessionOutputStreamChanged). After an import the name is unknown, and the first apply adopts the
// session.
func outputChange(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

func (r *mixStreamResource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	const outputChangeText = "Changing it replaces the resource, except for the first change after an import."
	resp.Schema = schema.Schema{
		MarkdownDescription: "A live mix: several input streams laid out in one output stream.\n\n" +
			"Creating the resource calls `CreateCommonMixStream`. Changing anything but the session ID and the output name calls it again with the whole mix. " +
			"Destroying the resource calls `CancelCommonMixStream`. Tencent bills a mix as transcoding until it is cancelled, for as long as at least one of its inputs is online.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "Same as `mix_stream_session_id`.",
				Computed:            true,
			},
			"mix_stream_session_id": schema.StringAttribute{
				MarkdownDescription: "The ID of the mix session, unique in the account: 1 to 80 letters, digits and underscores. No API lists sessions, so this ID is the only handle on a running mix: choose it once and keep it. Changing it replaces the resource.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          []validator.String{nameTextRule()},
			},
			"mix_stream_template_id": wholeNumberAttribute(oneOfNumbers(templateIDs()...),
				"One of Tencent's layouts: `10`, `20`, `30`, `40`, `50` for 2 visual inputs; `310`, `390`, `391` for 3; `410` for 4; `510`, `590` for 5; `610` for 6. Canvases and pictures count as visual inputs, audio-only inputs do not. `390`, `391` and `590` need a canvas on layer 1. Without a template, the inputs lie where their `layout_params` put them. The guide [Layouts](https://registry.terraform.io/providers/tencentcss/tencentcss/latest/docs/guides/layouts) has pictures of all templates."),
			"input_stream_list": typedList(schema.ListNestedAttribute{
				MarkdownDescription: "The inputs, 1 to 16. Every change sends the whole list.",
				Required:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: inputAttributes()},
			}),
			"output_params": typed(schema.SingleNestedAttribute{
				MarkdownDescription: "The output stream. Tencent chooses the numbers that are not set.",
				Required:            true,
				Attributes:          outputAttributes(outputChangeText),
			}),
			"control_params": typed(schema.SingleNestedAttribute{
				MarkdownDescription: "Switches, all off by default. Those that are not set are not sent.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"use_mix_crop_center": schema.BoolAttribute{
						MarkdownDescription: "Crop an input around its center where its aspect ratio differs from that of its place in the layout. `false` by default.",
						Optional:            true,
					},
					"allow_copy": schema.BoolAttribute{
						MarkdownDescription: "Copy a single input to a new output name. Without it, Tencent treats a mix of one input as a cancel. `false` by default.",
						Optional:            true,
					},
					"pass_input_sei": schema.BoolAttribute{
						MarkdownDescription: "Pass the SEI messages of the inputs on to the output. `false` by default.",
						Optional:            true,
					},
					"use_picture_transparent": schema.BoolAttribute{
						MarkdownDescription: "Honor the transparency of picture inputs. `false` by default. Mainland site only.",
						Optional:            true,
					},
				},
			}),
			"wait_for_inputs": schema.BoolAttribute{
				MarkdownDescription: "While an input is not being pushed yet, retry until the create or update timeout. By default (`false`), the call is tried three times, 5 seconds apart.",
				Optional:            true,
			},
			"output_monitor": typed(schema.SingleNestedAttribute{
				MarkdownDescription: "Watches the output stream. If the output is inactive, the next plan changes the resource in place, which sends the mix again; the monitor never removes the resource. Without a monitor, a plan makes no API call.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"domain_name": schema.StringAttribute{
						MarkdownDescription: "The push domain of the output stream, such as `push.example.com`: that of the input it replaces, or of the input on layer 1.",
						Required:            true,
						Validators:          []validator.String{domainValidator{}},
					},
					"app_name": schema.StringAttribute{
						MarkdownDescription: "The push path of the output stream, 1 to 255 characters. `" + defaultAppName + "` by default.",
						Optional:            true,
						Computed:            true,
						Default:             stringdefault.StaticString(defaultAppName),
						Validators:          []validator.String{shortTextRule()},
					},
					"active_timeout": schema.StringAttribute{
						MarkdownDescription: "How long an apply waits for the output to become active, as a duration of at least `0s`, such as `1m`. If the output stays inactive, the apply warns but succeeds. `" + defaultActiveTimeout + "` by default; `0s` checks once.",
						CustomType:          durationType{rule: durationRule{orZero: true}},
						Optional:            true,
						Computed:            true,
						Default:             stringdefault.StaticString(defaultActiveTimeout),
						Validators:          []validator.String{durationRule{orZero: true}},
					},
				},
			}),
			"output_stream_state": schema.StringAttribute{
				MarkdownDescription: "What the monitor saw last: `active`, `inactive` or `forbid`. Null without an `output_monitor`. Tencent calls this state advisory.",
				Computed:            true,
			},
			"timeouts": timeoutsAttribute(map[string]string{
				"create": "How long a create may take, including all waits and retries, as a duration such as `90s` or `5m`. `5m` by default.",
				"read":   "How long reading the `output_monitor` may take, as a duration such as `30s`. `1m` by default.",
				"update": "How long a change may take, including all waits and retries, as a duration such as `90s` or `5m`. `5m` by default.",
				"delete": "How long a cancel may take, including all waits and retries, as a duration such as `90s` or `5m`. `5m` by default. Terraform takes this value from the state: apply a new value before the destroy.",
			}),
		},
	}
}

func (r *mixStreamResource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{
		Attributes: map[string]identityschema.Attribute{
			"mix_stream_session_id": identityschema.StringAttribute{
				Description:       "The ID of the mix session.",
				RequiredForImport: true,
			},
		},
	}
}

func templateIDs() []int64 {
	var ids []int64
	for _, t := range mixlayout.Templates() {
		ids = append(ids, int64(t.ID))
	}
	return ids
}

// inputType returns the type of one input of input_stream_list. A function returns it whole, with nulls for what it
// does not set, so that its result can be assigned directly.
func inputType() types.ObjectType {
	return objectType(inputAttributes())
}

func inputAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"input_stream_name": schema.StringAttribute{
			MarkdownDescription: "The name of the live stream; for a picture, a canvas or a web page, any name of your choice. 1 to 80 letters, digits and underscores.",
			Required:            true,
			Validators:          []validator.String{nameTextRule()},
		},
		"layout_params": typed(schema.SingleNestedAttribute{
			MarkdownDescription: "What the input is and where it lies.",
			Required:            true,
			Attributes:          layoutAttributes(),
		}),
		"crop_params": typed(schema.SingleNestedAttribute{
			MarkdownDescription: "The part of the input that is shown. Tencent crops the input first, then scales it. By default the whole input is shown.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"crop_width":            cropAttribute("The width of the part"),
				"crop_height":           cropAttribute("The height of the part"),
				"crop_start_location_x": cropAttribute("The distance of the part from the left edge of the input"),
				"crop_start_location_y": cropAttribute("The distance of the part from the top edge of the input"),
			},
		}),
		"portrait_segment_params": typed(schema.SingleNestedAttribute{
			MarkdownDescription: "Cuts a person out of the input and replaces what is behind them (matting). Mainland site only.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"color": colorAttribute("The color that replaces what is behind the person"),
			},
		}),
	}
}

func layoutAttributes() map[string]schema.Attribute {
	layer := wholeNumberAttribute(upTo(mixlayout.MaxLayers), "The layer, 1 to 16, unique among the inputs. Layer `1` is the background; a higher layer covers a lower one. Audio-only inputs need a layer, too.")
	layer.Required, layer.Optional = true, false
	return map[string]schema.Attribute{
		"image_layer": layer,
		"input_type": schema.StringAttribute{
			MarkdownDescription: "`audio_video`, `picture`, `canvas`, `audio`, `video` or `web_page`. `" + string(mixlayout.AudioVideo) + "` by default.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(string(mixlayout.AudioVideo)),
			Validators:          []validator.String{oneOfWords(mixlayout.AudioVideo, mixlayout.Picture, mixlayout.Canvas, mixlayout.Audio, mixlayout.Video, mixlayout.WebPage)},
		},
		"image_width":  geometryAttribute("The width: 0 to 2000 pixels, or a fraction of the background's width from 0.01 to 0.99. By default the input's own width."),
		"image_height": geometryAttribute("The height: 0 to 2000 pixels, or a fraction of the background's height from 0.01 to 0.99. By default the input's own height."),
		"location_x":   geometryAttribute("The distance from the left edge of the background: 0 to 2000 pixels, or a fraction of the background's width from 0.01 to 0.99. `0` by default."),
		"location_y":   geometryAttribute("The distance from the top edge of the background: 0 to 2000 pixels, or a fraction of the background's height from 0.01 to 0.99. `0` by default."),
		"color":        colorAttribute("The color of a canvas (Tencent documents no default)"),
		"watermark_id": wholeNumberAttribute(upTo(math.MaxInt64), "The ID of the picture that `AddLiveWatermark` returned, 1 or greater. Required for a `picture`."),
		"web_page_url": schema.StringAttribute{
			MarkdownDescription: "The URL of the animated page, with `http` or `https`. Required for a `web_page`. Mainland site only.",
			Optional:            true,
			Validators:          []validator.String{webPageTextRule()},
		},
	}
}

func outputAttributes(outputChangeText string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"output_stream_name": schema.StringAttribute{
			MarkdownDescription: "The name of the output stream: 1 to 80 letters, digits and underscores. If it is the name of an input, the output replaces that input for its viewers; any other name makes a new stream. " + outputChangeText,
			Required:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplaceIf(outputChange, outputChangeText, outputChangeText)},
			Validators:          []validator.String{nameTextRule()},
		},
		"output_stream_type": schema.Int64Attribute{
			MarkdownDescription: "`0` if the output has the name of an input, `1` if it is a new stream.",
			Computed:            true,
		},
		"output_stream_bit_rate":   wholeNumberAttribute(upTo(50000), "The video bit rate in kbps, 1 to 50000. Tencent's pages disagree about values above 10000."+chosen),
		"output_stream_gop":        wholeNumberAttribute(upTo(10), "The GOP length in seconds, 1 to 10."+chosen),
		"output_stream_frame_rate": wholeNumberAttribute(upTo(60), "The frame rate in fps, a whole number from 1 to 60."+chosen),
		"output_audio_bit_rate":    wholeNumberAttribute(upTo(500), "The audio bit rate in kbps, 1 to 500."+chosen),
		"output_audio_sample_rate": wholeNumberAttribute(oneOfNumbers(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000),
			"The audio sample rate in Hz: 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200 or 96000."+chosen),
		"output_audio_channels": wholeNumberAttribute(upTo(2), "The number of audio channels, 1 or 2."+chosen),
		"mix_sei": schema.StringAttribute{
			MarkdownDescription: "Text to put into the output as an SEI message. None by default.",
			Optional:            true,
		},
	}
}

// chosen ends the description of a number for which this provider has no default.
const chosen = " By default Tencent chooses."

// timeoutsAttribute is the library's attribute with another rule for durations: the library's message does not name the
// attribute.
func timeoutsAttribute(descriptions map[string]string) schema.SingleNestedAttribute {
	attributes := map[string]schema.Attribute{}
	for name, description := range descriptions {
		attributes[name] = schema.StringAttribute{
			MarkdownDescription: description,
			Optional:            true,
			Validators:          []validator.String{durationRule{}},
		}
	}
	return schema.SingleNestedAttribute{
		MarkdownDescription: "How long each operation may take.",
		CustomType:          timeouts.Type{ObjectType: objectType(attributes)},
		Optional:            true,
		Attributes:          attributes,
	}
}

// wholeNumberAttribute returns an optional number with a rule that also refuses fractions and numbers that are too
// large.
func wholeNumberAttribute(rule numberRule, description string) schema.Int64Attribute {
	return schema.Int64Attribute{
		MarkdownDescription: description,
		CustomType:          wholeNumberType{rule: rule.rule},
		Optional:            true,
		Validators:          []validator.Int64{rule},
	}
}

func lengthAttribute(rule lengthRule, description string) schema.Float64Attribute {
	return schema.Float64Attribute{
		MarkdownDescription: description,
		CustomType:          decimalType{rule: rule.rule},
		Optional:            true,
		Validators:          []validator.Float64{rule},
	}
}

func geometryAttribute(description string) schema.Float64Attribute {
	return lengthAttribute(pixelsOrFraction(), description)
}

func cropAttribute(description string) schema.Float64Attribute {
	return lengthAttribute(pixels(), description+": 0 to 2000 pixels, no fraction.")
}

func colorAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + ", as `0xRRGGBB` or `#RRGGBB`.",
		Optional:            true,
		Validators:          []validator.String{colorTextRule()},
	}
}
