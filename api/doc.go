// Package api is the HTTP door for people's programs and the page: usage events
// in, questions to the ledger out, and the little that an administrator does.
//
// It refuses to decide who may do what (package auth does), to price, to book or
// to compute a figure, to open a store, and to serve a route that names no
// action. What it needs of the rest of the program it declares in need.go; the
// program's start joins them.
//
// Start with route.go, every route on one page, then door.go, which a request
// passes from top to bottom, then the file of the route that you came for.
//
// Invariant: a request reaches its route only after host and origin, credential,
// rate, size, shape and permission were checked, in this order; and what was
// acknowledged as accepted is on disk.
package api
