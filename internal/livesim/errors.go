// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"fmt"
	"strconv"
)

// Codes that are used in more than one place.
const (
	codeCancelNotExist   = "FailedOperation.CancelSessionNotExist"
	codeInvalidParameter = "InvalidParameter"
	codeInvalidValue     = "InvalidParameterValue"
	codeInvalidRequest   = "InvalidRequest"
	codeInvalidAuth      = "AuthFailure.InvalidAuthorization"
	codeMissing          = "MissingParameter"
	codeOther            = "InvalidParameter.OtherError"
)

// refusal is an API error to answer. A nil *refusal is success.
type refusal struct {
	code, message string
	// inner is the legacy code of the broken rule, or 0 if it has none. It is logged in every style.
	inner int
}

func refuse(code, format string, args ...any) *refusal {
	return &refusal{code: code, message: fmt.Sprintf(format, args...)}
}

// dedicatedCode returns the API 3.0 code with the same wording as an inner code, or "" if there is none.
// InvalidParameter means that only the generic code fits; the inner code then goes into its message.
func dedicatedCode(inner int) string {
	switch inner {
	case -1, -4, -21:
		return codeInvalidParameter
	case -3:
		return "InvalidParameter.InputNumLimitExceeded"
	case -11:
		return "InvalidParameter.InvalidLayerParam"
	case -20:
		return "InvalidParameter.TemplateNotMatchInputNum"
	case -28:
		return "InvalidParameter.InvalidBackgroudResolution" // Tencent's own spelling.
	case -29:
		return "InvalidParameter.InvalidCropParam"
	case -33:
		return "InvalidParameter.InvalidPictureID"
	case -34:
		return "FailedOperation.GetPictureUrlError"
	case -111:
		return "InvalidParameter.InvalidOutputType"
	case -300:
		return "InvalidParameter.InvalidOutputStreamID"
	case -505:
		return "FailedOperation.StreamNotExist"
	case -507:
		return "FailedOperation.GetStreamResolutionError"
	case -508:
		return "InvalidParameter.SessionOutputStreamChanged"
	case -10031:
		return "FailedOperation.ProcessMixError"
	case -31004:
		return "InvalidParameter.InvalidBitrate"
	}
	return ""
}

// inner builds the refusal for a rule with an inner code, in the style of the options.
func (s *Server) inner(code int, format string, args ...any) *refusal {
	return s.styled(code, dedicatedCode(code), fmt.Sprintf(format, args...))
}

// templateMismatch is -20 for a count. Its message under InvalidParameter.OtherError is documented without the
// "InnerErrCode" prefix.
func (s *Server) templateMismatch() *refusal {
	const message = "input stream num is not match the template id!"
	if s.options.Errors == OtherErrorInner {
		return &refusal{code: codeOther, message: message, inner: -20}
	}
	return s.inner(-20, "%s", message)
}

// invalidColor is -20 too, according to the error table; the dedicated code of -20 speaks only of templates.
func (s *Server) invalidColor(path string) *refusal {
	return s.styled(-20, codeInvalidParameter, path+" is not a color of the form 0xRRGGBB")
}

func (s *Server) styled(code int, dedicated, message string) *refusal {
	switch style := s.options.Errors; {
	case style == InvalidParameterInner, style == DedicatedCodes && dedicated == codeInvalidParameter:
		return &refusal{codeInvalidParameter, fmt.Sprintf("err_code [ %d ],msg [ %s ]", code, message), code}
	case style == DedicatedCodes && dedicated != "":
		return &refusal{dedicated, message, code}
	case code == -41: // Documented with an empty message.
		return &refusal{codeOther, "InnerErrCode:[ -41 ],InnerErrMsg: [ ]", code}
	case code == -10021: // Documented with a blank before the first colon.
		return &refusal{codeOther, fmt.Sprintf("InnerErrCode : [ %d ],InnerErrMsg: [ %s ]", code, message), code}
	default:
		return &refusal{codeOther, fmt.Sprintf("InnerErrCode:[ %d ],InnerErrMsg: [ %s ]", code, message), code}
	}
}

// cancelNotExist returns the answer to a cancel of an unknown session, as set by Options.CancelNotExist.
func (s *Server) cancelNotExist() *refusal {
	const message = "the session to cancel does not exist"
	code := s.options.CancelNotExist
	if code == "" {
		code = codeCancelNotExist
	}
	if number, err := strconv.Atoi(code); err == nil {
		return s.styled(number, "", message)
	}
	return &refusal{code, message, -30300}
}
