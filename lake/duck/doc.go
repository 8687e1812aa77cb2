// Package duck keeps the lake in one DuckDB file on this machine.
//
// It is for installations of up to about 100 million lines, where the process
// that meters is also the one that answers. One mutex owns the writing
// connection: a batch and the offset it came from become durable in one
// transaction. Readers have connections of their own and see whole batches.
//
// It refuses to share its folder with a second process, to reach files other
// than its own and its export folder, to load extensions, to change a line, and
// to run SQL that the compiler in package lake did not write.
//
// Start with lake.go, then append.go and lookup.go.
//
// Invariant: after a crash at any point the lake holds exactly the batches whose
// Append returned nil, and perhaps the one in flight, whole, with its offset.
package duck
