// Package ingesttest holds the laws that a ledger must keep under the pipeline,
// as tests for every engine, and the plainest ledger that keeps them.
//
// It refuses to be part of the program: only tests import it. Start with Laws.
// Invariant: a law that holds for Memory and fails for an engine is a defect of
// the engine.
package ingesttest
