// SPDX-License-Identifier: MPL-2.0

// Command livesim serves a simulator of the Tencent Cloud Live API, or shows the mix sessions that one holds.
//
//	livesim -stream host,guest
//	livesim sessions http://127.0.0.1:40123
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unicode"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit code: 0, 1 for a failure, 2 for wrong usage.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "sessions" {
		return runSessions(ctx, args[1:], stdout, stderr)
	}
	return runServer(ctx, args, stdout, stderr)
}

func runServer(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	options := livesim.DefaultOptions()
	options.Roles = make(map[string]livesim.Role)
	credential := options.Credentials[0]
	var streams []string
	flags := flag.NewFlagSet("livesim", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprint(stderr, "Usage:\n  livesim [flags]        serve the simulator\n  livesim sessions URL   show its live mix sessions\n\nFlags:\n")
		flags.PrintDefaults()
	}
	listen := flags.String("listen", "127.0.0.1:0", "`address` to listen on")
	quiet := flags.Bool("quiet", false, "print no line per call")
	flags.BoolVar(&options.AllowRemote, "allow-remote", false, "listen also on an address that is not a loopback one")
	flags.BoolVar(&options.AnyStreamPushes, "any-stream", false, "every stream name counts as pushing")
	flags.StringVar(&credential.ID, "secret-id", credential.ID, "secret `ID` that may sign")
	flags.StringVar(&credential.Key, "secret-key", credential.Key, "its secret `key`")
	flags.StringVar(&options.AccountID, "account-id", options.AccountID, "`number` of the account that it belongs to")
	flags.Func("role", "`ARN` of a role that it may assume (repeatable)", func(v string) error {
		options.Roles[v] = livesim.Role{}
		return nil
	})
	flags.StringVar(&credential.Token, "token", "", "its `token`, which makes it a temporary credential")
	flags.DurationVar(&options.Latency, "latency", 0, "`time` added to each call")
	flags.Func("stream", "`name[,name]` of streams that push (repeatable)", func(v string) error {
		streams = append(streams, strings.Split(v, ",")...)
		return nil
	})
	flags.Func("errors", "`style` of errors: dedicated (default), other-error or invalid-parameter", func(v string) error {
		return parseErrorStyle(v, &options)
	})
	flags.Func("pacing", "on (default), off, or `cancel-after-create,reuse-after-cancel` such as 5s,30s", func(v string) error {
		return parsePacing(v, &options)
	})
	flags.Func("quota", "calls per second as `action=n`, 0 for unlimited (repeatable)", func(v string) error {
		return parseQuota(v, &options)
	})
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return 0
		}
		return 2
	}
	if flags.NArg() > 0 {
		fmt.Fprintf(stderr, "livesim: unexpected argument %q\n", flags.Arg(0))
		return 2
	}

	options.Credentials = []livesim.Credential{credential}
	if !*quiet {
		logger := log.New(stderr, "", 0) // It serializes the lines of concurrent calls.
		options.OnRequest = func(r livesim.Request) { logger.Print(callLine(r)) }
	}
	server, err := livesim.Start(*listen, options)
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	for _, name := range streams {
		server.Publish(name, livesim.LongSince())
	}
	fmt.Fprintf(stdout, "livesim listening on %s\n", server.URL())
	<-ctx.Done()
	if err := server.Close(); err != nil {
		fmt.Fprintln(stderr, err)
		return 1
	}
	return 0
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
	action, number, ok := strings.Cut(v, "=")
	n, err := strconv.Atoi(number)
	if _, known := o.Quota[action]; !ok || err != nil || !known {
		return errors.New("want the name of an action, = and a number")
	}
	o.Quota[action] = n
	return nil
}

// callLine is one call for people: time, action, session, outcome, duration.
func callLine(r livesim.Request) string {
	outcome := "ok"
	switch {
	case r.Code != "":
		outcome = r.Code + ": " + r.Message
	case r.Status == 0:
		outcome = "no answer"
	case r.Status != 200:
		outcome = fmt.Sprintf("HTTP %d", r.Status)
	}
	if r.Fault != "" {
		outcome += fmt.Sprintf(" [fault %s, executed %t]", r.Fault, r.Executed)
	}
	line := fmt.Sprintf("%s  %-30s %-24s %8s  %s", r.Time.Format("15:04:05.000"), r.Action, r.SessionID,
		r.Duration.Round(100*time.Microsecond), outcome)
	return strings.Map(func(c rune) rune { // What clients send must not be able to break the line.
		if unicode.IsPrint(c) {
			return c
		}
		return '?'
	}, line)
}
