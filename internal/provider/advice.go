// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// advice says what a failure means and what to do about it.
type advice struct {
	// codes are codes of the API, or of liveapi for failures without an answer; inner are the codes that the mixing
	// backend puts into messages for the same failure. A code that ends with ".*" means all codes below it. "HTTP 403"
	// is a foreign reply with that status, "HTTP 4xx" one with any such status, and unknownCode any code that is in no
	// row.
	codes []string
	inner []int
	// meaning is a sentence, hint one or more. In both, {permission} is the CAM permission that the call needs.
	meaning, hint string
	// again reports whether running Terraform again is the first thing to do.
	again bool
	// at is the attribute that the failure points at, if any.
	at path.Path
}

// whatToDo returns the hint with everything that precedes it.
func (a advice) whatToDo() string {
	if a.again {
		return strings.TrimSpace("Run Terraform again. " + a.hint)
	}
	return a.hint
}

// pointsAt reports whether there is an attribute to point at.
func (a advice) pointsAt() bool { return len(a.at.Steps()) > 0 }

// unknownCode matches the codes that are in no row of the table.
const unknownCode = "any other code"

var (
	atInputs     = path.Root("input_stream_list")
	atTemplate   = path.Root("mix_stream_template_id")
	atOutputName = path.Root("output_params").AtName("output_stream_name")
	atBitRate    = path.Root("output_params").AtName("output_stream_bit_rate")
)

