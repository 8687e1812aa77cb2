// Package state keeps the small tables that a server needs: people, tokens,
// roles, sessions, the audit trail, the organisation, settings, exchange rates,
// answered requests and applied documents.
//
// It refuses to hold charges (they are the lake's), secrets in the clear, sums
// of money in SQL, and a clock of its own: time comes with the transaction.
//
// Start with store.go, then tx.go, then the file of the noun you look for. Every
// query is one text in the subset that SQLite and PostgreSQL share; what differs
// between engines is in [Dialect].
//
// Invariant: a change and its audit entry are one write transaction, and a write
// transaction is either whole on disk or not there.
package state
