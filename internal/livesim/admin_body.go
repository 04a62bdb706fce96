// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// decodeStrict reads one JSON value and refuses unknown members, so that a misspelled name is not silently ignored.
func decodeStrict(body []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("the body has more than one JSON value")
	}
	return nil
}

// duration is a time.Duration written as "1m30s".
type duration time.Duration

func (d *duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = duration(v)
	return err
}

// streamsBody is a change of streams as JSON.
type streamsBody struct {
	Publish   []string `json:"publish"`
	Unpublish []string `json:"unpublish"`
	Forbid    []string `json:"forbid"`
	Width     int      `json:"width"`
	Height    int      `json:"height"`
	Domain    string   `json:"domain"`
	App       string   `json:"app"`
	AudioOnly bool     `json:"audio_only"`
	LongSince bool     `json:"long_since"`
}

// parseStreams reads a change of streams.
func parseStreams(body []byte) (streamsBody, error) {
	var req streamsBody
	if err := decodeStrict(body, &req); err != nil {
		return req, err
	}
	if len(req.Publish)+len(req.Unpublish)+len(req.Forbid) == 0 {
		return req, errors.New("one of publish, unpublish and forbid must name a stream")
	}
	return req, nil
}

func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

func (s *Server) adminStreams(body []byte) error {
	req, err := parseStreams(body)
	if err != nil {
		return err
	}
	opts := []StreamOption{Size(req.Width, req.Height), Domain(req.Domain)}
	if req.App != "" {
		opts = append(opts, App(req.App))
	}
	if req.AudioOnly {
		opts = append(opts, AudioOnly())
	}
	if req.LongSince {
		opts = append(opts, LongSince())
	}
	for _, name := range req.Publish {
		s.Publish(name, opts...)
	}
	for _, name := range req.Unpublish {
		s.Unpublish(name)
	}
	for _, name := range req.Forbid {
		s.Forbid(name)
	}
	return nil
}

// MarshalJSON writes the fault as the admin API accepts it.
func (f Fault) MarshalJSON() ([]byte, error) { return json.Marshal(newFaultBody(f)) }

// faultBody is a Fault as JSON.
type faultBody struct {
	Action      string      `json:"action,omitzero"`
	Times       int         `json:"times,omitzero"`
	Error       *errorBody  `json:"error,omitzero"`
	Status      int         `json:"status,omitzero"`
	Delay       duration    `json:"delay,omitzero"`
	Hang        bool        `json:"hang,omitzero"`
	Silence     bool        `json:"silence,omitzero"`
	Cut         bool        `json:"cut,omitzero"`
	Truncate    bool        `json:"truncate,omitzero"`
	NotJSON     bool        `json:"not_json,omitzero"`
	Answer      *answerBody `json:"answer,omitzero"`
	Foreign     string      `json:"foreign,omitzero"`
	After       bool        `json:"after,omitzero"`
	Probability float64     `json:"probability,omitzero"` // of a random fault
}

// errorBody is an APIError as JSON.
type errorBody struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// answerBody is an Answer as JSON.
type answerBody struct {
	Status      int               `json:"status,omitzero"`
	ContentType string            `json:"content_type,omitzero"`
	Header      map[string]string `json:"header,omitzero"`
	Body        string            `json:"body,omitzero"`
	Size        int64             `json:"size,omitzero"`
	Gzip        bool              `json:"gzip,omitzero"`
	Cut         bool              `json:"cut,omitzero"`
	Echo        bool              `json:"echo,omitzero"`
	Mangled     bool              `json:"mangled,omitzero"`
}

func newFaultBody(f Fault) faultBody {
	return faultBody{
		Action: f.Action, Times: f.Times, Error: (*errorBody)(f.Error), Status: f.Status, Delay: duration(f.Delay),
		Hang: f.Hang, Silence: f.Silence, Cut: f.Cut, Truncate: f.Truncate, NotJSON: f.NotJSON,
		Answer: (*answerBody)(f.Answer), Foreign: f.Foreign, After: f.After,
	}
}

func (b faultBody) fault() Fault {
	return Fault{
		Action: b.Action, Times: b.Times, Error: (*APIError)(b.Error), Status: b.Status, Delay: time.Duration(b.Delay),
		Hang: b.Hang, Silence: b.Silence, Cut: b.Cut, Truncate: b.Truncate, NotJSON: b.NotJSON,
		Answer: (*Answer)(b.Answer), Foreign: b.Foreign, After: b.After,
	}
}

// randomBody is a list of random faults as JSON.
type randomBody struct {
	Seed   uint64      `json:"seed"`
	Random []faultBody `json:"random"`
}

func (s *Server) adminFaults(body []byte) error {
	var req struct {
		faultBody
		randomBody
	}
	if err := decodeStrict(body, &req); err != nil {
		return err
	}
	if req.Random == nil {
		if req.Probability != 0 {
			return errors.New("a probability belongs into a fault of the list \"random\"")
		}
		f := req.fault()
		if err := f.check(); err != nil {
			return err
		}
		s.Inject(f)
		return nil
	}
	random := make([]RandomFault, 0, len(req.Random))
	for i, b := range req.Random {
		f := RandomFault{Fault: b.fault(), Probability: b.Probability}
		if err := f.checkRandom(); err != nil {
			return fmt.Errorf("random fault %d: %w", i, err)
		}
		random = append(random, f)
	}
	s.InjectRandom(req.Seed, random...)
	return nil
}

// clockBody is a change of the clock as JSON.
type clockBody struct {
	Advance duration  `json:"advance"`
	Skew    *duration `json:"skew"`
}

func (s *Server) adminClock(body []byte) error {
	var req clockBody
	if err := decodeStrict(body, &req); err != nil {
		return err
	}
	if req.Skew != nil {
		if err := s.setSkew(time.Duration(*req.Skew)); err != nil {
			return err
		}
	}
	return s.advance(time.Duration(req.Advance))
}
