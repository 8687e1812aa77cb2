// Package journal is where "accepted" becomes true: records go into checksummed
// segment files, and a record that was acknowledged as synced is there after
// kill -9 and after power loss.
//
// Writing has two steps. A record is written once the operating system has its
// bytes (it survives the death of this process) and synced once the disk has
// them (it survives the loss of power). [Journal.Append] waits for both;
// [Journal.AppendWritten] and [Journal.Synced] are the steps by themselves, for
// a caller who has better things to do in between. One goroutine, started by
// [Open], syncs for all callers at once.
//
// It refuses to read what it stores, to retry a failed sync, to go on after a
// disk error, and to skip a damaged record: a torn tail that nobody was promised
// is cut and counted, any other damage is an error with its place. It does not
// dedupe for ever: it remembers recent keys, the ledger remembers all.
//
// Start with journal.go, then append.go and commit.go; DESIGN.md has the format
// and the reasons.
//
// Invariant: what was acknowledged is replayed exactly once, in order of
// [Position], and nothing past the synced position is ever replayed.
package journal
