// Package queue says who goes next when callers wait for something that is scarce:
// a place at an upstream, room under a rate.
//
// Whoever holds least goes first, and among equals each in turn: first among the
// callers (credentials), then among the parts (workflows) of the chosen one. So a
// caller that sends a hundred times as much as another waits behind its own calls,
// and a caller that splits its work into many parts gains nothing by it.
//
// It refuses to know what is waited for. A Line alone refuses to know a clock, or how
// somebody who waits is woken, too: those are its user's, and so is the lock.
//
// Start with Places, then Line.
package queue
