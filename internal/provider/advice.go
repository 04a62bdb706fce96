// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// advice says what a failure means and what to do about it.
type advice struct {
	// codes are the API's codes, inner those that the mixing backend leaves in the message for the same thing. A code that
	// ends with ".*" stands for all below it.
	codes []string
	inner []int
	// meaning is a sentence, hint one or more.
	meaning, hint string
	// at is the attribute that the failure points at; empty where it points at none.
	at path.Path
}

var (
	atInputs     = path.Root("input_stream_list")
	atTemplate   = path.Root("mix_stream_template_id")
	atOutputName = path.Root("output_params").AtName("output_stream_name")
	atBitRate    = path.Root("output_params").AtName("output_stream_bit_rate")
)

// adviceFor finds the advice for a failure: by its inner code, else by its code, else by the code that is closest above it.
func adviceFor(e *liveapi.Error) advice {
	if e.InnerCode != 0 {
		for _, a := range adviceTable {
			if slices.Contains(a.inner, e.InnerCode) {
				return a
			}
		}
	}
	var family advice
	for _, a := range adviceTable {
		for _, code := range a.codes {
			if code == e.Code {
				return a
			}
			if prefix, ok := strings.CutSuffix(code, ".*"); ok && strings.HasPrefix(e.Code, prefix+".") {
				family = a
			}
		}
	}
	return family
}

// pointsAt tells whether there is an attribute to point at.
func (a advice) pointsAt() bool { return len(a.at.Steps()) > 0 }

