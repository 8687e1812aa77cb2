// Package gateway stands between a client and the vendors of models: it passes
// their calls through untouched, and none of them vanishes.
//
// A call is one logical request (operation) and one or more tries of it at an
// upstream (attempts). Each attempt is written to the ledger's journal before its
// first byte goes out, with the most that it may cost, and synced before the first
// byte of its answer goes to the client; how it ended is written before the client
// can know that it has. So after a kill every request that an upstream saw is
// settled or surfaces as interrupted.
//
// It refuses to re-marshal a body, to buffer a stream, to choose an upstream by
// what a caller says, and to keep a prompt or an answer. What usage means it does
// not know: package wire/protocol reads it. What is due it does not decide.
//
// Start with gateway.go, then call.go, attempt.go and relay.go, which is the way of
// a call.
//
// Invariant: for every request that an upstream saw there is one Ledger.Begin
// before it, and one Ledger.End behind it unless the process ended in between.
package gateway
