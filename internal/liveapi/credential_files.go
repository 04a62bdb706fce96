// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	textunicode "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
	"gopkg.in/ini.v1"
)

// SDKFileVariable is the environment variable that holds the path of the SDK's own credentials file.
const SDKFileVariable = "TENCENTCLOUD_CREDENTIALS_FILE"

// maxCredentialFile bounds how much is read of a file that the user names.
const maxCredentialFile = 1 << 20

// ErrNoKeys means that a credentials file is valid but holds no keys. tccli leaves such a file if it takes its keys
// from the role of a CVM.
var ErrNoKeys = errors.New("the file holds no keys")

// Profile is the content of a tccli profile.
type Profile struct {
	Keys
	// RoleARN is the role that the keys are to assume; empty if they sign the calls themselves.
	RoleARN, RoleSessionName string
}

// TCCLIFile returns the path of a tccli profile.
func TCCLIFile(dir, profile string) string { return filepath.Join(dir, profile+".credential") }

// ReadTCCLIFile reads a tccli profile: JSON with secretId, secretKey and, for temporary keys, token; with role-arn and
// role-session-name for a role. The error is fs.ErrNotExist for a missing file, and ErrNoKeys for one without keys. The
// SDK's own provider is not used: it knows only one directory and no roles.
func ReadTCCLIFile(file string) (Profile, error) {
	text, err := readTextFile(file)
	if err != nil {
		return Profile{}, err
	}
	if strings.TrimSpace(text) == "" {
		return Profile{}, ErrNoKeys
	}
	var content struct {
		SecretID        string `json:"secretId"`
		SecretKey       string `json:"secretKey"`
		Token           string `json:"token"`
		RoleARN         string `json:"role-arn"`
		RoleSessionName string `json:"role-session-name"`
	}
	if err := json.Unmarshal([]byte(text), &content); err != nil {
		// The parser's error may quote part of a key.
		return Profile{}, errors.New("the file is not the JSON object that tccli writes")
	}
	keys, err := fileKeys(content.SecretID, content.SecretKey, content.Token, "secretId", "secretKey")
	return Profile{Keys: keys, RoleARN: strings.TrimSpace(content.RoleARN), RoleSessionName: strings.TrimSpace(content.RoleSessionName)}, err
}

// SDKFile returns the path of the SDK's own credentials file in a home directory.
func SDKFile(home string) string { return filepath.Join(home, ".tencentcloud", "credentials") }

// ReadSDKFile reads the SDK's own credentials file, an INI file with secret_id and secret_key in its section "default".
// The error is fs.ErrNotExist for a missing file, and ErrNoKeys for one without keys. The SDK's own provider is not
// used: it panics on a file without that section.
func ReadSDKFile(file string) (Keys, error) {
	text, err := readTextFile(file)
	if err != nil {
		return Keys{}, err
	}
	// A key may contain what other INI dialects read as a comment or a continued line.
	parsed, err := ini.LoadSources(ini.LoadOptions{IgnoreInlineComment: true, IgnoreContinuation: true}, []byte(text))
	if err != nil {
		// The parser's error may quote part of a key.
		return Keys{}, errors.New(`the file is not an INI file of the form "name = value"`)
	}
	if !parsed.HasSection("default") {
		return Keys{}, fmt.Errorf("%w: it has no section [default]", ErrNoKeys)
	}
	section := parsed.Section("default")
	// Value, not String: the latter would expand %(name)s in a key.
	return fileKeys(section.Key("secret_id").Value(), section.Key("secret_key").Value(), "", "secret_id", "secret_key")
}

// fileKeys returns the keys of a file. If only half a key is present, the error names the missing half as the file
// would.
func fileKeys(id, key, token, idName, keyName string) (Keys, error) {
	id, key, token = strings.TrimSpace(id), strings.TrimSpace(key), strings.TrimSpace(token)
	switch {
	case id == "" && key == "":
		return Keys{}, ErrNoKeys
	case id == "":
		return Keys{}, fmt.Errorf("the file has a %s but no %s", keyName, idName)
	case key == "":
		return Keys{}, fmt.Errorf("the file has a %s but no %s", idName, keyName)
	}
	return Keys{SecretID: id, SecretKey: key, Token: token}, nil
}

// ReadTokenFile reads a file that holds one token. Like those of the other readers, its errors leave the path to the
// caller.
func ReadTokenFile(file string) (string, error) {
	text, err := readTextFile(file)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(text)
	switch {
	case token == "":
		return "", errors.New("the file is empty")
	case strings.ContainsFunc(token, func(c rune) bool { return unicode.IsSpace(c) || !unicode.IsPrint(c) }):
		return "", errors.New("the file holds more than a token: there is white space or a control character inside")
	}
	return token, nil
}

// readTextFile reads a small regular file. Opening a named pipe would wait forever for a writer, and nothing larger
// than a credentials file is read in full. It drops the byte order mark that editors and PowerShell write, and uses it
// to detect UTF-16.
func readTextFile(file string) (string, error) {
	b, err := readSmallFile(file)
	if err != nil {
		var at *fs.PathError
		if errors.As(err, &at) {
			err = at.Err
		}
		return "", err
	}
	text, _, err := transform.Bytes(textunicode.BOMOverride(transform.Nop), b)
	if err != nil {
		return "", errors.New("the file is not a text file")
	}
	return string(text), nil
}

func readSmallFile(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("it is %s, not a regular file", kindOfFile(info.Mode()))
	}
	f, err := os.Open(file) //nolint:gosec // G304: the user names the file.
	if err != nil {
		return nil, err
	}
	b, err := io.ReadAll(io.LimitReader(f, maxCredentialFile+1))
	if err := errors.Join(err, f.Close()); err != nil {
		return nil, err
	}
	if len(b) > maxCredentialFile {
		return nil, errors.New("the file is larger than 1 MiB, which no credentials file is")
	}
	return b, nil
}

func kindOfFile(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
