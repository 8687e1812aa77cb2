// Package client speaks to Bursar's HTTP interface for the command line: one
// call a method, errors as the kinds that the rest of the program knows.
//
// It refuses to know the routes and their types (its caller does), to retry, and
// to send a credential to any host but its own. Start with Client.
//
// Invariant: an error of the server comes back with the kind, message and hint
// that the server gave it.
package client
