// SPDX-License-Identifier: MPL-2.0

package mixlayout

func Text(l Layout) string { return "" }
