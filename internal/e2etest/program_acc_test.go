// SPDX-License-Identifier: MPL-2.0

//go:build unix

package e2etest

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/acctest"
	"github.com/tencentcss/terraform-provider-tencentcss/internal/livesim"
)

// A signal to the process group, in the middle of a create that took effect and whose answer does not come, ends the run
// without another attempt and keeps the session in the state.
func TestAccCLI_signalDuringCreate(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	for name, signal := range map[string]syscall.Signal{"interrupt": syscall.SIGINT, "terminate": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.StartSimulator(t)
			sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Hang: true, After: true})
			w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + acctest.MinimalMix("room")})

			cmd, out := w.Command("apply", "-auto-approve")
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			acctest.WaitFor(t, "the create", func() bool { return acctest.SessionIDs(sim) == "room" })
			if err := syscall.Kill(-cmd.Process.Pid, signal); err != nil {
				t.Fatal(err)
			}
			if err := cmd.Wait(); err == nil {
				t.Errorf("the interrupted apply succeeded:\n%s", out)
			}
			if text := strings.Join(strings.Fields(strings.ReplaceAll(out.String(), "│", "")), " "); !strings.Contains(text, "The operation was interrupted") ||
				!strings.Contains(text, "stays in the state as tainted") {
				t.Error(text)
			}
			if got := len(sim.RequestsOf(livesim.ActionCreate)); got != 1 {
				t.Errorf("%d calls: the run went on after the signal", got)
			}
			if got := w.Tainted(); !got[acctest.MixAddress] {
				t.Errorf("state: %v, want a tainted %s", got, acctest.MixAddress)
			}
			w.Destroy(sim)
		})
	}
}

// A Terraform that is killed saves nothing, but the same configuration takes its session over again; and the provider
// does not stay behind.
func TestAccCLI_terraformKilled(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	sim := acctest.StartSimulator(t)
	sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Hang: true, After: true})
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + acctest.MinimalMix("room")})
	cmd, _ := w.Command("apply", "-auto-approve")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	group := cmd.Process.Pid
	acctest.WaitFor(t, "the create", func() bool { return acctest.SessionIDs(sim) == "room" })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // It was killed.
	acctest.WaitFor(t, "the end of the provider", func() bool { return errors.Is(syscall.Kill(-group, 0), syscall.ESRCH) })

	w.Run("apply", "-auto-approve", "-lock=false")
	if got := acctest.SessionIDs(sim); got != "room" {
		t.Errorf("live sessions: %q", got)
	}
	w.Destroy(sim, "-lock=false")
}

// The user does not notice an API that fails every tenth call and cuts every twentieth, and connections to it are
// reused. Each cut costs one.
func TestAccCLI_faultyAPI(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	const n, parallelism = 200, 10
	sim := acctest.StartSimulator(t, func(o *livesim.Options) {
		o.AnyStreamPushes, o.MaxSessionsPerStream, o.CancelAfterCreate, o.ReuseAfterCancel = true, 0, 0, 0
	})
	mixes := acctest.Requires + strings.ReplaceAll(acctest.ProviderBlock(sim), "300ms", "0s") + fmt.Sprintf(`
resource "tencentcss_mix_stream" "test" {
  count                  = %d
  mix_stream_session_id  = "s${count.index}"
  mix_stream_template_id = 20
  input_stream_list = [
    { input_stream_name = "host${count.index}", layout_params = { image_layer = 1 } },
    { input_stream_name = "guest${count.index}", layout_params = { image_layer = 2 } },
  ]
  output_params = { output_stream_name = "out${count.index}" }
}
`, n)
	w := acctest.NewWorkspace(t, map[string]string{"main.tf": mixes})
	w.Run("apply", "-auto-approve")
	if _, peak, total := sim.Connections(); peak > parallelism || total > parallelism {
		t.Errorf("%d calls took %d connections, %d at once", n, total, peak)
	}
	w.Run("destroy", "-auto-approve")

	sim.InjectRandom(1,
		livesim.RandomFault{Fault: livesim.Fault{Error: &livesim.APIError{Code: "InternalError", Message: "oops"}}, Probability: 0.1},
		livesim.RandomFault{Fault: livesim.Fault{Cut: true, After: true}, Probability: 0.025},
		livesim.RandomFault{Fault: livesim.Fault{Cut: true}, Probability: 0.025})
	w.Run("apply", "-auto-approve")
	if got := len(sim.Sessions()); got != n {
		t.Errorf("%d live sessions, want %d", got, n)
	}
	w.Destroy(sim)
	if injected := sim.Injected(); injected["error"] == 0 || injected["cut"] == 0 || injected["cut-after"] == 0 {
		t.Errorf("injected: %v", injected)
	}
}

