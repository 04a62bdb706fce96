// SPDX-License-Identifier: MPL-2.0

//go:build !race

package provider

// raceDetector tells whether the race detector watches this test.
const raceDetector = false
