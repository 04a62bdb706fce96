// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// settings holds the flags of serve.
type settings struct {
	options    livesim.Options
	credential livesim.Credential
	listen     string
	streams    []string
	faults     []livesim.Fault
	chaos      float64
	seed       uint64
	scenario   string
	log        string
	pacing     string
}

func newSettings() *settings {
	o := livesim.DefaultOptions()
	o.Roles, o.WebIdentityProviders = make(map[string]livesim.Role), make(map[string][]string)
	return &settings{options: o, credential: o.Credentials[0], log: logText}
}

func (s *settings) flags() *flag.FlagSet {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	o := &s.options
	flags.StringVar(&s.listen, "listen", "127.0.0.1:0", "`address` to listen on")
	flags.BoolVar(&o.AllowRemote, "allow-remote", false, "listen also on an address that is not a loopback one; the page and the\nadministration then answer everybody who reaches it")
	flags.StringVar(&s.log, "log", logText, "`format` of the line for each call: text, json or none")
	flags.BoolFunc("quiet", "the same as -log none", func(string) error { s.log = logNone; return nil })

	flags.BoolVar(&o.AnyStreamPushes, "any-stream", false, "every stream name counts as pushing")
	flags.Func("stream", "`name[,name]` of streams that push (repeatable)", func(v string) error {
		s.streams = append(s.streams, strings.Split(v, ",")...)
		return nil
	})

	flags.StringVar(&s.credential.ID, "secret-id", s.credential.ID, "secret `ID` that may sign")
	flags.StringVar(&s.credential.Key, "secret-key", s.credential.Key, "its secret `key`")
	flags.StringVar(&s.credential.Token, "token", "", "its `token`, which makes it a temporary credential")
	flags.StringVar(&o.AccountID, "account-id", o.AccountID, "`number` of the account that it belongs to")
	flags.Func("role", "`ARN` of a role that it may assume (repeatable)", func(v string) error {
		o.Roles[v] = livesim.Role{}
		return nil
	})
	flags.StringVar(&o.MetadataRole, "metadata-role", "", "`name` of the role whose keys the metadata service hands out")
	flags.Func("oidc-provider", "`ID=token[,token]` of an OIDC provider and the tokens that it accepts (repeatable)", func(v string) error {
		id, tokens, ok := strings.Cut(v, "=")
		if !ok || id == "" || tokens == "" {
			return errors.New("want the ID of a provider, = and tokens")
		}
		o.WebIdentityProviders[id] = append(o.WebIdentityProviders[id], strings.Split(tokens, ",")...)
		return nil
	})

	flags.Func("errors", "`style` of errors: dedicated (default), other-error or invalid-parameter", func(v string) error {
		return parseErrorStyle(v, o)
	})
	flags.BoolVar(&o.International, "international", false, "know only the parameters of the international site")
	flags.Func("pacing", "on (default), off, or `cancel-after-create,reuse-after-cancel` such as 5s,30s", func(v string) error {
		s.pacing = v
		return parsePacing(v, o)
	})
	flags.Func("quota", "calls per second as `action=n`, 0 for unlimited (repeatable); off lifts all of them", func(v string) error {
		return parseQuota(v, o)
	})
	flags.DurationVar(&o.Latency, "latency", 0, "`time` added to each call")
	flags.Float64Var(&o.TimeScale, "time-scale", 1, "how many `times` faster than real time the simulated time passes")
	flags.IntVar(&o.History, "history", 10_000, "`number` of requests and ended sessions that are remembered; -1 for all")

	flags.Func("fault", "a `fault`, see below (repeatable)", func(v string) error {
		f, err := livesim.ParseFault(v)
		s.faults = append(s.faults, f)
		return err
	})
	flags.Func("chaos", "`probability` of a fault of any kind in a call, from 0 to 1", func(v string) error {
		p, err := strconv.ParseFloat(v, 64)
		if err != nil || !(p >= 0 && p <= 1) {
			return errors.New("want a number from 0 to 1")
		}
		s.chaos = p
		return nil
	})
	flags.Uint64Var(&s.seed, "seed", 0, "`number` that makes -chaos repeatable; without it another one each time")
	flags.StringVar(&s.scenario, "scenario", "", "YAML `file` with streams, faults and steps")
	return flags
}

