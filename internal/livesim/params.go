// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// kind is the type of a parameter.
type kind int

const (
	text kind = iota
	integer
	float
	object
	list // of objects: no action of the simulator takes another list
)

// field is one defined parameter of an action.
type field struct {
	name     string
	kind     kind
	required bool
	mainland bool    // not defined on the international site
	secret   bool    // kept out of the log; only for fields of an action itself
	fields   []field // of an object, or of the elements of a list
}

// secretParam is what the log shows in place of a secret value.
const secretParam = "(secret)"

// parseJSON reads a body of one JSON object. Numbers stay json.Number, so that the log shows them as sent.
func parseJSON(body []byte) (map[string]any, error) {
	if !utf8.Valid(body) {
		return nil, errors.New("the body is not UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	var params map[string]any
	if err := d.Decode(&params); err != nil || params == nil {
		return nil, errors.New("the body is not a JSON object")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the body has more than one JSON value")
	}
	return params, nil
}

// parseQuery reads flattened parameters, such as InputStreamList.0.LayoutParams.ImageLayer=1, into the shape that the
// same call would have as JSON. Where fields define a number, the value becomes a json.Number.
func parseQuery(raw string, fields []field) (map[string]any, error) {
	values, err := url.ParseQuery(raw)
	if err != nil {
		return nil, errors.New("the query is not well formed")
	}
	return parseValues(values, fields)
}

// parseValues is parseQuery for a query that is already parsed.
func parseValues(values url.Values, fields []field) (map[string]any, error) {
	tree := make(map[string]any)
	for _, path := range slices.Sorted(maps.Keys(values)) {
		if len(values[path]) != 1 {
			return nil, errors.New("the parameter `" + path + "` is given twice")
		}
		if !utf8.ValidString(path) || !utf8.ValidString(values[path][0]) {
			return nil, errors.New("the query is not UTF-8")
		}
		node, names := tree, strings.Split(path, ".")
		for _, name := range names[:len(names)-1] {
			if _, ok := node[name]; !ok {
				node[name] = make(map[string]any)
			}
			child, ok := node[name].(map[string]any)
			if !ok {
				return nil, errors.New("the parameter `" + path + "` is given as a value and as an object")
			}
			node = child
		}
		last := names[len(names)-1]
		if _, ok := node[last]; ok {
			return nil, errors.New("the parameter `" + path + "` is given as a value and as an object")
		}
		node[last] = values[path][0]
	}
	return typed(tree, fields), nil
}

// typed converts the strings of a query to the types that fields define. What does not fit stays as it is, for
// checkParams to refuse.
func typed(tree map[string]any, fields []field) map[string]any {
	for _, f := range fields {
		value, ok := tree[f.name]
		if !ok {
			continue
		}
		switch v := value.(type) {
		case string:
			if f.kind == integer || f.kind == float {
				if isNumber(v) {
					tree[f.name] = json.Number(v)
				}
			}
		case map[string]any:
			if f.kind == object {
				typed(v, f.fields)
			}
			if f.kind == list {
				if elements, ok := indexed(v); ok {
					for _, e := range elements {
						if element, ok := e.(map[string]any); ok {
							typed(element, f.fields)
						}
					}
					tree[f.name] = elements
				}
			}
		}
	}
	return tree
}

// isNumber reports whether s is a JSON number.
func isNumber(s string) bool {
	var n json.Number
	return s != "" && !strings.HasPrefix(s, `"`) && strings.TrimSpace(s) == s && json.Unmarshal([]byte(s), &n) == nil && n != ""
}

// indexed turns the object {"0": a, "1": b} into the list [a, b], unless an index is missing.
func indexed(object map[string]any) ([]any, bool) {
	elements := make([]any, len(object))
	for i := range elements {
		e, ok := object[strconv.Itoa(i)]
		if !ok {
			return nil, false
		}
		elements[i] = e
	}
	return elements, true
}

// checkParams checks params against the defined fields: first for unknown names, then for types, then for missing
// parameters, each at any depth.
func (s *Server) checkParams(params map[string]any, fields []field) *refusal {
	for _, check := range []func(map[string]any, []field, string) *refusal{s.unknownParam, wrongType, missingParam} {
		if r := check(params, fields, ""); r != nil {
			return r
		}
	}
	return nil
}

func (s *Server) unknownParam(params map[string]any, fields []field, path string) *refusal {
	for _, name := range slices.Sorted(maps.Keys(params)) {
		i := slices.IndexFunc(fields, func(f field) bool { return f.name == name })
		if i < 0 || fields[i].mainland && s.options.International {
			return refuse("UnknownParameter", "the parameter `%s` is not defined", path+name)
		}
		if r := descend(params[name], fields[i], path+name+".", s.unknownParam); r != nil {
			return r
		}
	}
	return nil
}

func wrongType(params map[string]any, fields []field, path string) *refusal {
	for _, f := range fields {
		value, sent := params[f.name]
		if !sent {
			continue
		}
		fits, want := false, ""
		switch f.kind {
		case text:
			_, fits = value.(string)
			want = "String"
		case integer:
			n, ok := value.(json.Number)
			_, err := strconv.ParseInt(string(n), 10, 64)
			fits, want = ok && err == nil, "Integer"
		case float:
			n, ok := value.(json.Number)
			_, err := strconv.ParseFloat(string(n), 64)
			fits, want = ok && err == nil, "Float"
		case object:
			_, fits = value.(map[string]any)
			want = "Object"
		case list:
			var elements []any
			elements, fits = value.([]any)
			for _, e := range elements {
				_, isObject := e.(map[string]any)
				fits = fits && isObject
			}
			want = "Array of Object"
		}
		if !fits {
			return refuse(codeInvalidParameter, "the parameter `%s` must be of type %s", path+f.name, want)
		}
		if r := descend(value, f, path+f.name+".", wrongType); r != nil {
			return r
		}
	}
	return nil
}

func missingParam(params map[string]any, fields []field, path string) *refusal {
	for _, f := range fields {
		value, sent := params[f.name]
		if !sent {
			if f.required {
				return refuse(codeMissing, "the parameter `%s` is missing", path+f.name)
			}
			continue
		}
		if r := descend(value, f, path+f.name+".", missingParam); r != nil {
			return r
		}
	}
	return nil
}

// descend applies check to everything below value.
func descend(value any, f field, path string, check func(map[string]any, []field, string) *refusal) *refusal {
	switch v := value.(type) {
	case map[string]any:
		if f.kind == object {
			return check(v, f.fields, path)
		}
	case []any:
		if f.kind != list {
			return nil
		}
		for i, e := range v {
			element, ok := e.(map[string]any)
			if !ok {
				continue
			}
			if r := check(element, f.fields, path+strconv.Itoa(i)+"."); r != nil {
				return r
			}
		}
	}
	return nil
}

// decodeParams turns checked parameters into a struct with the same names.
func decodeParams[T any](params map[string]any) (T, error) {
	var v T
	b, err := json.Marshal(params)
	if err == nil {
		err = json.Unmarshal(b, &v)
	}
	return v, err
}

// copyValue returns a deep copy of a JSON value.
func copyValue(value any) any {
	switch v := value.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, e := range v {
			m[name] = copyValue(e)
		}
		return m
	case []any:
		l := make([]any, len(v))
		for i, e := range v {
			l[i] = copyValue(e)
		}
		return l
	default:
		return v
	}
}

func copyParams(params map[string]any) map[string]any {
	if params == nil {
		return nil
	}
	m, _ := copyValue(params).(map[string]any)
	return m
}
