// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// jsonObject is a block in Terraform's JSON syntax, or the parameters of a call.
type jsonObject = map[string]any

// soakSpec is the configuration of one room as its user has it in mind. It knows how a user writes it and what Tencent
// is to be sent for it; neither is derived by the provider's own code.
type soakSpec struct {
	room           int
	session        int  // Which of the room's session IDs.
	output         int  // 0: the host's own name; else one of the room's output names.
	composition    int  // See inputs.
	x, rate        int  // A position and a bit rate; 0 is left out.
	color          int  // An index of colors.
	sei, cropped   bool // Further parameters.
	pass           int  // pass_input_sei: 0 is left out, 1 false, 2 true.
	monitor, wait  bool
	patience       int // Seconds of output_monitor.active_timeout.
	timeout        int // An index of soakTimeouts.
	createsFirst   bool
	lateTimeout    int // An index of soakTimeouts, for the delete.
	wholeNumberGop int
}

const (
	soakSessions     = 2 // Session IDs of a room.
	soakCompositions = 5
	soakCopy         = 2 // The composition of a single input.
	soakDomain       = "push.example.com"
)

func soakTimeouts() []string { return []string{"5s", "4s", "3s", "600ms"} }

// soakColors pairs the spellings of a user with what is sent.
func soakColors() [][2]string {
	return [][2]string{{"", ""}, {"#cc0033", "0xCC0033"}, {"0xCC0033", "0xCC0033"}, {"0x00ff7f", "0x00FF7F"}}
}

func soakSessionID(room, i int) string { return fmt.Sprintf("room%d_%c", room, 'a'+i) }

func (s soakSpec) sessionID() string { return soakSessionID(s.room, s.session) }

func (s soakSpec) stream(kind string) string { return fmt.Sprintf("%s%d", kind, s.room) }

func (s soakSpec) outputName() string {
	if s.output == 0 && s.composition != soakCopy {
		return s.stream("host")
	}
	return fmt.Sprintf("show%d_%d", s.room, s.output)
}

// newSoakSpec draws a configuration.
func newSoakSpec(rng *rand.Rand, room int) soakSpec {
	s := soakSpec{room: room}
	for range 12 {
		s = s.edited(rng)
	}
	return s
}

// edited changes one thing, mostly one that is sent in place.
func (s soakSpec) edited(rng *rand.Rand) soakSpec {
	switch rng.IntN(16) {
	case 0:
		s.session = rng.IntN(soakSessions)
	case 1:
		s.output = rng.IntN(3)
	case 2:
		s.composition = rng.IntN(soakCompositions)
	case 3, 4:
		s.x = rng.IntN(100)
	case 5, 6:
		s.rate = rng.IntN(4) * 1000
	case 7:
		s.color = rng.IntN(len(soakColors()))
	case 8:
		s.sei, s.cropped = rng.IntN(2) == 0, rng.IntN(2) == 0
	case 9:
		s.pass = rng.IntN(3)
	case 10:
		s.monitor, s.patience = rng.IntN(2) == 0, rng.IntN(8)/7
	case 11:
		s.wait = rng.IntN(4) == 0
	case 12:
		s.timeout = rng.IntN(len(soakTimeouts()))
	case 13:
		s.lateTimeout = rng.IntN(len(soakTimeouts()) - 1)
	case 14:
		s.createsFirst = rng.IntN(3) == 0
	case 15:
		s.wholeNumberGop = rng.IntN(4)
	}
	return s
}

