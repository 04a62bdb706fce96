// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
)

func TestPause(t *testing.T) {
	t.Parallel()
	in, keyboard := io.Pipe()
	var out bytes.Buffer
	pause := newPause(in, &out)
	done := make(chan error)
	go func() { done <- pause(t.Context()) }()
	if _, err := io.WriteString(keyboard, "\n"); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil || !strings.Contains(out.String(), "Press Enter") {
		t.Errorf("%v: %q", err, &out)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := pause(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupt: %v", err)
	}
	if err := keyboard.Close(); err != nil {
		t.Fatal(err)
	}
	if err := pause(t.Context()); err != nil {
		t.Errorf("the end of the input: %v", err)
	}
}
