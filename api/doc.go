// Package api is Bursar's HTTP interface: events in, questions out.
//
// It refuses to decide (auth does), to compute (the ledger does) and to keep
// anything: what it needs of the rest it declares as small interfaces. Start with
// New, then routes in route.go.
//
// Invariant: every route names the action that its caller needs, and an event is
// acknowledged only when it is on disk.
package api