// config is the resource block.
func (s soakSpec) config() jsonObject {
	output := jsonObject{"output_stream_name": s.outputName()}
	put := func(in jsonObject, name string, value any, given bool) {
		if given {
			in[name] = value
		}
	}
	put(output, "output_stream_bit_rate", s.rate, s.rate > 0)
	put(output, "output_stream_gop", s.wholeNumberGop, s.wholeNumberGop > 0)
	put(output, "mix_sei", "{\"room\":\"<&>\"}", s.sei)
	// A delete that has less time than the pacing asks for would never be made.
	timeouts := soakTimeouts()
	config := jsonObject{
		"mix_stream_session_id": s.sessionID(),
		"input_stream_list":     s.inputs(),
		"output_params":         output,
		"timeouts": jsonObject{
			"create": timeouts[s.timeout], "read": timeouts[s.timeout], "update": timeouts[s.timeout], "delete": timeouts[s.lateTimeout],
		},
	}
	switch s.composition {
	case 0, 3:
		config["mix_stream_template_id"] = 20
	case 4:
		config["mix_stream_template_id"] = 310
	}
	control := jsonObject{}
	put(control, "allow_copy", true, s.composition == soakCopy)
	put(control, "pass_input_sei", s.pass == 2, s.pass > 0)
	put(config, "control_params", control, len(control) > 0)
	put(config, "wait_for_inputs", true, s.wait)
	put(config, "output_monitor", jsonObject{"domain_name": soakDomain, "active_timeout": fmt.Sprintf("%ds", s.patience)}, s.monitor)
	return config
}

// inputs lays out a template of two, a canvas with two on it, a copy, a template with a commentator, and a template with
// a picture.
func (s soakSpec) inputs() []any {
	input := func(name string, layer int, layout jsonObject) jsonObject {
		l := jsonObject{"image_layer": layer}
		maps.Copy(l, layout)
		return jsonObject{"input_stream_name": name, "layout_params": l}
	}
	host, guest := s.stream("host"), s.stream("guest")
	var list []any
	switch s.composition {
	case 0:
		list = []any{input(host, 1, nil), input(guest, 2, nil)}
	case 1:
		canvas := jsonObject{"input_type": "canvas", "image_width": 1280, "image_height": 720}
		if color := soakColors()[s.color][0]; color != "" {
			canvas["color"] = color
		}
		list = []any{
			input("backdrop", 1, canvas),
			input(host, 2, jsonObject{"location_x": s.x, "image_width": 640, "image_height": 360}),
			input(guest, 3, jsonObject{"location_x": 0.5, "image_width": 0.5, "input_type": "video"}),
		}
	case soakCopy:
		list = []any{input(host, 1, nil)}
	case 3:
		list = []any{input(host, 1, nil), input(guest, 2, nil), input(s.stream("voice"), 3, jsonObject{"input_type": "audio"})}
	case 4:
		list = []any{input(host, 1, nil), input(guest, 2, nil), input("logo", 3, jsonObject{"input_type": "picture", "watermark_id": 7})}
	}
	if s.cropped {
		list[0].(jsonObject)["crop_params"] = jsonObject{"crop_width": 100, "crop_start_location_x": s.x}
	}
	return list
}

// params is what Tencent is to be sent: the names in camel case, numbers for booleans and kinds, and what follows from
// the configuration. What is left out is not sent.
func (s soakSpec) params() jsonObject {
	config := s.config()
	for _, own := range []string{"timeouts", "wait_for_inputs", "output_monitor"} {
		delete(config, own)
	}
	outputType := 1
	for _, in := range config["input_stream_list"].([]any) {
		layout := in.(jsonObject)["layout_params"].(jsonObject)
		word, _ := layout["input_type"].(string) // The empty word is the default.
		layout["input_type"] = map[string]int{"": 0, "picture": 2, "canvas": 3, "audio": 4, "video": 5}[word]
		if _, ok := layout["color"]; ok {
			layout["color"] = soakColors()[s.color][1]
		}
		if in.(jsonObject)["input_stream_name"] == s.outputName() {
			outputType = 0
		}
	}
	config["output_params"].(jsonObject)["output_stream_type"] = outputType
	return camelCase(config).(jsonObject)
}

func camelCase(v any) any {
	switch v := v.(type) {
	case jsonObject:
		out := jsonObject{}
		for name, value := range v {
			var camel strings.Builder
			for word := range strings.SplitSeq(name, "_") {
				camel.WriteString(capital(word))
			}
			out[camel.String()] = camelCase(value)
		}
		return out
	case []any:
		var out []any
		for _, element := range v {
			out = append(out, camelCase(element))
		}
		return out
	case bool:
		if v {
			return 1
		}
		return 0
	}
	return v
}

