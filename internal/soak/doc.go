// SPDX-License-Identifier: MPL-2.0

// Package soak holds only tests. They take many mixes through random lifecycles with random faults, through the
// provider's server and with the real CLI, and check after each step whether a session was lost. They also compare the
// provider's and the API's verdicts on random configurations.
package soak
