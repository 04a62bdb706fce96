// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"encoding/json"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/tencentcss/terraform-provider-tencentcss/internal/liveapi"
)

// The keys of the private state of a mix.
const (
	// lastApplyKey holds the liveapi.LastApply of the session. It is a cache: a crash of the provider in Update empties
	// it. Its name is short for the same reason as its text.
	lastApplyKey = "a"
	// spareKey is in the planned private state of a destroy that must leave the session alone, and cancelKey in that of
	// a destroy that ends the session for good. A replacement with an unchanged session ID has neither.
	spareKey, cancelKey = "spare", "cancel"
	// sharedKey is in the private state of an object if another object with its session was known when it was read.
	// Unlike the findings of a plan, it is still there when the apply plans the object once more. It may be out of date in
	// a plan that has not read the object.
	sharedKey = "shared"
	// resendKey is in the planned private state of an update that must send the mix even if it has not changed.
	resendKey = "resend"
)

// mixPrivateKeys returns all keys: the private state of the framework does not tell which of them it has.
func mixPrivateKeys() []string {
	return []string{lastApplyKey, spareKey, cancelKey, sharedKey, resendKey}
}

// privateReader is the private state of any request.
type privateReader interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
}

// privateWriter is the private state of any response.
type privateWriter interface {
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

// privateState is what a plan reads and changes.
type privateState interface {
	privateReader
	privateWriter
}

// readLastApply reads what is known of the session. After a crash, that is nothing.
func readLastApply(ctx context.Context, private privateReader, diags *diag.Diagnostics) liveapi.LastApply {
	var a liveapi.LastApply
	b, getDiags := private.GetKey(ctx, lastApplyKey)
	diags.Append(getDiags...)
	if len(b) > 0 {
		if err := json.Unmarshal(b, &a); err != nil {
			diags.AddWarning("Unreadable private state",
				"The state does not say when and where this mix was applied last. The next apply sends it again. The reason: "+err.Error())
			return liveapi.LastApply{}
		}
	}
	return a
}

// identifyObject is readLastApply for an object that exists. A crash in Update, or a failed destroy of a tainted object, leaves
// it without a generation. It gets one, so that reads and plans can tell it from others with its session.
func identifyObject(ctx context.Context, from privateReader, to privateWriter, diags *diag.Diagnostics) liveapi.LastApply {
	last := readLastApply(ctx, from, diags)
	if last.Generation == "" {
		last.Generation, last.Uncertain = liveapi.Adopted().Generation, true
		writeLastApply(ctx, to, last, diags)
	}
	return last
}

func writeLastApply(ctx context.Context, private privateWriter, a liveapi.LastApply, diags *diag.Diagnostics) {
	b, err := json.Marshal(a)
	if err != nil {
		diags.AddError("Unable to write the private state", err.Error())
		return
	}
	diags.Append(private.SetKey(ctx, lastApplyKey, b)...)
}

// hasFlag reports whether private state has a key that carries no value.
func hasFlag(ctx context.Context, private privateReader, key string, diags *diag.Diagnostics) bool {
	b, getDiags := private.GetKey(ctx, key)
	diags.Append(getDiags...)
	return len(b) > 0
}

// setFlag writes or removes a key that carries no value.
func setFlag(ctx context.Context, private privateWriter, key string, on bool, diags *diag.Diagnostics) {
	var value []byte
	if on {
		value = []byte("true")
	}
	diags.Append(private.SetKey(ctx, key, value)...)
}

// privateKeys is private state apart from the framework.
type privateKeys map[string][]byte

// readPrivate leaves the framework's own keys to it.
func readPrivate(private []byte) (_ privateKeys, ok bool) {
	keys := privateKeys{}
	if len(private) > 0 && json.Unmarshal(private, &keys) != nil {
		return nil, false
	}
	for key := range keys {
		if strings.HasPrefix(key, ".") {
			return nil, false
		}
	}
	return keys, true
}

func (k privateKeys) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) {
	return k[key], nil
}

func (k privateKeys) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	if delete(k, key); len(value) > 0 {
		k[key] = value
	}
	return nil
}

func (k privateKeys) bytes(diags *diag.Diagnostics) []byte {
	if len(k) == 0 {
		return nil
	}
	b, err := json.Marshal(k)
	if err != nil {
		diags.AddError("Unable to write the private state", err.Error())
	}
	return b
}
