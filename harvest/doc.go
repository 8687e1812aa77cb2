// Package harvest brings in what coding agents wrote on this machine: it finds their
// logs, reads what grew since the last time, and sends usage to a server.
//
// It refuses to send anything else. Files are read here, and of a line only what
// connect/agentlog takes leaves the machine; the server learns no path, it knows a file
// by a digest. It keeps nothing on disk either: how far each file is read stands in the
// ledger, in the transaction that booked what was read.
//
// Start with Harvest.Run (harvest.go); a file is one walk through Harvest.file.
package harvest
