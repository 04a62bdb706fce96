// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// identifierPattern matches what the messages of the CLI cannot set in another font.
var identifierPattern = regexp.MustCompile(`[A-Za-z]+(?:_[A-Za-z]+)+(?:\.[a-z_]+)*(?: = (?:"[a-z_]+"|true))?|live:\w+`)

// adviceRows is the table of the messages as one of Markdown.
func adviceRows() string {
	var rows strings.Builder
	rows.WriteString("| code | inner code | what it means | what to do |\n|---|---|---|---|\n")
	quoted := func(text string) string { return "`" + text + "`" }
	cell := func(text string) string {
		text = strings.ReplaceAll(identifierPattern.ReplaceAllStringFunc(text, quoted), "|", `\|`)
		return strings.ReplaceAll(text, "{permission}", "`live:…` with the name of the call")
	}
	for _, a := range adviceTable {
		var codes, inner []string
		for _, code := range a.codes {
			if code != unknownCode {
				code = quoted(code)
			}
			codes = append(codes, code)
		}
		for _, code := range a.inner {
			inner = append(inner, quoted(fmt.Sprint(code)))
		}
		fmt.Fprintf(&rows, "| %s | %s | %s | %s |\n", strings.Join(codes, ", "), strings.Join(inner, ", "), cell(a.meaning), cell(a.whatToDo()))
	}
	return rows.String()
}

// The page of the codes says what the messages say. With -update it is written.
func TestTroubleshootingPage_codes(t *testing.T) {
	t.Parallel()
	const begin, end = "<!-- The table of codes is written by make generate. -->\n\n", "<!-- The end of the table. -->"
	file := filepath.Join("..", "..", "templates", "guides", "troubleshooting.md")
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, begins := strings.Cut(string(page), begin)
	_, after, ends := strings.Cut(rest, end)
	if !begins || !ends {
		t.Fatalf("%s has no place for the table of codes", file)
	}
	want := before + begin + adviceRows() + "\n" + end + after
	if want == string(page) {
		return
	}
	if !*update {
		t.Fatalf("%s does not have the table of the messages; run make generate", file)
	}
	if err := os.WriteFile(file, []byte(want), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Each message that the page explains is one that the provider has.
func TestTroubleshootingPage_messages(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", "troubleshooting.md"))
	if err != nil {
		t.Fatal(err)
	}
	sources, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	for _, source := range sources {
		if strings.HasSuffix(source, "_test.go") {
			continue
		}
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		code.Write(text)
	}
	summaries := regexp.MustCompile(`(?m)^\| \*\*(.+?)\*\* \|`).FindAllStringSubmatch(string(page), -1)
	if len(summaries) == 0 {
		t.Fatal("the page explains no message")
	}
	for _, summary := range summaries {
		if !strings.Contains(code.String(), `"`+summary[1]+`"`) {
			t.Errorf("no message of the provider is %q", summary[1])
		}
	}
}
