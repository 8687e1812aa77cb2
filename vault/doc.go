// Package vault seals the keys of upstreams, so that a data folder and its backups
// hold nothing that opens a vendor's door.
//
// It refuses to keep anything, and to make up a master key: that one comes from the
// environment of the process or from a file outside of the data folder, and is in no
// backup. A box says under which master key it is sealed, and opens under the name
// that it was sealed for alone.
//
// Start with ReadRing, then Ring.Seal.
package vault
