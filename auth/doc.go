// Package auth decides who may do what, and keeps the proof of who did what:
// roles, tokens, sessions of the page, the audit trail and erasure.
//
// It refuses to read a request, to open a database, to keep a secret in the
// clear, to hold a password, and to answer a question of permission anywhere
// but in [Authorise]. What it needs of a store it declares in store.go.
//
// Start with table.go, the whole policy on one page, then authorise.go.
//
// Invariant: what the table does not grant is denied; an action that is not in
// the table, a role that is unknown and a target outside the grant's scope are
// all a no.
package auth
