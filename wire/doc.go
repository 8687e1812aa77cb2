// Package wire reads the usage that vendors send beside their answers and
// turns it into disjoint meters.
//
// Vendors count in totals and subsets, and each draws the subsets differently:
// one counts cached tokens inside the prompt, another beside it; one counts
// reasoning inside the completion, another outside. Every flavour has a file
// that begins with a table of its convention, and so has the form that Bursar's
// own doors take, Named. All of them fill a Totals, and Totals.Disjoint is the
// one place where subsets are carved out of totals.
//
// It refuses to guess: a part above its total, a negative or broken count and
// an unknown flavour are problems, never clamped and never zero. It keeps and
// repeats no text of a body; its messages hold names of fields and numbers.
//
// Start with Usage, then Named and Totals.
//
// Invariant: without problems no meter is negative, and the prompt and
// completion meters sum to the vendor's own totals to the last token.
package wire
