// SPDX-License-Identifier: MPL-2.0

package livesim

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is a page in headless Chromium, and all that it complained about.
type browser struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string
}

// openBrowser starts Chromium with a profile of its own. It skips the test where there is none.
func openBrowser(t *testing.T) *browser {
	t.Helper()
	if os.Getenv("TF_ACC") == "" {
		t.Skip("it needs Chromium; TF_ACC=1 runs it")
	}
	path := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if found, err := exec.LookPath(name); path == "" && err == nil {
			path = found
		}
	}
	if path == "" {
		t.Skip("Chromium is missing: install the package chromium, or set CHROMIUM to its path")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.UserDataDir(t.TempDir()), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true), chromedp.Flag("no-first-run", true),
		chromedp.WSURLReadTimeout(time.Minute))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(ctx)
	t.Cleanup(func() { _ = chromedp.Cancel(ctx); cancel() })
	ctx, cancelTime := context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancelTime)
	b := &browser{t: t, ctx: ctx}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, fmt.Sprintf("console: %s", e.Type))
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, "exception: "+e.ExceptionDetails.Text)
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL))
	}
}

func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	b.check(what, chromedp.Do(b.ctx, actions...))
}

func (b *browser) check(what string, err error) {
	b.t.Helper()
	if err != nil {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.t.Fatalf("%s: %v; the page said %q", what, err, b.complaints)
	}
}

// until waits until an expression of JavaScript is true. The policy of the page forbids what chromedp.Poll does.
func (b *browser) until(what, expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for {
		ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("Boolean("+expression+")"))
		b.check(what, err)
		if ok {
			return
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			b.check(what, ctx.Err())
		}
	}
}

// TestPageInBrowser follows a session from its first request to its end, and uses every control.
func TestPageInBrowser(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s, c := start(t, nil)
	s.Publish(`<img src=x onerror="console.log(1)">`)
	b.do("open", chromedp.EmulateViewport(1360, 900), chromedp.Navigate(s.URL()+"/"))
	b.until("the feed is live", `document.querySelector("#link.on") !== null`)
	b.until("a name that is HTML is text", `document.querySelector("#streams .name")?.textContent.startsWith("<img") && !document.querySelector("#streams img")`)

	c.create("", "room", inputs(input("host", 1), input("guest", 2)), set("MixStreamTemplateId", 20))
	b.until("the session appears", `document.querySelector("[data-session=room] .badge.live") !== null`)
	b.until("its layout is drawn", `document.querySelector("[data-session=room] img")?.naturalWidth > 0`)
	b.until("two lamps are on", `document.querySelectorAll("[data-session=room] .lamp.on").length === 2`)
	b.until("its address is noted", `window.before = document.querySelector("[data-session=room] img").src`)
	c.create("", "room", inputs(input("host", 1), input("guest", 2), input("third", 3)))
	b.until("the layout changes", `(document.querySelector("[data-session=room] img")?.src ?? window.before) !== window.before`)
	b.until("the new layout is drawn", `document.querySelector("[data-session=room] img")?.naturalWidth > 0`)
	b.until("the third input is there", `document.querySelectorAll("[data-session=room] .inputs li").length === 3`)

	b.do("look for another one", chromedp.SendKeys(chromedp.CSS("#find"), "nothing"))
	b.until("the session is hidden", `!document.querySelector("[data-session=room]")`)
	b.until("the search is emptied", `(document.querySelector("#find").value = "", true)`)
	b.do("look for an input", chromedp.SendKeys(chromedp.CSS("#find"), "THIRD"))
	b.until("the session is found", `document.querySelector("[data-session=room]") !== null`)

	b.do("stop a stream", chromedp.Click(chromedp.CSS(`[aria-label="Stop guest"]`)))
	b.until("its lamp goes off", `document.querySelectorAll("[data-session=room] .lamp.on").length === 2`)
	b.do("publish it again", chromedp.Click(chromedp.CSS(`[aria-label="Publish guest"]`)))
	b.until("its lamp goes on", `document.querySelectorAll("[data-session=room] .lamp.on").length === 3`)

	b.do("inject a fault by the keyboard", chromedp.Focus(chromedp.CSS(`#fault-form [name=code]`)), chromedp.KeyEvent("\r"))
	b.until("the fault waits", `document.querySelector("#faults li")?.textContent.includes("InternalError")`)
	c.cancel("InternalError", "room")
	b.until("the fault is marked", `document.querySelector("#requests tr.fault")?.textContent.includes("InternalError")`)
	b.until("the fault is counted", `document.querySelector("#count-faults").textContent === "1" && !document.querySelector("#faults li")`)
	b.do("filter", chromedp.Click(chromedp.CSS(`[data-filter=marked]`)))
	b.until("the others are hidden", `[...document.querySelectorAll("#requests tr")].filter((r) => !r.hidden).length === 1`)
	b.do("filter no more", chromedp.Click(chromedp.CSS(`[data-filter=all]`)))

	c.create("", "late", inputs(input("host", 1), input("guest", 2)), output("late_out", 1))
	c.cancel("InvalidParameter.OtherError", "late")
	b.until("the violation is marked", `document.querySelector("#requests tr.violation")?.textContent.includes("cancel after create")`)

	b.do("move the clock", chromedp.Click(chromedp.CSS(`[data-advance="30s"]`)))
	b.until("the clock was moved", `document.querySelector("#clock-hint").textContent.includes("30 s")`)
	c.cancel("", "late")
	c.cancel("", "room")
	b.until("the sessions disappear", `!document.querySelector("[data-session]") && !document.querySelector("#no-sessions").hidden`)
	b.do("show ended ones", chromedp.Click(chromedp.CSS("#show-ended")))
	b.until("the ended sessions are shown", `document.querySelectorAll(".card.ended").length === 2`)

	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		t.Errorf("the page said %q", b.complaints)
	}
}

