// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// sentence capitalizes a text and ends it with a period.
func sentence(s string) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return s
	}
	s = capital(s)
	if !strings.ContainsAny(s[len(s)-1:], ".!?") {
		s += "."
	}
	return s
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// paragraphs joins the parts that are not empty.
func paragraphs(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, "\n\n")
}

// eitherOf lists words: "a, b or c".
func eitherOf(words []string) string {
	if len(words) < 2 {
		return strings.Join(words, "")
	}
	return strings.Join(words[:len(words)-1], ", ") + " or " + words[len(words)-1]
}

// excerpt quotes a value, or the beginning of a long one.
func excerpt(s string) string {
	const longest = 100
	if runes := []rune(s); len(runes) > longest {
		return fmt.Sprintf("%q… (%d characters)", string(runes[:longest]), len(runes))
	}
	return strconv.Quote(s)
}

// trimText removes white space, control characters and a byte order mark from both ends: copied text and files often
// have them.
func trimText(text string) string {
	return strings.TrimFunc(text, func(c rune) bool { return unicode.IsSpace(c) || unicode.IsControl(c) || c == '\ufeff' })
}

// typeInWords returns the type of a value in Terraform's words, with an article.
func typeInWords(v tftypes.Value) string {
	switch t := v.Type(); {
	case v.IsNull():
		return "null"
	case t.Is(tftypes.String):
		return "a string"
	case t.Is(tftypes.Number):
		return "a number"
	case t.Is(tftypes.Bool):
		return "a bool"
	case t.Is(tftypes.Object{}):
		return "an object"
	case t.Is(tftypes.Map{}):
		return "a map"
	default:
		return "a list"
	}
}

// didYouMean returns the name closest to a mistyped one, or "" if none is close.
func didYouMean(name string, names []string) string {
	const leastSimilarity = 0.55 // two swapped letters in a word of five
	best, most := "", leastSimilarity
	for _, candidate := range names {
		if similarity := levenshtein.Similarity(strings.ToLower(name), candidate, nil); similarity > most {
			best, most = candidate, similarity
		}
	}
	return best
}

// alternatives ends a sentence about an unsupported attribute: with the one that was probably meant, otherwise with
// all.
func alternatives(meant string, all []string) string {
	if meant != "" {
		return fmt.Sprintf("; did you mean %q?", meant)
	}
	return "; it takes " + strings.Join(all, ", ")
}

// asClause removes the final period of a text: Terraform adds one to the error of a function.
func asClause(text string) string { return strings.TrimSuffix(text, ".") }

func quotedIfKnown(name types.String) string {
	if !isKnown(name) {
		return ""
	}
	return fmt.Sprintf(", %q", name.ValueString())
}

// renameAdvice says how to give a resource another address.
const renameAdvice = "If you renamed the resource, add a moved block with the old and the new address. " +
	"To drop a resource from the state and leave its session alone, replace its block by a removed block with lifecycle { destroy = false }."
