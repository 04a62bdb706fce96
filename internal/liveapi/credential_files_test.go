// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"
)

const byteOrderMark = "\ufeff"

// utf16LE is what PowerShell 5 writes by its redirection.
func utf16LE(text string) string {
	b := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(text)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return string(b)
}

func credentialFile(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "credentials")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// checkFile compares what was read of a file, and makes sure that no error shows a piece of it.
func checkFile[T comparable](t *testing.T, got, want T, err error, noKeys bool, problem string) {
	t.Helper()
	switch {
	case errors.Is(err, ErrNoKeys) != noKeys:
		t.Errorf("got %v, want no keys: %t", err, noKeys)
	case noKeys || problem != "":
		if err == nil || !strings.Contains(err.Error(), problem) {
			t.Errorf("got %v, want a problem with %q", err, problem)
		}
	case err != nil || got != want:
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
	if err != nil && strings.Contains(err.Error(), "hush") {
		t.Errorf("a secret is shown: %v", err)
	}
}

func TestReadSDKFile(t *testing.T) {
	t.Parallel()
	const plain = "[default]\nsecret_id = AKID\nsecret_key = hush\n"
	keys := Keys{SecretID: "AKID", SecretKey: "hush"}
	tests := map[string]struct {
		text    string
		want    Keys
		noKeys  bool
		problem string
	}{
		"plain":                       {text: plain, want: keys},
		"byte order mark":             {text: byteOrderMark + plain, want: keys},
		"UTF-16":                      {text: utf16LE(plain), want: keys},
		"CRLF":                        {text: strings.ReplaceAll(plain, "\n", "\r\n"), want: keys},
		"spaces everywhere":           {text: "\n  [default]  \n  secret_id=AKID  \n\tsecret_key\t=\thush\t\n", want: keys},
		"quotes":                      {text: "[default]\nsecret_id = \"AKID\"\nsecret_key = 'hush'\n", want: keys},
		"comments":                    {text: "# mine\n; too\n" + plain, want: keys},
		"other sections":              {text: "[work]\nsecret_id = B\nsecret_key = b\n" + plain + "[home]\nsecret_id = C\n", want: keys},
		"no line break at the end":    {text: strings.TrimSpace(plain), want: keys},
		"key with special characters": {text: "[default]\nsecret_id = AKID\nsecret_key = a#b;c%(x)s=:\\\n", want: Keys{SecretID: "AKID", SecretKey: `a#b;c%(x)s=:\`}},
		"empty":                       {noKeys: true},
		"white space only":            {text: " \r\n\t\n", noKeys: true},
		"byte order mark only":        {text: byteOrderMark, noKeys: true},
		"no section default":          {text: "[work]\nsecret_id = AKID\nsecret_key = hush\n", noKeys: true, problem: "no section [default]"},
		"no section at all":           {text: "secret_id = AKID\nsecret_key = hush\n", noKeys: true, problem: "no section [default]"},
		"empty section":               {text: "[default]\n", noKeys: true},
		"empty values":                {text: "[default]\nsecret_id =\nsecret_key =\n", noKeys: true},
		"no ID":                       {text: "[default]\nsecret_key = hush\n", problem: "has a secret_key but no secret_id"},
		"no key":                      {text: "[default]\nsecret_id = hush\n", problem: "has a secret_id but no secret_key"},
		"not INI":                     {text: "[default]\nhush\n", problem: "not an INI file"},
		"section that does not end":   {text: "[default\nsecret_key = hush\n", problem: "not an INI file"},
		"binary":                      {text: "\x00\x01hush\xff", problem: "not an INI file"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadSDKFile(credentialFile(t, tt.text))
			checkFile(t, got, tt.want, err, tt.noKeys, tt.problem)
		})
	}
}

func TestReadTCCLIFile(t *testing.T) {
	t.Parallel()
	const plain = `{"secretId":"AKID","secretKey":"hush","token":"t"}`
	profile := Profile{Keys: Keys{SecretID: "AKID", SecretKey: "hush", Token: "t"}}
	role := profile
	role.RoleARN, role.RoleSessionName = "arn", "show"
	tests := map[string]struct {
		text    string
		want    Profile
		noKeys  bool
		problem string
	}{
		"plain":               {text: plain, want: profile},
		"byte order mark":     {text: byteOrderMark + plain, want: profile},
		"UTF-16":              {text: utf16LE(plain), want: profile},
		"CRLF":                {text: "{\r\n\"secretId\": \" AKID \",\r\n\"secretKey\": \"hush\\n\", \"token\": \"t\"\r\n}\r\n", want: profile},
		"role":                {text: `{"secretId":"AKID","secretKey":"hush","token":"t","role-arn":" arn","role-session-name":"show "}`, want: role},
		"role of a CVM":       {text: `{"type":"cvm-role"}`, noKeys: true},
		"empty":               {noKeys: true},
		"empty object":        {text: "{}", noKeys: true},
		"null":                {text: "null", noKeys: true},
		"no key":              {text: `{"secretId":"hush"}`, problem: "has a secretId but no secretKey"},
		"no ID":               {text: `{"secretKey":"hush"}`, problem: "has a secretKey but no secretId"},
		"list":                {text: `["hush"]`, problem: "not the JSON object"},
		"cut":                 {text: `{"secretId":"hush`, problem: "not the JSON object"},
		"key that is no text": {text: `{"secretId":"hush","secretKey":5}`, problem: "not the JSON object"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadTCCLIFile(credentialFile(t, tt.text))
			checkFile(t, got, tt.want, err, tt.noKeys, tt.problem)
		})
	}
}

func TestReadTokenFile(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct{ text, want, problem string }{
		"plain":           {text: "jwt", want: "jwt"},
		"line break":      {text: "jwt\r\n", want: "jwt"},
		"byte order mark": {text: byteOrderMark + "jwt\n", want: "jwt"},
		"empty":           {problem: "the file is empty"},
		"blank":           {text: " \n", problem: "the file is empty"},
		"two tokens":      {text: "hush\nmore hush\n", problem: "white space or a control character"},
		"control":         {text: "hush\x1bhush", problem: "white space or a control character"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := ReadTokenFile(credentialFile(t, tt.text))
			checkFile(t, got, tt.want, err, false, tt.problem)
		})
	}
}

// Whatever reads credentials, no file makes it hang or fill the memory.
func TestCredentialFilesThatAreNone(t *testing.T) {
	t.Parallel()
	large := credentialFile(t, "")
	// Sparse: it takes no room on the disk.
	if err := os.Truncate(large, 1<<30); err != nil {
		t.Fatal(err)
	}
	files := map[string]struct{ file, problem string }{
		"missing":   {filepath.Join(t.TempDir(), "nothing"), ""},
		"directory": {t.TempDir(), "it is a directory"},
		"device":    {os.DevNull, "it is a device"},
		"1 GB":      {large, "larger than 1 MiB"},
	}
	if pipe := namedPipe(t); pipe != "" {
		files["named pipe"] = struct{ file, problem string }{pipe, "it is a named pipe"}
	}
	for name, tt := range files {
		for reader, err := range map[string]error{
			"SDK":   second(ReadSDKFile(tt.file)),
			"tccli": second(ReadTCCLIFile(tt.file)),
			"token": second(ReadTokenFile(tt.file)),
			"call":  second(WebIdentity{TokenFile: tt.file}.readToken()),
		} {
			if err == nil || !strings.Contains(err.Error(), tt.problem) || errors.Is(err, fs.ErrNotExist) != (name == "missing") {
				t.Errorf("%s, %s: got %v, want a problem with %q", name, reader, err, tt.problem)
			}
		}
	}
}

func second[T any](_ T, err error) error { return err }

// A file of exactly the limit is read.
func TestReadTokenFileAtTheLimit(t *testing.T) {
	t.Parallel()
	token := strings.Repeat("x", maxCredentialFile)
	if got, err := ReadTokenFile(credentialFile(t, token)); err != nil || got != token {
		t.Errorf("got %d characters, %v", len(got), err)
	}
}
