// Package ui is the first page: spend by workflow over time, what an outcome
// costs, and what must be known before a figure is believed. The dashboard takes
// its place.
//
// It refuses to know a figure, a person or a secret: it serves the same few files
// to everybody, and what they show they ask of the API under the browser's
// session. It refuses inline code and styles, and anything from another host.
//
// Start with handler.go, then page/main.js.
//
// Invariant: the page adds no money up. Every sum on it is the server's.
package ui
