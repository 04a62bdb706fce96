// SPDX-License-Identifier: MPL-2.0

// Package soak holds no code but tests. They drive many mixes through random lives with random faults, through the server of
// the provider and with the real CLI, and look after each step whether a session was lost. And they compare what the provider
// and the API make of random configurations.
package soak
