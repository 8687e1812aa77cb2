// Package ui serves the dashboard: spend over time and by any dimension, what an
// outcome costs, and what must be known before a figure is believed.
//
// It refuses to know a figure, a person or a secret: it serves the same few files
// to everybody, and what they show they ask of the API under the browser's
// session. It refuses inline code and styles, and anything from another host.
//
// The sources are in web and are built into dist, which is not kept; without it a
// page says how to build it. Start with handler.go, then web/src/main.tsx.
//
// Invariant: the dashboard adds no money up. Every sum on it is the server's.
package ui