// adviceTable covers the codes of CreateCommonMixStream, CancelCommonMixStream, DescribeLiveStreamState and
// DescribeLiveStreamOnlineList, the common
// codes of API 3.0, and the inner codes of the pages 267/45566 and 267/54768.
var adviceTable = []advice{
	// The inputs.
	{
		codes:   []string{"FailedOperation.StreamNotExist"},
		inner:   []int{-505},
		meaning: "An input does not push, or not for 5 seconds yet.",
		hint:    "Start the push, check the spelling of input_stream_name and that the stream belongs to this account. To let Terraform wait for it, set wait_for_inputs = true.",
		at:      atInputs,
	},
	{
		codes:   []string{"FailedOperation.GetStreamResolutionError"},
		inner:   []int{-507},
		meaning: "The width and height of an input cannot be read.",
		hint:    "A stream shows its size about 5 seconds after its push began: set wait_for_inputs = true to wait. A stream without a picture needs input_type = \"audio\".",
		at:      atInputs,
	},
	{
		codes:   []string{"FailedOperation.ProcessMixError"},
		inner:   []int{-10031},
		meaning: "Starting the mix failed, as a rule because an input began to push less than 5 seconds ago.",
		hint:    "Run Terraform again when the inputs have been live for 5 seconds, or set wait_for_inputs = true.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidBackgroudResolution"},
		inner:   []int{-28},
		meaning: "The size of the background is not usable.",
		hint:    "A canvas on layer 1 needs image_width and image_height. A live stream there must have been pushing for 5 seconds, with a picture of at most 2000 pixels a side.",
		at:      atInputs,
	},
	{
		inner:   []int{-10021},
		meaning: "An input is wider or higher than 2000 pixels.",
		hint:    "Push it at 2000 pixels a side at most. Tencent looks at the source itself, so that image_width, image_height and crop_params do not help.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InputNumLimitExceeded"},
		inner:   []int{-3},
		meaning: "The number of inputs is out of range.",
		hint:    "A mix takes 1 to 16 inputs.",
		at:      atInputs,
	},
	{
		inner:   []int{-21},
		meaning: "The mix has fewer than two inputs, or an input lies outside of the background.",
		hint:    "Give two inputs at least, and keep location + size within the background. Tencent's older pages use this code for the second.",
		at:      atInputs,
	},
	{
		inner:   []int{-2},
		meaning: "An input lies outside of the background.",
		hint:    "Keep location_x + image_width within the width of layer 1, and location_y + image_height within its height. Where layer 1 is a live stream, what counts is the size that it is pushed with.",
		at:      atInputs,
	},
	{
		inner:   []int{-4},
		meaning: "A parameter of an input is refused, or the account still runs in the old channel mode.",
		hint:    "Names are 1 to 80 letters, digits and underscores; sizes must be positive. If the message is \"get liveconfig failed\", upgrade the live console to the domain mode.",
		at:      atInputs,
	},
	{
		inner:   []int{-41},
		meaning: "One of the inputs is in 20 mix sessions at once, which is Tencent's limit.",
		hint:    "Sessions that nobody cancelled count as well. Cancel those that are over: destroy them, or import them by their session IDs and destroy them then.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidLayerParam"},
		inner:   []int{-11},
		meaning: "The layers of the inputs are not accepted.",
		hint:    "Give each input an image_layer of its own, 1 to 16, with the background on 1.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidCropParam"},
		inner:   []int{-29},
		meaning: "A crop reaches beyond its input.",
		hint:    "The start of the crop and its size, in pixels, must lie within the picture as it is pushed.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidPictureID"},
		inner:   []int{-33},
		meaning: "A picture has no valid ID.",
		hint:    "Give the watermark_id that AddLiveWatermark returned.",
		at:      atInputs,
	},
	{
		codes:   []string{"FailedOperation.GetPictureUrlError"},
		inner:   []int{-34},
		meaning: "The picture of a watermark_id cannot be found.",
		hint:    "Check with DescribeLiveWatermarks that the picture exists in this account.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidRoundRectRadius"},
		meaning: "A corner radius is not accepted.",
		hint:    "This provider sends none; tell Tencent's support, with the request ID.",
	},

	// The layout and the output.
	{
		codes:   []string{"InvalidParameter.TemplateNotMatchInputNum"},
		inner:   []int{-20},
		meaning: "The template does not fit the number of inputs, or a color is not accepted.",
		hint:    "Take a template for as many visual inputs as there are (390, 391 and 590 with a canvas on layer 1), or leave mix_stream_template_id out. Colors are 0xRRGGBB.",
		at:      atTemplate,
	},
	{
		codes:   []string{"InvalidParameter.InvalidOutputStreamID"},
		inner:   []int{-300},
		meaning: "The name of the output is taken: another session has that stream as its background and output, or a live stream bears it.",
		hint:    "Give another output_stream_name.",
		at:      atOutputName,
	},
	{
		codes:   []string{"InvalidParameter.InvalidOutputType"},
		inner:   []int{-111},
		meaning: "The type of the output does not fit its name.",
		hint:    "The provider derives the type from the names; so the name is that of an input which Tencent does not take for one. Give the output the name of a live input, or a new name.",
		at:      atOutputName,
	},
	{
		codes:   []string{"InvalidParameter.SessionOutputStreamChanged"},
		inner:   []int{-508},
		meaning: "A session with this ID runs already, with another output name.",
		hint:    "If it is not yours, choose another mix_stream_session_id. If it is, give the output name that it has; or cancel it first: import it by its ID, destroy it, and apply again 30 seconds later.",
		at:      atOutputName,
	},
	{
		codes:   []string{"InvalidParameter.InvalidBitrate"},
		inner:   []int{-31004},
		meaning: "The bit rate of the output is not accepted.",
		hint:    "Give 1 to 10000 kbps, or leave it out. Only older pages of Tencent allow up to 50000.",
		at:      atBitRate,
	},
	{
		codes:   []string{"FailedOperation.CancelSessionNotExist", "InvalidParameter.CancelSessionNotExist"},
		inner:   []int{-30300, -31001, -31002},
		meaning: "The session to cancel does not exist.",
		hint:    "Tencent takes a mix of one input for a cancel. Give a second input, or set control_params.allow_copy = true.",
	},
	{
		inner:   []int{-31003},
		meaning: "The session runs with another output than the one to cancel.",
		hint:    "Import the session by its ID and destroy it.",
	},
	{
		inner:   []int{-1},
		meaning: "Tencent could not read the request.",
		hint:    "This is a defect of the provider or of the API: report it with the request ID.",
	},

	// The account.
	{
		codes:   []string{"ResourceNotFound.StopService"},
		meaning: "The live service of this account is stopped, as a rule because a bill is open.",
		hint:    "Top the account up in the Tencent Cloud console, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.FreezeService"},
		meaning: "The live service of this account is frozen.",
		hint:    "See to the balance and the messages of the account in the Tencent Cloud console, top it up or contact Tencent's support, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.ForbidService"},
		meaning: "This account is banned from the live service.",
		hint:    "Contact Tencent's support to have the ban lifted, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.UserDisableService"},
		meaning: "The live service was disabled by a user of this account.",
		hint:    "Enable it again in the live console, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.UserNotExist"},
		meaning: "This account does not use the live service.",
		hint:    "Activate it in the live console, or check that the credentials are those of the right account.",
	},
	{
		codes:   []string{"ResourceNotFound", "ResourceNotFound.*"},
		meaning: "Tencent does not find what the account needs for this call.",
		hint:    "See to the state of the live service in the Tencent Cloud console, then run Terraform again.",
	},
	{
		codes:   []string{"LimitExceeded", "LimitExceeded.*", "ResourceInsufficient", "ResourceInsufficient.*"},
		meaning: "A limit of the account is reached.",
		hint:    "Cancel what is no longer needed, or ask Tencent's support to raise the limit.",
	},
	{
		codes:   []string{"InternalError.JiFeiOtherError"},
		meaning: "Tencent's billing platform failed.",
		hint:    "Run Terraform again. If it goes on, see to the state of the account in the console and contact Tencent's support with the request ID.",
	},

	// Who calls.
	{
		codes:   []string{"AuthFailure.SignatureFailure"},
		meaning: "The signature of the call is wrong.",
		hint:    "Check the secret ID, the secret key and the token of the provider: they must belong together.",
	},
	{
		codes:   []string{"AuthFailure.SignatureExpire"},
		meaning: "The call was signed more than five minutes ago, or by a clock that is wrong.",
		hint:    "Set the clock of this machine.",
	},
	{
		codes:   []string{"AuthFailure.SecretIdNotFound", "AuthFailure.InvalidSecretId"},
		meaning: "The secret ID is not that of an active API key.",
		hint:    "Check the secret ID of the provider: it may be mistyped, disabled or deleted, or of the other site (domestic or international).",
	},
	{
		codes:   []string{"AuthFailure.TokenFailure"},
		meaning: "The security token is wrong or has expired.",
		hint:    "Give fresh temporary credentials, all three of them. With permanent keys there must be no security token, also not in TENCENTCLOUD_SECURITY_TOKEN.",
	},
	{
		codes:   []string{"AuthFailure.UnauthorizedOperation", "UnauthorizedOperation", "UnauthorizedOperation.*"},
		meaning: "The credentials do not allow this call.",
		hint:    "Allow live:CreateCommonMixStream, live:CancelCommonMixStream, live:DescribeLiveStreamState and live:DescribeLiveStreamOnlineList to their user or role in CAM.",
	},
	{
		codes:   []string{"AuthFailure", "AuthFailure.*"},
		meaning: "The credentials are refused.",
		hint:    "Check the secret ID, the secret key and the token of the provider, and the permissions of their user.",
	},
	{
		codes:   []string{"IpInBlacklist", "IpNotInWhitelist"},
		meaning: "The address of this machine may not call the API.",
		hint:    "See to the IP lists of the API key in the Tencent Cloud console.",
	},

	// The API itself.
	{
		codes:   []string{"RequestLimitExceeded", "RequestLimitExceeded.*", "LimitExceeded.RateLimitExceeded"},
		meaning: "The account's quota of calls per second is used up, perhaps by another run.",
		hint:    "Run Terraform again later, or with a lower -parallelism.",
	},
	{
		codes: []string{
			"InternalError", "InternalError.*", "FailedOperation", "FailedOperation.CallOtherSvrError", "FailedOperation.CallOtherSvrFailed",
			"ServiceUnavailable", "ResourceUnavailable",
		},
		meaning: "The API failed.",
		hint:    "Failures of this kind tend to pass. Run Terraform again; if it goes on, tell Tencent's support the request ID.",
	},
	{
		codes:   []string{"ClientError.NetworkError", "ClientError.IOError"},
		meaning: "The API could not be reached, or the line was cut before it answered.",
		hint:    "Check the network, the proxy and the endpoint of the provider, then run Terraform again.",
	},
	{
		codes:   []string{"ClientError.HttpStatusCodeError", "ClientError.ParseJsonError"},
		meaning: "What answered was not the API, or not in working order.",
		hint:    "Check the endpoint of the provider and the proxies on the way, then run Terraform again.",
	},
	{
		codes:   []string{"UnknownParameter", "UnknownParameter.*"},
		meaning: "This site of Tencent Cloud does not know one of the attributes.",
		hint:    "The mainland site alone has portrait_segment_params, use_picture_transparent and web_page_url: leave them out, or use the domain of that site.",
	},
	{
		codes:   []string{"InvalidAction", "ActionOffline", "NoSuchVersion", "NoSuchProduct", "UnsupportedRegion", "UnsupportedProtocol", "UnsupportedOperation", "UnsupportedOperation.*"},
		meaning: "The endpoint does not offer this call.",
		hint:    "Check domain, region and endpoints of the provider.",
	},
	{
		codes: []string{
			"InvalidParameter", "InvalidParameter.*", "InvalidParameterValue", "InvalidParameterValue.*", "MissingParameter", "MissingParameter.*", "InvalidRequest", "RequestSizeLimitExceeded",
		},
		meaning: "Tencent refuses a parameter.",
		hint:    "The message says which. Compare the configuration with the documentation of the resource.",
	},
}