// soakFaults is everything that the simulator can do wrong. No fault lies: what is refused for good did not take effect.
// The weight scales all probabilities.
func soakFaults(rng *rand.Rand, weight float64) []livesim.RandomFault {
	var faults []livesim.RandomFault
	add := func(probability float64, f livesim.Fault) {
		faults = append(faults, livesim.RandomFault{Fault: f, Probability: probability * weight})
	}
	// A message that quotes a secret must not bring it into a diagnostic.
	const text = "the key " + soakKey + " and the token " + soakToken
	refusals := func(probability float64, action string, after bool, codes ...string) {
		for _, code := range codes {
			message := text
			if code == codeInner {
				message = "InnerErrCode:[ -10031 ],InnerErrMsg: [ " + text + " ]"
			}
			add(probability, livesim.Fault{Action: action, Error: &livesim.APIError{Code: code, Message: message}, After: after})
		}
	}
	passing := []string{"InternalError", "InternalError.CallOtherSvrError", "FailedOperation", "FailedOperation.CallOtherSvrError", "ServiceUnavailable", "ResourceUnavailable"}
	for _, after := range []bool{false, true} {
		refusals(0.006, "", after, passing...)
		refusals(0.004, livesim.ActionCreate, after, "FailedOperation.ProcessMixError", codeInner)
		for _, status := range []int{500, 502, 503, 504} {
			add(0.004, livesim.Fault{Status: status, After: after})
		}
		add(0.02, livesim.Fault{Delay: time.Duration(1+rng.IntN(300)) * time.Millisecond, After: after})
		add(0.01, livesim.Fault{Hang: true, After: after})
		add(0.03, livesim.Fault{Cut: true, After: after})
		add(0.01, livesim.Fault{Cut: true, Delay: 50 * time.Millisecond, After: after})
		add(0.015, livesim.Fault{NotJSON: true, After: after})
	}
	add(0.03, livesim.Fault{Truncate: true})
	add(0.004, livesim.Fault{Status: 429})
	add(0.002, livesim.Fault{Status: 403})
	add(0.002, livesim.Fault{Status: 400})
	refusals(0.004, "", false, "RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded", "LimitExceeded.RateLimitExceeded")
	refusals(0.003, livesim.ActionCreate, false, "FailedOperation.StreamNotExist", "FailedOperation.GetStreamResolutionError")
	refusals(0.003, "", false, "ResourceNotFound.ForbidService", "AuthFailure.SecretIdNotFound", "UnauthorizedOperation", "InvalidParameter", "UnknownParameter", "UnsupportedOperation")
	return faults
}

const codeInner = "InvalidParameter.OtherError"

// What an answer means to a client, by the lists of the documentation.
const (
	answerSuccess   = "success"
	answerTransient = "transient"
	answerNotReady  = "not ready"
	answerFinal     = "final"
	answerNone      = "none" // The client did not see one.
)

// answerOf reads an entry of the request log as its client saw it.
func answerOf(r livesim.Request) string {
	fault := strings.TrimSuffix(r.Fault, "-after")
	switch {
	case !r.Done || r.Status == 0 && fault != "cut":
		return answerNone
	case fault == "cut" || fault == "truncate" || fault == "not-json" || r.Status == 429 || r.Status >= 500:
		return answerTransient
	case r.Status != 200:
		return answerFinal
	case r.Code == "":
		return answerSuccess
	}
	if r.Code == "InvalidParameter" || r.Code == codeInner || r.Code == "FailedOperation" {
		for _, inner := range []int{-505, -507, -28, -10031} {
			if strings.Contains(r.Message, fmt.Sprintf("[ %d ]", inner)) {
				return answerNotReady
			}
		}
		if strings.Contains(r.Message, "[ -") {
			return answerFinal
		}
	}
	switch r.Code {
	case "FailedOperation.StreamNotExist", "FailedOperation.GetStreamResolutionError", "FailedOperation.ProcessMixError":
		return answerNotReady
	case "FailedOperation", "FailedOperation.CallOtherSvrError", "FailedOperation.CallOtherSvrFailed",
		"ServiceUnavailable", "ResourceUnavailable", "LimitExceeded.RateLimitExceeded":
		return answerTransient
	}
	switch prefix, _, _ := strings.Cut(r.Code, "."); prefix {
	case "InternalError", "RequestLimitExceeded":
		return answerTransient
	}
	return answerFinal
}
