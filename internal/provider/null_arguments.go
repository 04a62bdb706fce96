// SPDX-License-Identifier: MPL-2.0

package provider

import "github.com/hashicorp/terraform-plugin-go/tfprotov6"

// msgpackNil is null in MessagePack.
const msgpackNil = 0xc0

// putInNulls puts in the arguments of a function that are null. OpenTofu leaves their values out, which the framework
// refuses: https://github.com/opentofu/opentofu/blob/v1.10.0/internal/plugin6/grpc_provider.go.
func putInNulls(arguments []*tfprotov6.DynamicValue) {
	for i, argument := range arguments {
		if argument == nil || len(argument.MsgPack) == 0 && len(argument.JSON) == 0 {
			arguments[i] = &tfprotov6.DynamicValue{MsgPack: []byte{msgpackNil}}
		}
	}
}
