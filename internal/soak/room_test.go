// SPDX-License-Identifier: MPL-2.0

package soak

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

// jsonObject is a block in Terraform's JSON syntax, or the parameters of a call.
type jsonObject = acctest.JSON

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
	ignore         int // An index of soakIgnored.
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

// soakIgnored are the attributes that ignore_changes may name.
func soakIgnored() []string {
	return []string{"", "control_params", "input_stream_list", "output_params"}
}

// ignored is what ignore_changes names, if anything.
func (s soakSpec) ignored() string { return soakIgnored()[s.ignore] }

// outlasts tells whether a create has more time than that.
func (s soakSpec) outlasts(pacing time.Duration) bool {
	timeout, err := time.ParseDuration(soakTimeouts()[s.timeout])
	return err == nil && timeout > pacing
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
	switch rng.IntN(17) {
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
	case 16:
		s.ignore = max(0, rng.IntN(2*len(soakIgnored()))-len(soakIgnored()))
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

// paramsOf is what Tencent is to be sent for a configuration: the names in camel case, numbers for booleans and kinds, and
// what follows from the configuration. What is left out is not sent.
func paramsOf(config jsonObject) jsonObject {
	for _, own := range []string{"timeouts", "wait_for_inputs", "output_monitor"} {
		delete(config, own)
	}
	outputType := 1
	output := config["output_params"].(jsonObject)
	for _, in := range config["input_stream_list"].([]any) {
		layout := in.(jsonObject)["layout_params"].(jsonObject)
		word, _ := layout["input_type"].(string) // The empty word is the default.
		layout["input_type"] = map[string]int{"": 0, "picture": 2, "canvas": 3, "audio": 4, "video": 5}[word]
		for _, spelling := range soakColors() {
			if layout["color"] == spelling[0] {
				layout["color"] = spelling[1]
			}
		}
		if in.(jsonObject)["input_stream_name"] == output["output_stream_name"] {
			outputType = 0
		}
	}
	output["output_stream_type"] = outputType
	return camelCase(config).(jsonObject)
}

// params is what Tencent is to be sent for the room: what ignore_changes names is as the state has it.
func (r *soakRoom) params() jsonObject {
	config := r.spec.config()
	if name := r.spec.ignored(); name != "" && r.current != nil {
		delete(config, name)
		if kept := given(acctest.ToJSON(r.current.value).(jsonObject)[name]); kept != nil {
			config[name] = kept
		}
	}
	return paramsOf(config)
}

// given is a value without the nulls in it.
func given(v any) any {
	switch v := v.(type) {
	case jsonObject:
		out := jsonObject{}
		for name, value := range v {
			if value = given(value); value != nil {
				out[name] = value
			}
		}
		return out
	case []any:
		var out []any
		for _, element := range v {
			out = append(out, given(element))
		}
		return out
	}
	return v
}

// ignoring is a configuration as ignore_changes leaves it: what that names is as the object has it.
func (r *soakRoom) ignoring(config, object tftypes.Value) tftypes.Value {
	name := r.spec.ignored()
	if name == "" {
		return config
	}
	var fields, before map[string]tftypes.Value
	if err := errors.Join(config.As(&fields), object.As(&before)); err != nil {
		panic(err)
	}
	fields = maps.Clone(fields) // The configuration goes on to use its own.
	fields[name] = before[name]
	return tftypes.NewValue(config.Type(), fields)
}

func camelCase(v any) any {
	switch v := v.(type) {
	case jsonObject:
		out := jsonObject{}
		for name, value := range v {
			var camel strings.Builder
			for word := range strings.SplitSeq(name, "_") {
				camel.WriteString(strings.ToUpper(word[:1]) + word[1:])
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
