// Package journaltest holds what every journal must pass: order, idempotency,
// durability and honesty about damage, as laws on what is replayed.
//
// It is for the tests of journals only. It refuses to skip, to measure time, and
// to trust a journal's own word: what was acknowledged is counted by the suite.
//
// Start with Run, in suite.go; RunDisk adds the laws of journals that keep their
// records in files of a folder, and Crash kills a process.
//
// Invariant: after every failure that a law causes, what was acknowledged is
// replayed exactly once, in order.
package journaltest