// TestPageScreenshots writes pictures of the page into the directory that SCREENSHOTS names.
func TestPageScreenshots(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("SCREENSHOTS")
	if dir == "" {
		t.Skip("SCREENSHOTS does not name a directory")
	}
	b := openBrowser(t)
	s, c := start(t, nil)
	show(s, c)
	for _, view := range []struct {
		name          string
		width, height int64
		scale         float64
		mobile        bool
	}{{"desktop", 1360, 900, 1, false}, {"phone", 390, 844, 2, true}} {
		for _, scheme := range []string{"light", "dark"} {
			b.do(view.name,
				chromedp.Func(func(ctx context.Context, target *chromedp.Target) error {
					_, err := cdp.Call(ctx, target, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
						Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
					})
					return err
				}),
				chromedp.EmulateViewport(view.width, view.height, chromedp.EmulateScale(view.scale)),
				chromedp.Navigate(s.URL()+"/"))
			b.until("the page is drawn", `document.querySelector("#link.on") && [...document.images].length > 2 && [...document.images].every((i) => i.complete)`)
			capture := chromedp.CaptureScreenshot()
			if view.mobile {
				capture = chromedp.FullScreenshot(100)
			}
			png, err := chromedp.Run(b.ctx, capture)
			b.check("capture", err)
			if err := os.WriteFile(filepath.Join(dir, view.name+"-"+scheme+".png"), png, 0o600); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// show puts on air what a picture of the page is about.
func show(s *Server, c *client) {
	for _, name := range []string{"anna", "ben", "chloe", "dan", "eve", "studio_cam1", "studio_cam2"} {
		s.Publish(name, LongSince(), Size(1280, 720))
	}
	c.create("", "morning_show", inputs(input("anna", 1), input("ben", 2)), output("anna", 0), set("MixStreamTemplateId", 20))
	c.create("", "panel", inputs(
		input("panel_canvas", 1, "InputType", 3, "ImageWidth", 1280, "ImageHeight", 720, "Color", "0x1d2433"),
		input("chloe", 2, "ImageWidth", 416, "ImageHeight", 540, "LocationX", 8, "LocationY", 90),
		input("dan", 3, "ImageWidth", 416, "ImageHeight", 540, "LocationX", 432, "LocationY", 90),
		input("eve", 4, "ImageWidth", 416, "ImageHeight", 540, "LocationX", 856, "LocationY", 90)), output("panel_mix", 1))
	c.create("", "studio", inputs(
		input("studio_cam1", 1), input("studio_cam2", 2, "ImageWidth", 0.3, "ImageHeight", 0.3, "LocationX", 0.65, "LocationY", 0.05)), output("studio_mix", 1))
	s.Inject(Fault{Action: ActionCreate, Foreign: "status-502", After: true})
	c.do(ActionCreate, mix("studio", inputs(
		input("studio_cam1", 1), input("studio_cam2", 2, "ImageWidth", 0.3, "ImageHeight", 0.3, "LocationX", 0.65, "LocationY", 0.65)), output("studio_mix", 1)))
	c.do(ActionCancel, map[string]any{"MixStreamSessionId": "panel"})
	c.state("anna")
	s.Unpublish("eve")
	s.Advance(12*time.Minute + 7*time.Second)
	c.do(ActionCancel, map[string]any{"MixStreamSessionId": "nothing"})
	s.Inject(Fault{Action: ActionCancel, Error: &APIError{Code: "InternalError", Message: "injected by hand"}, Times: 2})
	s.Forbid("guest_from_nowhere")
}

// TestPageWithManySessions checks that the page stays usable with more sessions and calls than it can show.
func TestPageWithManySessions(t *testing.T) {
	t.Parallel()
	b := openBrowser(t)
	s, c := start(t, func(o *Options) { o.Quota, o.MaxSessionsPerStream = nil, 0 })
	for i := range 500 {
		c.create("", fmt.Sprintf("room%03d", i), inputs(input("host", 1), input(fmt.Sprintf("guest%d", i), 2)))
	}
	b.do("open", chromedp.EmulateViewport(1360, 900), chromedp.Navigate(s.URL()+"/"))
	b.until("the first ones are shown", `document.querySelectorAll("[data-session]").length === 60 && document.querySelector("#shown").textContent.includes("500")`)
	for i := range 500 {
		c.create("", fmt.Sprintf("more%03d", i), inputs(input("host", 1), input(fmt.Sprintf("extra%d", i), 2)))
	}
	b.until("the others are counted", `document.querySelector("#count-sessions").textContent === "1000" && document.querySelectorAll("#requests tr").length === 300`)
	b.do("look for one", chromedp.SendKeys(chromedp.CSS("#find"), "guest499"))
	b.until("it is found", `document.querySelectorAll("[data-session]").length === 1 && document.querySelector("[data-session=room499]") !== null`)
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		t.Errorf("the page said %q", b.complaints)
	}
}
