// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"regexp"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/planmodifier"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringdefault"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema/stringplanmodifier"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const (
	defaultAppName       = "live"
	defaultActiveTimeout = "30s"
	maxInputs            = 16
)

// namePattern is the rule for session IDs and stream names (267/43404).
var namePattern = regexp.MustCompile(`^[A-Za-z0-9_]{1,80}$`)

const nameRule = "must be 1 to 80 characters long and hold letters, digits and underscores only"

// outputChange says when a change of the output name replaces the resource. Tencent refuses such a change of a running
// session (SessionOutputStreamChanged). After an import the name is not known, and the first apply adopts the session.
func outputChange(_ context.Context, req planmodifier.StringRequest, resp *stringplanmodifier.RequiresReplaceIfFuncResponse) {
	resp.RequiresReplace = !req.StateValue.IsNull()
}

func (r *mixStreamResource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	const outputChangeText = "A change replaces the resource, except the first one after an import."
	resp.Schema = schema.Schema{
		MarkdownDescription: "A live mix: several input streams laid out in one output stream.\n\n" +
			"Creating it calls `CreateCommonMixStream`, a change of anything but the session ID and the output name calls it again with the whole mix, " +
			"and destroying it calls `CancelCommonMixStream`. A mix that is never cancelled is billed as transcoding for as long as one of its inputs is online.",
		Attributes: map[string]schema.Attribute{
			"id": schema.StringAttribute{
				MarkdownDescription: "The same as `mix_stream_session_id`.",
				Computed:            true,
			},
			"mix_stream_session_id": schema.StringAttribute{
				MarkdownDescription: "The ID of the mix session, unique in the account: 1 to 80 letters, digits and underscores. It is the only handle on a running mix, as no API lists sessions, so choose it and keep it. A change replaces the resource.",
				Required:            true,
				PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplace()},
				Validators:          []validator.String{stringvalidator.RegexMatches(namePattern, nameRule)},
			},
			"mix_stream_template_id": schema.Int64Attribute{
				MarkdownDescription: "A layout of Tencent's: `10`, `20`, `30`, `40`, `50` for 2 visual inputs; `310`, `390`, `391` for 3; `410` for 4; `510`, `590` for 5; `610` for 6. Canvases and pictures count, audio-only inputs do not. `390`, `391` and `590` want a canvas on layer 1. Without a template the inputs lie where their `layout_params` put them. The guide [Layouts](../guides/layouts) shows pictures.",
				Optional:            true,
				Validators:          []validator.Int64{int64validator.OneOf(10, 20, 30, 40, 50, 310, 390, 391, 410, 510, 590, 610)},
			},
			"input_stream_list": typedList(schema.ListNestedAttribute{
				MarkdownDescription: "The inputs, 1 to 16. The whole list is sent with each change.",
				Required:            true,
				NestedObject:        schema.NestedAttributeObject{Attributes: inputAttributes()},
			}),
			"output_params": typed(schema.SingleNestedAttribute{
				MarkdownDescription: "The output stream. A number that is left out is chosen by Tencent.",
				Required:            true,
				Attributes:          outputAttributes(outputChangeText),
			}),
			"control_params": typed(schema.SingleNestedAttribute{
				MarkdownDescription: "Special switches. A switch that is left out is not sent.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"use_mix_crop_center": schema.BoolAttribute{
						MarkdownDescription: "Cut an input around its center to the ratio of its place, where the two differ.",
						Optional:            true,
					},
					"allow_copy": schema.BoolAttribute{
						MarkdownDescription: "Copy a single input to a new output name. Without it, Tencent takes a mix of one input for a cancel.",
						Optional:            true,
					},
					"pass_input_sei": schema.BoolAttribute{
						MarkdownDescription: "Pass the SEI messages of the inputs on to the output.",
						Optional:            true,
					},
					"use_picture_transparent": schema.BoolAttribute{
						MarkdownDescription: "Honor the transparency of picture inputs. Mainland site only.",
						Optional:            true,
					},
				},
			}),
			"wait_for_inputs": schema.BoolAttribute{
				MarkdownDescription: "Repeat an apply that is refused because an input does not push yet until the create or update timeout runs out. By default it is tried three times, 5 seconds apart.",
				Optional:            true,
			},
			"output_monitor": typed(schema.SingleNestedAttribute{
				MarkdownDescription: "Watches the output stream. An output that is found inactive plans a change in place, which sends the mix again; it never removes the resource. Without a monitor a plan makes no API call.",
				Optional:            true,
				Attributes: map[string]schema.Attribute{
					"domain_name": schema.StringAttribute{
						MarkdownDescription: "The push domain of the output stream: the one of the input that it replaces or that lies on layer 1.",
						Required:            true,
						Validators:          []validator.String{stringvalidator.LengthBetween(1, 255)},
					},
					"app_name": schema.StringAttribute{
						MarkdownDescription: "The push path of the output stream. `" + defaultAppName + "` by default.",
						Optional:            true,
						Computed:            true,
						Default:             stringdefault.StaticString(defaultAppName),
						Validators:          []validator.String{stringvalidator.LengthBetween(1, 255)},
					},
					"active_timeout": schema.StringAttribute{
						MarkdownDescription: "How long an apply waits for the output to become active, as a duration such as `1m`. It ends with a warning, not with an error. `" + defaultActiveTimeout + "` by default; `0s` looks once.",
						CustomType:          timetypes.GoDurationType{},
						Optional:            true,
						Computed:            true,
						Default:             stringdefault.StaticString(defaultActiveTimeout),
						Validators:          []validator.String{durationAtLeastZero{}},
					},
				},
			}),
			"output_stream_state": schema.StringAttribute{
				MarkdownDescription: "What the monitor saw last: `active`, `inactive` or `forbid`. Null without an `output_monitor`. Tencent calls this state advisory.",
				Computed:            true,
			},
			"timeouts": timeouts.Attributes(ctx, timeouts.Opts{
				Create: true, Read: true, Update: true, Delete: true,
				CreateDescription: "How long a create may take, with all its waits and retries. `5m` by default.",
				ReadDescription:   "How long reading the `output_monitor` may take. `1m` by default.",
				UpdateDescription: "How long a change may take, with all its waits and retries. `5m` by default.",
				DeleteDescription: "How long a cancel may take, with all its waits and retries. `5m` by default. Terraform takes it from the state, so apply a new value before the destroy.",
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

func inputAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"input_stream_name": schema.StringAttribute{
			MarkdownDescription: "The name of the live stream; for a picture, a canvas or a web page, a name of your choice. 1 to 80 letters, digits and underscores.",
			Required:            true,
			Validators:          []validator.String{stringvalidator.RegexMatches(namePattern, nameRule)},
		},
		"layout_params": typed(schema.SingleNestedAttribute{
			MarkdownDescription: "Where the input lies.",
			Required:            true,
			Attributes:          layoutAttributes(),
		}),
		"crop_params": typed(schema.SingleNestedAttribute{
			MarkdownDescription: "What part of the input is shown. The input is cropped first and scaled then.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"crop_width":            cropAttribute("The width of the part"),
				"crop_height":           cropAttribute("The height of the part"),
				"crop_start_location_x": cropAttribute("The distance of the part from the left edge of the input"),
				"crop_start_location_y": cropAttribute("The distance of the part from the top edge of the input"),
			},
		}),
		"portrait_segment_params": typed(schema.SingleNestedAttribute{
			MarkdownDescription: "Cuts a person out of the background. Mainland site only.",
			Optional:            true,
			Attributes: map[string]schema.Attribute{
				"color": colorAttribute("The color in place of the background"),
			},
		}),
	}
}

func layoutAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"image_layer": schema.Int64Attribute{
			MarkdownDescription: "The layer, 1 to 16, unique among the inputs. `1` is the background; a higher one covers a lower one. Audio-only inputs need one as well.",
			Required:            true,
			Validators:          []validator.Int64{int64validator.Between(1, maxInputs)},
		},
		"input_type": schema.StringAttribute{
			MarkdownDescription: "`audio_video` (default), `picture`, `canvas`, `audio`, `video` or `web_page`.",
			Optional:            true,
			Computed:            true,
			Default:             stringdefault.StaticString(inputAudioVideo),
			Validators: []validator.String{stringvalidator.OneOf(
				inputAudioVideo, inputPicture, inputCanvas, inputAudio, inputVideo, inputWebPage)},
		},
		"image_width":  geometryAttribute("The width: pixels, 0 to 2000, or a fraction of the background's width, 0.01 to 0.99. By default the input's own."),
		"image_height": geometryAttribute("The height: pixels, 0 to 2000, or a fraction of the background's height, 0.01 to 0.99. By default the input's own."),
		"location_x":   geometryAttribute("The distance from the left edge of the background: pixels, 0 to 2000, or a fraction of the background's width, 0.01 to 0.99. `0` by default."),
		"location_y":   geometryAttribute("The distance from the top edge of the background: pixels, 0 to 2000, or a fraction of the background's height, 0.01 to 0.99. `0` by default."),
		"color":        colorAttribute("The color of a canvas"),
		"watermark_id": schema.Int64Attribute{
			MarkdownDescription: "The ID of the picture, as `AddLiveWatermark` returned it. Required for a `picture`.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.AtLeast(1)},
		},
		"web_page_url": schema.StringAttribute{
			MarkdownDescription: "The URL of the animated page, with `http` or `https`. Required for a `web_page`. Mainland site only.",
			Optional:            true,
			Validators: []validator.String{stringvalidator.RegexMatches(
				regexp.MustCompile(`^(?i:https?)://[^\s/]+`), "must be a URL that begins with http:// or https://")},
		},
	}
}