// adviceTable covers the codes of CreateCommonMixStream, CancelCommonMixStream, DescribeLiveStreamState and
// DescribeLiveStreamOnlineList, the common codes of API 3.0, the inner codes of the pages 267/45566 and 267/54768, and
// failures on the way to the API.
var adviceTable = []advice{
	// The inputs.
	{
		codes:   []string{"FailedOperation.StreamNotExist"},
		inner:   []int{-505},
		meaning: "An input does not push, or has been pushing for less than 5 seconds.",
		hint:    "Start the push, and check that input_stream_name is spelled correctly and that the stream belongs to this account. To make Terraform wait for it, set wait_for_inputs = true.",
		at:      atInputs,
	},
	{
		codes:   []string{"FailedOperation.GetStreamResolutionError"},
		inner:   []int{-507},
		meaning: "The width and height of an input cannot be read.",
		hint:    "Tencent knows the size of a stream about 5 seconds after its push began. To make Terraform wait for it, set wait_for_inputs = true. A stream without a picture needs input_type = \"audio\".",
		at:      atInputs,
	},
	{
		codes:   []string{"FailedOperation.ProcessMixError"},
		inner:   []int{-10031},
		meaning: "Tencent could not start the mix. The usual reason is an input that has been pushing for less than 5 seconds.",
		hint:    "Run Terraform again once all inputs have been pushing for 5 seconds, or set wait_for_inputs = true.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidBackgroudResolution"},
		inner:   []int{-28},
		meaning: "Tencent cannot use the size of the background.",
		hint:    "If layer 1 is a canvas, set its image_width and image_height. If it is a live stream, it must have been pushing for 5 seconds, with a picture of at most 2000 pixels a side.",
		at:      atInputs,
	},
	{
		inner:   []int{-10021},
		meaning: "An input is wider or higher than 2000 pixels.",
		hint:    "Push it at 2000 pixels a side or less. Tencent checks the stream itself, so image_width, image_height and crop_params do not help.",
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
		meaning: "The mix has fewer than two inputs, or an input lies outside the background.",
		hint:    "Add a second input, or keep location + size within the background: Tencent's older pages use this code for both.",
		at:      atInputs,
	},
	{
		inner:   []int{-2},
		meaning: "An input lies outside the background.",
		hint:    "Keep location_x + image_width within the width of layer 1, and location_y + image_height within its height. If layer 1 is a live stream, what counts is the size that it is pushed with.",
		at:      atInputs,
	},
	{
		inner:   []int{-4},
		meaning: "Tencent refuses a parameter of an input, or the account still runs in the old channel mode.",
		hint:    "Names have 1 to 80 letters, digits and underscores, and sizes must be above 0. If the message is \"get liveconfig failed\", upgrade the live console to domain mode.",
		at:      atInputs,
	},
	{
		inner:   []int{-41},
		meaning: "One of the inputs is in 20 mix sessions at once, which is Tencent's limit.",
		hint:    "Sessions that nobody cancelled count too. Cancel those that are no longer needed: destroy them, or import them by their session IDs and then destroy them.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidLayerParam"},
		inner:   []int{-11},
		meaning: "Tencent does not accept the layers of the inputs.",
		hint:    "Give each input its own image_layer from 1 to 16, and the background layer 1.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidCropParam"},
		inner:   []int{-29},
		meaning: "A crop goes beyond the picture of its input.",
		hint:    "The start of the crop plus its size, in pixels, must lie within the picture as it is pushed.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidPictureID"},
		inner:   []int{-33},
		meaning: "A picture has no valid ID.",
		hint:    "Set watermark_id to the ID that AddLiveWatermark returned.",
		at:      atInputs,
	},
	{
		codes:   []string{"FailedOperation.GetPictureUrlError"},
		inner:   []int{-34},
		meaning: "The picture of a watermark_id cannot be found.",
		hint:    "Call DescribeLiveWatermarks to check that the picture exists in this account.",
		at:      atInputs,
	},
	{
		codes:   []string{"InvalidParameter.InvalidRoundRectRadius"},
		meaning: "Tencent does not accept a corner radius.",
		hint:    "This provider sends none. Contact Tencent's support with the request ID.",
	},

	// The layout and the output.
	{
		codes:   []string{"InvalidParameter.TemplateNotMatchInputNum"},
		inner:   []int{-20},
		meaning: "The template does not fit the number of inputs, or Tencent does not accept a color.",
		hint:    "Use a template for this number of visual inputs (390, 391 and 590 need a canvas on layer 1), or remove mix_stream_template_id. Colors have the form 0xRRGGBB.",
		at:      atTemplate,
	},
	{
		codes:   []string{"InvalidParameter.InvalidOutputStreamID"},
		inner:   []int{-300},
		meaning: "The name of the output is taken: another session has that stream as its background and output, or a live stream has this name.",
		hint:    "Give another output_stream_name.",
		at:      atOutputName,
	},
	{
		codes:   []string{"InvalidParameter.InvalidOutputType"},
		inner:   []int{-111},
		meaning: "The type of the output does not fit its name.",
		hint:    "The provider derives the type from the names, so the output has the name of an input that Tencent does not count as one. Give the output the name of a live input, or a new name.",
		at:      atOutputName,
	},
	{
		codes:   []string{"InvalidParameter.SessionOutputStreamChanged"},
		inner:   []int{-508},
		meaning: "A session with this ID runs already, with another output name.",
		hint:    "If the session is not yours, choose another mix_stream_session_id. If it is yours, set output_stream_name to the name that it has, or cancel it first: import it by its ID, destroy it, and apply again after 30 seconds.",
		at:      atOutputName,
	},
	{
		codes:   []string{"InvalidParameter.InvalidBitrate"},
		inner:   []int{-31004},
		meaning: "Tencent does not accept the bit rate of the output.",
		hint:    "Set output_stream_bit_rate to 1–10000 kbps, or remove it. Only older pages of Tencent allow up to 50000.",
		at:      atBitRate,
	},
	{
		codes:   []string{"FailedOperation.CancelSessionNotExist", "InvalidParameter.CancelSessionNotExist"},
		inner:   []int{-30300, -31001, -31002},
		meaning: "The session to cancel does not exist.",
		hint:    "Tencent takes a mix with one input as a cancel. Add a second input, or set control_params.allow_copy = true.",
	},
	{
		inner:   []int{-31003},
		meaning: "The session runs with a different output than the one to cancel.",
		hint:    "Import the session by its ID, then destroy it.",
	},
	{
		inner:   []int{-1},
		meaning: "Tencent could not read the request.",
		hint:    "This is a bug in the provider or the API. Report it with the request ID.",
	},

	// The account.
	{
		codes:   []string{"ResourceNotFound.StopService"},
		meaning: "The live service of this account is stopped, usually because of an unpaid bill.",
		hint:    "Top the account up in the Tencent Cloud console, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.FreezeService"},
		meaning: "The live service of this account is frozen.",
		hint:    "Check the balance and the messages of the account in the Tencent Cloud console. Top the account up or contact Tencent's support, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.ForbidService"},
		meaning: "This account is banned from the live service.",
		hint:    "Contact Tencent's support to have the ban lifted, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.UserDisableService"},
		meaning: "A user of this account has disabled the live service.",
		hint:    "Enable it again in the live console, then run Terraform again.",
	},
	{
		codes:   []string{"ResourceNotFound.UserNotExist"},
		meaning: "This account does not use the live service.",
		hint:    "Activate the service in the live console, or check that the credentials belong to the right account.",
	},
	{
		codes:   []string{"ResourceNotFound", "ResourceNotFound.*"},
		meaning: "Tencent cannot find something in the account that this call needs.",
		hint:    "Check the state of the live service in the Tencent Cloud console, then run Terraform again.",
	},
	{
		codes:   []string{"LimitExceeded", "LimitExceeded.*", "ResourceInsufficient", "ResourceInsufficient.*"},
		meaning: "The account has reached one of its limits.",
		hint:    "Cancel sessions that are no longer needed, or ask Tencent's support to raise the limit.",
	},
	{
		codes:   []string{"InternalError.JiFeiOtherError"},
		meaning: "Tencent's billing platform failed.",
		again:   true,
		hint:    "If the problem persists, check the state of the account in the console, and contact Tencent's support with the request ID.",
	},

	// The caller.
	{
		codes:   []string{"AuthFailure.SignatureFailure"},
		meaning: "The signature of the call is wrong.",
		hint:    "Check the secret ID, the secret key and the security token: they must belong together.",
	},
	{
		codes:   []string{"AuthFailure.SignatureExpire"},
		meaning: "The signature is more than five minutes old, or the clock of this machine is wrong.",
		hint:    "Set the clock of this machine, then run Terraform again.",
	},
	{
		codes:   []string{"AuthFailure.SecretIdNotFound", "AuthFailure.InvalidSecretId"},
		meaning: "The secret ID is not that of an active API key.",
		hint:    "Check the secret ID: it may be mistyped, disabled or deleted, or belong to the other site (mainland or international).",
	},
	{
		codes:   []string{"AuthFailure.TokenFailure"},
		meaning: "The security token is wrong or has expired.",
		hint:    "Give fresh temporary credentials: secret ID, secret key and token. Permanent keys have no token; do not set security_token or TENCENTCLOUD_SECURITY_TOKEN with them.",
	},
	{
		codes:   []string{"AuthFailure.UnauthorizedOperation", "UnauthorizedOperation", "UnauthorizedOperation.*"},
		meaning: "The credentials do not allow this call.",
		hint:    "Their user or role needs the permission {permission}. Grant it in CAM, then run Terraform again.",
	},
	{
		codes:   []string{"AuthFailure", "AuthFailure.*"},
		meaning: "Tencent refuses the credentials.",
		hint:    "Check the secret ID, the secret key and the security token, and that their user or role has the permission {permission} in CAM.",
	},
	{
		codes:   []string{"IpInBlacklist", "IpNotInWhitelist"},
		meaning: "The IP address of this machine is not allowed to call the API with this key.",
		hint:    "Check the IP allowlist and blocklist of the API key in the Tencent Cloud console.",
	},

	// The API itself.
	{
		codes:   []string{"RequestLimitExceeded", "RequestLimitExceeded.*", "LimitExceeded.RateLimitExceeded"},
		meaning: "The account has used up its quota of calls per second, perhaps in another run.",
		again:   true,
		hint:    "If it happens often, set requests_per_second in the provider block to your share of the quota, or use a lower -parallelism.",
	},
	{
		codes: []string{
			"InternalError", "InternalError.*", "FailedOperation", "FailedOperation.CallOtherSvrError", "FailedOperation.CallOtherSvrFailed",
			"ServiceUnavailable", "ResourceUnavailable",
		},
		meaning: "The API failed.",
		again:   true,
		hint:    "This is usually temporary; if the problem persists, contact Tencent's support with the request ID.",
	},
	{
		codes:   []string{unknownCode},
		meaning: "Tencent answered with an error code that this provider does not know. It is not certain whether the call took effect.",
		hint:    "Look the code up in Tencent's documentation, or contact Tencent's support with the request ID.",
	},

	// The way to the API.
	{
		codes:   []string{liveapi.CodeNetwork, "ClientError.IOError"},
		meaning: "The API could not be reached, or the connection broke before it answered.",
		again:   true,
		hint:    "If the problem persists, check the network, the proxy, and domain and endpoints of the provider.",
	},
	{
		codes:   []string{"HTTP 200", liveapi.CodeNotAnAnswer},
		meaning: "The reply did not come from the Tencent API, although its HTTP status is 200.",
		hint:    "This is what a captive portal or a proxy does: sign in to the network if it asks for it. Then check domain and endpoints of the provider, and run Terraform again.",
	},
	{
		codes:   []string{"HTTP 3xx"},
		meaning: "The endpoint redirects the call. Redirects are never followed, because they would carry the signature to another host.",
		hint:    "This is what a captive portal does: sign in to the network if it asks for it. Otherwise check domain and endpoints of the provider.",
	},
	{
		codes:   []string{"HTTP 401", "HTTP 403", "HTTP 407"},
		meaning: "A proxy or a firewall refuses the call. Tencent itself would refuse it in another form.",
		hint:    "Allow the API's host in the proxy or firewall, and check HTTPS_PROXY, NO_PROXY, and domain and endpoints of the provider.",
	},
	{
		codes:   []string{"HTTP 1xx", "HTTP 2xx", "HTTP 4xx"},
		meaning: "The server at the endpoint is not the Tencent API, or a proxy answers in its place.",
		hint:    "Check domain and endpoints of the provider (host, port, and https or http), and HTTPS_PROXY.",
	},
	{
		codes:   []string{"HTTP 408", "HTTP 409", "HTTP 425", "HTTP 499", "HTTP 5xx", liveapi.CodeHTTPStatus},
		meaning: "A gateway or a proxy on the way to the API failed, or did not get an answer in time.",
		again:   true,
		hint:    "This is usually temporary; if the problem persists, check the proxy and the endpoint of the provider.",
	},
	{
		codes:   []string{"HTTP 429"},
		meaning: "A gateway or a proxy on the way to the API limits the rate of calls.",
		again:   true,
		hint:    "If it happens often, set requests_per_second in the provider block, or use a lower -parallelism.",
	},
	{
		codes:   []string{liveapi.CodeCertificate},
		meaning: "The certificate of the server is not trusted, so nothing was sent.",
		hint:    "If a proxy of your company inspects TLS, set SSL_CERT_FILE to a file with its CA certificate (or add it to the system's). Otherwise check domain and endpoints of the provider, the clock of this machine, and whether a captive portal intercepts the connection.",
	},
	{
		codes:   []string{liveapi.CodeScheme},
		meaning: "The server does not speak HTTPS, so nothing was sent.",
		hint:    "Check the port and the scheme of the endpoint. Plain HTTP works with the loopback interface only.",
	},
	{
		codes:   []string{liveapi.CodeProxy},
		meaning: "The proxy refuses to connect to the API, so nothing was sent.",
		hint:    "Check HTTPS_PROXY, its user and password, and that the proxy allows the API's host. NO_PROXY names hosts that need no proxy.",
	},
	{
		codes:   []string{liveapi.CodeRequest},
		meaning: "The call cannot be sent as it is configured, so nothing was sent.",
		hint:    "The message says what is wrong. Check the credentials for line breaks and spaces, and check domain, endpoints and HTTPS_PROXY.",
	},
	{
		codes:   []string{liveapi.CodePanic},
		meaning: "The provider ran into a bug during the call. It is not certain whether the call took effect.",
		hint:    "Please report this message, with the version of the provider, at https://github.com/tencentcss/terraform-provider-tencentcss/issues.",
	},

	// The request.
	{
		codes:   []string{"UnknownParameter", "UnknownParameter.*"},
		meaning: "This site of Tencent Cloud does not know one of the attributes.",
		hint:    "Only the mainland site has portrait_segment_params, use_picture_transparent and web_page_url. Remove them, or use the domain of that site.",
	},
	{
		codes:   []string{"InvalidAction", "ActionOffline", "NoSuchVersion", "NoSuchProduct", "UnsupportedRegion", "UnsupportedProtocol", "UnsupportedOperation", "UnsupportedOperation.*"},
		meaning: "The endpoint does not offer this call.",
		hint:    "Check domain, region and endpoints in the provider block.",
	},
	{
		codes: []string{
			"InvalidParameter", "InvalidParameter.*", "InvalidParameterValue", "InvalidParameterValue.*", "MissingParameter", "MissingParameter.*", "InvalidRequest", "RequestSizeLimitExceeded",
		},
		meaning: "Tencent refuses a parameter.",
		hint:    "The message says which one. Compare the configuration with the documentation of the resource.",
	},
}

// hintForKeys says what to check if there are no keys from a source.
func hintForKeys(source liveapi.KeySource) string {
	switch source {
	case liveapi.SourceRole:
		return "Check role_arn, and external_id if the role requires one. The credentials that assume the role need the permission sts:AssumeRole, and the role must trust their account."
	case liveapi.SourceWebIdentity:
		return "Check role_arn and provider_id, that the role trusts the identity provider, and that the token has not expired."
	case liveapi.SourceTokenFile:
		return "Check the path of the token file and that this user may read it."
	case liveapi.SourceMetadata:
		return "Run Terraform on a CVM, or in a container on one, that this role is bound to. Elsewhere, remove cam_role_name and TENCENTCLOUD_CAM_ROLE_NAME and set other credentials."
	default:
		return ""
	}
}

// permissionFor returns the CAM permission that an API call needs.
func permissionFor(operation string) string {
	service := "live"
	if operation == liveapi.ActionCallerIdentity || strings.HasPrefix(operation, "AssumeRole") {
		service = "sts"
	}
	return service + ":" + operation
}
