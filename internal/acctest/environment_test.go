// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"os"
	"slices"
	"testing"
)

// A test sees its own settings, and of the user's shell nothing else that would change what it does; the credentials only
// where it is to run on Tencent Cloud.
func TestEnvironmentOfTests(t *testing.T) {
	t.Parallel()
	shell := []string{
		"PATH=/bin", "TF_LOG=TRACE", "TENCENTCLOUD_SECRET_ID=AKIDuser", "TENCENTCSS_LIVE_ENDPOINT=http://127.0.0.1:1", "TENCENTCSS_ACC_STREAMS=a,b",
	}
	always := []string{"PATH=/bin", "CHECKPOINT_DISABLE=1", "TF_CLI_CONFIG_FILE=" + os.DevNull, "TF_IN_AUTOMATION=1", "TENCENTCSS_ACC_STREAMS=a,b"}
	for name, tc := range map[string]struct{ more, want []string }{
		"simulator":    {},
		"empty switch": {more: []string{"TENCENTCSS_ACC_CLOUD="}, want: []string{"TENCENTCSS_ACC_CLOUD="}},
		"cloud":        {more: []string{"TENCENTCSS_ACC_CLOUD=1"}, want: []string{"TENCENTCSS_ACC_CLOUD=1", "TENCENTCLOUD_SECRET_ID=AKIDuser"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := testEnviron(slices.Concat(shell, tc.more))
			if want := slices.Concat(always, tc.want); !slices.Equal(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
		})
	}
}
