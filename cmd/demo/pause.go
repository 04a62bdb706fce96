// SPDX-License-Identifier: MPL-2.0

//go:build unix

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
)

// newPause returns a function that waits for Enter, the end of the input or the end of the context.
func newPause(in io.Reader, out io.Writer) func(context.Context) error {
	lines := make(chan struct{})
	go func() { // It may block for as long as the program runs.
		defer close(lines)
		for scanner := bufio.NewScanner(in); scanner.Scan(); {
			lines <- struct{}{}
		}
	}()
	return func(ctx context.Context) error {
		fmt.Fprint(out, "\nPress Enter to go on. ")
		select {
		case <-lines:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
