// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/provider"
)

var _ provider.ProviderWithFunctions = (*tencentcssProvider)(nil)

// Functions returns the functions. They are pure: none of them needs a configured provider or makes a call.
func (p *tencentcssProvider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		newPushURLsFunction,
		newPlayURLsFunction,
		newGridLayoutFunction,
		newPictureInPictureLayoutFunction,
		newSideBySideLayoutFunction,
		newLayoutSVGFunction,
	}
}
