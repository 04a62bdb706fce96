// SPDX-License-Identifier: MPL-2.0

package interop

import (
	"encoding/json"
	"os"
	"testing"
)

// TestRunning takes a mix through its life on a simulator that something else started, at the address in INTEROP_LIVESIM.
// .ci/image uses it on a container.
func TestRunning(t *testing.T) {
	t.Parallel()
	address := os.Getenv("INTEROP_LIVESIM")
	if address == "" {
		t.Skip("INTEROP_LIVESIM names no simulator that runs with -any-stream")
	}
	b := &table{t: t}
	c := goClient{b: b, url: address, way: "Go, running", signer: "TC3-HMAC-SHA256", method: "POST", id: "AKIDsimulator", key: "simulator-secret-key"}
	session := map[string]any{"MixStreamSessionId": "running"}
	c.expect("create", "", "CreateCommonMixStream", everyField("running", 0.05))
	var list struct{ Response struct{ TotalNum int } }
	body := c.expect("list", "", "DescribeLiveStreamOnlineList", map[string]any{"StreamName": "running_out"})
	if err := json.Unmarshal(body, &list); err != nil || list.Response.TotalNum != 1 {
		t.Errorf("the output is not on air: %v, %s", err, body)
	}
	c.expect("cancel", "", "CancelCommonMixStream", session)
	c.expect("cancel again", "FailedOperation.CancelSessionNotExist", "CancelCommonMixStream", session)
	c.key = "wrong"
	c.expect("wrong key", "AuthFailure.SignatureFailure", "CancelCommonMixStream", session)
	b.print()
}
