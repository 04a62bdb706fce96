// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
)

const (
	// simulatorReady begins the line that the simulator prints when it listens; the address follows.
	simulatorReady = "livesim listening on "

	// simulatorTime bounds the start and the end of the simulator, and each request to it.
	simulatorTime = 10 * time.Second
)

// simulator is a running simulator program.
type simulator struct {
	path, url string
	cmd       *exec.Cmd
	stderr    buffer
}

// startSimulator starts the program at path on a free port of the loopback interface and waits until it is ready. Every
// stream pushes. The simulator outlives ctx, because a clean-up after an interrupt still needs it; see stop.
func startSimulator(ctx context.Context, path string) (*simulator, error) {
	s := &simulator{path: path}
	s.cmd = acctest.Command(context.WithoutCancel(ctx), path, "-listen=127.0.0.1:0", "-any-stream", "-pacing="+pacing+","+pacing)
	s.cmd.Stderr = &s.stderr
	stdout, err := s.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	first := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(stdout).ReadString('\n') // On failure, the line is not the expected one.
		first <- line
	}()
	ctx, cancel := context.WithTimeout(ctx, simulatorTime)
	defer cancel()
	select {
	case line := <-first:
		if url, ok := strings.CutPrefix(strings.TrimSpace(line), simulatorReady); ok {
			s.url = url
			return s, nil
		}
		err = fmt.Errorf("the simulator did not say where it listens, but %q", line)
	case <-ctx.Done():
		err = fmt.Errorf("waiting for the simulator: %w", ctx.Err())
	}
	err = errors.Join(err, s.stop())
	return nil, fmt.Errorf("%w\n%s", err, s.calls())
}

// stop ends the simulator.
func (s *simulator) stop() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stopping the simulator: %w", errors.Join(err, s.cmd.Wait()))
	}
	killer := time.AfterFunc(simulatorTime, func() { _ = s.cmd.Process.Kill() }) // Wait reports the result.
	defer killer.Stop()
	if err := s.cmd.Wait(); err != nil {
		return fmt.Errorf("the simulator ended badly: %w", err)
	}
	return nil
}

// calls returns the lines that the simulator wrote, one for each call.
func (s *simulator) calls() string { return s.stderr.String() }

// printSessions shows the live sessions of the simulator.
func (s *simulator) printSessions(ctx context.Context) error {
	text, err := output(ctx, s.path, "sessions", s.url)
	if err != nil {
		return err
	}
	fmt.Println("\nIn the simulator:")
	for line := range strings.Lines(text) {
		fmt.Print("  ", line)
	}
	return nil
}

// tally counts what happened to sessions.
type tally struct {
	Created, Changed, Cancelled, Left int

	// TooSoon counts the calls that broke the pacing.
	TooSoon int
}

func (t tally) String() string {
	return fmt.Sprintf("%d created, %d changed in place, %d cancelled, %d left", t.Created, t.Changed, t.Cancelled, t.Left)
}

// check compares the tally with the expected result of the demo.
func (t tally) check() error {
	if want := (tally{Created: 2, Changed: 1, Cancelled: 2}); t != want {
		return fmt.Errorf("expected %s, and none too soon after another; %d were", want, t.TooSoon)
	}
	return nil
}

// call is an entry of the simulator's request log.
type call struct {
	Action    string `json:"action"`
	SessionID string `json:"session_id"`
	// Executed reports whether the call took effect, whatever was answered.
	Executed bool `json:"executed"`
}

// tally reads the simulator's request log and sessions.
func (s *simulator) tally(ctx context.Context) (tally, error) {
	var (
		calls                []call
		sessions, violations []json.RawMessage
	)
	for name, into := range map[string]any{"requests": &calls, "sessions": &sessions, "violations": &violations} {
		if err := s.get(ctx, name, into); err != nil {
			return tally{}, err
		}
	}
	t := countCalls(calls)
	t.Left, t.TooSoon = len(sessions), len(violations)
	return t, nil
}

// countCalls counts the calls that took effect, in order: a create for an existing session is a change.
func countCalls(calls []call) tally {
	var t tally
	live := make(map[string]bool)
	for _, c := range calls {
		switch {
		case !c.Executed:
		case c.Action == "CreateCommonMixStream" && live[c.SessionID]:
			t.Changed++
		case c.Action == "CreateCommonMixStream":
			t.Created++
			live[c.SessionID] = true
		case c.Action == "CancelCommonMixStream":
			t.Cancelled++
			delete(live, c.SessionID)
		}
	}
	return t
}

// get reads one of the simulator's lists.
func (s *simulator) get(ctx context.Context, name string, into any) error {
	ctx, cancel := context.WithTimeout(ctx, simulatorTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/_sim/"+name, http.NoBody)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	text, err := io.ReadAll(resp.Body)
	if err := errors.Join(err, resp.Body.Close()); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the simulator answered %s for its %s: %s", resp.Status, name, text)
	}
	return json.Unmarshal(text, into)
}

// buffer is a bytes.Buffer that may be read while a program writes to it.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}
