// Package policy reads the declarative documents of an organisation, of every
// kind, and says what applying them changes.
//
// It refuses a document that does not say its kind, and leaves each kind's own
// rules to the package that knows it: organisation, outcome, attribute, register,
// budget, occasion and plan. It keeps nothing and opens no file.
//
// Start with Read, Compile and Diff. Invariant: documents that compile apply
// again without a change.
package policy
