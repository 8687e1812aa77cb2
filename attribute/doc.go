// Package attribute gives every event its scope by rules that people can read.
//
// It refuses to guess: what no rule decides stays empty and is shown as
// unattributed. It knows no clock, no database and no file.
//
// Start with Rules.Decide. Invariant: the same rules and the same event give the
// same scope, live, on import, when re-rating and in a simulation.
package attribute
