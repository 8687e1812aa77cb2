// Package laketest holds what every engine of the lake must pass: the laws of
// the ledger as arithmetic, and a naive evaluator to compare answers with.
//
// It is for the tests of engines only. It refuses to skip: an engine that is
// not there fails.
//
// Start with Run, in suite.go.
//
// Invariant: [Recount] shares no code with the compiler; what they agree on
// was computed twice.
package laketest