func outputAttributes(outputChangeText string) map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"output_stream_name": schema.StringAttribute{
			MarkdownDescription: "The name of the output stream: 1 to 80 letters, digits and underscores. The name of an input replaces that input for its viewers; any other name makes a new stream. " + outputChangeText,
			Required:            true,
			PlanModifiers:       []planmodifier.String{stringplanmodifier.RequiresReplaceIf(outputChange, outputChangeText, outputChangeText)},
			Validators:          []validator.String{stringvalidator.RegexMatches(namePattern, nameRule)},
		},
		"output_stream_type": schema.Int64Attribute{
			MarkdownDescription: "`0` where the output bears the name of an input, else `1`.",
			Computed:            true,
		},
		"output_stream_bit_rate": schema.Int64Attribute{
			MarkdownDescription: "The video bit rate in kbps, 1 to 50000. Above 10000 Tencent's pages disagree.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, 50000)},
		},
		"output_stream_gop": schema.Int64Attribute{
			MarkdownDescription: "The GOP length in seconds, 1 to 10.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, 10)},
		},
		"output_stream_frame_rate": schema.Int64Attribute{
			MarkdownDescription: "The frame rate in fps, 1 to 60.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, 60)},
		},
		"output_audio_bit_rate": schema.Int64Attribute{
			MarkdownDescription: "The audio bit rate in kbps, 1 to 500.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, 500)},
		},
		"output_audio_sample_rate": schema.Int64Attribute{
			MarkdownDescription: "The audio sample rate in Hz: 8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200 or 96000.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.OneOf(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 64000, 88200, 96000)},
		},
		"output_audio_channels": schema.Int64Attribute{
			MarkdownDescription: "The number of audio channels, 1 or 2.",
			Optional:            true,
			Validators:          []validator.Int64{int64validator.Between(1, 2)},
		},
		"mix_sei": schema.StringAttribute{
			MarkdownDescription: "A text to put into the output as an SEI message.",
			Optional:            true,
		},
	}
}

// typed gives a nested attribute the type that it has anyway. Without it the framework builds the type anew at each step
// of each path into it, many thousand times in a plan.
func typed(a schema.SingleNestedAttribute) schema.SingleNestedAttribute {
	a.CustomType = objectType(a.Attributes)
	return a
}

// typedList is typed for a list.
func typedList(a schema.ListNestedAttribute) schema.ListNestedAttribute {
	element := objectType(a.NestedObject.Attributes)
	a.NestedObject.CustomType, a.CustomType = element, types.ListType{ElemType: element}
	return a
}

func geometryAttribute(description string) schema.Float64Attribute {
	return schema.Float64Attribute{
		MarkdownDescription: description,
		Optional:            true,
		Validators:          []validator.Float64{pixelsOrFraction{}},
	}
}

func cropAttribute(description string) schema.Float64Attribute {
	return schema.Float64Attribute{
		MarkdownDescription: description + ", in pixels: 0 to 2000.",
		Optional:            true,
		Validators:          []validator.Float64{pixelsOnly{}},
	}
}

func colorAttribute(description string) schema.StringAttribute {
	return schema.StringAttribute{
		MarkdownDescription: description + ", as `0xRRGGBB` or `#RRGGBB`.",
		Optional:            true,
		Validators: []validator.String{stringvalidator.RegexMatches(
			colorPattern, "must be a color such as 0xCC0033 or #CC0033")},
	}
}
