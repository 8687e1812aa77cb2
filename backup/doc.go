// Package backup makes one cut through a data folder, checks it, and makes a data
// folder of it again.
//
// A backup is a folder: the lake, the state, the tail of the journal that the lake
// had not booked, the folder's own prices, and a manifest with the size and the
// SHA-256 of each file and with figures that are counted again in the copies. It is
// written under another name until all of it is on disk. Booking waits while lake
// and state are copied; accepting does not.
//
// It refuses to know engines: what it copies and opens stands behind [Ledger] and
// [Reader], which it declares. It keeps no key that protects other credentials and
// no token in the clear: those files are not among what it copies. It never writes
// into a folder that holds something.
//
// Start with make.go, then verify.go and restore.go.
//
// Invariant: a folder with a sound manifest holds everything that was accepted when
// its cut was made, and restoring it gives the same lines and the same open calls,
// or an error and no folder.
package backup