// The fullest log of a whole life shows no secret, wherever the secrets come from.
func TestAccCLI_logsShowNoSecrets(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	const id, key, token = "AKIDtemporary", "a-secret-key-to-look-for", "a-security-token-to-look-for"
	sources := map[string]struct {
		attributes string
		env        []string
	}{
		"configuration": {attributes: fmt.Sprintf("secret_id = %q\n  secret_key = %q\n  security_token = %q", id, key, token)},
		"environment":   {env: []string{envSecretID + "=" + id, envSecretKey + "=" + key, envSecurityToken + "=" + token}},
	}
	for name, source := range sources {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.StartSimulator(t, func(o *livesim.Options) {
				o.Credentials = []livesim.Credential{{ID: id, Key: key, Token: token}}
			})
			log := filepath.Join(t.TempDir(), "trace.log")
			block := fmt.Sprintf("\nprovider \"tencentcss\" {\n  %s\n  endpoints = { live = %q }\n  pacing = { cancel_after_create = \"300ms\" }\n}\n", source.attributes, sim.URL())
			w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + block + acctest.MinimalMix("room")},
				append(source.env, "TF_LOG=TRACE", "TF_LOG_PATH="+log)...)
			// A failure on the way shows what an error brings into the log.
			sim.Inject(livesim.Fault{Action: livesim.ActionCreate, Error: &livesim.APIError{Code: "InternalError", Message: "the key " + key + " is refused"}})
			out := w.Run("apply", "-auto-approve") + w.Run("destroy", "-auto-approve")
			if err := acctest.NothingLeft(sim); err != nil {
				t.Error(err)
			}

			b, err := os.ReadFile(log)
			if err != nil {
				t.Fatal(err)
			}
			text := string(b)
			if !strings.Contains(text, "Tencent Live API call") {
				t.Error("the log does not show the calls")
			}
			for _, secret := range []string{key, token, "Signature=", "TC3-HMAC-SHA256"} {
				if i := strings.Index(text, secret); i >= 0 {
					t.Errorf("the log shows %q: …%s…", secret, text[max(0, i-200):min(len(text), i+100)])
				}
				if strings.Contains(out, secret) {
					t.Errorf("the output shows %q", secret)
				}
			}
		})
	}
}

// The loggers are off exactly when no TF_LOG variable is set: each one of them brings back what it asks for. The provider
// runs as a program of its own that the CLI attaches to, so that what it writes is seen as it leaves it.
func TestAccCLI_loggers(t *testing.T) {
	t.Parallel()
	acctest.Need(t)
	const (
		call      = "Tencent Live API call"
		proto     = "Received request"
		framework = "Calling provider defined Resource Delete"
	)
	all := []string{call, proto, framework}
	for name, tt := range map[string]struct {
		env  []string
		want []string
	}{
		"none":                       {},
		"empty":                      {env: []string{"TF_LOG="}},
		"TF_LOG":                     {env: []string{"TF_LOG=TRACE"}, want: all},
		"TF_LOG_CORE":                {env: []string{"TF_LOG_CORE=TRACE"}, want: all},
		"TF_LOG_PROVIDER":            {env: []string{"TF_LOG_PROVIDER=DEBUG"}, want: all},
		"TF_LOG_PROVIDER_TENCENTCSS": {env: []string{"TF_LOG_PROVIDER_TENCENTCSS=DEBUG"}, want: all},
		"TF_LOG_SDK":                 {env: []string{"TF_LOG_SDK=TRACE"}, want: all},
		"TF_LOG_SDK_FRAMEWORK":       {env: []string{"TF_LOG_SDK_FRAMEWORK=TRACE"}, want: all},
		"TF_LOG_SDK_PROTO":           {env: []string{"TF_LOG_SDK_PROTO=TRACE"}, want: all},
		"own log alone":              {env: []string{"TF_LOG_SDK=OFF"}, want: []string{call}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sim := acctest.StartSimulator(t)
			w := acctest.NewWorkspace(t, map[string]string{"main.tf": acctest.Requires + acctest.ProviderBlock(sim) + acctest.MinimalMix("room")})
			attached, written := attach(t, w, tt.env)
			w.Env = append(w.Env, "TF_REATTACH_PROVIDERS="+attached)
			w.Run("apply", "-auto-approve")
			w.Run("destroy", "-auto-approve")

			text := written()
			for _, line := range all {
				want := false
				for _, wanted := range tt.want {
					want = want || wanted == line
				}
				if got := strings.Contains(text, line); got != want {
					t.Errorf("%q is written: %t, want %t", line, got, want)
				}
			}
		})
	}
}

// attach starts the provider as a program with the given log variables. It returns what tells the CLI of it, and a
// function that ends it and returns what it wrote. The provider names itself by its address in Terraform's registry, and
// OpenTofu looks for the one in its own.
func attach(t *testing.T, w *acctest.Workspace, env []string) (reattach string, written func() string) {
	t.Helper()
	binary, err := acctest.Provider()
	if err != nil {
		t.Fatal(err)
	}
	cli, err := acctest.Inspect(t.Context(), os.Getenv(acctest.PathVariable))
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "-debug")
	cmd.Env = append(append([]string{}, w.Env...), env...)
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	cmd.Stderr = &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	end := sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGINT) // Wait tells how it ended.
		if err := cmd.Wait(); err != nil {
			t.Errorf("the provider ended with %v", err)
		}
	})
	t.Cleanup(end)

	lines := bufio.NewScanner(stdout)
	for lines.Scan() {
		if _, value, ok := strings.Cut(lines.Text(), "TF_REATTACH_PROVIDERS="); ok {
			go func() {
				for lines.Scan() {
					// The pipe must be read to its end for the program to go on.
				}
			}()
			value = strings.Replace(value, "registry.terraform.io/", cli.Registry()+"/", 1)
			return strings.Trim(strings.TrimSpace(value), "'"), func() string { end(); return log.String() }
		}
	}
	t.Fatal("the provider did not say how to attach to it")
	return "", nil
}
