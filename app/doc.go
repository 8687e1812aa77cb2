// Package app builds Bursar out of its parts and takes it apart in reverse. Only
// it knows which engines exist.
//
// It refuses to hold logic: what it does with the parts is one call each. Start
// with Open.
//
// Invariant: an App that Open returned owns its data folder until Close.
package app
