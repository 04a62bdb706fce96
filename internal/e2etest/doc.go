// SPDX-License-Identifier: MPL-2.0

// Package e2etest holds only tests. They drive the real CLI with a build of the provider, each in a process of its own, as
// users run them: configurations, credentials, imports, signals, crashes, logs, and who owns a session.
package e2etest
