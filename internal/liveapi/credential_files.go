// SPDX-License-Identifier: MPL-2.0

package liveapi

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/tencentcloud/tencentcloud-sdk-go/tencentcloud/common"
)

// TCCLIFile is the path of a profile of Tencent's command line tool.
func TCCLIFile(dir, profile string) string { return filepath.Join(dir, profile+".credential") }

// ReadTCCLIFile reads the keys of a profile of Tencent's command line tool: JSON with secretId, secretKey and, for temporary
// ones, token. A file that is not there is an error for which errors.Is(err, fs.ErrNotExist) holds. The SDK's own provider
// is not used: it knows one directory only.
func ReadTCCLIFile(file string) (Keys, error) {
	b, err := os.ReadFile(file) //nolint:gosec // G304: the user names the file.
	if err != nil {
		return Keys{}, err
	}
	var content struct {
		SecretID  string `json:"secretId"`
		SecretKey string `json:"secretKey"`
		Token     string `json:"token"`
	}
	if err := json.Unmarshal(b, &content); err != nil {
		// What the parser quotes of a bad file may be a piece of a key.
		return Keys{}, errors.New("the file is not JSON")
	}
	if content.SecretID == "" || content.SecretKey == "" {
		return Keys{}, errors.New("the file lacks secretId or secretKey")
	}
	return Keys{SecretID: content.SecretID, SecretKey: content.SecretKey, Token: content.Token}, nil
}

// SDKFileVariable is the environment variable with the path of the SDK's own credentials file.
const SDKFileVariable = common.EnvCredentialFile

// ReadSDKFile reads the SDK's own credentials file, an INI file with secret_id and secret_key in its section "default":
// that of SDKFileVariable, else ~/.tencentcloud/credentials. It looks at the environment of the process itself.
func ReadSDKFile() (Keys, error) {
	credential, err := common.DefaultProfileProvider().GetCredential()
	if err != nil {
		return Keys{}, fmt.Errorf("reading the credentials file of the SDK: %w", err)
	}
	id, key, token := credential.GetCredential()
	return Keys{SecretID: id, SecretKey: key, Token: token}, nil
}
