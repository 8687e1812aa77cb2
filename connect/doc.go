// Package connect turns usage files into events: CSV and JSON Lines through a
// mapping that says what each column means, and CloudEvents in our own words. It
// reads files of outcomes (outcome.go) and of exchange rates (rate.go) as well.
//
// It refuses to guess: a column is used only when the mapping names it, a date
// is read only in the format that the mapping gives, a count that is not a
// whole number or a part that exceeds its total is a problem of its record, and
// what the mapping does not name is never kept. It does not price, attribute or
// store anything, and it opens no network connection.
//
// Start with Mapping (mapping.go), then Open and Reader.Next (reader.go). The
// built-in mappings stand in the folder mappings; the guide for users is
// docs/import.md.
//
// Invariant: the bytes from 0 to Record.End hold exactly the records handed out
// so far. A bad record never stops the stream, whatever its length, and no
// record is held in memory beyond 1 MiB.
package connect
