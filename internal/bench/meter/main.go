// SPDX-License-Identifier: MPL-2.0

//go:build linux

// Command meter runs the plugin that METER_PROGRAM names as if it were that plugin. When the plugin ends, meter appends a
// line to the file that METER_FILE names: the processor time of the plugin in nanoseconds and its peak memory in KiB.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"syscall"
)

func main() {
	code, err := run()
	if err != nil {
		log.Fatal(err)
	}
	os.Exit(code)
}

// run returns the exit code of the plugin.
func run() (code int, err error) {
	// The kernel ends the plugin when the thread that started it ends.
	runtime.LockOSThread()
	cmd := exec.Command(os.Getenv("METER_PROGRAM"), os.Args[1:]...) //nolint:gosec,noctx // G702: the caller names the program. It ends with its parent.
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	if err := cmd.Start(); err != nil {
		return 0, err
	}
	go func() {
		for s := range signals {
			_ = cmd.Process.Signal(s) // It may have ended.
		}
	}()
	var exit *exec.ExitError
	if err := cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), record(cmd.ProcessState)
}

func record(state *os.ProcessState) (err error) {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	if !ok {
		return errors.New("the system does not tell what the plugin used")
	}
	file, err := os.OpenFile(os.Getenv("METER_FILE"), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600) //nolint:gosec // G703: the caller names the file.
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	_, err = fmt.Fprintf(file, "%d %d\n", state.UserTime()+state.SystemTime(), usage.Maxrss)
	return err
}
