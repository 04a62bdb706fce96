// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// sessionClaims notes, for the life of one plan, which session IDs are planned by resources that exist and by ones that
// do not yet. A resource is planned once as existing, or once as new, or once as each where it is replaced: so a second
// plan of the same sort comes from a second resource. A new resource beside an existing one cannot be told from a
// replacement, and is not reported.
type sessionClaims struct {
	mu       sync.Mutex
	existing map[string]bool
	planned  map[string]bool
}

func newSessionClaims() *sessionClaims {
	return &sessionClaims{existing: map[string]bool{}, planned: map[string]bool{}}
}

// claim notes one plan and reports a second resource with the same session ID.
func (c *sessionClaims) claim(session string, exists bool, diags *diag.Diagnostics) {
	c.mu.Lock()
	defer c.mu.Unlock()
	claims := c.planned
	if exists {
		claims = c.existing
	}
	if !claims[session] {
		claims[session] = true
		return
	}
	at := path.Root("mix_stream_session_id")
	if !exists {
		diags.AddAttributeError(at, "Session ID used twice",
			fmt.Sprintf("mix_stream_session_id is %q for two resources of this configuration. Both would change one and the same mix, and the destroy of one would cancel it for the other. Give each its own ID.", session))
		return
	}
	diags.AddAttributeWarning(at, "Session ID used twice",
		fmt.Sprintf("mix_stream_session_id is %q for two resources in the state. Each apply of one undoes the other, and the destroy of one cancels the mix for both. "+
			"Take one of them out of the state without cancelling: replace its resource block by a removed block with lifecycle { destroy = false }.", session))
}
