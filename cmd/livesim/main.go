// SPDX-License-Identifier: MPL-2.0

// Command livesim serves a simulator of the Tencent Cloud Live API, and controls a running one.
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
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// Exit codes.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// command is one subcommand.
type command struct {
	name, arguments, summary string
	run                      func(c *invocation) int
}

// invocation is one use of a command.
type invocation struct {
	command

	ctx            context.Context
	args           []string
	stdout, stderr io.Writer
}

func commands() []command {
	return []command{
		{"serve", "[flags]", "serve the simulator; also without a command", serve},
		{"sessions", "[flags] [URL]", "show the live mix sessions", showSessions},
		{"streams", "[flags] [URL]", "show the streams, or publish, stop and forbid some", streams},
		{"fault", "[flags] [URL] [FAULT...]", "inject faults, or show those that wait", fault},
		{"clock", "[flags] [URL]", "show the simulated time, or move it", clock},
		{"wait", "[flags] [URL]", "wait until the simulator answers", wait},
		{"reset", "[flags] [URL]", "forget everything but the options and the clock", reset},
	}
}

// run returns the exit code: 0, 1 for a failure, 2 for wrong usage.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	all := commands()
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		for _, c := range all {
			if c.name == args[0] {
				return c.run(&invocation{c, ctx, args[1:], stdout, stderr})
			}
		}
		if args[0] == "help" {
			return runHelp(ctx, args[1:], stdout, stderr)
		}
		fmt.Fprintf(stderr, "livesim: there is no command %q; see livesim -h\n", args[0])
		return exitUsage
	}
	return all[0].run(&invocation{all[0], ctx, args, stdout, stderr})
}

// runHelp is "livesim help [COMMAND]".
func runHelp(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) > 1 {
		fmt.Fprintln(stderr, "Usage: livesim help [COMMAND]")
		return exitUsage
	}
	return run(ctx, append(args, "-h"), stdout, stderr)
}

// parse reads the flags of the command. It returns the remaining arguments, and an exit code if the command ends here.
func (c *invocation) parse(flags *flag.FlagSet, more string) (rest []string, code int, ended bool) {
	flags.SetOutput(io.Discard)
	flags.Usage = func() {}
	err := flags.Parse(c.args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		c.usage(c.stdout, flags, more)
		return nil, exitOK, true
	case err != nil:
		return nil, c.wrong("%v", err), true
	}
	return flags.Args(), exitOK, false
}

func (c *invocation) usage(w io.Writer, flags *flag.FlagSet, more string) {
	fmt.Fprintf(w, "Usage: livesim %s %s\n\n%s%s.\n", c.name, c.arguments, strings.ToUpper(c.summary[:1]), c.summary[1:])
	if c.name == "serve" {
		fmt.Fprint(w, "\nCommands:\n")
		for _, other := range commands() {
			fmt.Fprintf(w, "  %-9s %s\n", other.name, other.summary)
		}
		fmt.Fprint(w, "\nlivesim COMMAND -h shows the flags of a command. URL is the address of a running simulator;\nwithout it the variable LIVESIM_URL counts.\n")
	}
	fmt.Fprint(w, "\nFlags:\n")
	flags.SetOutput(w)
	flags.PrintDefaults()
	if more != "" {
		fmt.Fprintf(w, "\n%s\n", more)
	}
	fmt.Fprint(w, "\nExit codes: 0 success, 1 failure, 2 wrong usage.\n")
}

// wrong reports wrong usage.
func (c *invocation) wrong(format string, args ...any) int {
	fmt.Fprintf(c.stderr, "livesim %s: %s\nSee livesim %[1]s -h.\n", c.name, fmt.Sprintf(format, args...))
	return exitUsage
}

// failed reports a failure; nil means success.
func (c *invocation) failed(err error) int {
	if err == nil {
		return exitOK
	}
	fmt.Fprintf(c.stderr, "livesim %s: %v\n", c.name, err)
	return exitFailure
}
