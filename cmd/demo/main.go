// SPDX-License-Identifier: MPL-2.0

//go:build unix

// Command demo shows the lifecycle of two mix sessions, from apply to destroy, with the real Terraform or OpenTofu
// against the simulator. Apart from the CLI (see acctest.Find) it needs nothing outside this repository: no account and
// no registry.
//
// With -page it waits for Enter after each step, so that you can watch the page of the simulator.
//
// At the end it counts what the simulator saw. It exits with 1 if a count is wrong, a session is left or it was
// interrupted. It leaves no process, session or file behind, even after Ctrl-C or SIGTERM.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	page := flag.Bool("page", false, "wait for Enter after each step, to watch the page of the simulator")
	flag.Parse()
	pause := func(context.Context) error { return nil }
	if *page {
		pause = newPause(os.Stdin, os.Stdout)
	}
	if err := run(ctx, pause); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1) //nolint:gocritic // exitAfterDefer: the process ends, and its signal handler with it.
	}
}

// cleanupTime bounds the clean-up after an interrupt: a destroy of two sessions against the simulator.
const cleanupTime = 2 * time.Minute

// run runs the demo in a temporary directory. It calls pause after each step.
func run(ctx context.Context, pause func(context.Context) error) (err error) {
	dir, err := os.MkdirTemp("", "tencentcss-demo-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()

	w, err := newWorkspace(ctx, dir)
	if err != nil {
		return ended(ctx, err)
	}
	sim, err := startSimulator(ctx, w.simulator)
	if err != nil {
		return ended(ctx, err)
	}
	defer func() { err = errors.Join(err, sim.stop()) }()
	w.useEndpoint(sim.url)

	err = ended(ctx, show(ctx, w, sim, pause))

	// The clean-up also runs after an interrupt, so it must not end with ctx.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanupTime)
	defer cancel()
	if err != nil {
		fmt.Println("\nNot finished; destroying what is left.")
		err = errors.Join(err, w.destroyLeft(ctx))
	}
	got, tallyErr := sim.tally(ctx)
	if tallyErr != nil {
		return errors.Join(err, tallyErr)
	}
	if err == nil {
		err = got.check()
	}
	if err != nil && !errors.Is(err, errInterrupted) {
		fmt.Fprintf(os.Stderr, "\nThe calls as the simulator saw them:\n%s", sim.calls())
	}
	fmt.Printf("\ndemo: %s\n", got)
	if err == nil {
		fmt.Println("Next: try a configuration of your own against \"go run ./cmd/livesim -any-stream\"; docs/guides/offline_testing.md shows how.")
	}
	if got.Left > 0 {
		err = errors.Join(err, fmt.Errorf("the simulator still holds %d sessions", got.Left))
	}
	return err
}

var errInterrupted = errors.New("interrupted")

// ended replaces the error of a step by its reason if that was an interrupt.
func ended(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil {
		return errInterrupted
	}
	return err
}

// room is an entry of the variable "rooms" of examples/demo.
type room struct {
	Host   string   `json:"host"`
	Guests []string `json:"guests"`
	Layout string   `json:"layout"`
}

// show runs the steps.
func show(ctx context.Context, w *workspace, sim *simulator, pause func(context.Context) error) error {
	fmt.Printf("This is %s on a copy of examples/demo, with a simulator of the Live API at %s.\n", w.version, sim.url)
	fmt.Printf("Open %s in a browser to watch it; \"make demo PAGE=1\" waits after each step.\n", sim.url)
	fmt.Printf("Tencent asks for 5s between a create and a cancel, and for 30s before an ID is used again. For this demo the\n"+
		"provider and the simulator are both set to %s and %s.\n", pacing, pacing)
	if err := w.init(ctx); err != nil {
		return err
	}

	blue := room{Host: "anna", Guests: []string{"ben"}, Layout: "side_by_side"}
	green := room{Host: "chloe", Guests: []string{"dan", "eve"}, Layout: "side_by_side"}
	bluePicture := blue
	bluePicture.Layout = "picture_in_picture"

	for i, step := range []struct {
		title    string
		rooms    map[string]room
		showPlan bool
	}{
		{title: "Two rooms go on air: the module is called once for each", rooms: map[string]room{"blue": blue, "green": green}},
		{
			title: "The blue room turns to picture-in-picture: changed in place, the show goes on", showPlan: true,
			rooms: map[string]room{"blue": bluePicture, "green": green},
		},
		{title: "The green room is taken out of the configuration: its session is cancelled", rooms: map[string]room{"blue": bluePicture}},
		{title: "The show is over: destroy"},
	} {
		fmt.Printf("\n== %d. %s ==\n", i+1, step.title)
		if err := w.apply(ctx, step.rooms, step.showPlan); err != nil {
			return err
		}
		if err := sim.printSessions(ctx); err != nil {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
