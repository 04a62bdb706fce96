// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

// urlVariable names the simulator that client commands talk to.
const urlVariable = "LIVESIM_URL"

// clientTime bounds one request to a simulator.
const clientTime = 10 * time.Second

// client talks to the admin API of a simulator.
type client struct{ url string }

// newClient takes the address from the first argument if that is a URL, otherwise from the environment.
func newClient(args []string) (c *client, rest []string, err error) {
	url := os.Getenv(urlVariable)
	if len(args) > 0 && strings.Contains(args[0], "://") {
		url, args = args[0], args[1:]
	}
	if url == "" {
		return nil, nil, errors.New("the URL of the simulator is missing: give it, or set " + urlVariable)
	}
	return &client{strings.TrimSuffix(url, "/")}, args, nil
}

// get reads a list or another value.
func (c *client) get(ctx context.Context, path string, into any) error {
	text, err := c.do(ctx, http.MethodGet, path, nil)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("%s is no simulator: %w", c.url, err)
	}
	return nil
}

// post sends a change.
func (c *client) post(ctx context.Context, path string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	_, err = c.do(ctx, http.MethodPost, path, text)
	return err
}

func (c *client) do(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, clientTime)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, c.url+"/_sim/"+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	switch {
	case err != nil:
		return nil, err
	case resp.StatusCode == http.StatusBadRequest, resp.StatusCode == http.StatusForbidden:
		return nil, errors.New(plain(strings.TrimSpace(string(text))))
	case resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusNoContent:
		return nil, fmt.Errorf("%s answered %s", c.url, resp.Status)
	}
	return text, nil
}

// writeJSON prints a value as it was received.
func writeJSON(w io.Writer, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s\n", text)
	return err
}