const serveHelp = `Faults are written ` + livesim.FaultSyntax + `

Examples:
  livesim -any-stream
  livesim -listen 127.0.0.1:8080 -stream host,guest -fault 'CancelCommonMixStream:InternalError:2'
  livesim -any-stream -chaos 0.1 -seed 7 -log json`

// serve runs the simulator until it is told to stop.
func serve(c *invocation) int {
	s := newSettings()
	flags := s.flags()
	rest, code, ended := c.parse(flags, serveHelp)
	if ended {
		return code
	}
	if len(rest) > 0 {
		return c.wrong("unexpected argument %q", rest[0])
	}
	s.options.Credentials = []livesim.Credential{s.credential}
	if s.seed == 0 {
		s.seed = 1 + rand.Uint64N(1_000_000)
	}
	onRequest, err := logger(s.log, c.stderr)
	if err != nil {
		return c.wrong("%v", err)
	}
	s.options.OnRequest = onRequest
	var scenario *livesim.Scenario
	if s.scenario != "" {
		if scenario, err = readScenario(s.scenario); err != nil {
			return c.failed(err)
		}
	}
	server, err := livesim.Start(s.listen, s.options)
	if err != nil {
		return c.failed(err)
	}
	s.prepare(server)
	if scenario != nil {
		err = server.Begin(scenario)
	}
	fmt.Fprint(c.stdout, s.banner(server.URL()))

	ctx, stop := context.WithCancel(c.ctx)
	played := make(chan error, 1)
	go func() {
		if scenario == nil || err != nil {
			played <- nil
			return
		}
		played <- server.Play(ctx, scenario)
	}()
	select {
	case <-ctx.Done():
	case playErr := <-played:
		if err = errors.Join(err, playErr); err == nil {
			<-ctx.Done()
		}
	}
	stop()
	return c.failed(errors.Join(err, server.Close()))
}

// prepare publishes the streams and sets the faults.
func (s *settings) prepare(server *livesim.Server) {
	for _, name := range s.streams {
		server.Publish(name, livesim.LongSince())
	}
	for _, f := range s.faults {
		server.Inject(f)
	}
	if s.chaos > 0 {
		server.InjectRandom(s.seed, livesim.Chaos(s.chaos)...)
	}
}

func readScenario(path string) (*livesim.Scenario, error) {
	text, err := os.ReadFile(path) //nolint:gosec // G304: the user names the file.
	if err != nil {
		return nil, err
	}
	converted, err := yaml.YAMLToJSON(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	scenario, err := livesim.ParseScenario(converted)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return scenario, nil
}

func parseErrorStyle(v string, o *livesim.Options) error {
	switch v {
	case "dedicated":
		o.Errors = livesim.DedicatedCodes
	case "other-error":
		o.Errors = livesim.OtherErrorInner
	case "invalid-parameter":
		o.Errors = livesim.InvalidParameterInner
	default:
		return errors.New("want dedicated, other-error or invalid-parameter")
	}
	return nil
}

func parsePacing(v string, o *livesim.Options) error {
	documented := livesim.DefaultOptions()
	switch v {
	case "on":
		o.CancelAfterCreate, o.ReuseAfterCancel = documented.CancelAfterCreate, documented.ReuseAfterCancel
		return nil
	case "off":
		o.CancelAfterCreate, o.ReuseAfterCancel = 0, 0
		return nil
	}
	first, second, ok := strings.Cut(v, ",")
	cancel, err := time.ParseDuration(first)
	reuse, err2 := time.ParseDuration(second)
	if !ok || err != nil || err2 != nil {
		return errors.New("want on, off or two durations such as 5s,30s")
	}
	o.CancelAfterCreate, o.ReuseAfterCancel = cancel, reuse
	return nil
}

func parseQuota(v string, o *livesim.Options) error {
	if v == "off" {
		for action := range o.Quota {
			o.Quota[action] = 0
		}
		return nil
	}
	action, number, ok := strings.Cut(v, "=")
	n, err := strconv.Atoi(number)
	if _, known := o.Quota[action]; !ok || err != nil || !known {
		return errors.New("want the name of an action, = and a number, or off")
	}
	o.Quota[action] = n
	return nil
}
