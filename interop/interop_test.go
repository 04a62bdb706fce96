// SPDX-License-Identifier: MPL-2.0

// Package interop holds the simulator against clients that nobody here wrote: Tencent's SDKs for Go and Node.js, and
// its own Terraform provider.
package interop

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

const roleARN = "qcs::cam::uin/100000000001:roleName/mixer"

// row is one call and what came of it.
type row struct {
	Client  string `json:"client"`
	Call    string `json:"call"`
	Outcome string `json:"outcome"`
	OK      bool   `json:"ok"`
}

// table collects rows.
type table struct {
	t    *testing.T
	rows []row
}

func (b *table) add(r row) {
	b.t.Helper()
	b.rows = append(b.rows, r)
	if !r.OK {
		b.t.Errorf("%s: %s: %s", r.Client, r.Call, r.Outcome)
	}
}

// print writes the table as Markdown.
func (b *table) print() {
	fmt.Print("\n| client | call | outcome |\n|---|---|---|\n")
	for _, r := range b.rows {
		mark := ""
		if !r.OK {
			mark = " **wrong**"
		}
		fmt.Printf("| %s | %s | %s%s |\n", r.Client, strings.ReplaceAll(r.Call, "|", `\|`), strings.ReplaceAll(r.Outcome, "|", `\|`), mark)
	}
}

func simulator(t *testing.T, changes ...func(*livesim.Options)) *livesim.Server {
	t.Helper()
	o := livesim.DefaultOptions()
	o.AnyStreamPushes, o.CancelAfterCreate, o.ReuseAfterCancel, o.Quota = true, 0, 0, nil
	o.Roles = map[string]livesim.Role{roleARN: {}}
	o.WebIdentityProviders = map[string][]string{"idp": {"identity-token"}}
	for _, change := range changes {
		change(&o)
	}
	s, err := livesim.Start("", o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// TestGo uses the generic client of Tencent's SDK for Go. It needs nothing but Go, so it always runs.
func TestGo(t *testing.T) {
	t.Parallel()
	b := &table{t: t}
	tryGo(b, simulator(t))
	if testing.Verbose() {
		b.print()
	}
}

// TestNode uses Tencent's SDK for Node.js, which it installs from npm. "make interop" runs it.
func TestNode(t *testing.T) {
	t.Parallel()
	if os.Getenv("INTEROP") == "" {
		t.Skip(`it installs packages from npm; "make interop" runs it`)
	}
	for _, program := range []string{"node", "npm"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is missing: install Node.js 18 or newer with npm, and run make interop again", program)
		}
	}
	install := exec.CommandContext(t.Context(), "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.Dir = "node"
	if out, err := install.CombinedOutput(); err != nil {
		t.Fatalf("npm ci: %v\n%s", err, out)
	}
	s := simulator(t)
	c := exec.CommandContext(t.Context(), "node", "interop.js")
	c.Dir = "node"
	c.Env = append(os.Environ(), "LIVESIM_URL="+s.URL(), "LIVESIM_ROLE="+roleARN, "http_proxy=", "no_proxy=",
		"TENCENTCLOUD_SECRET_ID=AKIDsimulator", "TENCENTCLOUD_SECRET_KEY=simulator-secret-key")
	var stderr bytes.Buffer
	c.Stderr = &stderr
	out, err := c.Output()
	b := &table{t: t}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		var r row
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Errorf("%v: %s", err, lines.Text())
			continue
		}
		b.add(r)
	}
	b.print()
	if err != nil || len(b.rows) < 183 {
		t.Errorf("%d calls, %v\n%s", len(b.rows), err, &stderr)
	}
	if left := s.Sessions(); len(left) != 0 {
		t.Errorf("sessions are left: %+v", left)
	}
}
