// Package statetest holds what every engine of the state must pass.
//
// It is for the tests of engines only. It refuses to skip: an engine that is not
// there fails.
//
// Start with Run, in suite.go.
//
// Invariant: the suite reaches a store through its methods alone; no test in it
// knows an engine.
package statetest
